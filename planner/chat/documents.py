"""Files that people send: fetched by an errand, told apart by what is in them, each kind taken in by its own reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from planner import archive
from planner.chat import restore
from planner.chat.access import Access
from planner.chat.errand import talk_of
from planner.chat.export import UNDER_WAY_MAX
from planner.chat.talk import Talk
from planner.errands import Work
from planner.store import Tx
from planner.store.errands import Errand
from planner.telegram.incoming import Document

KIND = "file"
FILE_MAX_BYTES = archive.IMPORT_MAX_BYTES
ENDINGS = (".json",)
"""Of the names of files that are worth fetching."""
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Reader:
    """One kind of file. ``read`` gives what it holds, ``None`` for another kind, and raises ``UnreadableError``.

    ``take`` takes that in, a part at a time, and says whether that was the last.
    """

    read: Callable[[bytes], object | None]
    take: Callable[[Talk, Errand, object], bool]


READERS = (Reader(archive.read, restore.take),)
"""In the order in which a file is offered to them."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a file holds, and who takes it in; or why it cannot be read."""

    reader: Reader | None = None
    held: object = None
    fault: str = ""


def is_ours(document: Document) -> bool:
    """Whether a file, going by its name, is worth fetching."""
    return (document.name or "").lower().endswith(ENDINGS)


def received(talk: Talk, document: Document) -> None:
    """Somebody sent a file."""
    words, tx = talk.words, talk.tx
    if not is_ours(document):
        _unknown(talk)
    elif (document.size or 0) > FILE_MAX_BYTES:
        _too_large(talk)
    elif tx.errands.count(talk.user.id) >= UNDER_WAY_MAX:
        talk.say(words.t("I am still busy with what you asked for before. Try again in a moment."))
    else:
        tx.errands.add(
            talk.access.bot_id,
            talk.user.id,
            KIND,
            talk.update.update_id,
            talk.said_at,
            talk.now,
            document.file_id,
        )


def work(access: Access) -> Work:
    """How a file is read and taken in."""
    return Work(_prepare, partial(_finish, access), max_bytes=FILE_MAX_BYTES)


def _prepare(content: object) -> object:
    assert isinstance(content, bytes)
    try:
        for reader in READERS:
            if (held := reader.read(content)) is not None:
                return Found(reader, held)
    except archive.UnreadableError as error:
        return Found(fault=str(error.args[0]))
    return Found()


def _finish(access: Access, tx: Tx, errand: Errand, ready: object, now: int) -> bool:
    talk = talk_of(tx, errand, access, now)
    if talk is None or not access.admits(tx, talk.user.id):
        return True
    if isinstance(ready, Found) and ready.reader is not None:
        return ready.reader.take(talk, errand, ready.held)
    words = talk.words
    match ready:
        case Found(fault="newer"):
            talk.say(words.t("This export was made by a newer planner than this one. Nothing was added."))
        case Found(fault="damaged"):
            talk.say(words.t("This looks like an export of mine, but it is damaged. Nothing was added."))
        case Found(fault="too_large"):
            _too_large(talk)
        case Found():
            _unknown(talk)
        case _:
            talk.say(words.t("I could not get this file from Telegram. Please send it once more."))
    return True


def _unknown(talk: Talk) -> None:
    talk.say(
        talk.words.t("I cannot read this file. What I can take in is an export of mine: the file that /export gives.")
    )


def _too_large(talk: Talk) -> None:
    talk.say(
        talk.words.t(
            "This file is too large. I take files of up to {size} MB, with up to {count} events.",
            size=FILE_MAX_BYTES // MEGABYTE,
            count=archive.EVENTS_MAX,
        )
    )
