"""What the local chat holds, in one SQLite file: chats, users, messages, files, updates not yet confirmed.

Functions that take a connection run inside one transaction of ``planner.store.db.Database``. All SQL of this file
stands here. Instants are UTC epoch milliseconds.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

UPDATES_KEPT_MS = 24 * 3_600_000
"""Telegram keeps updates that nobody fetches for no longer than a day."""


@dataclass(frozen=True, slots=True)
class User:
    """Who writes; ``language_code`` is an IETF tag or empty."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = ""


@dataclass(frozen=True, slots=True)
class Chat:
    """A positive id is a private chat, a negative one a group, below -10^12 a supergroup."""

    id: int
    title: str | None
    migrated_to: int | None
    left: bool
    admin: bool = False


@dataclass(frozen=True, slots=True)
class File:
    id: int
    name: str
    mime: str
    size: int


@dataclass(frozen=True, slots=True)
class Message:
    """One message in its latest form; ``sender`` is ``None`` for the bot. The rest as in the table."""

    id: int
    seq: int
    chat_id: int
    sender: int | None
    kind: str
    text: str
    entities: str
    markup: str | None
    file_id: int | None
    reply_to: int | None
    forward: str | None
    sent_at: int
    edited_at: int | None
    deleted_at: int | None
    service: str | None


_MESSAGE = (
    "id, seq, chat_id, sender, kind, text, entities, markup, file_id, reply_to, forward, sent_at, edited_at, "
    "deleted_at, service"
)
_NEXT_SEQ = "(SELECT coalesce(max(seq), 0) + 1 FROM messages)"


def put_chat(connection: sqlite3.Connection, chat_id: int, title: str | None = None) -> None:
    """Open a chat, or come back to one that the bot has left."""
    connection.execute(
        "INSERT INTO chats (id, title) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET left_at = NULL, "
        "title = coalesce(excluded.title, title)",
        (chat_id, title),
    )


def chat(connection: sqlite3.Connection, chat_id: int) -> Chat | None:
    row = connection.execute(
        "SELECT id, title, migrated_to, left_at, admin FROM chats WHERE id = ?", (chat_id,)
    ).fetchone()
    return Chat(row[0], row[1], row[2], row[3] is not None, bool(row[4])) if row else None


def put_group(connection: sqlite3.Connection, group: Chat, now: int) -> None:
    """Keep a group as it is now: its title, and whether the bot is in it or administers it."""
    connection.execute(
        "INSERT INTO chats (id, title, left_at, admin) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE "
        "SET title = excluded.title, left_at = excluded.left_at, admin = excluded.admin",
        (group.id, group.title, now if group.left else None, group.admin),
    )


def bot_spoke(connection: sqlite3.Connection, chat_id: int) -> bool:
    row = connection.execute("SELECT 1 FROM messages WHERE chat_id = ? AND sender IS NULL LIMIT 1", (chat_id,))
    return row.fetchone() is not None


def last_writer(connection: sqlite3.Connection, chat_id: int) -> User | None:
    row = connection.execute(
        "SELECT sender FROM messages WHERE chat_id = ? AND sender IS NOT NULL ORDER BY id DESC LIMIT 1", (chat_id,)
    ).fetchone()
    return user(connection, row[0]) if row else None


def migrate(connection: sqlite3.Connection, old: int, new: int) -> None:
    """A group becomes a supergroup: the old id only points to the new one from now on."""
    connection.execute("INSERT INTO chats (id) VALUES (?) ON CONFLICT DO NOTHING", (old,))
    connection.execute(
        "INSERT INTO chats (id, title, admin) SELECT ?, title, admin FROM chats WHERE id = ? ON CONFLICT DO NOTHING",
        (new, old),
    )
    connection.execute("UPDATE chats SET migrated_to = ? WHERE id = ?", (new, old))


def leave(connection: sqlite3.Connection, chat_id: int, now: int) -> None:
    connection.execute("UPDATE chats SET left_at = ? WHERE id = ?", (now, chat_id))


def put_user(connection: sqlite3.Connection, user: User) -> None:
    connection.execute(
        "INSERT INTO users (id, first_name, last_name, username, language_code) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET first_name = excluded.first_name, last_name = "
        "excluded.last_name, username = excluded.username, language_code = excluded.language_code",
        (user.id, user.first_name, user.last_name, user.username, user.language_code),
    )


def user(connection: sqlite3.Connection, user_id: int) -> User | None:
    row = connection.execute(
        "SELECT id, first_name, last_name, username, language_code FROM users WHERE id = ?", (user_id,)
    ).fetchone()
    return User(row[0], row[1], row[2] or "", row[3] or "", row[4] or "") if row else None


