"""Finding events by words: in their titles, places and notes, whatever the ending or the case of a word.

A word finds those that it begins, and those that are ``alike``. All words have to be found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, partial
from typing import NamedTuple

from planner import recur
from planner.model import Event, Occurrence, User
from planner.service import zone_of
from planner.stems import SMALL, WORD, alike, begin, folded, stem, words_of
from planner.store import Tx

MATCHES_MAX = 50
"""``matching`` loads no more events than this."""
_BETWEEN = "\ud800"
"""Half of a surrogate pair, which no stored text has: so many texts are folded at once, which is much faster."""


class Hit(NamedTuple):
    """An event that was found, and its occurrence nearest to now: the next one, else the last. Low ranks fit best."""

    event_id: int
    start_at: int
    rank: int


def find(tx: Tx, user: User, text: str, now: int) -> list[Hit]:
    """The events that have all words of ``text``, the nearest to now first."""
    found = _hits(tx, user, text, now)
    return sorted(found, key=lambda hit: (abs(hit.start_at - now), hit.event_id))


def matching(tx: Tx, user: User, text: str, now: int) -> list[Occurrence]:
    """The events that ``text`` can mean, at their next occurrence: the best first, at most ``MATCHES_MAX``.

    One whose title is just that before others, what is found in a title before places and notes, what is still to come
    before what is over, and the nearest to now before others.
    """
    found = _hits(tx, user, text, now)
    found.sort(key=lambda hit: (hit.rank, hit.start_at < now, abs(hit.start_at - now), hit.event_id))
    return loaded(tx, found[:MATCHES_MAX])


def loaded(tx: Tx, hits: Iterable[Hit]) -> list[Occurrence]:
    """The occurrences of what was found, in its order."""
    hits = list(hits)
    events = tx.events.some(hit.event_id for hit in hits)
    return [Occurrence(events[hit.event_id], hit.start_at) for hit in hits if hit.event_id in events]


def _hits(tx: Tx, user: User, text: str, now: int) -> list[Hit]:
    fits = _test(text)
    found: list[Hit] = []
    unknown: dict[int, int] = {}
    rows = tx.events.texts(user.id, now)
    texts = folded(_BETWEEN.join(words for _, _, words in rows)).split(_BETWEEN)
    for (event_id, start_at, _), words in zip(rows, texts, strict=False):
        rank = fits(words)
        if rank is None:
            continue
        if start_at is None:
            unknown[event_id] = rank
        else:
            found.append(Hit(event_id, start_at, rank))
    for event in tx.events.some(unknown).values():
        start_at = _nearest(event, user, now)
        if start_at is not None:
            found.append(Hit(event.id, start_at, unknown[event.id]))
    return found


def _nearest(event: Event, user: User, now: int) -> int | None:
    zone = zone_of(event, user)
    coming = recur.next_start(event, zone, now)
    return recur.last_start(event, zone, now) if coming is None else coming


def _test(text: str) -> Callable[[str], int | None]:
    """How well an event's folded words fit: 0 a title that is just that, 1 a title, 2 all words somewhere; or not."""
    wanted = words_of(text)
    if not wanted:
        exact = folded(text.strip())
        return lambda words: 1 if exact and exact in words else None
    begins = [begin(word) for word in wanted]
    tests = [cache(partial(alike, word)) for word in wanted]
    stems = {stem(word) for word in wanted}

    def fits(text: str) -> int | None:
        for one in begins:
            if one not in text:
                return None
        titled, _, other = text.partition("\0")
        words = WORD.findall(titled)
        missing = [test for test in tests if not any(map(test, words))]
        if not missing:
            return 0 if {stem(word) for word in words if word not in SMALL} == stems else 1
        others = WORD.findall(other)
        return 2 if all(any(map(test, others)) for test in missing) else None

    return fits
