"""Changing an event by a phrase: “friday at 15:00”, a new title, “for 2 hours”."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from planner import due, recur, service
from planner.chat import card, drafts, extent, picker, rules, scope
from planner.chat.parse import asked, understand
from planner.chat.talk import Talk
from planner.messages import named
from planner.model import SECOND, Event
from planner.render import Button, Message, Text, say
from planner.scopes import CannotMoveError
from planner.when import Phrase, length_of, said, shift_of, time_of_day, whole_day

HALF_DAY_MIN = 12 * 60


def change(talk: Talk, event_id: str, start_at: str = "") -> None:
    """Ask what is to be different: a phrase answers, or a button picks a field."""
    event, at = card.own(talk, event_id, start_at)
    talk.ask("change", event=event.id, start_at=at)
    said = say(
        talk.words,
        "What should change about {title}? Write a new time (“friday at 15:00”), a new title, or both. Or choose:",
        title=named(event.title),
    )
    talk.say(Message(said, _fields(talk, event, at)))


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
    return (*rows, leave(talk))


def leave(talk: Talk) -> tuple[Button, ...]:
    return (Button(talk.words.t("Leave it as it is"), f"nothing:{talk.number}"),)


def says_change(talk: Talk, text: str) -> bool:
    """Whether words say when, how often, how long, or how long before: what a change is about without being asked."""
    found = understand(text, now=talk.said_at, zone=talk.user.zone, lang=talk.user.lang)
    spoken_of = found.start is not None or bool(found.choices or found.leads_s or found.important or found.silent)
    lang = talk.user.lang
    extends = length_of(text, lang=lang) is not None or whole_day(text, lang=lang)
    return spoken_of or extends or shift_of(text, lang=lang) is not None


def too_long(talk: Talk, most: int) -> str:
    """What is said where a text is refused for its length; it counts as refused."""
    talk.oversized()
    return talk.words.n("That is too long: at most {n} character.", "That is too long: at most {n} characters.", most)


def answer(talk: Talk, question: Mapping[str, object]) -> bool:
    """The new time, title or both."""
    event, at = card.own(talk, int(str(question["event"])), str(question["start_at"]))
    if picker.answered(talk, question):
        return True
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
    view, lang = scope.view_of(talk, service.own(event), at), talk.user.lang
    if extended(talk, event, at, view, text):
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
    if phrase.why != "no_time" and (not title_too or _is_chatter(phrase.title)):
        choices = tuple(replace(one, title="") for one in phrase.choices)
        phrase = replace(phrase, title="", choices=choices)
    if phrase.why == "no_time" and not (phrase.leads_s or phrase.important or phrase.silent) and title_too:
        if len(text) > card.TITLE_MAX:
            talk.say(too_long(talk, card.TITLE_MAX))
            return
        scope.settle(talk, event, at, replace(view, title=text.strip()))
    elif phrase.why == "no_time" and (phrase.leads_s or phrase.important or phrase.silent):
        scope.settle(talk, event, at, drafts.applied(view, phrase, talk.user))
    elif phrase.start is None or (phrase.status == "ask" and phrase.why != "no_title"):
        drafts.offer(talk, phrase, title=event.title, view=view)
    else:
        _applied(talk, event, at, view, phrase)


def _is_chatter(title: str) -> bool:
    """Whether what is left of a phrase is no title: “at 2pm instead”, “нет, давай в 18:30”."""
    words = [word.strip(" ,.!") for word in title.split()]
    return bool(words) and all(said(word, "chatter") for word in words if word)


def extended(talk: Talk, event: Event, at: int, view: Event, text: str) -> bool:
    """Whether the phrase changes how long it is, its end or its zone; one that cannot be is asked about again."""
    zone = service.zone_of(event, talk.user)
    try:
        wanted = extent.changed(view, text, now=talk.said_at, zone=zone, lang=talk.user.lang)
    except CannotMoveError:
        talk.say(rules.refused(talk.words, "until"))
        return True
    except extent.CannotError as fault:
        talk.ask("change", event=event.id, start_at=at)
        talk.say(Message(cannot(talk, event, str(fault)), (leave(talk),)))
        return True
    if wanted is not None:
        scope.settle(talk, event, at, wanted)
    return wanted is not None


def cannot(talk: Talk, event: Event, code: str) -> Text:
    words, title = talk.words, named(event.title)
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
    view, lang, zone = scope.view_of(talk, event, at), talk.user.lang, service.zone_of(event, talk.user)
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
