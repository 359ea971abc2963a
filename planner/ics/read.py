"""A calendar's bytes read: its name, and what it says of each UID. Pure; work and memory grow with the bytes only."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from planner.ics import component, outline, properties, series, texts
from planner.ics.component import Budget, Component, FaultyError, Frame
from planner.ics.entry import Entry, Faulty, Group, Limits, Same
from planner.ics.outline import Head, Outline, Span
from planner.ics.properties import Part
from planner.ics.unfold import decode, unfold
from planner.ics.zones import Resolver, by_name
from planner.model import DAY

WRITTEN_BACK_MS = 31 * DAY
WRITTEN_AHEAD_MS = 400 * DAY
"""What no rule of the planner's says is written out from so long ago to so far ahead."""
WRITTEN_MAX = 250_000
"""Starts of a whole calendar that are written out; where they are used up, a series keeps its certain dates."""
SERIES_MAX = 5_000
"""Starts of one series that are written out: a calendar is read anew long before they have passed."""
NAME_MAX = 100
"""Characters of a calendar's name."""
OURS = b"-//planner//planner//EN"
"""The PRODID of what the planner writes itself, which says all outright."""

_TOO_MUCH = 365 * 9_000 * DAY


class Many(NamedTuple):
    """A window of any length is asked for: so many starts of a series, and of all, are written out."""

    series: int
    all: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A calendar; ``items`` are read as they are asked for, once, and raise nothing."""

    name: str | None
    items: Iterator[Group | Same | Faulty]


def read(content: bytes, *, zone: str, now: int, known: AbstractSet[str], limits: Limits) -> Reading:
    """Read a calendar as of ``now`` (UTC ms) for somebody in ``zone``, which only what floats and is written out needs.

    ``known`` are the digests of what was read before: what has one of them is not read. Raises
    :class:`planner.ics.entry.UnreadableError`, and nothing else; then nothing of it was read.
    """
    return read_between(content, zone=zone, low=now - WRITTEN_BACK_MS, high=now + WRITTEN_AHEAD_MS, known=known,
                        limits=limits)  # fmt: skip


def read_between(
    content: bytes,
    *,
    zone: str,
    low: int,
    high: int,
    known: AbstractSet[str],
    limits: Limits,
    many: Many | None = None,
) -> Reading:
    """Like :func:`read`, and what has to be written out is so from ``low`` to ``high`` (UTC ms).

    ``many``: rules are followed however often a day they come, and so many of their starts are written out.
    """
    plain = unfold(content)
    found = outline.outline(plain, limits.events)
    frame = Frame(zone, low, high, f"{datetime.fromtimestamp(max(0, min(low, _TOO_MUCH)) // 1_000, UTC):%Y%m%d}",
                  Budget(many.all if many else WRITTEN_MAX), many.series if many else SERIES_MAX,
                  often=many is not None)  # fmt: skip
    return Reading(_name(found.heads), _Reader(plain, found, frame).items(known))


def _name(heads: list[Head]) -> str | None:
    for head in heads:
        if raw := head.wr_name or head.name:
            part = properties.Part("", {"SUMMARY": [properties.Line("", decode(raw))]})
            return texts.title(part)[:NAME_MAX] or None
    return None


class _Reader:
    def __init__(self, plain: bytes, found: Outline, frame: Frame) -> None:
        self._plain = plain
        self._frame = frame
        self._groups = found.groups
        self._heads = found.heads or [Head()]
        self._zones = [self._resolver(head) for head in self._heads]
        self._salts = [self._salt(head) for head in self._heads]

    def items(self, known: AbstractSet[str]) -> Iterator[Group | Same | Faulty]:
        for uid, spans in self._groups.items():
            digest = outline.digest(self._plain, spans, self._salts[spans[0].calendar])
            if digest in known:
                yield Same(uid, digest)
            else:
                yield from self._group(uid, spans, digest)

    def _group(self, uid: str, spans: list[Span], digest: str) -> Iterator[Group | Faulty]:
        components: list[Component] = []
        unread: list[Part] = []
        faults: list[str] = []
        for span in spans:
            part = properties.read("VEVENT", decode(self._plain[span.start : span.end]), self._frame.since)
            try:
                ours = self._heads[span.calendar].made_by == OURS
                components.append(component.read(part, self._zones[span.calendar], self._frame, ours=ours))
            except FaultyError as fault:
                unread.append(part)
                faults.append(str(fault.args[0]))
            except (ArithmeticError, LookupError, ValueError):
                unread.append(part)
                faults.append("event")
        entries, holds = self._built(components, faults) if components else ((), False)
        if faults:
            title = next(filter(None, (*(one.title for one in components), *map(texts.title, unread))), "")
            yield from (Faulty(uid, title, why) for why in dict.fromkeys(faults))
        if entries or not faults:
            yield Group(uid, digest if holds and not faults else "", entries)

    def _built(self, components: list[Component], faults: list[str]) -> tuple[tuple[Entry, ...], bool]:
        try:
            built = series.build(components, self._frame)
        except (ArithmeticError, LookupError, ValueError):
            faults.append("event")
            return (), False
        faults.extend(built.faults)
        return built.entries, built.holds

    def _resolver(self, head: Head) -> Resolver:
        written = {decode(name): decode(self._plain[start:end]) for name, (start, end) in head.zones.items()}
        return Resolver(written, decode(head.zone) if head.zone else None, self._frame.low, self._frame.high)

    def _salt(self, head: Head) -> bytes:
        """Zones that are known by name are read by it, whatever the calendar says of them."""
        own = [self._plain[start:end] for name, (start, end) in head.zones.items() if not by_name(decode(name))]
        return outline.salt(head.zone, head.made_by if head.made_by == OURS else b"", *own)
