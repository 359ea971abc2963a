"""Changing an event: by a phrase ("friday at 15:00", a new title), or one field after the other by button."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from planner import due, recur, rrule, scopes, service
from planner.chat import card, drafts, extent, phrases, picker, rules, scope
from planner.chat.settings import LEAD_MAX_S, LEADS_MAX
from planner.chat.talk import Talk
from planner.model import SECOND, Event
from planner.render import Button, Message, Text, bold, cut, duration, plain, say
from planner.scopes import CannotMoveError
from planner.when import Phrase, asked, durations, length_of, shift_of, time_of_day, understand, whole_day

PLACE_MAX, NOTES_MAX = 300, 2_000
"""Characters of a place and of notes; longer ones are refused with a sentence."""

HALF_DAY_MIN = 12 * 60
NOT_TITLES = frozenset({"undo", "help", "settings"})
"""Commands that are commands where a new title might be said, too."""

REPEATS: Mapping[str, str] = {
    "never": "",
    "daily": "FREQ=DAILY",
    "workdays": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "weekly": "FREQ=WEEKLY",
    "fortnightly": "FREQ=WEEKLY;INTERVAL=2",
    "monthly": "FREQ=MONTHLY",
    "yearly": "FREQ=YEARLY",
}
LEADS_MIN = (0, 5, 15, 30, 60, 120, 24 * 60, 7 * 24 * 60)
LENGTHS_MIN = (15, 30, 45, 60, 90, 120)
LENGTHS_DAYS = (1, 2, 3, 7)


def change(talk: Talk, event_id: str, start_at: str = "") -> None:
    """Ask what is to be different: a phrase answers, or a button picks a field."""
    event, at = card.mine(talk, event_id, start_at)
    talk.ask("change", event=event.id, start_at=at)
    said = say(
        talk.words,
        "What should change about {title}? Write a new time (“friday at 15:00”), a new title, or both. Or choose:",
        title=_title(event),
    )
    talk.say(Message(said, _fields(talk, event, at)))


def _title(event: Event) -> Text:
    """A title within a sentence: two question marks are one too many."""
    return bold(cut(plain(event.title.rstrip("?") or event.title), 200))


def _fields(talk: Talk, event: Event, at: int) -> tuple[tuple[Button, ...], ...]:
    words = talk.words
    nag = words.t("Repeat until Done: on") if event.nag else words.t("Repeat until Done: off")
    labels = (
        (("time", words.t("Time")), ("title", words.t("Title"))),
        (("repeat", words.t("Repetition")), ("leads", words.t("Reminders"))),
        (("place", words.t("Place")), ("notes", words.t("Notes"))),
        (("length", words.t("Length")), ("nag", nag)),
    )
    rows = [tuple(Button(label, f"field:{event.id}:{at}:{name}") for name, label in row) for row in labels]
    return (*rows, _leave(talk))


def _leave(talk: Talk) -> tuple[Button, ...]:
    return (Button(talk.words.t("Leave it as it is"), f"nothing:{talk.number}"),)


def field(talk: Talk, event_id: str, start_at: str, name: str) -> None:
    """One of the fields was picked."""
    event, at = card.mine(talk, event_id, start_at)
    ask: Mapping[str, Callable[[Talk, Event, int], None]] = {
        "time": _ask_time,
        "title": _ask_title,
        "repeat": _ask_repeat,
        "leads": _ask_leads,
        "place": _ask_place,
        "notes": _ask_notes,
        "length": _ask_length,
        "nag": _turn_nag,
    }
    if name not in ask:
        raise ValueError("no such field")
    ask[name](talk, event, at)


def _ask_time(talk: Talk, event: Event, at: int) -> None:
    talk.ask("change", event=event.id, start_at=at)
    picker.month(talk, due.day_of(at, service.zone_of(event, talk.user)))


def _ask(talk: Talk, event: Event, at: int, name: str, text: Text, rows: tuple[tuple[Button, ...], ...] = ()) -> None:
    talk.ask("field", event=event.id, start_at=at, field=name)
    talk.show(Message(text, (*rows, _leave(talk))))


def _ask_title(talk: Talk, event: Event, at: int) -> None:
    _ask(talk, event, at, "title", say(talk.words, "Write the new title of {title}.", title=_title(event)))


def _ask_place(talk: Talk, event: Event, at: int) -> None:
    text = say(talk.words, "Where is {title}? Write an address, a room or a link.", title=_title(event))
    _ask(talk, event, at, "place", text, _removal(talk, event, at, "place", event.place))


def _ask_notes(talk: Talk, event: Event, at: int) -> None:
    text = say(talk.words, "Write what else to remember for {title}.", title=_title(event))
    _ask(talk, event, at, "notes", text, _removal(talk, event, at, "notes", event.notes))


def _removal(talk: Talk, event: Event, at: int, name: str, value: str) -> tuple[tuple[Button, ...], ...]:
    return ((Button(talk.words.t("Remove"), f"give:{event.id}:{at}:{name}:"),),) if value else ()


def _ask_repeat(talk: Talk, event: Event, at: int) -> None:
    words = talk.words
    labels = {
        "daily": words.t("Every day"),
        "workdays": words.t("Workdays"),
        "weekly": words.t("Every week"),
        "fortnightly": words.t("Every 2 weeks"),
        "monthly": words.t("Every month"),
        "yearly": words.t("Every year"),
        "never": words.t("Not at all"),
    }
    text = say(
        words,
        "How often is {title}? Press, or write it: “every monday and thursday until june”, or a rule such as"
        " “FREQ=MONTHLY;BYDAY=-1FR”.",
        title=_title(event),
    )
    buttons = [Button(label, f"give:{event.id}:{at}:repeat:{name}") for name, label in labels.items()]
    _ask(talk, event, at, "repeat", text, _in_twos(buttons))


def _ask_leads(talk: Talk, event: Event, at: int) -> None:
    words = talk.words
    text = say(
        words,
        "How long before {title} shall I remind you? Press, or write several, such as “1 day, 15 min”.",
        title=_title(event),
    )
    labels = {str(minutes * 60): _lead(talk, minutes * 60) for minutes in LEADS_MIN}
    labels |= {"usual": words.t("As usual"), "off": words.t("No reminder")}
    buttons = [Button(label, f"give:{event.id}:{at}:leads:{value}") for value, label in labels.items()]
    _ask(talk, event, at, "leads", text, _in_twos(buttons))


def _ask_length(talk: Talk, event: Event, at: int) -> None:
    text = say(
        talk.words, "How long is {title}? Press, or write it: “2 hours”, “until 12:30”, “all day”.", title=_title(event)
    )
    lengths = [days * extent.DAY_S for days in LENGTHS_DAYS] if event.all_day else [one * 60 for one in LENGTHS_MIN]
    buttons = [Button(duration(talk.words, one), f"give:{event.id}:{at}:length:{one}") for one in lengths]
    _ask(talk, event, at, "length", text, _in_twos(buttons))


def _lead(talk: Talk, seconds: int) -> str:
    return (
        talk.words.t("{time} before", time=duration(talk.words, seconds)) if seconds else talk.words.t("at the start")
    )


def _in_twos(buttons: list[Button]) -> tuple[tuple[Button, ...], ...]:
    return tuple(tuple(buttons[place : place + 2]) for place in range(0, len(buttons), 2))


def _turn_nag(talk: Talk, event: Event, at: int) -> None:
    """On or off, for the whole event."""
    turned = replace(event, nag=not event.nag)
    change_id = service.change_event(talk.tx, talk.user, turned, talk.now, talk.said_at)
    talk.tx.users.ask(talk.user.id, None)
    card.changed(talk, turned, at, change_id)


def give(talk: Talk, event_id: str, start_at: str, name: str, value: str) -> None:
    """A value's button was pressed."""
    event, at = card.mine(talk, event_id, start_at)
    view = _view(talk, event, at)
    if name == "repeat" and value in REPEATS:
        wanted = scopes.repeating(view, REPEATS[value] or None, service.zone_of(view, talk.user))
    elif name == "leads":
        wanted = replace(view, leads_s=_leads_given(value))
    elif name == "length":
        wanted = extent.lasting(view, _length_given(value))
    elif name in ("place", "notes") and not value:
        wanted = replace(view, place="") if name == "place" else replace(view, notes="")
    else:
        raise ValueError("no such value")
    talk.tx.users.ask(talk.user.id, None)
    scope.settle(talk, event, at, wanted)


