"""What a raw update says, as far as the planner cares. Pure, without aiogram, and it never raises.

Sources: https://core.telegram.org/bots/api#update, #message, #callbackquery, #chatmemberupdated. An update of another
kind, or without what its kind must have, is ``OTHER``: something to acknowledge and leave.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from planner.model import SECOND

INT64 = 2**63
"""No number of Telegram's is larger, and SQLite stores none that is."""

CONTENTS = (
    "photo",
    "voice",
    "video",
    "video_note",
    "audio",
    "animation",
    "sticker",
    "location",
    "venue",
    "contact",
    "poll",
    "dice",
    "story",
    "checklist",
    "game",
    "new_chat_members",
    "left_chat_member",
)
"""Kinds of content besides text and documents, each the name of a message's field."""

GONE = frozenset({"kicked", "left"})
"""What a member is that is none (https://core.telegram.org/bots/api#chatmember)."""


class Update(StrEnum):
    """What has happened."""

    MESSAGE = "message"
    EDITED = "edited"
    CALLBACK = "callback"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Document:
    """A file that came with a message; what its sender says about it, which need not be true."""

    file_id: str
    name: str | None
    size: int | None
    mime: str | None


@dataclass(frozen=True, slots=True)
class Named:
    """Where a text names somebody: ``@name`` (``mention``) or ``/command@name`` (``bot_command``), in characters."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reply:
    """The message that this one answers. ``bot_id``: of the bot that wrote it, ``None`` if none did.

    ``buttons`` are the data of those under it.
    """

    message_id: int
    text: str | None
    bot_id: int | None = None
    buttons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Forward:
    """Where a forwarded message first stood. ``link`` only for public channels and groups."""

    origin: str | None
    link: str | None
    date_ms: int | None


@dataclass(frozen=True, slots=True)
class Incoming:
    """One update. ``text`` is a caption's too; ``content`` names what else the message holds ("photo", "voice", …).

    ``date_ms`` is when the message was written (UTC milliseconds, Telegram counts whole seconds), ``None`` for
    callbacks, which have no date; ``edited_ms`` is when it was edited. ``moved_to`` is the supergroup that this group
    became, ``moved_from`` the group that this supergroup was. ``title`` is a group's name; ``joined``: the bot has just
    come into it.
    """

    update_id: int
    kind: Update = Update.OTHER
    chat_id: int | None = None
    chat_type: str | None = None
    user_id: int | None = None
    first_name: str | None = None
    language_code: str | None = None
    text: str | None = None
    date_ms: int | None = None
    message_id: int | None = None
    callback_id: str | None = None
    data: str | None = None
    content: str | None = None
    document: Document | None = None
    reply_to: Reply | None = None
    forward: Forward | None = None
    moved_to: int | None = None
    moved_from: int | None = None
    title: str | None = None
    named: tuple[Named, ...] = ()
    joined: bool = False
    edited_ms: int | None = None


def incoming(update: object) -> Incoming:
    """Read one update as getUpdates gave it."""
    raw = _object(update)
    blank = Incoming(_int(raw.get("update_id")) or 0)
    for name, read in _READERS.items():
        if (found := raw.get(name)) is not None:
            return read(blank, _object(found))
    return blank


def _message(blank: Incoming, raw: Mapping[str, object]) -> Incoming:
    message_id, known = _int(raw.get("message_id")), _whose(blank, raw.get("chat"), raw.get("from"))
    date_ms = _ms(raw.get("date"))
    if known.chat_id is None or message_id is None or date_ms is None:
        return blank
    field = "text" if _text(raw.get("text")) else "caption"
    text = _text(raw.get(field)) or None
    return replace(
        known,
        kind=Update.MESSAGE,
        message_id=message_id,
        date_ms=date_ms,
        text=text,
        named=_named(text or "", raw.get("entities" if field == "text" else "caption_entities")),
        content=_content(raw),
        document=_document(raw.get("document")),
        reply_to=_reply(raw.get("reply_to_message")),
        forward=_forward(raw.get("forward_origin")),
        moved_to=_int(raw.get("migrate_to_chat_id")),
        moved_from=_int(raw.get("migrate_from_chat_id")),
    )


def _edited(blank: Incoming, raw: Mapping[str, object]) -> Incoming:
    read = _message(blank, raw)
    if read.kind is Update.OTHER:
        return read
    return replace(read, kind=Update.EDITED, edited_ms=_ms(raw.get("edit_date")))


def _callback(blank: Incoming, raw: Mapping[str, object]) -> Incoming:
    message, callback_id = _object(raw.get("message")), _text(raw.get("id"))
    known = _whose(blank, message.get("chat"), raw.get("from"))
    if known.chat_id is None or known.user_id is None or callback_id is None:
        return blank
    return replace(
        known,
        kind=Update.CALLBACK,
        callback_id=callback_id,
        data=_text(raw.get("data")),
        message_id=_int(message.get("message_id")),
    )


def _membership(blank: Incoming, raw: Mapping[str, object]) -> Incoming:
    known = _whose(blank, raw.get("chat"), raw.get("from"))
    status = _text(_object(raw.get("new_chat_member")).get("status"))
    if known.chat_id is None or status is None:
        return blank
    gone, joined = status in GONE, _text(_object(raw.get("old_chat_member")).get("status")) in GONE
    kind = Update.BLOCKED if gone else Update.UNBLOCKED
    return replace(known, kind=kind, date_ms=_ms(raw.get("date")), joined=joined and not gone)


_READERS = {"message": _message, "edited_message": _edited, "callback_query": _callback, "my_chat_member": _membership}


def _whose(blank: Incoming, chat: object, sender: object) -> Incoming:
    where, who = _object(chat), _object(sender)
    return replace(
        blank,
        chat_id=_int(where.get("id")),
        chat_type=_text(where.get("type")),
        title=_text(where.get("title")),
        user_id=_int(who.get("id")),
        first_name=_text(who.get("first_name")),
        language_code=_text(who.get("language_code")),
    )


def _named(text: str, raw: object) -> tuple[Named, ...]:
    """Telegram counts UTF-16 units; what does not lie on whole characters of the text is left out."""
    found: list[Named] = []
    encoded = text.encode("utf-16-le")
    for one in raw if isinstance(raw, list) else []:
        entity = _object(one)
        kind, offset, length = _text(entity.get("type")), _int(entity.get("offset")), _int(entity.get("length"))
        if kind not in {"mention", "bot_command"} or offset is None or length is None or min(offset, length - 1) < 0:
            continue
        try:
            start = len(encoded[: 2 * offset].decode("utf-16-le"))
            end = start + len(encoded[2 * offset : 2 * (offset + length)].decode("utf-16-le"))
        except UnicodeDecodeError:
            continue
        found.append(Named(kind, start, end))
    return tuple(found)


def _content(raw: Mapping[str, object]) -> str | None:
    # A GIF comes as an animation and, for old clients, as a document too: the first is what it is.
    return next((name for name in (*CONTENTS, "document") if raw.get(name) is not None), None)


def _document(raw: object) -> Document | None:
    found = _object(raw)
    file_id = _text(found.get("file_id"))
    if file_id is None:
        return None
    return Document(file_id, _text(found.get("file_name")), _int(found.get("file_size")), _text(found.get("mime_type")))


def _reply(raw: object) -> Reply | None:
    found = _object(raw)
    message_id = _int(found.get("message_id"))
    if message_id is None:
        return None
    writer = _object(found.get("from"))
    bot_id = _int(writer.get("id")) if writer.get("is_bot") is True else None
    return Reply(message_id, _text(found.get("text")) or _text(found.get("caption")), bot_id,
                 _buttons(found.get("reply_markup")))  # fmt: skip


def _buttons(markup: object) -> tuple[str, ...]:
    """The data of an inline keyboard's buttons, in order; of anything else, none."""
    rows = _object(markup).get("inline_keyboard")
    buttons = [button for row in rows if isinstance(row, list) for button in row] if isinstance(rows, list) else []
    data = (_text(_object(button).get("callback_data")) for button in buttons)
    return tuple(one for one in data if one)


