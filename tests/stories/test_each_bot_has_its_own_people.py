"""One database, two bots one after the other: each has an owner of its own, and writes only to who writes to it."""

from __future__ import annotations

from pathlib import Path

from planner.localchat import User
from planner.store.inbox import Update
from tests.stories.story import instant, states, until
from tests.virtual import FakeClock
from tests.world import ALICE, DAY, MINUTE, SECOND, World, a_world

OTHER = 77
ANN = User(123_456_789, "Alice", language_code="en")
"""Alice, as Telegram knows her."""


async def _with(world: World, bot_id: int, *, local: bool) -> None:
    world.bot_id, world.local = bot_id, local
    await world.restart()


async def test_whoever_tried_it_on_the_local_chat_can_still_be_made_the_owner_on_telegram(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice, ann = world.person(ALICE), world.person(ANN)
        await alice.say("dentist tomorrow at 9:30")
        await _with(world, OTHER, local=False)
        code = await world.store.write(world.planner.access.code)
        assert code is not None
        assert "Hello" in (await ann.say(f"/start {code}"))[0]
        assert "Nothing is planned." in (await ann.say("/tomorrow"))[0]
        await _with(world, 1, local=True)
        assert "dentist" in (await alice.say("/tomorrow"))[0], "and the local chat is still hers"


async def test_a_bot_sends_nothing_to_who_talks_to_another(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 9:30")
        await alice.say("gym every day at 19:00")
        await _with(world, OTHER, local=False)
        assert await until(alice, instant("2026-11-22 12:00")) == []
        assert (await states(world))["undeliverable"] == 2
        assert await world.query("SELECT sum(bad) AS bad FROM counts") == [{"bad": 0}]
        await _with(world, 1, local=True)
        said = await until(alice, instant("2026-11-22 19:00"))
        assert len(said) == 1
        assert "gym" in said[0]


async def test_who_writes_to_the_new_bot_gets_there_what_is_owed(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="1") as world:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 9:30")
        await _with(world, OTHER, local=False)
        await alice.say("/start")
        assert len(await until(alice, instant("2026-11-22 09:30"))) == 1


async def test_an_answer_owed_by_one_bot_is_not_given_by_another(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="1") as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        world.chat.faults.set({"methods": ["sendMessage"], "status": 502})
        assert await alice.say("/help") == []
        await world.crash()
        world.chat.faults.set({})
        world.bot_id = OTHER
        await world.start()
        assert await alice.read(MINUTE) == []
        await _with(world, 1, local=True)
        assert len(await alice.read(MINUTE)) == 1


async def test_a_user_elsewhere_who_had_blocked_the_bot_has_still(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="1") as world:
        alice = world.person(ALICE)
        await alice.say("gym every day at 19:00")
        await world.store.write(lambda tx: tx.users.freeze(1))
        await _with(world, OTHER, local=True)
        for user in await world.store.read(lambda tx: [tx.users.get(1)]):
            assert user is not None
            assert user.frozen
            await world.store.write(lambda tx, user=user: tx.users.save(user))
        await _with(world, 1, local=True)
        assert await alice.read(DAY + SECOND) == []


async def test_what_one_bot_left_undone_is_forgotten_by_the_other(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="1") as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        world.chat.faults.set({"methods": ["sendMessage"], "status": 502})
        await alice.say("/help")
        await world.store.write(lambda tx: tx.inbox.put(1, [Update(9_999, 1, {"update_id": 9_999}, 0)], clock.now()))
        await world.crash()
        world.chat.faults.set({})
        world.bot_id = OTHER
        await world.start()
        await alice.read(DAY)
        assert await _left(world) == (1, 1), "for a while the other bot may come back"
        await alice.read(3 * DAY)
        assert await _left(world) == (0, 0)


async def test_the_bot_at_work_forgets_nothing_undone_of_its_own(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        await world.person(ALICE).say("/start")
        await world.store.write(lambda tx: tx.inbox.put(1, [Update(9_999, 1, {"update_id": 9_999}, 0)], clock.now()))
        await world.person(ALICE).read(4 * DAY)
        assert await _left(world) == (1, 0)


async def _left(world: World) -> tuple[object, object]:
    """Updates nobody handled, and answers nobody gave."""
    rows = await world.query(
        "SELECT (SELECT count(*) FROM updates WHERE handled_at IS NULL) AS updates,"
        " (SELECT count(*) FROM answers) AS answers"
    )
    return rows[0]["updates"], rows[0]["answers"]
