"""Editing one's own message edits the event that it made."""

from __future__ import annotations

from dataclasses import replace

from planner import scopes, service
from planner.chat import card, drafts, remind
from planner.chat.parse import understand
from planner.chat.talk import Talk
from planner.messages import named
from planner.model import Event
from planner.render import Message, say
from planner.when import Phrase


def answered(talk: Talk) -> bool:
    """Whether the message of the user's that has other words now has made an event; that follows it."""
    assert talk.update.message_id is not None
    event_id = talk.tx.events.said_in(talk.user.chat_id, talk.update.message_id)
    if event_id is None:
        return False
    event, _ = card.own(talk, event_id)
    found = understand(talk.text, now=talk.said_at, zone=talk.user.zone, lang=talk.user.lang)
    readable = found.status == "ok" or found.why == "no_title"
    if not readable or found.start is None or len(found.title) > card.TITLE_MAX or talk.text.startswith("/"):
        _not_understood(talk, event)
    else:
        _rewrite(talk, event, found)
    return True


def _rewrite(talk: Talk, event: Event, found: Phrase) -> None:
    """The event as if it had been said so at first; what was added to it since stays."""
    new = _as_said(event, drafts.draft(found, talk.user, title=found.title or event.title))
    if new == event:
        return
    edited_at = talk.update.edited_ms or talk.now
    if new.rrule is None and not new.all_day and new.start_at < edited_at and new.start_at != event.start_at:
        talk.say(talk.words.t("That time is over. Write one that is still to come."))
        return
    change_id = service.change_event(talk.tx, talk.user, new, talk.now, edited_at)
    remind.became(talk, event, new)
    card.changed(talk, new, drafts.next_start(talk, new), change_id)


def _as_said(event: Event, new: Event) -> Event:
    """What a message says anew, with all of the event that it does not speak of."""
    rule = new.rrule and event.rrule and scopes.cut_as(new.rrule, event.rrule)
    left_out = {*new.excluded, *(f"{day[:10]}{new.start_local[10:]}" for day in event.excluded)} if rule else set()
    return replace(
        event,
        title=new.title,
        start_local=new.start_local,
        start_at=new.start_at,
        duration_s=new.duration_s,
        all_day=new.all_day,
        zone=new.zone,
        rrule=rule or new.rrule,
        instant=new.instant,
        leads_s=event.leads_s if new.leads_s is None else new.leads_s,
        excluded=tuple(sorted(left_out)) if rule else new.excluded,
        nag=event.nag or new.nag,
    )


def _not_understood(talk: Talk, event: Event) -> None:
    at = drafts.next_start(talk, event)
    said = say(
        talk.words,
        "I cannot read your edited message, so {title} stays as it was.",
        title=named(event.title),
    )
    talk.say(Message(said, card.buttons(talk, event, at)))
