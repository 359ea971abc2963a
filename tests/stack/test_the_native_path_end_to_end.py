"""Without Docker: what goes wrong with a real bot is told in its chat by what ``make stack-native`` has started."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from planner.slo.alerts import name_of
from planner.slo.reading import read_slos
from tests.e2e.test_real_processes import until
from tests.e2e.watchers import ALICE, SOON_S, needs_watchers
from tests.stack.natively import ABSENT_S, AMTOOL, DEAD_S, SILENCED, TWO_PROMISES, a_native_site

OLD_S = 30
"""The last sign of life is at least so old when the bot is killed: it is taken for dead before others go absent."""
LIMIT_S = 300
"""A third of it is usual; on a machine that has more to do each of its waits takes longer."""
DOWN = "🔴 The planner is down"


def named(kind: str) -> set[tuple[str, str]]:
    """That alert of both promises."""
    return {(name_of(slo, kind), slo.id) for slo in read_slos(TWO_PROMISES).slos}


@pytest.mark.timeout(LIMIT_S)
@needs_watchers
@pytest.mark.skipif(AMTOOL is None, reason="amtool is not installed")
def test_a_bad_hour_is_told_and_its_end_a_silenced_one_is_not_and_a_killed_bot_is_told_alone(tmp_path: Path) -> None:
    began = time.monotonic()
    with a_native_site(tmp_path) as site:
        broken_at = site.break_the_promise()
        fast = named("FastBurn")
        [silenced] = [one for one in fast if one[1] == SILENCED]

        told = site.hears("🔴 On-time reminders", within_s=SOON_S)
        print(f"{told['date_ms'] / 1_000 - broken_at:.1f} s after the third late reminder:\n{told['text']}\n")
        title, found, impact, since, page = told["text"].splitlines()
        assert title == "🔴 On-time reminders: 3 of 3 bad within 4m"
        assert found == (
            "Bad in the last 4 minutes: 3 of 3 reminders (100%). Promised: 50% good over 10 minutes. At this pace the"
            " error budget is gone in less than 9 minutes."
        )
        assert impact == "People hear of what they have to do too late."
        assert since.startswith("Since ")
        assert since.endswith(" UTC")
        assert page == "What to do: stack/runbooks/slo-reminders.md", "and no dashboard: natively there is none"
        assert {one["type"] for one in told["entities"]} >= {"bold", "italic"}

        until(lambda: fast <= site.firing(), SOON_S, "both promises' alerts in Prometheus")
        assert silenced in site.kept_back("silencedBy")
        assert not fast & site.kept_back("inhibitedBy")

        site.faults()
        for number in range(3):
            site.say(ALICE, f"milk {number} in 1 second", f"⏰ milk {number}")
        over = site.hears("✅ Over: On-time reminders: too many bad within 4m", within_s=SOON_S)
        print(f"{over['text']}\n")
        assert re.fullmatch(r"From \w{3} \d+ \w{3} \d\d:\d\d UTC, for [\dhms ]+", over["text"].splitlines()[1])
        assert not site.told("The same reminders"), "it was silenced"
        assert not site.told(DOWN)

        until(
            lambda: site.query(f"time() - max(planner_heartbeat_timestamp_seconds) > {OLD_S}"), 70, "an old heartbeat"
        )
        site.bot.kill()
        down = site.hears(DOWN, within_s=DEAD_S)
        print(f"{down['text']}\n")
        assert "It last noted that it is there 1m " in down["text"]
        assert "Nothing is sent and nobody is answered" in down["text"]
        assert "What to do: stack/runbooks/PlannerDown.md" in down["text"]

        absent = named("Absent")
        until(lambda: absent <= site.firing(), SOON_S + 2 * ABSENT_S, "what follows from it, in Prometheus")
        until(lambda: absent <= site.kept_back("inhibitedBy"), SOON_S, "what follows from it, in Alertmanager")
        site.raise_by_hand(alertname="PlannerDiskNearlyFull", severity="warning")
        site.hears("🟠 PlannerDiskNearlyFull", within_s=SOON_S)
        assert not site.told("nobody reports it"), "it was raised before, waits as long, and would be here by now"
        assert len(site.told("🔴 On-time reminders")) == len(site.told(DOWN)) == 1
        assert not site.told("The same reminders")

        site.start_bot()
        site.hears("✅ Over: The planner is down", within_s=SOON_S)
        assert len(site.told(DOWN)) == 1
        assert site.native.stop() == 0, site.native.err
        assert "Both are ended." in site.native.out
    print(f"all of it in {time.monotonic() - began:.0f} s")
