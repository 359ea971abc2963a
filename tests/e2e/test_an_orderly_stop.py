"""Told to stop, the bot ends what is under way and leaves nothing in flight, so that nothing comes twice."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from planner.model import SECOND
from tests.e2e.conversations import minutes_from_now
from tests.e2e.site import Phone, a_site
from tests.virtual import FakeClock


@pytest.mark.parametrize("slow", ["disk", "telegram", "nothing"])
async def test_a_reminder_on_its_way_is_settled_before_the_end(slow: str, tmp_path: Path, clock: FakeClock) -> None:
    async with a_site(tmp_path, clock) as site:
        ann = Phone(site)
        due_at = minutes_from_now(ann, 5)
        await ann.say("tea in 5 minutes", "✅ tea")
        if slow == "telegram":
            await site.faults({"method": "sendMessage", "answer_delay_ms": 2 * SECOND})
        if slow == "disk":
            write = site.store.write

            async def slowly(*given: object, **how: object) -> object:
                done = await write(*given, **how)
                await clock.sleep(SECOND)
                return done

            site.store.write = slowly
        await site.pass_until(due_at + 100)
        told_at = clock.now()
        await site.stop_bot()
        assert clock.now() - told_at < 5 * SECOND
        with closing(sqlite3.connect(tmp_path / "planner.db")) as db:
            assert db.execute("SELECT count(*) FROM reminders WHERE state = 'sending'").fetchone() == (0,)
        await site.start_bot()
        await ann.reminded(due_at, "tea")
        await ann.settled()
        assert len([text for text in ann.texts() if text.startswith("⏰")]) == 1
