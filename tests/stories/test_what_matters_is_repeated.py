"""What matters is reminded again and again until Done: so often and no more, and never when nobody wants it."""

from __future__ import annotations

from pathlib import Path

from planner.nag import NAG_EVERY_MS, NAG_MAX
from tests.stories.story import counts, due, instant, leads, pressed, quiet_hours, states, until
from tests.virtual import FakeClock
from tests.world import ALICE, DAY, HOUR, MINUTE, SECOND, Person, World, a_world, replace

LAST = f"{NAG_MAX} of {NAG_MAX}"


async def _reminded(world: World) -> Person:
    """Alice, looking at the reminder of something important at 10:05."""
    alice = world.person(ALICE)
    await alice.say("important: pills in 5 minutes")
    (said,) = await alice.read(5 * MINUTE)
    assert "Again" not in said
    return alice


async def _open(alice: Person) -> list[int]:
    """The reminders' messages that still have a Done under them."""
    return [row["message_id"] for row in await alice.rows() if "'Done'" in str(row["buttons"])]


async def test_it_is_repeated_so_often_and_no_more(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await _reminded(world)
        for number in range(1, NAG_MAX + 1):
            at = (await due(world, kind="snooze"))[0]
            assert NAG_EVERY_MS - 5 * SECOND <= at - clock.now() <= NAG_EVERY_MS
            await until(alice, at - SECOND)
            came = await until(alice, at + 2 * SECOND)
            assert any(f"Again, {number} of {NAG_MAX}" in text and "pills" in text for text in came)
            assert len(await _open(alice)) == 1, "only the latest has buttons"
        assert await alice.read(2 * DAY) == []
        assert await states(world) == {"sent": 1 + NAG_MAX}
        assert await counts(world, "reminders") == (1 + NAG_MAX, 0)


async def test_it_is_said_in_russian(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(replace(ALICE, language_code="ru"))
        await alice.say("важно: таблетки через 5 минут")
        await alice.read(5 * MINUTE)
        assert any(f"Повтор 1 из {NAG_MAX}" in text for text in await alice.read(NAG_EVERY_MS + 2 * SECOND))


async def test_done_ends_it(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await _reminded(world)
        await alice.read(NAG_EVERY_MS + MINUTE)
        await alice.press("Done")
        assert await alice.read(DAY) == []
        assert [row["text"].endswith("Done.") for row in await alice.rows()][-2:] == [True, True], "both say so"


async def test_done_taken_back_begins_it_again_where_it_was(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await _reminded(world)
        await alice.read(NAG_EVERY_MS + MINUTE)
        await alice.press("Done")
        await alice.read(HOUR)
        await alice.press("Undo")
        assert len(await _open(alice)) == 1
        came = await alice.read(DAY)
        assert [text for text in came if f"2 of {NAG_MAX}" in text]
        assert await states(world) == {"sent": 1 + NAG_MAX, "cancelled": 1}


async def test_only_the_last_of_several_reminders_is_repeated(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await leads(alice, "2 hours, 15 min")
        await alice.say("important: exam today at 18:00")
        assert len(await until(alice, instant("2026-11-21 17:44"))) == 1
        await until(alice, instant("2026-11-21 17:46"))
        assert len(await due(world, kind="snooze")) == 1
        assert any("Again, 1" in text for text in await until(alice, instant("2026-11-21 17:56")))


async def test_putting_it_off_stops_it_until_then(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await _reminded(world)
        await alice.read(NAG_EVERY_MS + MINUTE)
        await alice.press("1 h")
        at = (await due(world, kind="snooze"))[-1]
        assert await until(alice, at - SECOND) == []
        came = await until(alice, at + 2 * SECOND)
        assert any(text.startswith("⏰ pills") and "Again" not in text for text in came)
        assert len(await _open(alice)) == 1
        assert any(f"Again, 2 of {NAG_MAX}" in text for text in await alice.read(NAG_EVERY_MS + 2 * SECOND))
        await alice.read(DAY)
        assert (await states(world))["sent"] == 2 + NAG_MAX, "within the same cap"


async def test_it_waits_for_the_end_of_quiet_hours(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await quiet_hours(alice, "10:10 - 12:00")
        await alice.say("important: pills in 5 minutes")
        await alice.read(5 * MINUTE)
        assert await due(world, kind="snooze") == [instant("2026-11-21 12:00")]
        assert await until(alice, instant("2026-11-21 11:59")) == []
        assert any("Again, 1" in text for text in await until(alice, instant("2026-11-21 12:00") + 2 * SECOND))
        assert await counts(world, "reminders") == (2, 0), "on time is judged against that"


async def test_quiet_hours_set_meanwhile_are_kept(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await _reminded(world)
        await quiet_hours(alice, "10:10 - 12:00")
        assert await due(world, kind="snooze") == [instant("2026-11-21 12:00")]
        await quiet_hours(alice, "10:10 - 11:00")
        assert await due(world, kind="snooze") == [instant("2026-11-21 11:00")]


async def test_a_deleted_event_is_not_repeated_and_one_brought_back_is(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await _reminded(world)
        await alice.say("/today")
        await alice.press("pills")
        await alice.press("Delete")
        assert await due(world, kind="snooze") == []
        await alice.press("Undo")
        assert len(await due(world, kind="snooze")) == 1
        assert any("Again, 1" in text for text in await alice.read(NAG_EVERY_MS + MINUTE))


async def test_a_crash_loses_none_and_doubles_none(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await _reminded(world)
        for _ in range(NAG_MAX):
            await world.restart()
            await alice.read(NAG_EVERY_MS + MINUTE)
        await world.restart()
        await alice.read(DAY)
        assert await states(world) == {"sent": 1 + NAG_MAX}
        assert len([row for row in await alice.rows() if row["text"].startswith("⏰ pills")]) == 1 + NAG_MAX


async def test_after_a_long_time_away_none_are_piled_up(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await _reminded(world)
        await world.restart(after=3 * HOUR)
        came = [text for text in await alice.read(MINUTE) if "Again" in text]
        assert len(came) == 1
        assert "Late" in came[0]
        assert abs((await due(world, kind="snooze"))[0] - clock.now() - NAG_EVERY_MS) <= 2 * MINUTE


async def test_an_answer_that_was_lost_doubles_no_repetition(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("important: pills in 5 minutes")
        world.chat.faults.set({"methods": ["sendMessage"], "lose_answer": True, "times": 1})
        await alice.read(5 * MINUTE + 30 * SECOND)
        world.chat.faults.set({})
        await alice.read(MINUTE)
        assert len(await due(world, kind="snooze")) == 1


async def test_a_late_message_about_several_begins_one_chain_each(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await leads(alice, "2 hours, 15 min")
        await alice.say("important: exam today at 18:00")
        await alice.say("important: pills in 5 minutes")
        await world.restart(after=DAY // 3)
        await alice.read(MINUTE)
        assert len(await due(world, kind="snooze")) == 2


async def test_what_does_not_matter_is_not_repeated(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea in 5 minutes")
        await alice.read(5 * MINUTE)
        assert await alice.read(DAY) == []


async def test_an_old_done_ends_the_chain_too(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await _reminded(world)
        first = await alice.button("Done")
        await alice.read(NAG_EVERY_MS + MINUTE)
        assert await pressed(alice, *first) == "Done."
        await alice.read()
        assert await alice.read(DAY) == []
        assert await _open(alice) == []
