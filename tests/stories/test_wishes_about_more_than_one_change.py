"""Undo in words, everything at once, the end of a series, Done by name, and what is said right after a reminder."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.localchat import User
from tests.stories.story import BERLIN, due, instant
from tests.virtual import FakeClock
from tests.world import ALICE, HOUR, MINUTE, SECOND, Person, World, a_world, replace

RUSSIAN = replace(ALICE, language_code="ru")


async def titles(world: World) -> list[str]:
    rows = await world.query("SELECT title FROM events WHERE deleted_at IS NULL ORDER BY start_at")
    return [row["title"] for row in rows]


async def starts(world: World) -> list[str]:
    rows = await world.query("SELECT start_local FROM events WHERE deleted_at IS NULL ORDER BY start_local")
    return [row["start_local"] for row in rows]


async def three(alice: Person) -> None:
    for text in ("gym every monday at 19:00", "dentist tomorrow at 9:30", "call tomorrow at 15:00"):
        await alice.say(text)


@pytest.mark.parametrize("words", ["undo", "undo that", "/undo", "верни", "отмени последнее"])
async def test_the_last_change_is_undone_in_words(tmp_path: Path, clock: FakeClock, words: str) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await three(alice)
        await alice.say("delete the dentist")
        assert "dentist" in (await alice.say(words))[0]
        assert await titles(world) == ["dentist", "call", "gym"]
        assert "call is not kept" in (await alice.say(words))[0], "then the one before it"


@pytest.mark.parametrize("question", ["Change", "Delete"])
async def test_undo_answers_no_question(tmp_path: Path, clock: FakeClock, question: str) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await alice.say("gym every monday at 19:00")
        await alice.say("/week")
        await alice.press("1")
        await alice.press(question)
        assert "gym is not kept" in (await alice.say("undo"))[0]
        assert await titles(world) == []


@pytest.mark.parametrize(("user", "words"), [(ALICE, "undo the dentist"), (RUSSIAN, "верни врача")])
async def test_a_named_event_is_taken_back(tmp_path: Path, clock: FakeClock, user: User, words: str) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(user)
        name = words.rsplit(maxsplit=1)[-1] if user is ALICE else "врач"
        await alice.say(f"{name} tomorrow at 9:30")
        await alice.press("Change" if user is ALICE else "Изменить")
        await alice.say("10:30")
        await alice.say("call tomorrow at 15:00")
        await alice.say(words)
        assert await starts(world) == ["2026-11-22T09:30:00", "2026-11-22T15:00:00"]


async def test_with_nothing_to_undo_that_is_said(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        assert "nothing to undo" in (await alice.say("undo"))[0]
        await alice.say("gym every monday at 19:00")
        await alice.read(25 * HOUR)
        assert "nothing to undo" in (await alice.say("undo"))[0]
        assert await titles(world) == ["gym"]


@pytest.mark.parametrize("words", ["delete everything", "удали всё"])
async def test_everything_is_deleted_once_it_was_shown(tmp_path: Path, clock: FakeClock, words: str) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await three(alice)
        (said,) = await alice.say(words)
        assert all(title in said for title in ("dentist", "call", "gym"))
        assert len(await titles(world)) == 3, "nothing is done yet"
        assert "3 events are deleted" in (await alice.press("Delete 3 events"))[0]
        assert await titles(world) == []
        assert await due(world) == []
        assert "3 events are as they were" in (await alice.press("Undo"))[0]
        assert await titles(world) == ["dentist", "call", "gym"]


async def test_all_of_a_day_leaves_the_rest_of_a_series(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await three(alice)
        (said,) = await alice.say("cancel all my events on monday")
        assert "gym" in said
        assert "dentist" not in said
        await alice.press("Delete 1 event")
        assert "gym" not in (await alice.say("/agenda monday"))[0]
        assert await titles(world) == ["dentist", "call", "gym"]
        await alice.say("undo")
        assert "gym" in (await alice.say("/agenda monday"))[0]


async def test_all_of_a_day_is_moved_to_another(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await three(alice)
        await alice.say("move everything tomorrow to tuesday")
        assert "2 events are moved" in (await alice.press("Move 2 events"))[0]
        assert await starts(world) == ["2026-11-23T19:00:00", "2026-11-24T09:30:00", "2026-11-24T15:00:00"]
        assert "2 events are as they were" in (await alice.say("undo"))[0]
        assert (await starts(world))[0] == "2026-11-22T09:30:00"


async def test_a_button_for_many_works_once(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await three(alice)
        await alice.say("delete everything tomorrow")
        message_id, data = await alice.button("Delete 2 events")
        await alice.say("dinner tomorrow at 20:00")
        await world.chat.press(alice.chat, message_id, data, alice.user)
        await alice.read()
        assert len(await titles(world)) == 4, "its question is closed"


@pytest.mark.parametrize("words", ["end gym", "stop gym"])
async def test_a_series_is_ended_by_its_name(tmp_path: Path, clock: FakeClock, words: str) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await alice.say("gym every monday at 19:00")
        await alice.read(50 * HOUR + 9 * HOUR)
        assert "has ended" in (await alice.say(words))[0]
        assert "Nothing is planned" in (await alice.say("/agenda 30.11"))[0]
        await alice.press("Undo")
        assert "gym" in (await alice.say("/agenda 30.11"))[0]


@pytest.mark.parametrize("words", ["mark dentist as done", "done with the dentist"])
async def test_a_reminder_is_done_by_its_name(tmp_path: Path, clock: FakeClock, words: str) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist today at 12:00, remind me 1 hour and 15 minutes before")
        assert "not reminded you of dentist yet" in (await alice.say(words))[0]
        await alice.read(65 * MINUTE)
        await alice.say("tea today at 18:00")
        assert any("✅ dentist" in said for said in await alice.say(words))
        assert await due(world) == [instant("2026-11-21 17:45")]


@pytest.mark.parametrize("words", ["remind me about dentist 2 hours before", "напомни про dentist за 2 часа"])
async def test_being_reminded_earlier_moves_nothing(tmp_path: Path, clock: FakeClock, words: str) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 9:30")
        await alice.say(words)
        assert await starts(world) == ["2026-11-22T09:30:00"]
        assert await due(world) == [instant("2026-11-22 07:30")]


async def test_the_day_that_is_named_is_the_one_that_moves(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await alice.say("gym every monday at 19:00")
        await alice.say("move gym on 7 december to 8 december")
        await alice.press("Only Mon 7 Dec")
        assert "Tue 8 Dec, 19:00" in (await alice.say("/find gym"))[0]
        assert "gym" in (await alice.say("/agenda 23.11"))[0]
        assert "gym" not in (await alice.say("/agenda 7.12"))[0]


@pytest.mark.parametrize("words", ["40 min", "in 40 min", "через 40 минут"])
async def test_a_length_right_after_a_reminder_puts_it_off(tmp_path: Path, clock: FakeClock, words: str) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea today at 10:30")
        assert "⏰ tea" in (await alice.read(16 * MINUTE))[0]
        at = world.clock.now()
        assert any("💤 tea" in said for said in await alice.say(words))
        (again,) = await due(world, kind="snooze")
        assert abs(again - at - 40 * MINUTE) <= SECOND
        assert await titles(world) == ["tea"]


@pytest.mark.parametrize("words", ["done", "готово", "Done!"])
async def test_done_right_after_a_reminder_is_about_it(tmp_path: Path, clock: FakeClock, words: str) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea today at 12:00, remind me 1 hour and 15 minutes before")
        await alice.read(61 * MINUTE)
        assert any("✅ tea" in said for said in await alice.say(words))
        assert await due(world) == []


async def test_a_time_that_is_said_later_is_no_answer_to_a_reminder(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea today at 10:30")
        await alice.read(16 * MINUTE)
        await alice.say("/today")
        await alice.say("in 40 min")
        assert await due(world, kind="snooze") == [], "something else was said since"
        await alice.say("cancel")
        await alice.say("coffee today at 12:00")
        await alice.read(2 * HOUR + 15 * MINUTE)
        await alice.say("in 40 min")
        assert await due(world, kind="snooze") == [], "that was long ago"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("undo", "dentist is not kept"),
        ("done", "not reminded you of dentist yet"),
        ("delete it", "dentist is deleted"),
        ("for 2 hours", "09:30–11:30"),
        ("remind me 2 hours before", "tomorrow at 07:30 (2 hours before)"),
    ],
)
async def test_an_answer_to_a_card_is_about_its_event(tmp_path: Path, clock: FakeClock, answer: str, said: str) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 9:30")
        card = [row for row in await alice.rows() if row["buttons"]][-1]["message_id"]
        await alice.say("call tomorrow at 15:00")
        assert said in (await alice.say(answer, reply_to=card))[0]
        assert "call" in await titles(world)
