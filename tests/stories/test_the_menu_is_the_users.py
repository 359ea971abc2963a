"""The command menu: in the language chosen here, with what owners may do in their chats alone."""

from __future__ import annotations

import json
from pathlib import Path

from planner.chat.commands import Home, homes, register
from planner.localchat.profile import scopes_for
from planner.localchat.state import commands as state_commands
from tests.virtual import FakeClock
from tests.world import ALICE, BOB, World, a_world


async def menu(world: World, chat_id: int, language: str = "en") -> dict[str, str]:
    """What Telegram shows in a chat to whose client speaks a language."""
    rows = await world.chat._db.read(lambda connection: state_commands(connection, scopes_for(chat_id, language)))
    return {row["command"]: row["description"] for row in rows}


async def registered(world: World) -> None:
    owners = await world.store.read(lambda tx: homes(tx, world.planner.access))
    assert await register(world.telegram, owners)


async def test_everybody_has_one_in_their_telegrams_language(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        await registered(world)
        assert (await menu(world, 7))["today"] == "what is planned today"
        assert "запланировано" in (await menu(world, 7, "ru"))["today"]
        assert "invite" not in await menu(world, 7)


async def test_the_owners_own_has_more_in_it(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="") as world:
        await registered(world)
        alice = world.person(ALICE)
        await alice.say("/start")
        assert {"invite", "people", "today"} <= set(await menu(world, 1))
        assert "invite" not in await menu(world, 2)
        await registered(world)
        assert {"invite", "people"} <= set(await menu(world, 1)), "at the next start as well"


async def test_it_follows_the_language_that_is_chosen_here(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="*") as world:
        await registered(world)
        bob = world.person(BOB)
        await bob.say("/settings")
        await bob.press("Language")
        await bob.press("Русский")
        assert "запланировано" in (await menu(world, 2))["today"]
        assert (await menu(world, 1))["today"] == "what is planned today"
        assert "invite" not in await menu(world, 2)


async def test_it_goes_with_whoever_is_forgotten(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        await registered(world)
        alice = world.person(ALICE)
        await alice.say("/start")
        await alice.say("/forget")
        await alice.press("Forget everything")
        assert "invite" not in await menu(world, 1)


async def test_what_an_earlier_version_had_set_is_taken_back(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        old = [{"command": "old", "description": "of an earlier version"}]
        await world.telegram.call("setMyCommands", {"commands": old})
        assert await menu(world, 7) == {"old": "of an earlier version"}
        await registered(world)
        assert "old" not in await menu(world, 7)
        assert "old" not in await menu(world, -7)


async def test_the_hosts_own_description_stays(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        await registered(world)
        found = await world.chat.call("1:local-chat", "getMyDescription", {"language_code": "ru"})
        assert "вовремя" in json.dumps(found[1], ensure_ascii=False)
        await world.telegram.call("setMyDescription", {"description": "our family's planner"})
        await registered(world)
        assert "family" in str(await world.chat.call("1:local-chat", "getMyDescription", {}))


async def test_a_menu_that_telegram_does_not_take_is_offered_again(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        world.chat.faults.set({"methods": ["setMyCommands"], "status": 500, "times": 1})
        assert not await register(world.telegram, [Home(1, "en")])
        assert await register(world.telegram, [Home(1, "en")])
