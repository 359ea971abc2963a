"""An update's journey: from its arrival until Telegram has taken the last answer to it, whatever happens in between."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from planner.catalogue import chat, reminders, work
from planner.chat import add
from planner.chat.talk import Talk
from planner.clock import ticks
from planner.intake import UNSTORABLE
from planner.journeys import NS
from planner.store.db import UnavailableError
from planner.store.inbox import Inbox
from planner.store.inbox import Update as Row
from tests.stories.counted import active, counted, handled, journeys
from tests.virtual import FakeClock
from tests.world import ALICE, HOUR, MALLORY, MINUTE, SECOND, World, a_world


def _names(world: World) -> list[str]:
    return [span.name for span in journeys(world)[-1].spans]


async def test_it_holds_the_keeping_the_handling_and_the_reading(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await alice.say("dentist tomorrow at 9:30")
        trace = journeys(world)[-1]
        root = trace.spans[-1]
        steps = {span.name: span for span in trace.spans}
        assert (root.parent, root.fields["handler"], root.fields["outcome"]) == (None, "text_event", "ok")
        assert steps["keep"].parent == steps["handle"].parent == root.id
        assert steps["keep"].end_ns <= steps["handle"].start_ns
        within = {span.id: span.parent for span in trace.spans}
        parent = steps["parse"].parent
        while parent not in (steps["handle"].id, None):
            parent = within[parent]
        assert parent == steps["handle"].id, "what people write is read while it is handled"
        assert "dentist" not in repr([span.fields for span in trace.spans])


async def test_it_ends_with_the_last_of_several_answers(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        world.chat.faults.set({"methods": ["sendMessage"], "delay_ms": 2 * SECOND})
        await world.chat.say(1, "/start", ALICE)
        await clock.sleep(3 * SECOND)
        shown = [row for row in await alice.rows() if row["from"] == "bot"]
        assert (len(shown), active(world), journeys(world)) == (1, 1, []), "one of two has arrived"
        await clock.sleep(5 * SECOND)
        assert (active(world), len(journeys(world))) == (0, 1)
        assert handled(world) == {("start", "ok"): 1}


async def test_an_answer_that_is_tried_again_is_waited_for(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        world.chat.faults.set({"methods": ["sendMessage"], "status": 500})
        await world.chat.say(1, "/today", ALICE)
        await clock.sleep(2 * SECOND)
        assert (active(world), ("today", "ok") in handled(world)) == (1, False)
        world.chat.faults.set({})
        await clock.sleep(2 * MINUTE)
        assert (active(world), handled(world)["today", "ok"]) == (0, 1)


async def test_one_that_takes_no_answer_ends_at_once(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        await world.person(ALICE).say("/start")
        await world.person(MALLORY).say("/start")
        assert handled(world)["stranger", "refused"] == 1
        world.chat.faults.set({"status": 500})
        await world.chat.say(3, "please", MALLORY)
        await clock.sleep(10 * SECOND)
        world.chat.faults.set({})
        await clock.sleep(MINUTE)
        assert (active(world), handled(world)["stranger", "refused"]) == (0, 2)


async def test_one_that_breaks_its_handler_three_times_has_failed_and_its_trace_is_kept(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(_: Talk) -> None:
        raise ZeroDivisionError

    caplog.set_level(logging.INFO)
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        world.telemetry.tracer._sampled = lambda _: False
        monkeypatch.setattr(add, "phrase", breaks)
        await alice.say("dentist tomorrow at 9:30")
        assert handled(world)["text_event", "failed"] == 1
        assert active(world) == 0
        root = journeys(world)[-1].spans[-1]
        assert (root.fields["handler"], root.fields["outcome"], root.error) == (
            "text_event",
            "failed",
            "ZeroDivisionError",
        )
        assert _names(world).count("handle") == 3
        assert counted(world, work.TASKS)["intake", "failed"] == 1
        told = [(one.message, one.levelno) for one in caplog.records if one.message.startswith("update.")]
        assert told[-4:] == [
            ("update.failed", logging.WARNING),
            ("update.failed", logging.WARNING),
            ("update.given_up", logging.ERROR),
            ("update.handled", logging.INFO),
        ]


async def test_a_stop_ends_what_is_under_way_and_the_next_run_takes_it_over(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        writer = world.store._db._writer
        writer.execute("PRAGMA query_only=1")
        await world.chat.say(1, "/today", ALICE)
        await clock.sleep(SECOND)
        assert active(world) == 1
        await world.planner.stop()
        assert (active(world), handled(world)) == (0, {("start", "ok"): 1})
        assert journeys(world)[-1].spans[-1].fields["stopped"] is True
        await world.telegram.close()
        world.store.close()
        await world.start()
        await alice.read(MINUTE)
        assert handled(world) == {("start", "ok"): 1, ("today", "ok"): 1}
        assert active(world) == 0


async def test_what_cannot_be_kept_is_one_journey_until_it_can(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")

        async def full(*_: object, **__: object) -> None:
            raise UnavailableError("no space left")

        with monkeypatch.context() as disk:
            disk.setattr(world.store._db, "write", full)
            await world.chat.say(1, "/today", ALICE)
            await clock.sleep(MINUTE)
            assert active(world) == 1
        await alice.read(MINUTE)
        assert (active(world), handled(world)["today", "ok"]) == (0, 1)
        assert _names(world).count("keep") > 2
        assert counted(world, chat.UPDATE_DURATION)["today", "ok"] == 1


async def test_what_can_never_be_kept_ends_once_though_what_came_with_it_has_to_wait(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(_: Inbox, __: int, rows: list[Row], ___: int) -> None:
        if any("poison" in str(row.raw) for row in rows):
            raise ValueError("never")
        raise UnavailableError("no space left")

    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        with monkeypatch.context() as disk:
            disk.setattr(Inbox, "put", refuses)
            await world.chat.say(1, "/today", ALICE)
            await world.chat.say(1, "poison", ALICE)
            await clock.sleep(MINUTE)
            assert active(world) == 1, "the other one"
        await alice.read(MINUTE)
        assert active(world) == 0
        assert handled(world) == {("start", "ok"): 1, ("today", "ok"): 1, (UNSTORABLE, "failed"): 1}
        assert counted(world, work.TASKS)["intake", "failed"] == 1


async def test_one_that_comes_twice_is_one_journey_and_is_counted(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        updates = world.telegram.updates

        async def twice(offset: int, timeout_s: int) -> object:
            found = await updates(offset, timeout_s)
            return [*found, *found] if isinstance(found, list) else found

        world.telegram.updates = twice
        await alice.read(2 * HOUR)
        world.chat.faults.set({"methods": ["sendMessage"], "delay_ms": 3 * SECOND})
        await alice.say("/today")
        assert counted(world, reminders.REPEATS_AVOIDED) == {("update",): 1}
        assert active(world) == 1, "its answer is on its way"
        await alice.read(MINUTE)
        assert (active(world), handled(world)["today", "ok"]) == (0, 1)
        assert journeys(world)[-1].spans[-1].fields["handler"] == "today"


async def test_one_whose_answer_is_forgotten_ends(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await alice.say("/forget")
        message, data = await alice.button("Forget everything")
        world.chat.faults.set({"methods": ["editMessageText"], "delay_ms": 5 * SECOND})
        for chapter in ("adding", "changing", "looking"):
            await world.chat.press(1, message, f"help:{chapter}", ALICE)
        await clock.sleep(SECOND)
        assert active(world) == 3
        await world.chat.press(1, message, data, ALICE)
        await clock.sleep(SECOND)
        assert active(world) == 2, "one is on its way, one says that all is forgotten"
        await clock.sleep(MINUTE)
        assert await world.query("SELECT id FROM users") == []
        assert active(world) == 0
        assert handled(world)["button:help", "ok"] == 3


async def test_each_is_one_line_in_the_log(tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with a_world(tmp_path, clock) as world:
        await world.person(ALICE).say("/start")
        (line,) = (one for one in caplog.records if one.message == "update.handled")
        said = vars(line)
        assert (said["handler"], said["outcome"], said["user"]) == ("start", "ok", 1)
        assert 0 <= said["took_ms"] < SECOND


async def test_what_the_intake_does_is_counted(tmp_path: Path, clock: FakeClock) -> None:
    began = ticks()
    async with a_world(tmp_path, clock) as world:
        await world.person(ALICE).say("/start")
        await world.person(ALICE).say("/today")
        assert counted(world, work.TASKS)["intake", "ok"] == 2
        busy, idle = counted(world, work.BUSY)["intake",], counted(world, work.IDLE)["intake",]
    assert busy > 0
    assert idle > 0
    assert busy + idle <= (ticks() - began) / NS, "no moment counts twice"
