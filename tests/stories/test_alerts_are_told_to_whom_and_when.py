"""Whom an alert is told to, and when: admins only; critical ones at night, too; what is muted not, and why is kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from planner import alerts, metrics
from planner.promises import load
from planner.store.alert_messages import What
from planner.telemetry.registry import Registry
from tests.stories.broken import BELOW, FAST, MEDIUM, SLOW, kept, states, trail, verdicts
from tests.stories.story import instant, quiet_hours, until
from tests.virtual import FakeClock
from tests.world import ALICE, BOB, HOUR, MALLORY, MINUTE, SECOND, Person, World, a_world, replace

SOON = 11 * SECOND
BETTER = "🔴 On-time reminders: better, but not over: too many failures within 6 hours"


@pytest.fixture
def rare_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """For stories of hours: a look a minute."""
    monkeypatch.setattr(alerts, "EVERY_MS", MINUTE)


def about(said: Sequence[str]) -> list[str]:
    """The first words of each message that is about an alert."""
    return [text.splitlines()[0] for text in said if text[0] in "🔴🟠🟡✅"]


async def at_night(world: World) -> Person:
    """Alice's quiet hours have begun an hour ago."""
    alice = world.person(ALICE)
    await alice.say("/start")
    await quiet_hours(alice, "22:00 - 07:00")
    await until(alice, instant("2026-11-21 23:00"))
    return alice


async def test_each_admin_hears_it_once_and_nobody_else_does(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, alerting=True, PLANNER_USERS="*", PLANNER_ADMINS="1,2,4") as world:
        alice, bob, carol = world.person(ALICE), world.person(BOB), world.person(MALLORY)
        for person in (alice, bob, carol):
            await person.say("/start")
        await verdicts(world, bad=3)
        assert [about(await person.read(SOON)) for person in (alice, bob, carol)] == [
            ["🔴 On-time reminders: too many failures within 1 hour"],
            ["🔴 On-time reminders: too many failures within 1 hour"],
            [],
        ]
        assert {user_id for _, user_id, *_ in await trail(world)} == {1, 2}, "4 never wrote, so there is no chat"


async def test_whoever_owns_the_bot_is_told_and_whom_they_invited_is_not(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, alerting=True) as world:
        alice, bob = world.person(ALICE), world.person(BOB)
        await alice.say("/start")
        code = next(line for line in (await alice.say("/invite"))[-1].splitlines() if "/start " in line)
        await bob.say("/start " + code.partition("/start ")[2].split()[0])
        await verdicts(world, bad=3)
        assert len(about(await alice.read(SOON))) == 1
        assert about(await bob.read(SOON)) == []


async def test_without_an_admin_it_is_kept_and_told_to_nobody(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, local=False, alerting=True) as world:
        await verdicts(world, bad=3)
        await clock.sleep(SOON)
        assert (await states(world))[FAST] == "firing"
        assert await trail(world) == []


async def test_where_the_stack_tells_the_planner_only_keeps_and_logs(
    tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture, rare_looks: None
) -> None:
    async with a_world(tmp_path, clock, alerting=True, PLANNER_ALERTS="stack") as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await verdicts(world, bad=3)
        assert await alice.read(HOUR) == []
        assert await states(world) == {**dict.fromkeys((MEDIUM, SLOW, BELOW), "firing"), FAST: "resolved"}
        assert await trail(world) == []
    assert [one.msg for one in caplog.records].count("slo.violated") == 4


async def test_what_is_critical_is_told_at_night_and_its_end_without_a_sound(
    tmp_path: Path, clock: FakeClock, rare_looks: None
) -> None:
    async with a_world(tmp_path, clock, alerting=True) as world:
        alice = await at_night(world)
        await verdicts(world, bad=3)
        assert about(await alice.read(2 * MINUTE)) == ["🔴 On-time reminders: too many failures within 1 hour"]
        told: list[dict[str, object]] = []
        world.telegram.call = _noting(world.telegram.call, told)  # type: ignore[method-assign]
        assert about(await alice.read(HOUR)) == [BETTER]
        assert [params.get("disable_notification") for params in told] == [True]


def _noting(call, told: list[dict[str, object]]):  # type: ignore[no-untyped-def]
    async def noting(method: str, params: dict[str, object]) -> object:
        if method == "sendMessage":
            told.append(params)
        return await call(method, params)

    return noting


async def test_a_warning_waits_for_the_morning(tmp_path: Path, clock: FakeClock, rare_looks: None) -> None:
    async with a_world(tmp_path, clock, alerting=True) as world:
        alice = await at_night(world)
        await until(alice, instant("2026-11-22 05:00"))
        await verdicts(world, bad=2)
        assert about(await until(alice, instant("2026-11-22 06:59"))) == []
        assert (SLOW, 1, "firing", "waiting", "quiet hours") in await trail(world)
        said = await until(alice, instant("2026-11-22 07:02"))
        assert about(said) == ["🟡 On-time reminders: failures are adding up"]
        assert "early notice" not in said[0], "nothing of the budget is left"
        assert "So it has been since today at 05:0" in said[0]


