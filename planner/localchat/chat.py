"""The local chat: a bot calls it as it calls Telegram, a user talks to it, and both see the same messages.

Nothing here knows HTTP: ``web`` serves it, and a simulation calls it directly.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar
from zlib import crc32

from planner.clock import Clock
from planner.localchat import groups, schema, show, state
from planner.localchat.api import BotApi
from planner.localchat.errors import INTERNAL, NOT_FOUND, Refusal, Unusable
from planner.localchat.faults import Faults
from planner.localchat.images import image_size
from planner.localchat.keyboards import DATA_MAX
from planner.localchat.params import Given, Params, Upload, cleaned
from planner.localchat.polling import Polling
from planner.localchat.profile import scopes_for
from planner.localchat.show import Json
from planner.localchat.signal import Signal
from planner.localchat.state import Draft, Message, User
from planner.localchat.texts import prepared, split
from planner.store.db import Database, Job

T = TypeVar("T")

ROWS_MAX = 100_000
"""The most messages one look returns."""

CALM_MS = 30
"""A page under a flood of messages looks this often, not at each of them."""

CHATS_SHOWN = 50
_TOKEN = re.compile(r"([0-9]{1,15}):[A-Za-z0-9_-]{3,}")


@dataclass(frozen=True, slots=True)
class Said:
    """What became of something a user did; ``update_id`` is ``None`` where the bot does not want such updates."""

    message_id: int
    update_id: int | None


@dataclass(frozen=True, slots=True)
class Pressed:
    """A pressed button; ``callback_id`` is what the bot answers to."""

    callback_id: int
    update_id: int | None


class LocalChat:
    """One bot's chats. ``faults`` says how it misbehaves."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._bot_id = 1
        self._news = Signal()
        self._polling = Polling(db, clock, self._news)
        self._api = BotApi(db, clock, self._polling, self._news)
        self.faults = Faults(clock)

    async def call(self, token: str, method: str, params: Given) -> tuple[int, Json | bytes]:
        """A call of the Bot API: HTTP status and body. ``ConnectionLost`` where no whole answer arrives.

        Any token of Telegram's form is taken; the number in it is the bot's id.
        """
        matched = _TOKEN.fullmatch(token)
        if not matched:
            return NOT_FOUND, Refusal(NOT_FOUND, "Not Found").body()
        self._bot_id = bot_id = int(matched.group(1))
        given = Params(params)

        async def carry_out() -> tuple[int, Json | bytes]:
            try:
                return 200, {"ok": True, "result": await self._api.answer(method, bot_id, given)}
            except Refusal as refusal:
                return refusal.code, refusal.body()
            except sqlite3.Error as error:
                return INTERNAL, Refusal(INTERNAL, f"Internal Server Error: {type(error).__name__}").body()

        return await self.faults.around(method, given.chat_id_or_none(), carry_out)

    async def download(self, token: str, path: str) -> tuple[state.File, bytes] | None:
        """The file that ``getFile`` gave this path for."""
        matched = re.fullmatch(r"documents/file_([0-9]{1,15})(\.[A-Za-z0-9]+)?", path)
        return await self.file(int(matched.group(1))) if matched and _TOKEN.fullmatch(token) else None

    async def file(self, file_id: int) -> tuple[state.File, bytes] | None:
        """A file that was sent either way."""

        def job(connection: sqlite3.Connection) -> tuple[state.File, bytes] | None:
            file, body = state.file(connection, file_id), state.file_body(connection, file_id)
            return (file, body) if file and body is not None else None

        return await self._db.read(job)

    async def open_chats(self, chat_ids: list[int]) -> None:
        """Make chats known to the bot without a word said, as if each had been started long ago."""

        def job(connection: sqlite3.Connection) -> None:
            for chat_id in chat_ids:
                state.put_chat(connection, chat_id)

        await self._db.write(job)

    async def say(
        self,
        chat_id: int,
        text: str,
        sender: User | None = None,
        *,
        reply_to: int | None = None,
        forward: Mapping[str, object] | None = None,
        title: str | None = None,
    ) -> list[Said]:
        """A user writes. Like Telegram's clients, it sends what is too long for one message as several.

        ``title``: what the group is called; in one that does not exist yet, the user adds the bot first.
        """
        text = _readable(text).strip()
        if not text:
            raise Unusable("text is empty")
        drafts = [Draft(chat_id, *prepared(part, ()), reply_to=reply_to, forward=forward) for part in split(text)]
        return await self._write(chat_id, sender, drafts, title=title)

    async def upload(
        self, chat_id: int, file: Upload, sender: User | None = None, *, caption: str = "", photo: bool = False
    ) -> Said:
        """A user sends a file; ``photo`` as a picture, else as a document."""
        if not file.body:
            raise Unusable("the file is empty")
        if photo and image_size(file.body) is None:
            raise Unusable("this is no picture: send it as a document")
        text, entities = prepared(_readable(caption), ())
        draft = Draft(chat_id, text, entities, kind="photo" if photo else "document")
        return (await self._write(chat_id, sender, [draft], file))[0]

    async def _write(
        self,
        chat_id: int,
        sender: User | None,
        drafts: list[Draft],
        file: Upload | None = None,
        title: str | None = None,
    ) -> list[Said]:
        now = self._clock.now()

        def job(connection: sqlite3.Connection) -> list[Said]:
            who = _sender(connection, chat_id, sender)
            if chat_id < 0:
                groups.opened(connection, chat_id, title, who, self._bot_id, now)
            else:
                state.put_chat(connection, chat_id)
            file_id = state.put_file(connection, file.name, file.mime, file.body) if file else None
            return [self._written(connection, draft, who, file_id, now) for draft in drafts]

        said = await self._db.write(job, self._told)
        self.faults.unblock(chat_id)
        return said

    def _written(self, connection: sqlite3.Connection, draft: Draft, who: User, file_id: int | None, now: int) -> Said:
        if draft.reply_to and state.message(connection, draft.chat_id, draft.reply_to) is None:
            raise Unusable(f"there is no message {draft.reply_to} in chat {draft.chat_id} to reply to")
        written = state.add_message(connection, replace(draft, sender=who.id, file_id=file_id), now)
        return Said(written.id, self._update(connection, "message", written, now))

    async def edit(self, chat_id: int, message_id: int, text: str) -> Said:
        """A user changes a message of their own."""
        now, (body, entities) = self._clock.now(), prepared(_readable(text), ())
        if not body:
            raise Unusable("text is empty")

        def job(connection: sqlite3.Connection) -> Said:
            old = state.message(connection, chat_id, message_id)
            if old is None or old.sender is None:
                raise Unusable(f"there is no message {message_id} of a user in chat {chat_id}")
            changed = state.change_message(connection, old, now, text=body, entities=entities, markup=None)
            if changed is None:
                raise Unusable("this is what the message says already")
            return Said(message_id, self._update(connection, "edited_message", changed, now))

        return await self._db.write(job, self._told)

    async def press(self, chat_id: int, message_id: int, data: str, sender: User | None = None) -> Pressed:
        """A user presses a button. The data may be any: a bot must not trust it."""
        if not 1 <= len(_readable(data).encode()) <= DATA_MAX:
            raise Unusable(f"data is not 1 to {DATA_MAX} bytes long")
        now = self._clock.now()

        def job(connection: sqlite3.Connection) -> Pressed:
            about = state.message(connection, chat_id, message_id)
            if about is None or about.sender is not None:
                raise Unusable(f"there is no message {message_id} of the bot in chat {chat_id}")
            who = _sender(connection, chat_id, sender)
            press_id = state.add_press(connection, about, now)
            query = {
                "id": str(press_id),
                "from": show.person(who),
                "chat_instance": str(chat_id),
                "data": data,
                "message": show.message(connection, about, self._bot_id),
            }
            return Pressed(press_id, state.add_update(connection, "callback_query", (chat_id, message_id), query, now))

        return await self._db.write(job, self._told)

    async def press_answer(self, callback_id: int, wait_ms: int) -> Json | None:
        """What the bot answered to a pressed button: ``{"text", "alert", "url"}``; ``None`` if nothing in time."""
        return await self._awaited(lambda connection: state.press_answer(connection, callback_id), wait_ms)

    async def messages(self, chat_id: int, after: int = 0, *, wait_ms: int = 0, limit: int = ROWS_MAX) -> list[Json]:
        """What changed after ``seq`` = ``after``, one row a message in its latest form, in the order of ``seq``.

        With ``wait_ms`` it waits that long for the first such change.
        """
        return await self._awaited(
            lambda connection: show.in_chat(connection, state.changed_since(connection, chat_id, after, limit)), wait_ms
        )

    async def _awaited(self, look: Job[T], wait_ms: int) -> T:
        """What ``look`` finds, as soon as that is something."""
        until = self._clock.mono() + wait_ms
        while True:
            seen = self._news.count
            found = await self._db.read(look)
            if found or self._news.ended or self._clock.mono() >= until:
                return found
            await self._news.wait(seen, until - self._clock.mono())

    async def history(self, chat_id: int, before: int, limit: int) -> list[Json]:
        """The messages that stand before one, oldest first; ``before`` = 0: the last ones."""
        return await self._db.read(
            lambda connection: show.in_chat(connection, state.shown_before(connection, chat_id, before, limit))
        )

    async def view(self, chat_id: int, after: int, version: int, language: str, wait_ms: int) -> Json:
        """All that a page shows of a chat, as soon as that is not what the page has.

        That is: messages after ``after``, or an ``about`` of another ``version``.
        """
        until = self._clock.mono() + wait_ms
        while True:
            seen = self._news.count
            last = await self._db.read(state.last_seq)
            about = await self._about(chat_id, language)
            rows = await self.messages(chat_id, after)
            current = crc32(json.dumps(about).encode())
            if rows or current != version or self._news.ended or self._clock.mono() >= until:
                return {"messages": rows, "about": about, "version": current, "seq": last}
            await self._news.wait(seen, until - self._clock.mono())
            await self._clock.sleep(CALM_MS)

    async def _about(self, chat_id: int, language: str) -> Json:
        def job(connection: sqlite3.Connection) -> Json:
            lines = state.chat_lines(connection, CHATS_SHOWN)
            chats: list[Json] = [
                {
                    "chat_id": line.chat_id,
                    "seq": line.last_seq,
                    "title": line.title,
                    "user": show.person(line.user) if line.user else None,
                }
                for line in lines
            ]
            return {
                "chats": chats,
                "commands": state.commands(connection, scopes_for(chat_id, language)),
                "unread_from": state.first_unread(connection, chat_id),
                "description": state.fact(connection, f"description:{language[:2]}")
                or state.fact(connection, "description:"),
            }

        typing = self._api.types_until(chat_id) > self._clock.mono()
        return {**await self._db.read(job), "bot_runs": self._polling.bot_runs(), "typing": typing}

    async def set_faults(self, given: object) -> None:
        """``PUT /chat/faults``; see ``faults`` for its forms. Raises ``Unusable``."""
        order = self.faults.set(given)

        def job(connection: sqlite3.Connection) -> None:
            for old, new in order.migrate:
                state.migrate(connection, old, new)

        if order.migrate:
            await self._db.write(job)

    def end_waits(self) -> None:
        """Answer every long poll now: the server is about to stop."""
        self._news.end()
        self._polling.arrived.end()

    def close(self) -> None:
        """Finish what waits and close the file."""
        self._db.close()

    async def group(
        self,
        chat_id: int,
        *,
        title: str | None = None,
        bot: str | None = None,
        migrate_to: int | None = None,
        by: User | None = None,
    ) -> Json:
        """Change a group, or found one: its title, what the bot is in it (``groups.STATUSES``), its becoming another.

        ``by`` is who does it. Returns the group.
        """
        if chat_id >= 0 or (bot is not None and bot not in groups.STATUSES):
            raise Unusable(f"a group has a negative chat_id, and the bot is one of {', '.join(groups.STATUSES)} in it")
        if migrate_to is not None and not migrate_to < show.SUPERGROUP_BELOW < chat_id:
            raise Unusable(f"a group becomes a supergroup, whose id is below {show.SUPERGROUP_BELOW}")
        now = self._clock.now()

        def job(connection: sqlite3.Connection) -> Json:
            who = _sender(connection, chat_id, by)
            chat = groups.opened(connection, chat_id, title, who, self._bot_id, now)
            if bot is not None:
                groups.changed(connection, chat, bot, who, self._bot_id, now)
            if migrate_to is not None:
                groups.upgraded(connection, chat_id, migrate_to, who, self._bot_id, now)
            return groups.group(connection, chat_id)

        return await self._db.write(job, self._told)

    def _update(self, connection: sqlite3.Connection, kind: str, about: Message, now: int) -> int | None:
        if not groups.reaches_bot(connection, about):
            return None
        shown = show.message(connection, about, self._bot_id)
        return state.add_update(connection, kind, (about.chat_id, about.id), shown, now)

    def _told(self, _: object) -> None:
        self._polling.arrived.tell()
        self._news.tell()


def open_local_chat(db_path: Path, clock: Clock, *, inline: bool = False) -> LocalChat:
    """The local chat beside a planner's database: ``planner.db`` has ``planner.localchat.db``.

    ``inline`` is for simulations (see ``Database``). Raises ``StoreError`` where the file cannot be used.
    """
    path = db_path.with_suffix(".localchat.db")
    return LocalChat(
        Database(path, schema.migrations(clock.now()), application_id=schema.APPLICATION_ID, inline=inline), clock
    )


def _sender(connection: sqlite3.Connection, chat_id: int, given: User | None) -> User:
    last = state.last_writer(connection, chat_id) if chat_id < 0 else state.user(connection, chat_id)
    who = given or last or User(abs(chat_id), f"User {abs(chat_id)}")
    state.put_user(connection, who)
    return who


def _readable(text: str) -> str:
    try:
        return cleaned(text)
    except UnicodeError:
        raise Unusable("text is no valid Unicode") from None
