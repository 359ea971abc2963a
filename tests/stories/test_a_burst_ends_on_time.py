"""More reminders at one instant than Telegram takes in a minute: sending begins early, and all are on time."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner import service
from planner.model import Event
from planner.store import Tx
from tests.virtual import FakeClock
from tests.world import MINUTE, SECOND, World, a_world

PROMISED_MS = MINUTE


async def set_for(world: World, chats: int, each: int, start_at: int) -> None:
    """So many users with so many events each, all at one instant, reminded at their start."""
    now = world.clock.now()

    def job(tx: Tx) -> None:
        for number in range(chats):
            user = service.welcome(tx, 1_000 + number, 1_000 + number, "", "en", "UTC", now)
            for event in range(each):
                draft = Event(
                    0, user.id, f"event {event}", "2026-11-21T10:10:00", start_at, 0, False, None, None, True, None
                )
                service.add_event(tx, user, draft, now)

    await world.chat.open_chats([1_000 + number for number in range(chats)])
    await world.store.write(job)


@pytest.mark.parametrize(("chats", "each", "within_s"), [(3_200, 1, 60), (179, 10, 62), (50, 60, 60), (1, 110, 60)])
async def test_all_of_it_within_the_limits_that_telegram_enforces(
    tmp_path: Path, clock: FakeClock, chats: int, each: int, within_s: int
) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="*") as world:
        await world.chat.set_faults({"limits": True, "answer_delay_ms": [100, 300], "seed": 7})
        start_at = clock.now() + 10 * MINUTE
        await set_for(world, chats, each, start_at)
        await clock.sleep(15 * MINUTE)
        (row,) = await world.query(
            "SELECT count(*) AS sent, min(sent_at - due_at) AS first, max(sent_at - due_at) AS last,"
            " max(attempts) AS tries FROM reminders WHERE state = 'sent'"
        )
        assert row["sent"] == chats * each
        assert -within_s * SECOND <= row["first"]
        assert row["last"] <= within_s * SECOND
        assert row["tries"] == 1, "the pace leaves nothing for Telegram to refuse"


async def test_a_burst_that_fits_does_not_begin_early(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="*") as world:
        start_at = clock.now() + 10 * MINUTE
        await set_for(world, 1_000, 1, start_at)
        await clock.sleep(15 * MINUTE)
        (row,) = await world.query("SELECT count(*) AS sent, min(sent_at - due_at) AS first FROM reminders")
        assert row["sent"] == 1_000
        assert row["first"] >= 0