async def test_a_warning_that_is_over_by_the_morning_is_not_told_and_its_row_says_why(
    tmp_path: Path, clock: FakeClock, rare_looks: None
) -> None:
    async with a_world(tmp_path, clock, alerting=True) as world:
        alice = await at_night(world)
        await verdicts(world, bad=2)
        assert about(await until(alice, instant("2026-11-22 09:00"))) == []
        assert (await states(world))[SLOW] == "resolved"
        assert await trail(world) == [
            (SLOW, 1, "firing", "dropped", "over before it was told (quiet hours)"),
            (BELOW, 1, "firing", "dropped", "silenced by reminders/slow"),
        ]


async def test_what_waits_is_not_told_once_something_graver_was(
    tmp_path: Path, clock: FakeClock, rare_looks: None
) -> None:
    async with a_world(tmp_path, clock, alerting=True) as world:
        alice = await at_night(world)
        await until(alice, instant("2026-11-22 06:30"))
        await verdicts(world, bad=2)
        await alice.read(5 * MINUTE)
        await verdicts(world, bad=2)
        assert about(await until(alice, instant("2026-11-22 07:05"))) == [
            "🔴 On-time reminders: too many failures within 1 hour"
        ]
        assert (SLOW, 1, "firing", "dropped", "silenced by reminders/fast") in await trail(world)


async def test_what_is_muted_is_kept_and_not_told_unless_it_outlasts_that(
    tmp_path: Path, clock: FakeClock, rare_looks: None
) -> None:
    async with a_world(tmp_path, clock, alerting=True) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await verdicts(world, bad=3)
        assert len(about(await alice.read(2 * MINUTE))) == 1
        muted_until = clock.now() + 2 * HOUR
        fast = (await kept(world))[FAST].id
        await world.store.write(lambda tx: tx.alerts.mute(fast, ALICE.id, muted_until))
        assert about(await alice.read(HOUR)) == []
        assert (FAST, 1, "resolved", "waiting", "muted") in await trail(world)
        for _ in range(3):
            await verdicts(world, bad=3)
            assert about(await alice.read(18 * MINUTE)) == []
            assert (FAST, 1, "firing", "waiting", "muted") in await trail(world)
        assert about(await until(alice, muted_until + 2 * MINUTE)) == [
            "🔴 On-time reminders: too many failures within 1 hour"
        ], "it fires still, and nobody has heard of it"
        assert about(await alice.read(HOUR)) == [BETTER], "the mute is over, too"


async def test_a_muted_alert_speaks_for_no_other(tmp_path: Path, clock: FakeClock, rare_looks: None) -> None:
    async with a_world(tmp_path, clock, alerting=True) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        until_ms = clock.now() + HOUR
        await world.store.write(
            lambda tx: tx._db.execute("INSERT INTO alert_mutes VALUES ('reminders', 'fast', ?, 1)", (until_ms,))
        )
        await verdicts(world, bad=3)
        assert about(await alice.read(2 * MINUTE)) == ["🔴 On-time reminders: too many failures within 6 hours"]


async def test_the_end_of_what_was_told_is_told_when_it_is_no_longer_muted(
    tmp_path: Path, clock: FakeClock, rare_looks: None
) -> None:
    async with a_world(tmp_path, clock, alerting=True) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await verdicts(world, bad=3)
        assert len(about(await alice.read(2 * MINUTE))) == 1
        fast, until_ms = (await kept(world))[FAST].id, clock.now() + HOUR
        await world.store.write(lambda tx: tx.alerts.mute(fast, ALICE.id, until_ms))
        assert about(await until(alice, until_ms - MINUTE)) == []
        assert about(await alice.read(5 * MINUTE)) == [BETTER]


async def test_what_is_over_while_it_is_muted_is_never_told(tmp_path: Path, clock: FakeClock, rare_looks: None) -> None:
    async with a_world(tmp_path, clock, alerting=True) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await verdicts(world, bad=3)
        await alice.read(HOUR)
        fast = (await kept(world))[FAST].id
        await world.store.write(lambda tx: tx.alerts.mute(fast, ALICE.id, clock.now() + 8 * HOUR))
        await verdicts(world, bad=3)
        assert about(await alice.read(HOUR)) == []
        assert (await trail(world))[-1] == (FAST, 1, "firing", "dropped", "over before it was told (muted)")


