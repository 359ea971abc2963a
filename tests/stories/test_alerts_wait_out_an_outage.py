"""What could not be told in time is told as it is by then: in few messages that agree, and with why so late."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner import alerts, probing
from planner.alert_texts import UNREACHED
from tests.stories.broken import FAST, SLOW, states, trail, verdicts
from tests.virtual import FakeClock
from tests.world import ALICE, HOUR, MINUTE, SECOND, World, a_world, replace

SOON = 11 * SECOND
GONE = {"status": 502}
PROBED_MS = 2 * MINUTE


@pytest.fixture
def rare_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """For stories of hours: a look a minute. Probes come as often as ever: one finds out that the outage is over."""
    monkeypatch.setattr(alerts, "EVERY_MS", MINUTE)
    monkeypatch.setattr(probing, "EVERY_MS", PROBED_MS)


async def unreachable(world: World) -> None:
    """Telegram is gone, and the planner has seen it."""
    world.chat.faults.set(GONE)
    while world.planner.delivery.reachable:
        await world.clock.sleep(10 * SECOND)


@pytest.mark.usefixtures("rare_looks")
async def test_all_that_broke_in_an_outage_is_one_message_afterwards(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, alerting=True) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await unreachable(world)
        await verdicts(world, bad=3)
        await verdicts(world, bad=3, slo="plans")
        assert await alice.read(20 * MINUTE) == []
        assert {state for *_, state, _ in await trail(world)} == {"waiting", "dropped"}, "nothing is on its way"
        world.chat.faults.set({})
        (said,) = await alice.read(5 * MINUTE)
        assert said.splitlines()[0] == "While Telegram could not be reached, and I could not tell you:"
        assert sorted(line.split(": too many")[0] for line in said.splitlines()[1:]) == [
            "🔴 On-time daily plans",
            "🔴 On-time reminders",
            "🔴 Synthetic reminders",
        ]
        assert await alice.buttons() == ["Alerts", "Promises"]
        told = [one for one in await trail(world) if one[3] == "delivered"]
        assert sorted(rule for rule, *_ in told) == ["plans/fast", "probes/outage", "reminders/fast"]


@pytest.mark.parametrize(("lang", "first", "over"), [
    ("en", "While Telegram could not be reached, and I could not tell you:",
     "✅ On-time reminders: was broken from today at 10:0"),
    ("ru", "Пока до Telegram было не достучаться и я не мог сообщить:",
     "✅ Напоминания вовремя: нарушалось: сегодня в 10:0"),
])  # fmt: skip
@pytest.mark.usefixtures("rare_looks")
async def test_what_is_over_by_then_is_said_to_have_been(
    tmp_path: Path, clock: FakeClock, lang: str, first: str, over: str
) -> None:
    async with a_world(tmp_path, clock, alerting=True) as world:
        alice = world.person(replace(ALICE, language_code=lang))
        await alice.say("/start")
        earlier = [("reminders", clock.now() - 2 * HOUR, True)] * 1_000
        await world.store.write(lambda tx: tx.counts.add_many(earlier))
        await unreachable(world)
        await verdicts(world, bad=5)
        await verdicts(world, bad=3, slo="plans")
        assert await alice.read(HOUR) == []
        assert {rule: state for rule, state in (await states(world)).items() if "reminders" in rule} == {
            FAST: "resolved"
        }
        world.chat.faults.set({})
        (said,) = await alice.read(5 * MINUTE)
        lines = said.splitlines()
        assert lines[0] == first
        assert lines[-1].startswith(over), "what lasts comes first"
        assert said.count("✅") == 1, "of plans, another alert fires still"
        assert (FAST, 1, "firing", "delivered", "") in await trail(world)
        assert await alice.read(3 * MINUTE) == [], "its end was told with its beginning"


async def test_of_one_alone_its_end_is_told_with_its_figures(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, alerting=True) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        earlier = [("reminders", clock.now() - 2 * HOUR, True)] * 1_000
        await world.store.write(lambda tx: tx.counts.add_many(earlier))
        await unreachable(world)
        await verdicts(world, bad=5)
        await clock.sleep(SOON)
        assert (FAST, 1, "firing", "waiting", UNREACHED) in await trail(world)
        await world.store.write(
            lambda tx: tx._db.execute("UPDATE alerts SET state = 'resolved', resolved_at = ?", (clock.now(),))
        )
        await world.store.write(lambda tx: tx._db.execute("UPDATE counts SET bad = 0"))
        world.chat.faults.set({})
        (said,) = await alice.read(40 * MINUTE)
        assert said.startswith("✅ On-time reminders: over\nIt lasted ")
        assert said.endswith("You hear of it only now, because Telegram could not be reached.")


async def test_a_single_one_says_that_it_comes_late_and_its_end_that_it_was(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, alerting=True) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        world.chat.faults.set({"methods": ["sendMessage"], "hang": True})
        await verdicts(world, bad=3)
        await clock.sleep(SOON)
        assert (FAST, 1, "firing", "owed", "") in await trail(world)
        await world.crash()
        world.chat.faults.set({})
        await clock.sleep(20 * MINUTE)
        await world.start()
        (said,) = [text for text in await alice.read(SOON) if "Planner up" not in text]
        assert said.startswith("🔴 On-time reminders: too many failures within 1 hour")
        assert said.endswith("You hear of it only now, because I was not at work.")
        assert await alice.read(MINUTE) == []
        assert (FAST, 1, "firing", "delivered", "") in await trail(world)


async def test_a_graver_one_takes_back_a_lesser_one_that_is_not_sent_yet(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, alerting=True) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        world.chat.faults.set({"methods": ["sendMessage"], "chat_id": ALICE.id, "status": 429, "retry_after": 300})
        await verdicts(world, bad=2)
        await clock.sleep(SOON)
        assert (SLOW, 1, "firing", "owed", "") in await trail(world)
        await verdicts(world, bad=1)
        await clock.sleep(SOON)
        assert (SLOW, 1, "firing", "dropped", "silenced by reminders/fast") in await trail(world)
        world.chat.faults.set({})
        assert [text.splitlines()[0] for text in await alice.read(6 * MINUTE)] == [
            "🔴 On-time reminders: too many failures within 1 hour"
        ]
        assert (await states(world))[SLOW] == "firing"
        assert await world.query("SELECT * FROM answers") == []


async def test_who_is_to_be_told_and_never_wrote_is_named_at_the_start(
    tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_world(tmp_path, clock, alerting=True, PLANNER_ADMINS="99") as world:
        (unheard,) = [vars(one) for one in caplog.records if one.msg == "alerts.unheard"]
        assert (unheard["users"], unheard["user"], unheard["levelname"]) == (1, 99, "WARNING")
        assert "Start" in unheard["do"]
        caplog.clear()
        await world.person(replace(ALICE, id=99)).say("/start")
        await world.restart()
        assert "alerts.unheard" not in [one.msg for one in caplog.records]


async def test_an_admin_whose_chat_is_unknown_is_no_bug(
    tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_world(tmp_path, clock, alerting=True) as world:
        await world.person(ALICE).say("/start")
        world.chat.faults.set({"methods": ["sendMessage"], "status": 400, "description": "Bad Request: chat not found"})
        await verdicts(world, bad=3)
        await clock.sleep(SOON)
        (refused,) = [vars(one) for one in caplog.records if one.msg == "answer.refused"]
        assert "press Start" in refused["do"]
        assert "bug" not in refused["do"]