def _length_given(value: str) -> int:
    if int(value) <= 0:
        raise ValueError("no such length")
    return int(value)


def _leads_given(value: str) -> tuple[int, ...] | None:
    if value in ("usual", "off"):
        return None if value == "usual" else ()
    if not 0 <= int(value) <= LEAD_MAX_S:
        raise ValueError("no such lead")
    return (int(value),)


def _view(talk: Talk, event: Event, at: int) -> Event:
    return scopes.occurrence(event, card.local_start(talk, event, at), service.zone_of(event, talk.user))


def answer_field(talk: Talk, question: Mapping[str, object]) -> bool:
    """The field's new value was typed."""
    event, at = card.mine(talk, int(str(question["event"])), str(question["start_at"]))
    view, text, name = _view(talk, event, at), talk.text.strip(), str(question["field"])
    if name == "repeat":
        return _answer_repeat(talk, event, at, view)
    if name == "leads":
        return _answer_leads(talk, event, at, view, text)
    if name == "length":
        return _answer_length(talk, event, at, view)
    most = {"title": card.TITLE_MAX, "place": PLACE_MAX, "notes": NOTES_MAX}[name]
    if len(text) > most:
        talk.say(_too_long(talk, most))
        return True
    wanted = {
        "title": replace(view, title=text),
        "place": replace(view, place=text),
        "notes": replace(view, notes=text),
    }[name]
    talk.tx.users.ask(talk.user.id, None)
    scope.settle(talk, event, at, wanted)
    return True