@pytest.mark.parametrize(
    ("faults", "cause"),
    [
        ({"methods": ["sendMessage"], "status": 400, "description": "Bad Request: chat not found"}, "chat not found"),
        ({"blocked": [1]}, "blocked"),
    ],
)
async def test_what_telegram_refuses_is_kept_with_the_reason(
    tmp_path: Path, clock: FakeClock, faults: dict[str, object], cause: str
) -> None:
    async with a_world(tmp_path, clock, alerting=True) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        world.chat.faults.set(faults)
        await verdicts(world, bad=3)
        assert await alice.read(SOON) == []
        ((_, _, what, state, why), *_) = await trail(world)
        assert (what, state) == ("firing", "dropped")
        assert cause in why
        assert await points(world, "planner.alert.messages") == {("delivered",): 0.0, ("dropped",): 4.0}


async def test_who_has_blocked_the_bot_is_not_written_to(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, alerting=True) as world:
        await world.person(ALICE).say("/start")
        await world.store.write(lambda tx: tx.users.freeze(ALICE.id))
        await verdicts(world, bad=3)
        await clock.sleep(SOON)
        assert (await trail(world))[0] == (FAST, 1, "firing", "dropped", "the user has blocked the bot")


async def test_metrics_say_what_fires_and_what_was_told(tmp_path: Path, clock: FakeClock, rare_looks: None) -> None:
    async with a_world(tmp_path, clock, alerting=True) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        assert await points(world, "planner.alerts") == dict.fromkeys(await points(world, "planner.alerts"), 0.0)
        await verdicts(world, bad=3)
        await alice.read(2 * MINUTE)
        found = await points(world, "planner.alerts")
        assert {labels for labels, value in found.items() if value} == {
            ("reminders", "fast", "critical", "firing"),
            ("reminders", "medium", "critical", "firing"),
            ("reminders", "slow", "warning", "firing"),
            ("reminders", "below", "warning", "firing"),
        }
        await alice.read(HOUR)
        assert (await points(world, "planner.alerts"))["reminders", "fast", "critical", "firing"] == 0.0
        assert await points(world, "planner.alert.messages") == {("delivered",): 2.0, ("dropped",): 3.0}


async def points(world: World, name: str) -> dict[tuple[str, ...], float]:
    read = await metrics.read(world.store, load().slos, world.clock.now(), Registry())
    (found,) = (one for one in read if one.metric.name == name)
    return {point.labels: point.value for point in found.points}


async def test_an_alert_that_slo_toml_no_longer_has_ends(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, alerting=True) as world:
        await world.person(ALICE).say("/start")
        await verdicts(world, bad=3)
        await clock.sleep(SOON)
        await world.store.write(lambda tx: tx._db.execute("UPDATE alerts SET tier = 'old' WHERE tier = 'fast'"))
        await clock.sleep(SOON)
        old = (await kept(world))["reminders/old"]
        assert str(old.alert.state) == "resolved"
        assert old.facts["cause"] == "slo.toml has no such alert any more"
        (told,) = [one for one in await world.store.read(lambda tx: tx.alert_messages.of(old.id))
                   if one.what is What.RESOLVED]  # fmt: skip
        assert (str(told.state), told.cause) == ("dropped", "slo.toml has no such alert any more")


async def test_who_is_forgotten_leaves_the_alert_without_a_name(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, alerting=True) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await verdicts(world, bad=3)
        await alice.read(SOON)
        fast = (await kept(world))[FAST].id
        assert await world.store.write(lambda tx: tx.alerts.acknowledge(fast, ALICE.id, clock.now()))
        assert not await world.store.write(lambda tx: tx.alerts.acknowledge(fast, BOB.id, clock.now())), "the first is"
        await alice.say("/forget")
        await alice.press("Forget everything")
        one = (await kept(world))[FAST]
        assert (one.acknowledged_by, one.acknowledged_at is not None) == (None, True)
        assert await trail(world) == []


async def test_who_is_no_admin_any_more_by_then_is_not_told(tmp_path: Path, clock: FakeClock, rare_looks: None) -> None:
    async with a_world(tmp_path, clock, alerting=True, PLANNER_USERS="*", PLANNER_ADMINS="1,2") as world:
        alice, bob = world.person(ALICE), world.person(BOB)
        for person in (alice, bob):
            await person.say("/start")
        until_ms = clock.now() + 20 * MINUTE
        await world.store.write(
            lambda tx: tx._db.executemany(
                "INSERT INTO alert_mutes VALUES ('reminders', ?, ?, 1)",
                [(tier, until_ms) for tier in ("fast", "medium", "slow", "below")],
            )
        )
        await verdicts(world, bad=3)
        assert about(await alice.read(2 * MINUTE)) == []
        world.settings = replace(world.settings, admins=frozenset({ALICE.id}))
        await world.restart()
        assert len(about(await alice.read(20 * MINUTE))) == 1
        assert about(await bob.read(SECOND)) == []
        assert (FAST, 2, "firing", "dropped", "no admin any more") in await trail(world)
