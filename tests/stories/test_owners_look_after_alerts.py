"""/alerts and the buttons below an alert: who is on it, silence for a while, what went wrong, and nothing forged."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from planner import alerts
from planner.chat import alert_help, alert_steps
from planner.chat.overseen import Overseen, Runs
from planner.i18n import words
from planner.slo.objectives import COUNTS
from planner.store.alerts import Raised
from tests.stories.broken import FAST, SLOW, kept, states, verdicts
from tests.stories.story import pressed
from tests.virtual import FakeClock
from tests.world import ALICE, BOB, HOUR, MALLORY, MINUTE, SECOND, Person, World, a_world, replace

SOON = MINUTE + SECOND
ADMINS = {"PLANNER_USERS": "1,2,3", "PLANNER_ADMINS": "1,2"}


@pytest.fixture
def rare_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """For stories of hours: a look a minute."""
    monkeypatch.setattr(alerts, "EVERY_MS", MINUTE)


async def alarmed(*people: Person) -> Raised:
    """They have been told that an alert fires; what is kept of it."""
    world = people[0].world
    for person in people:
        await person.say("/start")
    await verdicts(world, bad=3)
    for person in people:
        await person.read(SOON)
    return (await kept(world))[FAST]


async def mutes(world: World) -> list[dict[str, object]]:
    return await world.query("SELECT slo, tier, until, muted_by FROM alert_mutes")


async def test_who_says_that_they_are_on_it_is_named_to_all(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, alerting=True, **ADMINS) as world:
        alice, bob = world.person(ALICE), world.person(BOB)
        raised = await alarmed(alice, bob)
        (said,) = await alice.press("I am on it")
        assert said.startswith("🔴 On-time reminders: too many failures")
        assert said.splitlines()[-1] == "👀 On it: Alice, today at 10:02"
        assert await alice.buttons() == [
            "🔎 Which ones",
            "🛠 What to do",
            "🔄 How to restart",
            "🔕 1 hour",
            "🔕 8 hours",
        ]
        await bob.read(5 * MINUTE)
        (said,) = await bob.press("I am on it")
        assert said.splitlines()[-1] == "👀 On it: Alice, today at 10:02", "the first to say so stays"
        current = (await kept(world))[FAST]
        assert current.acknowledged_by == ALICE.id
        assert raised.acknowledged_by is None


@pytest.mark.parametrize(("label", "length"), [("1 hour", HOUR), ("8 hours", 8 * HOUR)])
async def test_what_is_muted_says_until_when_and_can_be_heard_again(
    tmp_path: Path, clock: FakeClock, label: str, length: int
) -> None:
    async with a_world(tmp_path, clock, alerting=True) as world:
        alice = world.person(ALICE)
        await alarmed(alice)
        at = clock.now()
        (said,) = await alice.press(label)
        (mute,) = await mutes(world)
        assert at <= mute["until"] - length <= at + SECOND
        assert said.splitlines()[-1] == f"🔕 Silent until today at {'11' if length == HOUR else '18'}:01"
        assert await alice.buttons() == [
            "👀 I am on it",
            "🔎 Which ones",
            "🛠 What to do",
            "🔄 How to restart",
            "🔔 Tell me again",
        ]
        (said,) = await alice.press("Tell me again")
        assert "Silent" not in said
        assert await mutes(world) == []
        assert "🔕 1 hour" in await alice.buttons()


async def test_times_are_the_readers_own(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, alerting=True, zone="Asia/Tokyo") as world:
        alice = world.person(replace(ALICE, language_code="ru"))
        await alarmed(alice)
        (said,) = await alice.press("8 ч")
        assert said.splitlines()[-1] == "🔕 Молчу до: завтра в 03:01"


async def test_the_bad_ones_are_named_without_titles_or_people(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, alerting=True, **ADMINS) as world:
        alice, bob = world.person(ALICE), world.person(BOB)
        await alice.say("/start")
        for minute in range(1, 13):
            await bob.say(f"secret{minute} in {minute} minutes")
        world.chat.faults.set({"methods": ["sendMessage"], "chat_id": BOB.id, "status": 429, "retry_after": 900})
        await alice.read(15 * MINUTE)
        await world.store.write(
            lambda tx: tx._db.execute("UPDATE reminders SET reason = 'Too Many Requests' WHERE id = 11")
        )
        (said,) = await alice.press("Which ones")
        lines = [line for line in said.splitlines() if line.startswith("#")]
        assert len(lines) == 10
        assert lines[0].startswith("#12 · today at 10:12 · not sent yet")
        assert (
            "#11 · today at 10:11 · not sent yet\nTelegram asked me to wait before I write to this chat again\n" in said
        )
        assert "secret" not in said
        assert "Bob" not in said


async def test_one_that_came_late_says_how_late(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, alerting=True) as world:
        alice = world.person(ALICE)
        for minute in (5, 6, 7):
            await alice.say(f"tea in {minute} minutes")
        await world.restart(after=15 * MINUTE)
        await alice.read(MINUTE)
        message, _ = await alice.button("Which ones")
        await pressed(alice, message, f"alert:bad:{(await kept(world))[SLOW].id}")
        (said,) = await alice.read()
        assert "#1 · today at 10:05 · sent 10 min late" in said


async def test_what_is_counted_by_the_minute_has_no_single_ones(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, alerting=True) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await verdicts(world, bad=60, slo="heartbeat")
        await alice.read(SOON)
        (said,) = await alice.press("Which ones")
        assert said.startswith("Heartbeat heard: no single ones can be named.")


async def test_the_restart_hint_says_where_to_look_first(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, alerting=True) as world:
        alice = world.person(ALICE)
        await alarmed(alice)
        (said,) = await alice.press("How to restart")
        assert said.index("/health") < said.index("make run") < said.index("systemctl restart planner")
        assert "docker restart planner" in said
        assert "journalctl" not in said, "it runs by hand here"


@pytest.mark.parametrize("runs", list(Runs))
def test_the_first_command_fits_how_it_runs(runs: Runs) -> None:
    talk = SimpleNamespace(words=words("en"), overseen=Overseen(runs=runs))
    said = alert_help.restarting(talk).text  # type: ignore[arg-type]  # no more of it is looked at
    commands = [command for _, command in alert_help.COMMANDS.values()]
    assert min(commands, key=said.index) == alert_help.COMMANDS[runs][1]
    assert "python3 planner.py" not in said


@pytest.mark.parametrize(("lang", "label", "said"), [
    ("en", "What to do", ["On-time reminders: what to do", "1. /health says which of my parts is not well."]),
    ("ru", "Что делать", ["Напоминания вовремя: что делать", "1. /health покажет, какой из моих частей плохо."]),
])  # fmt: skip
async def test_what_to_do_is_said_in_the_chat(
    tmp_path: Path, clock: FakeClock, lang: str, label: str, said: list[str]
) -> None:
    async with a_world(tmp_path, clock, alerting=True) as world:
        alice = world.person(replace(ALICE, language_code=lang))
        await alarmed(alice)
        (steps,) = await alice.press(label)
        assert [line[: len(begin)] for line, begin in zip(steps.splitlines(), said, strict=False)] == said
        assert "runbook" not in steps


def test_there_are_steps_for_whatever_a_promise_can_count() -> None:
    assert set(alert_steps.STEPS) == set(COUNTS)


async def test_whoever_is_on_it_is_on_all_of_the_promises_alerts(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, alerting=True) as world:
        alice = world.person(ALICE)
        await alarmed(alice)
        await verdicts(world, bad=3, slo="plans")
        await alice.read(SOON)
        await alice.say("/alerts")
        await alice.press("🔴 1")
        await alice.press("I am on it")
        on_it = {rule: one.acknowledged_by for rule, one in (await kept(world)).items()}
        assert {rule: by for rule, by in on_it.items() if by is not None} == {
            f"reminders/{tier}": ALICE.id for tier in ("fast", "medium", "slow", "below")
        }


@pytest.mark.usefixtures("rare_looks", "rare_minutes")
async def test_alerts_lists_what_fires_and_what_is_over(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, alerting=True) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        assert (await alice.say("/alerts"))[0].splitlines() == ["No alert is firing.", "", "Nothing has fired yet."]
        await verdicts(world, bad=3)
        await alice.read(MINUTE)
        (said,) = await alice.say("/alerts")
        firing = said.split("\n\n")
        assert firing[0] == "Firing now"
        assert list((await states(world)).values()).count("firing") == 4
        assert len(firing) == 3, "one promise, and what the signs mean"
        assert firing[2] == "🔴 look now · 🟠 look today · 🟡 an early notice"
        first = firing[1].splitlines()
        assert first[0] == (
            "🔴 1. On-time reminders: too many failures within 1 hour, too many failures within 6 hours,"
            " below 98\N{NO-BREAK SPACE}%, failures are adding up"
        )
        assert first[1].startswith("since today at 10:0")
        assert first[1].endswith("· critical")
        assert first[2] == "Nobody is on it yet."
        await alice.press("🔴 1")
        await alice.press("I am on it")
        await alice.read(3 * HOUR)
        parts = (await alice.say("/alerts"))[0].split("\n\n")
        over = parts[parts.index("Over") + 1 :]
        (told,) = (part for part in over if "1 hour" in part)
        assert told.splitlines()[0].startswith("✅ On-time reminders: too many failures")
        assert "today at 10:0" in told
        assert "👀 Was on it: Alice, today at 10:0" in told


@pytest.mark.usefixtures("rare_looks", "rare_minutes")
async def test_an_old_alerts_buttons_touch_no_new_one(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, alerting=True) as world:
        alice = world.person(ALICE)
        old = await alarmed(alice)
        message, _ = await alice.button("I am on it")
        await alice.read(3 * HOUR)
        await verdicts(world, bad=3)
        await alice.read(2 * MINUTE)
        new = (await kept(world))[FAST]
        assert new.id != old.id
        await alice.press("8 hours")
        muted = await mutes(world)
        for verb in ("ack", "mute1", "mute8", "unmute"):
            assert await pressed(alice, message, f"alert:{verb}:{old.id}") == "This alert is over already."
        assert await mutes(world) == muted
        assert await world.query("SELECT id FROM alerts WHERE acknowledged_at IS NOT NULL") == []
        shown = next(row for row in await alice.rows() if row["message_id"] == message)
        assert shown["text"].startswith("✅ On-time reminders")


async def test_what_is_forged_or_pressed_by_others_does_nothing(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, alerting=True, PLANNER_USERS="1,2", PLANNER_ADMINS="1") as world:
        alice, bob, mallory = world.person(ALICE), world.person(BOB), world.person(MALLORY)
        await bob.say("/start")
        raised = await alarmed(alice)
        his, _ = await bob.button("")
        message, _ = await alice.button("I am on it")
        await bob.read()
        for verb in ("show", "ack", "mute1", "mute8", "unmute", "bad", "steps", "restart"):
            await pressed(bob, his, f"alert:{verb}:{raised.id}")
            assert [text[:14] for text in await bob.read()] == ["Only the owner"], verb
        await mallory.say("/start")
        refused = (await mallory.rows())[-1]["message_id"]
        await world.chat.press(mallory.chat, refused, f"alert:ack:{raised.id}", MALLORY)
        await mallory.read()
        for data in ("alert", "alert:ack", "alert:ack:x", "alert:ack:0", "alert:ack:-1", f"alert:ack:{10**30}",
                     f"alert:drop:{raised.id}", f"alert:ack:{raised.id}:1", "alert:ack:999"):  # fmt: skip
            assert "no longer works" in await pressed(alice, message, data), data
        assert (await kept(world))[FAST].acknowledged_by is None
        assert await mutes(world) == []


async def test_an_alert_that_slo_toml_no_longer_has_is_still_told_of(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await world.store.write(
            lambda tx: tx._db.execute(
                "INSERT INTO alerts (slo, tier, severity, state, pending_at, held_at, fired_at)"
                " VALUES ('parcels', 'fast', 'warning', 'firing', ?1, ?1, ?1)",
                (clock.now(),),
            )
        )
        assert "🟠 1. parcels: fast" in (await alice.say("/alerts"))[0]
        message, _ = await alice.button("1")
        for verb in ("show", "bad", "steps", "restart", "ack"):
            assert await pressed(alice, message, f"alert:{verb}:1") == ""
        assert any("no longer has this alert" in text for text in await alice.read())