def set_field(talk: Talk, event: Event, at: int, name: str, value: str) -> None:
    """Give an event other notes or another title."""
    view = _view(talk, event, at)
    if name not in ("notes", "title"):
        raise ValueError("no such field")
    most = card.TITLE_MAX if name == "title" else NOTES_MAX
    wanted = replace(view, title=value[:most]) if name == "title" else replace(view, notes=value[:most])
    scope.settle(talk, event, at, wanted)


def set_leads(talk: Talk, event: Event, at: int, text: str) -> None:
    """Give an event other reminders, so long before as ``text`` says."""
    if not _answer_leads(talk, event, at, _view(talk, event, at), text):
        raise ValueError("no lengths")


def says_change(talk: Talk, text: str) -> bool:
    """Whether words say when, how often, how long, or how long before: what a change is about without being asked."""
    found = understand(text, now=talk.said_at, zone=talk.user.zone, lang=talk.user.lang)
    spoken_of = found.start is not None or bool(found.choices or found.leads_s or found.important or found.silent)
    lang = talk.user.lang
    extends = length_of(text, lang=lang) is not None or whole_day(text, lang=lang)
    return spoken_of or extends or shift_of(text, lang=lang) is not None


def _too_long(talk: Talk, most: int) -> str:
    return talk.words.n("That is too long: at most {n} character.", "That is too long: at most {n} characters.", most)


def _answer_repeat(talk: Talk, event: Event, at: int, view: Event) -> bool:
    try:
        typed = rrule.typed(talk.text)
        found = understand(talk.text, now=talk.said_at, zone=service.zone_of(event, talk.user), lang=talk.user.lang)
        if typed is None and (found.rrule is None or found.start is None):
            return False
        wanted = (
            scopes.repeating(view, typed, service.zone_of(view, talk.user))
            if typed
            else drafts.applied(view, replace(found, title=""), talk.user)
        )
    except CannotMoveError:
        talk.say(rules.refused(talk.words, "never"))
        return True
    except rrule.RefusedError as refused:
        talk.say(rules.refused(talk.words, str(refused.args[0])))
        return True
    talk.tx.users.ask(talk.user.id, None)
    scope.settle(talk, event, at, wanted)
    return True


