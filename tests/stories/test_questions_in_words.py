"""Questions about what is planned, asked as one would ask a friend: answered, and never put into the calendar."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.virtual import FakeClock
from tests.world import ALICE, Person, World, a_world, replace

RUSSIAN = replace(ALICE, language_code="ru")


async def busy(world: World, user: object = ALICE) -> Person:
    """Somebody with a meeting on friday afternoon, a dentist tomorrow and gym on mondays."""
    alice = world.person(user)
    for text in ("dentist tomorrow at 9:30", "meeting on friday from 15:00 to 16:30", "gym every monday at 19:00"):
        await alice.say(text)
    return alice


async def events(world: World) -> int:
    return len(await world.query("SELECT 1 FROM events"))


@pytest.mark.parametrize(
    ("question", "answers"),
    [
        ("what do I have tomorrow?", ["Tomorrow", "dentist"]),
        ("What's planned for next week?", ["Mon 23 Nov – Sun 29 Nov", "gym", "meeting"]),
        ("what's next", ["The next 7 days", "dentist", "gym"]),
        (
            "am I free on friday afternoon?",
            ["Fri 27 Nov", "15:00–16:30", "meeting", "🟢 Free: 09:00–15:00, 16:30–21:00"],
        ),
        ("am I busy on tuesday?", ["Tue 24 Nov", "Nothing is planned.", "🟢 No time of that day is taken."]),
        ("am I free on friday at 16:00?", ["🔴 You are busy Fri 27 Nov at 16:00: meeting"]),
        ("am I free on friday at 16:30?", ["🟢 You are free Fri 27 Nov at 16:30."]),
        ("when am I free next week?", ["Your free time:", "Mon 23 Nov: 09:00–19:00", "Tue 24 Nov: 09:00–21:00"]),
        ("when is the dentist?", ["🔎 “dentist”: 1 event", "Tomorrow, 09:30"]),
        ("find the meeting", ["1 event", "Fri 27 Nov, 15:00–16:30"]),
    ],
)
async def test_a_question_is_answered(tmp_path: Path, clock: FakeClock, question: str, answers: list[str]) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await busy(world)
        (said,) = await alice.say(question)
        for answer in answers:
            assert answer in said
        assert await events(world) == 3


@pytest.mark.parametrize(
    ("question", "answers"),
    [
        ("что у меня завтра?", ["Завтра", "dentist"]),
        ("я свободен в пятницу вечером?", ["meeting", "🟢 Свободно: 09:00–15:00, 16:30–21:00"]),
        ("свободен ли я в пятницу в 16:00", ["🔴 Занято, пт 27 ноября в 16:00: meeting"]),
        ("когда dentist?", ["🔎 «dentist»: 1 событие", "Завтра, 09:30"]),
        ("мои планы", ["Ближайшие 7 дней"]),
    ],
)
async def test_a_question_is_answered_in_russian(
    tmp_path: Path, clock: FakeClock, question: str, answers: list[str]
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await busy(world, RUSSIAN)
        (said,) = await alice.say(question)
        for answer in answers:
            assert answer in said
        assert await events(world) == 3


@pytest.mark.parametrize("text", ["find a plumber tomorrow at 10:00", "free concert tomorrow at 19:00"])
async def test_what_only_sounds_like_one_becomes_an_event(tmp_path: Path, clock: FakeClock, text: str) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await busy(world)
        assert "✅" in (await alice.say(text))[0]
        assert await events(world) == 4


async def test_a_search_in_words_for_nothing_there_says_so(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await busy(world)
        assert "I found nothing with “plumber”." in (await alice.say("when is the plumber?"))[0]


async def test_a_question_closes_the_one_that_the_bot_asked(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await busy(world)
        await alice.say("milk")
        assert "dentist" in (await alice.say("what do I have tomorrow?"))[0]
