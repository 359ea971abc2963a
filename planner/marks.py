"""Which calendar an event stands in: the mark before it, and one entry for a meeting that stands in several. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from planner.agenda import Key, One, Placed, key
from planner.model import Feed

Calendars = tuple[int | None, ...]
"""Feeds by their ids; ``None`` is what was made here."""


@dataclass(frozen=True, slots=True)
class Marks:
    """A user's linked calendars by their ids, and of each meeting that stands in several, which."""

    feeds: Mapping[int, Feed] = field(default_factory=dict)
    shared: Mapping[Key, Calendars] = field(default_factory=dict)

    def before(self, one: Placed) -> str:
        """What stands before a title: ``🟦 ``, a mark for each calendar; nothing before an event made here."""
        return "".join(f"{mark} " for mark in self.of(one))

    def of(self, one: Placed) -> list[str]:
        """The mark of each calendar that an occurrence is in."""
        if not self.feeds:
            return []
        found = (self._feed(feed_id) for feed_id in self.shared.get(key(one), (one.feed_id,)))
        return [feed.mark for feed in found if feed is not None]

    def elsewhere(self, other: Placed, one: Placed) -> str:
        """The calendar of ``other``, ``🟦 Work``, where ``one`` is not in it, too; else nothing."""
        feed = self._feed(other.feed_id)
        if feed is None or feed.id in self.shared.get(key(one), (one.feed_id,)):
            return ""
        return named(feed)

    def _feed(self, feed_id: int | None) -> Feed | None:
        return None if feed_id is None else self.feeds.get(feed_id)


NONE = Marks()


def named(feed: Feed) -> str:
    """A calendar as its user knows it: ``🟦 Work``."""
    return f"{feed.mark} {feed.name}".strip()


def once(found: Sequence[One], feeds: Iterable[Feed]) -> tuple[list[One], Marks]:
    """The occurrences, a meeting that stands in several calendars only once, and the marks of all.

    The same are those with the same title from the same start to the same end, each in another calendar: two alike in
    one calendar are two. The user's own stands for the others, else the first.
    """
    known = {feed.id: feed for feed in feeds}
    if not known:
        return list(found), NONE
    left_out: set[Key] = set()
    shared: dict[Key, Calendars] = {}
    for group in _same(found):
        stands = group.get(None) or next(iter(group.values()))
        shared[key(stands)] = tuple(group)
        left_out.update(key(one) for one in group.values() if one is not stands)
    kept = [one for one in found if key(one) not in left_out] if left_out else list(found)
    return kept, Marks(known, shared)


def _same(found: Iterable[One]) -> Iterator[dict[int | None, One]]:
    """Each meeting that stands in several calendars, by these."""
    alike: dict[tuple[int, int, bool, str], list[One]] = {}
    for one in found:
        alike.setdefault((one.start_at, one.duration_s, one.all_day, one.title), []).append(one)
    for every in alike.values():
        left = every if len(every) > 1 else []
        while left:
            group: dict[int | None, One] = {}
            for one in left:
                group.setdefault(one.feed_id, one)
            if len(group) > 1:
                yield group
            left = [one for one in left if group[one.feed_id] is not one]