def _forward(raw: object) -> Forward | None:
    found = _object(raw)
    if not found:
        return None
    user, chat = _object(found.get("sender_user")), _object(found.get("chat") or found.get("sender_chat"))
    origin = _full_name(user) or _text(found.get("sender_user_name")) or _text(chat.get("title")) or _full_name(chat)
    return Forward(origin, _link(chat, _int(found.get("message_id"))), _ms(found.get("date")))


def _full_name(raw: Mapping[str, object]) -> str | None:
    names = (_text(raw.get("first_name")), _text(raw.get("last_name")))
    return " ".join(name for name in names if name) or None


def _link(chat: Mapping[str, object], message_id: int | None) -> str | None:
    username = _text(chat.get("username"))
    if username is None or not username.replace("_", "").isalnum() or not username.isascii():
        return None
    return f"https://t.me/{username}" + (f"/{message_id}" if message_id is not None else "")


def _object(raw: object) -> Mapping[str, object]:
    return raw if isinstance(raw, dict) else {}


def _int(raw: object) -> int | None:
    return raw if isinstance(raw, int) and not isinstance(raw, bool) and -INT64 <= raw < INT64 else None


def _ms(raw: object) -> int | None:
    """Telegram's dates are Unix seconds; 0 stands for a message that is no longer accessible."""
    seconds = _int(raw)
    return seconds * SECOND if seconds is not None and 0 < seconds < INT64 // SECOND else None


def _text(raw: object) -> str | None:
    """Text that can be stored and sent on: JSON may hold half a surrogate pair, which UTF-8 cannot."""
    return raw.encode("utf-8", "replace").decode() if isinstance(raw, str) else None
