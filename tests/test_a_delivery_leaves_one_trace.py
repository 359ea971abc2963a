"""One trace a message, from when it is due to the commit of how it ended; and the figures of delivery and scheduler."""

from __future__ import annotations

import asyncio
from pathlib import Path
from random import Random

import pytest

from planner.catalogue import chat, outside, reminders, security, work
from planner.catalogue.metric import Distribution, Metric
from planner.scheduler import Job, Scheduler, Timers
from planner.store import Store
from planner.telemetry import Telemetry
from planner.telemetry.tracing import NOTHING, Span, Trace, Tracer, current
from tests.virtual import FakeClock
from tests.world import ALICE, HOUR, MINUTE, SECOND, World, a_world, settings_for


def traces(world: World, name: str) -> list[Trace]:
    return [trace for trace in world.traces if root(trace).name == name]


def root(trace: Trace) -> Span:
    (found,) = [span for span in trace.spans if span.parent is None]
    return found


def steps(trace: Trace) -> list[str]:
    """The names of the root's children, as they began."""
    children = [span for span in trace.spans if span.parent == root(trace).id]
    return [span.name for span in sorted(children, key=lambda span: span.start_ns)]


def points(telemetry: Telemetry, metric: Metric) -> dict[tuple[str, ...], float]:
    """A counter's or gauge's values; of a histogram, how many there are."""
    (found,) = [one for one in telemetry.metrics.read([metric]) if one.metric is metric]
    return {one.labels: sum(one.counts) if isinstance(one, Distribution) else one.value for one in found.points}


async def totals(world: World) -> dict[str, int]:
    return await world.store.read(lambda tx: tx.totals.read())


