"""What a bot says about itself: commands, descriptions, menu button. There are no webhooks here.

https://core.telegram.org/bots/api#setmycommands
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Mapping

from planner.localchat import state
from planner.localchat.errors import bad
from planner.localchat.params import Params

COMMANDS_MAX = 100
COMMAND_DESCRIPTION_MAX = 256
DESCRIPTION_MAX = 512
SHORT_DESCRIPTION_MAX = 120

_COMMAND = re.compile(r"/?([a-z0-9_]{1,32})")
_LANGUAGE = re.compile(r"([a-z]{2})?")
_SCOPES = frozenset(
    {
        "default",
        "all_private_chats",
        "all_group_chats",
        "all_chat_administrators",
        "chat",
        "chat_administrators",
        "chat_member",
    }
)

Method = Callable[[sqlite3.Connection, Params], object]


def scopes_for(chat_id: int, language: str) -> list[tuple[str, str]]:
    """Scopes and languages in the order in which a chat takes its commands from them."""
    kind = "all_private_chats" if chat_id > 0 else "all_group_chats"
    return [(scope, code) for scope in (f"chat:{chat_id}", kind, "default") for code in (language[:2], "")]


def _scope(params: Params) -> str:
    scope = params.json("scope", "can't parse BotCommandScope: Expected an Object")
    if scope is None:
        return "default"
    if not isinstance(scope, dict) or scope.get("type") not in _SCOPES:
        raise bad("can't parse BotCommandScope: Unsupported type specified")
    parts = [str(scope[name]) for name in ("chat_id", "user_id") if name in scope]
    return ":".join([str(scope["type"]), *parts])


def _language(params: Params) -> str:
    language = params.text("language_code")
    if not _LANGUAGE.fullmatch(language):
        raise bad("invalid language code specified")
    return language


def _set_commands(connection: sqlite3.Connection, params: Params) -> bool:
    given = params.json("commands", "can't parse commands JSON object")
    if not isinstance(given, list):
        raise bad("expected an Array of BotCommand")
    if len(given) > COMMANDS_MAX:
        raise bad("too many commands specified")
    state.put_commands(connection, _scope(params), _language(params), [_command(one) for one in given])
    return True


def _command(given: object) -> Mapping[str, object]:
    if not isinstance(given, dict) or not isinstance(given.get("command"), str):
        raise bad("can't parse BotCommand: Can't find field \"command\"")
    matched = _COMMAND.fullmatch(given["command"])
    if not matched:
        raise bad("BOT_COMMAND_INVALID")
    description = given.get("description")
    if not isinstance(description, str) or not 1 <= len(description.strip()) <= COMMAND_DESCRIPTION_MAX:
        raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": matched.group(1), "description": description.strip()}


def _get_commands(connection: sqlite3.Connection, params: Params) -> object:
    return state.commands(connection, [(_scope(params), _language(params))])


def _delete_commands(connection: sqlite3.Connection, params: Params) -> bool:
    state.put_commands(connection, _scope(params), _language(params), [])
    return True


def _setter(field: str, longest: int) -> Method:
    def method(connection: sqlite3.Connection, params: Params) -> bool:
        text = params.text(field)
        if len(text) > longest:
            raise bad(f"{field.replace('_', ' ')} is too long")
        state.put_fact(connection, f"{field}:{_language(params)}", text)
        return True

    return method


def _getter(field: str) -> Method:
    def method(connection: sqlite3.Connection, params: Params) -> object:
        return {field: state.fact(connection, f"{field}:{_language(params)}") or state.fact(connection, f"{field}:")}

    return method


def _set_menu_button(connection: sqlite3.Connection, params: Params) -> bool:
    button = params.json("menu_button", "can't parse MenuButton: Expected an Object")
    if button is not None and (not isinstance(button, dict) or not isinstance(button.get("type"), str)):
        raise bad("can't parse MenuButton: Can't find field \"type\"")
    state.put_fact(connection, "menu_button", json.dumps(button or {"type": "default"}))
    return True


def _get_menu_button(connection: sqlite3.Connection, _: Params) -> object:
    return json.loads(state.fact(connection, "menu_button") or '{"type":"default"}')


def _webhook_info(connection: sqlite3.Connection, _: Params) -> object:
    return {"url": "", "has_custom_certificate": False, "pending_update_count": state.waiting_updates(connection)}


def _delete_webhook(connection: sqlite3.Connection, params: Params) -> bool:
    if params.flag("drop_pending_updates"):
        state.drop_updates(connection)
    return True


def _done(_: sqlite3.Connection, __: Params) -> bool:
    return True


PROFILE: Mapping[str, Method] = {
    "setmycommands": _set_commands,
    "getmycommands": _get_commands,
    "deletemycommands": _delete_commands,
    "setmydescription": _setter("description", DESCRIPTION_MAX),
    "getmydescription": _getter("description"),
    "setmyshortdescription": _setter("short_description", SHORT_DESCRIPTION_MAX),
    "getmyshortdescription": _getter("short_description"),
    "setmyname": _setter("name", 64),
    "getmyname": _getter("name"),
    "setchatmenubutton": _set_menu_button,
    "getchatmenubutton": _get_menu_button,
    "getwebhookinfo": _webhook_info,
    "deletewebhook": _delete_webhook,
    "close": _done,
    "logout": _done,
}
