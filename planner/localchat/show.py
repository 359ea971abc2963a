"""From rows to JSON: Telegram's objects for the bot, and the chat's own form for who looks at it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from planner.localchat import state
from planner.localchat.images import image_size
from planner.localchat.state import Chat, File, Message, User

Json = dict[str, object]

SUPERGROUP_BELOW = -1_000_000_000_000
BOT_NAME = "Planner"
BOT_USERNAME = "planner_local_bot"


def bot(bot_id: int) -> Json:
    """The bot as a ``User``."""
    return {"id": bot_id, "is_bot": True, "first_name": BOT_NAME, "username": BOT_USERNAME}


def person(who: User) -> Json:
    """A ``User`` (https://core.telegram.org/bots/api#user)."""
    known = {"last_name": who.last_name, "username": who.username, "language_code": who.language_code}
    return {
        "id": who.id,
        "is_bot": False,
        "first_name": who.first_name,
        **{name: value for name, value in known.items() if value},
    }


def place(connection: sqlite3.Connection, chat: Chat) -> Json:
    """A ``Chat`` (https://core.telegram.org/bots/api#chat)."""
    if chat.id < 0:
        return {
            "id": chat.id,
            "type": "supergroup" if chat.id < SUPERGROUP_BELOW else "group",
            "title": chat.title or f"Group {-chat.id}",
        }
    who = state.user(connection, chat.id)
    shown: Json = {"id": chat.id, "first_name": who.first_name if who else f"User {chat.id}", "type": "private"}
    if who and who.username:
        shown["username"] = who.username
    return shown


def message(connection: sqlite3.Connection, row: Message, bot_id: int, *, with_reply: bool = True) -> Json:
    """A ``Message`` (https://core.telegram.org/bots/api#message)."""
    chat = state.chat(connection, row.chat_id) or Chat(row.chat_id, None, None, False)
    who = state.user(connection, row.sender) if row.sender is not None else None
    shown: Json = {
        "message_id": row.id,
        "from": person(who) if who else bot(bot_id),
        "chat": place(connection, chat),
        "date": row.sent_at // 1_000,
    }
    if row.edited_at is not None:
        shown["edit_date"] = row.edited_at // 1_000
    if row.forward:
        shown["forward_origin"] = json.loads(row.forward)
    if with_reply and row.reply_to and (replied := state.message(connection, row.chat_id, row.reply_to)):
        shown["reply_to_message"] = message(connection, replied, bot_id, with_reply=False)
    shown |= json.loads(row.service) if row.service else _content(connection, row)
    if row.markup and "inline_keyboard" in (markup := json.loads(row.markup)):
        shown["reply_markup"] = markup
    return shown


def _content(connection: sqlite3.Connection, row: Message) -> Json:
    entities = json.loads(row.entities)
    if row.kind == "text":
        return {"text": row.text, **({"entities": entities} if entities else {})}
    file = state.file(connection, row.file_id or 0)
    shown: Json = {}
    if file and row.kind == "document":
        shown["document"] = {**file_ids(file), "file_name": file.name, "mime_type": file.mime}
    elif file:
        width, height = image_size(state.file_body(connection, file.id) or b"") or (1, 1)
        shown["photo"] = [{**file_ids(file), "width": width, "height": height}]
    if row.text:
        shown |= {"caption": row.text, **({"caption_entities": entities} if entities else {})}
    return shown


def file_ids(file: File) -> Json:
    return {"file_id": f"local-{file.id}", "file_unique_id": f"local{file.id}", "file_size": file.size}


def file_path(file: File) -> str:
    """Where a bot downloads it from, after ``/file/bot<token>/``."""
    ending = file.name.rpartition(".")[2] if "." in file.name else ""
    return f"documents/file_{file.id}" + (f".{ending}" if ending.isalnum() and ending.isascii() else "")


def in_chat(connection: sqlite3.Connection, rows: Sequence[Message]) -> list[Json]:
    """The chat's own form of messages: DESIGN's nine fields, and beside them what a page needs."""
    return [_row(connection, row) for row in rows]


def _row(connection: sqlite3.Connection, row: Message) -> Json:
    markup = json.loads(row.markup) if row.markup else {}
    shown: Json = {
        "seq": row.seq,
        "message_id": row.id,
        "from": "bot" if row.sender is None else row.sender,
        "text": row.text,
        "buttons": [[_button(button) for button in line] for line in markup.get("inline_keyboard", ())],
        "date": row.sent_at // 1_000,
        "edited": row.edited_at is not None,
        "deleted": row.deleted_at is not None,
        "date_ms": row.sent_at,
        "entities": json.loads(row.entities),
    }
    if row.service:
        shown["service"] = True
    if row.chat_id < 0 and row.sender is not None and (who := state.user(connection, row.sender)):
        shown["name"] = who.first_name
    if "inline_keyboard" not in markup and markup:
        shown["reply_keyboard"] = markup
    if row.reply_to:
        shown["reply_to"] = row.reply_to
    if row.forward:
        shown["forward_origin"] = json.loads(row.forward)
    if row.file_id and (file := state.file(connection, row.file_id)):
        shown["file"] = {
            "name": file.name,
            "mime": file.mime,
            "size": file.size,
            "photo": row.kind == "photo",
            "url": f"/chat/files/{file.id}",
        }
    return shown


def _button(button: Json) -> Json:
    shown: Json = {"text": button["text"], "data": button.get("callback_data")}
    if "url" in button:
        shown["url"] = button["url"]
    if isinstance(copied := button.get("copy_text"), dict):
        shown["copy"] = copied["text"]
    return shown
