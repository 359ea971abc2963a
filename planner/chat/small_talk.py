"""Greetings, thanks, giving up, and commands in words, said and nothing else: answered, not put into the calendar."""

from __future__ import annotations

from collections.abc import Mapping

from planner.chat import phrases, settings, zones
from planner.chat.routes import COMMANDS
from planner.chat.talk import Talk
from planner.when import said

NOT_TITLES = frozenset({"undo", "help", "settings"})
"""Commands that are no titles where one was asked for; “today” or “tomorrow” is an answer to when."""


def interrupts(talk: Talk, question: Mapping[str, object]) -> bool:
    """Whether the message is a command, though what was asked could be answered by anything."""
    return question.get("what") in ("change", "name", "title") and phrases.command_of(talk.text) in NOT_TITLES


def gave_up(talk: Talk) -> bool:
    """Whether the message gives up what was asked, which is then closed."""
    if not said(talk.text, "give up"):
        return False
    talk.tx.users.ask(talk.user.id, None)
    talk.say(talk.words.t("All right. Nothing was changed."))
    return True


def answered(talk: Talk) -> bool:
    """Whether the message was such a word, and has its answer."""
    if said(talk.text, "hello"):
        talk.say(talk.words.t("Hello! What shall I remind you of, and when? For example “dentist tomorrow at 9:30”."))
    elif said(talk.text, "thanks"):
        talk.say(talk.words.t("You are welcome."))
    else:
        return False
    return True


def commanded(talk: Talk) -> bool:
    """Whether the message says in words what a command does, or sets the language or the place, and has its answer.

    Not in a group: what members may do there is told by the commands' names.
    """
    if talk.in_group:
        return False
    name = phrases.command_of(talk.text)
    if name is not None:
        talk.tx.users.ask(talk.user.id, None)
        COMMANDS[name](talk, "")
        return True
    lang = phrases.language_of(talk.text)
    if lang is not None:
        settings.put(talk, "lang", lang)
        return True
    return zones.told(talk)


def commands(text: str) -> bool:
    """Whether a message is such words: they need no other beginning."""
    return bool(phrases.command_of(text) or phrases.language_of(text) or phrases.place_of(text))
