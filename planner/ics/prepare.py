"""A calendar made ready for the store: its events as the planner has them, and what each of them owes. Pure.

All that takes time is done here, so that the transaction which stores it only inserts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from planner import due, owing, recur
from planner.ics.entry import Entry, Faulty, Group, Limits, Same
from planner.ics.read import read
from planner.model import Event

STARTS_MAX = 100_000
"""Starts of a calendar's recurring events that are kept at once."""
CROWDED = "crowded"
"""Why an event beyond that does not recur; see :class:`planner.ics.entry.Faulty`."""
STARTS_OFTEN = 12
"""What has more of them than once a day does comes often."""
OFTEN_MAX = 25_000
"""Starts, among those, of what comes often: the rest is for the others."""
_TO_COME = (due.HORIZON_MS + owing.SEEN_BACK_MS) // (owing.SOON_MS + owing.SEEN_BACK_MS)
"""So many times as much as is kept at first of what comes soon only will be kept in the end."""


class Order(NamedTuple):
    """What is to be made of a calendar: for whom, with which reminders, and what of it is there already.

    ``leads_s`` are the feed's (``None``: the owner's), ``alarms``: an event's own come first, ``muted``: none at all.
    ``known`` are the digests of what was read of it before, and ``starts`` how many of its recurring events are
    kept, of all and of what comes often.
    """

    user_id: int
    feed_id: int | None
    owner: owing.Owner
    leads_s: tuple[int, ...] | None
    alarms: bool
    muted: bool
    known: frozenset[str]
    now: int
    limits: Limits
    starts: tuple[int, int] = (0, 0)


class Prepared(NamedTuple):
    """An event (without an id), its ``starts`` and ``until`` as :class:`planner.owing.Ahead` has them.

    ``dues`` are pairs: a start, and when a reminder of it is due.
    """

    uid: str
    part: str
    digest: str
    event: Event
    starts: tuple[int, ...]
    until: int | None
    dues: tuple[tuple[int, int], ...]


class Piece(NamedTuple):
    """What became of one UID that was read: these are all its events; without any, it is cancelled or faulty."""

    uid: str
    prepared: tuple[Prepared, ...] = ()
    faulty: tuple[Faulty, ...] = ()


class Rest(NamedTuple):
    """What was not read: how many UIDs are the ``same``, and the digests that were known and are ``missing``."""

    same: int
    missing: frozenset[str]


@dataclass(slots=True)
class Batch:
    """A whole calendar.

    ``present`` are the UIDs that were read and that it has events of, and those of which something could not be read;
    ``same`` is how many more have not changed. What was known by a digest that is ``missing``, or by none, and is not
    present is gone. ``prepared`` are the events of all that is new or changed, each UID's together: its other parts are
    gone, unless some of it is ``faulty``. ``cancelled`` are the UIDs that it names only to say so.
    """

    name: str | None
    same: int = 0
    missing: set[str] = field(default_factory=set)
    present: set[str] = field(default_factory=set)
    prepared: list[Prepared] = field(default_factory=list)
    cancelled: set[str] = field(default_factory=set)
    faulty: list[Faulty] = field(default_factory=list)

    @property
    def crowded(self) -> bool:
        """Whether it has more that recurs than is kept."""
        return any(one.why == CROWDED for one in self.faulty)

    @property
    def total(self) -> int:
        """How many UIDs it has events of."""
        return self.same + len(self.present)

    def add(self, piece: Piece | Rest) -> None:
        """Take in what became of one UID, or of all that was not read."""
        if isinstance(piece, Rest):
            self.same += piece.same
            self.missing |= piece.missing
            return
        self.prepared.extend(piece.prepared)
        self.faulty.extend(piece.faulty)
        if piece.prepared or piece.faulty:
            self.present.add(piece.uid)
        else:
            self.cancelled.add(piece.uid)


def prepare(content: bytes, order: Order) -> Batch:
    """A calendar's bytes made ready. Raises :class:`planner.ics.entry.UnreadableError`, and nothing else."""
    name, pieces = prepared(content, order)
    batch = Batch(name)
    for piece in pieces:
        batch.add(piece)
    return batch


