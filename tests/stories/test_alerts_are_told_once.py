"""A broken promise is told to every admin: once, within half a minute, whatever falls over meanwhile."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import pytest

from planner import alerts
from planner.alerts import telling
from planner.store import Tx
from tests.stories.broken import BELOW, FAST, MEDIUM, SLOW, kept, states, trail, verdicts
from tests.virtual import START, FakeClock
from tests.world import ALICE, BOB, DAY, HOUR, MINUTE, SECOND, SLOS, World, a_world


@pytest.fixture
def rare_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """For stories of hours: a look a minute."""
    monkeypatch.setattr(alerts, "EVERY_MS", MINUTE)


SOON = 11 * SECOND
"""By then an alert that is to fire has fired and is told."""
TITLE = "🔴 On-time reminders: too many failures within 1 hour"


async def alarmed(world: World) -> list[str]:
    """Alice is here, and three reminders of an hour are bad; what she hears of it."""
    alice = world.person(ALICE)
    await alice.say("/start")
    await verdicts(world, bad=3)
    return await alice.read(SOON)


async def test_from_the_third_late_reminder_to_the_message_it_takes_less_than_half_a_minute(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock, alerting=True, PLANNER_USERS="1,2", PLANNER_ADMINS="1") as world:
        alice, bob = world.person(ALICE), world.person(BOB)
        await alice.say("/start")
        for minute in (20, 21, 22):
            await bob.say(f"tea in {minute} minutes")
        world.chat.faults.set({"methods": ["sendMessage"], "chat_id": BOB.id, "status": 429, "retry_after": 600})
        heard: list[str] = []
        while not (heard and heard[-1].startswith("🔴")):
            heard += await alice.read(SECOND)
            assert world.clock.now() < START + HOUR, heard
        (last,) = await world.query("SELECT max(due_at) + 60000 AS broken_at FROM reminders")
        assert 0 <= world.clock.now() - last["broken_at"] < 30 * SECOND
        assert [text.split(":")[0] for text in heard] == ["🟡 On-time reminders", "🔴 On-time reminders"]
        assert heard[-1].splitlines() == [
            TITLE,
            "People hear of what they have to do too late, or not at all.",
            "",
            "Within 1 hour: 3 of 3 reminders late or never sent. Allowed: 1 in 100.",
            "So it has been since today at 10:23.",
            "All the failures allowed within 1 week are used up.",
        ]
        assert await alice.buttons() == [
            "👀 I am on it",
            "🔎 Which ones",
            "🛠 What to do",
            "🔄 How to restart",
            "🔕 1 hour",
            "🔕 8 hours",
        ]
        assert (await alice.button("8 hours"))[1] == f"alert:mute8:{(await kept(world))[FAST].id}"
        reminders = [row["id"] for row in await world.query("SELECT id FROM reminders ORDER BY due_at DESC")]
        assert (await kept(world))[FAST].facts["bad_events"] == reminders
        world.chat.faults.set({})
        assert all("tea" in text for text in await bob.read(2 * HOUR)), "bob is no admin"


async def test_it_is_told_once_that_it_fires_and_once_that_it_is_over(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, alerting=True) as world:
        (firing,) = await alarmed(world)
        assert firing.startswith(TITLE)
        assert await states(world) == dict.fromkeys((FAST, MEDIUM, SLOW, BELOW), "firing")
        over = (await world.person(ALICE).read(HOUR))[-1]
        assert over.splitlines()[:3] == [
            "🔴 On-time reminders: better, but not over: too many failures within 6 hours",
            "What is over: too many failures within 1 hour.",
            "It lasted 40 min, from today at 10:00 to today at 10:39.",
        ]
        assert "✅" not in over


async def test_every_alert_leaves_a_row_and_every_message_what_became_of_it(
    tmp_path: Path, clock: FakeClock, rare_looks: None
) -> None:
    async with a_world(tmp_path, clock, alerting=True) as world:
        await alarmed(world)
        await clock.sleep(5 * HOUR)
        assert await states(world) == {**dict.fromkeys((FAST, MEDIUM, SLOW), "resolved"), BELOW: "firing"}
        silenced = "silenced by reminders/fast"
        assert await trail(world) == [
            (FAST, 1, "firing", "delivered", ""),
            (FAST, 1, "resolved", "delivered", ""),
            (MEDIUM, 1, "firing", "dropped", silenced),
            (SLOW, 1, "firing", "dropped", silenced),
            (BELOW, 1, "firing", "dropped", silenced),
        ]
        fast = (await kept(world))[FAST]
        assert fast.facts["bad"] == 3
        assert fast.facts["objective"] == 0.99
        assert fast.alert.fired_at is not None
        assert fast.alert.resolved_at is not None
        assert 0 < fast.alert.resolved_at - fast.alert.fired_at < 45 * MINUTE
        (row,) = await world.query("SELECT min(delivered_at - owed_at) AS least FROM alert_messages")
        assert row["least"] is not None


async def test_one_bad_reminder_in_a_quiet_week_wakes_nobody(
    tmp_path: Path, clock: FakeClock, rare_looks: None
) -> None:
    async with a_world(tmp_path, clock, alerting=True) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await verdicts(world, bad=1)
        assert await alice.read(7 * HOUR) == []
        assert await states(world) == {}


async def test_where_nothing_comes_due_nothing_is_broken(tmp_path: Path, clock: FakeClock, rare_looks: None) -> None:
    async with a_world(tmp_path, clock, alerting=True) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        assert await alice.read(7 * HOUR) == []
        assert await states(world) == {}
        assert await world.query("SELECT * FROM alerts") == []


async def test_what_fires_again_is_told_again(tmp_path: Path, clock: FakeClock, rare_looks: None) -> None:
    async with a_world(tmp_path, clock, alerting=True) as world:
        await alarmed(world)
        alice = world.person(ALICE)
        await alice.read(HOUR)
        await verdicts(world, bad=3)
        (said,) = await alice.read(2 * MINUTE)
        assert said.startswith(TITLE)
        assert len(await world.query("SELECT * FROM alerts WHERE tier = 'fast'")) == 2


async def test_a_restart_repeats_nothing_and_forgets_nothing(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, alerting=True) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await verdicts(world, bad=3)
        assert len(await alice.read(SOON)) == 1
        for _ in range(3):
            await world.restart(after=MINUTE)
            assert await alice.read(SOON) == []
        (over,) = await alice.read(2 * HOUR)
        assert over.startswith("🔴 On-time reminders: better, but not over")
        assert len(await world.query("SELECT * FROM alerts WHERE tier = 'fast'")) == 1


async def test_what_lasts_through_a_stop_is_over_no_sooner_than_it_would_be(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, alerting=True) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await verdicts(world, bad=3)
        await alice.read(SOON)
        await world.restart(after=HOUR)
        await clock.sleep(29 * MINUTE)
        assert (await states(world))[FAST] == "firing", "nobody saw for half an hour that it was not so"
        await clock.sleep(2 * MINUTE)
        assert (await states(world))[FAST] == "resolved"


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """``fast`` burns for two minutes before anybody is told."""
    found = [replace(slo, tiers=(replace(slo.tiers[0], for_ms=2 * MINUTE),)) for slo in SLOS if slo.id == "reminders"]
    monkeypatch.setattr("tests.world.SLOS", [replace(slo, alert_below=0.01) for slo in found])


async def test_what_is_pending_tells_nobody_and_is_kept_until_it_fires_or_not(
    tmp_path: Path, clock: FakeClock, waiting: None
) -> None:
    async with a_world(tmp_path, clock, alerting=True) as world:

        async def all_states() -> list[str]:
            return [
                one["state"] for one in await world.query("SELECT state FROM alerts WHERE tier = 'fast' ORDER BY id")
            ]

        alice = world.person(ALICE)
        await alice.say("/start")
        await verdicts(world, bad=3, good=1)
        assert await alice.read(SOON) == []
        assert await all_states() == ["pending"]
        await verdicts(world, bad=0, good=1_000)
        assert await alice.read(3 * MINUTE) == []
        assert await all_states() == ["inactive"]
        await verdicts(world, bad=100)
        assert await alice.read(MINUTE) == []
        await world.restart()
        assert await all_states() == ["inactive", "pending"]
        assert await alice.read(50 * SECOND) == []
        (told,) = await alice.read(30 * SECOND)
        assert told.startswith(TITLE)
        assert await all_states() == ["inactive", "firing"]


async def test_what_fired_while_the_clock_was_ahead_is_over_when_it_would_be(
    tmp_path: Path, clock: FakeClock, rare_looks: None
) -> None:
    async with a_world(tmp_path, clock, alerting=True) as world:
        await world.person(ALICE).say("/start")
        clock.jump(30 * DAY)
        await verdicts(world, bad=3)
        await clock.sleep(5 * MINUTE)
        assert (await states(world))[FAST] == "firing"
        clock.jump(-30 * DAY)
        await clock.sleep(2 * MINUTE)
        alert = (await kept(world))[FAST].alert
        assert alert.state == "firing"
        assert max(alert.pending_at, alert.fired_at or 0, alert.held_at) <= clock.now()
        await world.restart()
        await clock.sleep(33 * MINUTE)
        assert (await states(world))[FAST] == "resolved"


async def test_a_kill_before_the_commit_leaves_nothing_and_the_next_run_tells_it(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_world(tmp_path, clock, alerting=True) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await verdicts(world, bad=3)
        with monkeypatch.context() as patched:
            patched.setattr(telling, "_owe", _killed)
            assert await alice.read(SOON) == []
            assert await world.query("SELECT * FROM alerts") == [], "neither the alert nor its messages"
            await world.crash()
        await world.start()
        assert len(await alice.read(SOON)) == 1
        assert len(await world.query("SELECT * FROM alerts WHERE tier = 'fast'")) == 1


def _killed(tx: Tx, *_: object) -> None:
    raise RuntimeError("as if the process had ended here")


async def test_a_kill_between_commit_and_sending_loses_no_message(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, alerting=True) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        world.chat.faults.set({"methods": ["sendMessage"], "hang": True})
        await verdicts(world, bad=3)
        assert await alice.read(SOON) == []
        assert (FAST, 1, "firing", "owed", "") in await trail(world)
        await world.crash()
        world.chat.faults.set({})
        await world.start()
        assert len(await alice.read(SOON)) == 1
        assert (FAST, 1, "firing", "delivered", "") in await trail(world)


async def test_a_kill_between_sending_and_noting_it_repeats_the_message_at_most(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock, alerting=True) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        world.chat.faults.set({"methods": ["sendMessage"], "answer_delay_ms": 20 * SECOND})
        await verdicts(world, bad=3)
        assert len(await alice.read(SOON)) == 1
        await world.crash()
        world.chat.faults.set({})
        await world.start()
        assert len(await alice.read(SOON)) == 1
        assert await alice.read(10 * MINUTE) == []
        assert len(await world.query("SELECT * FROM alerts WHERE tier = 'fast'")) == 1
        assert (FAST, 1, "firing", "delivered", "") in await trail(world)


async def test_each_firing_and_its_end_stand_in_the_log(
    tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with a_world(tmp_path, clock, alerting=True) as world:
        await alarmed(world)
        await clock.sleep(HOUR)
        violated = [vars(one) for one in caplog.records if one.msg == "slo.violated"]
        recovered = [vars(one) for one in caplog.records if one.msg == "slo.recovered"]
    assert [one["tier"] for one in violated] == ["fast", "medium", "slow", "below"]
    assert {one["levelname"] for one in violated} == {"ERROR"}
    names = ("slo", "alert", "sli", "objective", "window_s", "bad", "budget_left", "bad_events", "runbook")
    assert {name: violated[0][name] for name in names} == {
        "slo": "reminders",
        "alert": "PlannerRemindersFastBurn",
        "sli": 0.0,
        "objective": 0.99,
        "window_s": 7 * DAY // SECOND,
        "bad": 3,
        "budget_left": -99.0,
        "bad_events": [],
        "runbook": "stack/runbooks/slo-reminders.md",
    }
    assert [(one["levelname"], one["tier"]) for one in recovered] == [("INFO", "fast")]
