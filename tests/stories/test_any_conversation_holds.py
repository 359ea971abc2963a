"""Any conversation at all: every message is answered, nothing fails, what is owed is right, and undo gives it back.

``PLANNER_TALKS=200`` has that many conversations, and longer ones.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from planner import housekeeping, service
from planner.model import Quiet
from planner.store import Tx
from tests.stories import holding
from tests.stories.story import instant
from tests.stories.talking import ZONES, Button, Talker, pause
from tests.stories.watching import Watched, check_calls, errors
from tests.virtual import FakeClock
from tests.web import calendar, event
from tests.world import HOUR, MINUTE, SECOND, User, settings_for

TALKS = int(os.environ.get("PLANNER_TALKS", "0"))
STEPS = int(os.environ.get("PLANNER_TALK_STEPS", "150" if TALKS else "40"))
FIRST = int(os.environ.get("PLANNER_TALK_FIRST", "1"))
BEGINNINGS = ("2026-11-21 10:00", "2026-10-24 20:00", "2027-03-13 21:30", "2027-03-27 22:15", "2027-04-03 10:00",
              "2026-12-30 23:50", "2028-02-27 06:00")  # fmt: skip
"""A quiet day; and days before clocks change, a year ends, a leap day comes."""
CRASHES = 0.06
"""How often the bot ends while it handles what came in, and as often while it is idle."""
STAYS = 0.8
"""How often the same one goes on."""
LEADS = ((900,), (), (0,), (86_400, 900), (7_200, 0), (2_419_200, 604_800, 60))
QUIET = (None, None, Quiet(22 * 60, 7 * 60), Quiet(60, 4 * 60), Quiet(0, 1_439), Quiet(12 * 60, 14 * 60))
PEOPLE = (User(1, "Alice", language_code="en"), User(2, "Bob", language_code="ru"))


@pytest.fixture(autouse=True)
def rare_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Weeks pass: what is done every minute, and takes no part in this, is done every half hour."""
    monkeypatch.setattr(housekeeping, "MINUTE", 30 * MINUTE)


