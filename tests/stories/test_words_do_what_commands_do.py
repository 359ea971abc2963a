"""“Help”, “settings”, “my city is London”: what somebody writes who does not know the commands."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stories.story import BERLIN
from tests.virtual import FakeClock
from tests.world import ALICE, World, a_world, replace

RUSSIAN = replace(ALICE, language_code="ru")


async def user(world: World) -> dict[str, object]:
    (row,) = await world.query("SELECT * FROM users")
    return row


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("help", "What I can do"),
        ("help me", "What I can do"),
        ("How does this work?", "What I can do"),
        ("what can you do?", "What I can do"),
        ("remind me", "What is it?"),
        ("settings", "Daily plan: off"),
        ("today", "Nothing is planned."),
        ("tomorrow", "Nothing is planned."),
        ("week", "The next 7 days"),
    ],
)
async def test_a_command_is_said_in_words(tmp_path: Path, clock: FakeClock, words: str, answer: str) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        assert answer in (await alice.say(words))[-1], "also as the very first words"
        await alice.say("/start")
        assert answer in (await alice.say(words))[-1], "also where a city was asked for"
        assert await world.query("SELECT * FROM events") == []


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("помощь", "Что я умею"),
        ("что ты умеешь?", "Что я умею"),
        ("кто ты?", "Что я умею"),
        ("напомни", "Что это будет?"),
        ("настройки", "План дня: выкл."),
        ("сегодня", "Ничего не запланировано."),
        ("неделя", "Ближайшие 7 дней"),
    ],
)
async def test_a_command_is_said_in_russian_words(tmp_path: Path, clock: FakeClock, words: str, answer: str) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(RUSSIAN)
        await alice.say("/start")
        assert answer in (await alice.say(words))[-1]
        assert await world.query("SELECT * FROM events") == []


@pytest.mark.parametrize("prompted", [True, False])
@pytest.mark.parametrize(
    ("words", "zone"),
    [
        ("set my timezone to Moscow", "Europe/Moscow"),
        ("I am in Moscow", "Europe/Moscow"),
        ("My city is London.", "Europe/London"),
        ("мой часовой пояс Москва", "Europe/Moscow"),
        ("я в Москве", "Europe/Moscow"),
        ("я живу в Казани", "Europe/Moscow"),
        ("мы сейчас в Лондоне", "Europe/London"),
    ],
)
async def test_where_alice_is_can_be_said_in_a_sentence(
    tmp_path: Path, clock: FakeClock, words: str, zone: str, prompted: bool
) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        if prompted:
            await alice.say("/start")
        await alice.say(words)
        assert (await user(world))["zone"] == zone


@pytest.mark.parametrize(
    "words", ["I am in a meeting tomorrow at 10", "я в баре завтра в 10", "i'm in bed tomorrow at 9"]
)
async def test_being_somewhere_at_a_time_is_an_event(tmp_path: Path, clock: FakeClock, words: str) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        assert "✅" in (await alice.say(words))[-1]
        assert (await user(world))["zone"] == BERLIN


async def test_a_place_that_nobody_knows_is_asked_for_again(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, zone=BERLIN) as world:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 9:30")
        assert "I know no place called “foobarville”" in (await alice.say("set my timezone to Foobarville"))[0]
        await alice.say("Tokyo")
        assert (await user(world))["zone"] == "Asia/Tokyo"


async def test_the_language_is_changed_in_either(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        assert "Язык: Русский" in (await alice.say("language russian"))[-1]
        assert "Language: English" in (await alice.say("язык английский"))[-1]
        assert "Язык: Русский" in (await alice.say("на русском, пожалуйста"))[-1]


@pytest.mark.parametrize(
    ("setting", "words", "answer"),
    [
        ("Quiet hours", "quiet hours from 22 to 7", "Quiet hours: 22:00–07:00"),
        ("Quiet hours", "с 22 до 7", "Quiet hours: 22:00–07:00"),
        ("Quiet hours", "тихие часы с 23 до 8", "Quiet hours: 23:00–08:00"),
        ("Quiet hours", "10pm-7am", "Quiet hours: 22:00–07:00"),
        ("Quiet hours", "off please", "Quiet hours: off"),
        ("Daily plan", "at 8 in the morning please", "Daily plan: 08:00"),
        ("Daily plan", "в 8 утра, пожалуйста", "Daily plan: 08:00"),
        ("Daily plan", "never", "Daily plan: off"),
        ("Reminders", "an hour and 15 minutes before", "Reminders: 1 hour before, 15 minutes before"),
        ("Reminders", "никогда", "Reminders: off"),
    ],
)
async def test_a_setting_is_answered_in_a_sentence(
    tmp_path: Path, clock: FakeClock, setting: str, words: str, answer: str
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/settings")
        await alice.press(setting)
        assert answer in (await alice.say(words))[-1]
        assert await world.query("SELECT * FROM events") == []


@pytest.mark.parametrize("asked", ["/add", "tomorrow at 10"])
async def test_help_and_settings_are_no_titles(tmp_path: Path, clock: FakeClock, asked: str) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        for words, answer in (("help", "What I can do"), ("settings", "Daily plan: off"), ("undo", "nothing to undo")):
            await alice.say(asked)
            assert answer in (await alice.say(words))[-1]
        assert await world.query("SELECT * FROM events") == []


async def test_a_city_alone_says_where_one_is_while_that_is_not_known(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await alice.say("/help")
        assert "Your time zone is Moscow" in (await alice.say("Moscow"))[-1]
        assert "When shall I remind you of Paris" in (await alice.say("Paris"))[-1]
