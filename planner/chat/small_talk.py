"""Greetings, thanks and giving up, said and nothing else: answered in kind, not put into the calendar."""

from __future__ import annotations

from planner.chat.talk import Talk
from planner.when import said


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
