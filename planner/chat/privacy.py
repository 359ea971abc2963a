"""/privacy and /forget: what is kept, and the end of all of it."""

from __future__ import annotations

from planner import answering, housekeeping
from planner.chat import access, people
from planner.chat.talk import StaleError, Talk
from planner.model import DAY
from planner.render import Button, Message, Text, bold, join, say


def privacy(talk: Talk, _: str) -> None:
    """/privacy: what is kept, for how long and where, in plain words."""
    talk.say(Message(about(talk), _rights(talk)))


def _rights(talk: Talk) -> tuple[tuple[Button, ...], ...]:
    return ((Button(talk.words.t("Export"), "export"), Button(talk.words.t("Forget me"), "forget")),)


def about(talk: Talk) -> Text:
    """All of it, with the figures that housekeeping works by."""
    words = talk.words
    return join(
        (
            bold(say(words, "What I keep about you")),
            say(words, "Your events, their reminders and your settings; your name and number at Telegram."),
            "",
            bold(say(words, "For how long")),
            say(
                words,
                "• Events: until you delete them; of a deleted one only its times stay, as long as its reminders.\n"
                "• Reminders: {reminders} after they were due.\n"
                "• How an event was before a change, for undo: {changes}.\n"
                "• The text of your messages: until it is answered; an answer that cannot be sent: {answers}.\n"
                "• The numbers of messages I have handled: {numbers}.\n"
                "• Invitations: {invitations}.",
                reminders=_days(talk, talk.access.keep_days),
                changes=_days(talk, housekeeping.CHANGES_KEPT_MS // DAY),
                answers=_days(talk, answering.KEPT_MS // DAY),
                numbers=_days(talk, housekeeping.UPDATES_KEPT_MS // DAY),
                invitations=_days(talk, access.INVITED_FOR_MS // DAY),
            ),
            say(words, "• Linked calendars, with their addresses and events: until you remove them."),
            "",
            bold(say(words, "Where")),
            say(
                words,
                "On the machine that runs this bot, and in the backups its owner makes; I pass nothing on to anybody."
                " Telegram carries our messages and can read them.",
            ),
            say(
                words,
                "To read a linked calendar I ask its server for it, every few minutes, and tell it nothing about you.",
            ),
            "",
            bold(say(words, "What is never written down")),
            say(
                words,
                "Logs and figures hold numbers and times, never what you wrote. How many reminders came on time is"
                " counted without names, and those counts stay.",
            ),
        ),
        "\n",
    )


def _days(talk: Talk, days: int) -> str:
    return talk.words.n("{n} day", "{n} days", days)


def forget(talk: Talk, _: str = "") -> None:
    """/forget: what goes, and whether it shall."""
    words, tx, user = talk.words, talk.tx, talk.user
    if not people.speaks_for(talk):
        return
    talk.ask("forget")
    lines: list[Text | str] = [
        bold(say(words, "Shall I forget you?")),
        say(
            words,
            "I delete everything about you, at once and for good: {events}, all reminders, your settings, and that"
            " you were ever here. It cannot be undone. Only counts without names stay.",
            events=words.n("{n} event", "{n} events", tx.account.count(user.id)),
        ),
    ]
    if talk.access.owner(tx) == user.id:
        lines.append(say(words, "You own this bot: it will have no owner any more. Those you have invited stay."))
    elif tx.people.is_guest(talk.access.bot_id, user.id):
        lines.append(say(words, "You were invited here: to come back, you will need a new invitation."))
    number = talk.number
    talk.say(
        Message(
            join(lines, "\n"),
            (
                (Button(words.t("Give me a copy first"), "export"),),
                (
                    Button(words.t("Forget everything"), f"forgotten:{number}"),
                    Button(words.t("Keep it all"), f"nothing:{number}"),
                ),
            ),
        )
    )


def forgotten(talk: Talk, number: str) -> None:
    """It shall be."""
    tx, user = talk.tx, talk.user
    if not people.speaks_for(talk):
        return
    asked = tx.users.asked(user.id)
    if asked.get("what") != "forget" or asked.get("number") != int(number):
        raise StaleError("that question is closed")
    free = talk.access.release(tx, user.id)
    tx.account.forget(user.id, user.chat_id, talk.update.update_id, talk.now)
    menu: dict[str, object] = {"scope": {"type": "chat", "chat_id": user.chat_id}}
    talk.show(_farewell(talk, free=free))
    tx.inbox.owe(None, user.chat_id, "deleteMyCommands", menu, talk.now)


def _farewell(talk: Talk, *, free: bool) -> Text:
    words = talk.words
    said = say(words, "Forgotten. I know nothing about you any more.")
    if free and talk.access.local:
        more = words.t("Whoever writes to me next owns this bot; with /start we begin anew.")
    elif free:
        more = words.t("This bot belongs to nobody now: a new link that makes its owner stands in its log.")
    elif talk.access.admits(talk.tx, talk.user.id):
        more = words.t("With /start we begin anew.")
    else:
        more = words.t("To come back, ask the owner of this bot for an invitation.")
    return join((said, more), "\n")
