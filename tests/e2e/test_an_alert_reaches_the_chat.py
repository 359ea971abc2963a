"""Reminders that are late on purpose become messages in the owner's chat, and their end becomes others.

A host chooses who tells; here Alertmanager does, and the planner itself, too, so that one bad minute shows both.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from planner.dashboards import promises
from planner.slo.reading import read_slos
from tests.e2e.test_real_processes import until
from tests.e2e.watchers import ALICE, SLO_TOML, SOON_S, Site, a_watched_site, needs_watchers

BY_ITSELF = "🔴 On-time reminders: too many failures within"
BY_ALERTMANAGER = "🔴 On-time reminders: 3 of 3 bad within 4m"
OVER_BY_ITSELF = "✅ On-time reminders: over"
OVER_BY_ALERTMANAGER = "✅ Over: On-time reminders: too many bad within 4m"


def heard(site: Site, told: str, since_s: float, of_what: str) -> dict[str, Any]:
    """Alice's message, and how long after its cause it came."""
    found = site.hears(told, within_s=SOON_S)
    took_s = found["date_ms"] / 1_000 - since_s
    print(f"from {of_what} to {told!r}: {took_s:.1f} s")
    assert 0 < took_s < SOON_S
    return found


def shown_on_the_dashboard() -> Iterator[str]:
    """Every query of the dashboard of this test's promises, of all instances, over 5 minutes, second by second."""
    board: Any = promises.board(read_slos(SLO_TOML)).json
    for panel in board["panels"]:
        for target in panel.get("targets", ()):
            yield (
                target["expr"].replace("$window", "5m").replace("$__range:30s", "5m:1s")
                .replace("$slo", ".*").replace("$instance", ".*")
            )  # fmt: skip


@needs_watchers
def test_late_reminders_are_told_by_the_planner_and_by_alertmanager_and_so_is_their_end(tmp_path: Path) -> None:
    with a_watched_site(tmp_path) as site:
        broken_at = site.break_the_promise(PLANNER_ALERTS="process")
        heard(site, BY_ITSELF, broken_at, "the third late reminder")
        told = heard(site, BY_ALERTMANAGER, broken_at, "the third late reminder")
        for part in (
            "3 of 3 reminders (100%)",
            "People hear of what they have to do too late.",
            "Since ",
            "slo-reminders.md",
        ):
            assert part in told["text"]
        assert {one["type"] for one in told["entities"]} >= {"bold", "italic"}
        assert site.pagerduty.events("trigger"), "a page goes to both"
        for query in shown_on_the_dashboard():
            until(lambda query=query: site.query(query), SOON_S, query)

        site.faults()
        mended_at = time.time()
        for number in range(3):
            site.say(ALICE, f"milk {number} in 1 second", f"⏰ milk {number}")
        heard(site, OVER_BY_ITSELF, mended_at, "its mending")
        heard(site, OVER_BY_ALERTMANAGER, mended_at, "its mending")
        for told_once in (BY_ITSELF, BY_ALERTMANAGER, OVER_BY_ITSELF, OVER_BY_ALERTMANAGER):
            assert len(site.told(told_once)) == 1
