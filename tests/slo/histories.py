"""Random weeks of a planner's database with all that can befall it, written by its own store, and read as it is.

Nothing here counts as the planner does: ``Row`` is what stands in the tables (and stood there, where a user was
forgotten), and ``good`` and ``bad`` are added up from those alone.

What falls due, falls due between the first and the 13th minute of a quarter of an hour, and scrapes come at its ends:
so whatever is final a minute after it was due is seen by the next scrape, if there is one.
"""

from __future__ import annotations

import heapq
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random
from typing import NamedTuple

from planner import exposition, metrics, service
from planner.catalogue.slo import EVENTS
from planner.model import DAY, HOUR, MINUTE, SECOND, Kind, Outcome, State
from planner.slo.objectives import Slo
from planner.store import Store, Tx
from planner.store.inbox import Update
from planner.store.syncs import Sync
from planner.telemetry.registry import Registry

SCRAPED_MS = 15 * MINUTE
BEGIN = 1_795_219_200_000
"""2026-11-21T00:00:00Z."""
LENGTH = 8 * DAY + 12 * HOUR
BOT, OWNER = 42, 1
GOODS = {"ok", "not_modified"}


class Row(NamedTuple):
    """Something that came due: for which promise, when (UTC ms), and whether it was well; ``None``: not yet known."""

    slo: str
    due_at: int
    good: bool | None


