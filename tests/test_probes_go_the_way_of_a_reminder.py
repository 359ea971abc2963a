"""Synthetic reminders: through store, scheduler and delivery to Telegram, and never among the real ones."""

from __future__ import annotations

import logging
from itertools import pairwise
from pathlib import Path

import pytest

from planner import metrics, promises
from planner.catalogue.metric import Point, Reading
from planner.model import DAY, HOUR, MINUTE, ON_TIME, SECOND
from planner.pacing import Pace
from planner.probing import EVERY_MS
from tests.virtual import START, FakeClock
from tests.world import ALICE, World, a_world


async def probes(world: World) -> list[dict[str, object]]:
    return await world.query("SELECT * FROM probes ORDER BY due_at")


async def stands(world: World) -> tuple[int, int]:
    slos = [one for one in promises.load().slos if one.id == "probes"]
    (status,) = await promises.read(world.store, slos, world.clock.now())
    return status.good, status.bad


async def test_one_every_two_minutes_is_a_row_before_it_is_due_and_answered_on_time(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock) as world:
        await clock.sleep(SECOND)
        (first,) = await probes(world)
        assert (first["due_at"], first["state"], first["verdict"]) == (START + EVERY_MS, "pending", None)
        await clock.sleep(10 * MINUTE)
        *sent, last = await probes(world)
        assert [row["due_at"] for row in sent] == [START + nth * EVERY_MS for nth in range(1, 6)]
        assert {(row["state"], row["verdict"], row["attempts"]) for row in sent} == {("sent", "good", 1)}
        assert all(0 <= row["sent_at"] - row["due_at"] < SECOND for row in sent)
        assert all(row["due_at"] <= row["claimed_at"] <= row["sent_at"] for row in sent)
        assert last["state"] == "pending"
        assert await stands(world) == (5, 0)


