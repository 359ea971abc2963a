"""Events of linked calendars are changed over there: where that is, and what leads to it."""

from __future__ import annotations

from planner import marks
from planner.chat.talk import Talk
from planner.messages import named, titled
from planner.model import MINUTE, SECOND, Event, Feed
from planner.render import Button, Message, Text, Words, bold, duration, plain, say


def where_to_change(talk: Talk, event: Event) -> Message:
    """That a linked calendar's event is changed over there, and how soon that is seen here."""
    words, feed = talk.words, feed_of(talk, event)
    text = say(
        words,
        "{title} is in your calendar {calendar}: change it there, and I follow within {time}.",
        title=named(titled(words, event.title)),
        calendar=bold(plain(marks.named(feed))),
        time=duration(words, feed.every_min * MINUTE // SECOND),
    )
    back = Button(words.t("Show the event"), f"keep:{event.id}:")
    return Message(text, ((_calendar(words, event), back),))


def where(talk: Talk, event: Event) -> None:
    """Say it: in place of the message whose button was pressed, or as an answer."""
    talk.tx.users.ask(talk.user.id, None)
    talk.show(where_to_change(talk, event))


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
    return ((how, _calendar(talk.words, event)),)


def _calendar(words: Words, event: Event) -> Button:
    return Button(words.t("Calendar…"), f"calendar:{event.feed_id}")
