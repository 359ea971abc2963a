"""English and Russian from the first word: by Telegram's language_code at first, by choice after."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.stories.story import until
from tests.virtual import FakeClock
from tests.world import ALICE, MINUTE, SECOND, Person, World, a_world

RUSSIAN = replace(ALICE, first_name="Алиса", language_code="ru")
LATIN_WORDS = re.compile(r"[A-Za-z]{3,}")
ALLOWED = {"today", "tomorrow", "week", "plan", "settings", "help", "start", "UTC", "English", "Berlin", "UTC+"}


@pytest.mark.parametrize(
    ("code", "said"),
    [("en", "Hello"), ("ru", "Здравствуйте|Привет"), ("ru-RU", "Здравствуйте|Привет"), ("de", "Hello"), ("", "Hello")],
)
async def test_it_is_telegrams_language_code_that_decides_at_first(
    tmp_path: Path, clock: FakeClock, code: str, said: str
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(replace(ALICE, language_code=code))
        assert re.search(said, (await alice.say("/start"))[0])


async def test_it_is_changed_in_the_settings_and_reminders_follow(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("молоко через 20 минут")
        await alice.say("/settings")
        await alice.press("Language")
        assert "Настройки" in "".join(await alice.press("Русский"))
        said = await until(alice, clock.now() + 20 * MINUTE)
        assert len(said) == 1
        assert "сейчас" in said[0]
        assert "Готово" in await alice.buttons()
        assert "English" in "".join(
            [*(await alice.say("/settings")), *(await alice.press("Язык")), *await alice.buttons()]
        )


async def test_a_changed_language_moves_no_reminder(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 9:30")
        before = await world.query("SELECT id, state, due_at FROM reminders")
        await alice.say("/settings")
        await alice.press("Language")
        await alice.press("Русский")
        assert await world.query("SELECT id, state, due_at FROM reminders") == before


async def test_a_whole_conversation_in_russian_has_no_english_in_it(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(RUSSIAN)
        await _whole_conversation(world, alice)
        shown = await alice.rows()
        texts = [row["text"] for row in shown if row["from"] == "bot"]
        labels = [button["text"] for row in shown for line in row["buttons"] for button in line]
        left = {word for text in [*texts, *labels] for word in LATIN_WORDS.findall(text)} - ALLOWED
        assert left == set()
        assert len(texts) > 15


async def _whole_conversation(world: World, alice: Person) -> None:
    await alice.say("/start")
    await alice.say("Берлин")
    await alice.say("стоматолог завтра в 9:30")
    await alice.press("Изменить")
    await alice.say("завтра в 10:00")
    await alice.press("Отменить")
    await alice.say("чай через 5 минут")
    await alice.say("молоко")
    await alice.say("/cancel")
    for command in ("/today", "/tomorrow", "/week", "/plan", "/settings", "/help", "/nonsense"):
        await alice.say(command)
    for setting in ("zone", "lang", "plan", "leads", "quiet", "all"):
        rows = await alice.rows()
        message = next(row for row in reversed(rows) if "Настройки" in row["text"] or row["edited"])
        await world.chat.press(1, message["message_id"], f"set:{setting}", RUSSIAN)
        await alice.read()
    await alice.read(6 * MINUTE)
    await alice.press("10 мин")
    await alice.read(11 * MINUTE)
    await alice.press("Готово")
    await world.restart(after=12 * 60 * MINUTE)
    await alice.read(5 * SECOND)
