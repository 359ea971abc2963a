"""A planner that is dead cannot tell it, and one that Telegram does not hear cannot tell it there: others do."""

from __future__ import annotations

import asyncio
import json
import urllib.request
from pathlib import Path

import pytest

from planner.heartbeat import Heartbeat
from planner.model import MINUTE, SECOND
from planner.ping import Ping
from tests.e2e import site as alone
from tests.e2e.test_real_processes import ANSWER_S, ask, until
from tests.e2e.watchers import ALICE, NOT_TO_BOB, SOON_S, STACK, Site, a_watched_site, needs_watchers
from tests.virtual import FakeClock

PAGED_WITHIN_MS = 10 * MINUTE
DEAD_S = 10
"""After which the planner is taken for dead here; it is 3 minutes, and a minute more, where nobody waits for it."""


def rules_in_a_hurry(folder: Path) -> Path:
    """The written rules about the process, with the lengths of the first, on its death, cut."""
    written = (STACK / "prometheus" / "process.rules.yml").read_text()
    assert written.index("- alert: PlannerDown") < written.index("> 180") < written.index("for: 1m")
    hurried = folder / "process.rules.yml"
    hurried.write_text(written.replace("> 180", f"> {DEAD_S}", 1).replace("for: 1m", "for: 1s", 1))
    return hurried


def raise_by_hand(site: Site, **labels: str) -> None:
    """An alert, as Prometheus raises one."""
    body = json.dumps([{"labels": labels, "annotations": {"summary": labels["alertname"]}}]).encode()
    request = urllib.request.Request(f"{site.alertmanager}/api/v2/alerts", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=ANSWER_S) as answer:
        assert answer.status == 200


def inhibited(site: Site) -> set[str]:
    """What Alertmanager keeps to itself, because something graver says it all."""
    alerts = ask(f"{site.alertmanager}/api/v2/alerts")
    return {one["labels"]["alertname"] for one in alerts if one["status"]["inhibitedBy"]}


@needs_watchers
def test_a_planner_that_is_killed_is_paged_once_and_heard_of_when_it_is_back(tmp_path: Path) -> None:
    with a_watched_site(tmp_path) as site:
        site.start_watchers(rules_in_a_hurry(tmp_path))
        bot = site.start_bot(PLANNER_ALERTS="stack")
        site.say(ALICE, "/start", "Hello")
        site.watched()
        bot.kill()
        told = site.hears("🔴 The planner is down", within_s=SOON_S + DEAD_S)
        print(told["text"])
        assert "Nothing is sent and nobody is answered" in told["text"]
        assert "PlannerDown.md" in told["text"]
        assert any("The planner is down" in one for one in site.pagerduty.events("trigger"))

        raise_by_hand(site, alertname="PlannerSchedulerStopped", severity="critical")
        raise_by_hand(site, alertname="PlannerDiskFull", severity="critical")
        site.hears("🔴 PlannerDiskFull", within_s=SOON_S)
        assert inhibited(site) == {"PlannerSchedulerStopped"}

        site.start_bot(PLANNER_ALERTS="stack")
        site.hears("✅ Over: The planner is down", within_s=SOON_S)
        assert len(site.told("🔴 The planner is down")) == 1


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
