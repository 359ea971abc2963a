"""The methods of the Bot API: sending, editing, deleting, answering, files. The rest is in ``profile``.

https://core.telegram.org/bots/api#available-methods. What is accepted is committed before the answer is given.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from planner.clock import Clock
from planner.localchat import show, state
from planner.localchat.errors import FORBIDDEN, NOT_FOUND, TOO_LARGE, Refusal, bad
from planner.localchat.images import image_size
from planner.localchat.keyboards import Markup, keyboard_from
from planner.localchat.markup import parsed
from planner.localchat.params import Params, Upload
from planner.localchat.polling import Polling
from planner.localchat.profile import PROFILE
from planner.localchat.show import Json
from planner.localchat.signal import Signal
from planner.localchat.state import Chat, Draft, Message
from planner.localchat.texts import CAPTION_MAX, TEXT_MAX, entities_from, prepared, units
from planner.store.db import Database

T = TypeVar("T")

UPLOAD_MAX = 50_000_000
DOWNLOAD_MAX = 20_000_000
PRESS_ANSWER_MS = 15 * 60_000
"""How long a pressed button can be answered. Telegram names no figure; bots report minutes."""

DELETE_MAX_MS = 48 * 3_600_000
"""A bot can delete what is younger than this (Bot API, deleteMessage)."""

TOAST_MAX = 200
_FILE_ID = re.compile(r"local-([0-9]{1,15})")


class BotApi:
    """Carries out a bot's calls."""

    def __init__(self, db: Database, clock: Clock, polling: Polling, news: Signal) -> None:
        self._db = db
        self._clock = clock
        self._polling = polling
        self._news = news
        self._typing: dict[int, int] = {}

    async def answer(self, method: str, bot_id: int, params: Params) -> object:
        """The result of a call, or ``Refusal``. Names are taken in any case, as Telegram does."""
        name = method.lower()
        if name in PROFILE:
            return await self._profile(name, params)
        if name not in _METHODS:
            raise Refusal(NOT_FOUND, "Not Found")
        return await _METHODS[name](self, bot_id, params)

    def types_until(self, chat_id: int) -> int:
        """Until when (monotonic milliseconds) the chat says that the bot is typing."""
        return self._typing.get(chat_id, 0)

    async def get_me(self, bot_id: int, _: Params) -> Json:
        return {
            **show.bot(bot_id),
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }

    async def get_updates(self, _: int, params: Params) -> object:
        return await self._polling.updates(params)

    async def send_message(self, bot_id: int, params: Params) -> Json:
        text, entities = _text(params, "text", "entities")
        if not params.text("text"):
            raise bad("message text is empty")
        if not text:
            raise bad("text must be non-empty")
        if units(text) > TEXT_MAX:
            raise bad("message is too long")
        return await self._send(bot_id, params, Draft(0, text, entities))

    async def send_document(self, bot_id: int, params: Params) -> Json:
        return await self._send_file(bot_id, params, "document")

    async def send_photo(self, bot_id: int, params: Params) -> Json:
        return await self._send_file(bot_id, params, "photo")

    async def _send_file(self, bot_id: int, params: Params, kind: str) -> Json:
        caption, entities = _caption(params)
        given = params.file(kind)
        if not given:
            raise bad(f"there is no {kind} in the request")
        if isinstance(given, Upload):
            _check_upload(given, kind)
        return await self._send(bot_id, params, Draft(0, caption, entities, kind=kind), given)

    async def _send(self, bot_id: int, params: Params, draft: Draft, given: Upload | str | None = None) -> Json:
        markup = keyboard_from(params.json("reply_markup", "can't parse reply keyboard markup JSON object"))
        chat_id, reply = params.chat_id(), _reply(params)
        now = self._clock.now()

        def job(connection: sqlite3.Connection) -> Json:
            reachable(connection, chat_id)
            sent = state.add_message(
                connection,
                replace(
                    draft,
                    chat_id=chat_id,
                    markup=markup,
                    reply_to=_replied(connection, chat_id, reply),
                    file_id=_file_id(connection, given),
                ),
                now,
            )
            return show.message(connection, sent, bot_id)

        self._typing.pop(chat_id, None)
        return await self._db.write(job, self._news.tell)

    async def edit_message_text(self, bot_id: int, params: Params) -> Json:
        text, entities = _text(params, "text", "entities")
        if not text:
            raise bad("message text is empty")
        if units(text) > TEXT_MAX:
            raise bad("MESSAGE_TOO_LONG")
        return await self._edit(bot_id, params, lambda _, markup: _Form(text, entities, markup, text=True))

    async def edit_message_caption(self, bot_id: int, params: Params) -> Json:
        caption, entities = _caption(params)
        return await self._edit(bot_id, params, lambda _, markup: _Form(caption, entities, markup, text=False))

    async def edit_message_reply_markup(self, bot_id: int, params: Params) -> Json:
        return await self._edit(
            bot_id,
            params,
            lambda old, markup: _Form(old.text, json.loads(old.entities), markup, text=old.kind == "text"),
        )

    async def _edit(self, bot_id: int, params: Params, form: Callable[[Message, Markup | None], _Form]) -> Json:
        markup = keyboard_from(
            params.json("reply_markup", "can't parse reply keyboard markup JSON object"), inline_only=True
        )
        chat_id, message_id, now = params.chat_id(), params.integer("message_id"), self._clock.now()
        if message_id <= 0:
            raise bad("message identifier is not specified")

        def job(connection: sqlite3.Connection) -> Json:
            reachable(connection, chat_id)
            old = state.message(connection, chat_id, message_id)
            if old is None:
                raise bad("message to edit not found")
            if old.sender is not None:
                raise bad("message can't be edited")
            new = form(old, markup)
            if new.text != (old.kind == "text"):
                raise bad(f"there is no {'text' if new.text else 'caption'} in the message to edit")
            changed = state.change_message(
                connection, old, now, text=new.body, entities=new.entities, markup=new.markup
            )
            if changed is None:
                raise bad(
                    "message is not modified: specified new message content and reply markup are exactly the "
                    "same as a current content and reply markup of the message"
                )
            return show.message(connection, changed, bot_id)

        return await self._db.write(job, self._news.tell)

    async def delete_message(self, _: int, params: Params) -> bool:
        message_id = params.integer("message_id")
        if message_id <= 0:
            raise bad("message identifier is not specified")
        if not await self._delete(params.chat_id(), [message_id]):
            raise bad("message to delete not found")
        return True

    async def delete_messages(self, _: int, params: Params) -> bool:
        ids = params.json("message_ids", "can't parse message identifiers JSON object")
        if not isinstance(ids, list) or not 1 <= len(ids) <= 100 or not all(isinstance(one, int) for one in ids):
            raise bad("message identifiers are not specified")
        await self._delete(params.chat_id(), ids)
        return True

    async def _delete(self, chat_id: int, message_ids: list[int]) -> int:
        now = self._clock.now()

        def job(connection: sqlite3.Connection) -> int:
            reachable(connection, chat_id)
            found = [row for one in message_ids if (row := state.message(connection, chat_id, one))]
            for row in found:
                if now - row.sent_at > DELETE_MAX_MS:
                    raise bad("message can't be deleted for everyone")
                state.delete_message(connection, row.id, now)
            return len(found)

        return await self._db.write(job, self._news.tell)

    async def answer_callback_query(self, _: int, params: Params) -> bool:
        text, press_id = params.text("text"), params.integer("callback_query_id")
        if len(text) > TOAST_MAX:
            raise bad("MESSAGE_TOO_LONG")
        answer = {"text": text, "alert": params.flag("show_alert"), "url": params.text("url")}
        since = self._clock.now() - PRESS_ANSWER_MS
        known = await self._db.write(
            lambda connection: state.answer_press(connection, press_id, answer, since), self._news.tell
        )
        if not known:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        return True

    async def send_chat_action(self, _: int, params: Params) -> bool:
        chat_id = params.chat_id()
        if not params.text("action"):
            raise bad("wrong parameter action in request")
        await self._db.read(lambda connection: reachable(connection, chat_id))
        self._typing[chat_id] = self._clock.mono() + 5_000
        self._news.tell()
        return True

    async def get_file(self, _: int, params: Params) -> Json:
        matched = _FILE_ID.fullmatch(params.text("file_id"))
        file = await self._db.read(lambda connection: state.file(connection, int(matched.group(1)) if matched else 0))
        if file is None:
            raise bad("invalid file_id")
        if file.size > DOWNLOAD_MAX:
            raise bad("file is too big")
        return {**show.file_ids(file), "file_path": show.file_path(file)}

    async def get_chat(self, _: int, params: Params) -> Json:
        chat_id = params.chat_id()
        shown = await self._db.read(lambda connection: show.place(connection, reachable(connection, chat_id)))
        gifts = dict.fromkeys(
            ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
        )
        return {**shown, "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}

    async def get_chat_member(self, bot_id: int, params: Params) -> Json:
        chat_id, user_id = params.chat_id(), params.integer("user_id")

        def job(connection: sqlite3.Connection) -> Json:
            reachable(connection, chat_id)
            who = state.user(connection, user_id)
            if who is None and user_id != bot_id:
                raise bad("member not found")
            return {"status": "member", "user": show.person(who) if who else show.bot(bot_id)}

        return await self._db.read(job)

    async def leave_chat(self, _: int, params: Params) -> bool:
        chat_id, now = params.chat_id(), self._clock.now()
        if chat_id > 0:
            raise bad("chat member status can't be changed in private chats")

        def job(connection: sqlite3.Connection) -> None:
            reachable(connection, chat_id)
            state.leave(connection, chat_id, now)

        await self._db.write(job)
        return True

    async def _profile(self, name: str, params: Params) -> object:
        result = await self._db.write(lambda connection: PROFILE[name](connection, params))
        if not name.startswith("get"):
            self._news.tell()
        return result


@dataclass(frozen=True, slots=True)
class _Form:
    """What an edit makes of a message; ``text`` says whether it is for a text or for a caption."""

    body: str
    entities: list[dict[str, object]]
    markup: Markup | None
    text: bool


def reachable(connection: sqlite3.Connection, chat_id: int) -> Chat:
    """The chat, or Telegram's reason why the bot cannot use it."""
    chat = state.chat(connection, chat_id)
    if chat is None:
        raise bad("chat not found")
    if chat.migrated_to is not None:
        raise Refusal(
            400, "Bad Request: group chat was upgraded to a supergroup chat", {"migrate_to_chat_id": chat.migrated_to}
        )
    if chat.left:
        raise Refusal(FORBIDDEN, "Forbidden: bot is not a member of the group chat")
    return chat


def _text(params: Params, name: str, entities: str) -> tuple[str, list[dict[str, object]]]:
    text, mode = params.text(name), params.text("parse_mode")
    if mode:
        plain, found = parsed(text, mode)
        return prepared(plain, found)
    return prepared(text, entities_from(params.json(entities, "can't parse entities JSON object")))


def _caption(params: Params) -> tuple[str, list[dict[str, object]]]:
    caption, entities = _text(params, "caption", "caption_entities")
    if units(caption) > CAPTION_MAX:
        raise bad("message caption is too long")
    return caption, entities


def _check_upload(given: Upload, kind: str) -> None:
    if not given.body:
        raise bad("file must be non-empty")
    if len(given.body) > UPLOAD_MAX:
        raise Refusal(TOO_LARGE, "Request Entity Too Large")
    if kind == "photo" and image_size(given.body) is None:
        raise bad("IMAGE_PROCESS_FAILED")


def _file_id(connection: sqlite3.Connection, given: Upload | str | None) -> int | None:
    if given is None:
        return None
    if isinstance(given, Upload):
        return state.put_file(connection, given.name, given.mime, given.body)
    matched = _FILE_ID.fullmatch(given)
    file = state.file(connection, int(matched.group(1))) if matched else None
    if file is None:
        raise bad("wrong file identifier/HTTP URL specified")
    return file.id


def _reply(params: Params) -> Mapping[str, object]:
    """``reply_parameters``, or the older ``reply_to_message_id``."""
    value = params.json("reply_parameters", "can't parse reply parameters JSON object")
    if value is None:
        old = params.integer("reply_to_message_id")
        optional = params.flag("allow_sending_without_reply")
        return {"message_id": old, "allow_sending_without_reply": optional} if old else {}
    if not isinstance(value, dict) or not isinstance(value.get("message_id"), int):
        raise bad('can\'t find field "message_id"')
    return value


def _replied(connection: sqlite3.Connection, chat_id: int, reply: Mapping[str, object]) -> int | None:
    message_id = reply.get("message_id")
    if not isinstance(message_id, int):
        return None
    if state.message(connection, chat_id, message_id):
        return message_id
    if not reply.get("allow_sending_without_reply"):
        raise bad("message to be replied not found")
    return None


_Method = Callable[[BotApi, int, Params], Awaitable[object]]
_METHODS: Mapping[str, _Method] = {
    "getme": BotApi.get_me,
    "getupdates": BotApi.get_updates,
    "sendmessage": BotApi.send_message,
    "senddocument": BotApi.send_document,
    "sendphoto": BotApi.send_photo,
    "editmessagetext": BotApi.edit_message_text,
    "editmessagecaption": BotApi.edit_message_caption,
    "editmessagereplymarkup": BotApi.edit_message_reply_markup,
    "deletemessage": BotApi.delete_message,
    "deletemessages": BotApi.delete_messages,
    "answercallbackquery": BotApi.answer_callback_query,
    "sendchataction": BotApi.send_chat_action,
    "getfile": BotApi.get_file,
    "getchat": BotApi.get_chat,
    "getchatmember": BotApi.get_chat_member,
    "leavechat": BotApi.leave_chat,
}
