"""Where in a picture of a week everything goes: bars over its days, blocks within them, side by side if they meet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from planner import agenda
from planner.agenda import Placed
from planner.due import day_bounds, minute_of
from planner.model import DAY

DAYS = 7
LANES_MAX = 2
"""So many stand side by side, each with room for some letters; of more it is said how many are left out."""
BARS_MAX = 3
"""So many stand above each other."""
SHOWN_AT_LEAST, SHOWN_AS = 30, 60
"""An event is drawn as if it took so many minutes, however short it is: the second, unless another begins by then."""
SEEN_AT_LEAST = 20
"""Less than so many minutes of a block are not worth being drawn."""
HOURS = (8, 21)
"""The hours that are drawn when all is within them."""
MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Block:
    """An event within a day: minutes of the day, and its lane of so many. ``one`` is ``None`` for ``left`` others.

    ``begun``: on the day before.
    """

    day: int
    begin: int
    end: int
    one: Placed | None
    lane: int = 0
    lanes: int = 1
    left: int = 0
    begun: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """An event that takes whole days, from one column to another, both included. ``one`` as in ``Block``."""

    first: int
    last: int
    one: Placed | None
    lane: int = 0
    left: int = 0


def bars(found: Iterable[Placed], zone: str, begin: date) -> list[Bar]:
    """What takes whole days, the longest first; of what finds no lane its number, in the last one."""
    wanted = []
    for one in filter(whole_days, found):
        first, last = ((day - begin).days for day in agenda.days_of(one, zone))
        if first < DAYS and last >= 0:
            wanted.append(Bar(max(0, first), min(DAYS - 1, last), one))
    placed: list[Bar] = []
    left = [0] * DAYS
    for bar in sorted(wanted, key=lambda bar: (bar.first - bar.last, bar.first)):
        lane = next((lane for lane in range(BARS_MAX) if not any(_meet(bar, other, lane) for other in placed)), None)
        if lane is None:
            for day in range(bar.first, bar.last + 1):
                left[day] += 1
        else:
            placed.append(replace(bar, lane=lane))
    return placed + [Bar(day, day, None, BARS_MAX, n) for day, n in enumerate(left) if n]


def _meet(bar: Bar, other: Bar, lane: int) -> bool:
    return other.lane == lane and bar.first <= other.last and other.first <= bar.last


def whole_days(one: Placed) -> bool:
    """Whether it is a bar above the days rather than a block within them."""
    return one.all_day or one.duration_s * 1_000 >= DAY


def blocks(found: Iterable[Placed], zone: str, begin: date) -> list[Block]:
    """What happens at a time of day; over midnight, a block on each day."""
    timed = [one for one in found if not whole_days(one)]
    placed = []
    for day in range(DAYS):
        low, high = day_bounds(begin + timedelta(days=day), zone)
        here = [_block(one, day, low, high, zone) for one in timed if _is_on(one, low, high, zone)]
        placed += _side_by_side(_stretched(sorted(here, key=lambda block: (block.begin, -block.end))))
    return placed


def _is_on(one: Placed, low: int, high: int, zone: str) -> bool:
    return one.start_at < high and (one.start_at >= low or agenda.ends(one, zone) > low)


def _block(one: Placed, day: int, low: int, high: int, zone: str) -> Block:
    begun = one.start_at < low
    begin = 0 if begun else min(minute_of(one.start_at, zone), MINUTES - SHOWN_AT_LEAST)
    ends = agenda.ends(one, zone)
    end = max(minute_of(ends, zone) if ends < high else MINUTES, begin + SHOWN_AT_LEAST)
    return Block(day, begin, min(end, MINUTES), one, begun=begun)


def _stretched(row: Sequence[Block]) -> list[Block]:
    """The blocks of a day, in order, short ones as high as they may be drawn."""
    begins = sorted({block.begin for block in row})
    found = []
    for block in row:
        after = next((begin for begin in begins if begin > block.begin), MINUTES)
        wanted = min(block.begin + SHOWN_AS, after, MINUTES)
        found.append(replace(block, end=max(block.end, wanted)))
    return found


def _side_by_side(row: Sequence[Block]) -> list[Block]:
    """The blocks of a day, in order, in lanes: those that meet, one after the other, share the width."""
    placed: list[Block] = []
    group: list[Block] = []
    for block in row:
        if group and block.begin >= max(one.end for one in group):
            placed += _shared(group)
            group = []
        group.append(block)
    return placed + _shared(group)


def _shared(group: Sequence[Block]) -> list[Block]:
    ends: list[int] = []
    lanes: list[int] = []
    for block in group:
        lane = next((lane for lane, end in enumerate(ends) if end <= block.begin), len(ends))
        ends[lane : lane + 1] = [block.end]
        lanes.append(lane)
    shown = min(len(ends), LANES_MAX)
    if len(ends) <= LANES_MAX:
        return [replace(block, lane=lane, lanes=shown) for block, lane in zip(group, lanes, strict=True)]
    kept = [
        replace(block, lane=lane, lanes=shown) for block, lane in zip(group, lanes, strict=True) if lane < shown - 1
    ]
    rest = [block for block, lane in zip(group, lanes, strict=True) if lane >= shown - 1]
    begin, end = min(block.begin for block in rest), max(block.end for block in rest)
    return [*kept, Block(rest[0].day, begin, end, None, shown - 1, shown, len(rest))]


def hours(placed: Iterable[Block]) -> tuple[int, int]:
    """The first and the last hour to be drawn; what goes on from the day before stretches them to no night."""
    begins = [block.begin for block in placed if not block.begun]
    ends = [block.end for block in placed if not block.begun]
    return min(HOURS[0], min(begins, default=MINUTES) // 60), max(HOURS[1], -(-max(ends, default=0) // 60))


def within(placed: Iterable[Block], hours: tuple[int, int]) -> list[Block]:
    """What of the blocks is seen in these hours."""
    first, last = (hour * 60 for hour in hours)
    seen = (replace(block, begin=max(block.begin, first), end=min(block.end, last)) for block in placed)
    return [block for block in seen if block.end - block.begin >= SEEN_AT_LEAST]
