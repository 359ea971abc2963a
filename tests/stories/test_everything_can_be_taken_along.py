"""/export gives everything about a user, and what it gives can be sent back: export, forget, import."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from planner import archive, errands
from planner.chat import restore
from planner.store.account import ABOUT, NOBODY, PASSING
from tests import web
from tests.stories.files import exported, files, send
from tests.stories.story import BERLIN, daily_plan, due, quiet_hours, zone
from tests.virtual import FakeClock
from tests.world import ALICE, BOB, DAY, HOUR, MALLORY, MINUTE, SECOND, Person, World, a_world, replace, settings_for

EXPORT = "planner-export.json"


async def furnished(world: World) -> Person:
    """Alice with settings and events of every kind."""
    alice = world.person(ALICE)
    await alice.say("/start")
    await zone(alice, "Berlin")
    await quiet_hours(alice, "22:00 - 07:00")
    await daily_plan(alice, "07:30")
    for text in (
        "dentist on friday at 9:30, remind me 1 day before",
        "gym every monday at 19:00",
        "call Tokyo on 25 december at 9am Tokyo time",
        "holidays from december 24 to december 26",
        "tea in 20 minutes",
    ):
        assert "✅" in "".join(await alice.say(text)), text
    return alice


def plain(event: dict[str, Any]) -> dict[str, Any]:
    """An event without what is new when it comes back."""
    return {name: value for name, value in event.items() if name not in {"id", "uid", "set_at", "set_until"}}


def uids(calendar: str) -> set[str]:
    """By which other calendars know the events."""
    return {f"{one['UID']} {one['SUMMARY']}" for one in Calendar.from_ical(calendar).walk("VEVENT")}


async def shown(world: World) -> list[dict[str, object]]:
    rows = await world.query("SELECT * FROM events WHERE deleted_at IS NULL ORDER BY title")
    return [plain(dict(row)) for row in rows]


async def test_all_that_is_kept_about_alice_is_in_her_export(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await furnished(world)
        await alice.read(HOUR)
        found, calendar = await exported(alice)
        assert (found["format"], found["version"], found["owner"]) == ("planner-export", 1, True)
        assert found["user"]["zone"] == BERLIN
        assert found["user"]["leads_s"] == [900]
        assert {event["title"] for event in found["events"]} >= {"dentist", "gym", "holidays", "tea"}
        (tea,) = (one for one in found["reminders"] if one["state"] == "sent")
        assert tea["verdict"] == "good"
        assert tea["sent_at"] >= tea["due_at"]
        assert len(found["changes"]) == len(found["events"])
        for table in ABOUT:
            if table not in {"users", "errands"}:
                rows = await world.query(f"SELECT count(*) AS n FROM {table}")
                assert len(found[table]) == rows[0]["n"], table
        titles = {str(one["SUMMARY"]) for one in Calendar.from_ical(calendar).walk("VEVENT")}
        assert titles == {event["title"] for event in found["events"]}


async def test_every_table_is_exported_or_names_nobody(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        tables = await world.query("SELECT name FROM sqlite_master WHERE type = 'table'")
        assert {row["name"] for row in tables} - NOBODY - PASSING == set(ABOUT)


async def test_nothing_of_bobs_is_in_alices_export(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="*") as world:
        alice, bob = world.person(ALICE), world.person(BOB)
        await alice.say("dentist tomorrow at 9:30")
        await bob.say("surprise for alice tomorrow at 10:00")
        found, calendar = await exported(alice)
        assert "surprise" not in json.dumps(found) + calendar
        assert "Bob" not in json.dumps(found)


async def test_export_forget_and_import_bring_everything_back(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await furnished(world)
        before, owed = await shown(world), await due(world)
        plans = await due(world, kind="plan")
        _, calendar = await exported(alice)
        copy = (await files(alice))[EXPORT]
        await alice.say("/forget")
        assert "Forgotten" in "".join(await alice.press("Forget everything"))
        assert await shown(world) == []
        said = await send(alice, EXPORT, copy)
        assert said == [
            (
                "5 events are back.\n"
                "Your settings are back; a time zone that you have told me since stays: /settings shows them."
            )
        ]
        assert await shown(world) == before
        assert await due(world) == owed
        assert await due(world, kind="plan") == plans
        _, again = await exported(alice)
        assert uids(again) == uids(calendar), "other calendars know them again"
        assert any("tea" in text for text in await alice.read(20 * MINUTE))


async def test_what_is_here_already_is_not_doubled(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await furnished(world)
        before = await shown(world)
        await exported(alice)
        copy = (await files(alice))[EXPORT]
        assert await send(alice, EXPORT, copy) == ["0 events are back.\n5 were here already."]
        assert await shown(world) == before


async def test_what_came_back_and_was_changed_since_is_not_doubled(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await furnished(world)
        await exported(alice)
        copy = (await files(alice))[EXPORT]
        await alice.say("/forget")
        await alice.press("Forget everything")
        assert "5 events are back." in (await send(alice, EXPORT, copy))[0]
        assert "11:00" in "".join(await alice.say("move dentist to 11"))
        assert await send(alice, EXPORT, copy) == ["0 events are back.\n5 were here already."]


async def test_events_that_differ_in_anything_all_come_back(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restore, "AT_ONCE", 2)
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await zone(alice, "Berlin")
        for text in (
            "call at 9am Berlin time tomorrow",
            "call at 9am New York time tomorrow",
            "call at 9am tomorrow",
            "call at 9am tomorrow, remind me 1 day before",
            "call tomorrow from 9:00 to 10:00",
            "tea every monday at 19:00",
            "tea every monday at 19:00",
        ):
            assert "✅" in "".join(await alice.say(text)), text
        before = await shown(world)
        assert len(before) == 7
        await exported(alice)
        copy = (await files(alice))[EXPORT]
        await alice.say("/forget")
        await alice.press("Forget everything")
        assert "7 events are back." in (await send(alice, EXPORT, copy))[0]
        assert sorted(map(str, await shown(world))) == sorted(map(str, before))
        assert await send(alice, EXPORT, copy) == ["0 events are back.\n7 were here already."]
        await alice.say("/forget")
        await alice.press("Forget everything")
        assert "✅" in "".join(await alice.say("tea every monday at 19:00"))
        assert await send(alice, EXPORT, copy) == ["6 events are back.\n1 was here already."]


async def test_an_import_is_undone_as_a_whole(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="*") as world:
        alice, bob = await furnished(world), world.person(BOB)
        await exported(alice)
        copy = (await files(alice))[EXPORT]
        await bob.say("milk in 5 hours")
        assert "5 events are back." in (await send(bob, EXPORT, copy))[0]
        mine = "SELECT title FROM events WHERE user_id = 2 AND deleted_at IS NULL"
        assert len(await world.query(mine)) == 6
        assert await bob.press("Undo") == ["5 events are gone again."]
        assert await world.query(mine) == [{"title": "milk"}]
        assert len(await world.query("SELECT 1 FROM reminders WHERE user_id = 2 AND state = 'pending'")) == 1


async def test_settings_that_somebody_has_made_stay(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="*") as world:
        alice, bob = await furnished(world), world.person(BOB)
        await exported(alice)
        copy = (await files(alice))[EXPORT]
        await bob.say("milk in 5 hours")
        assert await send(bob, EXPORT, copy) == ["5 events are back."]
        (user,) = await world.query("SELECT zone, plan_minute, quiet_start FROM users WHERE id = 2")
        assert user == {"zone": "UTC", "plan_minute": None, "quiet_start": None}


@pytest.mark.parametrize("broken_at", [1, 2])
async def test_a_crash_in_the_middle_of_an_import_neither_loses_nor_doubles(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, broken_at: int
) -> None:
    monkeypatch.setattr(restore, "AT_ONCE", 2)
    async with a_world(tmp_path, clock) as world:
        alice = await furnished(world)
        before = await shown(world)
        await exported(alice)
        copy = (await files(alice))[EXPORT]
        await alice.say("/forget")
        await alice.press("Forget everything")
        write, parts = world.store.write, []

        async def attempt(job: Any, **how: bool) -> object:
            if job.__code__.co_filename == errands.__file__:
                parts.append(job)
                if len(parts) > broken_at:
                    await clock.sleep(DAY)
            return await write(job, **how)

        world.store.write = attempt  # type: ignore[method-assign, assignment]  # it hangs after so many parts
        assert await send(alice, EXPORT, copy) == []
        assert len(await shown(world)) == 2 * broken_at
        await world.restart()
        assert (await alice.read(5 * SECOND))[-1].startswith("5 events are back.")
        assert await shown(world) == before
        assert await world.query("SELECT * FROM errands") == []


async def test_a_file_that_cannot_be_fetched_now_is_fetched_later(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await furnished(world)
        await exported(alice)
        copy = (await files(alice))[EXPORT]
        world.chat.faults.set({"methods": ["getFile"], "status": 502, "times": 3})
        said = await send(alice, EXPORT, copy, settle=MINUTE)
        assert said == ["0 events are back.\n5 were here already."]


async def test_a_file_that_cannot_be_fetched_at_all_is_said_to_be_so(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        world.chat.faults.set({"methods": ["getFile"], "status": 400, "times": 1})
        assert "once more" in (await send(alice, EXPORT, b"{}"))[0]
        world.chat.faults.set({"methods": ["getFile"], "status": 502})
        await send(alice, EXPORT, b"{}")
        said = await alice.read(errands.GIVEN_UP_AFTER_MS + HOUR)
        assert len([text for text in said if "once more" in text]) == 1
        assert await world.query("SELECT * FROM errands") == []


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("notes.pdf", b"%PDF", "cannot read this file"),
        ("other.json", b'{"a": 1}', "cannot read this file"),
        ("empty.json", b"[]", "cannot read this file"),
        (EXPORT, b'{"format": "planner-export", "version": 1, "events": [', "damaged"),
        (EXPORT, b'{"format": "planner-export", "version": 1}', "damaged"),
        (EXPORT, b'{"format": "planner-export", "version": 2, "events": []}', "newer planner"),
        (EXPORT, b'{"format": "planner-export", "version": 1, "events": []}', "0 events are back."),
        (EXPORT, b'{"format": "planner-export", "version": 1, "events": [1, {}, null]}', "3 could not be read."),
        (EXPORT, b'{"format": "planner-export", "version": 1, "x": ' + b"[" * 100_000, "damaged"),
        (EXPORT, b'{"format": "planner-export", "version": 1' + b"," * (archive.VALUES_MAX + 1), "too large"),
    ],
)
async def test_whatever_is_sent_gets_a_kind_answer(
    tmp_path: Path, clock: FakeClock, name: str, body: bytes, said: str
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 9:30")
        assert said in "".join(await send(alice, name, body))
        assert len(await shown(world)) == 1


async def test_what_stands_under_another_file_is_read_as_ever(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        said = await send(alice, "invitation.pdf", b"%PDF", caption="party tomorrow at 19:00")
        assert "party" in said[-1]
        assert "✅" in said[-1]


async def test_odd_events_are_left_out_and_counted(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await furnished(world)
        found, _ = await exported(alice)
        good = next(event for event in found["events"] if event["title"] == "dentist")
        odd: list[dict[str, object]] = [
            {"title": ""}, {"title": 5}, {"title": "x" * 1_001}, {"start_local": "tomorrow"},
            {"start_local": "2026-02-30T00:00:00"}, {"start_local": "0001-01-01T00:00:00"}, {"zone": "Mars/Base"},
            {"zone": "../../etc/passwd"}, {"rrule": "FREQ=SECONDLY"}, {"rrule": "FREQ=DAILY;INTERVAL=0"},
            {"duration_s": -1}, {"duration_s": 10**30}, {"leads_s": [-5]}, {"leads_s": "x"}, {"leads_s": [1] * 21},
            {"all_day": 1}, {"start_at": True}, {"excluded": ["x"]}, {"excluded": [1]}, {"notes": "x" * 4_097},
        ]  # fmt: skip
        fine: list[dict[str, object]] = [
            {"title": "half a pair \ud83d"}, {"title": "drawn", "link": "javascript:alert(1)", "source": "moon"},
            {"title": "once more", "id": good["id"], "user_id": 2},
        ]  # fmt: skip
        changed = {**found, "events": [{**good, **change} for change in odd + fine]}
        said = await send(alice, EXPORT, json.dumps(changed).encode())
        assert said == [f"{len(fine)} events are back.\n{len(odd)} could not be read."]
        rows = await world.query("SELECT user_id, link, source FROM events WHERE title = 'drawn'")
        assert rows == [{"user_id": 1, "link": "", "source": "file"}]
        assert await world.query("SELECT DISTINCT user_id FROM events") == [{"user_id": 1}]


async def test_a_stranger_can_send_what_they_like(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        await world.person(ALICE).say("/start")
        mallory = world.person(MALLORY)
        await mallory.say("/start")
        assert await send(mallory, EXPORT, b'{"format": "planner-export", "version": 1, "events": []}') == []
        assert await mallory.say("/export") == []
        assert await world.query("SELECT * FROM errands") == []


async def test_who_was_removed_while_their_file_was_fetched_gets_nothing_in(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="1,2") as world:
        bob = world.person(BOB)
        await bob.say("milk in 5 hours")
        world.chat.faults.set({"methods": ["getFile"], "status": 502, "times": 3})
        found = {"format": "planner-export", "version": 1, "events": []}
        await send(bob, EXPORT, json.dumps(found).encode(), settle=SECOND // 2)
        world.settings = settings_for(tmp_path, PLANNER_USERS="1")
        await world.restart()
        assert await bob.read(HOUR) == []
        assert await world.query("SELECT * FROM errands") == []


async def test_only_so_much_is_done_for_one_user_at_a_time(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        world.chat.faults.set({"methods": ["getFile"], "status": 502})
        for _ in range(3):
            assert await send(alice, EXPORT, b"{}", settle=SECOND) == []
        assert "busy" in (await send(alice, EXPORT, b"{}", settle=SECOND))[0]
        assert "busy" in (await alice.say("/export"))[0]


async def test_in_russian(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(replace(ALICE, language_code="ru"))
        await alice.say("зубной завтра в 9:30")
        await alice.say("/export", settle=5 * SECOND)
        copy = (await files(alice))[EXPORT]
        await alice.say("/forget")
        assert "Забыто" in "".join(await alice.press("Забыть всё"))
        assert "1 событие вернулось." in (await send(alice, EXPORT, copy))[0]


async def test_linked_calendars_are_linked_again_and_their_events_are_theirs(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 9:30")
        url = "https://calendar.example.org/team.ics"
        world.web[url] = web.calendar(web.event("a", "standup", "20261123T090000Z"))
        await alice.say(url, settle=MINUTE)
        await world.store.write(lambda tx: tx.feeds.save(replace(tx.feeds.of_user(1)[0], muted=True, tell_days=7)))
        found, _ = await exported(alice)
        assert {event["title"] for event in found["events"]} == {"dentist", "standup"}
        copy = (await files(alice))[EXPORT]
        assert await send(alice, EXPORT, copy) == ["0 events are back.\n1 was here already."]
        await alice.say("/forget")
        await alice.press("Forget everything")
        said = await send(alice, EXPORT, copy, settle=MINUTE)
        assert said[0].startswith("1 event is back.\n1 calendar is being linked again.")
        rows = await world.query("SELECT title, source, feed_id IS NULL AS own FROM events ORDER BY title")
        assert rows == [
            {"title": "dentist", "source": "here", "own": 1},
            {"title": "standup", "source": "feed", "own": 0},
        ]
        (feed,) = await world.query("SELECT url, muted, tell_days, linked_at IS NULL AS tried FROM feeds")
        assert feed == {"url": url, "muted": 1, "tell_days": 7, "tried": 0}


async def test_odd_calendars_are_left_out(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        good = {"url": "https://example.org/a.ics", "name": "A", "renamed": True, "mark": "🟩", "linked_at": 1}
        good |= {"alarms": False, "muted": False, "in_plan": True, "tell_days": 2, "every_min": 15, "leads_s": None}
        odd = [{**good, "url": "file:///etc/passwd"}, {**good, "url": 5}, {**good, "every_min": "x"}, 7, {}]
        found = {"format": "planner-export", "version": 1, "events": [], "feeds": [*odd, good]}
        said = await send(alice, EXPORT, json.dumps(found).encode())
        assert said[0] == "0 events are back.\n1 calendar is being linked again."
