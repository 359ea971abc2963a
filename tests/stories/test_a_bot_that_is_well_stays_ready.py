"""What ``/readyz`` looks at stays well for as long as the bot is, hour after hour, and across jumps of the clock."""

from __future__ import annotations

from pathlib import Path

from planner import checks
from planner.health import WELL, Health, Status, overall
from planner.telemetry import Telemetry
from planner.telemetry.setup import Running
from tests.virtual import FakeClock
from tests.world import ALICE, DAY, HOUR, MINUTE, World, a_world


async def not_well(world: World) -> dict[str, str]:
    """The checks that say so, and why."""
    planner, clock = world.planner, world.clock
    health = Health(clock, Telemetry())
    health.put([
        checks.database(checks.Database(world.store, clock)),
        checks.telegram(planner.delivery, planner.intake, clock),
        checks.scheduler(planner.scheduler, clock),
        checks.feeds(planner.sync, world.store, clock),
        checks.telemetry(Running(Telemetry())),
    ])  # fmt: skip
    found = await health.look()
    assert overall(found) is Status.OK or any(one.verdict != WELL for one in found)
    return {one.check.name: one.verdict.cause for one in found if one.verdict != WELL}


async def test_for_a_day(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea in 20 minutes")
        for wait in (0, 4 * MINUTE, 2 * MINUTE, 30 * MINUTE, 5 * HOUR, DAY):
            await clock.sleep(wait)
            assert await not_well(world) == {}, f"after {wait // MINUTE} minutes"


async def test_after_the_clock_has_jumped(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        await clock.sleep(10 * MINUTE)
        for jump in (3 * HOUR, -2 * HOUR):
            clock.jump(jump)
            await clock.sleep(MINUTE)
            assert await not_well(world) == {}
