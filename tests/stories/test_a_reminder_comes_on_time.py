"""The main job: what somebody says becomes an event, and its reminder comes on time, whatever happens meanwhile."""

from __future__ import annotations

from pathlib import Path

from tests.virtual import FakeClock
from tests.world import ALICE, HOUR, MINUTE, SECOND, a_world


async def test_what_alice_says_is_understood_and_reminded_on_time(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        answers = await alice.say("dentist tomorrow at 9:30")
        assert "dentist" in answers[-1]
        assert "tomorrow at 09:30" in answers[-1]

        due_at = clock.now() - clock.now() % (24 * HOUR) + 33 * HOUR + 15 * MINUTE
        assert await alice.read(due_at - clock.now() - SECOND) == []
        reminder = await alice.read(2 * SECOND)
        assert len(reminder) == 1
        assert "dentist" in reminder[0]
        assert "in 15 min" in reminder[0]
        row = (await world.query("SELECT * FROM reminders"))[0]
        assert row["state"] == "sent"
        assert row["verdict"] == "good"
        assert abs(row["sent_at"] - row["due_at"]) <= SECOND
