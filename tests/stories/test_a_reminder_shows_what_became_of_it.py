"""A reminder's message says what has become of what it spoke of: done, deleted, moved, or as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stories.story import due, instant, leads, pressed, states, until
from tests.virtual import FakeClock
from tests.world import ALICE, BOT, DAY, HOUR, MINUTE, SECOND, Person, World, a_world


async def _reminded_twice(world: World) -> Person:
    """Alice, at 16:00, with two of three reminders of the gym at 18:00."""
    alice = world.person(ALICE)
    await leads(alice, "3 hours, 2 hours, 15 min")
    await alice.say("gym today at 18:00")
    assert len(await until(alice, instant("2026-11-21 16:00") + SECOND)) == 2
    return alice


async def _reminders(alice: Person) -> list[str]:
    """What the messages that came as reminders show now."""
    rows = await alice.world.query("SELECT message_id FROM reminders WHERE message_id IS NOT NULL ORDER BY id")
    shown = {row["message_id"]: row["text"] for row in await alice.rows() if row["from"] == BOT}
    return [shown[row["message_id"]] for row in rows]


async def test_done_on_one_shows_on_all(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await _reminded_twice(world)
        await alice.press("Done")
        assert await _reminders(alice) == ["✅ gym\ntoday at 18:00\nDone."] * 2
        assert await alice.read(DAY) == [], "nothing more comes"


async def test_done_can_be_taken_back(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await _reminded_twice(world)
        before = await _reminders(alice)
        await alice.press("Done")
        assert await alice.buttons() == ["Undo"]
        await alice.press("Undo")
        assert await _reminders(alice) == before
        assert await alice.buttons() == ["Done", "10 min", "1 h", "Tomorrow", "Other…"]
        assert await due(world) == [instant("2026-11-21 17:45")]
        assert len(await until(alice, instant("2026-11-21 17:45") + SECOND)) == 1


async def test_done_brings_back_what_was_put_off(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await _reminded_twice(world)
        await alice.press("1 h")
        at = await due(world, kind="snooze")
        await alice.press("Done")
        assert await due(world, kind="snooze") == []
        await alice.press("Undo")
        assert await due(world, kind="snooze") == at
        assert any(text.startswith("💤") for text in await _reminders(alice))


async def test_done_is_taken_back_once_and_for_a_day(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await _reminded_twice(world)
        await alice.press("Done")
        undo = await alice.button("Undo")
        await alice.read(DAY + MINUTE)
        assert "can no longer be undone" in await pressed(alice, *undo)
        await alice.say("tea in 5 minutes")
        await alice.read(5 * MINUTE)
        await alice.press("Done")
        undo = await alice.button("Undo")
        assert "As it was before" in await pressed(alice, *undo)
        assert "can no longer be undone" in await pressed(alice, *undo)


async def test_what_is_done_stays_done_when_its_event_changes(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await _reminded_twice(world)
        await alice.press("Done")
        await alice.say("/settings")
        await leads(alice, "1 hour, 5 min")
        assert await due(world) == []
        assert await until(alice, instant("2026-11-21 18:01")) == []


async def test_done_taken_back_owes_nothing_for_a_time_that_the_event_has_left(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await _reminded_twice(world)
        await alice.press("Done")
        undo = await alice.button("Undo")
        await alice.say("move the gym to 23 december at 18:00")
        owed = await due(world)
        assert owed[0] == instant("2026-12-23 15:00")
        await pressed(alice, *undo)
        assert await due(world) == owed


async def test_deleting_shows_and_undo_restores(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await _reminded_twice(world)
        before = await _reminders(alice)
        await alice.say("/today")
        await alice.press("gym")
        await alice.press("Delete")
        assert await _reminders(alice) == ["🗑 gym\ntoday at 18:00\nDeleted."] * 2
        await alice.press("Undo")
        assert await _reminders(alice) == before


async def test_moving_shows_and_undo_restores(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await _reminded_twice(world)
        before = await _reminders(alice)
        await alice.say("/today")
        await alice.press("gym")
        await alice.press("Change")
        await alice.say("tomorrow at 19:00")
        assert await _reminders(alice) == ["✏️ gym\ntoday at 18:00\nMoved to tomorrow at 19:00."] * 2
        await alice.press("Undo")
        assert await _reminders(alice) == before


async def test_what_is_over_stays_as_it_is(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await _reminded_twice(world)
        await until(alice, instant("2026-11-21 18:01"))
        before = await _reminders(alice)
        await alice.say("/today")
        await alice.press("gym")
        await alice.press("Delete")
        assert await _reminders(alice) == before


async def test_an_occurrence_that_is_skipped_shows_and_the_others_stay(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await leads(alice, "2 hours")
        await alice.say("gym every day at 18:00")
        await until(alice, instant("2026-11-22 16:00") + SECOND)
        await alice.say("/today")
        await alice.press("gym")
        await alice.press("Skip this one")
        first, second = await _reminders(alice)
        assert first.startswith("⏰")
        assert second.endswith("Deleted.")


async def test_a_message_about_several_stays_as_it_is(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea today at 18:05, remind me 8 hours before")
        await alice.say("coffee today at 18:06, remind me 8 hours before")
        await alice.say("/today")
        card = await alice.button("tea")
        world.chat.faults.set({"methods": ["sendMessage"], "status": 502, "for_ms": 20 * MINUTE})
        await alice.read(25 * MINUTE)
        before = await _reminders(alice)
        assert before[0] == before[1]
        assert "2 reminders come late" in before[0]
        await world.chat.press(alice.user.id, *card, alice.user)
        await alice.read()
        await alice.press("Delete")
        assert await _reminders(alice) == before


async def test_a_message_that_is_gone_is_not_sent_anew(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await _reminded_twice(world)
        done = await alice.button("Done")
        refusal = {"status": 400, "description": "Bad Request: message to edit not found"}
        world.chat.faults.set({"methods": ["editMessageText"], **refusal, "skip": 0, "times": 2})
        await world.chat.press(alice.user.id, *done, alice.user)
        said = await alice.read(10 * SECOND)
        assert len(said) == 1, "the answer to the press, and nothing for the other"
        assert await states(world) == {"sent": 2, "cancelled": 1}


@pytest.mark.parametrize("label", ["10 min", "Done"])
async def test_an_outage_delays_the_edits_and_loses_none(tmp_path: Path, clock: FakeClock, label: str) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await _reminded_twice(world)
        done = await alice.button(label)
        world.chat.faults.set({"methods": ["editMessageText"], "status": 502, "for_ms": 5 * MINUTE})
        await world.chat.press(alice.user.id, *done, alice.user)
        await alice.read(MINUTE)
        await world.restart(after=10 * MINUTE)
        await alice.read(MINUTE)
        changed = [text for text in await _reminders(alice) if not text.startswith("⏰")]
        assert len(changed) == (1 if label == "10 min" else 2)


async def test_a_reminder_that_arrives_after_done_says_so(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await _reminded_twice(world)
        world.chat.faults.set({"methods": ["sendMessage"], "answer_delay_ms": 10 * SECOND, "times": 1})
        await until(alice, instant("2026-11-21 17:45") + SECOND)
        await alice.press("Done")
        await alice.read(HOUR)
        assert [text.split()[0] for text in await _reminders(alice)] == ["✅"] * 3