def prepared(content: bytes, order: Order) -> tuple[str | None, Iterator[Piece | Rest]]:
    """The calendar's name, its events UID by UID, and the rest: what is read and handed on costs no more memory."""
    reading = read(content, zone=order.owner.zone, now=order.now, known=order.known, limits=order.limits)
    return reading.name, _pieces(reading.items, order)


def _pieces(items: Iterable[Group | Same | Faulty], order: Order) -> Iterator[Piece | Rest]:
    seen = set()
    room = _Room(order)
    for item in items:
        if isinstance(item, Same):
            seen.add(item.digest)
        else:
            yield _piece(item, order, room)
    yield Rest(len(seen), order.known - seen)


class _Room:
    """What the events of a calendar may still owe."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._at_once = owing.Room()
        self._starts, self._often = STARTS_MAX - order.starts[0], OFTEN_MAX - order.starts[1]

    def ahead(self, event: Event) -> owing.Ahead | None:
        """What an event owes for now; ``None`` where there is no room for it beside the others."""
        recurs, all_of_it = event.rrule is not None, self._at_once.left > 0
        if recurs and (self._starts <= 0 or (self._often <= 0 and self._comes_often(event))):
            return None
        found = self._at_once.ahead(event, self._order.owner, self._order.now, self._order.now)
        starts = len(found.starts) * (1 if all_of_it else _TO_COME) if recurs else 0
        self._starts -= starts
        if starts > STARTS_OFTEN and self._comes_often(event):
            self._often -= starts
        return found

    def _comes_often(self, event: Event) -> bool:
        now, zone = self._order.now, event.zone or self._order.owner.zone
        low, high = now - owing.SEEN_BACK_MS, now + due.HORIZON_MS
        return len(recur.starts(event, zone, after=low, before=high, limit=STARTS_OFTEN + 1)) > STARTS_OFTEN


def _piece(item: Group | Faulty, order: Order, room: _Room) -> Piece:
    if isinstance(item, Faulty):
        return Piece(item.uid, faulty=(item,))
    done: list[Prepared] = []
    faulty: list[Faulty] = []
    for entry in item.entries:
        try:
            event = _event(entry, order)
            ahead = room.ahead(event)
            if ahead is None:
                event = replace(event, rrule=None, excluded=(), included=())
                faulty.append(Faulty(item.uid, entry.title, CROWDED))
            done.append(_prepared(item, entry.part, ahead or owing.Ahead(event, (event.start_at,), None), order))
        except (ArithmeticError, LookupError, ValueError):  # a time that no zone's clock shows: past the year 9999
            faulty.append(Faulty(item.uid, entry.title, "time"))
    if faulty:  # it is to be read anew
        done = [one._replace(digest="") for one in done]
    return Piece(item.uid, prepared=tuple(done), faulty=tuple(faulty))


def _prepared(group: Group, part: str, ahead: owing.Ahead, order: Order) -> Prepared:
    event, starts, until = ahead
    dues = ((start, at) for start in starts for at in owing.dues(event, order.owner, start, order.now))
    return Prepared(group.uid, part, group.digest, event, tuple(starts), until, tuple(dues))


def _event(entry: Entry, order: Order) -> Event:
    return Event(
        id=0,
        user_id=order.user_id,
        title=entry.title,
        start_local=entry.start_local,
        start_at=recur.local_instant(entry.start_local, entry.zone or order.owner.zone),
        duration_s=entry.duration_s,
        all_day=entry.all_day,
        zone=entry.zone,
        rrule=entry.rrule,
        instant=False,
        leads_s=_leads(entry, order),
        place=entry.place,
        notes=entry.notes,
        link=entry.link,
        source="file" if order.feed_id is None else "feed",
        excluded=entry.excluded,
        included=entry.included,
        feed_id=order.feed_id,
    )


def _leads(entry: Entry, order: Order) -> tuple[int, ...] | None:
    if order.muted:
        return ()
    if order.alarms and entry.alarms_s is not None:
        return entry.alarms_s
    return order.leads_s
