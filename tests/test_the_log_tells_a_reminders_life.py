"""A complaint names a user and a time: the log alone tells what became of that reminder, and why."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest

from planner import journal
from planner.catalogue import reminders
from planner.store.news import Life, News, What
from planner.telemetry.logs import set_up
from tests.stories.story import states
from tests.virtual import FakeClock
from tests.world import ALICE, DAY, HOUR, MINUTE, SECOND, World, a_world

Lines = Callable[[], list[dict]]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """What has been logged since, as it leaves the process."""
    stream = StringIO()
    level = logging.getLogger().level
    logs = set_up("INFO", stream)

    def read() -> list[dict]:
        logs.close()
        return [json.loads(line) for line in stream.getvalue().splitlines()]

    yield read
    logging.getLogger().setLevel(level)


def life(found: list[dict], number: int) -> list[dict]:
    """As whoever looks for it finds it: with grep, by the pattern that the module's own words name."""
    (pattern,) = re.findall(r"grep -P '(.*?)'", journal.__doc__ or "")
    one = re.compile(pattern.replace("12", str(number)))
    return [line for line in found if one.search(json.dumps(line)) and line["event"].startswith("reminder.")]


async def number_of(world: World) -> int:
    (row,) = await world.query("SELECT id FROM reminders")
    return row["id"]


async def test_a_reminder_that_came_in_time(tmp_path: Path, clock: FakeClock, lines: Lines) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea in 5 minutes")
        await alice.read(6 * MINUTE)
        number = await number_of(world)
    told = life(lines(), number)
    assert [line["event"] for line in told] == ["reminder.set", "reminder.sent"]
    assert {line["level"] for line in told} == {"INFO"}
    assert {(line["user"], line["kind"]) for line in told} == {(1, "event")}
    assert told[0]["due_at"].startswith("2026-11-21T10:05:00")
    assert (told[1]["attempts"], told[1]["lateness_ms"] < SECOND) == (1, True)
    assert all(len(line["trace_id"]) == 32 for line in told), "each leads to its trace"


async def test_one_that_was_late_says_what_kept_it(tmp_path: Path, clock: FakeClock, lines: Lines) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea in 5 minutes")
        world.chat.faults.set({"status": 500, "methods": ["sendMessage"]})
        await clock.sleep(10 * MINUTE)
        world.chat.faults.set({})
        await clock.sleep(2 * MINUTE)
        number = await number_of(world)
        (row,) = await world.query("SELECT attempts FROM reminders")
    told = life(lines(), number)
    events = [line["event"] for line in told]
    assert events[:2] == ["reminder.set", "reminder.retried"]
    assert "reminder.overdue" in events
    late = told[-1]
    assert (late["event"], late["level"]) == ("reminder.late", "ERROR")
    assert late["attempts"] == row["attempts"] > 1
    assert late["lateness_ms"] > 4 * MINUTE
    assert "500" in late["cause"]
    assert late["do"]
    retried = [line for line in told if line["event"] == "reminder.retried"]
    assert {line["level"] for line in retried} == {"WARNING"}
    assert all(line["until"] >= line["due_at"] for line in retried)


async def test_one_that_was_asked_to_wait(tmp_path: Path, clock: FakeClock, lines: Lines) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea in 5 minutes")
        world.chat.faults.set({"status": 429, "retry_after": 20, "methods": ["sendMessage"], "times": 1})
        await clock.sleep(6 * MINUTE)
        number = await number_of(world)
    told = life(lines(), number)
    assert [line["event"] for line in told] == ["reminder.set", "reminder.retried", "reminder.sent"]
    assert told[1]["until"].startswith("2026-11-21T10:05:2")


async def test_one_that_was_in_flight_at_a_crash(tmp_path: Path, clock: FakeClock, lines: Lines) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea in 5 minutes")
        world.chat.faults.set({"methods": ["sendMessage"], "answer_delay_ms": 5 * SECOND, "times": 1})
        await clock.sleep(5 * MINUTE)
        assert await states(world) == {"sending": 1}
        number = await number_of(world)
        await world.restart()
        await clock.sleep(MINUTE)
    told = life(lines(), number)
    assert [line["event"] for line in told] == ["reminder.set", "reminder.reclaimed", "reminder.sent"]
    assert (told[1]["level"], told[1]["cause"]) == ("WARNING", "in flight at a crash")


