"""A group as a bot with privacy mode sees it: what is meant for it, who adds and removes it, how its id changes.

https://core.telegram.org/bots/features#privacy-mode
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from planner.localchat import LocalChat, Unusable
from planner.localchat.show import BOT_USERNAME
from tests.localchat.bot import ALICE, BOB, Bot, opened
from tests.localchat.test_it_is_served_on_loopback import served
from tests.virtual import FakeClock

FAMILY, SUPER = -5, -1_000_000_000_005


async def seen(bot: Bot) -> list[Any]:
    """The updates that wait, which are confirmed by this."""
    found = await bot.updates()
    if found:
        await bot.updates(offset=found[-1]["update_id"] + 1)
    return found


async def family(chat: LocalChat) -> Bot:
    """A bot that Alice has added to a group, and that has taken note."""
    await chat.group(FAMILY, title="Family", by=ALICE)
    bot = Bot(chat)
    await seen(bot)
    return bot


async def test_a_bot_is_told_that_it_was_added_and_where(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        shown = await chat.group(FAMILY, title="Family", by=ALICE)
        assert shown == {"id": FAMILY, "type": "group", "title": "Family", "bot": "member", "migrated_to": None}
        service, added = await seen(Bot(chat))
        assert service["message"]["new_chat_members"][0]["username"] == BOT_USERNAME
        assert "text" not in service["message"]
        change = added["my_chat_member"]
        assert change["chat"] == {"id": FAMILY, "type": "group", "title": "Family"}
        assert (change["from"]["id"], change["date"]) == (1, clock.now() // 1_000)
        assert [change[name]["status"] for name in ("old_chat_member", "new_chat_member")] == ["left", "member"]
        [row] = await chat.messages(FAMILY)
        assert (row["text"], row["service"], row["name"]) == ("Alice added Planner", True, "Alice")


async def test_only_what_is_meant_for_the_bot_reaches_it(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await family(chat)
        [chatter] = await chat.say(FAMILY, "who brings the cake?", ALICE)
        assert chatter.update_id is None
        assert (await chat.say(FAMILY, "/today", ALICE))[0].update_id is None, "no bot has spoken yet"
        assert (await chat.say(FAMILY, "/today@other_bot", ALICE))[0].update_id is None
        assert (await chat.say(FAMILY, f"@{BOT_USERNAME} hello", ALICE))[0].update_id is None
        [said] = await chat.say(FAMILY, f"/today@{BOT_USERNAME}", BOB)
        sent = await bot.send(chat_id=FAMILY)
        await chat.say(FAMILY, "/week", ALICE)
        await chat.say(FAMILY, "at nine", BOB, reply_to=sent)
        await chat.say(FAMILY, "and tomorrow", ALICE, reply_to=said.message_id)
        await chat.say(FAMILY, "I do", ALICE, reply_to=chatter.message_id)
        found = [one["message"] for one in await seen(bot)]
        assert [(one["from"]["id"], one["text"]) for one in found] == [
            (2, f"/today@{BOT_USERNAME}"), (1, "/week"), (2, "at nine"), (1, "and tomorrow")]  # fmt: skip
        assert {one["chat"]["title"] for one in found} == {"Family"}
        assert found[2]["reply_to_message"]["from"]["is_bot"] is True


async def test_an_administrator_sees_everything(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await family(chat)
        await chat.group(FAMILY, bot="administrator", by=ALICE)
        await chat.say(FAMILY, f"and you, @{BOT_USERNAME}?", BOB)
        promoted, mention = await seen(bot)
        statuses = [promoted["my_chat_member"][name]["status"] for name in ("old_chat_member", "new_chat_member")]
        assert statuses == ["member", "administrator"]
        assert mention["message"]["entities"] == [{"type": "mention", "offset": 9, "length": len(BOT_USERNAME) + 1}]


async def test_buttons_are_anybodys_and_edits_reach_the_bot_as_messages_do(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await family(chat)
        sent = await bot.send(chat_id=FAMILY)
        [chatter] = await chat.say(FAMILY, "who brings the cake?", ALICE)
        [meant] = await chat.say(FAMILY, "at nine", ALICE, reply_to=sent)
        await chat.edit(FAMILY, chatter.message_id, "who brings a cake?")
        await chat.edit(FAMILY, meant.message_id, "at ten")
        await chat.press(FAMILY, sent, "done:1", BOB)
        _, edited, pressed = await seen(bot)
        assert edited["edited_message"]["text"] == "at ten"
        assert pressed["callback_query"]["from"]["id"] == 2
        assert pressed["callback_query"]["message"]["chat"]["id"] == FAMILY


@pytest.mark.parametrize("status", ["left", "kicked"])
async def test_a_bot_that_is_removed_is_told_sees_nothing_more_and_cannot_write(
    tmp_path: Path, clock: FakeClock, status: str
) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await family(chat)
        await chat.group(FAMILY, bot=status, by=ALICE)
        assert [list(one)[1] for one in await seen(bot)] == ["message", "my_chat_member"]
        await chat.say(FAMILY, f"/today@{BOT_USERNAME}", ALICE)
        assert await seen(bot) == []
        assert "Forbidden" in await bot.refused("sendMessage", chat_id=FAMILY, text="x")
        await chat.group(FAMILY, bot="member", by=ALICE)
        await bot.send(chat_id=FAMILY)


async def test_a_group_becomes_a_supergroup_with_a_message_in_either(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await family(chat)
        await chat.group(FAMILY, migrate_to=SUPER, by=ALICE)
        left, come = [one["message"] for one in await seen(bot)]
        assert (left["chat"]["type"], left["migrate_to_chat_id"]) == ("group", SUPER)
        assert (come["chat"]["type"], come["migrate_from_chat_id"]) == ("supergroup", FAMILY)
        assert come["chat"]["title"] == "Family"
        status, body = await bot.call("sendMessage", chat_id=FAMILY, text="x")
        assert (status, body["parameters"]) == (400, {"migrate_to_chat_id": SUPER})
        await bot.send(chat_id=SUPER)
        with pytest.raises(Unusable, match="supergroup"):
            await chat.say(FAMILY, "hello?", ALICE)
        await chat.say(SUPER, "/today", BOB)
        assert (await seen(bot))[0]["message"]["chat"]["id"] == SUPER


async def test_groups_are_made_and_changed_over_http(tmp_path: Path, clock: FakeClock) -> None:
    async with served(tmp_path, clock) as client:
        said = {"chat_id": FAMILY, "chat": {"type": "group", "title": "Family"}, "text": "hello all",
                "from": {"id": 1, "first_name": "Alice"}}  # fmt: skip
        status, answer = await client.ask("POST", "/chat/messages", json=said)
        assert (status, answer["update_id"]) == (200, None)
        moved = {"chat_id": FAMILY, "migrate_to": SUPER}
        status, answer = await client.ask("PUT", "/chat/groups", json=moved)
        assert (status, answer["migrated_to"], answer["title"]) == (200, SUPER, "Family")
        for chat in ({"type": "supergroup"}, "Family", {"title": 5}):
            assert (await client.ask("POST", "/chat/messages", json={**said, "chat_id": -6, "chat": chat}))[0] == 400
        for wrong in ({"chat_id": 5}, {"chat_id": -6, "bot": "god"}, {"chat_id": -6, "migrate_to": -7}, moved):
            assert (await client.ask("PUT", "/chat/groups", json=wrong))[0] == 400
