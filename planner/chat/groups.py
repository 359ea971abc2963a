"""Groups: where the bot is turned on it keeps a plan for the group, and answers only when it is addressed.

A group is a user whose id is the chat id at the time it was first turned on; it is on while it is among the guests.
What reaches the bot at all, Telegram decides: https://core.telegram.org/bots/features#privacy-mode.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import NamedTuple

from planner import settle
from planner.chat import group_talk
from planner.chat.access import Access
from planner.chat.talk import Talk
from planner.i18n import pick, words
from planner.journeys import Handled
from planner.model import User
from planner.render import as_params
from planner.store import Tx
from planner.telegram.incoming import Incoming, Update

TYPES = frozenset({"group", "supergroup"})

OPEN_COMMANDS = frozenset({"add", "agenda", "cancel", "find", "plan", "today", "tomorrow", "undo", "week"})
"""What every member may say."""
OWN_COMMANDS = frozenset({"start", "help", "stop", "forget"})
"""What means something else in a group than in private."""
MANAGED_COMMANDS = frozenset({"calendars", "settings", "stop", "forget"})
"""What only those who run the bot may say, and so with buttons and questions."""
PRIVATE_COMMANDS = frozenset({"alerts", "export", "health", "invite", "people", "privacy", "slo"})
"""What is no business of a group's, and so with buttons. What stands nowhere here is none either."""

OPEN_BUTTONS = frozenset(
    {
        "agenda", "all", "card", "change", "choose", "days", "delete", "done", "field", "find", "give", "help", "keep",
        "later", "nothing", "pick", "picture", "remove", "restore", "scope", "skip", "snooze", "undo",
        "undone", "where", "which", "words",
    }
)  # fmt: skip
MANAGED_BUTTONS = frozenset(
    {
        "calendar", "calendars", "group", "instead", "link", "put", "report", "set", "sync", "tune", "tuned", "unlink",
        "unlinked", "zone", "zones",
    }
)  # fmt: skip
PRIVATE_BUTTONS = frozenset(
    {
        "alert", "alerts", "dismiss", "dismissed", "export", "forget", "forgotten", "health", "import", "leave",
        "people", "published", "revert", "slo", "trends", "unload",
    }
)  # fmt: skip

MANAGED_QUESTIONS = frozenset(
    {"zone", "plan", "leads", "quiet", "link", "instead", "unlink", "calendar_name", "calendar_leads"}
)

COMMAND = re.compile(r"/(\w+)(?:@(\w+))?(?:\s+(.*))?$", re.DOTALL)


class Heard(NamedTuple):
    """What was said to the bot, without its name; ``surely``: it was named, or one of its messages answered."""

    text: str
    surely: bool

    @property
    def command(self) -> str | None:
        """What follows the slash."""
        found = COMMAND.match(self.text)
        return found[1].lower() if found else None

    @property
    def rest(self) -> str:
        """What follows the command."""
        found = COMMAND.match(self.text)
        return (found[3] or "").strip() if found else ""


def stranger(handled: Handled) -> None:
    """Somebody who may not was refused."""
    handled.outcome = "refused"
    handled.refusals.append("stranger")


