"""Finding events by words: in their titles, places and notes, whatever the ending or the case of a word.

A word finds those that it begins, and those of the same stem in Russian and English. All words have to be found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache, lru_cache, partial
from typing import NamedTuple

from planner import recur
from planner.model import Event, Occurrence, User
from planner.service import zone_of
from planner.store import Tx

MATCHES_MAX = 50
"""``matching`` loads no more events than this."""

_WORD = re.compile(r"\w+")
_SMALL = frozenset(
    {
        "a", "an", "the", "my", "our", "of", "to", "at", "on", "in", "for", "with", "and", "or", "from", "about", "is",
        "и", "в", "во", "на", "с", "со", "к", "ко", "у", "о", "об", "по", "за", "от", "до", "из", "для", "мой", "моя",
        "мое", "мои", "мою", "про",
    }
)  # fmt: skip
"""Words that say nothing about which event is meant, unless they are all there is."""
_RUSSIAN = re.compile(
    r"(?:иями|иях|иям|ией|ием|ями|ами|ыми|ими|ого|его|ому|ему|ая|яя|ую|юю|ое|ее|ые|ие|ый|ий|ой|ей|ою|ею|ям|ам|ом|ем"
    r"|ях|ах|ов|ев|ия|ии|ию|ья|ье|ьи|ью|ть|[аяоеиыуюьй])$"
)
_ENGLISH = re.compile(r"(?:'s|ies|ie|ings?|ed|es|[sey])$")
_FLEETING = re.compile(r"(?<=[бвгджзклмнпрстфхцчшщ])[ео](?=[бвгджзклмнпрстфхцчшщ]$)")
"""The vowel that comes and goes: «день», «дня»; «рынок», «рынка»."""
_STEM_MIN = 2
_ENGLISH_MIN = 4
_SHARED_MIN, _SHARED_PART = 4, 0.75
"""So many letters, and such a part of the longer word, two words have to begin alike with."""


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


def words_of(text: str) -> list[str]:
    """What is looked for: its words without the small ones; where these are all there is, these."""
    words = _WORD.findall(folded(text))
    return [word for word in words if word not in _SMALL] or words


def folded(text: str) -> str:
    """As it is compared: without case, and ё as е."""
    return text.casefold().replace("ё", "е")


def alike(wanted: str, word: str) -> bool:
    """Whether a folded word is what is wanted: it begins with it, has the same stem, or most of its letters."""
    if word.startswith(wanted) or stem(word) == stem(wanted):
        return True
    shared = next(
        (n for n, (a, b) in enumerate(zip(wanted, word, strict=False)) if a != b), min(len(wanted), len(word))
    )
    return shared >= max(_SHARED_MIN, _SHARED_PART * max(len(wanted), len(word)))


@lru_cache(maxsize=16_384)
def stem(word: str) -> str:
    """What a folded word's forms have in common, roughly; at least two letters."""
    cyrillic = "а" <= word[:1] <= "я"
    if not cyrillic and len(word) < _ENGLISH_MIN:
        return word
    cut = (_RUSSIAN if cyrillic else _ENGLISH).search(word)
    left = word[: cut.start()] if cut and cut.start() >= _STEM_MIN else word[:-1] if cut and len(word) > 2 else word
    if cyrillic:
        return _FLEETING.sub("", left)
    if cut and cut[0] in ("y", "ie", "ies"):
        return left + "i"
    return left[:-1] if cut and len(left) > 3 and left[-1] == left[-2] else left


def _hits(tx: Tx, user: User, text: str, now: int) -> list[Hit]:
    fits = _test(text)
    found: list[Hit] = []
    unknown: dict[int, int] = {}
    for event_id, start_at, words in tx.events.texts(user.id, now):
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
    """How well an event's words fit: 0 a title that is just that, 1 a title, 2 all words somewhere; or not at all."""
    wanted = words_of(text)
    if not wanted:
        exact = folded(text.strip())
        return lambda words: 1 if exact and exact in folded(words) else None
    begins = [_begin(word) for word in wanted]
    tests = [cache(partial(alike, word)) for word in wanted]
    stems = {stem(word) for word in wanted}

    def fits(text: str) -> int | None:
        both = folded(text)
        if not all(begin in both for begin in begins):
            return None
        titled, _, other = both.partition("\0")
        words = _WORD.findall(titled)
        missing = [test for test in tests if not any(map(test, words))]
        if not missing:
            return 0 if {stem(word) for word in words if word not in _SMALL} == stems else 1
        others = _WORD.findall(other)
        return 2 if all(any(map(test, others)) for test in missing) else None

    return fits


def _begin(word: str) -> str:
    """What every word that is ``alike`` begins with: looking for this first is what makes a search fast."""
    shared = max(_SHARED_MIN, -int(-_SHARED_PART * len(word) // 1))
    return word[: max(1, min(len(stem(word)) - 1, shared))]
