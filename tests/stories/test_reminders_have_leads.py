"""When reminders come: before the start, at it, at the very instant asked for; and what they say."""

from __future__ import annotations

from pathlib import Path

from tests.stories.story import counts, due, instant, leads, states, until
from tests.virtual import FakeClock
from tests.world import ALICE, DAY, MINUTE, SECOND, a_world


async def test_each_lead_brings_a_reminder_of_its_own(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await leads(alice, "1 day, 15 min")
        await alice.say("dentist tomorrow at 15:00")
        assert await due(world) == [instant("2026-11-21 15:00"), instant("2026-11-22 14:45")]

        first = await until(alice, instant("2026-11-21 15:00") + SECOND)
        assert len(first) == 1
        assert "in 1 day" in first[0]
        second = await until(alice, instant("2026-11-22 14:45") + SECOND)
        assert len(second) == 1
        assert "in 15 min" in second[0]
        assert await states(world) == {"sent": 2}
        assert await counts(world, "reminders") == (2, 0)


async def test_an_event_whose_lead_has_passed_is_reminded_at_its_start(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea today at 10:10")
        assert await until(alice, instant("2026-11-21 10:10") - SECOND) == []
        said = await until(alice, instant("2026-11-21 10:10") + SECOND)
        assert len(said) == 1
        assert "tea" in said[0]
        assert "now" in said[0]


async def test_in_twenty_minutes_comes_at_that_instant_without_a_lead(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        said_at = clock.now()
        await alice.say("call mom in 20 minutes")
        assert await until(alice, said_at + 20 * MINUTE - SECOND) == []
        assert len(await until(alice, said_at + 20 * MINUTE + SECOND)) == 1
        assert await states(world) == {"sent": 1}


async def test_a_relative_time_counts_from_the_date_of_the_message(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/today")
        await world.crash()
        said_at = clock.now()
        await world.chat.say(1, "call mom in 20 minutes", ALICE)
        await clock.sleep(5 * MINUTE)
        await world.start()
        await alice.read()
        assert await due(world) == [said_at + 20 * MINUTE]


async def test_no_leads_at_all_means_no_reminder_and_the_answer_says_so(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/settings")
        await alice.press("Reminders")
        await alice.press("Never")
        said = await alice.say("dentist tomorrow at 9:30")
        assert "No reminder" in said[-1]
        assert await alice.read(2 * DAY) == []


async def test_a_reminder_is_on_disk_before_the_user_is_told_that_it_is_set(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/today")
        seen: list[int] = []
        call = world.chat.call

        async def looks_first(token: str, method: str, params: dict) -> tuple[int, object]:
            if method == "sendMessage" and "dentist" in str(params["text"]):
                seen.append(len(await due(world)))
            return await call(token, method, params)

        world.chat.call = looks_first
        await alice.say("dentist tomorrow at 9:30")
        assert seen == [1]


async def test_a_title_is_text_whatever_markup_is_in_it(tmp_path: Path, clock: FakeClock) -> None:
    title = "<b>bold</b> *stars* _under_ [x](http://x) &amp; {n} {0} %s"
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        assert title in (await alice.say(f"{title} in 5 minutes"))[-1]
        assert title in (await alice.read(6 * MINUTE))[0]
        assert title in (await alice.say("/today"))[-1]


async def test_what_is_late_says_when_it_was_due(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("call mom in 20 minutes")
        await world.restart(after=25 * MINUTE)
        said = await alice.read()
        assert len(said) == 1
        assert "Late: this was due today at 10:20" in said[0]
        assert await counts(world, "reminders") == (0, 1)
