"""Events of linked calendars are changed over there: where that is, and what leads to it."""

from __future__ import annotations

from collections.abc import Sequence

from planner import marks
from planner.chat.talk import Talk
from planner.messages import named, titled
from planner.model import MINUTE, SECOND, Event, Feed
from planner.render import Button, Message, Text, bold, duration, join, plain, say, shorten

LABEL_UNITS = 40


def where_to_change(talk: Talk, events: Sequence[Event], *, leads: bool = False) -> Message:
    """That linked calendars' events are changed over there, and how soon that is seen here; once for each calendar.

    ``leads``: it is their reminders that shall change, which are set here, for a calendar.
    """
    first = {event.feed_id: event for event in reversed(events)}
    shown = [event for event in events if first[event.feed_id] is event]
    text = join([(_leads if leads else _change)(talk, event) for event in shown], "\n")
    if len(events) > 1:
        return Message(text, tuple((_calendar(talk, event, by_name=len(shown) > 1),) for event in shown))
    back = Button(talk.words.t("Show the event"), f"keep:{events[0].id}:")
    return Message(text, ((_calendar(talk, events[0]), back),))


def _change(talk: Talk, event: Event) -> Text:
    words, feed = talk.words, feed_of(talk, event)
    return say(
        words,
        "{title} is in your calendar {calendar}: change it there, and I follow within {time}.",
        title=named(titled(words, event.title)),
        calendar=bold(plain(marks.named(feed))),
        time=duration(words, feed.every_min * MINUTE // SECOND),
    )


def _leads(talk: Talk, event: Event) -> Text:
    return say(
        talk.words,
        "{title} is in your calendar {calendar}. How long before I remind you is set here, for all of its events:"
        " Calendar… → Reminders.",
        title=named(titled(talk.words, event.title)),
        calendar=bold(plain(marks.named(feed_of(talk, event)))),
    )


def where(talk: Talk, *events: Event, leads: bool = False) -> None:
    """Say it: in place of the message whose button was pressed, or as an answer."""
    talk.tx.users.ask(talk.user.id, None)
    talk.show(where_to_change(talk, events, leads=leads))


def stay(talk: Talk, events: Sequence[Event]) -> Text:
    """That the events of these calendars stay as they are."""
    names = dict.fromkeys(marks.named(feed_of(talk, event)) for event in events)
    calendars = bold(plain(", ".join(names)))
    return say(talk.words, "What is in {calendars} stays: change it there.", calendars=calendars)


def feed_of(talk: Talk, event: Event) -> Feed:
    """The calendar that an event is in. Raises ``ValueError`` for one that was made here."""
    feed = None if event.feed_id is None else talk.tx.feeds.get(event.feed_id)
    if feed is None:
        raise ValueError("in no linked calendar")
    return feed


def line(talk: Talk, event: Event) -> Text:
    """What a card says of its event's calendar."""
    calendar = bold(plain(marks.named(feed_of(talk, event))))
    return say(talk.words, "In your calendar {calendar}", calendar=calendar)


def buttons(talk: Talk, event: Event, start_at: int) -> tuple[tuple[Button, ...], ...]:
    """What there is to do about it here. One names the event, so that an answer to the message is about that."""
    how = Button(talk.words.t("How do I change it?"), f"where:{event.id}:{start_at}")
    return ((how, _calendar(talk, event)),)


def _calendar(talk: Talk, event: Event, *, by_name: bool = False) -> Button:
    label = shorten(marks.named(feed_of(talk, event)), LABEL_UNITS) if by_name else talk.words.t("Calendar…")
    return Button(label, f"calendar:{event.feed_id}")
