"""What is said in a group about being there: how to address the bot, who may manage it, turning it off, forgetting."""

from __future__ import annotations

from dataclasses import replace

from planner import service
from planner.chat.talk import Talk
from planner.i18n import pick
from planner.messages import named
from planner.model import User
from planner.render import Button, Message, Text, Words, join, say, zone_name
from planner.store import Tx
from planner.telegram.incoming import Incoming

TITLE_MAX = 64


def founded(tx: Tx, update: Incoming, default_zone: str, now: int) -> User:
    """The group as a user, with the language and the time zone of whoever turns the bot on."""
    assert update.chat_id is not None
    host = tx.users.get(update.user_id or 0)
    lang, zone = (host.lang, host.zone) if host else (pick(update.language_code), default_zone)
    user = service.welcome(tx, update.chat_id, update.chat_id, _title(update), lang, zone, now)
    return replace(user, zone_assumed=host is None or host.zone_assumed)


def awake(tx: Tx, user: User, update: Incoming) -> User:
    """The group as it is called now, served again if it was not."""
    current = replace(user, name=_title(update) or user.name, frozen=False)
    if current != tx.users.get(user.id):
        tx.users.save(current)
    return current


def _title(update: Incoming) -> str:
    return (update.title or "")[:TITLE_MAX]


def offer(words: Words, name: str) -> Message:
    """For those who run the bot, in a group where it is off."""
    text = say(
        words,
        "I can keep a plan for this group: everybody here sees it, adds to it and gets its reminders. {command} turns"
        " me on.",
        command=_command("start", name),
    )
    return Message(text, ((Button(words.t("Turn on here"), "group:on"),),))


def is_off(words: Words, name: str) -> str:
    """For anybody else there."""
    return words.t(
        "I keep no plan for this group. Whoever runs me can change that with {command}.",
        command=_command("start", name),
    )


def only_who_runs_it(words: Words) -> str:
    return words.t("Only whoever runs me can do that here.")


def over(words: Words) -> str:
    return words.t("This button no longer works. Write to me again instead.")


def in_private(words: Words, name: str) -> str:
    """For what is no business of a group's."""
    return words.t("That is between the two of us: write to me in private, https://t.me/{name}", name=name)


def hello(talk: Talk) -> None:
    """It has been turned on."""
    title = named(talk.user.name)
    greeting = say(talk.words, "From now on I keep a plan for {title}, and remind everybody here.", title=title)
    talk.say(join((greeting, "", _how(talk)), "\n"))


def _how(talk: Talk) -> Text:
    """How to talk to the bot in a group."""
    words, name = talk.words, talk.access.name
    lines = (
        say(words, "I answer only when you speak to me:"),
        say(words, "• {command} dentist tomorrow at 9:30", command=_command("add", name)),
        say(words, "• {today}, {week}: what is planned", today=_command("today", name), week=_command("week", name)),
        say(words, "• an answer to a message of mine"),
        say(
            words,
            "{settings} (now {zone}, for example) and {stop} are for whoever runs me.",
            settings=_command("settings", name),
            zone=zone_name(talk.user.zone, talk.now, talk.words.lang),
            stop=_command("stop", name),
        ),
    )
    return join(lines, "\n")


def own(talk: Talk, command: str) -> None:
    """The commands that mean something of their own in a group."""
    match command:
        case "stop":
            _stop(talk)
        case "forget":
            _shall_i_forget(talk)
        case _:
            talk.say(_how(talk))


def _stop(talk: Talk) -> None:
    talk.tx.people.remove(talk.access.bot_id, talk.user.id)
    talk.tx.users.dismiss([talk.user.id])
    talk.say(silent(talk.words, talk.access.name))


def silent(words: Words, name: str) -> str:
    """It has been turned off."""
    return words.t(
        "I am silent here from now on. The plan stays: {start} turns me on again, {forget} deletes it.",
        start=_command("start", name),
        forget=_command("forget", name),
    )


def _shall_i_forget(talk: Talk) -> None:
    buttons = (
        (Button(talk.words.t("Delete everything"), "group:forget"), Button(talk.words.t("Keep it"), "group:keep")),
    )
    text = say(
        talk.words, "Shall I delete the plan of this group, all of it? That cannot be undone, and turns me off here."
    )
    talk.say(Message(text, buttons))


def pressed(talk: Talk, what: str) -> None:
    """The buttons of this module."""
    match what:
        case "forget":
            _forget(talk)
        case "keep":
            talk.show(talk.words.t("All right. Nothing was changed."))
        case "on":
            talk.toast(talk.words.t("I am on here already."))
        case _:
            talk.toast(over(talk.words), alert=True)


def _forget(talk: Talk) -> None:
    talk.tx.account.forget(talk.user.id, talk.update.chat_id or talk.user.chat_id, talk.update.update_id, talk.now)
    start = _command("start", talk.access.name)
    talk.show(talk.words.t("Everything about this group is deleted. {start} begins anew.", start=start))


def _command(command: str, name: str) -> str:
    """A command as it reaches this bot and no other."""
    return f"/{command}@{name}" if name else f"/{command}"
