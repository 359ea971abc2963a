"""A button of long ago acts on nothing that was made since, whatever has been forgotten in between."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stories.story import due, pressed
from tests.virtual import FakeClock
from tests.world import ALICE, DAY, a_world

MONTH = 31 * DAY


@pytest.mark.usefixtures("rare_minutes")
async def test_an_old_undo_leaves_a_new_event_alone(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea in 5 minutes")
        message, data = await alice.button("Undo")
        await alice.read(MONTH)
        assert await world.query("SELECT id FROM changes") == [], "it is forgotten"
        await alice.say("exam tomorrow at 9:00")
        assert "can no longer be undone" in await pressed(alice, message, data)
        assert len(await due(world)) == 1


@pytest.mark.usefixtures("rare_minutes")
async def test_an_old_delete_leaves_a_new_event_alone(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/settings")
        await alice.press("Reminders")
        await alice.press("Never")
        await alice.say("old thing tomorrow at 12:00")
        await alice.say("/week")
        await alice.press("1")
        message, data = await alice.button("Delete")
        await alice.press("Delete")
        await alice.read(MONTH)
        assert await world.query("SELECT id FROM events") == [], "it is forgotten"
        await alice.say("exam tomorrow at 9:00")
        assert await pressed(alice, message, data) != ""
        assert await world.query("SELECT title, deleted_at FROM events") == [{"title": "exam", "deleted_at": None}]
