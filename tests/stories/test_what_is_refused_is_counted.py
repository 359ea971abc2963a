"""Who tries what they may not is counted and logged, by what it is; who presses an old button tries nothing."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from planner import archive
from planner.catalogue import security
from planner.chat import documents
from planner.store.db import Database
from tests.stories.counted import counted, handled
from tests.stories.files import send
from tests.stories.story import pressed
from tests.virtual import FakeClock
from tests.world import ALICE, BOB, MALLORY, MINUTE, World, a_world


def refused(world: World) -> dict[str, float]:
    """How much was refused, by kind."""
    return {kind: n for (kind,), n in counted(world, security.REFUSALS).items()}


async def test_strangers_are(tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with a_world(tmp_path, clock) as world:
        alice, mallory = world.person(ALICE), world.person(MALLORY)
        await alice.say("/start")
        message, data = await alice.button("UTC is right")
        assert refused(world) == {}
        await mallory.say("/start")
        await mallory.say("let me in")
        await world.chat.press(1, message, data, MALLORY)
        await mallory.read(MINUTE)
        assert refused(world) == {"stranger": 3}
        assert handled(world)["stranger", "refused"] == 3
        assert [one.user for one in caplog.records if one.message == "stranger.refused"] == [3, 3, 3]


async def test_a_strangers_words_in_a_group_that_is_off_are(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        await world.person(ALICE).say("/start")
        _, mallory = await world.group("Family", ALICE, MALLORY)
        await mallory.say("what a day")
        assert refused(world) == {}, "that was said to others"
        await mallory.answer("lunch at noon")
        assert refused(world) == {"stranger": 1}
        assert handled(world)["group", "refused"] == 1


@pytest.mark.parametrize(
    "data", ["open:sesame", "snooze", "snooze:one:two", "put:zone:x:y:z", "give:1:2:leads:-5", ":"]
)
async def test_buttons_that_nobody_made_are(tmp_path: Path, clock: FakeClock, data: str) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await alice.say("tea in 1 minute")
        await alice.read(MINUTE)
        message, _ = await alice.button("Done")
        assert "no longer works" in await pressed(alice, message, data)
        assert refused(world) == {"forged_button": 1}


async def test_buttons_of_others_are(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="*") as world:
        alice, bob = world.person(ALICE), world.person(BOB)
        await bob.say("/start")
        theirs, _ = await bob.button("UTC is right")
        await alice.say("/start")
        await alice.say("tea in 1 minute")
        _, change = await alice.button("Change")
        await alice.read(MINUTE)
        mine, done = await alice.button("Done")
        for number, data in enumerate((change, done), start=1):
            assert "no longer works" in await pressed(bob, theirs, data)
            assert refused(world) == {"foreign_button": number}
        await world.chat.press(1, mine, done, BOB)
        await alice.read(MINUTE)
        assert refused(world) == {"foreign_button": 3}, "in another's chat"


async def test_old_buttons_are_not(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await alice.say("/add")
        message, data = await alice.button("Never mind")
        await alice.say("/today")
        assert "no longer works" in await pressed(alice, message, data)
        await alice.say("tea tomorrow at 5 pm")
        message, data = await alice.button("Change")
        await alice.press("Undo")
        assert "deleted" in await pressed(alice, message, data)
        assert refused(world) == {}


async def test_what_is_too_large_is(tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        assert "at most" in (await alice.say("x" * 1_500 + " tomorrow at 9:30"))[-1]
        assert refused(world) == {"oversized": 1}
        await alice.say("dentist tomorrow at 9:30")
        await alice.press("Change")
        await alice.press("Place")
        assert "too long" in (await alice.say("x" * 400))[-1]
        assert refused(world) == {"oversized": 2}
        monkeypatch.setattr(documents, "FILE_MAX_BYTES", 10)
        assert "too large" in (await send(alice, "events.ics", b"BEGIN:VCALENDAR\r\n"))[-1]
        assert refused(world) == {"oversized": 3}
        monkeypatch.setattr(documents, "FILE_MAX_BYTES", 10_000)
        monkeypatch.setattr(archive, "EVENTS_MAX", 1)
        export = b'{"format": "planner-export", "version": 1, "events": [1, 2]}'
        assert "too large" in (await send(alice, "planner-export.json", export))[-1]
        assert refused(world) == {"oversized": 4}


async def test_what_is_rolled_back_and_done_again_counts_once(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_world(tmp_path, clock) as world:
        await world.person(ALICE).say("/start")
        write = Database.write

        async def twice(self: Database, job: object, *given: object, **named: object) -> object:
            runs = 0

            def again(connection: object) -> object:
                nonlocal runs
                runs += 1
                connection.execute("SAVEPOINT first")
                job(connection)
                connection.execute("ROLLBACK TO first")
                return job(connection)

            return await write(self, again, *given, **named)

        monkeypatch.setattr(Database, "write", twice)
        await world.person(MALLORY).say("/start")
        assert refused(world) == {"stranger": 1}
        assert handled(world)["stranger", "refused"] == 1
