"""Telegram refuses, pauses, stays silent, loses answers: what is owed is still sent, once, or ends for a reason."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from planner.localchat import User
from tests.stories.story import counts, daily_plan, instant, states, until
from tests.virtual import FakeClock
from tests.world import ALICE, BOB, DAY, HOUR, MINUTE, SECOND, World, a_world

SEND = ["sendMessage"]


async def _sent_at(world: World, chat_id: int) -> list[int]:
    """When each message of the bot reached a chat, ms since the epoch."""
    return [row["date_ms"] for row in await world.chat.messages(chat_id) if row["from"] == "bot"]


@pytest.mark.parametrize("fault", [{"status": 500}, {"status": 502, "html": True}, {"status": 504}, {"refuse": True}])
async def test_a_failure_of_telegrams_is_tried_again_until_it_is_over(
    tmp_path: Path, clock: FakeClock, fault: dict
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea in 5 minutes")
        world.chat.faults.set({"methods": SEND, **fault})
        assert await alice.read(15 * MINUTE) == []
        world.chat.faults.set({})
        said = await alice.read(45 * SECOND)
        assert len(said) == 1
        assert "Late: this was due today at 10:05" in said[0]
        assert await states(world) == {"sent": 1}
        assert await counts(world, "reminders") == (0, 1)


async def test_a_short_failure_costs_no_lateness(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea in 5 minutes")
        world.chat.faults.set({"methods": SEND, "status": 502, "times": 3})
        assert len(await alice.read(6 * MINUTE)) == 1
        assert await counts(world, "reminders") == (1, 0)


@pytest.mark.parametrize(("before_s", "after_s"), [(0, 25), (0, 34), (0, 48), (20, 40)])
async def test_an_outage_of_less_than_a_minute_makes_nothing_late(
    tmp_path: Path, clock: FakeClock, before_s: int, after_s: int
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea today at 11:00")
        (due_at,) = [row["due_at"] for row in await world.query("SELECT due_at FROM reminders WHERE kind = 'event'")]
        await until(alice, int(str(due_at)) - before_s * SECOND)
        world.chat.faults.set({"methods": SEND, "status": 502, "for_ms": (before_s + after_s) * SECOND})
        assert len(await alice.read((before_s + 60) * SECOND)) == 1
        assert await counts(world, "reminders") == (1, 0)


async def test_a_plan_that_telegram_takes_only_the_day_after_is_missed(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await daily_plan(alice, "23:30")
        world.chat.faults.set({"methods": SEND, "status": 500})
        assert await until(alice, instant("2026-11-22 00:00") + 3 * SECOND) == []
        world.chat.faults.set({})
        assert await until(alice, instant("2026-11-22 12:00")) == []
        assert (await states(world))["missed"] == 1
        assert await counts(world, "plans") == (0, 1)


async def test_an_outage_of_telegrams_over_a_day_ends_in_one_summary(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist today at 12:00")
        await alice.say("dinner today at 20:00")
        world.chat.faults.set({"refuse": True})
        assert await until(alice, instant("2026-11-22 19:00")) == []
        assert await states(world) == {"missed": 1, "pending": 1}
        world.chat.faults.set({})
        said = await alice.read(5 * MINUTE)
        assert len(said) == 2
        assert sum("more than a day ago" in text and "dentist" in text for text in said) == 1
        assert sum("Late: this was due" in text and "dinner" in text for text in said) == 1
        assert await counts(world, "reminders") == (0, 2)


async def test_silence_is_a_failure_too(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea in 5 minutes")
        world.telegram._timeout_s = 20
        world.chat.faults.set({"methods": SEND, "hang": True, "times": 1})
        assert len(await alice.read(6 * MINUTE)) == 1


async def test_retries_back_off_so_that_an_outage_is_not_hammered(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        for number in range(50):
            await alice.say(f"tea {number} today at 11:00")
        world.chat.faults.set({"methods": SEND, "status": 500})
        await until(alice, instant("2026-11-21 12:00"))
        tries = world.chat.faults.shown()["rules"][0]["hits"]
        assert 60 < tries < 400, "one at a time, every half a minute or so, though fifty wait"


@pytest.mark.parametrize(
    "fault", [{"lose_answer": True}, {"truncate": True}, {"empty": True}, {"status": 502, "accepted": True}]
)
async def test_a_lost_answer_repeats_at_most_that_message_once(tmp_path: Path, clock: FakeClock, fault: dict) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea in 5 minutes")
        await alice.say("milk in 6 minutes")
        world.chat.faults.set({"methods": SEND, **fault, "times": 1})
        said = await alice.read(20 * MINUTE)
        assert sum("tea" in text for text in said) == 2
        assert sum("milk" in text for text in said) == 1


async def test_a_lost_answer_to_a_question_does_the_question_once(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/today")
        world.chat.faults.set({"methods": SEND, "lose_answer": True, "times": 1})
        said = await alice.say("dentist tomorrow at 9:30", settle=10 * SECOND)
        assert len(said) == 2
        assert said[0] == said[1]
        assert await world.query("SELECT count(*) AS n FROM events") == [{"n": 1}]


async def test_a_refusal_for_good_ends_one_reminder_and_no_other(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea in 5 minutes")
        await alice.say("milk in 6 minutes")
        refusal = {"status": 400, "description": "Bad Request: message text is empty"}
        world.chat.faults.set({"methods": SEND, **refusal, "times": 1})
        said = await alice.read(HOUR)
        assert len(said) == 1
        assert "milk" in said[0]
        assert await states(world) == {"failed": 1, "sent": 1}
        assert await counts(world, "reminders") == (1, 1)


async def test_a_blocked_chat_is_frozen_and_thaws_when_its_user_writes(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("gym every day at 19:00")
        await daily_plan(alice, "07:00")
        world.chat.faults.set({"blocked": [1]})
        assert await until(alice, instant("2026-11-23 12:00")) == []
        assert (await states(world))["undeliverable"] == 4
        assert await counts(world, "reminders") == (0, 0), "what its user does not want is nobody's fault"
        assert await counts(world, "plans") == (0, 0)
        assert await world.query("SELECT count(*) AS n FROM events WHERE deleted_at IS NULL") == [{"n": 1}]

        assert len(await alice.say("/week")) == 1
        said = await until(alice, instant("2026-11-23 19:00"))
        assert len(said) == 1
        assert "gym" in said[0]


async def test_a_frozen_chat_is_left_alone(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("gym every day at 19:00")
        world.chat.faults.set({"blocked": [1]})
        await until(alice, instant("2026-11-21 19:00"))
        calls: list[str] = []
        call = world.chat.call

        async def counted(token: str, method: str, params: dict) -> tuple[int, object]:
            calls.append(method)
            return await call(token, method, params)

        world.chat.call = counted
        await alice.read(3 * DAY)
        assert "sendMessage" not in calls


async def test_what_a_block_left_unanswered_does_not_come_back_with_the_user(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist today at 12:00")
        world.chat.faults.set({"blocked": [1]})
        await alice.read(3 * DAY)
        said = await alice.say("/today")
        assert len(said) == 1
        assert "Today" in said[0]


async def test_429_pauses_that_chat_and_no_other(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="*") as world:
        alice, bob = world.person(ALICE), world.person(BOB)
        await alice.say("tea today at 10:10")
        await bob.say("lunch today at 10:10")
        world.chat.faults.set({"methods": SEND, "chat_id": 1, "status": 429, "retry_after": 30, "times": 1})
        due_at = instant("2026-11-21 10:10")
        assert await until(alice, due_at + 29 * SECOND) == []
        assert due_at <= (await _sent_at(world, 2))[-1] <= due_at + SECOND
        assert len(await until(alice, due_at + 31 * SECOND)) == 1
        assert await counts(world, "reminders") == (2, 0)


async def test_a_second_chats_429_pauses_everybody(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="*") as world:
        carol = world.person(User(4, "Carol", language_code="en"))
        for person in (world.person(ALICE), world.person(BOB), carol):
            await person.say("tea today at 10:10")
        await carol.say("lunch today at 10:11")
        rule = {"methods": SEND, "status": 429, "retry_after": 90, "times": 1}
        world.chat.faults.set({"rules": [{**rule, "chat_id": 1}, {**rule, "chat_id": 2}]})
        due_at = instant("2026-11-21 10:10")
        await until(carol, due_at + 89 * SECOND)
        assert max(await _sent_at(world, 4)) <= due_at + SECOND, "nothing after the second 429, not even at 10:11"
        await carol.read(10 * SECOND)
        assert max(await _sent_at(world, 4)) >= due_at + 90 * SECOND
        assert await states(world) == {"sent": 4}


async def test_a_group_that_became_a_supergroup_is_followed(tmp_path: Path, clock: FakeClock) -> None:
    old, new = -5, -1_000_000_000_005
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea in 5 minutes")
        await alice.say("milk in 6 minutes")
        await world.chat.open_chats([old])

        def move(tx: object) -> None:
            tx.users.move_chat(1, old)

        await world.store.write(move)
        await world.chat.set_faults({"migrate": {"from": old, "to": new}})
        await clock.sleep(10 * MINUTE)
        said = [row["text"] for row in await world.chat.messages(new) if row["from"] == "bot"]
        assert len([text for text in said if "tea" in text or "milk" in text]) == 2
        assert await world.query("SELECT chat_id FROM users") == [{"chat_id": new}]
        assert await states(world) == {"sent": 2}


@pytest.mark.parametrize("status", [401, 409])
async def test_a_refused_token_or_a_second_poller_stops_all_sending_and_it_goes_on_after(
    tmp_path: Path, clock: FakeClock, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea in 70 minutes")
        await alice.say("milk in 71 minutes")
        world.chat.faults.set({"status": status, "methods": ["getUpdates", "sendMessage", "getMe"]})
        assert await alice.read(3 * HOUR) == []
        assert await states(world) == {"pending": 2}
        assert world.planner.delivery.halted is not None
        assert sum(one.message == "telegram.halted" for one in caplog.records) == 1
        hits = world.chat.faults.shown()["rules"][0]["hits"]
        assert hits < 3 * 60 * 60 / 10, "asked now and then, not all the time"

        world.chat.faults.set({})
        said = await alice.read(MINUTE)
        assert len(said) == 1
        assert "2 reminders come late" in said[0]
        assert world.planner.delivery.halted is None
        assert len(await alice.say("/today")) == 1


async def test_a_token_refused_only_for_sending_halts_and_resumes_too(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea in 5 minutes")
        world.chat.faults.set({"status": 401, "methods": ["sendMessage", "getMe"]})
        assert await alice.read(10 * MINUTE) == []
        assert await states(world) == {"pending": 1}
        world.chat.faults.set({})
        assert len(await alice.read(MINUTE)) == 1


async def test_telegram_out_of_reach_at_polling_is_waited_out(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/today")
        world.chat.faults.set({"refuse": True})
        await world.chat.say(1, "dentist tomorrow at 9:30", ALICE)
        assert await alice.read(HOUR) == []
        world.chat.faults.set({})
        said = await alice.read(MINUTE)
        assert len(said) == 1
        assert "dentist" in said[0]


async def test_a_message_that_can_no_longer_be_edited_is_sent_anew(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/settings")
        refusal = {"status": 400, "description": "Bad Request: message can't be edited"}
        world.chat.faults.set({"methods": ["editMessageText"], **refusal})
        said = await alice.press("Language")
        assert len(said) == 1
        assert "Русский" in await alice.buttons()


async def test_many_faults_at_once_lose_nothing(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        for number in range(40):
            await alice.say(f"number {number:02} in {number + 5} minutes")
        world.chat.faults.set(
            {
                "seed": 7,
                "rules": [
                    {"methods": SEND, "probability": 0.2, "status": 429, "retry_after": 3},
                    {"methods": SEND, "probability": 0.2, "status": 502, "html": True},
                    {"methods": SEND, "probability": 0.2, "lose_answer": True},
                    {"probability": 0.2, "refuse": True},
                    {"delay_ms": [0, 3_000]},
                ],
            }
        )
        said = await alice.read(2 * HOUR)
        for number in range(40):
            copies = sum(f"number {number:02}" in text for text in said)
            assert copies >= 1
        assert await states(world) == {"sent": 40}
        assert sum(await counts(world, "reminders")) == 40


async def test_a_flood_of_answers_is_paced_as_telegram_asks(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_CHAT_BURST="3") as world:
        alice = world.person(ALICE)
        await alice.say("/today")
        await alice.read(MINUTE)
        world.chat.faults.set({"limits": True})
        await asyncio.gather(*(world.chat.say(1, "/today", ALICE) for _ in range(15)))
        assert len(await alice.read(MINUTE)) == 15
        assert world.chat.faults.shown()["limited"] == 0


async def test_a_button_pressed_on_a_reminder_whose_answer_was_lost_shows_that_it_arrived(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("tea in 5 minutes")
        world.chat.faults.set({"methods": SEND, "lose_answer": True, "times": 1})
        await alice.read(5 * MINUTE - SECOND // 2)
        await alice.press("Done", settle=SECOND // 10)
        assert await alice.read(10 * MINUTE) == [], "it is not repeated"
        (row,) = await world.query("SELECT state, verdict FROM reminders")
        assert row == {"state": "sent", "verdict": "good"}


async def test_after_an_outage_a_single_request_tries(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="*") as world:
        people = [world.person(replace(ALICE, id=number)) for number in range(1, 31)]
        for one in people:
            await one.say("/start")
        world.chat.faults.set({"methods": SEND, "status": 502, "delay_ms": 500})
        for one in people:
            await world.chat.say(one.user.id, "/today", one.user)
        await clock.sleep(5 * MINUTE)
        before = world.chat.faults.shown()["rules"][0]["hits"]
        await clock.sleep(MINUTE)
        tried = world.chat.faults.shown()["rules"][0]["hits"] - before
        assert 1 <= tried <= 4, "one every half a minute, give or take the jitter, not one a chat"
        world.chat.faults.set({})
        await clock.sleep(MINUTE)
        for one in people:
            assert "Today" in (await one.rows())[-1]["text"]