def _answer_leads(talk: Talk, event: Event, at: int, view: Event, text: str) -> bool:
    leads = durations(text, lang=talk.user.lang)
    if not leads:
        return False
    if len(leads) > LEADS_MAX or max(leads) > LEAD_MAX_S:
        talk.say(talk.words.t("At most {count} reminders an event, at most 4 weeks before it.", count=LEADS_MAX))
        return True
    talk.tx.users.ask(talk.user.id, None)
    scope.settle(talk, event, at, replace(view, leads_s=tuple(sorted(set(leads), reverse=True))))
    return True


def _answer_length(talk: Talk, event: Event, at: int, view: Event) -> bool:
    lengths = durations(talk.text, lang=talk.user.lang)
    if not lengths:
        return _extended(talk, event, at, view, talk.text)
    try:
        wanted = extent.lasting(view, sum(lengths))
    except extent.CannotError as fault:
        talk.say(_cannot(talk, event, str(fault)))
        return True
    talk.tx.users.ask(talk.user.id, None)
    scope.settle(talk, event, at, wanted)
    return True


def answer(talk: Talk, question: Mapping[str, object]) -> bool:
    """The new time, title or both."""
    event, at = card.mine(talk, int(str(question["event"])), str(question["start_at"]))
    if picker.answered(talk, question):
        return True
    if phrases.command_of(talk.text) in NOT_TITLES:
        return False
    talk.tx.users.ask(talk.user.id, None)
    request = asked(talk.text, now=talk.said_at, zone=talk.user.zone, lang=talk.user.lang)
    if request is not None and not request.about and not request.all and request.kind in ("delete", "skip", "undo"):
        return request.kind != "undo" and _removed(talk, event, at, request.kind)
    by_phrase(talk, event, at, _wanted_text(talk))
    return True


def _removed(talk: Talk, event: Event, at: int, kind: str) -> bool:
    """“Delete it”, in answer to what should change."""
    remove = card.skip if kind == "skip" and event.rrule is not None else card.delete
    remove(talk, str(event.id), str(at))
    return True


def _wanted_text(talk: Talk) -> str:
    """What is left of “move it to friday” when the request itself is taken off."""
    request = asked(talk.text, now=talk.said_at, zone=talk.user.zone, lang=talk.user.lang)
    return (
        request.phrase_text if request is not None and request.kind == "change" and request.phrase_text else talk.text
    )


def by_phrase(talk: Talk, event: Event, at: int, text: str, *, title_too: bool = True) -> None:
    """Change an event at one of its occurrences as a phrase says; ``title_too``: one without a time is a new title."""
    view, lang = _view(talk, event, at), talk.user.lang
    if _extended(talk, event, at, view, text):
        return
    shift = shift_of(text, lang=lang)
    if shift is not None:
        _to(talk, event, at, _shifted(view, shift, service.zone_of(event, talk.user)))
        return
    minute = _time_alone(text, lang, view)
    if minute is not None:
        _to(talk, event, at, _at_minute(view, minute, service.zone_of(event, talk.user)))
        return
    phrase = understand(text, now=talk.said_at, zone=service.zone_of(event, talk.user), lang=lang)
    if phrase.why == "no_time" and not (phrase.leads_s or phrase.important or phrase.silent) and title_too:
        if len(text) > card.TITLE_MAX:
            talk.say(_too_long(talk, card.TITLE_MAX))
            return
        scope.settle(talk, event, at, replace(view, title=text.strip()))
    elif phrase.why == "no_time" and (phrase.leads_s or phrase.important or phrase.silent):
        scope.settle(talk, event, at, drafts.applied(view, phrase, talk.user))
    elif phrase.start is None or (phrase.status == "ask" and phrase.why != "no_title"):
        drafts.offer(talk, phrase, title=event.title, view=view)
    else:
        _applied(talk, event, at, view, phrase)


def _extended(talk: Talk, event: Event, at: int, view: Event, text: str) -> bool:
    """Whether the phrase changes how long it is, its end or its zone; one that cannot be is asked about again."""
    zone = service.zone_of(event, talk.user)
    try:
        wanted = extent.changed(view, text, now=talk.said_at, zone=zone, lang=talk.user.lang)
    except CannotMoveError:
        talk.say(rules.refused(talk.words, "until"))
        return True
    except extent.CannotError as fault:
        talk.ask("change", event=event.id, start_at=at)
        talk.say(Message(_cannot(talk, event, str(fault)), (_leave(talk),)))
        return True
    if wanted is not None:
        scope.settle(talk, event, at, wanted)
    return wanted is not None