@dataclass
class History:
    """One planner's life in a file. ``scrapes``: what ``/metrics`` said of verdicts, and when."""

    path: Path
    random: Random
    slos: tuple[Slo, ...]
    scrapes: dict[int, str] = field(default_factory=dict)
    downs: list[tuple[int, int]] = field(default_factory=list)
    lost: list[Row] = field(default_factory=list)
    """What was deleted with its user, as it stood."""
    now: int = BEGIN
    _store: Store | None = None
    _todo: list[tuple[int, int, Callable[[Tx, int], None]]] = field(default_factory=list)
    _number: count[int] = field(default_factory=count)

    async def live(self, *looks: int) -> dict[int, tuple[list[Row], Path]]:
        """Play it all; returns the rows, and a copy of the file, as they were at each of ``looks``."""
        self._plan()
        found: dict[int, tuple[list[Row], Path]] = {}
        await self._start()
        for at in range(BEGIN, BEGIN + LENGTH + 1, SCRAPED_MS):
            await self._until(at)
            if self._store is not None:
                read = await metrics.read(self._store, self.slos, at, Registry())
                self.scrapes[at] = exposition.text(one for one in read if one.metric is EVENTS)
            if at in looks:
                found[at] = self.rows(at), self._copy(at)
        self._stop()
        return found

    def rows(self, now: int) -> list[Row]:
        with closing(sqlite3.connect(self.path)) as db:
            return [*self.lost, *_rows(db, now)]

    def _copy(self, at: int) -> Path:
        path = self.path.with_suffix(f".{at}")
        with closing(sqlite3.connect(self.path)) as db, closing(sqlite3.connect(path)) as other:
            db.backup(other)
        return path

    # What happens when

    def _at(self, at: int, job: Callable[[Tx, int], None]) -> None:
        heapq.heappush(self._todo, (at, next(self._number), job))

    async def _until(self, end: int) -> None:
        while self._todo and self._todo[0][0] <= end:
            self.now, _, job = heapq.heappop(self._todo)
            if job is _dies:
                self._stop()
            elif job is _rises:
                await self._start()
            elif self._store is not None:
                now = self.now
                await self._store.write(lambda tx, job=job, now=now: job(tx, now))
        self.now = end

    async def _start(self) -> None:
        store = self._store = Store(self.path, inline=True)
        now = self.now

        def recover(tx: Tx) -> None:
            tx.probes.reclaim(now)
            for one in tx.reminders.reclaim(now):
                self._at(now + SECOND, lambda tx, at, one=one: self._sent(tx, at, one))
            tx.reminders.judge_overdue(now, 10_000)
            tx.inbox.judge_overdue(now, 5 * SECOND, 10_000)
            tx.probes.judge_overdue(now, 10_000)
            for row in tx._db.execute("SELECT id FROM reminders WHERE state = 'pending' AND due_at < ?", (now,)):
                self._at(now + 2 * SECOND, lambda tx, at, one=row[0]: self._sent(tx, at, one))

        await store.write(recover)

    def _stop(self) -> None:
        if self._store is not None:
            self._store.close()
        self._store = None

    def _plan(self) -> None:
        random = self.random
        users = range(OWNER, OWNER + 6)
        self._at(BEGIN, lambda tx, at: [service.welcome(tx, one, one, "A", "en", "UTC", at) for one in users] and None)
        for user in users[2:5]:
            self._at(BEGIN + random.randrange(DAY, 8 * DAY), lambda tx, at, one=user: self._forget(tx, at, one))
        for begin in sorted(random.randrange(BEGIN + HOUR, BEGIN + 8 * DAY) for _ in range(random.randrange(2, 5))):
            if not self.downs or begin > self.downs[-1][1] + HOUR:
                self.downs.append((begin, begin + random.choice((2 * MINUTE, 40 * MINUTE, 7 * HOUR, 30 * HOUR))))
        for begin, end in self.downs:
            self._at(begin, _dies)
            self._at(end, _rises)
        for slot in range(BEGIN, BEGIN + LENGTH, SCRAPED_MS):
            due_at = slot + random.randrange(MINUTE, 13 * MINUTE)
            for chance, plan in ((0.4, self._remind), (0.5, self._sync), (0.4, self._ask), (1.0, self._probe)):
                if random.random() < chance:
                    plan(due_at, slot)

    def _remind(self, due_at: int, slot: int) -> None:
        kind = self.random.choice((Kind.SNOOZE, Kind.SNOOZE, Kind.PLAN))
        user = self.random.randrange(OWNER, OWNER + 6)
        self._at(max(BEGIN, slot - HOUR), lambda tx, at: self._owe(tx, kind, user, due_at))

    def _owe(self, tx: Tx, kind: Kind, user: int, due_at: int) -> None:
        if tx.users.get(user) is None:
            return
        one = tx.reminders.add(kind, user, None, occurrence_at=due_at, due_at=due_at, asked_for=True,
                               snoozed_from=next(self._number) if kind is Kind.SNOOZE else None)  # fmt: skip
        if one is not None:
            self._fate(one, due_at)

    def _fate(self, one: int, due_at: int) -> None:
        """What becomes of it; a claim that nothing follows is one that a crash left, or that Telegram leaves open."""
        random, at = self.random, self._at
        fate = random.choice(
            ("well",) * 12 + ("late", "late", "refused", "blocked", "dropped", "unwanted", "stuck", "never")
        )
        soon, late = due_at + random.randrange(-5, 50) * SECOND, due_at + random.randrange(70, 9_000) * SECOND

        def claim(tx: Tx, now: int) -> None:
            if tx.reminders.pending([one]):
                tx.reminders.claim([one], now)

        if fate == "dropped":
            at(due_at - MINUTE, lambda tx, now: tx.reminders.drop([one], now, "deleted"))
        elif fate != "never":
            at(soon, claim)
        if fate == "well":
            at(soon + SECOND, lambda tx, now: self._sent(tx, now, one))
        elif fate == "late":
            at(soon + SECOND, lambda tx, now: tx.reminders.retry([one], late, "502"))
            at(late, lambda tx, now: self._sent(tx, now, one))
        elif fate in {"refused", "blocked"}:
            state = State.FAILED if fate == "refused" else State.UNDELIVERABLE
            at(random.choice((soon + SECOND, late)), lambda tx, now: tx.reminders.end([one], state, now, "403"))
        elif fate == "unwanted":
            at(random.choice((soon + SECOND, late)), lambda tx, now: tx.reminders.drop([one], now, "deleted"))
            at(late + MINUTE, lambda tx, now: tx.reminders.retry([one], now, "502"))

    def _sent(self, tx: Tx, now: int, one: int) -> None:
        if tx.reminders.pending([one]):
            tx.reminders.claim([one], now)
        tx.reminders.sent([one], now, 7)

    def _sync(self, due_at: int, slot: int) -> None:
        outcome = self.random.choice((Outcome.OK, Outcome.NOT_MODIFIED, Outcome.OK, Outcome.TIMEOUT))
        self._at(due_at, lambda tx, now: tx.syncs.add(Sync(1, OWNER, now, 90, outcome)))

    def _ask(self, due_at: int, slot: int) -> None:
        """Somebody writes; what is written while nobody is there is old when it is read."""
        number, answered = next(self._number), self.random.choice((1, 2, 4, 5, 20, None))

        def ask(tx: Tx, now: int) -> None:
            tx.inbox.put(BOT, [Update(number, OWNER, {}, 0)], now)
            tx.inbox.handled(BOT, number, now, due_at)
            tx.inbox.owe(number, OWNER, "sendMessage", {"chat_id": OWNER}, now)

        def answer(tx: Tx, now: int) -> None:
            for one in tx.inbox.owed():
                if one.update_id == number:
                    tx.inbox.settle(BOT, one, now, 5 * SECOND)

        self._at(due_at, ask)
        if answered is not None:
            self._at(due_at + answered * SECOND, answer)

    def _probe(self, due_at: int, slot: int) -> None:
        answered = self.random.choice((1, 1, 1, 30, None))
        self._at(due_at - MINUTE, lambda tx, now: tx.probes.plan(now, MINUTE) and None)
        self._at(due_at, lambda tx, now: tx.probes.claim(tx.probes.waiting(), now) and None)

        def answer(tx: Tx, now: int) -> None:
            flying = "SELECT id FROM probes WHERE state = 'sending' AND verdict IS NULL"
            for row in tx._db.execute(flying).fetchall():
                tx.probes.sent(row[0], now)

        if answered is not None:
            self._at(due_at + answered * SECOND, answer)

    def _forget(self, tx: Tx, now: int, user: int) -> None:
        """What their rows say is known no more once they are gone."""
        self.lost += [row for row in _rows(tx._db, now, f"user_id = {user}") if row.good is not None]
        tx.account.forget(user, user, 0, now)