async def test_one_that_came_due_while_nobody_was_there(tmp_path: Path, clock: FakeClock, lines: Lines) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea in 5 minutes")
        number = await number_of(world)
        await world.restart(after=HOUR)
        await clock.sleep(MINUTE)
    late = life(lines(), number)[-1]
    assert (late["event"], late["cause"]) == ("reminder.late", "begun late: was down")


async def test_one_that_was_missed(tmp_path: Path, clock: FakeClock, lines: Lines) -> None:
    async with a_world(tmp_path, clock) as world:
        await world.person(ALICE).say("tea in 5 minutes")
        number = await number_of(world)
        await world.restart(after=2 * DAY)
        await clock.sleep(2 * MINUTE)
    told = life(lines(), number)
    assert (told[-1]["event"], told[-1]["level"]) == ("reminder.missed", "ERROR")


@pytest.mark.parametrize(
    ("fault", "event", "level"),
    [
        ({"status": 403}, "reminder.undeliverable", "WARNING"),
        ({"status": 400}, "reminder.failed", "ERROR"),
    ],
)
async def test_one_that_telegram_refused(
    tmp_path: Path, clock: FakeClock, lines: Lines, fault: dict, event: str, level: str
) -> None:
    async with a_world(tmp_path, clock) as world:
        await world.person(ALICE).say("tea in 5 minutes")
        world.chat.faults.set({**fault, "methods": ["sendMessage"]})
        await clock.sleep(6 * MINUTE)
        number = await number_of(world)
    told = life(lines(), number)
    assert [line["event"] for line in told] == ["reminder.set", event]
    assert (told[-1]["level"], bool(told[-1]["cause"])) == (level, True)


async def test_one_whose_event_was_moved(tmp_path: Path, clock: FakeClock, lines: Lines) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 10:00")
        number = await number_of(world)
        await alice.say("move dentist to tomorrow at 12:00")
        rows = await world.query("SELECT id, state FROM reminders ORDER BY id")
    assert [row["state"] for row in rows] == ["cancelled", "pending"]
    found = lines()
    told = life(found, number)
    assert [line["event"] for line in told] == ["reminder.set", "reminder.cancelled"]
    (again,) = life(found, rows[1]["id"])
    assert again["event_id"] == told[0]["event_id"], "the event leads from the one to the other"


async def test_one_whose_answer_was_lost_and_that_was_pressed(tmp_path: Path, clock: FakeClock, lines: Lines) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea in 5 minutes")
        world.chat.faults.set({"lose_answer": "hang", "methods": ["sendMessage"], "times": 1})
        number = await number_of(world)
        await clock.sleep(5 * MINUTE)
        await alice.press("10 min")
        await clock.sleep(MINUTE)
        avoided = next(
            one
            for one in world.telemetry.metrics.read([reminders.REPEATS_AVOIDED])
            if one.metric is reminders.REPEATS_AVOIDED
        )
    told = life(lines(), number)
    assert [line["event"] for line in told] == ["reminder.set", "reminder.arrived"]
    assert {point.labels: point.value for point in avoided.points}["reminder",] == 1


def lives(count: int, what: What = What.SET, **own: object) -> News:
    return News(lives=[Life(what, number, 1, 7, "event", DAY, **own) for number in range(1, count + 1)])


def test_some_share_a_line(lines: Lines) -> None:
    journal.changed(lives(45))
    told = [line for line in lines() if line["event"] == "reminder.set"]
    assert [len(line["reminder"].split()) for line in told] == [20, 20, 5]
    assert all(len(life(told, number)) == 1 for number in range(1, 46))
    assert life(told, 46) == []


@pytest.mark.parametrize("what", list(What))
def test_thousands_in_one_transaction_are_one_line(lines: Lines, what: What) -> None:
    journal.changed(lives(10_000, what, lateness_ms=5))
    (told,) = [line for line in lines() if line["event"] == f"reminder.{what}"]
    assert (told["count"], told["first"], told["last"], told["user"]) == (10_000, 1, 10_000, 1)


def test_the_late_are_told_apart_from_the_timely(lines: Lines) -> None:
    sent = [
        Life(What.SENT, number, 1, 7, "event", DAY, lateness_ms=late)
        for number, late in enumerate((MINUTE, MINUTE + 1))
    ]
    journal.changed(News(lives=sent))
    assert [(line["event"], line["reminder"]) for line in lines()] == [("reminder.sent", 0), ("reminder.late", 1)]
