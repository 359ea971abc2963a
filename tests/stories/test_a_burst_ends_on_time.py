"""More reminders at one instant than Telegram takes in a minute: sending begins early, and all are on time."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from pathlib import Path

import pytest

from planner import metrics, service
from planner.catalogue import reminders
from planner.catalogue.metric import Distribution
from planner.model import Event
from planner.store import Tx
from planner.telemetry.registry import Registry
from tests.virtual import FakeClock
from tests.world import MINUTE, SECOND, World, a_world

PROMISED_MS = MINUTE


async def set_for(world: World, chats: int, each: int, start_at: int) -> None:
    """So many users with so many events each, all at one instant, reminded at their start."""
    now = world.clock.now()

    def job(tx: Tx) -> None:
        for number in range(chats):
            user = service.welcome(tx, 1_000 + number, 1_000 + number, "", "en", "UTC", now)
            for event in range(each):
                draft = Event(
                    0, user.id, f"event {event}", "2026-11-21T10:10:00", start_at, 0, False, None, None, True, None
                )
                service.add_event(tx, user, draft, now)

    await world.chat.open_chats([1_000 + number for number in range(chats)])
    await world.store.write(job)


@pytest.mark.parametrize(("chats", "each", "within_s"), [(3_200, 1, 60), (179, 10, 62), (50, 60, 60), (1, 110, 60)])
async def test_all_of_it_within_the_limits_that_telegram_enforces(
    tmp_path: Path, clock: FakeClock, chats: int, each: int, within_s: int
) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="*") as world:
        await world.chat.set_faults({"limits": True, "answer_delay_ms": [100, 300], "seed": 7})
        start_at = clock.now() + 10 * MINUTE
        await set_for(world, chats, each, start_at)
        await clock.sleep(15 * MINUTE)
        (row,) = await world.query(
            "SELECT count(*) AS sent, min(sent_at - due_at) AS first, max(sent_at - due_at) AS last,"
            " max(attempts) AS tries FROM reminders WHERE state = 'sent'"
        )
        assert row["sent"] == chats * each
        assert -within_s * SECOND <= row["first"]
        assert row["last"] <= within_s * SECOND
        assert row["tries"] == 1, "the pace leaves nothing for Telegram to refuse"
        await told_as_early_and_late(world)


async def told_as_early_and_late(world: World) -> None:
    """The histogram has each of them where it belongs, those before their time below 0; its sum leaves these out."""
    rows = await world.query("SELECT sent_at - due_at AS late FROM reminders WHERE state = 'sent'")
    found = [row["late"] / SECOND for row in rows]
    readings = await metrics.read(world.store, (), world.clock.now(), Registry(), 0)
    (lateness,) = [one for one in readings if one.metric is reminders.LATENESS]
    (told,) = [one for one in lateness.points if isinstance(one, Distribution) and one.labels == ("event",)]
    expected = Counter(bisect_left(reminders.LATENESS_S, late) for late in found)
    assert dict(enumerate(told.counts)) == {number: expected[number] for number in range(len(told.counts))}
    below_0 = sum(told.counts[: reminders.LATENESS_S.index(0) + 1])
    assert below_0 == sum(late <= 0 for late in found) > 0, "it did begin early"
    assert told.sum == pytest.approx(sum(late for late in found if late > 0))


async def test_a_burst_that_fits_does_not_begin_early(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="*") as world:
        start_at = clock.now() + 10 * MINUTE
        await set_for(world, 1_000, 1, start_at)
        await clock.sleep(15 * MINUTE)
        (row,) = await world.query("SELECT count(*) AS sent, min(sent_at - due_at) AS first FROM reminders")
        assert row["sent"] == 1_000
        assert row["first"] >= 0
