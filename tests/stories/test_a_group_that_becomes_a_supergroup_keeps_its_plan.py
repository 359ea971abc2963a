"""Telegram gives a group another id when it becomes a supergroup: its plan is followed there, nothing lost or twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.localchat.show import BOT_USERNAME
from planner.store import Tx
from tests.stories.story import instant, pressed, states, until
from tests.virtual import FakeClock
from tests.world import ALICE, BOB, BOT, HOUR, MINUTE, SECOND, Person, World, a_world

OLD, NEW = -5, -1_000_000_000_005
AT = f"@{BOT_USERNAME}"
DUE = instant("2026-11-21 11:45")


async def with_a_dentist(world: World) -> Person:
    """Alice in a group that has a dentist at 12:00."""
    await world.person(ALICE).say("/start")
    [alice] = await world.group("Family", ALICE)
    await alice.press("Turn on here")
    await alice.say(f"/add{AT} dentist today at 12:00")
    return alice


async def said(world: World, chat_id: int, since: int) -> list[str]:
    """What the bot has said in a chat from an instant on."""
    rows = await world.chat.messages(chat_id)
    return [row["text"] for row in rows if row["from"] == BOT and row["date_ms"] >= since]


async def is_reminded_there_once(world: World) -> None:
    await world.clock.sleep(DUE + HOUR - world.clock.now())
    assert await said(world, OLD, DUE - MINUTE) == []
    [reminder] = await said(world, NEW, DUE - MINUTE)
    assert "dentist" in reminder
    assert (await states(world) | {"cancelled": 0}) == {"sent": 1, "cancelled": 0}
    assert await world.query("SELECT id, chat_id FROM users WHERE id < 0") == [{"id": OLD, "chat_id": NEW}]


async def test_a_pending_reminder_comes_in_the_supergroup(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        await with_a_dentist(world)
        await world.chat.group(OLD, migrate_to=NEW, by=ALICE)
        await is_reminded_there_once(world)


async def test_the_plan_goes_on_there_for_everybody(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        await with_a_dentist(world)
        await world.chat.group(OLD, migrate_to=NEW, by=ALICE)
        await clock.sleep(SECOND)
        bob = world.person(BOB, NEW)
        assert "dentist" in (await bob.say(f"/today{AT}"))[-1]
        await bob.say(f"/add{AT} cake today at 16:00")
        await bob.press("Undo")
        assert "cake" not in (await bob.say(f"/today{AT}"))[-1]
        assert "Only whoever runs me" in (await bob.say(f"/settings{AT}"))[-1]
        assert "Settings" in (await world.person(ALICE, NEW).say(f"/settings{AT}"))[-1]
        await is_reminded_there_once(world)


async def test_it_is_followed_when_nobody_says_so_but_the_answer(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        await with_a_dentist(world)
        await world.chat.set_faults({"migrate": {"from": OLD, "to": NEW}})
        await is_reminded_there_once(world)


async def test_a_reminder_that_is_on_its_way_meanwhile_arrives_there(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await with_a_dentist(world)
        world.chat.faults.set({"methods": ["sendMessage"], "delay_ms": 5_000, "times": 1})
        await until(alice, DUE + 2 * SECOND)
        assert await states(world) == {"sending": 1}
        await world.chat.group(OLD, migrate_to=NEW, by=ALICE)
        await is_reminded_there_once(world)


@pytest.mark.parametrize("away", [0, 90 * MINUTE], ids=["just then", "for hours"])
async def test_a_crash_in_between_changes_nothing(tmp_path: Path, clock: FakeClock, away: int) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await with_a_dentist(world)
        await until(alice, DUE - HOUR)
        await world.chat.group(OLD, migrate_to=NEW, by=ALICE)
        await world.restart(after=away)
        await is_reminded_there_once(world)


async def test_a_crash_with_the_reminder_on_its_way_repeats_nothing_that_was_refused(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await with_a_dentist(world)
        world.chat.faults.set({"methods": ["sendMessage"], "delay_ms": 5_000, "times": 1})
        await until(alice, DUE + 2 * SECOND)
        await world.chat.group(OLD, migrate_to=NEW, by=ALICE)
        await world.restart()
        await is_reminded_there_once(world)


async def test_an_answer_that_is_still_owed_arrives_there_as_a_message(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await with_a_dentist(world)
        message_id, data = await alice.button("Undo")
        world.chat.faults.set({"methods": ["editMessageText"], "status": 500})
        await world.chat.press(OLD, message_id, data, ALICE)
        await clock.sleep(3 * SECOND)
        await world.chat.group(OLD, migrate_to=NEW, by=ALICE)
        await clock.sleep(SECOND)
        world.chat.faults.set({})
        await world.restart()
        since = clock.now() - MINUTE
        await clock.sleep(MINUTE)
        assert ["is not kept" in text for text in await said(world, NEW, since)] == [True]


async def test_the_old_groups_buttons_say_that_they_are_over(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await with_a_dentist(world)
        message_id, data = await alice.button("Undo")
        await world.chat.group(OLD, migrate_to=NEW, by=ALICE)
        await clock.sleep(SECOND)
        assert "no longer works" in await pressed(alice, message_id, data)
        await is_reminded_there_once(world)


async def test_a_group_that_is_off_stays_off_there(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await with_a_dentist(world)
        await alice.say(f"/stop{AT}")
        await world.chat.group(OLD, migrate_to=NEW, by=ALICE)
        await clock.sleep(3 * HOUR)
        assert await said(world, NEW, 0) == []
        assert "turns me on" in (await world.person(ALICE, NEW).say(f"/today{AT}"))[-1]


async def test_an_answer_that_is_refused_there_is_given_in_the_supergroup(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await with_a_dentist(world)
        message_id, data = await alice.button("Undo")
        await world.chat.set_faults({"migrate": {"from": OLD, "to": NEW}})
        since = clock.now()
        await world.chat.press(OLD, message_id, data, ALICE)
        await clock.sleep(MINUTE)
        assert ["is not kept" in text for text in await said(world, NEW, since)] == [True]
        assert await world.query("SELECT * FROM answers") == []


async def test_what_is_owed_speaks_of_no_message_of_the_old_group(tmp_path: Path, clock: FakeClock) -> None:
    """Messages are numbered anew there: the same number may be another message of the bot's."""
    async with a_world(tmp_path, clock) as world:
        late = clock.now() + HOUR

        def owe(tx: Tx) -> None:
            tx.inbox.owe(None, OLD, "editMessageText", {"message_id": 5, "text": "a"}, clock.now(), late)
            tx.inbox.owe(None, OLD, "sendMessage", {"text": "b", "reply_parameters": {"message_id": 5}}, late, late)
            tx.inbox.move_chat(OLD, NEW)

        await world.store.write(owe)
        owed = await world.store.read(lambda tx: tx.inbox.owed())
        assert [(one.chat_id, one.method, one.params) for one in owed] == [
            (NEW, "sendMessage", {"text": "a"}),
            (NEW, "sendMessage", {"text": "b"}),
        ]


async def test_a_reply_there_is_not_taken_for_one_to_a_reminder_of_the_old_group(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await with_a_dentist(world)
        await until(alice, DUE + MINUTE)
        assert await world.query("SELECT message_id FROM reminders WHERE message_id IS NOT NULL") != []
        await world.chat.group(OLD, migrate_to=NEW, by=ALICE)
        await clock.sleep(SECOND)
        assert await world.query("SELECT message_id FROM reminders WHERE message_id IS NOT NULL") == []
