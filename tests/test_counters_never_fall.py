"""The exported verdicts: what was judged and what is overdue, as ``slo status`` counts it; none is ever taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from planner import metrics, promises, service
from planner.catalogue import slo as catalogue
from planner.catalogue.metric import Reading
from planner.model import HOUR, MINUTE, SECOND, Kind, State
from planner.slo.status import Status
from planner.store import Store, Tx
from planner.store.db import UnavailableError
from planner.store.inbox import Update
from planner.telemetry.registry import Registry
from tests.virtual import START

OVERDUE = START + MINUTE + 1


@dataclass
class Kept:
    """A database that is read as ``/metrics`` does. Each look asserts that no verdict was taken back."""

    store: Store
    path: Path
    seen: dict[tuple[str, ...], float]

    async def look(self, now: int) -> dict[tuple[str, ...], float]:
        """Verdicts by SLO and result, but for those on how long it was up."""
        found = await self.readings(now)
        points = {point.labels: point.value for point in found[catalogue.EVENTS.name].points}
        assert all(value >= self.seen.get(labels, 0) for labels, value in points.items())
        self.seen = points
        said = promises.read_file(self.path, promises.load().slos, now)
        assert points == {(one.slo.id, result): getattr(one, result) for one in said for result in ("good", "bad")}
        return {labels: value for labels, value in points.items() if value}

    async def readings(self, now: int) -> dict[str, Reading]:
        read = await metrics.read(self.store, promises.load().slos, now, Registry())
        return {reading.metric.name: reading for reading in read}


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    store = Store(tmp_path / "planner.db", inline=True)
    yield Kept(store, tmp_path / "planner.db", {})
    store.close()


async def owe(kept: Kept, due_at: int = START, number: int = 1) -> int:
    """A snooze that alice is owed; its id."""

    def job(tx: Tx) -> int | None:
        if tx.users.get(1) is None:
            service.welcome(tx, 1, 1, "Alice", "en", "UTC", due_at - HOUR)
        return tx.reminders.add(
            Kind.SNOOZE, 1, None, occurrence_at=due_at, due_at=due_at, asked_for=True, snoozed_from=number
        )

    found = await kept.store.write(job)
    assert found is not None
    return found


BAD, GOOD = {("reminders", "bad"): 1}, {("reminders", "good"): 1}


async def test_what_came_due_while_nobody_was_there_stands_in_the_first_reading(kept: Kept) -> None:
    await owe(kept)
    assert await kept.look(START + MINUTE) == {}
    assert await kept.look(OVERDUE) == BAD


async def test_what_is_overdue_is_counted_once_though_it_is_judged_between_and_sent_at_last(kept: Kept) -> None:
    one = await owe(kept)
    assert await kept.look(OVERDUE) == BAD
    await kept.store.write(lambda tx: tx.reminders.judge_overdue(OVERDUE + SECOND, 10))
    assert await kept.look(OVERDUE + SECOND) == BAD
    await kept.store.write(lambda tx: tx.reminders.claim([one], OVERDUE + SECOND))
    await kept.store.write(lambda tx: tx.reminders.sent([one], OVERDUE + 2 * SECOND, 7))
    assert await kept.look(OVERDUE + 3 * SECOND) == BAD


async def test_what_was_read_as_overdue_stays_so_when_its_answer_is_recorded_after_all(kept: Kept) -> None:
    one = await owe(kept)
    await kept.store.write(lambda tx: tx.reminders.claim([one], START))
    assert await kept.look(OVERDUE) == BAD
    await kept.store.write(lambda tx: tx.reminders.sent([one], START + MINUTE, 7))
    assert await kept.look(OVERDUE + 1) == BAD


@pytest.mark.parametrize("state", [State.CANCELLED, State.UNDELIVERABLE, State.MISSED])
async def test_what_is_overdue_stays_bad_however_it_ends(kept: Kept, state: State) -> None:
    one = await owe(kept)
    assert await kept.look(OVERDUE) == BAD
    await kept.store.write(lambda tx: tx.reminders.end([one], state, OVERDUE, "any"))
    assert await kept.look(OVERDUE + HOUR) == BAD


async def test_what_is_cancelled_in_flight_before_it_is_overdue_counts_for_nothing_until_it_is_settled(
    kept: Kept,
) -> None:
    one = await owe(kept)
    await kept.store.write(lambda tx: tx.reminders.claim([one], START))
    await kept.store.write(lambda tx: tx.reminders.drop([one], START + SECOND, "deleted"))
    assert await kept.look(OVERDUE + HOUR) == {}
    await kept.store.write(lambda tx: tx.reminders.retry([one], OVERDUE + HOUR, "lost"))
    assert await kept.look(OVERDUE + HOUR) == {}


async def test_what_is_cancelled_in_flight_when_it_is_overdue_is_bad_by_then(kept: Kept) -> None:
    one = await owe(kept)
    await kept.store.write(lambda tx: tx.reminders.claim([one], START))
    await kept.store.write(lambda tx: tx.reminders.drop([one], OVERDUE, "deleted"))
    assert await kept.look(OVERDUE + 1) == BAD
    await kept.store.write(lambda tx: tx.reminders.retry([one], OVERDUE + 1, "lost"))
    assert await kept.look(OVERDUE + 2) == BAD


@pytest.mark.parametrize("dropped", [False, True])
async def test_who_is_forgotten_takes_no_debt_along(kept: Kept, dropped: bool) -> None:
    one = await owe(kept)
    if dropped:
        await kept.store.write(lambda tx: tx.reminders.claim([one], START))
        await kept.store.write(lambda tx: tx.reminders.drop([one], OVERDUE, "deleted"))
    assert await kept.look(OVERDUE + 1) == BAD
    await kept.store.write(lambda tx: tx.account.forget(1, 1, 5, OVERDUE + 2))
    assert await kept.look(OVERDUE + 3) == BAD


async def test_a_message_without_its_answer_is_bad_after_five_seconds_and_stays_so(kept: Kept) -> None:
    def job(tx: Tx) -> None:
        service.welcome(tx, 1, 1, "Alice", "en", "UTC", START)
        tx.inbox.put(42, [Update(5, 1, {}, 0)], START)
        tx.inbox.handled(42, 5, START, START)

    await kept.store.write(job)
    assert await kept.look(START + 5 * SECOND) == {}
    assert await kept.look(START + 5 * SECOND + 1) == {("chat", "bad"): 1}
    await kept.store.write(lambda tx: tx.inbox.judge_overdue(START + MINUTE, 5 * SECOND, 10))
    assert await kept.look(START + HOUR) == {("chat", "bad"): 1}


async def test_more_than_is_judged_at_once_is_counted_all_the_same(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promises, "JUDGED_AT_ONCE", 2)
    for number in range(5):
        await owe(kept, number=number)
    for _ in range(4):
        assert await kept.look(OVERDUE) == {("reminders", "bad"): 5}


async def test_a_database_that_cannot_be_written_is_still_read(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(*_: object, **__: object) -> None:
        raise UnavailableError("no space left")

    await owe(kept)
    monkeypatch.setattr(Store, "write", full)
    assert await kept.look(OVERDUE) == BAD


async def test_a_clock_that_is_set_back_takes_no_verdict_back(kept: Kept) -> None:
    await owe(kept)
    assert await kept.look(OVERDUE) == BAD
    found = await kept.readings(START - HOUR)
    points = {point.labels: point.value for point in found[catalogue.EVENTS.name].points}
    assert points["reminders", "bad"] == 1


async def test_gauges_of_a_promise_are_what_the_status_says_and_missing_where_nothing_came_due(kept: Kept) -> None:
    def job(tx: Tx) -> None:
        tx.counts.add_many(("reminders", START - 2 * HOUR, number > 3) for number in range(1_000))
        tx.counts.add_many(("reminders", START - 30 * MINUTE, number > 0) for number in range(100))

    await kept.store.write(job)
    found = {name: {point.labels: point.value for point in one.points}
             for name, one in (await kept.readings(START)).items() if name.startswith("planner.slo.")}  # fmt: skip
    said: list[Status] = promises.read_file(kept.path, promises.load().slos, START)
    rates = {(one.slo.id,): one.rate for one in said if one.rate is not None}
    assert found["planner.slo.sli.ratio"] == rates == {("reminders",): pytest.approx(1095 / 1100)}
    assert found["planner.slo.budget.ratio"] == {("reminders",): pytest.approx(1 - 5 / 11)}
    assert found["planner.slo.burn_rate"] == {
        ("reminders", "1h"): pytest.approx(1.0),
        ("reminders", "6h"): pytest.approx(5 / 11),
        ("reminders", "1d"): pytest.approx(5 / 11),
        ("reminders", "7d"): pytest.approx(5 / 11),
    }
    assert len(found["planner.slo.objective.ratio"]) == 8
