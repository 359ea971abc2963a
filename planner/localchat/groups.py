"""Groups: what of their talk reaches a bot, who adds and removes it, and how a group becomes a supergroup.

As Telegram does it with privacy mode on, which is its default: https://core.telegram.org/bots/features#privacy-mode.
A message that only mentions the bot is not among what reaches it then.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import replace

from planner.localchat import show, state
from planner.localchat.errors import Unusable
from planner.localchat.show import Json
from planner.localchat.state import Chat, Draft, Message, User

Fields = Mapping[str, object]

MEMBER, ADMINISTRATOR, LEFT, KICKED = "member", "administrator", "left", "kicked"
IN_GROUP = (MEMBER, ADMINISTRATOR)
STATUSES = (*IN_GROUP, LEFT, KICKED)
"""What the bot may be in a group (https://core.telegram.org/bots/api#chatmember)."""


def title_from(given: object, chat_id: int) -> str | None:
    """What a group is called, from a ``Chat``, whose type has to be the one that its id says. Raises ``Unusable``."""
    if given is None:
        return None
    kind = "private" if chat_id > 0 else "supergroup" if chat_id < show.SUPERGROUP_BELOW else "group"
    title = given.get("title", "") if isinstance(given, dict) else None
    if not isinstance(given, dict) or not isinstance(title, str) or given.get("type", kind) != kind:
        raise Unusable(f'chat is no object such as {{"type": "{kind}", "title": "Family"}}')
    return title.strip() or None


def reaches_bot(connection: sqlite3.Connection, row: Message) -> bool:
    """Whether the bot gets to see a user's message."""
    if row.chat_id > 0:
        return True
    chat = state.chat(connection, row.chat_id)
    if chat is None or chat.left:
        return False
    if chat.admin or row.service or _is_command(connection, row):
        return True
    replied = state.message(connection, row.chat_id, row.reply_to) if row.reply_to else None
    return replied is not None and (replied.sender is None or _is_command(connection, replied))


def _is_command(connection: sqlite3.Connection, row: Message) -> bool:
    """``/command@bot``; without the name only once the bot has said something, the last of all bots here."""
    encoded = row.text.encode("utf-16-le")
    named = [
        encoded[2 * one["offset"] : 2 * (one["offset"] + one["length"])].decode("utf-16-le")
        for one in json.loads(row.entities)
        if one["type"] == "bot_command"
    ]
    bots = {name.partition("@")[2].lower() for name in named}
    return show.BOT_USERNAME.lower() in bots or ("" in bots and state.bot_spoke(connection, row.chat_id))


def opened(connection: sqlite3.Connection, chat_id: int, title: str | None, by: User, bot_id: int, now: int) -> Chat:
    """The group; a new one is founded by whoever speaks first, who adds the bot."""
    chat = state.chat(connection, chat_id)
    if chat is None:
        chat = changed(connection, Chat(chat_id, title, None, True), MEMBER, by, bot_id, now)
    if chat.migrated_to is not None:
        raise Unusable(f"group {chat_id} has become the supergroup {chat.migrated_to}")
    if title is not None and title != chat.title:
        chat = replace(chat, title=title)
        state.put_group(connection, chat, now)
    return chat


def changed(connection: sqlite3.Connection, chat: Chat, status: str, by: User, bot_id: int, now: int) -> Chat:
    """Somebody adds the bot, makes it an administrator, or removes it: it is told, and the group sees it."""
    before = LEFT if chat.left else ADMINISTRATOR if chat.admin else MEMBER
    new = replace(chat, left=status not in IN_GROUP, admin=status == ADMINISTRATOR)
    state.put_group(connection, new, now)
    if status == before:
        return new
    if new.left != chat.left:
        field, verb = ("left_chat_member", "removed") if new.left else ("new_chat_members", "added")
        shown: object = show.bot(bot_id) if new.left else [show.bot(bot_id)]
        _service(connection, new.id, by, f"{by.first_name} {verb} {show.BOT_NAME}", {field: shown}, bot_id, now)
    body = {
        "chat": show.place(connection, new),
        "from": show.person(by),
        "date": now // 1_000,
        "old_chat_member": {"status": before, "user": show.bot(bot_id)},
        "new_chat_member": {"status": status, "user": show.bot(bot_id)},
    }
    state.add_update(connection, "my_chat_member", (new.id, 0), body, now)
    return new


def upgraded(connection: sqlite3.Connection, old: int, new: int, by: User, bot_id: int, now: int) -> None:
    """The group becomes a supergroup: a service message in either, and the old id only points to the new one."""
    state.migrate(connection, old, new)
    text = f"{by.first_name} made this group a supergroup"
    for chat_id, fields in ((old, {"migrate_to_chat_id": new}), (new, {"migrate_from_chat_id": old})):
        _service(connection, chat_id, by, text, fields, bot_id, now)


def _service(
    connection: sqlite3.Connection,
    chat_id: int,
    by: User,
    text: str,
    fields: Mapping[str, object],
    bot_id: int,
    now: int,
) -> None:
    said = state.add_message(connection, Draft(chat_id, text, sender=by.id, service=fields), now)
    state.add_update(connection, "message", (chat_id, said.id), show.message(connection, said, bot_id), now)


def group(connection: sqlite3.Connection, chat_id: int) -> Json:
    """A group as programs see it."""
    chat = state.chat(connection, chat_id)
    if chat is None:
        raise Unusable(f"there is no group {chat_id}")
    status = LEFT if chat.left else ADMINISTRATOR if chat.admin else MEMBER
    return {**show.place(connection, chat), "bot": status, "migrated_to": chat.migrated_to}
