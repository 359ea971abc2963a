"""An idle planner wakes for what is due, for a look at the clock each minute, for its own upkeep; for nothing else."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from planner import probing
from planner.delivery import Delivery
from planner.scheduler import Timers
from planner.store import Store
from tests.virtual import FakeClock
from tests.world import ALICE, DAY, HOUR, MINUTE, a_world

PROBE_STEPS, PROBE_WRITES = 4, 3
"""Of a synthetic reminder: handed over, claimed, sent, answered; owed, claimed (in one commit) and settled."""
A_PROBE = 1
"""The next one, in the heap."""


class Counted:
    def __init__(self, monkeypatch: pytest.MonkeyPatch, owner: type, name: str) -> None:
        self.times = 0
        real = getattr(owner, name)

        def counting(*arguments: object, **named: object) -> object:
            self.times += 1
            return real(*arguments, **named)

        monkeypatch.setattr(owner, name, counting)


async def test_a_week_with_a_reminder_a_day_is_as_many_wakes_as_it_has_minutes(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_world(tmp_path, clock) as world:
        await world.person(ALICE).say("gym every day at 19:00")
        wakes, writes = Counted(monkeypatch, Timers, "_wake"), Counted(monkeypatch, Store, "write")
        steps = Counted(monkeypatch, Delivery, "_step")
        await clock.sleep(7 * DAY)
        minutes = 7 * DAY // MINUTE
        assert wakes.times <= minutes * 1.1
        probes = 7 * DAY // probing.EVERY_MS
        assert steps.times <= 7 * 20 + probes * PROBE_STEPS, "delivery sleeps until something is handed over"
        assert writes.times <= minutes + 7 * 20 + probes * PROBE_WRITES, (
            "nothing but the heartbeat and synthetic reminders is written while nothing happens"
        )


async def test_what_lies_months_ahead_is_not_held_in_memory(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        for number in range(20):
            await alice.say(f"thing {number} tomorrow at 20:{number + 10}")
        jobs = len(world.planner.scheduler._jobs)
        assert world.planner.scheduler.held() == jobs + A_PROBE
        assert len(asyncio.all_tasks()) < 12
        await clock.sleep(DAY + 9 * HOUR + 50 * MINUTE)
        assert world.planner.scheduler.held() > jobs + A_PROBE
