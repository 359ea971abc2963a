"""The server misbehaves as told, no more and no less, and the same way for the same seed."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from planner.localchat import ConnectionLost, LocalChat, Unusable
from tests.localchat.bot import BOB, Bot, acquainted, opened
from tests.virtual import FakeClock

NGINX = (
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>"
    b"\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
)

STATUSES: list[tuple[dict[str, Any], tuple[int, Any]]] = [
    (
        {"status": 429, "retry_after": 7},
        (
            429,
            {
                "ok": False,
                "error_code": 429,
                "description": "Too Many Requests: retry after 7",
                "parameters": {"retry_after": 7},
            },
        ),
    ),
    ({"status": 500}, (500, {"ok": False, "error_code": 500, "description": "Internal Server Error"})),
    ({"status": 502}, (502, {"ok": False, "error_code": 502, "description": "Bad Gateway"})),
    ({"status": 502, "html": True}, (502, NGINX)),
    ({"status": 504}, (504, {"ok": False, "error_code": 504, "description": "Gateway Timeout"})),
    ({"status": 401}, (401, {"ok": False, "error_code": 401, "description": "Unauthorized"})),
    ({"status": 404}, (404, {"ok": False, "error_code": 404, "description": "Not Found"})),
    ({"status": 403}, (403, {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"})),
    (
        {"status": 403, "description": "Forbidden: user is deactivated"},
        (403, {"ok": False, "error_code": 403, "description": "Forbidden: user is deactivated"}),
    ),
    (
        {"status": 409},
        (
            409,
            {
                "ok": False,
                "error_code": 409,
                "description": "Conflict: terminated by other getUpdates "
                "request; make sure that only one bot instance is running",
            },
        ),
    ),
]


async def shown(chat: LocalChat) -> list[object]:
    return [row["text"] for row in await chat.messages(1, after=1)]


@pytest.mark.parametrize(("rule", "answer"), STATUSES)
async def test_a_status_is_answered_with_telegrams_body_and_nothing_is_sent(
    rule: dict[str, Any], answer: tuple[int, Any], tmp_path: Path, clock: FakeClock
) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await acquainted(chat)
        await chat.set_faults(rule)
        assert await bot.call("sendMessage", chat_id=1, text="x") == answer
        assert await bot.call("getMe") == answer
        assert await shown(chat) == []
        await chat.set_faults({})
        await bot.send("x")


async def test_a_rule_strikes_only_its_methods_and_chats_and_only_so_often(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await acquainted(chat)
        await chat.say(2, "hi", BOB)
        await chat.set_faults({"methods": ["sendMessage"], "chat_id": 1, "skip": 1, "times": 2, "status": 500})
        await bot.send("skipped")
        await bot.send("another chat", chat_id=2)
        await bot.done("getMe")
        assert [(await bot.call("sendMessage", chat_id=1, text=str(number)))[0] for number in range(4)] == [
            500,
            500,
            200,
            200,
        ]
        assert chat.faults.shown()["rules"] == [
            {"methods": ["sendMessage"], "chat_id": 1, "skip": 1, "times": 2, "status": 500, "hits": 2}
        ]


async def test_a_rule_ends_after_its_time(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await acquainted(chat)
        await chat.set_faults({"status": 500, "for_ms": 60_000})
        await clock.sleep(59_999)
        assert (await bot.call("getMe"))[0] == 500
        await clock.sleep(1)
        await bot.done("getMe")


async def test_several_rules_stand_in_a_row(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await acquainted(chat)
        await chat.set_faults([{"status": 500, "times": 1}, {"status": 502, "times": 1}])
        assert [(await bot.call("getMe"))[0] for _ in range(3)] == [500, 502, 200]


async def test_chance_follows_the_seed(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await acquainted(chat)

        async def run(seed: int) -> list[int]:
            await chat.set_faults({"seed": seed, "probability": 0.3, "status": 500})
            return [(await bot.call("getMe"))[0] for _ in range(100)]

        first = await run(1)
        assert first == await run(1)
        assert first != await run(2)
        assert 15 <= first.count(500) <= 45


async def test_a_lost_answer_is_of_a_message_that_was_accepted(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await acquainted(chat)
        await chat.set_faults({"methods": ["sendMessage"], "lose_answer": True, "times": 1})
        with pytest.raises(ConnectionLost) as lost:
            await bot.call("sendMessage", chat_id=1, text="accepted")
        assert lost.value.accepted
    with opened(tmp_path, clock) as chat:
        assert await shown(chat) == ["accepted"]


async def test_a_refused_call_closes_the_connection_and_sends_nothing(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await acquainted(chat)
        await chat.set_faults({"refuse": True, "times": 1})
        with pytest.raises(ConnectionLost) as lost:
            await bot.call("sendMessage", chat_id=1, text="x")
        assert not lost.value.accepted
        assert await shown(chat) == []


@pytest.mark.parametrize(("rule", "sent"), [({"hang": True}, []), ({"lose_answer": "hang"}, ["x"])])
async def test_a_hanging_call_outlasts_every_timeout(
    rule: dict[str, Any], sent: list[str], tmp_path: Path, clock: FakeClock
) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await acquainted(chat)
        await chat.set_faults(rule)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(600):
                await bot.call("sendMessage", chat_id=1, text="x")
        assert await shown(chat) == sent


async def test_a_truncated_and_an_empty_answer_are_of_accepted_messages(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await acquainted(chat)
        await chat.set_faults([{"truncate": True, "times": 1}, {"empty": True, "times": 1}])
        with pytest.raises(ConnectionLost) as lost:
            await bot.call("sendMessage", chat_id=1, text="cut")
        assert (lost.value.accepted, lost.value.status) == (True, 200)
        assert lost.value.head.startswith(b'{"ok": true, "result": {"message_id"')
        assert await bot.call("sendMessage", chat_id=1, text="empty") == (200, b"")
        assert await shown(chat) == ["cut", "empty"]


async def test_an_error_can_be_answered_though_the_message_was_accepted(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await acquainted(chat)
        await chat.set_faults({"methods": ["sendMessage"], "status": 504, "accepted": True, "times": 1})
        assert (await bot.call("sendMessage", chat_id=1, text="x"))[0] == 504
        assert await shown(chat) == ["x"]


async def test_delays_come_before_and_after_acceptance_and_let_other_rules_strike(
    tmp_path: Path, clock: FakeClock
) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await acquainted(chat)
        await chat.set_faults([{"delay_ms": 200, "answer_delay_ms": [100, 300]}, {"methods": ["getMe"], "status": 500}])
        start = clock.mono()
        sending = asyncio.create_task(bot.send("x"))
        await clock.sleep(199)
        assert await shown(chat) == []
        await clock.sleep(2)
        assert await shown(chat) == ["x"]
        await sending
        assert 300 <= clock.mono() - start <= 500
        assert (await bot.call("getMe"))[0] == 500


async def test_a_blocked_chat_refuses_until_its_user_writes_again(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await acquainted(chat)
        await chat.say(2, "hi", BOB)
        await chat.set_faults({"blocked": [1]})
        assert await bot.refused("sendMessage", chat_id=1, text="x") == "Forbidden: bot was blocked by the user"
        await bot.send("to bob", chat_id=2)
        await chat.say(1, "I am back")
        await bot.send("hello again")
        assert chat.faults.shown() == {}


WRONG = [
    "x",
    {"rules": 1},
    {"rules": [1]},
    {"status": 99},
    {"status": "500"},
    {"status": 500, "hang": True},
    {"methods": 1},
    {"status": 500, "probability": 2},
    {"status": 500, "times": 0},
    {"delay_ms": [5, 1]},
    {"delay_ms": "long"},
    {"methods": ["getMe"]},
    {"surprise": 1},
    {"limits": {"per_hour": 1}},
    {"limits": 3},
    {"blocked": "all"},
    {"migrate": [1]},
    {"migrate": {"from": 5, "to": 6}},
    {"chat_id": "one", "status": 500},
    {"seed": 0.5},
]


@pytest.mark.parametrize("order", WRONG)
async def test_a_wrong_order_is_refused_and_what_was_set_stays(order: object, tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await acquainted(chat)
        await chat.set_faults({"status": 418, "description": "teapot"})
        with pytest.raises(Unusable):
            await chat.set_faults(order)
        assert await bot.refused("getMe") == "teapot"


async def test_thirty_messages_a_second_pass_in_any_sliding_second(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await acquainted(chat)
        await chat.open_chats(list(range(1, 101)))
        await chat.set_faults({"limits": True})
        answers = []
        for number in range(1, 101):
            answers.append((await bot.call("sendMessage", chat_id=number, text="x"))[0])
            await clock.sleep(5)
        assert answers == [200] * 30 + [429] * 70
        assert await bot.refused("sendMessage", chat_id=1, text="x") == "Too Many Requests: retry after 1"
        await clock.sleep(499)
        assert (await bot.call("sendMessage", chat_id=1, text="x"))[0] == 429
        await clock.sleep(1)
        await bot.send(chat_id=1)
        assert chat.faults.shown()["limited"] == 72


async def test_a_steady_28_a_second_is_never_refused(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await acquainted(chat)
        await chat.open_chats(list(range(1, 301)))
        await chat.set_faults({"limits": True})
        for number in range(1, 301):
            await bot.send(chat_id=number)
            await clock.sleep(35)
        assert chat.faults.shown()["limited"] == 0


async def test_a_private_chat_takes_a_short_burst_and_then_one_a_second(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await acquainted(chat)
        await chat.set_faults({"limits": True})
        assert [(await bot.call("sendMessage", chat_id=1, text="x"))[0] for _ in range(5)] == [200] * 3 + [429] * 2
        for _ in range(5):
            await clock.sleep(1_000)
            await bot.send()
        assert await bot.refused("sendMessage", chat_id=1, text="x") == "Too Many Requests: retry after 1"
        await chat.set_faults({"limits": {"chat_burst": 20}})
        assert [(await bot.call("sendMessage", chat_id=1, text="x"))[0] for _ in range(21)] == [200] * 20 + [429]


async def test_a_group_takes_twenty_messages_a_minute(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await acquainted(chat)
        await chat.say(-5, "hello all")
        await chat.set_faults({"limits": True})
        for _ in range(20):
            await bot.send(chat_id=-5)
            await clock.sleep(1_000)
        status, body = await bot.call("sendMessage", chat_id=-5, text="x")
        assert (status, body["parameters"]) == (429, {"retry_after": 40})
        await clock.sleep(40_000)
        await bot.send(chat_id=-5)


async def test_a_bot_in_trouble_still_has_its_own_chat(tmp_path: Path, clock: FakeClock) -> None:
    """The user's side never misbehaves: what they say waits for the bot."""
    with opened(tmp_path, clock) as chat:
        await chat.set_faults({"refuse": True})
        await chat.say(1, "are you there?")
        await chat.set_faults({})
        assert [update["message"]["text"] for update in await Bot(chat).updates()] == ["are you there?"]