async def test_what_was_never_tried_says_what_kept_it(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        await clock.sleep(3 * MINUTE)
        world.planner.delivery.halt("test", "401 Unauthorized")
        await clock.sleep(4 * MINUTE)
        world.planner.delivery.resume("test")
        *_, halted, _, _ = await probes(world)
        assert (halted["attempts"], halted["verdict"], halted["reason"]) == (0, "bad", "Telegram did not let it in")
        await world.restart(after=10 * MINUTE)
        await clock.sleep(MINUTE)
        down = [row["reason"] for row in await probes(world) if row["verdict"] == "bad" and row["attempts"] == 0]
        assert down[-1] == "the planner was down"


async def test_while_telegram_is_silent_each_is_tried_for_a_minute_and_bad(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        await clock.sleep(3 * MINUTE)
        world.chat.faults.set({"status": 502})
        await clock.sleep(4 * MINUTE)
        world.chat.faults.set({})
        await clock.sleep(3 * MINUTE)
        good, *bad, last, _ = await probes(world)
        assert [row["verdict"] for row in (good, *bad, last)] == ["good", "bad", "bad", "good"]
        first, second = bad
        assert (first["state"], first["reason"]) == ("missed", "502 Bad Gateway")
        assert second["state"] in {"missed", "sent"}, "the last try may be answered when it is judged"
        assert 2 <= first["attempts"] <= 15
        assert await stands(world) == (2, len(bad))
        assert world.planner.delivery.reachable, "an answer to a probe ends an outage"


async def test_a_short_silence_costs_none(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        await clock.sleep(MINUTE)
        world.chat.faults.set({"status": 502, "for_ms": 75 * SECOND})
        await clock.sleep(2 * MINUTE)
        (row, _) = await probes(world)
        assert (row["state"], row["verdict"]) == ("sent", "good")
        assert row["attempts"] > 1


@pytest.mark.parametrize("status", [401, 409])
async def test_a_token_that_is_not_taken_halts_them_too(tmp_path: Path, clock: FakeClock, status: int) -> None:
    async with a_world(tmp_path, clock) as world:
        world.chat.faults.set({"status": status})
        await clock.sleep(30 * MINUTE)
        assert world.planner.delivery.halted is not None
        *rows, _ = await probes(world)
        assert {(row["state"], row["verdict"]) for row in rows} <= {("missed", "bad"), ("pending", None)}
        world.chat.faults.set({})
        await clock.sleep(5 * MINUTE)
        good, bad = await stands(world)
        assert (good, bad) == (3, 14)


async def test_what_came_due_while_the_process_was_down_is_bad_and_no_more_are_made_for_it(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock) as world:
        await clock.sleep(5 * MINUTE)
        slos = [one for one in promises.load().slos if one.id == "probes"]
        await world.crash()
        for after, seen in ((MINUTE, (2, 0)), (2 * MINUTE, (2, 1)), (HOUR, (2, 1))):
            (status,) = promises.read_file(world.settings.db, slos, START + 5 * MINUTE + after + SECOND)
            assert (status.good, status.bad) == seen
        await clock.sleep(HOUR)
        await world.start()
        await clock.sleep(MINUTE)
        assert [(row["state"], row["verdict"]) for row in await probes(world)] == [
            ("sent", "good"), ("sent", "good"), ("missed", "bad"), ("pending", None)]  # fmt: skip
        assert await stands(world) == (2, 1)


async def test_a_short_restart_costs_none(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        await clock.sleep(EVERY_MS - SECOND)
        await world.restart(after=30 * SECOND)
        await clock.sleep(MINUTE)
        assert await stands(world) == (1, 0)


@pytest.mark.parametrize(("after", "verdict"), [(10 * SECOND, "good"), (HOUR, "bad")])
async def test_one_that_was_in_flight_at_a_crash_is_judged_once(
    tmp_path: Path, clock: FakeClock, after: int, verdict: str
) -> None:
    async with a_world(tmp_path, clock) as world:
        world.chat.faults.set({"methods": ["getMe"], "answer_delay_ms": 20 * SECOND})
        await clock.sleep(EVERY_MS + 5 * SECOND)
        (row, _) = await probes(world)
        assert row["state"] == "sending"
        world.chat.faults.set({})
        await world.restart(after=after)
        await clock.sleep(30 * SECOND)
        row = (await probes(world))[0]
        assert (row["verdict"], row["attempts"]) == (verdict, 2 if verdict == "good" else 1)
        assert await stands(world) == ((1, 0) if verdict == "good" else (0, 2)), "two were owed when it died"


async def test_an_answer_that_comes_when_it_is_judged_changes_nothing(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        await clock.sleep(EVERY_MS - SECOND)
        await world.store.write(lambda tx: tx.probes.claim([1], clock.now()))
        await world.store.write(lambda tx: tx.probes.judge_overdue(clock.now() + 62 * SECOND, 10))
        await world.store.write(lambda tx: tx.probes.sent(1, clock.now() + 63 * SECOND))
        (row,) = await world.query("SELECT state, verdict FROM probes WHERE id = 1")
        assert row == {"state": "sent", "verdict": "bad"}
        assert (await world.query("SELECT good, bad FROM counts WHERE slo = 'probes'")) == [{"good": 0, "bad": 1}]


async def test_what_the_database_refuses_is_counted_as_bad_when_it_can_be(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        await clock.sleep(3 * MINUTE)
        world.store._db._writer.execute("PRAGMA query_only=1")
        await clock.sleep(20 * MINUTE)
        world.store._db._writer.execute("PRAGMA query_only=0")
        await clock.sleep(5 * MINUTE)
        rows = await probes(world)
        dues = [row["due_at"] for row in rows]
        assert dues == sorted(set(dues))
        assert all(EVERY_MS <= later - due < EVERY_MS + SECOND for due, later in pairwise(dues)), "none is left out"
        bad = [row for row in rows if row["verdict"] == "bad"]
        assert {row["reason"] for row in bad} == {None, "it could not be stored"}
        assert await stands(world) == (len(rows) - 1 - len(bad), len(bad))
        assert len(bad) >= 9


async def test_it_stands_among_nothing_that_is_real(
    tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with a_world(tmp_path, clock) as world:
        await clock.sleep(HOUR + SECOND)
        assert await stands(world) == (30, 0)
        assert [one.message for one in caplog.records if one.message.startswith("reminder.")] == []
        assert await world.query("SELECT * FROM reminders") == []
        assert {row["slo"] for row in await world.query("SELECT DISTINCT slo FROM counts")} == {"probes", "up"}
        read = await metrics.read(world.store, promises.load().slos, clock.now(), world.telemetry.metrics)
        said = {one.metric.name for one in read if one.metric.name.startswith("planner.reminder") and _any(one)}
        assert said == set()
        assert world.traces == [] or all("probe" not in str(trace) for trace in world.traces)


def _any(reading: Reading) -> bool:
    return any(isinstance(point, Point) and point.value for point in reading.points)


async def test_it_takes_none_of_the_pace(tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[int] = []
    real = Pace.sent
    monkeypatch.setattr(Pace, "sent", lambda self, chat, mono, *, answer: (sent.append(chat), real(
        self, chat, mono, answer=answer))[1])  # fmt: skip
    async with a_world(tmp_path, clock) as world:
        await world.person(ALICE).say("tea in 6 minutes")
        world.chat.faults.set({"methods": ["getMe"], "status": 429, "retry_after": 5, "times": 1})
        await clock.sleep(10 * MINUTE)
        assert set(sent) == {ALICE.id}
        assert await stands(world) == (5, 0)
        assert world.planner.delivery._pace.pause(clock.mono()) == 0


async def test_while_messages_get_no_answer_its_own_ends_no_outage(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        await world.person(ALICE).say("tea in 5 minutes")
        world.chat.faults.set({"methods": ["sendMessage"], "status": 502})
        await clock.sleep(20 * MINUTE)
        assert not world.planner.delivery.reachable
        assert (await stands(world))[1] == 0, "what it asks is answered"
        world.chat.faults.set({})
        await clock.sleep(2 * MINUTE)
        assert world.planner.delivery.reachable


async def test_after_an_outage_one_request_tries_be_it_a_probe(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        world.chat.faults.set({"methods": ["getMe", "sendMessage"], "status": 502})
        await clock.sleep(10 * MINUTE)
        assert not world.planner.delivery.reachable, "on a quiet night, too"
        world.chat.faults.set({})
        await clock.sleep(2 * MINUTE)
        assert world.planner.delivery.reachable


@pytest.mark.parametrize("days", [-400, -1, 1, 400])
async def test_a_clock_that_is_set_leaves_none_behind_and_none_out(tmp_path: Path, clock: FakeClock, days: int) -> None:
    async with a_world(tmp_path, clock) as world:
        await clock.sleep(5 * MINUTE)
        clock.jump(days * DAY)
        await clock.sleep(5 * MINUTE)
        waiting = [row for row in await probes(world) if row["verdict"] is None]
        assert [0 < row["due_at"] - clock.now() <= EVERY_MS for row in waiting] == [True]
        ever = await world.store.read(lambda tx: tx.counts.ever("probes", tx.totals.read(), clock.now()))
        assert ever == (4, int(days > 0)), "what the clock went past is overdue"


async def test_they_are_kept_for_a_day_the_bad_for_longer_and_their_counts_for_good(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock) as world:
        world.chat.faults.set({"methods": ["getMe"], "status": 502})
        await clock.sleep(2 * MINUTE + ON_TIME + SECOND)
        world.chat.faults.set({})
        await clock.sleep(HOUR)
        good, bad = await stands(world)
        assert (good > 0, bad) == (True, 1)
        forget, keep_days = world.planner.scheduler._jobs[3].run, world.settings.keep_days
        await forget(clock.now() + DAY)
        assert [row["verdict"] for row in await probes(world)] == ["bad", None], "a report says why"
        await forget(clock.now() + (keep_days + 1) * DAY)
        assert [row["verdict"] for row in await probes(world)] == [None]
        assert await stands(world) == (good, bad)
