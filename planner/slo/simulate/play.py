"""Playing a history against a rule: when it would have fired, and until when.

From one verdict to the next nothing changes, so only the moments are looked at in which one enters or leaves a window,
and only where what is bad around could be enough: a year takes a moment, and comes to the same as looking every ten
seconds with ``alerts.step``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import merge

from planner.model import SECOND
from planner.slo.alerts import Rule
from planner.slo.simulate.ledger import Ledger

EVERY_MS = 10 * SECOND
"""How often the planner looks at its alerts."""
PIECES = 12
"""Of a long window: so finely it is first asked whether a rule can hold at all."""


@dataclass(frozen=True, slots=True)
class Firing:
    """An alert that fired; instants in UTC ms. ``resolved_at`` may lie after the end of the history."""

    rule: Rule
    pending_at: int
    fired_at: int
    resolved_at: int


Stretch = tuple[int, int]
"""From, and up to."""


def play(rule: Rule, ledger: Ledger, every_ms: int = EVERY_MS, away: Sequence[Stretch] = ()) -> list[Firing]:
    """Every time that the rule fired, looked at every ``every_ms``, but by nobody while ``away``."""
    if ledger.bads < rule.min_bad:
        return []
    return list(_firings(rule, list(_looked_at(_without(held(rule, ledger), away), every_ms)), every_ms))


def _without(stretches: Iterable[Stretch], away: Sequence[Stretch]) -> Iterator[Stretch]:
    """What of them is not ``away``."""
    for begin, end in stretches:
        at = begin
        for gone, back in away:
            if gone < end and back > at:
                if gone > at:
                    yield at, gone
                at = back
        if at < end:
            yield at, end


def _looked_at(stretches: Iterable[Stretch], every_ms: int) -> Iterator[Stretch]:
    """The same, as far as looks fall into them; what ended and began again between two looks was never seen to end."""
    began, ended = None, None
    for begin, end in ((-(-one // every_ms) * every_ms, -(-other // every_ms) * every_ms) for one, other in stretches):
        if begin == end:
            continue
        if began is not None and ended is not None and begin > ended:
            yield began, ended
            began = None
        began, ended = begin if began is None else began, end
    if began is not None and ended is not None:
        yield began, ended


def held(rule: Rule, ledger: Ledger) -> Iterator[Stretch]:
    """The stretches of time in which the rule held: from, and up to."""
    began: int | None = None
    for at, holds in _changes(rule, ledger):
        if holds and began is None:
            began = at
        elif not holds and began is not None:
            if at > began:
                yield began, at
            began = None


def _changes(rule: Rule, ledger: Ledger) -> Iterator[tuple[int, bool]]:
    """Whether it holds from each moment on in which something enters or leaves one of its windows."""
    for begin, end in _possible(rule, ledger):
        yield from _within(rule, ledger, begin, end)
        yield end, False


def _within(rule: Rule, ledger: Ledger, begin: int, end: int) -> Iterator[tuple[int, bool]]:
    windows = [_Window(ledger, length, begin) for length in rule.windows]
    by_length = {window.length: window for window in windows}
    leaving = (_leaving(ledger, begin, end, length) for length in rule.windows)
    before: int | None = None
    for at in merge([begin], ledger.within(begin, end), *leaving):
        if at == before:
            continue
        before = at
        for window in windows:
            window.move(at)
        enough = windows[0].bad >= rule.min_bad  # the long one; what is cheap to know decides nearly always
        yield at, enough and rule.holds(lambda length: by_length[length].counts)


def _leaving(ledger: Ledger, begin: int, end: int, length: int) -> list[int]:
    return [at + length for at in ledger.within(begin - length, end - length)]


def _possible(rule: Rule, ledger: Ledger) -> Iterator[Stretch]:
    """The stretches outside of which it cannot hold: from, and up to. Most of a healthy year is none."""
    piece = max(1, rule.long_ms // PIECES)
    began, ended = None, None
    for begin, end in _pieces(rule, ledger, piece):
        bad = ledger.counts(end, rule.long_ms + end - begin)[1]
        if bad <= rule.limit * sum(ledger.counts(begin, rule.long_ms - (end - begin))):
            continue
        if began is not None and ended is not None and begin > ended:
            yield began, ended
            began = None
        began, ended = begin if began is None else began, end
    if began is not None and ended is not None:
        yield began, ended


def _pieces(rule: Rule, ledger: Ledger, piece: int) -> Iterator[Stretch]:
    """Where enough bad ones lie in the long window, in pieces of at most so many ms."""
    bad = [at for at, was_bad in zip(ledger.times, ledger.bad, strict=True) if was_bad]
    done = 0
    for first, last in zip(bad, bad[max(0, rule.min_bad - 1) :], strict=False):
        begin, end = max(last, done), first + rule.long_ms
        for at in range(begin, end, piece):
            yield at, min(at + piece, end)
        done = max(done, end)


class _Window:
    """What lies in the last ``length`` ms, moved forward in time from ``at`` on."""

    def __init__(self, ledger: Ledger, length: int, at: int) -> None:
        self.length = length
        self._times, self._bad = ledger.times, ledger.bad
        self.bad = ledger.counts(at, length)[1]
        self._first, self._last = ledger.places(at, length)

    @property
    def counts(self) -> tuple[int, int]:
        return self._last - self._first - self.bad, self.bad

    def move(self, at: int) -> None:
        times, bad = self._times, self._bad
        while self._last < len(times) and times[self._last] <= at:
            self.bad += bad[self._last]
            self._last += 1
        while self._first < self._last and times[self._first] + self.length <= at:
            self.bad -= bad[self._first]
            self._first += 1


def _firings(rule: Rule, stretches: list[Stretch], every_ms: int) -> Iterator[Firing]:
    """As ``alerts.step`` has it: it fires once it has held for ``for_ms``, and ends ``keep_ms`` after it last held."""
    kept = max(every_ms, -(-rule.keep_ms // every_ms) * every_ms)
    waits = -(-rule.for_ms // every_ms) * every_ms
    firing: Firing | None = None
    for begin, end in stretches:
        last = end - every_ms
        if firing is not None and begin <= firing.resolved_at:
            firing = replace(firing, resolved_at=last + kept)
        elif begin + waits <= last:
            if firing is not None:
                yield firing
            firing = Firing(rule, begin, begin + waits, last + kept)
    if firing is not None:
        yield firing
