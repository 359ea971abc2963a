"""Edits of a series one after the other, against lists of days; and all of them taken back, the last one first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner import recur, scopes, service
from planner.chat import card
from planner.model import DAY, Event, User
from planner.scopes import CannotMoveError, Scope
from planner.store import Store, Tx
from tests.stories import holding
from tests.virtual import START

ZONES = ("UTC", "Europe/Berlin", "America/Santiago", "Australia/Lord_Howe", "America/New_York")
SHOWN = timedelta(days=200)
COMPARED = timedelta(days=120)
"""Less than is counted: moves bring in what lies beyond."""


@dataclass(frozen=True, slots=True)
class Simple:
    """A rule and how the days that it gives are counted by hand."""

    rule: str
    every: int
    weekdays: tuple[int, ...] = ()
    count: int | None = None
    until: datetime | None = None

    def days(self, start: datetime) -> list[datetime]:
        found = [start + timedelta(days=n) for n in range(0, SHOWN.days, 1 if self.weekdays else self.every)]
        if self.weekdays:
            found = [day for day in found if day.weekday() in self.weekdays]
        if self.until is not None:
            found = [day for day in found if day <= self.until]
        return found[: self.count]


UNTIL = datetime.fromisoformat("2027-04-10T09:30:00")
RULES = (
    Simple("FREQ=DAILY", 1),
    Simple("FREQ=DAILY;INTERVAL=3", 3),
    Simple("FREQ=DAILY;COUNT=30", 1, count=30),
    Simple("FREQ=WEEKLY", 7),
    Simple("FREQ=WEEKLY;INTERVAL=2;COUNT=7", 14, count=7),
    Simple("FREQ=WEEKLY;UNTIL=20270410T093000", 7, until=UNTIL),
    Simple("FREQ=DAILY;INTERVAL=2;UNTIL=20270410T093000", 2, until=UNTIL),
    Simple("FREQ=WEEKLY;BYDAY=MO,WE,SA", 1, weekdays=(0, 2, 5)),
    Simple("FREQ=WEEKLY;BYDAY=TU,TH;COUNT=20", 1, weekdays=(1, 3), count=20),
)
STARTS = ("2027-03-15T09:30:00", "2027-03-08T02:30:00", "2027-04-02T23:45:00", "2027-03-27T01:15:00")
edits = st.tuples(
    st.sampled_from(["skip", "skip", "end", "delete", "one", "rest", "rest", "all"]),
    st.integers(0, 5),
    st.integers(0, 12),
    st.integers(-20, 20),
    st.integers(-2, 2),
)
"""Which edit, of which event, at which of its occurrences; and how many quarters of an hour and days it is moved."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder: Path = tmp_path_factory.mktemp("series")
    opened = Store(folder / "planner.db", inline=True)
    yield opened
    opened.close()


@contextmanager
def transaction(store: Store) -> Iterator[Tx]:
    """What is done within is given up."""
    store._db._writer.execute("BEGIN")
    try:
        yield Tx(store._db._writer)
    finally:
        store._db._writer.execute("ROLLBACK")


