"""Files that people send: fetched by an errand, told apart by what is in them, each kind taken in by its own reader."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, BinaryIO

from planner import archive
from planner.catalogue import security
from planner.chat import imported, restore
from planner.chat.access import Access
from planner.chat.errand import talk_of
from planner.chat.export import UNDER_WAY_MAX
from planner.chat.talk import Talk
from planner.errands import Work
from planner.feeds.fetched import Fault
from planner.model import Outcome
from planner.render import Words
from planner.store import Store, Tx
from planner.store.errands import Errand
from planner.telegram.incoming import Document
from planner.telemetry.registry import Registry

if TYPE_CHECKING:
    from planner.ics.prepare import Batch, Order

KIND = "file"
FILE_MAX_BYTES = archive.IMPORT_MAX_BYTES
CALENDAR_ENDINGS = (".ics", ".ical", ".icalendar", ".ifb")
ENDINGS = (".json", *CALENDAR_ENDINGS)
"""Of the names of files that are worth fetching."""
CALENDAR_TYPE = "text/calendar"
BEGINS = b"BEGIN:VCALENDAR"
LOOKED_AT = 4_096
"""Bytes of a file in which a calendar begins."""
NAMED_SO = "ics"
"""In an errand's progress: its file's name or type says that it is a calendar."""
TOO_LARGE = frozenset({"too_large", "too_many"})
"""Faults of a file that holds more than is taken in."""
MEGABYTE = 1024 * 1024

Read = Callable[[BinaryIO, "Order"], "Awaitable[Batch | Fault]"]
"""Reads a calendar apart from the event loop: whatever is in it costs nothing but its own errand."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a file holds, and what takes that in, a part at a time, saying whether it was the last.

    Or why it cannot be read. ``file``: it is neither yet, and may be a calendar if it looks like one (``calendar``).
    """

    take: Callable[[Talk, Errand, object], bool] | None = None
    held: object = None
    fault: str = ""
    file: BinaryIO | None = None
    calendar: bool = False


def is_ours(document: Document) -> bool:
    """Whether a file, going by its name, is worth fetching."""
    return (document.name or "").lower().endswith(ENDINGS) or _is_calendar(document)


def _is_calendar(document: Document) -> bool:
    named = (document.name or "").lower().endswith(CALENDAR_ENDINGS)
    return named or (document.mime or "").lower().startswith(CALENDAR_TYPE)


def received(talk: Talk, document: Document) -> None:
    """Somebody sent a file."""
    words, tx = talk.words, talk.tx
    if not is_ours(document):
        talk.say(_unknown(words))
    elif (document.size or 0) > FILE_MAX_BYTES:
        talk.oversized()
        talk.say(_too_large(words))
    elif tx.errands.count(talk.user.id) >= UNDER_WAY_MAX:
        talk.say(words.t("I am still busy with what you asked for before. Try again in a moment."))
    else:
        errand = tx.errands.add(
            talk.access.bot_id,
            talk.user.id,
            KIND,
            talk.update.update_id,
            talk.said_at,
            talk.now,
            document.file_id,
        )
        if _is_calendar(document):
            tx.errands.keep(errand, {NAMED_SO: 1})


def work(access: Access, read: Read, metrics: Registry) -> Work:
    """How a file is read and taken in. ``metrics``: where exports are counted that are too large."""
    further = partial(_further, read, metrics)
    return Work(_prepare, partial(_finish, access), max_bytes=FILE_MAX_BYTES, further=further)


def _prepare(content: object) -> object:
    assert isinstance(content, bytes)
    try:
        held = archive.read(content)
    except archive.UnreadableError as error:
        return Found(fault=str(error.args[0]))
    if held is not None:
        return Found(restore.take, held)
    file = TemporaryFile()  # noqa: SIM115  # whoever reads it closes it
    file.write(content)
    file.seek(0)
    return Found(file=file, calendar=BEGINS in content[:LOOKED_AT].upper())


async def _further(read: Read, metrics: Registry, store: Store, errand: Errand, found: object, now: int) -> object:
    if isinstance(found, Found) and found.fault in TOO_LARGE:  # a calendar's fault is counted by whoever reads it
        metrics.add(security.REFUSALS, "oversized")
    return await _calendar(read, store, errand, found, now)


async def _calendar(read: Read, store: Store, errand: Errand, found: object, now: int) -> object:
    """Read what is, or calls itself, a calendar."""
    if not isinstance(found, Found) or found.file is None:
        return found
    with closing(found.file) as file:
        if not found.calendar and not errand.progress.get(NAMED_SO):
            return Found()
        order = await store.read(lambda tx: imported.order(tx, errand, now))
        batch = Fault(Outcome.INVALID, "") if order is None else await read(file, order)
    if isinstance(batch, Fault):
        return Found(fault=batch.code or "other")
    return Found(imported.take, await imported.seen(store, errand, batch))


def _finish(access: Access, tx: Tx, errand: Errand, ready: object, now: int) -> bool:
    talk = talk_of(tx, errand, access, now)
    if talk is None or not access.admits(tx, talk.user.id):
        return True
    if isinstance(ready, Found) and ready.take is not None:
        return ready.take(talk, errand, ready.held)
    talk.say(_why(talk.words, ready.fault) if isinstance(ready, Found) else _not_fetched(talk.words))
    return True


def _not_fetched(words: Words) -> str:
    return words.t("I could not get this file from Telegram. Please send it once more.")


def _why(words: Words, fault: str) -> str:
    """Why nothing was taken in, and what to do; without a fault, that the file is none of ours."""
    match fault:
        case "newer":
            return words.t("This export was made by a newer planner than this one. Nothing was added.")
        case "damaged":
            return words.t("This looks like an export of mine, but it is damaged. Nothing was added.")
        case fault if fault in TOO_LARGE:
            return _too_large(words)
        case "html":
            return words.t("This is a web page that was saved, not a calendar. Look there for “export” or “download”,"
                           " and send me the .ics file itself.")  # fmt: skip
        case "empty":
            return words.t("This file is empty. Export the calendar once more and send me the new file.")
        case "cut":
            return words.t("This calendar breaks off in the middle, so nothing was added. Export or download it once"
                           " more.")  # fmt: skip
        case "heavy":
            return words.t("This calendar takes too long to read, so nothing was added. Try a part of it, one year for"
                           " example.")  # fmt: skip
        case "other":
            return words.t("This file is called a calendar, but there is none in it. Export it once more as .ics"
                           " (iCalendar).")  # fmt: skip
        case "":
            return _unknown(words)
        case _:
            return words.t("I cannot read this calendar: it is my fault, and it is in my log.")


def _unknown(words: Words) -> str:
    return words.t(
        "I cannot read this file. What I can take in is a calendar (.ics), or an export of mine: the file that /export"
        " gives."
    )


def _too_large(words: Words) -> str:
    return words.t(
        "This file is too large. I take files of up to {size} MB, with up to {count} events.",
        size=FILE_MAX_BYTES // MEGABYTE,
        count=archive.EVENTS_MAX,
    )