@dataclass(frozen=True, slots=True)
class Door:
    """What of a group's talk is for the bot. ``commands``: all that there are."""

    access: Access
    default_zone: str
    commands: Collection[str]

    def enter(self, tx: Tx, update: Incoming, now: int, handled: Handled) -> Talk | None:
        """The talk that is to be carried on as in private; ``None`` where nothing more is to be said."""
        if update.chat_id is None or update.user_id is None:
            return None
        user = tx.users.of_chat(update.chat_id)
        heard = self._heard(update)
        if heard is not None:
            update = replace(update, text=heard.text)
        if user is None or not self.access.admits(tx, user.id):
            self._while_off(tx, update, user, heard, now, handled)
            return None
        if update.kind in {Update.MESSAGE, Update.EDITED} and heard is None:
            return None
        talk = Talk(tx, now, update, group_talk.awake(tx, user, update), self.access, handled)
        if update.kind is Update.CALLBACK:
            return self._pressed(talk)
        return self._said(talk, heard) if heard is not None else None

    def moved(self, tx: Tx, update: Incoming) -> bool:
        """Whether the update says that a group has become a supergroup; its plan is followed there."""
        old = update.moved_from if update.moved_from is not None else update.chat_id
        new = update.moved_to if update.moved_to is not None else update.chat_id
        if old is None or new is None or old == new:
            return False
        settle.move(tx, old, new)
        user = tx.users.of_chat(new)
        if user is not None and self.access.admits(tx, user.id):
            group_talk.awake(tx, user, replace(update, chat_id=new))
        return True

    def _heard(self, update: Incoming) -> Heard | None:
        """What was said to this bot; ``None`` where it was said to others, or nothing was."""
        if update.kind not in {Update.MESSAGE, Update.EDITED}:
            return None
        answered = update.reply_to is not None and update.reply_to.bot_id == self.access.bot_id
        rest = _without(update, self.access.name)
        text = ((update.text or "") if rest is None else rest).strip()
        if command := COMMAND.match(text):
            if command[2] and command[2].casefold() != self.access.name.casefold():
                return None
            surely = bool(command[2]) or answered or rest is not None
            return Heard(f"/{command[1]} {command[3] or ''}".strip(), surely)
        return Heard(text, surely=True) if answered or rest is not None else None

    def _said(self, talk: Talk, heard: Heard) -> Talk | None:
        name = heard.command
        if name is None:
            return self._told(talk)
        if name == "add" and heard.rest:
            talk.tx.users.ask(talk.user.id, None)
            return replace(talk, update=replace(talk.update, text=heard.rest))
        known = name in self.commands or name in OWN_COMMANDS
        if talk.update.kind is Update.EDITED or not (heard.surely or known):
            return None
        if name in MANAGED_COMMANDS and not self.access.runs(talk.tx, talk.update.user_id):
            talk.say(group_talk.only_who_runs_it(talk.words))
        elif name in OWN_COMMANDS:
            group_talk.own(talk, name)
        elif name in OPEN_COMMANDS | MANAGED_COMMANDS or not known:
            return talk
        else:
            talk.say(group_talk.in_private(talk.words, self.access.name))
        return None

    def _told(self, talk: Talk) -> Talk | None:
        """Words without a command: an event, the answer to a question, or nothing but the bot's name."""
        if talk.update.document is not None:
            talk.say(group_talk.in_private(talk.words, self.access.name))
            return None
        if not talk.text and talk.update.content is None:
            group_talk.own(talk, "help")
            return None
        asked = talk.tx.users.asked(talk.user.id).get("what")
        if asked in MANAGED_QUESTIONS and not self.access.runs(talk.tx, talk.update.user_id):
            talk.tx.users.ask(talk.user.id, None)
        return talk

    def _pressed(self, talk: Talk) -> Talk | None:
        verb, _, what = (talk.update.data or "").partition(":")
        if verb in OPEN_BUTTONS:
            return talk
        if verb not in MANAGED_BUTTONS:
            if verb not in PRIVATE_BUTTONS:
                talk.handled.refusals.append("forged_button")
            talk.toast(group_talk.in_private(talk.words, self.access.name), alert=True)
        elif not self.access.runs(talk.tx, talk.update.user_id):
            talk.toast(group_talk.only_who_runs_it(talk.words), alert=True)
        elif verb != "group":
            return talk
        else:
            group_talk.pressed(talk, what)
        talk.toast()
        return None

    def _while_off(self, tx: Tx, update: Incoming, user: User | None, heard: Heard | None, now: int,
                   handled: Handled) -> None:  # fmt: skip
        """Those who run the bot may turn it on; anybody else who addresses it hears one sentence, once."""
        runs = self.access.runs(tx, update.user_id)
        match update.kind:
            case Update.CALLBACK:
                if not runs:
                    stranger(handled)
                self._pressed_while_off(tx, update, user, now, runs=runs)
            case Update.UNBLOCKED if runs and update.joined:
                self._offer(tx, update, now)
            case Update.MESSAGE if heard is not None and runs and heard.command == "start":
                self._turn_on(tx, update, user, now)
            case Update.MESSAGE if heard is not None and runs and heard.command == "forget" and user is not None:
                group_talk.own(Talk(tx, now, update, user, self.access), "forget")
            case Update.MESSAGE if heard is not None and heard.surely:
                if runs:
                    self._offer(tx, update, now)
                    return
                stranger(handled)
                if tx.users.refuse(update.chat_id or 0, now):
                    text = group_talk.is_off(words(pick(update.language_code)), self.access.name)
                    self._owe(tx, update, now, "sendMessage", {"text": text})

    def _pressed_while_off(self, tx: Tx, update: Incoming, user: User | None, now: int, *, runs: bool) -> None:
        verb, _, what = (update.data or "").partition(":")
        if runs and verb == "group" and what != "on" and user is not None:
            talk = Talk(tx, now, update, user, self.access)
            group_talk.pressed(talk, what)
            talk.toast()
            return
        said = words(pick(update.language_code))
        text = group_talk.over(said)
        if verb == "group" and not runs:
            text = group_talk.only_who_runs_it(said)
        elif verb == "group" and what == "on":
            self._turn_on(tx, update, user, now)
            text = ""
        params: dict[str, object] = {"callback_query_id": update.callback_id, "text": text, "show_alert": bool(text)}
        self._owe(tx, update, now, "answerCallbackQuery", params)

    def _offer(self, tx: Tx, update: Incoming, now: int) -> None:
        message = group_talk.offer(words(pick(update.language_code)), self.access.name)
        self._owe(tx, update, now, "sendMessage", as_params(message))

    def _turn_on(self, tx: Tx, update: Incoming, user: User | None, now: int) -> None:
        user = user or group_talk.founded(tx, update, self.default_zone, now)
        tx.people.admit(self.access.bot_id, user.id, now)
        group_talk.hello(Talk(tx, now, update, group_talk.awake(tx, user, update), self.access))

    def _owe(self, tx: Tx, update: Incoming, now: int, method: str, params: dict[str, object]) -> None:
        assert update.chat_id is not None
        tx.inbox.owe(update.update_id, update.chat_id, method, params, now)


def _without(update: Incoming, name: str) -> str | None:
    """The text without the mentions of a name; ``None`` where it is not mentioned."""
    text = update.text or ""
    places = [
        one
        for one in update.named
        if one.kind == "mention" and text[one.start : one.end].casefold() == f"@{name}".casefold()
    ]
    if not places:
        return None
    for one in reversed(places):
        text = f"{text[: one.start].rstrip()} {text[one.end :].lstrip()}"
    return text.strip(" ,:;—–-")
