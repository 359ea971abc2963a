"""A card says when an event is, from its first day to its last, and every reminder that will come."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stories.story import quiet_hours
from tests.virtual import FakeClock
from tests.world import ALICE, Person, World, a_world, replace


async def berlin(world: World, lang: str) -> Person:
    """Alice in Berlin."""
    alice = world.person(replace(ALICE, language_code=lang))
    await alice.say("/start")
    await alice.say("Berlin")
    return alice


@pytest.mark.parametrize(
    ("lang", "said", "line"),
    [
        (
            "en",
            "dentist friday at 10, remind me 1 day and 2 hours before",
            "⏰ I will remind you Thu 26 Nov at 10:00 (1 day before), then 2 hours before.",
        ),
        (
            "ru",
            "стоматолог в пятницу в 10, напомни за день и за 2 часа",
            "⏰ Напомню чт 26 ноября в 10:00 (за 1 день), затем за 2 часа.",
        ),
        (
            "en",
            "gym every monday at 19:00, remind me 1 day and 2 hours before",
            "⏰ I will remind you tomorrow at 19:00 (1 day before). Each time: 1 day before, 2 hours before.",
        ),
        ("en", "dentist friday at 10", "⏰ I will remind you Fri 27 Nov at 09:45 (15 minutes before)."),
        ("en", "tea in 20 minutes", "⏰ I will remind you today at 11:20."),
    ],
)
async def test_a_card_names_every_reminder(tmp_path: Path, clock: FakeClock, lang: str, said: str, line: str) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await berlin(world, lang)
        assert line in (await alice.say(said))[-1].split("\n")


async def test_reminders_of_a_whole_day_are_named_too(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await berlin(world, "en")
        said = (await alice.say("fair on friday, all day, remind me 1 day and 2 hours before"))[-1]
        line = "⏰ I will remind you Thu 26 Nov at 09:00 (1 day before), then Fri 27 Nov at 07:00."
        assert line in said.split("\n"), said


async def test_a_reminder_that_quiet_hours_move_is_named_by_its_time(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await berlin(world, "en")
        await quiet_hours(alice, "22:00 - 07:00")
        said = (await alice.say("run on friday at 8:00, remind me 1 day and 2 hours before"))[-1]
        line = "⏰ I will remind you Thu 26 Nov at 08:00 (1 day before), then Fri 27 Nov at 07:00."
        assert line in said.split("\n"), said


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("festival from friday 10:00 to sunday 18:00", "Fri 27 Nov at 10:00 – Sun 29 Nov at 18:00, in 5 days 23 h"),
        ("party on friday from 22:00 to 02:00", "Fri 27 Nov at 22:00 – Sat 28 Nov at 02:00, in 6 days 11 h"),
        ("meeting on friday from 10:00 to 11:00", "Fri 27 Nov at 10:00–11:00, in 5 days 23 h"),
        ("concert on friday from 21:00 to 0:00", "Fri 27 Nov at 21:00–00:00, in 6 days 10 h"),
    ],
)
async def test_a_card_names_both_days_of_what_ends_on_another(
    tmp_path: Path, clock: FakeClock, said: str, line: str
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await berlin(world, "en")
        card = (await alice.say(said))[-1]
        assert line in card.split("\n"), card


@pytest.mark.parametrize(
    ("lang", "labels", "rule", "said"),
    [
        ("en", ("Change", "Repetition"), "every day until friday", "ends before the event begins"),
        ("ru", ("Изменить", "Повтор"), "каждый день до пятницы", "кончается раньше, чем начинается"),
    ],
)
async def test_a_repetition_that_ends_before_it_begins_is_called_that(
    tmp_path: Path, clock: FakeClock, lang: str, labels: tuple[str, str], rule: str, said: str
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await berlin(world, lang)
        await alice.say("dentist on 10 january at 10:00" if lang == "en" else "стоматолог 10 января в 10:00")
        for label in labels:
            await alice.press(label)
        answer = (await alice.say(rule))[-1]
        assert said in answer
        assert "UNTIL" not in answer
