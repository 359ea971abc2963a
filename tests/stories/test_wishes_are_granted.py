"""“Delete the dentist”, “move standup to 11”: wishes in words about events that there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stories.story import due, instant
from tests.virtual import FakeClock
from tests.world import ALICE, Person, World, a_world, replace

RUSSIAN = replace(ALICE, language_code="ru")


async def starts(world: World) -> list[int]:
    rows = await world.query("SELECT start_at FROM events WHERE deleted_at IS NULL ORDER BY start_at")
    return [row["start_at"] for row in rows]


async def a_day(alice: Person) -> None:
    for text in ("dentist tomorrow at 9:30", "standup every day at 11:00", "call bob friday at 15:00"):
        await alice.say(text)


@pytest.mark.parametrize(
    ("wish", "when"),
    [
        ("move dentist to 11", "2026-11-22 11:00"),
        ("reschedule the dentist to friday 15:00", "2026-11-27 15:00"),
        ("move the dentist to monday", "2026-11-23 09:30"),
        ("push dentist by 30 minutes", "2026-11-22 10:00"),
        ("postpone the dentist by an hour", "2026-11-22 10:30"),
    ],
)
async def test_an_event_is_moved_by_its_name(tmp_path: Path, clock: FakeClock, wish: str, when: str) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 9:30")
        await alice.say("call bob friday at 15:00")
        said = await alice.say(wish)
        assert "dentist" in said[0]
        assert instant(when) in await starts(world)
        await alice.press("Undo")
        assert instant("2026-11-22 09:30") in await starts(world)


async def test_without_a_name_the_last_one_is_meant(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("call bob friday at 15:00")
        await alice.say("dentist tomorrow at 9:30")
        assert "dentist" in (await alice.say("move it to friday 10:00"))[0]
        assert await starts(world) == [instant("2026-11-27 10:00"), instant("2026-11-27 15:00")]


@pytest.mark.parametrize("wish", ["delete the dentist", "cancel dentist tomorrow", "remove the dentist please"])
async def test_an_event_is_deleted_by_its_name(tmp_path: Path, clock: FakeClock, wish: str) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 9:30")
        assert "is deleted" in (await alice.say(wish))[0]
        assert await due(world) == []
        await alice.press("Undo")
        assert await due(world) == [instant("2026-11-22 09:15")]


async def test_one_day_of_a_series_is_skipped_by_its_name(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("standup every day at 11:00")
        assert "is left out on tomorrow" in (await alice.say("skip standup tomorrow"))[0]
        assert "standup" not in (await alice.say("/tomorrow"))[0]
        assert "standup" in (await alice.say("/today"))[0]


async def test_of_several_it_is_asked_which_one(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 9:30")
        await alice.say("pay the dentist friday at 10:00")
        assert "Which one do you mean?" in (await alice.say("delete the dentist"))[0]
        assert "pay the dentist is deleted" in (await alice.press("pay the dentist"))[0]
        assert await starts(world) == [instant("2026-11-22 09:30")]


@pytest.mark.parametrize("wish", ["cancel the subscription on friday", "move the furniture tomorrow at 10"])
async def test_what_no_event_is_called_is_a_new_one(tmp_path: Path, clock: FakeClock, wish: str) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await a_day(alice)
        before = await starts(world)
        assert "✅" in (await alice.say(wish))[0]
        assert len(await starts(world)) == len(before) + 1


async def test_a_wish_about_nothing_is_answered(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        assert "Nothing was changed" in (await alice.say("cancel"))[0], "the question that is open is closed"
        assert "Which event?" in (await alice.say("cancel"))[0]
        await a_day(alice)
        assert "I find no event “yoga”" in (await alice.say("skip yoga tomorrow"))[0]
        assert "I find no event “plumber”" in (await alice.say("delete the plumber"))[0]


@pytest.mark.parametrize(
    ("wish", "when"),
    [
        ("перенеси стоматолога на понедельник", "2026-11-23 09:30"),
        ("перенеси стоматолога на 11", "2026-11-22 11:00"),
        ("сдвинь стоматолога на час", "2026-11-22 10:30"),
        ("перенеси на завтра на 12:00", "2026-11-22 12:00"),
    ],
)
async def test_in_russian_too(tmp_path: Path, clock: FakeClock, wish: str, when: str) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(RUSSIAN)
        await alice.say("стоматолог завтра в 9:30")
        said = await alice.say(wish)
        assert "стоматолог" in said[0]
        assert await starts(world) == [instant(when)]


async def test_in_russian_events_are_deleted_and_skipped_by_name(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(RUSSIAN)
        await alice.say("стоматолог завтра в 9:30")
        await alice.say("йога каждый день в 19:00")
        assert "Удалено" in (await alice.say("удали стоматолога"))[0]
        assert "пропускаем" in (await alice.say("пропусти йогу завтра"))[0]
        assert "йога" not in (await alice.say("/tomorrow"))[0]


@pytest.mark.parametrize(
    ("made", "wish", "title"),
    [
        ("dentist tomorrow at 9:30", "rename dentist to Dr. Who at home", "Dr. Who at home"),
        ("стоматолог завтра в 9:30", "переименуй стоматолога в зубной врач", "зубной врач"),
    ],
)
async def test_an_event_is_renamed_by_its_name(
    tmp_path: Path, clock: FakeClock, made: str, wish: str, title: str
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say(made)
        assert title in (await alice.say(wish))[0]
        assert [row["title"] for row in await world.query("SELECT title FROM events")] == [title]


async def test_a_place_is_added_by_the_events_name(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 9:30")
        assert "📍 Main st" in (await alice.say("add place Main st to dentist"))[0]


@pytest.mark.parametrize(("made", "moved", "word"), [
    ("dentist tomorrow at 15:00", "move dentist to 16:00", "cancel"),
    ("стоматолог завтра в 15:00", "перенеси стоматолога на 16:00", "отмени"),
])  # fmt: skip
async def test_a_bare_cancel_takes_back_what_was_just_changed(
    tmp_path: Path, clock: FakeClock, made: str, moved: str, word: str
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say(made)
        await alice.say(moved)
        await alice.say(word)
        assert await starts(world) == [instant("2026-11-22 15:00")]