async def test_from_when_it_is_due_until_it_is_on_disk_that_it_was_sent(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        await world.person(ALICE).say("tea in 5 minutes")
        (row,) = await world.query("SELECT id, due_at FROM reminders")
        await clock.sleep(6 * MINUTE)
        (trace,) = traces(world, "reminder")
        (made,) = [one for one in traces(world, "update") if one.id.to_bytes(16) == root(trace).links[0][:16]]
        said = await totals(world)
    span = root(trace)
    assert steps(trace) == ["claim", "wait", "telegram sendMessage", "db write"]
    assert span.start_ns == row["due_at"] * 1_000_000
    assert span.fields == span.fields | {
        "reminder": row["id"], "user": 1, "kind": "event", "attempts": 1, "outcome": "accepted"
    }  # fmt: skip
    assert 0 <= span.fields["lateness_ms"] < SECOND
    assert root(made).name == "update"
    assert all(one.end_ns >= one.start_ns for one in trace.spans)
    assert points(world.telemetry, reminders.ATTEMPTS)["event",] == 1
    assert {name: said[name] for name in ("reminders/set/event", "reminders/due/event", "messages/event")} == {
        "reminders/set/event": 1, "reminders/due/event": 1, "messages/event": 1
    }  # fmt: skip
    assert said["reminders/on_time/event"] == 1
    assert "reminders/late/event" not in said
    assert said["messages/answer"] >= 1


async def test_tries_that_failed_are_part_of_it_and_a_late_one_is_kept(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        world.telemetry.tracer._sampled = lambda _: False
        await world.person(ALICE).say("tea in 5 minutes")
        world.chat.faults.set({"status": 500, "methods": ["sendMessage"]})
        await clock.sleep(8 * MINUTE)
        assert points(world.telemetry, outside.CIRCUIT)["telegram",] == 1
        world.chat.faults.set({})
        await clock.sleep(2 * MINUTE)
        (trace,) = traces(world, "reminder")
        said = await totals(world)
    assert steps(trace).count("telegram sendMessage") == root(trace).fields["attempts"] > 3
    assert root(trace).fields["lateness_ms"] > MINUTE
    assert 3 * MINUTE < root(trace).fields["lateness_ms"] <= 5 * MINUTE
    assert said["reminders/late/event"] == said["reminders/late/14/event"] == 1, "between three and five minutes"
    assert said["reminders/late_ms/event"] == root(trace).fields["lateness_ms"]
    assert points(world.telemetry, outside.CIRCUIT)["telegram",] == 0
    assert points(world.telemetry, outside.OUTAGES)["telegram",] == 1
    assert points(world.telemetry, work.TASKS)["delivery", "failed"] > 0


async def test_one_that_was_in_flight_at_a_crash_is_late_and_so_kept(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        world.telemetry.tracer._sampled = lambda _: False
        await world.person(ALICE).say("tea in 5 minutes")
        world.chat.faults.set({"methods": ["sendMessage"], "answer_delay_ms": 5 * SECOND, "times": 1})
        await clock.sleep(5 * MINUTE)
        await world.restart(after=HOUR)
        await clock.sleep(MINUTE)
        (row,) = await world.query("SELECT trace FROM reminders")
        (trace,) = traces(world, "reminder")
    assert root(trace).fields["lateness_ms"] >= HOUR
    assert root(trace).links == (row["trace"],), "its creation was not exported, but the log's lines of it have that id"
    assert points(world.telemetry, reminders.RECLAIMED)[()] == 1


async def test_what_nobody_asked_to_see_is_not_kept(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        world.telemetry.tracer._sampled = lambda _: False
        await world.person(ALICE).say("tea in 5 minutes")
        await clock.sleep(6 * MINUTE)
        (row,) = await world.query("SELECT state FROM reminders")
    assert row["state"] == "sent"
    assert traces(world, "reminder") == []


async def test_one_that_is_cancelled_between_two_tries_ends_its_trace(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist in 5 minutes")
        message, data = await alice.button("Undo")
        world.chat.faults.set({"status": 429, "retry_after": 60, "methods": ["sendMessage"], "times": 1})
        await clock.sleep(5 * MINUTE)
        assert traces(world, "reminder") == []
        await world.chat.press(1, message, data, ALICE)
        await clock.sleep(2 * MINUTE)
        (trace,) = traces(world, "reminder")
        said = await totals(world)
    assert root(trace).fields["outcome"] == "cancelled"
    assert said["reminders/given_up/cancelled"] == 1
    assert points(world.telemetry, security.REFUSALS)["limited_chat",] == 1


async def test_several_that_became_one_message_are_one_trace_however_often_it_is_tried(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea in 5 minutes")
        await alice.say("cake in 5 minutes")
        world.chat.faults.set({"status": 500, "methods": ["sendMessage"]})
        await clock.sleep(25 * MINUTE)
        world.chat.faults.set({})
        await clock.sleep(3 * MINUTE)
        rows = await world.query("SELECT attempts FROM reminders WHERE state = 'sent'")
        found = {root(trace).fields["outcome"]: trace for trace in traces(world, "reminder")}
        assert len(traces(world, "reminder")) == len(found) == 2
    assert len(rows) == 2
    assert set(found) == {"merged", "accepted"}
    sent = found["accepted"]
    assert steps(sent).count("telegram sendMessage") == root(sent).fields["attempts"] > 10
    assert all(span.end_ns <= root(sent).end_ns for span in sent.spans)


async def test_one_that_is_cancelled_while_it_is_on_its_way_ends_its_trace_last(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist in 5 minutes")
        message, data = await alice.button("Undo")
        fault = {"methods": ["sendMessage"], "answer_delay_ms": 20 * SECOND, "status": 500, "times": 1}
        world.chat.faults.set(fault)
        await clock.sleep(5 * MINUTE + 2 * SECOND)
        await world.chat.press(1, message, data, ALICE)
        await clock.sleep(3 * MINUTE)
        (trace,) = traces(world, "reminder")
    assert root(trace).fields["outcome"] == "cancelled"
    assert trace.spans[-1] is root(trace), "what ends later is not exported"
    assert steps(trace) == ["claim", "wait", "telegram sendMessage", "db write"]


async def test_of_whoever_is_forgotten_no_trace_stays_open_and_what_was_owed_is_over(
    tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "planner.journal")
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea in 5 minutes")
        await alice.say("cake in 2 hours")
        world.chat.faults.set({"status": 500, "methods": ["sendMessage"]})
        await clock.sleep(10 * MINUTE)
        assert traces(world, "reminder") == []
        await world.store.write(lambda tx: tx.account.forget(1, 1, 0, clock.now()))
        (trace,) = traces(world, "reminder")
        said = await totals(world)
    assert root(trace).fields["outcome"] == "cancelled"
    told = [one for one in caplog.records if one.getMessage() == "reminder.cancelled"]
    assert {vars(one)["cause"] for one in told} == {"its user was forgotten"}
    assert said["reminders/due/event"] == said["reminders/failed/event"] == 1, "the other was not due yet"
    assert said["reminders/given_up/cancelled"] == len(told) == 2


async def test_an_answer_is_part_of_the_update_that_it_answers(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        await world.person(ALICE).say("tea in 5 minutes")
        answers = [
            one for one in traces(world, "update") if "telegram sendMessage" in [span.name for span in one.spans]
        ]
        assert points(world.telemetry, chat.UPDATES_ACTIVE)[()] == 0
        assert points(world.telemetry, chat.ANSWERS)["sendMessage", "accepted"] >= 1
        assert points(world.telemetry, chat.ANSWER_SIZE)[()] >= 1
    assert answers


async def test_whoever_is_forgotten_leaves_no_update_open(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea in 50 minutes")
        await alice.say("/forget")
        world.chat.faults.set({"status": 500, "methods": ["sendMessage"]})
        for _ in range(3):
            await alice.say("/week", settle=100)
        assert points(world.telemetry, chat.UPDATES_ACTIVE)[()] >= 3
        await world.store.write(lambda tx: tx.account.forget(1, 1, 0, clock.now()))
        world.chat.faults.set({})
        await clock.sleep(5 * MINUTE)
        assert points(world.telemetry, chat.UPDATES_ACTIVE)[()] == 0


@pytest.mark.parametrize(("rate", "flag", "paid"), [("100", "1", True), ("100", "0", False), ("30", "1", False)])
async def test_only_whoever_pays_for_more_than_telegram_gives_pays(
    tmp_path: Path, clock: FakeClock, rate: str, flag: str, paid: bool
) -> None:
    calls: list[dict[str, object]] = []
    async with a_world(tmp_path, clock, PLANNER_SEND_RATE=rate, PLANNER_PAID_BROADCAST=flag) as world:
        call = world.telegram.call

        async def seen(method: str, params: dict[str, object] | None = None) -> object:
            calls.append({"method": method, **(params or {})})
            return await call(method, params)

        world.planner.delivery._gateway._caller.call = seen
        await world.person(ALICE).say("tea in 5 minutes")
        await clock.sleep(6 * MINUTE)
        said = await totals(world)
    answer, reminder = [one for one in calls if one["method"] == "sendMessage"][-2:]
    assert reminder.get("allow_paid_broadcast", False) is paid
    assert "allow_paid_broadcast" not in answer
    assert said.get("messages/paid", 0) == int(paid)


class Kept:
    """A scheduler with one job, every ten minutes."""

    def __init__(self, folder: Path, clock: FakeClock) -> None:
        self.telemetry = Telemetry()
        self.clock = clock
        self.fails = False
        self.store = Store(settings_for(folder).db, inline=True)
        self.scheduler = Scheduler(clock, self.store, lambda _: None, [Job("minute", self.run)], self.telemetry)

    async def run(self, now: int) -> int:
        assert not current(), "no part of whatever has set it"
        if self.fails:
            raise RuntimeError
        return now + 10 * MINUTE


async def test_what_fires_is_no_part_of_what_has_set_it(tmp_path: Path, clock: FakeClock) -> None:
    seen: list[Span] = []
    timers = Timers[int](clock, lambda _: seen.append(current()), lambda _: seen.append(current()))
    with Tracer(clock, Random(1), lambda _: None).begin("update"):
        timers.set(1, clock.now() + MINUTE)
        timers.set(2, clock.now() + 2 * MINUTE)
    await clock.sleep(3 * MINUTE)
    assert seen == [NOTHING] * 4


async def test_jobs_are_counted_and_what_was_left_out_as_well(tmp_path: Path, clock: FakeClock) -> None:
    kept = Kept(tmp_path, clock)
    await kept.scheduler.start()
    await clock.sleep(35 * MINUTE)
    assert points(kept.telemetry, work.JOB_RUNS)["minute", "ok"] == 4
    assert points(kept.telemetry, work.JOB_MISSED)["minute",] == 0
    assert points(kept.telemetry, work.TIMERS)[()] == 2
    clock.jump(HOUR)
    await asyncio.sleep(1)
    assert points(kept.telemetry, work.JOB_MISSED)["minute",] == 5
    assert points(kept.telemetry, work.CLOCK_JUMPS)["forward",] == 1
    well = points(kept.telemetry, work.JOB_OK_AT)["minute",]
    kept.fails = True
    await clock.sleep(11 * MINUTE)
    assert points(kept.telemetry, work.JOB_RUNS)["minute", "failed"] >= 1
    assert (
        points(kept.telemetry, work.JOB_OK_AT)["minute",] == well < points(kept.telemetry, work.JOB_RUN_AT)["minute",]
    )
    assert points(kept.telemetry, work.BUSY)["scheduler",] > 0
    await kept.scheduler.stop()
    kept.store.close()


def lags(telemetry: Telemetry) -> tuple[int, int]:
    """How many timers fired at once, and how many from one to five seconds late."""
    (found,) = [one for one in telemetry.metrics.read([work.LAG]) if one.metric is work.LAG]
    (cells,) = found.points
    assert isinstance(cells, Distribution)
    assert sum(cells.counts) == cells.counts[0] + cells.counts[work.LAG.bounds.index(5.0)]
    return cells.counts[0], cells.counts[work.LAG.bounds.index(5.0)]


async def test_lag_is_what_the_loop_kept_waiting_and_no_jump_of_the_clock(tmp_path: Path, clock: FakeClock) -> None:
    kept = Kept(tmp_path, clock)
    await kept.scheduler.start()
    await clock.sleep(MINUTE)
    clock.jump(HOUR)
    await clock.sleep(MINUTE)
    at_once, late = lags(kept.telemetry)
    assert (at_once > 1, late) == (True, 0)
    loop = asyncio.get_running_loop()
    loop.call_later(9 * 60 - 1, lambda: setattr(loop, "passed", loop.time() + 4))
    await clock.sleep(9 * MINUTE + SECOND)
    assert lags(kept.telemetry)[1] == 1
    await kept.scheduler.stop()
    kept.store.close()
