"""What users do reaches the bot at least once, in order, under ids that are never given out twice."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from planner.localchat import Unusable, User
from tests.localchat.bot import ALICE, BOB, Bot, acquainted, buttons, opened
from tests.virtual import FakeClock

DAY_MS = 24 * 3_600_000


async def test_an_update_comes_again_until_its_offset_moves(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        bot = Bot(chat)
        await chat.say(1, "hello", ALICE)
        first = await bot.updates()
        assert [update["message"]["text"] for update in first] == ["hello"]
        assert await bot.updates(offset=first[0]["update_id"]) == first
        assert await bot.updates(offset=first[0]["update_id"] + 1) == []
        assert await bot.updates() == []


async def test_updates_are_kept_over_a_restart_and_their_numbers_go_on(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        [said] = await chat.say(1, "before", ALICE)
    with opened(tmp_path, clock) as chat:
        bot = Bot(chat)
        [again] = await bot.updates()
        assert (again["update_id"], again["message"]["text"]) == (said.update_id, "before")
        await bot.updates(offset=again["update_id"] + 1)
    with opened(tmp_path, clock) as chat:
        [later] = await chat.say(1, "after", ALICE)
        assert later.update_id == again["update_id"] + 1
        assert later.message_id == said.message_id + 1


async def test_a_new_file_counts_above_what_an_older_one_gave_out(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, clock: FakeClock
) -> None:
    other = tmp_path_factory.mktemp("other")
    with opened(tmp_path, clock) as chat:
        [old] = await chat.say(1, "in a file that is lost", ALICE)
    clock.jump(60_000)
    with opened(other, clock) as chat:
        [new] = await chat.say(1, "in a new one", ALICE)
        assert new.update_id is not None
        assert old.update_id is not None
        assert new.update_id > old.update_id


async def test_an_update_that_nobody_fetches_is_gone_after_a_day(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        await chat.say(1, "old", ALICE)
        clock.jump(DAY_MS)
        await chat.say(1, "new", ALICE)
        assert len(await Bot(chat).updates()) == 2
        clock.jump(1)
        assert [update["message"]["text"] for update in await Bot(chat).updates()] == ["new"]


async def test_limit_and_a_negative_offset_choose_from_the_queue(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        bot = Bot(chat)
        for number in range(5):
            await chat.say(1, str(number), ALICE)
        assert [update["message"]["text"] for update in await bot.updates(limit=2)] == ["0", "1"]
        assert [update["message"]["text"] for update in await bot.updates(offset=-2)] == ["3", "4"]
        assert len(await bot.updates()) == 2


async def test_a_poll_waits_for_the_first_update_and_no_longer_than_asked(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        bot, start = Bot(chat), clock.mono()
        assert await bot.updates(timeout=25) == []
        assert clock.mono() - start == 25_000
        polling = asyncio.create_task(bot.updates(timeout=25))
        await clock.sleep(3_000)
        await chat.say(1, "hello", ALICE)
        assert len(await polling) == 1
        assert clock.mono() - start == 28_000


async def test_a_second_poller_ends_the_first_with_a_conflict(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        bot = Bot(chat)
        first = asyncio.create_task(bot.call("getUpdates", timeout=25))
        await clock.sleep(1_000)
        second = asyncio.create_task(bot.updates(timeout=25))
        await clock.sleep(0)
        assert await first == (
            409,
            {
                "ok": False,
                "error_code": 409,
                "description": "Conflict: terminated by other getUpdates request; "
                "make sure that only one bot instance is running",
            },
        )
        assert clock.mono() == 1_000
        await chat.say(1, "hello", ALICE)
        assert len(await second) == 1


async def test_only_the_kinds_that_the_bot_asked_for_are_queued(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await acquainted(chat)
        await bot.updates(allowed_updates=["callback_query"])
        [said] = await chat.say(1, "unheard", ALICE)
        assert said.update_id is None
        sent = await bot.send(reply_markup=buttons([("Done", "done")]))
        await chat.press(1, sent, "done")
        assert [list(update) for update in await bot.updates()] == [["update_id", "callback_query"]]
        await bot.updates(allowed_updates=[])
        assert (await chat.say(1, "heard", ALICE))[0].update_id is not None


async def test_a_message_carries_who_where_when_and_what_telegram_finds_in_it(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        await chat.say(2, "/start 😀 https://example.org/a?b=c. Mail x@example.org", BOB)
        [update] = await Bot(chat).updates()
        message = update["message"]
        assert message["from"] == {"id": 2, "is_bot": False, "first_name": "Bob", "language_code": "ru"}
        assert message["chat"] == {"id": 2, "first_name": "Bob", "type": "private"}
        assert message["date"] == clock.now() // 1_000
        assert [(one["type"], one["offset"], one["length"]) for one in message["entities"]] == [
            ("bot_command", 0, 6),
            ("url", 10, 25),
            ("email", 42, 13),
        ]


async def test_a_pressed_button_tells_who_pressed_it_and_under_which_message(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await acquainted(chat)
        sent = await bot.send("Dentist", reply_markup=buttons([("Done", "done:7")]))
        pressed = await chat.press(1, sent, "done:7", User(9, "Mallory"))
        [update] = await bot.updates()
        query = update["callback_query"]
        assert (query["id"], query["data"], query["from"]["id"]) == (str(pressed.callback_id), "done:7", 9)
        assert (query["message"]["message_id"], query["message"]["text"]) == (sent, "Dentist")
        waiting = asyncio.create_task(chat.press_answer(pressed.callback_id, 10_000))
        await bot.done("answerCallbackQuery", callback_query_id=query["id"], text="Done", show_alert=True)
        assert await waiting == {"text": "Done", "alert": True, "url": ""}


async def test_a_user_edits_their_own_message_and_the_bot_hears_of_it(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await acquainted(chat)
        [said] = await chat.say(1, "dentist at nine", ALICE)
        await clock.sleep(5_000)
        await chat.edit(1, said.message_id, "dentist at ten")
        edited = (await bot.updates())[-1]["edited_message"]
        assert (edited["message_id"], edited["text"]) == (said.message_id, "dentist at ten")
        assert edited["edit_date"] - edited["date"] == 5


async def test_what_is_too_long_for_one_message_arrives_as_several(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        said = await chat.say(1, "word " * 2_000 + "😀" * 3_000, ALICE)
        texts = [update["message"]["text"] for update in await Bot(chat).updates()]
        assert len(said) == len(texts) == 5
        assert all(len(text.encode("utf-16-le")) <= 2 * 4096 for text in texts)
        assert "".join(texts).replace(" ", "") == "word" * 2_000 + "😀" * 3_000


async def test_a_reply_and_a_forward_say_what_they_come_from(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await acquainted(chat)
        sent = await bot.send("When?")
        await chat.say(1, "at nine", ALICE, reply_to=sent)
        await chat.say(
            1, "party on friday", ALICE, forward={"type": "hidden_user", "sender_user_name": "Bob", "date": 5}
        )
        reply, forward = (update["message"] for update in await bot.updates())
        assert reply["reply_to_message"]["text"] == "When?"
        assert forward["forward_origin"]["sender_user_name"] == "Bob"


async def test_what_a_user_cannot_do_is_said_in_a_sentence(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await acquainted(chat)
        sent = await bot.send()
        for attempt in (
            chat.say(1, " \n"),
            chat.say(1, "\ud800"),
            chat.say(1, "x", reply_to=999),
            chat.edit(1, sent, "not mine"),
            chat.edit(1, 1, "hello"),
            chat.press(1, 1, "x"),
            chat.press(1, sent, "ы" * 33),
            chat.press(1, sent, ""),
        ):
            with pytest.raises(Unusable, match=" "):
                await attempt
        assert await bot.updates() == []
