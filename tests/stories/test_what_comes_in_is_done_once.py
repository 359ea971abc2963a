"""Whatever arrives is done once: what came while the planner was away, what comes twice, what breaks a handler."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from planner.chat import add, routes, views
from planner.chat.talk import Talk
from planner.store import Store
from tests.stories.story import counts
from tests.virtual import FakeClock
from tests.world import ALICE, BOB, DAY, HOUR, MINUTE, SECOND, World, a_world

FAULT = "That did not work: it is my fault, and it is in my log."


async def _events(world: World) -> int:
    return int((await world.query("SELECT count(*) AS n FROM events WHERE deleted_at IS NULL"))[0]["n"])


async def test_what_was_said_while_it_was_down_is_answered_in_order(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/today")
        await world.crash()
        await world.chat.say(1, "dentist tomorrow at 9:30", ALICE)
        await world.chat.say(1, "/tomorrow", ALICE)
        await clock.sleep(HOUR)
        await world.start()
        said = await alice.read()
        assert len(said) == 2
        assert "dentist" in said[0]
        assert "Tomorrow" in said[1]
        assert "dentist" in said[1]


async def test_what_was_asked_for_while_it_was_down_is_late_and_not_lost(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/today")
        await world.crash()
        await world.chat.say(1, "tea in 5 minutes", ALICE)
        await clock.sleep(HOUR)
        await world.start()
        said = await alice.read(3 * SECOND)
        assert any("Late: this was due today at 10:05" in text for text in said)


async def test_an_update_that_comes_twice_is_done_once(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/today")
        updates = world.telegram.updates
        seen: list[dict] = []

        async def everything_again(offset: int, timeout_s: int) -> object:
            found = await updates(offset, timeout_s)
            if isinstance(found, list) and found:
                seen.extend(found)
                return [*seen, *seen]
            return found

        world.telegram.updates = everything_again
        await alice.read(MINUTE)
        await world.restart()
        world.telegram.updates = everything_again
        await alice.say("dentist tomorrow at 9:30")
        await alice.say("lunch tomorrow at 12:00")
        await alice.read(MINUTE)
        assert await _events(world) == 2


async def test_a_handler_that_fails_is_tried_three_times_then_its_sender_is_told(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        tries: list[str] = []

        def breaks(talk: Talk) -> None:
            tries.append(talk.text)
            add._ask_time(talk, "half done")
            raise ZeroDivisionError

        monkeypatch.setattr(add, "phrase", breaks)
        assert await alice.say("dentist tomorrow at 9:30") == [FAULT]
        assert len(tries) == 3
        asked = (await world.query("SELECT asked FROM users"))[0]["asked"]
        assert "half done" not in (asked or ""), "what a failed handler did is rolled back"
        monkeypatch.undo()
        assert "dentist" in (await alice.say("dentist tomorrow at 9:30"))[0]
        await world.restart()
        assert await alice.read(MINUTE) == []


async def test_a_poisoned_message_does_not_hold_up_others(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="*") as world:
        alice, bob = world.person(ALICE), world.person(BOB)
        await alice.say("/start")
        await bob.say("/start")

        def breaks(talk: Talk, _: str) -> None:
            raise RuntimeError("week")

        monkeypatch.setitem(routes.COMMANDS, "week", breaks)
        await world.chat.say(1, "/week", ALICE)
        await world.chat.say(2, "/today", BOB)
        await world.chat.say(1, "/today", ALICE)
        assert "Today" in (await bob.read())[0]
        said = await alice.read(0)
        assert said[0] == FAULT
        assert "Today" in said[1]


async def test_tries_are_counted_across_crashes(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/today")
        await world.crash()

        def put(tx: object) -> None:
            tx._db.execute("UPDATE updates SET handled_at = NULL, raw = ?, tries = 2", (raw,))

        raw = json.dumps(
            {
                "update_id": 7,
                "message": {
                    "message_id": 9,
                    "date": clock.now() // 1_000,
                    "text": "/today",
                    "chat": {"id": 1, "type": "private"},
                    "from": {"id": 1, "first_name": "Alice"},
                },
            }
        )
        monkeypatch.setattr(views, "happening", lambda *_: 1 / 0)
        store = Store(world.settings.db, inline=True)
        await store.write(put)
        store.close()
        await world.start()
        assert await alice.read() == [FAULT]


async def test_chats_are_handled_side_by_side_and_each_in_order(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="*") as world:
        alice, bob = world.person(ALICE), world.person(BOB)
        await alice.say("/start")
        await bob.say("/start")
        world.chat.faults.set({"methods": ["sendMessage"], "chat_id": 1, "delay_ms": 30 * SECOND})
        for number in range(5):
            await world.chat.say(1, f"thing {number} tomorrow at 1{number}:00", ALICE)
        assert "Nothing is planned" in (await bob.say("/today"))[0]
        world.chat.faults.set({})
        said = await alice.read(3 * MINUTE)
        assert [text.split("\n")[0].removeprefix("✅ ") for text in said] == [f"thing {number}" for number in range(5)]


async def test_answers_in_time_and_late_ones_are_counted_from_the_messages_own_date(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/today")
        assert await counts(world, "chat") == (1, 0)
        world.chat.faults.set({"methods": ["sendMessage"], "delay_ms": 6 * SECOND})
        await alice.say("/today", settle=MINUTE)
        assert await counts(world, "chat") == (1, 1)
        world.chat.faults.set({})
        await world.crash()
        await world.chat.say(1, "/today", ALICE)
        await clock.sleep(MINUTE)
        await world.start()
        await alice.read(2 * MINUTE)
        assert await counts(world, "chat") == (1, 2)


async def test_what_was_handled_is_forgotten_after_two_days_but_not_before(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        await world.person(ALICE).say("dentist tomorrow at 9:30")
        raw = await world.query("SELECT raw FROM updates")
        assert raw == [{"raw": None}], "what was said is not kept once it is done"
        await clock.sleep(DAY + HOUR)
        assert len(await world.query("SELECT * FROM updates")) == 1
        await clock.sleep(2 * DAY)
        assert await world.query("SELECT * FROM updates") == []


async def test_a_database_that_is_full_is_told_and_nothing_is_lost(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await _full(world)
        said = await alice.say(f"dentist {'x' * 900} tomorrow at 9:30")
        assert len(said) == 1
        assert "I cannot save anything right now" in said[0]
        for number in range(3):
            assert await alice.say(f"lunch {number} {'x' * 900} tomorrow at 12:00") == [], "told once an hour"
        await _room(world)
        said = await alice.read(MINUTE)
        assert len(said) == 4
        assert "dentist" in said[0]
        assert await _events(world) == 4


async def test_a_full_database_says_so_in_the_users_language(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE.__class__(1, "Алиса", language_code="ru"))
        await alice.say("/start")
        await _full(world)
        said = await alice.say("x" * 900)
        assert "Сейчас" in said[0] or "сейчас" in said[0]
        await _room(world)


async def test_reminders_wait_for_a_disk_that_lets_nothing_be_written(
    tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea in 5 minutes")
        world.store._db._writer.execute("PRAGMA query_only=1")
        assert await alice.read(10 * MINUTE) == []
        world.store._db._writer.execute("PRAGMA query_only=0")
        said = await alice.read(MINUTE)
        assert len(said) == 1
        assert "Late" in said[0]
        assert sum(one.message == "db.refuses" and one.at == "claim" for one in caplog.records) == 1, "said once"


async def test_an_outcome_that_cannot_be_saved_is_not_sent_again(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea in 5 minutes")
        call = world.chat.call

        async def then_readonly(token: str, method: str, params: dict) -> tuple[int, object]:
            if method == "sendMessage":
                world.store._db._writer.execute("PRAGMA query_only=1")
            return await call(token, method, params)

        world.chat.call = then_readonly
        assert len(await alice.read(20 * MINUTE)) == 1
        world.chat.call = call
        world.store._db._writer.execute("PRAGMA query_only=0")
        assert await alice.read(20 * MINUTE) == []
        assert (await world.query("SELECT state, verdict FROM reminders")) == [{"state": "sent", "verdict": "good"}]


async def _full(world: World) -> None:
    """No page more than there are: a disk that is full."""
    writer = world.store._db._writer
    writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    pages = writer.execute("PRAGMA page_count").fetchone()[0]
    free = writer.execute("PRAGMA freelist_count").fetchone()[0]
    writer.execute(f"PRAGMA max_page_count={pages - free}")


async def _room(world: World) -> None:
    world.store._db._writer.execute("PRAGMA max_page_count=1000000")