@dataclass(frozen=True, slots=True)
class ChatLine:
    """A chat as a list of chats shows it."""

    chat_id: int
    title: str | None
    user: User | None
    last_seq: int


def chat_lines(connection: sqlite3.Connection, limit: int) -> list[ChatLine]:
    """The chats in which something was said, the most recent first."""
    rows = connection.execute(
        "SELECT id, title, (SELECT max(seq) FROM messages WHERE chat_id = chats.id) AS last FROM chats "
        "WHERE migrated_to IS NULL AND last IS NOT NULL ORDER BY last DESC LIMIT ?",
        (limit,),
    ).fetchall()
    return [ChatLine(row[0], row[1], user(connection, row[0]) if row[0] > 0 else None, row[2]) for row in rows]


def put_file(connection: sqlite3.Connection, name: str, mime: str, body: bytes) -> int:
    cursor = connection.execute(
        "INSERT INTO files (name, mime, size, body) VALUES (?, ?, ?, ?)", (name, mime, len(body), body)
    )
    return int(cursor.lastrowid or 0)


def file(connection: sqlite3.Connection, file_id: int) -> File | None:
    row = connection.execute("SELECT id, name, mime, size FROM files WHERE id = ?", (file_id,)).fetchone()
    return File(*row) if row else None


def file_body(connection: sqlite3.Connection, file_id: int) -> bytes | None:
    row = connection.execute("SELECT body FROM files WHERE id = ?", (file_id,)).fetchone()
    return bytes(row[0]) if row else None


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that is about to be sent."""

    chat_id: int
    text: str
    entities: Sequence[Mapping[str, object]] = ()
    sender: int | None = None
    kind: str = "text"
    markup: Mapping[str, object] | None = None
    file_id: int | None = None
    reply_to: int | None = None
    forward: Mapping[str, object] | None = None
    service: Mapping[str, object] | None = None


def add_message(connection: sqlite3.Connection, draft: Draft, now: int) -> Message:
    cursor = connection.execute(
        "INSERT INTO messages (seq, chat_id, sender, kind, text, entities, markup, file_id, reply_to, forward, "
        f"service, sent_at) VALUES ({_NEXT_SEQ}, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            draft.chat_id,
            draft.sender,
            draft.kind,
            draft.text,
            packed(draft.entities),
            packed(draft.markup),
            draft.file_id,
            draft.reply_to,
            packed(draft.forward),
            packed(draft.service),
            now,
        ),
    )
    return _by_id(connection, int(cursor.lastrowid or 0))


def message(connection: sqlite3.Connection, chat_id: int, message_id: int) -> Message | None:
    """A message that is still there."""
    row = connection.execute(
        f"SELECT {_MESSAGE} FROM messages WHERE id = ? AND chat_id = ? AND deleted_at IS NULL", (message_id, chat_id)
    ).fetchone()
    return Message(*row) if row else None


def change_message(
    connection: sqlite3.Connection,
    old: Message,
    now: int,
    *,
    text: str,
    entities: Sequence[Mapping[str, object]],
    markup: Mapping[str, object] | None,
) -> Message | None:
    """The message in its new form, ``None`` where that is what it is already. A keyboard alone is no edit of a text."""
    new = (text, packed(entities), packed(markup))
    if new == (old.text, old.entities, old.markup):
        return None
    edited_at = now if new[:2] != (old.text, old.entities) else old.edited_at
    connection.execute(
        f"UPDATE messages SET seq = {_NEXT_SEQ}, text = ?, entities = ?, markup = ?, edited_at = ? WHERE id = ?",
        (*new, edited_at, old.id),
    )
    return _by_id(connection, old.id)


def delete_message(connection: sqlite3.Connection, message_id: int, now: int) -> None:
    connection.execute(f"UPDATE messages SET seq = {_NEXT_SEQ}, deleted_at = ? WHERE id = ?", (now, message_id))


def changed_since(connection: sqlite3.Connection, chat_id: int, seq: int, limit: int) -> list[Message]:
    """What changed after ``seq``, in the order of its last change."""
    rows = connection.execute(
        f"SELECT {_MESSAGE} FROM messages WHERE chat_id = ? AND seq > ? ORDER BY seq LIMIT ?", (chat_id, seq, limit)
    ).fetchall()
    return [Message(*row) for row in rows]


def shown_before(connection: sqlite3.Connection, chat_id: int, message_id: int, limit: int) -> list[Message]:
    """The ``limit`` messages that stand before one, the oldest first; 0 is before nothing: the last ones."""
    rows = connection.execute(
        f"SELECT {_MESSAGE} FROM messages WHERE chat_id = ? AND deleted_at IS NULL AND (? = 0 OR id < ?) "
        "ORDER BY id DESC LIMIT ?",
        (chat_id, message_id, message_id, limit),
    ).fetchall()
    return [Message(*row) for row in reversed(rows)]


def last_seq(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT coalesce(max(seq), 0) FROM messages").fetchone()[0])


def add_update(
    connection: sqlite3.Connection, kind: str, about: tuple[int, int], body: Mapping[str, object], now: int
) -> int | None:
    """Put an update into the queue, unless the bot has asked for other kinds only. ``about``: chat and message id."""
    wanted = json.loads(fact(connection, "allowed_updates") or "[]")
    if wanted and kind not in wanted:
        return None
    cursor = connection.execute(
        "INSERT INTO updates (kind, chat_id, message_id, at, body) VALUES (?, ?, ?, ?, ?)",
        (kind, *about, now, packed(body)),
    )
    return int(cursor.lastrowid or 0)


def confirm(connection: sqlite3.Connection, offset: int, now: int) -> int:
    """Forget what is confirmed or too old; a negative offset keeps the last ones only. Returns how many went."""
    if offset < 0:
        row = connection.execute(
            "SELECT min(id) FROM (SELECT id FROM updates ORDER BY id DESC LIMIT ?)", (-offset,)
        ).fetchone()
        offset = row[0] or 0
    gone = connection.execute("DELETE FROM updates WHERE id < ? OR at < ?", (offset, now - UPDATES_KEPT_MS))
    return gone.rowcount


def updates(connection: sqlite3.Connection, limit: int) -> list[dict[str, object]]:
    """The oldest updates that wait, as Telegram's ``Update``."""
    rows = connection.execute("SELECT id, kind, body FROM updates ORDER BY id LIMIT ?", (limit,)).fetchall()
    return [{"update_id": row[0], row[1]: json.loads(row[2])} for row in rows]


