"""/forget: after one confirmation nothing of the user is left, in no row and in no byte of the database's files."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest

from planner import service
from planner.model import Event
from planner.offer import Offer
from planner.store import Store, Tx
from planner.store.account import ABOUT, TO_SCRUB
from planner.store.inbox import Update
from tests.stories.files import send
from tests.stories.story import counts, pressed
from tests.virtual import FakeClock
from tests.world import ALICE, BOB, DAY, HOUR, MALLORY, MINUTE, SECOND, Person, World, a_world, replace

SURE = "Forget everything"
SECRET = "Zahnwurzelbehandlung"
DENTIST = Event(0, 1, "dentist", "2026-11-23T09:30:00", 1_795_426_200_000, 0, False, None, None, False, None)


async def forget(person: Person) -> str:
    await person.say("/forget")
    return "".join(await person.press(SURE))


def on_disk(folder: Path, text: str) -> list[str]:
    """The database's files that hold a text."""
    files = (path for path in folder.iterdir() if path.name.startswith("planner.db"))
    return [path.name for path in files if text.encode() in path.read_bytes()]


async def rows_about(world: World, user_id: int) -> dict[str, int]:
    """How many rows each table has about somebody."""
    found = {}
    for table, whose in ABOUT.items():
        (row,) = await world.query(f"SELECT count(*) AS n FROM {table} WHERE {whose}", user_id)
        if row["n"]:
            found[table] = row["n"]
    return found


