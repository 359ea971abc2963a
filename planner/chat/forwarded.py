"""A forwarded message or an answer to one becomes an event with its text and link; an answer to an event changes it."""

from __future__ import annotations

import re
from dataclasses import replace

from planner.chat import add, card, drafts, edit, elsewhere, fields, phrases, undoing, wishes
from planner.chat.parse import asked, understand
from planner.chat.talk import StaleError, Talk
from planner.messages import named
from planner.model import Event, Occurrence
from planner.render import Button, Message, clip, say, shorten
from planner.telegram.incoming import Forward
from planner.when import said
from planner.when.understand import MAX_CHARACTERS

TITLE_UNITS = 80
"""A title made of a longer text is cut to this many UTF-16 units; the notes have all of it."""

_OF_AN_EVENT = re.compile(r"(?:card|change|delete|skip|keep|field|where):(\d+)(?::(\d+))?")


def forward(talk: Talk) -> bool:
    """A forwarded message: when it says when, it is an event; else it is asked when to be reminded of it.

    Its times count from when it was first written.
    """
    origin = talk.update.forward
    if origin is None:
        return False
    question = talk.tx.users.asked(talk.user.id)
    talk.tx.users.ask(talk.user.id, None)
    note = _note(talk, talk.text, origin)
    if question.get("what") == "title" and isinstance(kept := question.get("draft"), dict):
        add.keep(talk, replace(drafts.from_kept(kept), title=note.title, notes=note.notes, link=note.link))
        return True
    head = talk.text[:MAX_CHARACTERS]
    found = understand(head, now=origin.date_ms or talk.said_at, zone=talk.user.zone, lang=talk.user.lang)
    if found.start is None or (found.status == "ok" and found.start.timestamp() * 1_000 < talk.said_at):
        add.ask_time(talk, note)
        return True
    short = replace(found, title=found.title if len(found.title) <= TITLE_UNITS else note.title)
    add.settle(talk, short, head, note)
    return True


def _note(talk: Talk, text: str, origin: Forward | None) -> Event:
    """An event without a time, of a text: its first line is the title, all of it stands in the notes."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    whose = origin.origin if origin is not None else None
    title = clip(lines[0], TITLE_UNITS) if lines else talk.words.t("Message from {name}", name=whose or "?")
    notes = text.strip() if not whose else f"{whose}: {text.strip()}"
    short = len(lines) <= 1 and len(text) <= TITLE_UNITS and not whose
    return Event(
        0, talk.user.id, title, "", 0, 0, False, None, None, False, None,
        notes="" if short else clip(notes, fields.NOTES_MAX),
        link=(origin.link or "") if origin is not None else "",
    )  # fmt: skip


def reply(talk: Talk) -> bool:
    """An answer: to a message that shows an event it changes that; to another one it says when to be reminded of it."""
    told = talk.update.reply_to
    if told is None:
        return False
    about = _event_of(talk) or _reminded_of(talk)
    if about is not None:
        _change(talk, *about)
        return True
    if told.bot_id is not None or not told.text:
        return False
    found = understand(talk.text, now=talk.said_at, zone=talk.user.zone, lang=talk.user.lang)
    if found.start is None:
        return False
    note = _note(talk, told.text, None)
    talk.tx.users.ask(talk.user.id, None)
    add.settle(talk, found, talk.text, note if not found.title else replace(note, notes=told.text[: fields.NOTES_MAX]))
    return True


def _event_of(talk: Talk) -> tuple[Event, int] | None:
    """The event that the answered message shows or has made, at the occurrence it shows."""
    told = talk.update.reply_to
    assert told is not None
    if (made := talk.tx.events.said_in(talk.user.chat_id, told.message_id)) is not None:
        return card.mine(talk, made)
    for data in told.buttons:
        if found := _OF_AN_EVENT.match(data):
            return card.mine(talk, found[1], found[2] or "")
    return None


def _reminded_of(talk: Talk) -> tuple[Event, int] | None:
    """What the answered message has reminded of, where the answer is a wish about “it”."""
    request, told = asked(talk.text, now=talk.said_at, zone=talk.user.zone, lang=talk.user.lang), talk.update.reply_to
    assert told is not None
    if request is None or request.kind not in ("delete", "skip", "end", "change") or request.about or request.all:
        return None
    ids = talk.tx.standing.by_message(talk.user.id, told.message_id)
    owed = talk.tx.reminders.get(ids[0]) if len(ids) == 1 else None
    if owed is None or owed.reminder.event_id is None:
        return None
    return card.mine(talk, owed.reminder.event_id, str(owed.reminder.occurrence_at))


def _change(talk: Talk, event: Event, at: int) -> None:
    """What an answer asks of the event: to go, to be elsewhere; words without a time may be a title or notes."""
    request = asked(talk.text, now=talk.said_at, zone=talk.user.zone, lang=talk.user.lang)
    kind = None if request is None or request.all else wishes.kind_of(talk, request)
    talk.tx.users.ask(talk.user.id, None)
    if kind == "undo" or phrases.command_of(talk.text) == "undo":
        if not undoing.last(talk, only=event.id):
            undoing.nothing(talk)
    elif kind == "done" or said(talk.text, "done"):
        wishes.grant(talk, "done", "", Occurrence(event, at))
    elif event.feed_id is not None:
        elsewhere.where(talk, event, leads=kind == "leads" or _of_leads(talk))
    elif kind in ("delete", "skip", "end"):
        wishes.grant(talk, kind, "", Occurrence(event, at))
    elif kind == "leads" and request is not None:
        wishes.grant(talk, kind, request.phrase_text, Occurrence(event, at))
    elif kind == "change" and request is not None and request.phrase_text:
        edit.by_phrase(talk, event, at, request.phrase_text)
    elif edit.says_change(talk, talk.text):
        edit.by_phrase(talk, event, at, talk.text, title_too=False)
    else:
        _ask_what(talk, event, at)


def _of_leads(talk: Talk) -> bool:
    """Whether an answer says how long before to remind: “1 day before”, “remind me 2 hours before”."""
    found = understand(talk.text, now=talk.said_at, zone=talk.user.zone, lang=talk.user.lang)
    return bool(found.leads_s) and found.start is None and not found.choices


def _ask_what(talk: Talk, event: Event, at: int) -> None:
    words = talk.words
    talk.ask("words", event=event.id, start_at=at, text=talk.text.strip()[: fields.NOTES_MAX])
    said = say(words, "What shall “{words}” be for {title}?", words=shorten(talk.text, 100), title=named(event.title))
    rows = (
        (Button(words.t("Its notes"), f"words:{talk.number}:notes"),),
        (Button(words.t("Its new title"), f"words:{talk.number}:title"),),
        talk.never_mind,
    )
    talk.say(Message(said, rows))


def words(talk: Talk, number: str, name: str) -> None:
    """What the words of an answer are for was chosen."""
    question = talk.tx.users.asked(talk.user.id)
    if question.get("number") != int(number) or question.get("what") != "words":
        raise StaleError("that question is closed")
    event, at = card.own(talk, int(str(question["event"])), str(question["start_at"]))
    talk.tx.users.ask(talk.user.id, None)
    fields.set_field(talk, event, at, name, str(question["text"]))