def waiting_updates(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM updates").fetchone()[0])


def drop_updates(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM updates")


def first_unread(connection: sqlite3.Connection, chat_id: int) -> int | None:
    """The first message of a chat that the bot has not confirmed yet."""
    row = connection.execute(
        "SELECT min(message_id) FROM updates WHERE chat_id = ? AND kind = 'message'", (chat_id,)
    ).fetchone()
    return row[0] if row[0] is None else int(row[0])


def add_press(connection: sqlite3.Connection, about: Message, now: int) -> int:
    cursor = connection.execute(
        "INSERT INTO presses (chat_id, message_id, at) VALUES (?, ?, ?)", (about.chat_id, about.id, now)
    )
    return int(cursor.lastrowid or 0)


def answer_press(connection: sqlite3.Connection, press_id: int, answer: Mapping[str, object], since: int) -> bool:
    """Keep the first answer; says whether such a press happened at ``since`` or later."""
    done = connection.execute(
        "UPDATE presses SET answer = coalesce(answer, ?) WHERE id = ? AND at >= ?", (packed(answer), press_id, since)
    )
    return done.rowcount > 0


def press_answer(connection: sqlite3.Connection, press_id: int) -> dict[str, object] | None:
    row = connection.execute("SELECT answer FROM presses WHERE id = ?", (press_id,)).fetchone()
    answer: dict[str, object] | None = json.loads(row[0]) if row and row[0] else None
    return answer


def put_commands(connection: sqlite3.Connection, scope: str, language: str, commands: object) -> None:
    """Set the commands of a scope and language; an empty list takes them away."""
    if commands:
        connection.execute(
            "INSERT INTO commands (scope, language, commands) VALUES (?, ?, ?) ON CONFLICT DO UPDATE "
            "SET commands = excluded.commands",
            (scope, language, packed(commands)),
        )
    else:
        connection.execute("DELETE FROM commands WHERE scope = ? AND language = ?", (scope, language))


def commands(connection: sqlite3.Connection, places: Iterable[tuple[str, str]]) -> list[object]:
    """The commands of the first of these scopes and languages that has any."""
    for scope, language in places:
        row = connection.execute(
            "SELECT commands FROM commands WHERE scope = ? AND language = ?", (scope, language)
        ).fetchone()
        if row:
            found: list[object] = json.loads(row[0])
            return found
    return []


def fact(connection: sqlite3.Connection, name: str) -> str:
    """A fact about the bot (its description, what it polls for); empty when it was never set."""
    row = connection.execute("SELECT value FROM profile WHERE name = ?", (name,)).fetchone()
    return str(row[0]) if row else ""


def put_fact(connection: sqlite3.Connection, name: str, value: str) -> None:
    connection.execute(
        "INSERT INTO profile (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
        (name, value),
    )


def packed(value: object) -> str | None:
    """Compact JSON, the same for the same value; ``None`` for nothing."""
    return None if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _by_id(connection: sqlite3.Connection, message_id: int) -> Message:
    return Message(*connection.execute(f"SELECT {_MESSAGE} FROM messages WHERE id = ?", (message_id,)).fetchone())