@pytest.mark.parametrize("seed", range(FIRST, FIRST + (TALKS or 6)))
async def test_any_conversation_holds(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    clock = FakeClock(instant(random.choice(BEGINNINGS)) + random.randrange(HOUR))
    world = Watched(tmp_path, clock, settings_for(tmp_path, PLANNER_USERS="1,2"), random.choice(ZONES))
    log: list[str] = []
    world.web["https://example.org/team.ics"] = team(clock.now())
    with errors() as failed:
        await world.start()
        try:
            talkers = [Talker(world.person(user), user.language_code, random, log=log) for user in PEOPLE]
            for one in talkers:
                await one.world.wrote(one.person, "/start")
                await _settle_in(world, one, random)
            await _converse(world, talkers, random, failed)
        except BaseException:
            print(f"seed {seed}, zone {world.zone}", *log[-40:], *failed, sep="\n")
            raise
        finally:
            await world.stop()
            world.chat.close()


def team(now: int) -> str:
    """A calendar that somebody may link."""
    day = datetime.fromtimestamp(now / SECOND, UTC)
    return calendar(
        event("1@x", "Планёрка", f"{day:%Y%m%d}T090000Z", "RRULE:FREQ=DAILY"),
        event("2@x", "Отпуск", f"{day + timedelta(days=3):%Y%m%d}"),
        name="Работа",
    )


async def _converse(world: Watched, talkers: Sequence[Talker], random: Random, failed: list[str]) -> None:
    counted: dict[tuple[str, str], int] = {}
    read, langs = 0, await _langs(world)
    talker: Talker | None = None
    for _ in range(STEPS):
        talker = talker if talker and random.random() < STAYS else random.choice(talkers)
        others = [one.person.user.id for one in talkers if one is not talker]
        theirs = [await _look(world, one) for one in others]
        before = await _look(world, talker.person.user.id)
        world.fresh &= await _own(talker)
        began = len(world.calls)
        world.crash_in = random.randrange(0, 120) if random.random() < CRASHES else None
        await talker.act()
        await _holds(world, failed, counted)
        if random.random() < 0.5:
            await _undone(world, talker, before, began, failed)
            await _holds(world, failed, counted)
        for user_id, stood in zip(others, theirs, strict=True):
            assert (await _look(world, user_id)).alive() == stood.alive(), "it is another's"
        said = "\n".join(word for one in talkers for word in one.words)
        was, langs = langs, await _langs(world)
        check_calls(world.calls[read:], {chat: lang for chat, lang in langs.items() if was.get(chat) == lang}, said)
        read = len(world.calls)
        await _passes(world, talker, random)
        await _holds(world, failed, counted)


async def _settle_in(world: Watched, talker: Talker, random: Random) -> None:
    """Settings as somebody may have made them."""

    def job(tx: Tx) -> None:
        user = tx.users.get(talker.person.user.id)
        assert user is not None
        chosen = replace(
            user, zone=random.choice(ZONES), zone_assumed=random.random() < 0.3, leads_s=random.choice(LEADS),
            quiet=random.choice(QUIET), plan_minute=random.choice((None, 0, 7 * 60, 23 * 60 + 59)),
        )  # fmt: skip
        talker.log.append(f"{chosen}")
        service.change_user(tx, chosen, world.clock.now())

    await world.store.write(job)


async def _langs(world: Watched) -> dict[int, str]:
    return {int(str(row["chat_id"])): str(row["lang"]) for row in await world.query("SELECT chat_id, lang FROM users")}


async def _own(talker: Talker) -> set[int]:
    return {row["message_id"] for row in await talker.person.rows()}


async def _look(world: Watched, user_id: int) -> holding.Snapshot:
    return await world.store.read(lambda tx: holding.snapshot(tx, user_id))


async def _holds(world: Watched, failed: list[str], counted: dict[tuple[str, str], int]) -> None:
    assert not failed, failed
    now = world.clock.now()
    await world.store.read(lambda tx: holding.check(tx, now))
    counts = await world.store.read(holding.counts)
    assert all(counts.get(key, 0) >= value for key, value in counted.items()), "counts have fallen"
    counted.update(counts)


async def _passes(world: Watched, talker: Talker, random: Random) -> None:
    """Time passes, perhaps without the bot; it may end at any moment."""
    wait = pause(random)
    if wait > MINUTE:
        world.fresh = set()
    if random.random() < CRASHES:
        talker.log.append(f"crash, away for {wait // SECOND} s")
        await world.restart(after=wait)
        await world.clock.sleep(3 * SECOND)
    else:
        talker.log.append(f"{wait // SECOND} s pass")
        await world.clock.sleep(wait)


async def _undone(world: Watched, talker: Talker, before: holding.Snapshot, began: int, failed: list[str]) -> None:
    """The Undo that was just shown gives back what there was."""
    shown = [
        (call.message_id, data)
        for call in world.calls[began:]
        if call.chat_id == talker.person.chat and not call.refused
        for _, data in call.labels
        if data.startswith("undo:")
    ]
    if not shown:
        return
    await talker.press_that(Button(*shown[-1], fresh=True))
    after = await _look(world, talker.person.user.id)
    now = world.clock.now()
    assert after.alive() == before.alive(), "undone, but not as it was"
    # Of several leads, one that was over when the event was made is reminded at its start; not once another was sent.
    lost = {one for one in _ahead(before.pending, now) - after.pending if one[2] != one[1]}
    extra = _ahead(after.pending, now) - before.pending
    far = now + holding.AHEAD_MS
    near = {one for one in extra if one[2] <= far}
    assert (lost, near) == (set(), set()), [before.events[one[0]] for one in lost | near]


def _ahead(pending: holding.Pending, now: int) -> holding.Pending:
    return {one for one in pending if one[2] > now}
