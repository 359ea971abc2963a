"""/add: an event step by step: what, on which day, at what time. Whatever is typed meanwhile is understood, too."""

from __future__ import annotations

from collections.abc import Mapping

from planner import due
from planner.chat import add, card, picker
from planner.chat.parse import understand
from planner.chat.talk import Talk
from planner.render import Message, say


def add_(talk: Talk, text: str) -> None:
    """/add: with words after it they are the event; alone it asks what the event is."""
    if text:
        add.phrase(talk, text)
        return
    talk.ask("name")
    asked = say(talk.words, "What is it? Write its name; with a day and a time, if you like: “dentist friday at 9:30”.")
    talk.say(Message(asked, (talk.never_mind,)))


def answer_name(talk: Talk, _: Mapping[str, object]) -> bool:
    """The event's name, or all of it."""
    found = understand(talk.text, now=talk.said_at, zone=talk.user.zone, lang=talk.user.lang)
    if found.start is not None or found.choices or len(talk.text) > card.TITLE_MAX:
        return False
    talk.ask("time", title=talk.text.strip())
    picker.month(talk, due.day_of(talk.now, talk.user.zone))
    return True


def answer_time(talk: Talk, question: Mapping[str, object]) -> bool:
    """The time of day that was still to be picked, or any words that say when."""
    return picker.answered(talk, question) or add.answer_time(talk, question)
