"""The fields of an event, one by one: each is asked for, and given by a button or by words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from planner import due, rrule, scopes, service
from planner.chat import card, drafts, edit, extent, picker, rules, scope
from planner.chat.parse import understand
from planner.chat.settings import LEAD_MAX_S, LEADS_MAX
from planner.chat.talk import Talk
from planner.messages import named
from planner.model import Event
from planner.render import Button, Message, Text, duration, say
from planner.scopes import CannotMoveError
from planner.when import durations

PLACE_MAX, NOTES_MAX = 300, 2_000
"""Characters of a place and of notes; longer ones are refused with a sentence."""

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


def field(talk: Talk, event_id: str, start_at: str, name: str) -> None:
    """One of the fields was picked."""
    event, at = card.own(talk, event_id, start_at)
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
    talk.show(Message(text, (*rows, edit.leave(talk))))


def _ask_title(talk: Talk, event: Event, at: int) -> None:
    _ask(talk, event, at, "title", say(talk.words, "Write the new title of {title}.", title=named(event.title)))


def _ask_place(talk: Talk, event: Event, at: int) -> None:
    text = say(talk.words, "Where is {title}? Write an address, a room or a link.", title=named(event.title))
    _ask(talk, event, at, "place", text, _removal(talk, event, at, "place", event.place))


def _ask_notes(talk: Talk, event: Event, at: int) -> None:
    text = say(talk.words, "Write what else to remember for {title}.", title=named(event.title))
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
        title=named(event.title),
    )
    buttons = [Button(label, f"give:{event.id}:{at}:repeat:{name}") for name, label in labels.items()]
    _ask(talk, event, at, "repeat", text, _in_twos(buttons))


def _ask_leads(talk: Talk, event: Event, at: int) -> None:
    words = talk.words
    text = say(
        words,
        "How long before {title} shall I remind you? Press, or write several, such as “1 day, 15 min”.",
        title=named(event.title),
    )
    labels = {str(minutes * 60): _lead(talk, minutes * 60) for minutes in LEADS_MIN}
    labels |= {"usual": words.t("As usual"), "off": words.t("No reminder")}
    buttons = [Button(label, f"give:{event.id}:{at}:leads:{value}") for value, label in labels.items()]
    _ask(talk, event, at, "leads", text, _in_twos(buttons))


def _ask_length(talk: Talk, event: Event, at: int) -> None:
    text = say(
        talk.words,
        "How long is {title}? Press, or write it: “2 hours”, “until 12:30”, “all day”.",
        title=named(event.title),
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
    talk.tx.users.ask(talk.user.id, None)
    scope.settle(talk, event, at, replace(scope.view_of(talk, event, at), nag=not event.nag))


def give(talk: Talk, event_id: str, start_at: str, name: str, value: str) -> None:
    """A value's button was pressed."""
    event, at = card.own(talk, event_id, start_at)
    view = scope.view_of(talk, event, at)
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


def answer_field(talk: Talk, question: Mapping[str, object]) -> bool:
    """The field's new value was typed."""
    event, at = card.own(talk, int(str(question["event"])), str(question["start_at"]))
    view, text, name = scope.view_of(talk, event, at), talk.text.strip(), str(question["field"])
    if name == "repeat":
        return _answer_repeat(talk, event, at, view)
    if name == "leads":
        return _answer_leads(talk, event, at, view, text)
    if name == "length":
        return _answer_length(talk, event, at, view)
    most = {"title": card.TITLE_MAX, "place": PLACE_MAX, "notes": NOTES_MAX}[name]
    if len(text) > most:
        talk.say(edit.too_long(talk, most))
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
    """Give an event another title, other notes or another place."""
    view = scope.view_of(talk, event, at)
    wanted = {
        "title": replace(view, title=value[: card.TITLE_MAX]),
        "notes": replace(view, notes=value[:NOTES_MAX]),
        "place": replace(view, place=value[:PLACE_MAX]),
    }
    if name not in wanted:
        raise ValueError("no such field")
    scope.settle(talk, event, at, wanted[name])


def set_leads(talk: Talk, event: Event, at: int, text: str) -> None:
    """Give an event other reminders, so long before as ``text`` says."""
    if not _answer_leads(talk, event, at, scope.view_of(talk, event, at), text):
        raise ValueError("no lengths")


def _answer_repeat(talk: Talk, event: Event, at: int, view: Event) -> bool:
    try:
        typed = rrule.typed(talk.text)
        found = understand(talk.text, now=talk.said_at, zone=service.zone_of(event, talk.user), lang=talk.user.lang)
        if typed is None and (found.rrule is None or found.start is None):
            return _answer_end(talk, event, at, view)
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


def _answer_end(talk: Talk, event: Event, at: int, view: Event) -> bool:
    """Whether the message says until when the series goes on."""
    zone = service.zone_of(event, talk.user)
    wanted = extent.changed(view, talk.text, now=talk.said_at, zone=zone, lang=talk.user.lang)
    if wanted is None or wanted.rrule == view.rrule:
        return False
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
        return edit.extended(talk, event, at, view, talk.text)
    try:
        wanted = extent.lasting(view, sum(lengths))
    except extent.CannotError as fault:
        talk.say(edit.cannot(talk, event, str(fault)))
        return True
    talk.tx.users.ask(talk.user.id, None)
    scope.settle(talk, event, at, wanted)
    return True
