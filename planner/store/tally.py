"""What reminders come to: verdicts for the SLIs and totals for the metrics, written with what they count."""

from __future__ import annotations

import sqlite3
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from planner.catalogue.reminders import LATENESS_S
from planner.model import SECOND, Kind, State, Verdict
from planner.store.counts import Counts
from planner.store.news import News, What
from planner.store.totals import Totals

LATENESS_MS = tuple(round(bound * SECOND) for bound in LATENESS_S)


def slo_of(kind: Kind) -> str:
    """The SLO that a reminder counts for: plans have one of their own."""
    return "plans" if kind is Kind.PLAN else "reminders"


class Tally:
    """Adds up what is counted within ``together``, and writes each number once at its end."""

    def __init__(self, connection: sqlite3.Connection, counts: Counts) -> None:
        self._db = connection
        self._counts = counts
        self._verdicts: list[tuple[str, int, bool]] = []
        self._totals: Counter[str] = Counter()
        self._depth = 0

    @contextmanager
    def together(self) -> Iterator[None]:
        """What fails within is rolled back with its transaction, counts and all."""
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
        if not self._depth:
            self._write()

    def add(self, name: str, by: int = 1) -> None:
        self._totals[name] += by

    def sent(self, kind: str, due_at: int, at: int, verdict: Verdict) -> None:
        """Accepted ``at`` (UTC ms); ``verdict`` is the final one. What was excluded counts for nothing."""
        if verdict is Verdict.EXCLUDED:
            return
        late = at - due_at
        self.add(f"reminders/{'on_time' if verdict is Verdict.GOOD else 'late'}/{kind}")
        self.add(f"reminders/late/{bisect_left(LATENESS_MS, late)}/{kind}")
        if late > 0:
            self.add(f"reminders/late_ms/{kind}", late)

    def ended(self, kind: str, state: State, verdict: Verdict) -> None:
        """Over without being sent; ``verdict`` is the final one."""
        self.add(f"reminders/given_up/{state}")
        if verdict is not Verdict.EXCLUDED:
            self.add(f"reminders/failed/{kind}")
        elif state is State.UNDELIVERABLE:
            self.add(f"reminders/due/{kind}")  # it came due, though it is judged neither good nor bad

    def judged(self, kind: str, due_at: int, verdict: Verdict) -> None:
        """The verdict has just been given; what was cancelled before it was due never came due."""
        if verdict is not Verdict.EXCLUDED:
            self.add(f"reminders/due/{kind}")
            self._verdicts.append((slo_of(Kind(kind)), due_at, verdict is Verdict.GOOD))

    def _write(self) -> None:
        verdicts, totals = self._verdicts, self._totals
        self._verdicts, self._totals = [], Counter()
        if verdicts:
            self._counts.add_many(verdicts)
        if totals:
            Totals(self._db).add(totals)


def cancelled(connection: sqlite3.Connection, news: News, rows: Sequence[sqlite3.Row], reason: str) -> None:
    """These (``WHOSE``) have just been cancelled, all of them before they were due."""
    for row in rows:
        news.reminders[row["id"]] = None
        news.note(What.CANCELLED, row, reason)
    if rows:
        Totals(connection).add({"reminders/given_up/cancelled": len(rows)})
