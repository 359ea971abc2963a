"""From an understood phrase to an event, or to a question where it can be read in several ways."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict, replace
from datetime import timedelta

from planner import due, recur, rrule, scopes, service
from planner.chat.talk import Talk
from planner.model import DAY, HOUR, SECOND, Event, User
from planner.recur import local_instant
from planner.render import Button, Message, Text, day, join, plain, repeats, say, shorten, when
from planner.when import Phrase

CHOICES_MAX = 6
LABEL_UNITS = 60


def blank(talk: Talk) -> Event:
    """An event with nothing said of it yet."""
    return Event(0, talk.user.id, "", "", 0, 0, False, None, None, False, None)


def draft(phrase: Phrase, user: User, *, title: str) -> Event:
    """The event, without an id, that a phrase with a start asks for."""
    assert phrase.start is not None
    start = phrase.start.astimezone(due.zone_info(phrase.zone or user.zone))
    length = timedelta() if phrase.end is None else phrase.end - phrase.start
    return Event(
        id=0,
        user_id=user.id,
        title=title,
        start_local=f"{start:%Y-%m-%dT%H:%M:%S}",
        start_at=round(phrase.start.timestamp() * SECOND),
        duration_s=max(0, round(length.total_seconds())),
        all_day=phrase.all_day,
        zone=phrase.zone,
        rrule=phrase.rrule,
        instant=phrase.instant,
        leads_s=_leads(phrase, None),
        excluded=tuple(f"{day}T{start:%H:%M:%S}" for day in phrase.excluded),
        nag=phrase.important,
    )


def applied(view: Event, phrase: Phrase, user: User) -> Event:
    """An occurrence as a phrase changes it; what the phrase did not speak of stays as it is.

    ``view`` is the occurrence (``scopes.occurrence``). A day without a time keeps its time, a time alone its day, and
    a repetition begins with it. Raises ``scopes.CannotMoveError`` for a repetition that never comes.
    """
    if phrase.start is None:
        return replace(view, leads_s=_leads(phrase, view.leads_s), nag=view.nag or phrase.important)
    new = draft(phrase, user, title=phrase.title or view.title)
    whole_day_said = any("all day" in kind for _, _, kind in phrase.taken)
    keeps_time = new.all_day and not (view.all_day or whole_day_said)
    dated = any("date" in kind for _, _, kind in phrase.taken)
    keeps_day = "date" in phrase.assumed or (new.rrule is not None and not dated)
    start = (view if keeps_day else new).start_local[:10] + (view if keeps_time else new).start_local[10:]
    zone = new.zone or view.zone
    at = replace(
        view,
        title=new.title,
        start_local=start,
        start_at=local_instant(start, zone or user.zone),
        duration_s=_length(view, new, keeps_time=keeps_time),
        all_day=new.all_day and not keeps_time,
        zone=zone,
        instant=new.instant,
        leads_s=_leads(phrase, view.leads_s),
        nag=view.nag or phrase.important,
    )
    if new.rrule is None:
        return at
    rule = scopes.undated(new.rrule) if "date" in phrase.assumed else new.rrule
    series = scopes.repeating(at, rule, zone or user.zone)
    return replace(series, excluded=tuple(f"{day}{series.start_local[10:]}" for day in phrase.excluded))


def _length(view: Event, new: Event, *, keeps_time: bool) -> int:
    """How long it is by now, in seconds: as long as before, where nothing was said of that."""
    if keeps_time or (view.all_day and new.all_day and new.duration_s <= DAY // SECOND):
        return view.duration_s
    return new.duration_s or (0 if view.all_day else view.duration_s)


def _leads(phrase: Phrase, kept: tuple[int, ...] | None) -> tuple[int, ...] | None:
    return () if phrase.silent else phrase.leads_s or kept


def next_start(talk: Talk, event: Event) -> int:
    """The start of the occurrence that comes next; of a past event, its start."""
    return recur.next_start(event, service.zone_of(event, talk.user), talk.now) or event.start_at


def offer(talk: Talk, phrase: Phrase, *, title: str, view: Event | None = None, note: Event | None = None) -> None:
    """Ask which reading is meant, each a button; or say what was not understood.

    ``view`` is the occurrence that is being changed; ``note`` has the notes and the link of what is being made.
    """
    choices = _choices(talk, phrase, title, view, note)
    if not choices:
        talk.say(not_understood(talk, phrase))
        return
    kept = [asdict(one) for one in choices[:CHOICES_MAX]]
    talk.ask("choose", choices=kept, view=None if view is None else asdict(view))
    rows = tuple(
        (Button(_said(talk, one), f"choose:{talk.number}:{index}"),) for index, one in enumerate(choices[:CHOICES_MAX])
    )
    talk.say(
        Message(_why_asked(talk, phrase), (*rows, (Button(talk.words.t("None of these"), f"nothing:{talk.number}"),)))
    )


def _choices(talk: Talk, phrase: Phrase, title: str, view: Event | None, note: Event | None) -> list[Event]:
    """The readings as events; of a change, those that can be."""
    found = []
    for one in phrase.choices:
        if one.start is None:
            continue
        with suppress(scopes.CannotMoveError):
            found.append(applied(view, one, talk.user) if view else
                         with_note(draft(one, talk.user, title=one.title or title), note))  # fmt: skip
    return found


def _said(talk: Talk, one: Event) -> str:
    """A reading on a button: what sets it apart from the others stands before what may be cut."""
    words = talk.words
    said = _when(talk, one)
    if one.rrule is None:
        return shorten(said, LABEL_UNITS)
    count = rrule.parse(one.rrule).count
    how_often = repeats(words, one, talk.user.zone, talk.now)
    if count is not None:
        return shorten(words.n("{n} time, first {when}", "{n} times, first {when}", count, when=said), LABEL_UNITS)
    return shorten(f"{said}, {how_often}", LABEL_UNITS)


def _when(talk: Talk, one: Event) -> str:
    """A day, several days, or a day and a time."""
    at = talk.user.zone, talk.now
    if not one.all_day:
        return when(talk.words, one.start_at, *at)
    first, ends = day(talk.words, one.start_at, *at), one.start_at + one.duration_s * SECOND - HOUR
    return first if one.duration_s * SECOND <= DAY else f"{first} – {day(talk.words, ends, *at)}"


def _why_asked(talk: Talk, phrase: Phrase) -> Text:
    if phrase.why == "past":
        return say(talk.words, "That time is over. Do you mean this?")
    if phrase.unclear:
        return say(
            talk.words,
            "I do not understand “{words}”. Write it differently, or choose what I understand without it:",
            words=shorten(phrase.unclear, 100),
        )
    return say(talk.words, "When exactly?")


def not_understood(talk: Talk, phrase: Phrase) -> Text:
    """Which part was not understood, and what would be."""
    words = talk.words
    if phrase.why == "too_long":
        talk.oversized()
        return plain(words.t("That is too long for me. Write it shorter, please."))
    if phrase.why == "past":
        return plain(words.t("That time is over. Write one that is still to come."))
    example = say(words, "Write it like “dentist tomorrow at 9:30” or “tea in 20 minutes”.")
    if phrase.unclear:
        unclear = shorten(phrase.unclear, 100)
        return join((say(words, "I do not understand “{words}”.", words=unclear), example), " ")
    return join((say(words, "I do not understand when that is."), example), " ")


def with_note(event: Event, note: Event | None) -> Event:
    """The event with the notes and the link of another, if there is one."""
    return event if note is None else replace(event, notes=note.notes, link=note.link)


def from_kept(fields: dict[str, object]) -> Event:
    """A draft that was kept with a question."""
    lists = {name: tuple(value) for name, value in fields.items() if isinstance(value, list)}
    return Event(**{**fields, **lists})  # type: ignore[arg-type]  # what asdict wrote
