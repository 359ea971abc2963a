"""/slo and /health: an owner sees how each promise stands and how each part is, in their language and their days."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner import __version__, picture
from planner.chat import standings
from planner.health import WELL, Check, Verdict, degraded, failing
from planner.i18n import LANGS, words
from planner.promises import load
from planner.render.numbers import KB
from planner.slo.objectives import Slo
from planner.slo.status import Status
from planner.store.backup import LAST_BACKUP
from tests.stories.broken import verdicts
from tests.stories.story import pressed, zone
from tests.virtual import START, FakeClock
from tests.world import ALICE, BOB, DAY, HOUR, MALLORY, MINUTE, SLOS, World, a_world, replace

NBSP = "\N{NO-BREAK SPACE}"
ONLY_OWNERS = "Only the owner"


async def counted(world: World, slo: str, at: int, good: int, bad: int = 0) -> None:
    given = [(slo, at, True)] * good + [(slo, at, False)] * bad
    await world.store.write(lambda tx: tx.counts.add_many(given))


def card(said: str, name: str) -> list[str]:
    """The lines of one promise's card."""
    (found,) = (part.splitlines() for part in said.split("\n\n") if name in part.splitlines()[0])
    return found


async def test_each_promise_has_a_card_with_rate_budget_burn_and_trend(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await counted(world, "syncs", START - 3 * DAY, good=960, bad=30)
        await counted(world, "syncs", START, good=10)
        (said,) = await alice.say("/slo")
        assert card(said, "Calendar syncs") == [
            "✅ Calendar syncs: kept",
            f"97{NBSP}% in 7 d, promised 95{NBSP}%",
            "30 of 1000 syncs failed",
            f"Budget ■■■■□□□□□□ 40{NBSP}%",
            "Burns 0× in 1 h, 0× in 1 d",
            "Trend: ···▆··█",
        ]
        idle, heartbeat = card(said, "💤")
        assert "On-time reminders, On-time daily plans, " in idle
        assert heartbeat.startswith("Heartbeat heard: set PLANNER_HEARTBEAT_URL")
        assert [slo.name for slo in SLOS if slo.name in said] == [slo.name for slo in SLOS]


async def test_what_is_broken_overdrawn_or_too_little_to_tell_is_said(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await counted(world, "reminders", START - HOUR, good=19, bad=1)
        await counted(world, "plans", START - HOUR, good=7)
        await counted(world, "syncs", START - HOUR, good=0, bad=50)
        (said,) = await alice.say("/slo")
        reminders, plans = card(said, "On-time reminders"), card(said, "On-time daily plans")
        assert reminders[0] == "❌ On-time reminders: broken"
        assert reminders[2:4] == [
            "1 of 20 reminders late or never sent: too few to be sure",
            "Budget □□□□□□□□□□ spent 5×",
        ]
        assert plans[:3] == [
            "✅ On-time daily plans: kept",
            f"100{NBSP}% in 7 d, promised 99{NBSP}%",
            "all 7 good: too few to be sure",
        ]
        assert card(said, "Calendar syncs")[2:5] == [
            "50 of 50 syncs failed",
            "Budget □□□□□□□□□□ spent 20×",
            "Burns 20× in 1 h, 20× in 1 d",
        ]


async def test_a_day_is_the_readers_own(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await counted(world, "syncs", START - 11 * HOUR, good=3)  # 23:00 UTC, and past midnight in Tokyo
        assert card((await alice.say("/slo"))[0], "Calendar syncs")[-1] == "Trend: ·····█·"
        await zone(alice, "Tokyo")
        assert card((await alice.say("/slo"))[0], "Calendar syncs")[-1] == "Trend: ······█"


async def test_what_is_overdue_without_a_verdict_counts(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await alice.say("tea in 5 minutes")
        world.planner.scheduler.silence()
        await alice.read(10 * MINUTE)
        (said,) = await alice.say("/slo")
        assert await world.query("SELECT verdict FROM reminders") == [{"verdict": None}]
        assert card(said, "On-time reminders")[2] == "1 of 1 reminder late or never sent"
        assert card(said, "On-time reminders")[-1] == "Trend: ······▁"


async def test_it_is_said_in_the_owners_language(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(replace(ALICE, language_code="ru"))
        await alice.say("/start")
        await counted(world, "syncs", START, good=999, bad=1)
        (said,) = await alice.say("/slo")
        assert card(said, "Обновление календарей")[1] == f"99,9{NBSP}% за 7 дн., обещано 95{NBSP}%"
        assert "Calendar" not in said


async def test_the_trends_come_as_a_picture_light_or_dark(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await verdicts(world, bad=1, good=99)
        await alice.say("/slo")
        await alice.press("Trends as a picture")
        await alice.press("🌙 Dark")
        drawn = [row for row in await alice.rows() if row.get("file")]
        assert [row["text"] for row in drawn] == ["The last 7 days of what I promise"] * 2
        assert all(row["file"]["photo"] for row in drawn)
        message, _ = await alice.button("Light")
        assert "no longer works" in await pressed(alice, message, "trends:pink")


async def test_without_pillow_there_is_no_button_for_it(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture, "available", lambda: False)
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await alice.say("/slo")
        assert await alice.buttons() == ["Alerts", "Health"]
        message, _ = await alice.button("Alerts")
        await pressed(alice, message, "trends")
        assert "planner[pictures]" in (await alice.read())[-1]


async def test_health_names_each_part_with_its_cause_and_since_when(tmp_path: Path, clock: FakeClock) -> None:
    found: dict[str, Verdict] = {"database": WELL, "telegram": WELL, "feeds": WELL}

    def check(name: str) -> Check:
        async def look() -> Verdict:
            return found[name]

        return Check(name, look, decides=name != "feeds")

    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        world.health.put([check(name) for name in found])
        await world.health.look()
        await alice.read(2 * HOUR)
        assert (await alice.say("/health"))[0].splitlines()[:2] == ["I am well", "✅ Database, for 2 h"]
        found["feeds"] = degraded("3 of 4 cannot be synced")
        await world.health.look()
        assert (await alice.say("/health"))[0].startswith("Not all is well, but I am at work\n")
        found["telegram"] = failing("no answer to sending", clock.now() - 5 * MINUTE)
        await world.health.look()
        assert (await alice.say("/health", settle=MINUTE))[0].splitlines()[:6] == [
            "I am not well",
            "✅ Database, for 2 h",
            "❌ Telegram, for 5 min",
            "Telegram does not answer when I send",
            "⚠️ Calendars, for 1 min",
            "3 of 4 cannot be synced",
        ]


async def test_health_says_what_else_a_host_looks_at(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await alice.read(3 * HOUR)
        said = (await alice.say("/health"))[0].splitlines()
        assert said[-1] == "Next reminder: none is set"
        assert said[-2] == "Last backup: none yet. planner.py backup FILE makes one."
        await alice.say("tea in 20 minutes")
        await world.store.write(lambda tx: tx.settings.put(LAST_BACKUP, str(START - DAY)))
        said = (await alice.say("/health"))[0].splitlines()
        megabytes = sum(world.store.sizes().values()) / KB / KB
        held = world.planner.scheduler.held()
        assert said[-6:] == [
            f"Version {__version__}",
            "At work for 3 h",
            f"Timers held for what is due soon: {held}",
            f"Database: {megabytes:.1f} MB",
            "Last backup: yesterday at 10:00, 1 day 3 h ago",
            "Next reminder: today at 13:20, in 20 min",
        ]


async def test_health_does_not_say_that_all_is_well_while_promises_are_broken(tmp_path: Path, clock: FakeClock) -> None:
    async def look() -> Verdict:
        return WELL

    async with a_world(tmp_path, clock, alerting=True) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        world.health.put([Check("database", look)])
        await world.health.look()
        assert (await alice.say("/health"))[0].splitlines()[0] == "I am well"
        await verdicts(world, bad=3)
        await verdicts(world, bad=3, slo="plans")
        await alice.read(MINUTE)
        head = (await alice.say("/health"))[0].splitlines()[0]
        assert head == "My parts are well, but 2 promises are in trouble: /alerts"


async def test_what_waits_to_be_sent_is_no_next_reminder(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="1,2", PLANNER_ADMINS="1") as world:
        alice, bob = world.person(ALICE), world.person(BOB)
        await alice.say("/start")
        await bob.say("tea in 2 minutes")
        await bob.say("soup in 30 minutes")
        world.chat.faults.set({"methods": ["sendMessage"], "chat_id": BOB.id, "status": 429, "retry_after": 900})
        await alice.read(5 * MINUTE)
        assert (await alice.say("/health"))[0].splitlines()[-2:] == [
            "Waiting to be sent since: today at 10:02, 3 min ago",
            "Next reminder: today at 10:30, in 25 min",
        ]


async def test_what_is_broken_comes_first_and_what_is_idle_last(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await counted(world, "reminders", START - HOUR, good=1_000)
        await counted(world, "syncs", START - HOUR, good=0, bad=50)
        heads = [part.splitlines()[0][0] for part in (await alice.say("/slo"))[0].split("\n\n")[1:-1]]
        assert heads[0] == "❌"
        assert heads[-1] == "💤"
        assert heads.count("💤") == 1
        assert set(heads[1:-1]) == {"✅"}


def test_in_the_picture_a_bad_day_and_a_worse_one_differ() -> None:
    bars = pytest.importorskip("planner.picture.bars")
    assert bars.height(849, 151, 0.99) > 2 * bars.height(400, 600, 0.99) > 0
    assert bars.height(99, 1, 0.99) == pytest.approx(bars.PROMISED)
    assert bars.height(989, 11, 0.99) < bars.PROMISED < bars.height(991, 9, 0.99)


async def test_only_owners_are_shown_any_of_it(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="1,2", PLANNER_ADMINS="1") as world:
        bob, mallory = world.person(BOB), world.person(MALLORY)
        await bob.say("/start")
        message, _ = await bob.button("")
        for command in ("/slo", "/alerts", "/health"):
            (said,) = await bob.say(command)
            assert said.startswith(ONLY_OWNERS)
        for data in ("slo", "alerts", "health", "trends", "trends:dark"):
            await pressed(bob, message, data)
            assert [text[: len(ONLY_OWNERS)] for text in await bob.read()] == [ONLY_OWNERS], data
        assert "somebody's own planner" in (await mallory.say("/slo"))[0]
        assert await mallory.say("/health") == []


async def test_help_has_a_chapter_for_owners_alone(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="1,2", PLANNER_ADMINS="1") as world:
        alice, bob = world.person(ALICE), world.person(BOB)
        for person in (alice, bob):
            await person.say("/start")
            await person.say("/help")
        assert "Running me" not in await bob.buttons()
        (said,) = await alice.press("Running me")
        assert all(command in said for command in ("/slo", "/alerts", "/health"))


def test_a_budgets_bar_is_full_only_unspent_and_empty_only_spent() -> None:
    slo = load().slos[0]
    for total in (1, 7, 100, 1_000, 12_345):
        for bad in {0, 1, total // 200, total // 100, total // 2, total}:
            status = Status(slo, total - bad, bad)
            left = status.budget_left
            assert left is not None
            cells = standings.budget_bar(left).count(standings.FULL)
            assert len(standings.budget_bar(left)) == standings.CELLS
            assert (cells == standings.CELLS) is (bad == 0)
            assert (cells == 0) is (left <= 1e-9)


def test_a_day_stands_in_the_upper_half_only_if_the_promise_held() -> None:
    slo = load().slos[0]
    before: int | None = None
    for bad in range(101):
        level = standings.height(1_000 - bad, bad, slo.objective)
        assert level is not None
        assert (level >= len(standings.LEVELS) // 2) is (bad <= 10), bad
        assert (level == len(standings.LEVELS) - 1) is (bad == 0)
        assert before is None or level <= before
        before = level
    assert before == 0
    assert standings.height(0, 0, slo.objective) is None


@pytest.mark.parametrize("lang", [lang for lang in LANGS if lang != "en"])
def test_the_promises_of_the_program_have_names_in_every_language(lang: str) -> None:
    def name(slo: Slo) -> str:
        return words(lang).template(slo.name)

    assert {slo.name for slo in SLOS} == set(standings.NAMES)
    assert all(name(slo) != slo.name for slo in SLOS)
