"""Help, and what to say to what nobody understands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from planner.chat.talk import StaleError, Talk
from planner.render import Button, Message, Text, Words, bold, join, say


class Chapter(NamedTuple):
    """What stands on its button, and what it says."""

    title: Callable[[Words], str]
    text: Callable[[Words], Text]


def help_(talk: Talk, _: str) -> None:
    """/help: the chapters, each behind a button."""
    talk.say(_contents(talk))


def chapter(talk: Talk, name: str = "") -> None:
    """One of the chapters in place of what is shown; without a name, the list of them."""
    if not name:
        talk.show(_contents(talk))
        return
    if name not in CHAPTERS:
        raise ValueError("no such chapter")
    one, words = CHAPTERS[name], talk.words
    buttons = ((Button(words.t("Back"), "help"),),)
    talk.show(Message(join((bold(one.title(words)), one.text(words)), "\n"), buttons))


def _contents(talk: Talk) -> Message:
    words = talk.words
    text = join(
        (
            bold(say(words, "What I can do")),
            say(
                words,
                "Write what and when, as you would to a friend: “dentist tomorrow at 9:30”. I remind you in time, and"
                " whatever you do can be undone for a day.",
            ),
            say(words, "What shall I tell you more about?"),
        ),
        "\n",
    )
    owns = not talk.in_group and talk.access.owns(talk.tx, talk.user.id)
    shown = {name: one for name, one in CHAPTERS.items() if owns or name != OWNERS}
    buttons = [Button(one.title(words), f"help:{name}") for name, one in shown.items()]
    return Message(text, tuple(tuple(buttons[first : first + 2]) for first in range(0, len(buttons), 2)))


def _adding(words: Words) -> Text:
    return say(
        words,
        "Write it in your own words, in any order:\n"
        "• dentist tomorrow at 9:30\n"
        "• tea in 20 minutes\n"
        "• party on saturday from 19:00 to 23:00, remind me 1 day before\n"
        "• call Berlin at 9am Berlin time\n"
        "What is missing I ask for; what I assume I say. /add goes step by step, with a calendar to tap. A forwarded"
        " message becomes an event, too: answer it with the time.",
    )


def _changing(words: Words) -> Text:
    return say(
        words,
        "Press Change under an event, or answer its message: “move to friday 15:00”. Editing your own message changes"
        " the event that it made. Delete takes it away. Words do, too: “move dentist to 11”, “stop gym”, “delete"
        " everything tomorrow”.\n"
        "Under every change stands Undo: it takes the change back for a day, a deletion as well. So does /undo.",
    )


def _repeating(words: Words) -> Text:
    return say(
        words,
        "Say how often:\n"
        "• gym every monday at 19:00\n"
        "• report every last friday at 16:00\n"
        "• pills every day at 8 until june\n"
        "• salary on the 5th of every month\n"
        "When you change or delete one, I ask: only this one, this and those after it, or all. One day can be skipped.",
    )


def _reminders(words: Words) -> Text:
    return say(
        words,
        "I remind you before each event, as long before as /settings says, or as you said for this one: “remind me"
        " 1 day and 2 hours before”.\n"
        "Under a reminder: Done, which stops what is still to come for it, and buttons to be reminded later; a time"
        " that you write as an answer does, too. With “important” I repeat it until Done.\n"
        "In quiet hours I am silent: what falls there comes just before, or as they end.",
    )


def _looking(words: Words) -> Text:
    return say(
        words,
        "/today, /tomorrow and /week show what is planned, /agenda any days: “/agenda 7.11-11.11”. /find looks for"
        " words: “/find dentist”. The numbers under a list open an event.\n"
        "/plan is your day in one message; /settings says when it comes by itself.",
    )


def _calendars(words: Words) -> Text:
    return say(
        words,
        "/calendars links calendars of Google, Outlook, iCloud, Yandex, Nextcloud and others: their events stand in"
        " your days and remind you, and I follow what changes over there. You can also just paste a calendar’s address"
        " here.\n"
        "Each has its mark, its own reminders, and a place in the plan or none. I only read: an event is changed in its"
        " own calendar.\n"
        "A calendar file (.ics) that you send me becomes your own events, once you have seen what is in it. /export ics"
        " gives you yours as such a file, for any other calendar.",
    )


def _settings(words: Words) -> Text:
    return say(
        words,
        "/settings: your time zone, language, the hour of the daily plan, how long before an event I remind you, quiet"
        " hours. A change moves the reminders that are already set.",
    )


def _privacy(words: Words) -> Text:
    return say(
        words,
        "/privacy says what I keep and for how long. /export gives you all of it as two files; send me the first one,"
        " and your events come back. /forget deletes everything.\n"
        "The owner of this bot lets others in with /invite; /people shows who is here.",
    )


def _running(words: Words) -> Text:
    return say(
        words,
        "/slo says how well I keep what I promise, /alerts what is wrong or was of late, /health how my parts are.\n"
        "When a promise breaks I tell you by myself. The buttons under it say that you are on it, keep me silent for a"
        " while, name what went wrong, and tell what to do and how to restart me. 🔴 means: look now; 🟠: look today;"
        " 🟡: an early notice.\n"
        "/invite lets somebody else in, /people shows who is here.",
    )


OWNERS = "running"
"""The chapter that only owners are offered."""
CHAPTERS: Mapping[str, Chapter] = {
    "adding": Chapter(lambda words: words.t("Adding"), _adding),
    "changing": Chapter(lambda words: words.t("Changing"), _changing),
    "repeating": Chapter(lambda words: words.t("Repeating"), _repeating),
    "reminders": Chapter(lambda words: words.t("Reminders"), _reminders),
    "looking": Chapter(lambda words: words.t("Looking"), _looking),
    "calendars": Chapter(lambda words: words.t("Calendars"), _calendars),
    "settings": Chapter(lambda words: words.t("Settings"), _settings),
    "privacy": Chapter(lambda words: words.t("Privacy"), _privacy),
    OWNERS: Chapter(lambda words: words.t("Running me"), _running),
}


def cancel(talk: Talk, _: str) -> None:
    """/cancel: no question is open any more."""
    talk.say(talk.words.t("All right. Nothing was changed."))


def cancel_button(talk: Talk, number: str) -> None:
    """The button that closes its question, while that is the open one."""
    if talk.tx.users.asked(talk.user.id).get("number") != int(number):
        raise StaleError("that question is closed")
    talk.tx.users.ask(talk.user.id, None)
    talk.show(talk.words.t("All right. Nothing was changed."))


def unpressed(talk: Talk, _: Mapping[str, object]) -> bool:
    """Whatever is written instead of pressing a button closes the question, and is what it is."""
    talk.tx.users.ask(talk.user.id, None)
    return False


def unknown(talk: Talk, _: str) -> None:
    """A command that there is not."""
    talk.say(talk.words.t("I know no such command. /help says what I can do."))


def only_text(talk: Talk) -> None:
    """A photo, a voice message, a sticker: nothing to read a time from."""
    talk.say(talk.words.t("I can only read text so far. Write what and when, such as “dentist tomorrow at 9:30”."))
