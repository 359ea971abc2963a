"""From an understood phrase to an event, or to a question where it can be read in several ways."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import timedelta

from planner import due, recur, service
from planner.chat.talk import Talk
from planner.model import SECOND, Event, User
from planner.render import Button, Message, Text, join, plain, recurrence, say, shorten, when
from planner.when import Phrase

CHOICES_MAX = 6


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
        leads_s=phrase.leads_s or None,
        nag=phrase.important,
    )


def applied(event: Event, new: Event) -> Event:
    """The event at its new time; what the phrase did not speak of stays."""
    return replace(
        event,
        title=new.title,
        start_local=new.start_local,
        start_at=new.start_at,
        duration_s=new.duration_s or event.duration_s,
        all_day=new.all_day,
        zone=new.zone or event.zone,
        rrule=new.rrule or event.rrule,
        instant=new.instant,
        leads_s=new.leads_s or event.leads_s,
    )


def next_start(talk: Talk, event: Event) -> int:
    """The start of the occurrence that comes next; of a past event, its start."""
    return recur.next_start(event, service.zone_of(event, talk.user), talk.now) or event.start_at


def offer(talk: Talk, phrase: Phrase, *, title: str, event_id: int | None = None) -> None:
    """Ask which reading is meant, each a button; or say what was not understood."""
    choices = [draft(one, talk.user, title=one.title or title) for one in phrase.choices if one.start is not None]
    if not choices:
        talk.say(not_understood(talk, phrase))
        return
    kept = [asdict(one) for one in choices[:CHOICES_MAX]]
    talk.ask("choose", choices=kept, event=event_id)
    rows = tuple(
        (Button(_said(talk, one), f"choose:{talk.number}:{index}"),) for index, one in enumerate(choices[:CHOICES_MAX])
    )
    talk.say(
        Message(_why_asked(talk, phrase), (*rows, (Button(talk.words.t("None of these"), f"nothing:{talk.number}"),)))
    )


def _said(talk: Talk, one: Event) -> str:
    said = when(talk.words, one.start_at, talk.user.zone, talk.now)
    return shorten(f"{said}, {recurrence(talk.words, one.rrule)}" if one.rrule else said, 60)


def _why_asked(talk: Talk, phrase: Phrase) -> Text:
    if phrase.why == "past":
        return say(talk.words, "That time is over. Do you mean this?")
    return say(talk.words, "When exactly?")


def not_understood(talk: Talk, phrase: Phrase) -> Text:
    """Which part was not understood, and what would be."""
    words = talk.words
    if phrase.why == "too_long":
        return plain(words.t("That is too long for me. Write it shorter, please."))
    if phrase.why == "past":
        return plain(words.t("That time is over. Write one that is still to come."))
    example = say(words, "Write it like “dentist tomorrow at 9:30” or “tea in 20 minutes”.")
    if phrase.unclear:
        unclear = shorten(phrase.unclear, 100)
        return join((say(words, "I do not understand “{words}”.", words=unclear), example), " ")
    return join((say(words, "I do not understand when that is."), example), " ")


def from_kept(fields: dict[str, object]) -> Event:
    """A draft that was kept with a question."""
    lists = {name: tuple(value) for name, value in fields.items() if isinstance(value, list)}
    return Event(**{**fields, **lists})  # type: ignore[arg-type]  # what asdict wrote
