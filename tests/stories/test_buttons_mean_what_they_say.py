"""A button does what it says once; pressed twice, late, by somebody else or made up, it does no harm and says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stories.story import due, instant, leads, pressed, states, until
from tests.virtual import FakeClock
from tests.world import ALICE, BOB, DAY, HOUR, MINUTE, SECOND, Person, World, a_world

NO_LONGER = "This button no longer works"


async def _reminded(world: World) -> Person:
    """Alice, looking at a reminder."""
    alice = world.person(ALICE)
    await alice.say("tea in 5 minutes")
    assert len(await alice.read(5 * MINUTE)) == 1
    return alice


@pytest.mark.parametrize(("label", "later"), [("10 min", 10 * MINUTE), ("1 h", HOUR)])
async def test_a_snooze_reminds_again_from_when_it_is_pressed(
    tmp_path: Path, clock: FakeClock, label: str, later: int
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await _reminded(world)
        await alice.read(3 * MINUTE)
        again = clock.now() + later
        assert "I will remind you" in (await alice.press(label))[0]
        assert await until(alice, again - SECOND) == []
        said = await until(alice, again + SECOND)
        assert len(said) == 1
        assert "tea" in said[0]
        assert "Late" not in said[0]
        assert {"10 min", "1 h", "Tomorrow", "Done"} <= set(await alice.buttons())


async def test_tomorrow_is_at_the_events_own_time(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea today at 10:30")
        await until(alice, instant("2026-11-21 10:16"))
        assert "tomorrow at 10:30" in (await alice.press("Tomorrow"))[0]
        assert await due(world, kind="snooze") == [instant("2026-11-22 10:30")]


async def test_done_stops_the_rest_of_the_occurrence_and_no_other(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await leads(alice, "2 hours, 15 min")
        await alice.say("gym every day at 19:00")
        assert len(await until(alice, instant("2026-11-21 17:00") + SECOND)) == 1
        assert "Done." in (await alice.press("Done"))[0]
        assert await until(alice, instant("2026-11-22 16:59")) == []
        assert len(await until(alice, instant("2026-11-22 17:01"))) == 1


async def test_done_stops_a_snooze(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await _reminded(world)
        done = await alice.button("Done")
        await alice.press("1 h")
        await pressed(alice, *done)
        await alice.read()
        assert await alice.read(DAY) == []
        assert await states(world) == {"sent": 1, "cancelled": 1}


async def test_a_snooze_pressed_twice_reminds_once(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await _reminded(world)
        snooze = await alice.button("10 min")
        first = await pressed(alice, *snooze)
        await alice.read(MINUTE)
        assert await pressed(alice, *snooze) == first, "the same promise"
        await alice.read()
        assert len(await alice.read(HOUR)) == 1


async def test_done_pressed_twice_is_done(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await _reminded(world)
        done = await alice.button("Done")
        assert await pressed(alice, *done) == "Done."
        assert await pressed(alice, *done) == "Done."
        assert len(await alice.read()) == 1


@pytest.mark.parametrize("label", ["10 min", "Done"])
async def test_a_button_a_month_old_still_does_the_right_thing(tmp_path: Path, clock: FakeClock, label: str) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await _reminded(world)
        button = await alice.button(label)
        await alice.read()
        await world.restart(after=31 * DAY)
        assert await pressed(alice, *button) != ""
        assert "tea" in (await alice.read())[0]
        assert len(await alice.read(HOUR)) == (1 if label == "10 min" else 0)


async def test_a_list_a_month_old_opens_what_it_shows(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 9:30")
        await alice.say("/tomorrow")
        button = await alice.button("1")
        await alice.read()
        await world.restart(after=31 * DAY)
        await alice.read()
        assert await pressed(alice, *button) == ""
        said = await alice.read()
        assert len(said) == 1
        assert "dentist" in said[0]


@pytest.mark.parametrize("data", ["delete:1", "card:1:1795339800000", "change:1", "undo:1", "done:1", "snooze:1:10"])
async def test_somebody_elses_button_does_nothing(tmp_path: Path, clock: FakeClock, data: str) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="*") as world:
        alice, bob = world.person(ALICE), world.person(BOB)
        await alice.say("dentist tomorrow at 9:30")
        await bob.say("/today")
        message = (await bob.rows())[-1]["message_id"]
        assert await pressed(bob, message, data) != ""
        assert await bob.read() == []
        assert "dentist" in (await alice.say("/tomorrow"))[0]
        assert len(await until(alice, instant("2026-11-22 09:16"))) == 1
        assert await bob.read(DAY) == []


async def test_a_press_in_somebody_elses_chat_moves_nobody(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="*") as world:
        alice, bob = world.person(ALICE), world.person(BOB)
        await bob.say("lunch tomorrow at 12:00")
        await alice.say("dentist tomorrow at 9:30")
        message, data = await alice.button("Undo")
        await world.chat.press(1, message, data, BOB)
        await world.chat.press(1, message, "set:all", BOB)
        await world.chat.press(1, message, "put:lang:ru", BOB)
        assert await alice.read() == []
        assert await bob.read(0) == []
        assert await world.query("SELECT lang FROM users WHERE id = 2") == [{"lang": "en"}]
        assert "dentist" in (await alice.say("/tomorrow"))[0]
        assert any("lunch" in text for text in await bob.read(2 * DAY)), "bob's reminders come to bob"


FORGED = [
    "x",
    "::::",
    "done",
    "done:",
    "done:x",
    "done:-1",
    "done:0",
    "done:999999",
    f"done:{2**63}",
    f"done:{10**50}",
    "done:1:2:3",
    "snooze:1",
    "snooze:1:0",
    "snooze:1:-5",
    "snooze:1:999999999",
    "snooze:1:nan",
    "snooze:99:10",
    "later",
    "later:99",
    "later:1:0",
    "later:1:x",
    "later:1:at5",
    "later:1:at99999999999",
    "undone",
    "undone:99",
    f"delete:{2**70}",
    "delete:",
    "card:1",
    "card:99:0",
    f"card:1:{2**62}",
    "card:1:x",
    "undo:x",
    f"undo:{2**64}",
    "agenda:x:7:0",
    "agenda:2026-11-21:367:0",
    "agenda:2026-11-21:0:0",
    "agenda:9999-12-31:7:0",
    "zone:Mars/Base",
    "zone:../../etc/passwd",
    "zone:",
    "put:lang:xx",
    "put:plan:1440",
    "put:plan:-1",
    "put:leads:-1",
    "put:leads:99999999999",
    "put:quiet:60-60",
    "put:quiet:60",
    "put:quiet:99999-1",
    "put:x:y",
    "put",
    "set:x",
    "set",
    "choose:1:0",
    "choose:x:y",
    "zones:1",
    "nothing:1",
    "DROP TABLE",
    "\U0001f4a3",
]


@pytest.mark.parametrize("data", FORGED)
async def test_a_forged_button_is_answered_and_changes_nothing(tmp_path: Path, clock: FakeClock, data: str) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 9:30")
        before = await _all(world)
        message = (await alice.rows())[-1]["message_id"]
        assert NO_LONGER in await pressed(alice, message, data)
        assert await alice.read() == []
        assert await _all(world) == before


async def _all(world: World) -> list[object]:
    tables = ("users", "events", "reminders", "changes")
    return [await world.query(f"SELECT * FROM {table}") for table in tables]


async def test_a_question_that_is_closed_takes_no_answer(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await alice.press("right")
        await alice.say("buy milk")
        choice = await alice.button("tomorrow at 09:00")
        await alice.say("/cancel")
        assert NO_LONGER in await pressed(alice, *choice)
        assert await world.query("SELECT * FROM events") == []


async def test_a_question_is_answered_by_its_button_or_by_words(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await alice.press("right")
        await alice.say("buy milk")
        said = await alice.press("tomorrow at 09:00")
        assert any("buy milk" in text for text in said)
        assert await due(world) == [instant("2026-11-22 09:00")]
        await alice.say("buy bread")
        assert "buy bread" in (await alice.say("in 2 hours"))[0]
        assert "What shall I remind you of" in (await alice.say("tomorrow at 15:00"))[0]
        assert "call mom" in (await alice.say("call mom"))[0]
        assert instant("2026-11-22 14:45") in await due(world)


async def test_an_old_never_mind_closes_no_other_question(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await alice.press("UTC is right")
        await alice.say("dentist")
        old = await alice.button("Never mind")
        await alice.say("lunch")
        assert NO_LONGER in await pressed(alice, *old)
        assert "lunch" in (await alice.say("tomorrow at 12:00"))[0]
        assert [row["title"] for row in await world.query("SELECT title FROM events")] == ["lunch"]
        await alice.say("cinema")
        assert "Nothing was changed" in (await alice.press("Never mind"))[0]
        assert "cinema" not in (await alice.say("tomorrow at 12:00"))[0]
