"""Wishes in words about events that there are: “delete the dentist”, “move standup to 11”, “skip yoga tomorrow”."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import islice

from planner import due, happenings, search
from planner.chat import card, drafts, edit, elsewhere, fields, many, phrases, remind, undoing
from planner.chat.parse import asked, understand
from planner.chat.talk import StaleError, Talk
from planner.messages import named, titled
from planner.model import DAY, Event, Occurrence, Slot
from planner.render import Button, Message, join, say, shorten, when
from planner.scopes import Scope
from planner.when import Asked, durations, said

CHOICES_MAX = 6
LOOKED_AT = 5_000
"""So many occurrences of the days that are named are looked through."""
BUTTON_UNITS = 40

KINDS = ("delete", "change", "skip", "rename", "place", "end", "done", "undo")


def answered(talk: Talk) -> bool:
    """Whether the message was such a wish. One about nothing that there is, but with a time, is a new event."""
    request = asked(talk.text, now=talk.said_at, zone=talk.user.zone, lang=talk.user.lang)
    if said(talk.text, "take back") and undoing.last(talk):
        return True
    if said(talk.text, "done"):
        return _done_lately(talk)
    if request is None or request.kind not in KINDS:
        return False
    if request.kind == "undo":
        return _undone(talk, request)
    if _of_all(request):
        many.ask(talk, request)
        return True
    if request.kind == "done" and not request.about:
        return _done_lately(talk)
    found = _meant(talk, request)
    if not found:
        return _nothing(talk, request)
    talk.tx.users.ask(talk.user.id, None)
    kind = kind_of(talk, request)
    own = found if kind == "done" else [one for one in found if one.event.feed_id is None]
    if not own:
        elsewhere.where(talk, *(one.event for one in found), leads=kind == "leads")
    elif len(found) == 1:
        grant(talk, kind, request.phrase_text, found[0])
    else:
        _ask_which(talk, request, kind, own, [one.event for one in found if one not in own])
    return True


def _of_all(request: Asked) -> bool:
    """Whether it is about everything, of some days or at all: never about the event that was last spoken of."""
    whole_days = not request.about and request.days is not None and request.kind in ("delete", "skip")
    return whole_days or (request.all and request.kind in ("delete", "skip", "change", "end"))


def _undone(talk: Talk, request: Asked) -> bool:
    """Whether a change was taken back, or there is none; words that name no event are what they are."""
    if not request.about:
        talk.tx.users.ask(talk.user.id, None)
        undoing.undo_(talk, "")
        return True
    if undoing.last(talk, request.about):
        return True
    known = bool(search.find(talk.tx, talk.user, request.about, talk.now))
    if known:
        undoing.nothing(talk)
    return known


def _done_lately(talk: Talk) -> bool:
    if not remind.done_lately(talk):
        talk.say(talk.words.t("Done with what? Answer the message of a reminder, or write its name: “done with gym”."))
    return True


def _meant(talk: Talk, request: Asked) -> list[Occurrence]:
    """The occurrences that a wish may be about, the likeliest first."""
    if not request.about:
        last = talk.tx.events.last_changed(talk.user.id, talk.now - DAY)
        return [] if last is None else [Occurrence(*card.mine(talk, last))]
    found = search.matching(talk.tx, talk.user, request.about, talk.now)
    if request.days is not None:
        events = {one.event_id: one.event for one in found}
        there = (one for one in _of_days(talk, request) if one.event_id in events)
        return [Occurrence(events[one.event_id], one.start_at) for one in islice(there, CHOICES_MAX)]
    ahead = [one for one in found if one.start_at >= talk.now - DAY]
    return (ahead or found)[:CHOICES_MAX]


def _of_days(talk: Talk, request: Asked) -> list[Slot]:
    assert request.days is not None
    first, last = request.days
    begin, end = due.day_bounds(first, talk.user.zone)[0], due.day_bounds(last, talk.user.zone)[1]
    return happenings.slots(talk.tx, talk.user, begin, end, talk.now, limit=LOOKED_AT)


def _nothing(talk: Talk, request: Asked) -> bool:
    """No event is meant: words with a time are a new one, others are answered."""
    read = understand(talk.text, now=talk.said_at, zone=talk.user.zone, lang=talk.user.lang)
    new = request.kind != "skip" and (read.start is not None or bool(read.choices))
    if new or not (request.about or len(talk.text.split()) == 1):
        return False
    words = talk.words
    if not request.about:
        talk.say(words.t("Which event? Write its name too, or answer the message that shows it."))
        return True
    talk.say(
        say(
            words,
            "I find no event “{words}”. /week shows what is planned, /find looks for a word.",
            words=shorten(request.about, 60),
        )
    )
    return True


def _ask_which(talk: Talk, request: Asked, kind: str, found: list[Occurrence], others: list[Event]) -> None:
    """Which of ``found``; a single one is asked about, too, where what was meant may be among the ``others``."""
    kept = [[one.event.id, one.start_at] for one in found]
    talk.ask("which", kind=kind, phrase=request.phrase_text, choices=kept)
    rows = [(Button(_label(talk, one), f"which:{talk.number}:{place}"),) for place, one in enumerate(found)]
    rows.append((Button(talk.words.t("None of these"), f"nothing:{talk.number}"),))
    text = say(talk.words, "Which one do you mean?")
    if others:
        text = join((text, elsewhere.stay(talk, others)), "\n")
    talk.say(Message(text, tuple(rows)))


def _label(talk: Talk, one: Occurrence) -> str:
    at = when(talk.words, one.start_at, talk.user.zone, talk.now)
    series = " 🔁" if one.event.rrule else ""
    feed = None if one.event.feed_id is None else talk.tx.feeds.get(one.event.feed_id)
    mark = "" if feed is None else f"{feed.mark} "
    return f"{mark}{shorten(titled(talk.words, one.event.title), BUTTON_UNITS)}{series}, {at}"


def which(talk: Talk, number: str, index: str) -> None:
    """The one that is meant was chosen."""
    question = talk.tx.users.asked(talk.user.id)
    choices = question.get("choices")
    if question.get("number") != int(number) or question.get("what") != "which" or not isinstance(choices, list):
        raise StaleError("that question is closed")
    if not 0 <= int(index) < len(choices):
        raise ValueError("no such choice")
    event_id, start_at = choices[int(index)]
    talk.tx.users.ask(talk.user.id, None)
    one = Occurrence(*card.mine(talk, event_id, str(start_at)))
    grant(talk, str(question["kind"]), str(question["phrase"]), one)


def grant(talk: Talk, kind: str, phrase: str, one: Occurrence) -> None:
    """Do to an event what was wished."""
    grants: Mapping[str, Callable[[Talk, str, Occurrence], None]] = {
        "delete": _delete,
        "skip": _skip,
        "change": _change,
        "rename": _rename,
        "place": _place,
        "end": _end,
        "leads": _leads,
        "done": _done,
    }
    grants[kind](talk, phrase, one)


def kind_of(talk: Talk, request: Asked) -> str:
    """What a wish is about: “remind me of the dentist 2 hours before” does not move it."""
    lengths = durations(request.phrase_text, lang=talk.user.lang) if request.kind == "change" else None
    return "leads" if lengths and phrases.reminds(talk.text) else request.kind


def _leads(talk: Talk, phrase: str, one: Occurrence) -> None:
    fields.set_leads(talk, one.event, one.start_at, phrase)


def _delete(talk: Talk, _: str, one: Occurrence) -> None:
    card.delete(talk, str(one.event.id), str(one.start_at))


def _skip(talk: Talk, _: str, one: Occurrence) -> None:
    if one.event.rrule is None:
        card.delete(talk, str(one.event.id), str(one.start_at))
    else:
        card.skip(talk, str(one.event.id), str(one.start_at))


def _end(talk: Talk, _: str, one: Occurrence) -> None:
    """A series has no more from its next occurrence on; what does not recur is deleted."""
    if one.event.rrule is None:
        card.delete(talk, str(one.event.id), str(one.start_at))
    else:
        card.remove(talk, one.event, drafts.next_start(talk, one.event), Scope.REST)


def _done(talk: Talk, _: str, one: Occurrence) -> None:
    if not remind.done_lately(talk, one.event.id):
        title = named(titled(talk.words, one.event.title))
        text = (
            say(talk.words, "I have not reminded you of {title} yet: under a reminder stands Done.", title=title)
            if one.event.feed_id is not None
            else say(
                talk.words,
                "I have not reminded you of {title} yet: under a reminder stands Done. To take it away, delete it.",
                title=title,
            )
        )
        talk.say(Message(text, card.buttons(talk, one.event, one.start_at)))


def _place(talk: Talk, place: str, one: Occurrence) -> None:
    fields.set_field(talk, one.event, one.start_at, "place", place)


def _rename(talk: Talk, title: str, one: Occurrence) -> None:
    fields.set_field(talk, one.event, one.start_at, "title", title)


def _change(talk: Talk, phrase: str, one: Occurrence) -> None:
    if phrase:
        edit.by_phrase(talk, one.event, one.start_at, phrase, title_too=False)
    else:
        edit.change(talk, str(one.event.id), str(one.start_at))
