"""A planner that is dead cannot tell it, and one that Telegram does not hear cannot tell it there: others do."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from planner.heartbeat import Heartbeat
from planner.model import MINUTE, SECOND
from planner.ping import Ping
from tests.e2e import site as alone
from tests.e2e.test_real_processes import until
from tests.e2e.watchers import NOT_TO_BOB, SOON_S, a_watched_site, needs_watchers
from tests.virtual import FakeClock

PAGED_WITHIN_MS = 10 * MINUTE


@needs_watchers
def test_while_telegram_is_out_of_reach_another_receiver_is_told_and_telegram_afterwards(tmp_path: Path) -> None:
    with a_watched_site(tmp_path) as site:
        site.break_the_promise(PLANNER_ALERTS="stack")
        site.faults({"refuse": True})
        until(lambda: site.pagerduty.events("trigger"), SOON_S, "an event at PagerDuty")
        [page] = site.pagerduty.events("trigger")
        assert page.startswith("🔴 On-time reminders: ")
        assert not site.told("🔴")

        site.faults(NOT_TO_BOB)
        site.hears("🔴 On-time reminders", within_s=SOON_S)


class Outside:
    """Whoever the heartbeat is sent to: what was heard when, on the clock of ``clock``."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self.heard: list[tuple[int, Ping, str]] = []

    async def call(self, ping: Ping, body: str) -> str | None:
        self.heard.append((self._clock.now(), ping, body))
        return None


@pytest.mark.parametrize("fault", [{"refuse": True}, {"hang": True}, {"status": 502, "html": True}], ids=str)
async def test_without_a_stack_whoever_hears_the_heartbeat_is_told_within_10_minutes_that_telegram_is_out_of_reach(
    fault: dict[str, object], tmp_path: Path, clock: FakeClock
) -> None:
    async def none() -> list[str]:
        return []

    async def unnoted(*_: object) -> None:
        pass

    async with alone.a_site(tmp_path, clock) as site:
        outside = Outside(clock)
        beating = asyncio.create_task(Heartbeat(outside, clock, site.checks, none, unnoted).run())
        await clock.sleep(2 * MINUTE + SECOND)
        assert [ping for _, ping, _ in outside.heard] == [Ping.START, Ping.SUCCESS, Ping.SUCCESS]
        begun = clock.now()
        await site.faults(fault)
        while (found := outside.heard[-1])[1] is not Ping.FAIL:
            await clock.sleep(MINUTE)
            assert clock.now() - begun <= PAGED_WITHIN_MS
        assert found[2] == "telegram is failing"
        print(f"from {fault} to the heartbeat's /fail: {(found[0] - begun) / SECOND:.0f} s")
        await site.faults()
        while outside.heard[-1][1] is not Ping.SUCCESS:
            await clock.sleep(MINUTE)
            assert clock.now() - begun <= 2 * PAGED_WITHIN_MS
        beating.cancel()
