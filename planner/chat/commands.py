"""The command menu that Telegram shows: in each language, for everybody and for owners, and what the bot is for."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from planner.chat.access import Access
from planner.chat.talk import Talk
from planner.i18n import LANGS, N_, words
from planner.render import Words
from planner.store import Tx
from planner.telegram.outcomes import Accepted, Outcome

log = logging.getLogger(__name__)

MENU: Mapping[str, str] = {
    "today": N_("what is planned today"),
    "tomorrow": N_("what is planned tomorrow"),
    "week": N_("the next 7 days"),
    "agenda": N_("any days: /agenda next week"),
    "find": N_("find events by a word"),
    "add": N_("add an event, step by step"),
    "undo": N_("take the last change back"),
    "plan": N_("the plan of the day, now"),
    "calendars": N_("your calendars: Google, Outlook and others"),
    "settings": N_("time zone, language, daily plan, quiet hours"),
    "privacy": N_("what I keep, your copy of it, and its end"),
    "help": N_("what I can do"),
}
OWNERS_MENU: Mapping[str, str] = {
    "invite": N_("let somebody else use this bot"),
    "people": N_("who may use this bot"),
    "slo": N_("how well I keep what I promise"),
    "alerts": N_("what is wrong, and what was of late"),
    "health": N_("how my parts are"),
}
GROUP_MENU: Mapping[str, str] = {
    **{name: MENU[name] for name in ("add", "today", "tomorrow", "week", "find", "settings")},
    "stop": N_("turn me off in this group"),
    "help": MENU["help"],
}
EVERYBODY = {"type": "all_private_chats"}
GROUPS = {"type": "all_group_chats"}


class Caller(Protocol):
    async def call(self, method: str, params: Mapping[str, object]) -> Outcome: ...


class Home(NamedTuple):
    """An owner's chat, and the language they speak there."""

    chat_id: int
    lang: str


def homes(tx: Tx, access: Access) -> list[Home]:
    """The chats of those who own the bot."""
    ids = access.admins | {owner for owner in [access.owner(tx)] if owner is not None}
    users = (tx.users.get(one) for one in sorted(ids))
    return [Home(user.chat_id, user.lang) for user in users if user is not None]


async def register(caller: Caller, owners: Sequence[Home] = ()) -> bool:
    """Tell Telegram the commands; whether it took them. Without it everything works, only the menu is as it was."""
    calls: list[tuple[str, dict[str, object]]] = []
    for lang in LANGS:
        code = {} if lang == LANGS[0] else {"language_code": lang}
        calls.append(("setMyCommands", {**_menu(lang, MENU), "scope": EVERYBODY, **code}))
        calls.append(("setMyCommands", {**_menu(lang, GROUP_MENU), "scope": GROUPS, **code}))
        calls.append(("deleteMyCommands", {"scope": {"type": "default"}, **code}))  # where an earlier version set them
    calls += [("setMyCommands", _for_chat(home.chat_id, home.lang, {**MENU, **OWNERS_MENU})) for home in owners]
    taken = [await _taken(caller, method, params) for method, params in calls]
    return all([*taken, await _describe(caller)])


async def _describe(caller: Caller) -> bool:
    """Say what the bot is for, unless its host has said it at @BotFather."""
    found = await caller.call("getMyDescription", {})
    if not isinstance(found, Accepted):
        return False
    if isinstance(found.result, dict) and found.result.get("description"):
        return True
    taken = True
    for lang in LANGS:
        code = {} if lang == LANGS[0] else {"language_code": lang}
        said = words(lang)
        taken &= await _taken(caller, "setMyDescription", {"description": _about(said), **code})
        taken &= await _taken(caller, "setMyShortDescription", {"short_description": _in_short(said), **code})
    return taken


def _about(said: Words) -> str:
    return said.t(
        "I keep your plans and remind you on time. Write to me as you would to a friend: “dentist tomorrow at 9:30”,"
        " “call mom in 20 minutes”, “gym every monday at 19:00”."
    )


def _in_short(said: Words) -> str:
    return said.t("Keeps your plans and reminds you on time.")


async def _taken(caller: Caller, method: str, params: Mapping[str, object]) -> bool:
    outcome = await caller.call(method, params)
    if isinstance(outcome, Accepted):
        return True
    log.warning("menu.refused", extra={"method": method, "cause": outcome.cause})
    return False


def follow(talk: Talk) -> None:
    """Owe the user a menu of their own: in the language they have chosen, and with what owners may do."""
    menu = {**MENU, **OWNERS_MENU} if talk.access.owns(talk.tx, talk.user.id) else MENU
    params = _for_chat(talk.user.chat_id, talk.user.lang, GROUP_MENU if talk.in_group else menu)
    talk.tx.inbox.owe(None, talk.user.chat_id, "setMyCommands", params, talk.now)


def _for_chat(chat_id: int, lang: str, menu: Mapping[str, str]) -> dict[str, object]:
    return {**_menu(lang, menu), "scope": {"type": "chat", "chat_id": chat_id}}


def _menu(lang: str, menu: Mapping[str, str]) -> dict[str, object]:
    said = words(lang)
    return {"commands": [{"command": name, "description": said.t(about)} for name, about in menu.items()]}