def _cannot(talk: Talk, event: Event, code: str) -> Text:
    words, title = talk.words, _title(event)
    match code:
        case "no_time":
            return say(
                words,
                "{title} has no time, it takes the whole day. Write a time for it, such as “15:00”, or another day.",
                title=title,
            )
        case "before":
            return say(words, "{title} would end before it begins. Write a later end.", title=title)
        case "long":
            return say(words, "That is too long: an event lasts a year at most. How long is {title}?", title=title)
    return say(
        words,
        "I do not understand when {title} ends. Write it like “until 12:30” or “for 2 hours”.",
        title=title,
    )


def moved(talk: Talk, event: Event, at: int, text: str) -> Event | None:
    """An occurrence at the time that a phrase says, or so much later; ``None`` where it says anything else."""
    view, lang, zone = _view(talk, event, at), talk.user.lang, service.zone_of(event, talk.user)
    shift, minute = shift_of(text, lang=lang), _time_alone(text, lang, view)
    if shift is not None:
        return None if view.all_day and shift % extent.DAY_S else _shifted(view, shift, zone)
    if minute is not None:
        return _at_minute(view, minute, zone)
    phrase = understand(text, now=talk.said_at, zone=zone, lang=lang)
    if phrase.start is None or phrase.why != "no_title" or phrase.rrule is not None:
        return None
    return drafts.applied(view, phrase, talk.user)


def _applied(talk: Talk, event: Event, at: int, view: Event, phrase: Phrase) -> None:
    try:
        wanted = drafts.applied(view, phrase, talk.user)
    except CannotMoveError:
        talk.say(rules.refused(talk.words, "never"))
        return
    _to(talk, event, at, wanted)


def _time_alone(text: str, lang: str, view: Event) -> int | None:
    """The minute of the day of a text that is a time and nothing else; of a bare hour, the half of the day it is in."""
    minute = time_of_day(text, lang=lang)
    bare = text.strip().rpartition(" ")[2]
    if minute is None or view.all_day or not bare.isdigit() or minute >= HALF_DAY_MIN:
        return minute
    now = int(view.start_local[11:13]) * 60 + int(view.start_local[14:16])
    return min((minute, minute + HALF_DAY_MIN), key=lambda one: abs(one - now))


def _at_minute(view: Event, minute: int, zone: str) -> Event:
    local = f"{view.start_local[:10]}T{minute // 60:02}:{minute % 60:02}:00"
    length = 0 if view.all_day else view.duration_s
    return replace(view, start_local=local, start_at=recur.local_instant(local, zone), all_day=False, instant=False,
                   duration_s=length)  # fmt: skip


def _to(talk: Talk, event: Event, at: int, wanted: Event) -> None:
    """Move it, unless that time is over."""
    if wanted.start_at < talk.said_at and wanted.start_at != at and not wanted.all_day and wanted.rrule is None:
        talk.say(talk.words.t("That time is over. Write one that is still to come."))
        return
    scope.settle(talk, event, at, wanted)


def _shifted(view: Event, shift_s: int, zone: str) -> Event:
    """So much later; by elapsed time, so that “an hour later” is that across a change of the clock, too.

    The second of two hours that the clock shows alike cannot be kept: there it is so much later by the clock.
    """
    at = view.start_at + shift_s * SECOND
    local = due.local_text(at, zone)
    if not view.instant and service.start_of(local, zone) != at:
        local = (datetime.fromisoformat(view.start_local) + timedelta(seconds=shift_s)).isoformat()
        at = service.start_of(local, zone)
    return replace(view, start_at=at, start_local=local)


def chosen(talk: Talk, view: Event, wanted: Event) -> None:
    """One of several readings of the new time was chosen."""
    event, at = card.mine(talk, view.id, str(view.start_at))
    scope.settle(talk, event, at, wanted)
