"""/invite and /people: whom an owner lets in, and shows out."""

from __future__ import annotations

from planner import due
from planner.chat import group_talk
from planner.chat.access import INVITED_FOR_MS
from planner.chat.talk import StaleError, Talk
from planner.i18n import words
from planner.model import DAY, User
from planner.render import Button, Message, Text, bold, code, cut, join, plain, say

INVITES_MAX = 20
"""Invitations that may be open at the same time."""
LISTED = 50
NAME_SHOWN = 40


def invite(talk: Talk, _: str) -> None:
    """/invite: what lets one more person in."""
    if not owns(talk):
        return
    said, tx, bot_id = talk.words, talk.tx, talk.access.bot_id
    if talk.access.users is None:
        talk.say(said.t("Anybody may use this bot: PLANNER_USERS is *. Just tell them its name."))
        return
    if len(tx.people.invites(bot_id, talk.now)) >= INVITES_MAX:
        talk.say(said.n("{n} invitation is open already.", "{n} invitations are open already.", INVITES_MAX))
        return
    days = said.n("{n} day", "{n} days", INVITED_FOR_MS // DAY)
    link = talk.access.invite(tx, talk.now)
    how = (
        say(said, "Let them open this link:")
        if link.startswith("https://")
        else say(said, "Let them send this to the bot:")
    )
    text = join(
        (
            how,
            plain(link) if link.startswith("https://") else code(link),
            say(said, "It lets in one person, and holds for {days}. /people shows who is here.", days=days),
        ),
        "\n",
    )
    talk.say(text)


def people(talk: Talk, _: str) -> None:
    """/people: who may use the bot."""
    if owns(talk):
        talk.say(_list(talk))


def show(talk: Talk) -> None:
    """Back to the list."""
    if owns(talk):
        talk.tx.users.ask(talk.user.id, None)
        talk.show(_list(talk))


def owns(talk: Talk) -> bool:
    """Whether the sender owns the bot; else they are told that only owners can."""
    if talk.access.owns(talk.tx, talk.update.user_id or 0):
        return True
    talk.say(talk.words.t("Only the owner of this bot can do that."))
    return False


def speaks_for(talk: Talk) -> bool:
    """Whether the sender may do as they like with what is kept: it is theirs, or a group's and they own the bot."""
    return talk.update.user_id == talk.user.id or owns(talk)


def _list(talk: Talk) -> Message:
    said, access, tx = talk.words, talk.access, talk.tx
    lines: list[Text] = [bold(said.t("Who may use this bot"))]
    owner = access.owner(tx)
    if owner is not None:
        lines.append(_numbered(talk, owner, say(said, "• {name}: the owner", name=name_of(talk, owner))))
    lines += [
        _numbered(talk, one, say(said, "• {name}: PLANNER_ADMINS", name=name_of(talk, one)))
        for one in sorted(access.admins - {owner})
    ]
    if access.users is None:
        lines.append(say(said, "• anybody: PLANNER_USERS is *"))
    named = sorted((access.users or frozenset()) - access.admins)
    lines += [
        _numbered(talk, one, say(said, "• {name}: PLANNER_USERS", name=name_of(talk, one))) for one in named[:LISTED]
    ]
    guests = tx.people.guests(access.bot_id)
    lines += [
        _numbered(talk, one.user_id, say(said, "• {name}: invited", name=name_of(talk, one.user_id)))
        for one in guests[:LISTED]
    ]
    if not guests:
        lines.append(say(said, "You have invited nobody yet: /invite."))
    buttons = tuple(
        (Button(said.t("Remove {name}", name=name_of(talk, one.user_id)), f"dismiss:{one.user_id}"),)
        for one in guests[:LISTED]
    )
    return Message(join(lines, "\n"), buttons)


def name_of(talk: Talk, user_id: int) -> str:
    """By their name, else by their number."""
    user = talk.tx.users.get(user_id)
    return cut(plain(user.name), NAME_SHOWN).text if user is not None and user.name.strip() else str(user_id)


def _numbered(talk: Talk, user_id: int, line: Text) -> Text:
    """With the number by which the log knows somebody: so their complaint finds their reminders there."""
    number = str(user_id)
    return line if name_of(talk, user_id) == number else join((line, code(number)), " · ")


def dismiss(talk: Talk, user_id: str) -> None:
    """Whether somebody shall really go."""
    if not owns(talk):
        return
    guest = int(user_id)
    if not talk.tx.people.is_guest(talk.access.bot_id, guest):
        raise StaleError("no guest")
    talk.ask("dismiss", user=guest)
    text = say(
        talk.words,
        "Shall {name} no longer use this bot? Their reminders stop at once. What is theirs stays until they delete it.",
        name=bold(name_of(talk, guest)),
    )
    yes = Button(talk.words.t("Remove"), f"dismissed:{guest}:{talk.number}")
    talk.show(Message(text, ((yes, Button(talk.words.t("Back"), "people")),)))


def dismissed(talk: Talk, user_id: str, number: str) -> None:
    """They shall."""
    asked = talk.tx.users.asked(talk.user.id)
    open_ = (asked.get("what"), asked.get("number"), asked.get("user")) == ("dismiss", int(number), int(user_id))
    if not open_ or not talk.access.owns(talk.tx, talk.update.user_id or 0):
        raise StaleError("that question is closed")
    talk.tx.users.ask(talk.user.id, None)
    guest = int(user_id)
    talk.tx.people.remove(talk.access.bot_id, guest)
    user = talk.tx.users.get(guest)
    if user is not None and not talk.access.admits(talk.tx, guest):
        _show_out(talk, user)
    talk.show(_list(talk))


def _show_out(talk: Talk, user: User) -> None:
    """Nothing is sent to them any more but this."""
    if not user.frozen:
        text = _farewell(talk, user)
        at = due.after_quiet(talk.now, user.quiet, user.zone)
        talk.tx.inbox.owe(None, user.chat_id, "sendMessage", {"text": text}, talk.now, at)
    talk.tx.users.dismiss([user.id])


def _farewell(talk: Talk, user: User) -> str:
    said = words(user.lang)
    if user.id < 0:
        return group_talk.silent(said, talk.access.name)
    return said.t(
        "The owner of this bot has removed you: no reminder will come any more. /export gives you all that is yours,"
        " and /forget deletes it."
    )
