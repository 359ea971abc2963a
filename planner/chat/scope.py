"""How much of a recurring event an edit is about: asked once the edit is known, then stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from planner import scopes, service
from planner.chat import card, drafts, remind
from planner.chat.talk import StaleError, Talk
from planner.messages import named
from planner.model import Event
from planner.render import Button, Message, day, repeats, say
from planner.scopes import CannotMoveError, Scope

RULE_SHOWN = 150


def settle(talk: Talk, event: Event, start_at: int, wanted: Event) -> None:
    """Store an occurrence as it should be; of a recurring event, ask first whether only this one is meant."""
    if service.own(event).rrule is None:
        change_id = service.change_event(talk.tx, talk.user, wanted, talk.now, talk.said_at)
        remind.became(talk, event, wanted)
        card.changed(talk, wanted, drafts.next_start(talk, wanted), change_id)
        return
    view = view_of(talk, event, start_at)
    talk.ask("scope", event=event.id, start_at=start_at, view=asdict(view), wanted=asdict(wanted))
    talk.show(_question(talk, event, start_at, wanted))


def _question(talk: Talk, event: Event, start_at: int, wanted: Event) -> Message:
    words, number = talk.words, talk.number
    on = day(words, start_at, talk.user.zone, talk.now)
    labels = {
        Scope.ONE: words.t("Only {day}", day=on),
        Scope.REST: words.t("This and all that follow"),
        Scope.ALL: words.t("All of it"),
    }
    if wanted.rrule != event.rrule:
        del labels[Scope.ONE]
    if card.local_start(talk, event, start_at) == event.start_local:
        del labels[Scope.REST]
    rows = [(Button(label, f"scope:{number}:{scope}"),) for scope, label in labels.items()]
    rows.append((Button(words.t("Leave it as it is"), f"nothing:{number}"),))
    title = named(event.title)
    rule = repeats(words, event, talk.user.zone, talk.now)[:RULE_SHOWN]
    return Message(say(words, "{title} repeats: {rule}. What do you want to change?", title=title, rule=rule),
                   tuple(rows))  # fmt: skip


def chosen(talk: Talk, number: str, name: str) -> None:
    """So much of the series is meant."""
    question = talk.tx.users.asked(talk.user.id)
    if question.get("number") != int(number) or question.get("what") != "scope":
        raise StaleError("that question is closed")
    event, at = card.exactly(talk, int(str(question["event"])), str(question["start_at"]))
    view, wanted = question["view"], question["wanted"]
    assert isinstance(view, dict)
    assert isinstance(wanted, dict)
    talk.tx.users.ask(talk.user.id, None)
    store(talk, event, at, merged(talk, event, at, view, wanted), Scope(name))


def merged(talk: Talk, event: Event, start_at: int, view: Mapping[str, object], wanted: Mapping[str, object]) -> Event:
    """An occurrence as it was wanted when it looked like ``view``, with what has changed since in other ways."""
    now = asdict(view_of(talk, event, start_at))
    edits = {name: value for name, value in wanted.items() if value != view[name]}
    return drafts.from_kept({**now, **edits})


def view_of(talk: Talk, event: Event, start_at: int) -> Event:
    """The event as it is at one of its occurrences."""
    return scopes.occurrence(event, card.local_start(talk, event, start_at), service.zone_of(event, talk.user))


def store(talk: Talk, event: Event, start_at: int, wanted: Event, scope: Scope) -> None:
    """Store an edit of a series, and show what it made."""
    if event.rrule is None:
        settle(talk, event, start_at, wanted)
        return
    at = card.local_start(talk, event, start_at)
    try:
        rest, apart = scopes.edited(event, at, wanted, scope, service.zone_of(event, talk.user))
    except CannotMoveError:
        talk.show(_cannot(talk, event, start_at))
        return
    made, change_id = service.divide_event(talk.tx, talk.user, event, rest, apart, talk.now, talk.said_at)
    remind.became(talk, event, made)
    shown = wanted.start_at if scope is Scope.ONE else drafts.next_start(talk, made)
    card.changed(talk, made, shown, change_id)


def _cannot(talk: Talk, event: Event, start_at: int) -> Message:
    words = talk.words
    said = say(
        words,
        "A repetition “{rule}” cannot be moved like that. Change only this one, or give it a new repetition, such as"
        " “every monday and friday”.",
        rule=repeats(words, event, talk.user.zone, talk.now)[:RULE_SHOWN],
    )
    return Message(said, card.buttons(talk, event, start_at))
