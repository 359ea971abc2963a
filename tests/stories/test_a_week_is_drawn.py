"""/week as a picture: a PNG that Telegram takes, light or dark; without Pillow there is no button for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner import picture
from tests.virtual import FakeClock
from tests.world import ALICE, Person, a_world, replace


async def drawn(person: Person) -> list[dict]:
    return [row for row in await person.rows() if row.get("file")]


async def test_the_button_brings_the_week_as_a_picture_and_another_the_dark_one(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 9:30")
        await alice.say("/week")
        await alice.press("🖼 Picture")
        (first,) = await drawn(alice)
        assert first["file"]["photo"]
        assert first["text"] == "Sat 21 Nov – Fri 27 Nov"
        await alice.press("🌙 Dark")
        assert await alice.buttons() == ["☀️ Light"]
        assert len(await drawn(alice)) == 2


@pytest.mark.parametrize(("code", "words"), [("en", "/week picture"), ("ru", "/week картинкой")])
async def test_a_word_after_the_command_brings_it_too(tmp_path: Path, clock: FakeClock, code: str, words: str) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(replace(ALICE, language_code=code))
        await alice.say("/start")
        await alice.say(words)
        assert len(await drawn(alice)) == 1


async def test_without_pillow_there_is_no_button_and_the_word_says_why(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture, "available", lambda: False)
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 9:30")
        await alice.say("/week")
        assert not any("Picture" in text for text in await alice.buttons())
        assert "planner[pictures]" in (await alice.say("/week picture"))[0]
        assert await drawn(alice) == []


async def test_a_button_of_no_day_is_refused(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 9:30")
        await alice.say("/week")
        message_id, _ = await alice.button("Picture")
        await world.chat.press(1, message_id, "picture:nonsense", ALICE)
        await alice.read()
        assert await drawn(alice) == []
