"""Telegram is gone: nothing can be told there, so the heartbeat fails, and admins hear of it when it is back."""

from __future__ import annotations

from pathlib import Path

from planner.slo.objectives import Severity
from tests.stories.broken import kept
from tests.virtual import FakeClock
from tests.world import ALICE, MINUTE, SECOND, a_world


async def test_with_no_reminder_due_an_outage_is_critical_within_ten_minutes(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, alerting=True) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await clock.sleep(20 * MINUTE)
        began = clock.now()
        world.chat.faults.set({"status": 502})
        while "probes/outage" not in await kept(world):
            await clock.sleep(SECOND)
            assert clock.now() - began < 10 * MINUTE
        outage = (await kept(world))["probes/outage"]
        assert outage.severity is Severity.CRITICAL, "which fails the heartbeat"
        assert await alice.read(20 * MINUTE) == []
        world.chat.faults.set({})
        said = await alice.read(3 * MINUTE)
        assert [text.splitlines()[0] for text in said] == [
            "🔴 Synthetic reminders: too many failures within 15 minutes"
        ], "what was less grave is not told any more"
        assert "Nothing reaches Telegram: whatever falls due now will be late." in said[0]
        assert said[0].endswith("You hear of it only now, because Telegram could not be reached.")
        assert await world.query("SELECT * FROM probes WHERE verdict = 'bad' AND reason IS NULL") == []
        (named,) = await alice.press("Which ones")
        assert "given up\n502 Bad Gateway\n" in named
        assert "given up\nTelegram did not answer\n" in named, "another request was the one that tried"
        assert "The log has each" not in named
