"""/privacy and docs/privacy.md say what the code does, in both languages; /help has a chapter for everything."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from planner import answering, archive, housekeeping
from planner.chat import access, export, help_, people, routes
from planner.chat.commands import MENU, OWNERS_MENU
from planner.config import TABLE
from planner.i18n import LANGS, words
from planner.model import DAY
from planner.store import jobs
from planner.store.account import ABOUT, NOBODY, PASSING
from planner.when import understand
from tests.stories.story import instant, pressed
from tests.virtual import FakeClock
from tests.world import ALICE, a_world, replace

DOCS = Path(__file__).parents[2] / "docs" / "privacy.md"
MB = 1024 * 1024
TUESDAY = instant("2026-11-24 10:00")


@pytest.mark.parametrize(("lang", "days"), [("en", "{} day"), ("ru", "{} д")])
async def test_the_figures_are_those_that_the_code_works_by(
    tmp_path: Path, clock: FakeClock, lang: str, days: str
) -> None:
    async with a_world(tmp_path, clock, PLANNER_KEEP_DAYS="123") as world:
        alice = world.person(replace(ALICE, language_code=lang))
        await alice.say("/start")
        (said,) = await alice.say("/privacy")
        reminders, changes, answers, numbers, invitations = re.findall(r"(\d+) (?:day|дн|день)", said)
        assert int(reminders) == 123
        assert int(changes) * DAY == housekeeping.CHANGES_KEPT_MS
        assert int(answers) * DAY == answering.KEPT_MS
        assert int(numbers) * DAY == housekeeping.UPDATES_KEPT_MS
        assert int(invitations) * DAY == access.INVITED_FOR_MS
        assert days.format(123) in said


def figure(name: str) -> int:
    """What docs/privacy.md says in its table of figures."""
    row = re.search(rf"^\| {re.escape(name)} \| ([\d,]+)", DOCS.read_text(), re.MULTILINE)
    assert row is not None, name
    return int(row[1].replace(",", ""))


def test_the_document_says_the_same_figures() -> None:
    assert figure("settled reminders, days") == int(TABLE["keep_days"].default)
    assert figure("earlier forms of an event, days") * DAY == housekeeping.CHANGES_KEPT_MS
    assert figure("answers that cannot be sent, days") * DAY == answering.KEPT_MS
    assert figure("numbers of handled messages, days") * DAY == housekeeping.UPDATES_KEPT_MS
    assert figure("invitations, days") * DAY == access.INVITED_FOR_MS
    assert figure("open invitations") == people.INVITES_MAX
    assert figure("file sent back, MB") * MB == archive.IMPORT_MAX_BYTES
    assert figure("events in it") == archive.EVENTS_MAX
    assert figure("file sent out, MB") * MB == export.DOCUMENT_MAX_BYTES
    assert figure("database made anew after /forget, up to MB") * MB == jobs.REWRITTEN_MAX_BYTES


def test_the_document_names_every_table() -> None:
    text = DOCS.read_text()
    for table in {*ABOUT, *PASSING, *NOBODY} - {"sqlite_sequence"}:
        assert f"`{table}`" in text, table


async def test_from_privacy_one_press_leads_to_the_copy_and_to_the_end(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/privacy")
        await alice.say("/privacy")
        assert "One moment" in await pressed(alice, *await alice.button("Export"))
        await alice.read()
        await alice.say("/privacy")
        assert "Shall I forget you?" in "".join(await alice.press("Forget me"))


async def test_help_opens_each_chapter_in_place_and_leads_back(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await alice.say("/help")
        count = len(await alice.rows())
        for title in ("Adding", "Changing", "Repeating", "Reminders", "Looking", "Settings", "Privacy"):
            (said,) = await alice.press(title)
            assert said.startswith(title + "\n")
            (back,) = await alice.press("Back")
            assert back.startswith("What I can do")
        assert len(await alice.rows()) == count, "all of it in one message"
        message, _ = await alice.button("Adding")
        assert "no longer works" in await pressed(alice, message, "help:nothing")


@pytest.mark.parametrize("lang", LANGS)
def test_every_command_that_help_and_the_menu_name_is_there(lang: str) -> None:
    said = "".join(one.text(words(lang)).text for one in help_.CHAPTERS.values())
    named = set(re.findall(r"/([a-z]+)", said))
    assert named >= {"add", "agenda", "find", "week", "export", "forget", "privacy", "invite", "people", "settings"}
    assert named | set(MENU) | set(OWNERS_MENU) <= set(routes.COMMANDS)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("chapter", ["adding", "repeating"])
def test_every_example_that_help_gives_is_understood(lang: str, chapter: str) -> None:
    said = help_.CHAPTERS[chapter].text(words(lang)).text
    examples = [line.removeprefix("• ") for line in said.splitlines() if line.startswith("• ")]
    assert len(examples) == 4
    for example in examples:
        found = understand(example, now=TUESDAY, zone="Europe/Berlin", lang=lang)
        assert (found.status, bool(found.title), found.start is not None) == ("ok", True, True), example
        assert bool(found.rrule) == (chapter == "repeating"), example


async def test_an_unknown_command_is_answered_with_what_helps(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        assert "/help" in (await alice.say("/frobnicate"))[0]
