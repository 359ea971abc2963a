"""Who may use the bot: the ids that are set, or else whoever claims it first; a stranger is refused once, politely."""

from __future__ import annotations

from pathlib import Path

from tests.stories.story import pressed
from tests.virtual import FakeClock
from tests.world import ALICE, BOB, DAY, HOUR, MALLORY, World, a_world, settings_for

REFUSAL = "somebody's own planner"


async def test_on_the_local_chat_the_first_to_write_owns_it(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice, mallory = world.person(ALICE), world.person(MALLORY)
        assert "Hello" in (await alice.say("/start"))[0]
        said = await mallory.say("/start")
        assert len(said) == 1
        assert REFUSAL in said[0]
        await world.restart()
        assert REFUSAL not in "".join(await alice.say("/today"))


async def test_a_stranger_gets_one_polite_refusal_and_nothing_else(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice, mallory = world.person(ALICE), world.person(MALLORY)
        await alice.say("dentist tomorrow at 9:30")
        assert len(await mallory.say("/start")) == 1
        for text in ("/start", "/today", "tea in 5 minutes", "/settings", "/plan", "hello", "/help", "1"):
            assert await mallory.say(text) == []
        assert await mallory.read(DAY) == []
        await world.restart()
        assert await mallory.say("please") == []
        assert await world.query("SELECT id FROM users") == [{"id": 1}]
        assert await world.query("SELECT count(*) AS n FROM events") == [{"n": 1}]


async def test_who_is_taken_off_the_list_is_reminded_no_more_until_they_are_on_it_and_write(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="1,2") as world:
        alice, bob = world.person(ALICE), world.person(BOB)
        for person in (alice, bob):
            await person.say("tea in 2 hours")
            await person.say("milk in 5 hours")
        world.settings = settings_for(tmp_path, PLANNER_USERS="1")
        await world.restart(after=HOUR)
        assert await bob.read(2 * HOUR) == []
        assert len(await alice.read(0)) == 1
        world.settings = settings_for(tmp_path, PLANNER_USERS="1,2")
        await world.restart()
        await bob.say("/today")
        assert len(await bob.read(3 * HOUR)) == 1


async def test_a_strangers_buttons_do_nothing(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice, mallory = world.person(ALICE), world.person(MALLORY)
        await alice.say("dentist tomorrow at 9:30")
        await mallory.say("/start")
        message = (await mallory.rows())[-1]["message_id"]
        for data in (
            "delete:1",
            "card:1:0",
            "done:1",
            "snooze:1:10",
            "undo:1",
            "put:lang:ru",
            "zone:Asia/Tokyo",
            "set:all",
            "agenda:2026-11-21:7:0",
            "change:1",
            "nothing:1",
        ):
            await world.chat.press(3, message, data, MALLORY)
            assert await mallory.read() == []
        assert "dentist" in (await alice.say("/tomorrow"))[0]


async def test_a_stranger_whose_first_act_is_a_button_is_refused_by_it(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        await world.person(ALICE).say("/start")
        mallory = world.person(MALLORY)
        await world.chat.open_chats([3])
        await world.chat.call("1:local-chat", "sendMessage", {"chat_id": "3", "text": "of an earlier bot"})
        await mallory.read()
        message = (await mallory.rows())[-1]["message_id"]
        assert REFUSAL in await pressed(mallory, message, "set:all")
        again = await world.chat.press(3, message, "set:all", MALLORY)
        assert await world.chat.press_answer(again.callback_id, HOUR) is None
        assert await mallory.say("/start") == []


async def test_planner_users_names_who_may(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="2, 7") as world:
        assert REFUSAL in (await world.person(ALICE).say("/start"))[0]
        assert "Hello" in (await world.person(BOB).say("/start"))[0]


async def test_a_star_lets_everybody_in_each_with_their_own(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="*") as world:
        alice, bob = world.person(ALICE), world.person(BOB)
        await alice.say("dentist tomorrow at 9:30")
        assert "Nothing is planned." in (await bob.say("/tomorrow"))[-1]


async def test_on_telegram_the_one_time_code_makes_the_owner(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, local=False) as world:
        access = world.planner.access
        code = await world.store.write(access.code)
        assert code is not None
        assert await world.store.write(access.code) == code, "the link in an earlier log still holds"
        mallory, alice = world.person(MALLORY), world.person(ALICE)
        assert REFUSAL in (await mallory.say("/start"))[0]
        assert await mallory.say("/start not-the-code") == []
        assert await mallory.say("/start") == []
        assert "Hello" in (await alice.say(f"/start {code}"))[0]
        assert await world.store.write(access.code) is None
        assert await world.query("SELECT * FROM settings WHERE value = ?", code) == [], "it is gone"
        assert await mallory.say(f"/start {code}") == []
        assert await _owner(world) == "1"


async def test_nobody_owns_it_on_telegram_by_being_first(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, local=False) as world:
        mallory = world.person(MALLORY)
        assert REFUSAL in (await mallory.say("/start"))[0]
        assert await _owner(world) is None


async def test_with_users_set_there_is_no_code_to_claim_it_by(tmp_path: Path, clock: FakeClock) -> None:
    for users in ("1", "*"):
        folder = tmp_path / users.replace("*", "any")
        folder.mkdir()
        async with a_world(folder, clock, PLANNER_USERS=users, local=False) as world:
            assert await world.store.write(world.planner.access.code) is None


async def test_nothing_is_answered_in_a_group_to_which_a_stranger_has_added_it(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock) as world:
        await world.person(ALICE).say("/start")
        await world.chat.say(-5, "/today", MALLORY)
        await world.chat.group(-5, bot="administrator", by=MALLORY)
        await world.chat.say(-5, "/today", MALLORY)
        await clock.sleep(HOUR)
        assert [row for row in await world.chat.messages(-5) if row["from"] == "bot"] == []


async def _owner(world: World) -> str | None:
    owner = await world.store.read(lambda tx: tx.settings.get("owner:1"))
    return None if owner is None else str(owner)