@dataclass(slots=True)
class Plan:
    """Days by event, beside the events themselves; and how to take back each edit."""

    tx: Tx
    user: User
    now: int
    days: dict[int, list[datetime]]
    undo: list[tuple[int, holding.Snapshot]]

    def edit(self, what: str, which: int, place: int, quarters: int, days: int) -> None:
        alive = sorted(key for key, found in self.days.items() if found)
        if not alive:
            return
        event = self.tx.events.get(alive[which % len(alive)])
        assert event is not None
        known = self.days[event.id]
        at = known[place % len(known)]
        before = holding.snapshot(self.tx, self.user.id)
        if what in ("skip", "end", "delete"):
            change = self.remove(event, at, {"skip": Scope.ONE, "end": Scope.REST, "delete": Scope.ALL}[what])
        else:
            shift = timedelta(minutes=15 * quarters, days=days)
            change = self.move(event, at, at + shift, Scope(what))
        if change is not None:
            self.undo.append((change, before))

    def remove(self, event: Event, at: datetime, scope: Scope) -> int:
        known, zone = self.days[event.id], service.zone_of(event, self.user)
        rest = card._rest(event, at.isoformat(), scope, zone)
        left = {Scope.ONE: [day for day in known if day != at], Scope.REST: [day for day in known if day < at]}
        self.days[event.id] = [] if event.rrule is None else left.get(scope, [])
        if rest is None:
            return service.delete_event(self.tx, self.user, event, self.now)
        return service.change_event(self.tx, self.user, rest, self.now)

    def move(self, event: Event, at: datetime, to: datetime, scope: Scope) -> int | None:
        zone, known = service.zone_of(event, self.user), self.days[event.id]
        view = scopes.occurrence(event, at.isoformat(), zone)
        local = to.isoformat()
        wanted = replace(view, start_local=local, start_at=service.start_of(local, zone), title="moved")
        if event.rrule is None:
            self.days[event.id] = [to]
            return service.change_event(self.tx, self.user, wanted, self.now)
        try:
            rest, apart = scopes.edited(event, at.isoformat(), wanted, scope, zone)
        except CannotMoveError:
            return None
        made, change = service.divide_event(self.tx, self.user, event, rest, apart, self.now)
        part = {Scope.ONE: [at], Scope.REST: [day for day in known if day >= at], Scope.ALL: known}[scope]
        self.days[event.id] = [day for day in known if day not in part]
        self.days[made.id] = _moved(part, event, at, to)
        return change

    def holds(self) -> None:
        holding.check(self.tx, self.now)
        for event_id, known in self.days.items():
            event = self.tx.events.get(event_id)
            found = set() if event is None else set(self.starts(event))
            assert found == {self.instant(day) for day in known if self.instant(day) < self.until}, event

    def starts(self, event: Event) -> list[int]:
        zone = service.zone_of(event, self.user)
        return recur.starts(event, zone, after=0, before=self.until, limit=1_000)

    def instant(self, day: datetime) -> int:
        return recur.local_instant(day, self.user.zone)

    @property
    def until(self) -> int:
        return self.now + COMPARED.days * DAY


def _moved(days: list[datetime], event: Event, at: datetime, to: datetime) -> list[datetime]:
    """All as far as one; of a rule of several weekdays, only that one's day is another."""
    if event.rrule is None or "BYDAY" not in event.rrule or len(days) == 1:
        return [day + (to - at) for day in days]
    hour = to.time()
    shift = to.date() - at.date()
    moved = (day + shift if day.weekday() == at.weekday() else day for day in days)
    return sorted(datetime.combine(day.date(), hour) for day in moved)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=120, derandomize=True
)
@given(st.sampled_from(RULES), st.sampled_from(STARTS), st.sampled_from(ZONES), st.lists(edits, min_size=2, max_size=8))
def test_a_series_is_what_is_left_of_its_days_and_undone_it_is_what_it_was(
    store: Store, rule: Simple, start: str, zone: str, changes: list[tuple[str, int, int, int, int]]
) -> None:
    with transaction(store) as tx:
        user = service.welcome(tx, 1, 1, "Alice", "en", zone, START)
        days = rule.days(datetime.fromisoformat(start))
        local = days[0].isoformat()
        at = service.start_of(local, zone)
        now = at - DAY
        draft = Event(0, 1, "gym", local, at, 3_600, False, None, rule.rule, False, None)
        event, _ = service.add_event(tx, user, draft, now)
        plan = Plan(tx, user, now, {event.id: days}, [])
        plan.holds()
        first = holding.snapshot(tx, 1)
        for change in changes:
            plan.edit(*change)
            plan.holds()
        for change_id, before in reversed(plan.undo):
            assert service.undo(tx, user, change_id, now) is not None
            after = holding.snapshot(tx, 1)
            assert after.alive() == before.alive()
            assert after.pending == before.pending
        assert holding.snapshot(tx, 1).alive() == first.alive()
