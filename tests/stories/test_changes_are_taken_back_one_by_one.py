"""Changes can be taken back one after the other, in the zone of today; one typed while the bot was away holds."""

from __future__ import annotations

from pathlib import Path

from tests.stories.story import BERLIN, due, instant, pressed, zone
from tests.virtual import FakeClock
from tests.world import ALICE, HOUR, MINUTE, a_world

TOKYO = "Asia/Tokyo"


async def test_one_after_the_other_down_to_the_first(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist today at 18:00")
        made = await alice.button("Undo")
        undos = []
        for hour in (19, 20):
            await alice.press("Change")
            await alice.say(f"today at {hour}:00")
            undos.append(await alice.button("Undo"))
        assert "can no longer be undone" in await pressed(alice, *undos[0]), "20:00 stands"
        for undo, hour in ((undos[1], 19), (undos[0], 18)):
            assert await pressed(alice, *undo) == ""
            assert await due(world) == [instant(f"2026-11-21 {hour - 1}:45")]
        assert await pressed(alice, *made) == ""
        assert await due(world) == []


async def test_a_change_taken_back_in_another_zone_keeps_the_wall_clock(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 9:30")
        await alice.press("Change")
        await alice.say("doctor")
        undo = await alice.button("Undo")
        await zone(alice, "Tokyo")
        assert await pressed(alice, *undo) == ""
        assert await due(world) == [instant("2026-11-22 09:15", TOKYO)]


async def test_what_was_deleted_comes_back_in_the_new_zone(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 9:30")
        await alice.say("/tomorrow")
        await alice.press("1")
        await alice.press("Delete")
        undo = await alice.button("Undo")
        await zone(alice, "Tokyo")
        assert await pressed(alice, *undo) == ""
        assert await due(world) == [instant("2026-11-22 09:15", TOKYO)]
        await zone(alice, "Berlin")
        assert await due(world) == [instant("2026-11-22 09:15", BERLIN)]


async def test_a_change_typed_while_the_bot_was_away_is_owed_late(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist today at 18:00")
        await alice.press("Change")
        await world.crash()
        await clock.sleep(MINUTE)
        await world.chat.say(1, "today at 11:00", ALICE)
        await clock.sleep(2 * HOUR)
        await world.start()
        said = await alice.read(2 * MINUTE)
        assert [text for text in said if "dentist" in text and "Late" in text] != [], said
