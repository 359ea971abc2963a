"""Nothing stays behind in memory: updates that cannot be handled, answers refused, more than the window holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from planner import scheduler
from planner.store import Tx
from planner.store.db import StoreError, UnavailableError
from planner.store.inbox import Update
from tests.stories.story import counts
from tests.stories.test_a_burst_ends_on_time import set_for
from tests.virtual import FakeClock
from tests.world import ALICE, DAY, HOUR, MINUTE, SECOND, World, a_world

SEND = ["sendMessage"]
Job = Callable[[Tx], object]


def failing(world: World, errors: list[Exception]) -> None:
    """Whatever intake writes next fails with these, one after the other; then all is well."""
    write = world.store.write

    async def attempt(job: Job, **how: bool) -> object:
        if errors and job.__code__.co_filename.endswith("intake.py") and "put" not in job.__code__.co_names:
            raise errors.pop(0)
        return await write(job, **how)

    world.store.write = attempt  # type: ignore[method-assign, assignment]  # a disk that fails now and then


async def test_an_update_that_can_neither_be_handled_nor_given_up_is_tried_until_it_can(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        bug, full = RuntimeError("a fault of ours"), UnavailableError("full")
        await world.chat.say(ALICE.id, "tea in 50 minutes", ALICE)
        failing(world, [bug, full, bug, full, bug, full])
        await clock.sleep(MINUTE)
        await alice.say("/today", settle=MINUTE)
        rows = await world.query("SELECT handled_at FROM updates WHERE handled_at IS NULL")
        assert rows == [], "each is handled, or given up and said to be"


@pytest.mark.parametrize("error", [StoreError("damaged"), RuntimeError("a fault of ours")])
async def test_a_chat_whose_update_failed_in_every_way_is_heard_again(
    tmp_path: Path, clock: FakeClock, error: Exception
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await world.chat.say(ALICE.id, "tea in 50 minutes", ALICE)
        failing(world, [error] * 4)
        await alice.read(2 * MINUTE)
        assert "Today" in (await alice.say("/today"))[-1]


async def test_an_update_that_can_never_be_stored_keeps_none_beside_it_out(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await world.stop()
        for text in ("tea in 50 minutes", "/today"):
            await world.chat.say(ALICE.id, text, ALICE)
        await world.start()
        write = world.store.write

        async def attempt(job: Job, **how: bool) -> object:
            rows = dict(
                zip(job.__code__.co_freevars, (cell.cell_contents for cell in job.__closure__ or ()), strict=True)
            )
            if "put" in job.__code__.co_names and any("tea" in str(row.raw) for row in rows["rows"]):
                raise OverflowError
            return await write(job, **how)

        world.store.write = attempt  # type: ignore[method-assign, assignment]  # a row that SQLite will not take
        said = await alice.read(MINUTE)
        assert len(said) == 1
        assert "Today" in said[0]


async def test_half_a_character_in_an_update_is_kept_like_any_other(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        raw: dict[str, object] = {"update_id": 7, "message": {"text": "tea \ud83d"}}
        await world.store.write(lambda tx: tx.inbox.put(1, [Update(7, 1, raw, 0)], clock.now()))
        (kept,) = await world.store.read(lambda tx: tx.inbox.waiting(1))
        assert kept.raw == raw


async def test_a_403_that_was_under_way_when_alice_wrote_again_does_not_freeze_her(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea in 10 minutes")
        await alice.say("milk in 20 minutes")
        world.chat.faults.set({"methods": SEND, "status": 403, "answer_delay_ms": 3 * SECOND, "times": 1})
        await alice.read(10 * MINUTE)
        await alice.say("/today", settle=5 * SECOND)
        assert any("milk" in text for text in await alice.read(12 * MINUTE))


async def test_an_answer_that_telegram_refuses_for_good_counts_as_not_given(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        before = await counts(world, "chat")
        world.chat.faults.set({"methods": SEND, "status": 400, "times": 1})
        await alice.say("/today")
        good, bad = await counts(world, "chat")
        assert (good, bad) == (before[0], before[1] + 1)


async def test_more_than_the_window_holds_is_sent_all_the_same(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "WINDOW_ROWS", 10)
    async with a_world(tmp_path, clock, PLANNER_USERS="*", PLANNER_SEND_RATE="300") as world:
        await set_for(world, 95, 1, clock.now() + 20 * MINUTE)
        await world.restart(after=MINUTE)
        await clock.sleep(30 * MINUTE)
        (row,) = await world.query(
            "SELECT count(*) AS n, max(sent_at - due_at) AS late FROM reminders WHERE state = 'sent'"
        )
        assert row["n"] == 95
        assert row["late"] <= 2 * SECOND


async def test_a_job_that_runs_while_the_clock_goes_back_runs_again_in_time(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        began: list[int] = []

        async def slow(now: int) -> int:
            began.append(clock.mono())
            await clock.sleep(5 * SECOND if len(began) == 1 else SECOND)
            return now + HOUR

        watched = scheduler.Scheduler(clock, world.store, lambda _: None, [scheduler.Job("slow", slow)])
        await watched.start()
        await clock.sleep(SECOND // 2)
        clock.jump(-DAY)
        await clock.sleep(3 * HOUR)
        await watched.stop()
        assert len(began) >= 3, "an hour after it has run, whatever the clock says"


async def test_a_deleted_event_that_is_still_counted_keeps_no_word_of_what_it_was(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("secret tea in 5 minutes")
        await alice.read(10 * MINUTE)
        await alice.say("/today")
        await alice.press("secret tea")
        await alice.press("Delete")
        await alice.read(DAY)
        assert await world.query("SELECT title FROM events") == [{"title": "secret tea"}], "undo is still offered"
        await alice.read(3 * DAY)
        assert await world.query("SELECT title FROM events") == [{"title": ""}]
        assert (await world.query("SELECT state FROM reminders")) == [{"state": "sent"}]
