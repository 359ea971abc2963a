"""A reminder is put off to whatever time is pressed, typed or answered; it comes then, once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stories.story import due, instant, leads, pressed, states, until
from tests.virtual import FakeClock
from tests.world import ALICE, BOB, DAY, HOUR, MINUTE, SECOND, Person, World, a_world, replace


async def _reminded(world: World, *, lang: str = "en") -> Person:
    """Alice, looking at a reminder of tea at 10:05."""
    alice = world.person(replace(ALICE, language_code=lang))
    await alice.say("tea in 5 minutes" if lang == "en" else "чай через 5 минут")
    assert len(await alice.read(5 * MINUTE)) == 1
    return alice


EN = [
    ("40 min", "2026-11-21 10:45"),
    ("for 40 minutes", "2026-11-21 10:45"),
    ("2 hours and 15 min", "2026-11-21 12:20"),
    ("in 2 hours", "2026-11-21 12:05"),
    ("18:00", "2026-11-21 18:00"),
    ("until 18:00", "2026-11-21 18:00"),
    ("to 6pm", "2026-11-21 18:00"),
    ("9", "2026-11-22 09:00"),
    ("tomorrow morning", "2026-11-22 09:00"),
    ("tomorrow", "2026-11-22 10:05"),
    ("on monday", "2026-11-23 10:05"),
]
RU = [
    ("через час", "2026-11-21 11:05"),
    ("на полчаса", "2026-11-21 10:35"),
    ("завтра в 9", "2026-11-22 09:00"),
    ("до 18:00", "2026-11-21 18:00"),
    ("в понедельник", "2026-11-23 10:05"),
]


@pytest.mark.parametrize(("said", "at"), EN)
async def test_it_is_put_off_to_a_typed_time(tmp_path: Path, clock: FakeClock, said: str, at: str) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await _reminded(world)
        assert "Until when" in (await alice.press("Other"))[0]
        assert "I will remind you" in (await alice.say(said))[-1]
        (due_at,) = await due(world, kind="snooze")
        assert abs(due_at - instant(at)) <= 5 * SECOND
        await until(alice, due_at - SECOND)
        came = await until(alice, due_at + SECOND)
        assert [text.startswith("⏰ tea") for text in came] == [True]


@pytest.mark.parametrize(("said", "at"), RU)
async def test_it_is_put_off_in_russian(tmp_path: Path, clock: FakeClock, said: str, at: str) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await _reminded(world, lang="ru")
        assert {"Готово", "10 мин", "1 ч", "Завтра", "Другое…"} == set(await alice.buttons())
        assert "До какого времени" in (await alice.press("Другое…"))[0]
        assert "Напомню" in (await alice.say(said))[-1]
        (due_at,) = await due(world, kind="snooze")
        assert abs(due_at - instant(at)) <= 5 * SECOND


@pytest.mark.parametrize(("said", "at"), EN)
async def test_a_time_in_answer_to_it_puts_it_off(tmp_path: Path, clock: FakeClock, said: str, at: str) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await _reminded(world)
        said_back = await alice.answer(said)
        assert all("I will remind you" in text for text in said_back), "the reminder says so, too"
        assert len(said_back) == 2
        (due_at,) = await due(world, kind="snooze")
        assert abs(due_at - instant(at)) <= 5 * SECOND


async def test_no_label_is_cut_on_a_narrow_phone(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await _reminded(world)
        rows = [[button["text"] for button in line] for line in (await alice.rows())[-1]["buttons"]]
        assert rows == [["Done", "10 min", "1 h"], ["Tomorrow", "Other…"]]


async def test_what_is_over_is_refused_and_the_next_such_time_offered(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await _reminded(world)
        await alice.press("Other")
        assert "over" in (await alice.say("yesterday"))[0]
        assert "over" in (await alice.say("today at 9:00"))[0]
        assert "I will remind you tomorrow at 09:00" in (await alice.press("tomorrow at 09:00"))[0]
        assert await due(world, kind="snooze") == [instant("2026-11-22 09:00")]


async def test_what_is_too_far_off_is_refused(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await _reminded(world)
        await alice.press("Other")
        assert "60 days" in (await alice.say("in 3 months"))[0]
        assert "I will remind you" in (await alice.say("in 59 days"))[-1], "the question is still open"
        await alice.read()
        await world.restart(after=59 * DAY - HOUR)
        assert await alice.read(HOUR - MINUTE) == []
        assert "tea" in (await alice.read(2 * MINUTE))[0]


async def test_what_was_put_off_does_not_come_once_its_event_has_moved(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await _reminded(world)
        await alice.press("10 min")
        card = (await alice.say("move tea to tomorrow 9:00"))[-1]
        assert "tomorrow at 09:00" in card
        assert "remind you tomorrow at 08:45" in card
        assert await due(world, kind="snooze") == []
        assert await alice.read(HOUR) == []
        assert len(await until(alice, instant("2026-11-22 08:45") + SECOND)) == 1


async def test_what_was_put_off_comes_where_the_move_is_taken_back(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await _reminded(world)
        await alice.press("10 min")
        await alice.say("move tea to tomorrow 9:00")
        assert "remind you today at 10:15" in (await alice.press("Undo"))[0]
        assert await due(world) == []
        assert "tea" in (await alice.read(10 * MINUTE))[-1]


async def test_what_was_put_off_comes_where_only_the_title_has_changed(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await _reminded(world)
        await alice.press("10 min")
        await alice.say("rename tea to coffee")
        assert len(await due(world, kind="snooze")) == 1
        assert "coffee" in (await alice.read(10 * MINUTE))[0]


async def test_what_was_put_off_of_a_day_left_out_does_not_come(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("gym every day at 10:20")
        assert len(await until(alice, instant("2026-11-21 10:05") + SECOND)) == 1
        await alice.press("10 min")
        (gym,) = await world.query("SELECT id FROM events")
        (last, *_) = [row["message_id"] for row in await alice.rows() if row["buttons"]]
        await pressed(alice, last, f"skip:{gym['id']}:{instant('2026-11-21 10:20')}")
        assert await due(world, kind="snooze") == []
        assert await until(alice, instant("2026-11-22 10:05") - SECOND) != [], "the button's answer"


async def test_what_is_no_time_is_asked_again_and_another_event_is_another_event(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await _reminded(world)
        await alice.press("Other")
        assert "I do not understand" in (await alice.say("when the cows come home"))[0]
        assert "dentist" in (await alice.say("dentist tomorrow at 9:30"))[0]
        assert await due(world, kind="snooze") == []
        assert "40 min" in (await alice.say("40 min"))[0], "the question is closed"
        assert await due(world, kind="snooze") == []


async def test_never_mind_leaves_it(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await _reminded(world)
        await alice.press("Other")
        assert "Nothing was changed" in (await alice.press("Never mind"))[0]
        assert await alice.read(DAY) == []


async def test_what_was_put_off_can_be_put_off_to_another_time(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await _reminded(world)
        await alice.press("10 min")
        assert await alice.buttons() == ["Done", "Change"]
        await alice.press("Change")
        await alice.press("1 h")
        assert await due(world, kind="snooze") == [clock.now() + HOUR - SECOND]
        assert await until(alice, clock.now() + HOUR - 2 * SECOND) == []
        assert len(await alice.read(2 * SECOND)) == 1
        assert await alice.read(DAY) == []


async def test_both_messages_say_when_it_comes_again(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await _reminded(world)
        await alice.press("Other")
        await alice.say("18:00")
        said = [row["text"] for row in await alice.rows() if row["text"].startswith("💤")]
        assert len(said) == 2
        assert all("today at 18:00" in text for text in said)


async def test_done_in_answer_to_it_is_done(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await leads(alice, "2 hours, 1 hour, 15 min")
        await alice.say("gym today at 19:00")
        assert len(await until(alice, instant("2026-11-21 17:00") + SECOND)) == 1
        said = await alice.answer("Done!")
        assert all("Done." in text and "gym" in text for text in said)
        assert await alice.read(DAY) == []
        assert await states(world) == {"sent": 1, "cancelled": 2}


@pytest.mark.parametrize("said", ["Готово", "сделала", "✅"])
async def test_done_in_russian_in_answer_to_it(tmp_path: Path, clock: FakeClock, said: str) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await _reminded(world, lang="ru")
        assert all("Готово." in text for text in await alice.answer(said))


async def test_several_that_came_late_in_one_message_are_answered_together(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea in 5 minutes")
        await alice.say("coffee in 6 minutes")
        await world.restart(after=HOUR)
        assert "2 reminders come late" in (await alice.read())[-1]
        assert "2 reminders come again later" in (await alice.answer("in 2 hours"))[-1]
        assert len(await due(world, kind="snooze")) == 2
        assert len(await alice.read(2 * HOUR + 5 * SECOND)) == 2


async def test_a_message_of_that_number_in_another_chat_is_another_message(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="*") as world:
        await _reminded(world)
        await world.person(BOB).say("/start")
        (row,) = await world.query("SELECT message_id FROM reminders WHERE message_id IS NOT NULL")
        message_id = int(str(row["message_id"]))
        assert await world.store.read(lambda tx: tx.standing.by_message(1, message_id)) == [1]
        assert await world.store.read(lambda tx: tx.standing.by_message(2, message_id)) == []


async def test_what_was_deleted_is_not_put_off(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea today at 12:00")
        await until(alice, instant("2026-11-21 11:46"))
        old = await alice.button("10 min")
        await alice.say("/today")
        await alice.press("tea")
        await alice.press("Delete")
        assert "deleted" in await pressed(alice, *old)
        assert await due(world, kind="snooze") == []


async def test_what_is_put_off_is_not_done_with(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await leads(alice, "3 hours, 15 min")
        await alice.say("gym today at 18:00")
        await until(alice, instant("2026-11-21 15:00") + SECOND)
        later = await alice.button("1 h")
        await alice.press("Done")
        assert await due(world) == []
        await pressed(alice, *later)
        assert await due(world) == [instant("2026-11-21 17:45")]
        assert len(await due(world, kind="snooze")) == 1
