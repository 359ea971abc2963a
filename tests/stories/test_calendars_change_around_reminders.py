"""What changes in a calendar around a reminder that was sent, put off or done with is followed, and said once."""

from __future__ import annotations

from pathlib import Path

from tests.stories.linking import link, sync
from tests.virtual import FakeClock
from tests.web import calendar, event
from tests.world import ALICE, MINUTE, a_world


async def test_what_could_be_read_in_part_is_read_again_when_it_is_whole(tmp_path: Path, clock: FakeClock) -> None:
    rule = "RRULE:FREQ=DAILY;COUNT=20"
    override = event("u@x", "Override", "20261124T120000Z", "RECURRENCE-ID:20261124T100000Z")
    whole = calendar(event("u@x", "Master", "20261122T100000Z", rule), override)
    broken = calendar(event("u@x", "Other", "20261122T110000Z", rule), override.replace("20261124T120000Z", "nonsense"))
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        rows = "SELECT title, start_local, part FROM events WHERE deleted_at IS NULL ORDER BY id"
        await link(alice, whole)
        before = await world.query(rows)
        await sync(alice, broken)
        assert [row["title"] for row in await world.query(rows)] == ["Other", "Override"]
        await clock.sleep(MINUTE)
        await sync(alice, whole)
        assert await world.query(rows) == before