# Marks among what happens: no transactions


def _dies(tx: Tx, now: int) -> None: ...
def _rises(tx: Tx, now: int) -> None: ...


def _rows(db: sqlite3.Connection, now: int, whose: str = "1") -> list[Row]:
    """What stands in the tables."""
    found = [
        Row("plans" if kind == "plan" else "reminders", due_at, good)
        for kind, due_at, state, sent_at, verdict, unwanted_at in db.execute(
            f"SELECT kind, due_at, state, sent_at, verdict, unwanted_at FROM reminders WHERE {whose}"
        )
        for good in [_was_good(due_at, state, sent_at, verdict, unwanted_at, now)]
    ]
    found += [
        Row("syncs", at, outcome in GOODS)
        for at, outcome in db.execute(f"SELECT started_at, outcome FROM syncs WHERE {whose}")
    ]
    if whose != "1":
        return found
    found += [
        Row("chat", at, _judged(verdict, at + 5 * SECOND < now))
        for at, verdict in db.execute("SELECT asked_at, verdict FROM updates WHERE asked_at IS NOT NULL")
    ]
    found += [
        Row("probes", at, abs(sent_at - at) <= MINUTE if state == "sent" else _judged(verdict, at + MINUTE < now))
        for at, state, sent_at, verdict in db.execute("SELECT due_at, state, sent_at, verdict FROM probes")
    ]
    return found


def _was_good(
    due_at: int, state: str, sent_at: int | None, verdict: str | None, unwanted_at: int | None, now: int
) -> bool | None:
    if state == "sent" and verdict != "excluded":
        return abs(int(sent_at or 0) - due_at) <= MINUTE
    overdue = due_at + MINUTE < now and (unwanted_at is None or unwanted_at > due_at + MINUTE)
    return _judged(verdict, overdue)


def _judged(verdict: str | None, overdue: bool) -> bool | None:
    if verdict is None:
        return False if overdue else None
    return {"good": True, "bad": False}.get(verdict)
