"""Whatever is pressed, lost or changed: never more than so many repetitions, none after Done, none when quiet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from planner import claim, due, nag, service, settle, standing
from planner.model import DAY, HOUR, MINUTE, ON_TIME, SECOND, Event, Quiet, User
from planner.store import Store, Tx
from planner.telegram.outcomes import Accepted, Unclear
from tests.virtual import START

ME = 1


@dataclass
class Life:
    """One important event and its user, minute by minute; ``nags`` are when repetitions reached the chat."""

    tx: Tx
    user: User
    event: Event
    now: int = START
    done: set[int] = field(default_factory=set)
    deletion: int | None = None
    lost: bool = False
    slow: bool = False
    flying: claim.Sending | None = None
    messages: int = 0
    nags: list[int] = field(default_factory=list)

    def wait(self, ms: int) -> None:
        """Let time pass, and send what comes due."""
        self._land()
        until = self.now + ms
        while (row := self._ready(until)) is not None:
            self.now = max(self.now, row[1])
            self._send(row[0])
            self._check()
        self.now = until

    def _ready(self, until: int) -> tuple[int, int] | None:
        query = "SELECT id, ready_at FROM reminders WHERE state = 'pending' AND ready_at <= ? ORDER BY ready_at, id"
        return self.tx._db.execute(query, (until,)).fetchone()

    def _send(self, reminder_id: int) -> None:
        for sending in claim.claim(self.tx, [reminder_id], self.now):
            for one in sending.ids:
                self._came(one)
            self.flying = sending
            if not self.slow:
                self._land()
            self.slow = False

    def _land(self) -> None:
        """The answer to what was sent comes, or is lost."""
        if self.flying is not None:
            self.messages += 1
            outcome = Unclear("lost") if self.lost else Accepted(self.messages)
            settle.reminders(self.tx, self.flying, outcome, self.now, self.now, MINUTE)
            self.lost, self.flying = False, None

    def _came(self, reminder_id: int) -> None:
        owed = self.tx.reminders.get(reminder_id)
        assert owed is not None
        if owed.reminder.nagged:
            assert owed.reminder.occurrence_at not in self.done, "nothing is repeated after Done"
            assert self.deletion is None, "nor what was deleted"
            assert owed.reminder.occurrence_at == self._event().start_at, "nor what was moved"
            if self.now - owed.reminder.due_at > ON_TIME or not self.nags:
                quiet = due.quiet_around(self.now, self.user.quiet, self.user.zone)
                assert quiet is None, "nor in quiet hours"
            assert due.quiet_around(owed.reminder.due_at, self.user.quiet, self.user.zone) is None
            assert not self.nags or self.now - self.nags[-1] >= nag.NAG_EVERY_MS or owed.reminder.attempts > 1
            self.nags.append(self.now)

    def _check(self) -> None:
        numbers: dict[int, list[int]] = {}
        sent = "SELECT occurrence_at, nagged FROM reminders WHERE state = 'sent' AND nagged > 0 ORDER BY sent_at, id"
        for occurrence_at, number in self.tx._db.execute(sent):
            numbers.setdefault(occurrence_at, []).append(number)
        for of_one in numbers.values():
            assert of_one == list(range(1, len(of_one) + 1)), "each number once, in order"
            assert len(of_one) <= nag.NAG_MAX
        owed = self.tx._db.execute(
            "SELECT count(*) FROM reminders"
            " WHERE nagged > 0 AND state IN ('pending', 'sending') AND unwanted_at IS NULL"
        ).fetchone()[0]
        assert owed <= 1, "they are not piled up"

    # What a user does

    def act(self, what: str) -> None:
        sent = self.tx._db.execute("SELECT id FROM reminders WHERE state = 'sent' ORDER BY sent_at DESC").fetchone()
        last = None if sent is None else self.tx.reminders.get(sent[0])
        match what:
            case "done" if last is not None:
                service.done(self.tx, last, self.now)
                self.done.add(last.reminder.occurrence_at)
            case "undone" if last is not None and service.not_done(self.tx, last, self.now):
                self.done.discard(last.reminder.occurrence_at)
            case "snooze" if last is not None and self.deletion is None:
                service.put_off(self.tx, last, self.now + 25 * MINUTE, self.now)
                self.done.discard(last.reminder.occurrence_at)
            case "delete" if self.deletion is None:
                self.deletion = service.delete_event(self.tx, self.user, self._event(), self.now)
            case "undo" if self.deletion is not None:
                if service.undo(self.tx, self.user, self.deletion, self.now) is not None:
                    self.deletion = None
            case "rename" | "calm" | "nag" if self.deletion is None:
                changed = replace(self._event(), title=what, nag=what != "calm")
                service.change_event(self.tx, self.user, changed, self.now)
            case "move" if self.deletion is None:
                start_at = self._event().start_at + 3 * HOUR
                local = due.local_text(start_at, "UTC")
                moved = replace(self._event(), start_local=local, start_at=start_at)
                service.change_event(self.tx, self.user, moved, self.now)
            case "quiet" | "loud":
                minute = due.minute_of(self.now, self.user.zone)
                hours = Quiet((minute + 5) % 1_440, (minute + 95) % 1_440) if what == "quiet" else None
                self.user = replace(self.user, quiet=hours)
                service.change_user(self.tx, self.user, self.now)
            case "lose":
                self.lost = True
            case "slow":
                self.slow = True
            case "crash":
                self.flying = None
                self.tx.reminders.reclaim(self.now)
        if last is not None:
            standing.update(self.tx, self.user, self.event.id, self.now, after=self.tx.events.get(self.event.id))
        self._check()

    def _event(self) -> Event:
        found = self.tx.events.get(self.event.id)
        assert found is not None
        return found


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    kept = Store(Path(tmp_path_factory.mktemp("nag")) / "planner.db", inline=True)
    yield kept
    kept.close()


@contextmanager
def a_life(store: Store, leads_s: tuple[int, ...], in_minutes: int) -> Iterator[Life]:
    """A life of its own, in a transaction that is taken back."""
    writer = store._db._writer
    writer.execute("BEGIN")
    try:
        tx = Tx(writer)
        user = service.welcome(tx, ME, ME, "Alice", "en", "UTC", START)
        at = START + in_minutes * MINUTE
        local = due.local_text(at, "UTC")
        wanted = Event(0, ME, "pills", local, at, 0, False, None, None, False, leads_s, nag=True)
        yield Life(tx, user, service.add_event(tx, user, wanted, START)[0])
    finally:
        writer.execute("ROLLBACK")


ACTS = [
    "done",
    "undone",
    "snooze",
    "delete",
    "undo",
    "rename",
    "calm",
    "nag",
    "move",
    "quiet",
    "loud",
    "lose",
    "slow",
    "crash",
]
STEPS = st.lists(st.tuples(st.integers(0, 45), st.sampled_from(ACTS)), max_size=12)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    leads=st.lists(st.sampled_from([0, 300, 900, 3_600]), min_size=1, max_size=3, unique=True),
    in_minutes=st.integers(1, 90),
    steps=STEPS,
)
@example(leads=[0], in_minutes=1, steps=[(1, "delete"), (0, "done"), (0, "undo")])
@example(leads=[0], in_minutes=1, steps=[(0, "slow"), (1, "move")])
def test_repetitions_keep_their_bounds(
    store: Store, leads: list[int], in_minutes: int, steps: list[tuple[int, str]]
) -> None:
    with a_life(store, tuple(leads), in_minutes) as life:
        for minutes, what in steps:
            life.wait(minutes * MINUTE)
            life.act(what)
        life.wait(DAY)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(in_minutes=st.integers(1, 90), losses=st.sets(st.integers(0, nag.NAG_MAX)))
def test_whoever_does_nothing_gets_all_of_them(store: Store, in_minutes: int, losses: set[int]) -> None:
    with a_life(store, (0,), in_minutes) as life:
        life.wait(in_minutes * MINUTE - SECOND)
        for number in range(nag.NAG_MAX + 1):
            life.lost = number in losses
            life.wait(nag.NAG_EVERY_MS + MINUTE)
        life.wait(3 * HOUR)
        rows = life.tx._db.execute("SELECT nagged FROM reminders WHERE state = 'sent' ORDER BY id").fetchall()
        assert [row[0] for row in rows] == list(range(nag.NAG_MAX + 1))