async def test_nothing_of_alice_is_left(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(replace(ALICE, id=4_242_424, first_name="Alicia"))
        await alice.say("/start")
        for number in range(40):
            await alice.say(f"{SECRET} {number} tomorrow at 9:30")
        await alice.press("Change")
        await alice.say("tea in 10 minutes")
        await alice.read(HOUR)
        await alice.press("Done")
        await alice.say(f"/find {SECRET}")
        await alice.say("/export", settle=5 * SECOND)
        assert on_disk(tmp_path, SECRET) != []
        assert on_disk(tmp_path, "Alicia") != []
        said = await forget(alice)
        assert "Forgotten. I know nothing about you any more." in said
        assert await rows_about(world, 4_242_424) == {}
        await clock.sleep(MINUTE)
        assert on_disk(tmp_path, SECRET) == []
        assert on_disk(tmp_path, "Alicia") == []
        left = await world.query("SELECT * FROM updates WHERE chat_id <> 0 OR raw IS NOT NULL")
        assert left == []
        assert await world.query("SELECT * FROM answers") == []
        assert [row for row in await world.query("SELECT * FROM settings") if "4242424" in str(row["value"])] == []
        assert await alice.read(3 * DAY) == []


async def test_the_counts_stay_and_what_was_overdue_is_counted(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea in 10 minutes")
        await alice.say("milk in 20 minutes")
        await alice.read(15 * MINUTE)
        await world.crash()
        await clock.sleep(DAY // 4)
        await world.start()
        await alice.read(MINUTE)
        before = await counts(world, "reminders")
        assert sum(before) == 2
        await forget(alice)
        assert await counts(world, "reminders") == before


async def test_a_reminder_that_is_late_when_its_user_goes_counts_as_bad(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea in 10 minutes")
        await alice.say("/forget")
        _, data = await alice.button(SURE)
        message = (await alice.rows())[-1]["message_id"]
        await clock.sleep(9 * MINUTE)
        world.chat.faults.set({"methods": ["sendMessage"], "status": 500})
        await clock.sleep(2 * MINUTE + 10 * SECOND)
        await world.query("SELECT 1")
        await world.chat.press(1, message, data, ALICE)
        await clock.sleep(MINUTE)
        world.chat.faults.set({})
        assert await counts(world, "reminders") == (0, 1)
        assert await rows_about(world, 1) == {}


async def test_it_is_asked_before_and_keeping_keeps_all(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 9:30")
        (asked,) = await alice.say("/forget")
        assert "1 event" in asked
        assert "cannot be undone" in asked
        await alice.press("Keep it all")
        assert "dentist" in (await alice.say("/tomorrow"))[0]


async def test_the_question_is_closed_by_whatever_is_written_next(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 9:30")
        for text in ("/today", "milk tomorrow at 10", "hello"):
            await alice.say("/forget")
            message, data = await alice.button(SURE)
            await alice.say(text)
            assert "no longer works" in await pressed(alice, message, data)
        for data in ("forgotten:1", "forgotten:x", "forgotten", "forgotten:-1"):
            assert "no longer works" in await pressed(alice, message, data)
        assert "dentist" in (await alice.say("/tomorrow"))[0]


async def test_pressing_twice_or_an_old_button_makes_nobody_a_user_again(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice, mallory = world.person(ALICE), world.person(MALLORY)
        await alice.say("dentist tomorrow at 9:30")
        old, change = await alice.button("Change")
        await alice.say("/forget")
        message, data = await alice.button(SURE)
        await alice.press(SURE)
        await pressed(alice, message, data)
        await world.chat.press(1, old, change, ALICE)
        await clock.sleep(MINUTE)
        assert await rows_about(world, 1) in ({}, {"strangers": 1})
        assert "Hello" in (await mallory.say("/start"))[0], "the bot is free"


async def test_on_the_local_chat_the_next_to_write_owns_it(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice, bob = world.person(ALICE), world.person(BOB)
        await alice.say("dentist tomorrow at 9:30")
        assert "Whoever writes to me next owns this bot" in await forget(alice)
        await bob.say("/start")
        assert "somebody's own planner" in (await alice.say("/start"))[0]


async def test_writing_again_begins_anew(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 9:30")
        await forget(alice)
        said = await alice.say("/start")
        assert "Hello" in said[0]
        assert "Which city are you in" in said[1]
        assert "Nothing is planned." in (await alice.say("/tomorrow"))[-1]


async def test_on_telegram_a_new_link_is_made_and_told_to_whoever_reads_the_log(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock, local=False) as world:
        told: list[str] = []
        offer = Offer(world.store, world.planner.access, told.append)
        world.store.listen(offer.again)
        await offer.make()
        alice, bob = world.person(ALICE), world.person(BOB)
        await alice.say(f"/start {told[0].partition('start=')[2].split()[0]}")
        await alice.say("dentist tomorrow at 9:30")
        assert "stands in its log" in await forget(alice)
        assert len(told) == 2
        assert told[1] != told[0], "a code holds once"
        assert "somebody's own planner" in (await alice.say("/start"))[0]
        assert "Hello" in (await bob.say(f"/start {told[1].partition('start=')[2].split()[0]}"))[0]


async def test_bob_forgets_himself_and_alice_keeps_everything(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="1,2") as world:
        alice, bob = world.person(ALICE), world.person(BOB)
        await alice.say("dentist tomorrow at 9:30")
        await bob.say("milk tomorrow at 10")
        before = await rows_about(world, 1)
        assert "With /start we begin anew." in await forget(bob)
        assert await rows_about(world, 2) == {}
        assert await rows_about(world, 1) == before
        assert "dentist" in "".join(await alice.read(DAY))
        assert await bob.read(DAY) == []


@pytest.mark.parametrize("status", [200, 500, 403])
async def test_a_reminder_on_its_way_in_that_moment_does_no_harm(
    tmp_path: Path, clock: FakeClock, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea in 10 minutes")
        await alice.say("/forget")
        message, data = await alice.button(SURE)
        await alice.read(10 * MINUTE - 3 * SECOND)
        fault: dict[str, object] = {"methods": ["sendMessage"], "answer_delay_ms": 5 * SECOND, "times": 1}
        world.chat.faults.set(fault if status == 200 else {**fault, "status": status})
        await clock.sleep(4 * SECOND)
        (row,) = await world.query("SELECT state FROM reminders")
        assert row["state"] == "sending"
        await world.chat.press(1, message, data, ALICE)
        said = await alice.read(MINUTE)
        assert any("Forgotten" in text for text in said)
        assert await rows_about(world, 1) == {}
        assert "Traceback" not in caplog.text
        assert "delivery.failed" not in caplog.text


async def test_what_else_was_owed_to_the_chat_is_not_sent_any_more(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 9:30")
        await alice.say("/forget")
        message, data = await alice.button(SURE)
        world.chat.faults.set({"methods": ["sendMessage", "editMessageText", "answerCallbackQuery"], "status": 500})
        await world.chat.press(1, message, data, ALICE)
        await clock.sleep(SECOND)
        await world.restart(after=MINUTE)
        world.chat.faults.set({})
        assert any("Forgotten" in text for text in await alice.read(10 * MINUTE))
        assert await world.query("SELECT * FROM answers") == []


async def test_a_crash_right_after_leaves_nothing_either(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say(f"{SECRET} tomorrow at 9:30")
        await forget(alice)
        await world.restart()
        assert await rows_about(world, 1) == {}
        await clock.sleep(MINUTE)
        assert on_disk(tmp_path, SECRET) == []
        assert await alice.read(2 * DAY) == []


async def test_a_store_that_runs_in_threads_empties_its_log_too(tmp_path: Path) -> None:
    store = Store(tmp_path / "planner.db")
    try:
        for number in range(50):
            await store.write(lambda tx, number=number: tx.settings.put(f"key{number}", SECRET * 20))
        for number in range(50):
            await store.write(lambda tx, number=number: tx.settings.drop(f"key{number}"))
        assert on_disk(tmp_path, SECRET) == ["planner.db-wal"]
        await store.empty_log()
        assert "planner.db-wal" not in on_disk(tmp_path, SECRET)
        await store.write(lambda tx: tx.settings.put(SECRET, ""))
        await store.write(lambda tx: (tx.settings.drop(SECRET), tx.settings.put(TO_SCRUB, "1")))
        assert "planner.db-wal" in on_disk(tmp_path, SECRET)
        await store.scrub()
        assert on_disk(tmp_path, SECRET) == []
        assert await store.read(lambda tx: tx.settings.get(TO_SCRUB)) is None
    finally:
        store.close()


async def test_what_was_moved_about_in_the_file_is_gone_as_well(tmp_path: Path) -> None:
    """SQLite zeroes what it deletes, but leaves text where it has moved rows from page to page."""
    store, dice, now = Store(tmp_path / "planner.db", inline=True), Random(1), 1_795_255_200_000

    def fill(tx: Tx, number: int, word: str) -> None:
        user = service.welcome(tx, number, number, "A", "en", "UTC", now)
        for _ in range(300):
            rule = "FREQ=WEEKLY" if dice.random() < 0.1 else None
            title, notes = word * dice.randint(1, 30), word * dice.randint(0, 200)
            service.add_event(tx, user, replace(DENTIST, title=title, notes=notes, rrule=rule), now)
        for event in tx.account.events(number)[::3]:
            service.change_event(tx, user, replace(event, title=event.title + word * 5, notes=""), now)
        raw = [Update(number * 100_000 + one, number, {"t": word * dice.randint(1, 300)}, 0) for one in range(500)]
        tx.inbox.put(1, raw, now)
        for one in raw:
            tx.inbox.handled(1, one.update_id, now, None)

    try:
        await store.write(lambda tx: fill(tx, 1, SECRET))
        await store.write(lambda tx: fill(tx, 2, "dentist"))
        await store.write(lambda tx: tx.account.forget(1, 1, 5, now))
        await store.scrub()
        assert on_disk(tmp_path, SECRET) == []
        assert await store.read(lambda tx: tx.account.count(2)) == 300
        free = await store.read(lambda tx: tx._db.execute("PRAGMA freelist_count").fetchone()[0])
        assert free == 0, "the file was made anew"
    finally:
        store.close()


async def test_an_errand_under_way_ends_with_its_user(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 9:30")
        world.chat.faults.set({"methods": ["getFile"], "status": 502})
        copy = {"format": "planner-export", "version": 1, "events": []}
        await send(alice, "planner-export.json", json.dumps(copy).encode())
        await forget(alice)
        world.chat.faults.set({})
        assert await world.query("SELECT * FROM errands") == []
        assert await alice.read(HOUR) == []
