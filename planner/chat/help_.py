"""Help, and what to say to what nobody understands."""

from __future__ import annotations

from planner.chat.talk import Talk
from planner.render import bold, join, say


def help_(talk: Talk, _: str) -> None:
    """/help: what can be said, a few lines a subject."""
    words = talk.words
    talk.say(
        join(
            (
                bold(say(words, "Add something")),
                say(
                    words,
                    "Write what and when: “dentist tomorrow at 9:30”, “tea in 20 minutes”, “report every friday at"
                    " 16:00”, “party on saturday 19:00 for 3 hours, remind me 1 day before”.",
                ),
                "",
                bold(say(words, "Look")),
                say(
                    words,
                    "/today, /tomorrow, /week: what is planned. The numbers under a list open an event.\n"
                    "/plan: your day in one message; /settings says when it comes by itself.",
                ),
                "",
                bold(say(words, "Change")),
                say(
                    words,
                    "Every event has buttons to change or delete it, and whatever you do can be undone for a day.",
                ),
                "",
                bold(say(words, "Settings")),
                say(
                    words,
                    "/settings: time zone, language, daily plan, how long before an event I remind you, quiet hours.",
                ),
            ),
            "\n",
        )
    )


def cancel(talk: Talk, _: str) -> None:
    """/cancel: no question is open any more."""
    talk.say(talk.words.t("All right. Nothing was changed."))


def cancel_button(talk: Talk, number: str) -> None:
    """The button that closes its question, while that is the open one."""
    if talk.tx.users.asked(talk.user.id).get("number") != int(number):
        raise ValueError("that question is closed")
    talk.tx.users.ask(talk.user.id, None)
    talk.show(talk.words.t("All right. Nothing was changed."))


def unknown(talk: Talk, _: str) -> None:
    """A command that there is not."""
    talk.say(talk.words.t("I know no such command. /help says what I can do."))


def only_text(talk: Talk) -> None:
    """A photo, a voice message, a sticker: nothing to read a time from."""
    talk.say(talk.words.t("I can only read text so far. Write what and when, such as “dentist tomorrow at 9:30”."))
