"""A calendar file is shown, and imported when its sender says so; however often it comes, its events are there once."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from planner import archive, errands, service
from planner.chat import documents, imported
from tests.stories.files import files, send
from tests.stories.story import BERLIN, due, instant, pressed, zone
from tests.virtual import FakeClock
from tests.web import calendar, event
from tests.world import ALICE, BOB, DAY, HOUR, MINUTE, SECOND, Person, World, a_world, replace, settings_for

WEEKLY = "RRULE:FREQ=WEEKLY;COUNT=5"
STANDUP = event("a@x", "standup", "20261123T093000Z", WEEKLY)
PARTY = event("b@x", "party", "20261224")
TEAM = calendar(STANDUP, PARTY, name="Team")
ASKED = "Shall I import it? Its events become your own, to be changed and deleted as you like."
NOTHING_NEW = "There is nothing new in it, so nothing is to be done."


async def shown(person: Person, text: str, name: str = "team.ics") -> str:
    """What is said of a file."""
    (said,) = await send(person, name, text.encode())
    return said


async def take(person: Person, text: str) -> str:
    """Send a file and import it; what is said in the end."""
    assert ASKED in await shown(person, text)
    *_, said = await person.press("Import", settle=5 * SECOND)
    return said


async def titles(world: World, user: int = 1) -> list[object]:
    rows = await world.query("SELECT title FROM events WHERE user_id = ? AND deleted_at IS NULL ORDER BY title", user)
    return [row["title"] for row in rows]


async def test_a_file_is_shown_before_it_is_imported(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        broken = "BEGIN:VEVENT\r\nUID:c@x\r\nSUMMARY:broken\r\nEND:VEVENT\r\n"
        said = await shown(alice, calendar(STANDUP, PARTY, broken, name="Team"))
        assert said.splitlines() == [
            "Team",
            "2 events, from Mon 23 Nov to Thu 24 Dec.",
            "1 could not be read, or not in full:",
            "• broken: left out, because its start cannot be read",
            ASKED,
        ]
        assert await titles(world) == []
        assert await alice.buttons() == ["Import", "Never mind"]
        assert await alice.press("Import", settle=5 * SECOND) == [
            "One moment: I am importing it.",
            (
                "2 events were imported.\n1 could not be read, or not in full:\n"
                "• broken: left out, because its start cannot be read"
            ),
        ]
        assert await titles(world) == ["party", "standup"]
        rows = await world.query("SELECT DISTINCT source, feed_id FROM events")
        assert rows == [{"source": "file", "feed_id": None}]
        assert instant("2026-11-23 09:15") in await due(world)
        assert await world.query("SELECT * FROM errands") == []


async def test_imported_events_are_ones_own(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await take(alice, calendar(event("d@x", "dentist", "20261122T093000Z")))
        assert "11:00" in "".join(await alice.say("move dentist to 11"))
        assert "dentist" in "".join(await alice.read(DAY + HOUR))


async def test_the_same_file_again_brings_nothing_new(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await take(alice, TEAM)
        owed = await due(world)
        for _ in range(2):
            said = await shown(alice, TEAM)
            assert "2 are here already." in said
            assert NOTHING_NEW in said
        assert await titles(world) == ["party", "standup"]
        assert await due(world) == owed
        assert await world.query("SELECT * FROM errands") == []


async def test_shown_twice_and_imported_twice_it_is_there_once(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await shown(alice, TEAM)
        first = await alice.button("Import")
        await shown(alice, TEAM)
        await alice.press("Import", settle=5 * SECOND)
        await world.chat.press(alice.chat, *first, alice.user)
        assert "0 events were imported.\n2 were here already." in (await alice.read(5 * SECOND))[-1]
        assert await titles(world) == ["party", "standup"]


async def test_what_was_written_by_hand_is_not_doubled(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        for text in ("standup every week on monday at 9:30", "dentist tomorrow at 9:30", "party on december 24"):
            assert "✅" in "".join(await alice.say(text))
        mine = calendar(
            event("1@x", "Dentist", "20261122T093000Z"),
            event("2@x", "dentist", "20261122T100000Z"),
            event("3@x", "party", "20261224"),
        )
        assert "2 are here already." in await shown(alice, mine)
        *_, said = await alice.press("Import", settle=5 * SECOND)
        assert said == "1 event was imported.\n2 were here already."
        assert NOTHING_NEW in await shown(alice, mine)


async def test_a_newer_file_changes_what_its_user_has_not(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        tea, gym = event("t@x", "tea", "20261122T150000Z"), event("g@x", "gym", "20261122T180000Z")
        await take(alice, calendar(tea, gym))
        assert "19:00" in "".join(await alice.say("move gym to 19:00"))
        later = calendar(tea.replace("T150000", "T160000"), gym.replace("T180000", "T200000"))
        said = await take(alice, later)
        assert said == (
            "1 event was brought up to date.\n"
            "1 is different in the file, but you have changed it here, so I left it alone:\n• gym"
        )
        rows = await world.query("SELECT title, start_local FROM events WHERE deleted_at IS NULL ORDER BY title")
        assert rows == [
            {"title": "gym", "start_local": "2026-11-22T19:00:00"},
            {"title": "tea", "start_local": "2026-11-22T16:00:00"},
        ]
        assert NOTHING_NEW in await shown(alice, later)
        assert await alice.press("Undo") == ["1 event is as it was before."]
        assert instant("2026-11-22 14:45") in await due(world)


async def test_an_old_file_does_not_take_back_what_its_user_has_changed(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        gym = calendar(event("g@x", "gym", "20261122T180000Z"))
        await take(alice, gym)
        await alice.say("move gym to 19:00")
        assert NOTHING_NEW in await shown(alice, gym)
        (row,) = await world.query("SELECT start_local FROM events")
        assert row == {"start_local": "2026-11-22T19:00:00"}


async def test_what_was_deleted_comes_back_when_it_is_imported_again(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("milk in 5 hours")
        await take(alice, TEAM)
        await alice.say("delete party")
        assert await titles(world) == ["milk", "standup"]
        assert await take(alice, TEAM) == "1 event was imported.\n1 was here already."
        assert await titles(world) == ["milk", "party", "standup"]


async def test_an_import_is_undone_as_a_whole_for_a_day(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("milk in 5 hours")
        owed = await due(world)
        await take(alice, TEAM)
        undo = await alice.button("Undo")
        assert await alice.press("Undo") == ["2 events are gone again."]
        assert await titles(world) == ["milk"]
        assert await due(world) == owed
        await world.chat.press(alice.chat, *undo, alice.user)
        await alice.read()
        assert await titles(world) == ["milk"]


async def test_an_import_too_large_for_a_button_is_not_undone_by_words_either(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("milk in 5 hours")
        await take(alice, TEAM)
        undo = await alice.button("Undo")
        monkeypatch.setattr(service, "UNDONE_AT_ONCE", 1)
        for text in ("undo", "/undo"):
            (said,) = await alice.say(text)
            assert said.startswith("The last change brought 2 events: too many to take back at once.")
        assert "can no longer be undone" in await pressed(alice, *undo)
        assert len(await titles(world)) == 3
        assert "milk" in (await alice.say("undo milk"))[0]
        assert len(await titles(world)) == 2
        monkeypatch.setattr(service, "UNDONE_AT_ONCE", 2)
        await alice.say("undo")
        assert await titles(world) == []


async def test_a_changed_occurrence_belongs_to_its_series(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        moved = event("a@x", "late standup", "20261130T110000Z", "RECURRENCE-ID:20261130T093000Z")
        await take(alice, calendar(STANDUP, moved))
        assert await titles(world) == ["late standup", "standup"]
        said = await take(alice, calendar(STANDUP))
        assert said == "1 event was brought up to date.\n1 event was cancelled and is gone."
        (row,) = await world.query("SELECT title, excluded FROM events WHERE deleted_at IS NULL")
        assert row == {"title": "standup", "excluded": "[]"}
        assert await alice.press("Undo") == ["2 events are as they were before."]
        assert await titles(world) == ["late standup", "standup"]


async def test_what_can_no_longer_be_read_is_not_gone(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        moved = event("a@x", "late standup", "20261130T110000Z", "RECURRENCE-ID:20261130T093000Z")
        await take(alice, calendar(STANDUP, moved))
        await take(alice, calendar(STANDUP, moved.replace("DTSTART:2026", "DTSTART:someday")))
        assert await titles(world) == ["late standup", "standup"]


async def test_a_cancellation_takes_away_what_it_cancels(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await take(alice, TEAM)
        said = await shown(alice, calendar(event("b@x", "party", "20261224", "STATUS:CANCELLED")))
        assert "1 that I have from it is cancelled and will go." in said
        *_, said = await alice.press("Import", settle=5 * SECOND)
        assert said == "1 event was cancelled and is gone."
        assert await titles(world) == ["standup"]


async def test_never_mind_and_nothing_is_left_of_it(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await shown(alice, TEAM)
        button = await alice.button("Import")
        assert await alice.press("Never mind") == ["All right. Nothing was changed."]
        assert await world.query("SELECT * FROM errands") == []
        await world.chat.press(alice.chat, *button, alice.user)
        await alice.read(5 * SECOND)
        assert await titles(world) == []


async def test_what_is_not_answered_is_given_up_after_a_day(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await shown(alice, TEAM)
        await world.restart(after=HOUR)
        assert len(await world.query("SELECT * FROM errands")) == 1
        assert await alice.read(imported.WAITS_MS) == []
        assert await world.query("SELECT * FROM errands") == []


async def test_files_that_wait_keep_nobody_from_sending_more(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        for number in range(imported.WAITING_MAX + 2):
            assert ASKED in await shown(alice, calendar(event(f"{number}@x", "tea", "20261122T150000Z")))
        assert len(await world.query("SELECT * FROM errands")) == imported.WAITING_MAX
        await alice.say("/export ics", settle=5 * SECOND)
        assert "events.ics" in await files(alice)


async def test_a_file_is_its_senders_to_import(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="*") as world:
        alice, bob = world.person(ALICE), world.person(BOB)
        await alice.say("/start")
        await bob.say("/start")
        await shown(bob, calendar(PARTY))
        message, _ = await bob.button("Import")
        (errand,) = await world.query("SELECT id FROM errands")
        await shown(alice, TEAM)
        mine, _ = await alice.button("Import")
        for verb in ("import", "leave"):
            await world.chat.press(alice.chat, mine, f"{verb}:{errand['id']}", alice.user)
        await alice.read(5 * SECOND)
        assert await titles(world) == await titles(world, user=2) == []
        assert len(await world.query("SELECT * FROM errands WHERE waiting")) == 2
        assert message


@pytest.mark.parametrize("broken_at", [1, 2, 3])
async def test_a_crash_in_the_middle_neither_loses_nor_doubles(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, broken_at: int
) -> None:
    monkeypatch.setattr(imported, "AT_ONCE", 2)
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        many = [event(f"{day}@x", "tea", f"202611{day}T150000Z") for day in range(22, 29)]
        await shown(alice, calendar(*many))
        write, parts = world.store.write, []

        async def attempt(job: Any, **how: bool) -> object:
            if job.__code__.co_filename == errands.__file__:
                parts.append(job)
                if len(parts) > broken_at:
                    await asyncio.sleep(DAY)
            return await write(job, **how)

        world.store.write = attempt  # type: ignore[method-assign, assignment]  # it hangs after so many parts
        await alice.press("Import", settle=5 * SECOND)
        assert len(await titles(world)) == 2 * broken_at
        await world.restart()
        assert (await alice.read(5 * SECOND))[-1] == "7 events were imported."
        assert len(await titles(world)) == 7
        assert await alice.press("Undo") == ["7 events are gone again."]


async def test_undo_in_words_takes_back_a_whole_file_and_says_so(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        tea, gym = event("t@x", "tea", "20261122T150000Z"), event("g@x", "gym", "20261122T180000Z")
        await take(alice, calendar(tea, gym))
        assert await alice.say("undo") == ["↩️ 2 events are gone again."]
        await take(alice, calendar(tea))
        assert "1 event was brought up to date." in await take(alice, calendar(
            tea.replace("T150000", "T160000"), gym, event("w@x", "walk", "20261122T190000Z")))  # fmt: skip
        assert await alice.say("undo") == ["↩️ 2 events are gone again.\n↩️ 1 event is as it was before."]
        assert await titles(world) == ["tea"]


HTML = "<!DOCTYPE html><html><body>sign in</body></html>"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("team.ics", HTML, "This is a web page that was saved, not a calendar."),
        ("team.ics", TEAM[:-60], "breaks off in the middle"),
        ("team.ics", "hello", "there is none in it"),
        ("team.ics", " \r\n", "This file is empty."),
        ("team.ics", calendar(), "There is no event in it.\nThere is nothing new in it"),
        ("notes.pdf", "%PDF", "a calendar (.ics), or an export of mine"),
        ("data.json", "{}", "a calendar (.ics), or an export of mine"),
        ("data.json", TEAM, ASKED),
        ("TEAM.ICS", "\ufeff" + TEAM.replace("\r\n", "\n"), ASKED),
    ],
)
async def test_whatever_is_sent_is_answered_in_words(
    tmp_path: Path, clock: FakeClock, name: str, text: str, said: str
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        assert said in await shown(alice, text, name)
        assert await titles(world) == []


async def test_too_much_is_refused(tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "EVENTS_MAX", 1)
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        assert "too large" in await shown(alice, TEAM)
        monkeypatch.setattr(documents, "FILE_MAX_BYTES", 100)
        assert "too large" in await shown(alice, TEAM)


async def test_somebody_who_was_removed_meanwhile_gets_nothing_in(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="1,2") as world:
        bob = world.person(BOB)
        await bob.say("/start")
        await shown(bob, TEAM)
        world.chat.faults.set({"methods": ["getFile"], "status": 502, "times": 3})
        await bob.press("Import", settle=SECOND // 2)
        world.settings = settings_for(tmp_path, PLANNER_USERS="1")
        await world.restart()
        await bob.read(MINUTE)
        assert await titles(world, user=2) == []


async def test_ones_own_calendar_comes_back_to_nothing_new_and_elsewhere_to_the_same(
    tmp_path: Path, clock: FakeClock
) -> None:
    for folder in ("here", "there"):
        (tmp_path / folder).mkdir()
    async with a_world(tmp_path / "here", clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await zone(alice, "Berlin")
        for text in (
            "dentist on friday at 9:30, remind me 1 day before",
            "gym every monday at 19:00",
            "call Tokyo on 25 december at 9am Tokyo time",
            "holidays from december 24 to december 26",
            "tea in 20 minutes",
        ):
            assert "✅" in "".join(await alice.say(text)), text
        await take(alice, TEAM)
        await alice.say("/export ics", settle=5 * SECOND)
        mine = (await files(alice))["events.ics"].decode()
        assert NOTHING_NEW in await shown(alice, mine)
        await alice.say("move dentist to 11")
        assert NOTHING_NEW in await shown(alice, mine)
    async with a_world(tmp_path / "there", clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await zone(alice, "Berlin")
        assert await take(alice, mine) == "7 events were imported."
        await alice.say("/export ics", settle=5 * SECOND)
        again = (await files(alice))["events.ics"].decode()
        assert _without_stamps(again) == _without_stamps(mine)
        assert (await world.query("SELECT DISTINCT zone FROM users")) == [{"zone": BERLIN}]


def _without_stamps(text: str) -> list[str]:
    """DTSTAMP says when an event was last changed where it stands (RFC 5545, section 3.8.7.2)."""
    return [line for line in text.splitlines() if not line.startswith("DTSTAMP")]


async def test_in_russian(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(replace(ALICE, language_code="ru"))
        await alice.say("/start")
        assert "2 события: первое —" in await shown(alice, TEAM)
        *_, said = await alice.press("Импортировать", settle=5 * SECOND)
        assert said == "2 события импортированы."
