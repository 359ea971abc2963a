"""Editing one's own message edits the event that it made."""

from __future__ import annotations

from dataclasses import replace

from planner import service
from planner.chat import add, card, drafts, remind
from planner.chat.talk import Talk
from planner.model import Event
from planner.render import Message, bold, cut, plain, say
from planner.when import Phrase, understand


def edited(talk: Talk) -> None:
    """A message of the user's has other words now. One that had made nothing, for it was not understood, is new."""
    assert talk.update.message_id is not None
    event_id = talk.tx.events.said_in(talk.user.chat_id, talk.update.message_id)
    if event_id is None:
        if _was_asked_about(talk):
            add.phrase(talk)
        return
    event = talk.tx.events.get(event_id)
    if event is None:
        talk.say(talk.words.t("That event was deleted meanwhile."))
        return
    found = understand(talk.text, now=talk.said_at, zone=talk.user.zone, lang=talk.user.lang)
    if found.status != "ok" or found.start is None or len(found.title) > card.TITLE_MAX:
        _not_understood(talk, event)
        return
    _rewrite(talk, event, found)


def _was_asked_about(talk: Talk) -> bool:
    """Whether the question that is open is what the message, as it was, led to."""
    question = talk.tx.users.asked(talk.user.id)
    about_new = question.get("what") in ("again", "time", "title", "choose") and not question.get("view")
    return about_new and question.get("message") == talk.update.message_id


def _rewrite(talk: Talk, event: Event, found: Phrase) -> None:
    """The event as if it had been said so at first; what was added to it since stays."""
    new = replace(drafts.draft(found, talk.user, title=found.title), id=event.id, place=event.place, notes=event.notes,
                  link=event.link, source=event.source)  # fmt: skip
    if new == event:
        return
    edited_at = talk.update.edited_ms or talk.now
    if new.rrule is None and not new.all_day and new.start_at < edited_at and new.start_at != event.start_at:
        talk.say(talk.words.t("That time is over. Write one that is still to come."))
        return
    change_id = service.change_event(talk.tx, talk.user, new, talk.now, edited_at)
    remind.became(talk, event, new)
    card.changed(talk, new, drafts.next_start(talk, new), change_id)


def _not_understood(talk: Talk, event: Event) -> None:
    at = drafts.next_start(talk, event)
    said = say(
        talk.words,
        "I cannot read your edited message, so {title} stays as it was.",
        title=bold(cut(plain(event.title), 200)),
    )
    talk.say(Message(said, card.buttons(talk, event, at)))
