"""Reminders that are late on purpose become a message in the owner's chat, and its end becomes another."""

from __future__ import annotations

import time
from pathlib import Path

from tests.e2e.watchers import ALICE, SOON_S, a_watched_site, needs_watchers


@needs_watchers
def test_late_reminders_are_told_by_alertmanager_and_so_is_their_end(tmp_path: Path) -> None:
    with a_watched_site(tmp_path) as site:
        broken_at = site.break_the_promise(PLANNER_ALERTS="stack")
        told = site.hears("🔴 On-time reminders", within_s=SOON_S)
        print(f"from the third late reminder to the message: {told['date_ms'] / 1_000 - broken_at:.1f} s")
        assert 0 < told["date_ms"] / 1_000 - broken_at < SOON_S
        print(told["text"])
        for part in ("100%", "People hear of what they have to do too late.", "Since ", "slo-reminders.md"):
            assert part in told["text"]
        assert {one["type"] for one in told["entities"]} >= {"bold", "italic"}
        assert site.pagerduty.events("trigger"), "a page goes to both"

        site.faults()
        for number in range(3):
            site.say(ALICE, f"milk {number} in 1 second", f"⏰ milk {number}")
        mended_at = time.time()
        over = site.hears("✅ Over: On-time reminders", "From ", within_s=SOON_S)
        print(f"from its mending to the message: {over['date_ms'] / 1_000 - mended_at:.1f} s")
        print(over["text"])
        assert len(site.told("🔴 On-time reminders")) == 1
        assert len(site.told("✅ Over: On-time reminders")) == 1
