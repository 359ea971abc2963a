"""What the planner and its child process say to each other about a calendar: JSON, a line at a time.

Lines are short, so that making or reading one holds up the event loop for less than a millisecond.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import fields
from itertools import islice
from operator import attrgetter
from typing import Any

from planner.ics.entry import Faulty, Limits
from planner.ics.prepare import Batch, Order, Piece, Prepared, Rest
from planner.model import Event, Quiet
from planner.owing import Owner

LINE_BYTES = 16_000
"""So much is gathered into one line."""
EVENT_BYTES = 256_000
"""An event that takes more is none: it is named as faulty."""
DIGESTS_PER_LINE = 2_000

_EVENT = attrgetter(*(one.name for one in fields(Event)))
_TUPLES = tuple(
    place for place, one in enumerate(fields(Event)) if one.name in {"leads_s", "excluded", "included"}
)  # fmt: skip


def order_lines(order: Order) -> Iterator[bytes]:
    """An order, then the digests that are known, in pieces."""
    yield _json(order._replace(known=frozenset())) + b"\n"
    known = iter(order.known)
    while piece := list(islice(known, DIGESTS_PER_LINE)):
        yield " ".join(piece).encode() + b"\n"


def order_of(lines: Iterable[bytes]) -> Order:
    """An order from its lines."""
    line, *digests = lines
    first = json.loads(line)
    user_id, feed_id, (zone, leads_s, quiet), feed_leads_s, alarms, muted, _, now, limits, starts = first
    known = frozenset(b"".join(digests).decode().split())
    owner = Owner(zone, tuple(leads_s), None if quiet is None else Quiet(*quiet))
    leads = None if feed_leads_s is None else tuple(feed_leads_s)
    return Order(user_id, feed_id, owner, leads, alarms, muted, known, now, Limits(*limits), tuple(starts))


def piece_lines(pieces: Iterable[Piece | Rest]) -> Iterator[bytes]:
    """Pieces as they come, many in a line; a UID of many events is in many lines."""
    gathered: list[bytes] = []
    size = 0
    for said in (said for piece in pieces for said in _said(piece)):
        gathered.append(said)
        size += len(said)
        if size >= LINE_BYTES:
            yield b"[" + b",".join(gathered) + b"]\n"
            gathered, size = [], 0
    yield b"[" + b",".join(gathered) + b"]\n"


def take(batch: Batch, line: bytes) -> None:
    """Add to a batch what a line of :func:`piece_lines` says."""
    for kind, uid, *rest in json.loads(line):
        match kind:
            case "event":
                batch.add(Piece(uid, prepared=(_prepared(uid, *rest),)))
            case "faulty":
                batch.add(Piece(uid, faulty=(Faulty(uid, *rest),)))
            case "rest":
                batch.add(Rest(uid, frozenset(*rest)))
            case _:
                batch.add(Piece(uid))


def _said(piece: Piece | Rest) -> Iterator[bytes]:
    if isinstance(piece, Rest):
        yield _json(["rest", piece.same, []])
        missing = iter(piece.missing)
        while some := list(islice(missing, DIGESTS_PER_LINE)):
            yield _json(["rest", 0, some])
        return
    for one in piece.prepared:
        said = _json(["event", one.uid, one.part, one.digest, _EVENT(one.event), one.starts, one.until, one.dues])
        yield said if len(said) <= EVENT_BYTES else _json(["faulty", one.uid, one.event.title[:80], "too_large"])
    for fault in piece.faulty:
        yield _json(["faulty", *fault])
    if not piece.prepared and not piece.faulty:
        yield _json(["cancelled", piece.uid])


def _prepared(uid: str, part: str, digest: str, event: list[Any], starts: list[int], until: int | None,
              dues: list[tuple[int, int]]) -> Prepared:  # fmt: skip
    for place in _TUPLES:
        if event[place] is not None:
            event[place] = tuple(event[place])
    pairs = tuple((start, due) for start, due in dues)
    return Prepared(uid, part, digest, Event(*event), tuple(starts), until, pairs)


def _json(value: object) -> bytes:
    return _ENCODED(value).encode()


def _plain(value: object) -> object:
    """JSON has no form for a dataclass; a tuple it takes for a list."""
    if isinstance(value, Quiet):
        return [value.start, value.end]
    if isinstance(value, frozenset):
        return list(value)
    raise TypeError(type(value).__name__)


_ENCODED = json.JSONEncoder(separators=(",", ":"), default=_plain).encode
