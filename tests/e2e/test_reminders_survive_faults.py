"""Each thing that Telegram can do to a reminder, one at a time: when it then comes, how often, what the figures say."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.model import MINUTE, SECOND
from tests.e2e.conversations import minutes_from_now
from tests.e2e.site import Phone, Row, Site, a_site
from tests.virtual import FakeClock

SENDING = "sendMessage"
PATIENCE_MS = 20 * MINUTE


async def tea_in_5_minutes(site: Site, user: int = 1, name: str = "Ann", what: str = "tea") -> tuple[Phone, int]:
    """Somebody whose tea is due in 5 minutes, a minute before it is; with the instant it is due."""
    phone = Phone(site, user=user, name=name, patience=PATIENCE_MS)
    due_at = minutes_from_now(phone, 5)
    await phone.say(f"{what} in 5 minutes", f"✅ {what}")
    return phone, due_at


def reminders(phone: Phone) -> list[Row]:
    return [row for row in phone.rows.values() if row.at_first.startswith("⏰")]


async def test_a_429_holds_the_reminder_back_as_long_as_asked_and_nobody_elses(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_site(tmp_path, clock) as site:
        ann, due_at = await tea_in_5_minutes(site)
        bob, _ = await tea_in_5_minutes(site, 2, "Bob")
        await site.faults({"method": SENDING, "chat_id": 1, "status": 429, "retry_after": 17, "times": 1})
        came = await ann.reminded(due_at, "tea")
        assert 17 * SECOND <= came.sent_at - due_at <= 20 * SECOND
        assert (await bob.reminded(due_at, "tea")).sent_at - due_at <= 2 * SECOND
        await ann.settled()
        assert len(reminders(ann)) == 1
        assert (await site.slo())["reminders"] == (2, 0)


async def test_a_second_chats_429_holds_everybody_back(tmp_path: Path, clock: FakeClock) -> None:
    async with a_site(tmp_path, clock) as site:
        ann, due_at = await tea_in_5_minutes(site)
        bob, _ = await tea_in_5_minutes(site, 2, "Bob")
        await clock.sleep(5 * SECOND)
        carol, later = await tea_in_5_minutes(site, 3, "Carol")
        await site.faults(*({"method": SENDING, "chat_id": one, "status": 429, "retry_after": 30, "times": 1}
                            for one in (1, 2)))  # fmt: skip
        assert later - due_at >= 5 * SECOND
        for phone in (ann, bob, carol):
            assert (await phone.reminded(due_at, "tea")).sent_at - due_at >= 30 * SECOND
        assert (await site.slo())["reminders"] == (3, 0)


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 500},
        {"status": 502, "html": True},
        {"status": 504, "html": True},
        {"hang": True},
        {"refuse": True},
        {"status": 429, "retry_after": 60},
    ],
    ids=lambda fault: " ".join(str(part) for part in fault.values()),
)
async def test_a_reminder_that_waits_out_an_outage_comes_once_and_says_that_it_is_late(
    fault: dict[str, object], tmp_path: Path, clock: FakeClock
) -> None:
    async with a_site(tmp_path, clock) as site:
        ann, due_at = await tea_in_5_minutes(site)
        await site.pass_until(due_at - 10 * SECOND)
        await site.faults({**fault, "method": SENDING, "for_ms": 3 * MINUTE})
        came = await ann.reminded(due_at, "tea", "Late: this was due")
        assert 2 * MINUTE < came.sent_at - due_at < 5 * MINUTE
        await ann.settled()
        assert len(reminders(ann)) == 1
        assert (await site.slo())["reminders"] == (0, 1)


async def test_a_short_outage_makes_no_reminder_late(tmp_path: Path, clock: FakeClock) -> None:
    async with a_site(tmp_path, clock) as site:
        ann, due_at = await tea_in_5_minutes(site)
        await site.pass_until(due_at - 5 * SECOND)
        await site.faults({"status": 502, "html": True, "for_ms": 30 * SECOND})
        came = await ann.reminded(due_at, "tea")
        assert "Late" not in came.at_first
        assert (await site.slo())["reminders"] == (1, 0)


async def test_a_server_that_is_gone_is_waited_for(tmp_path: Path, clock: FakeClock) -> None:
    async with a_site(tmp_path, clock) as site:
        ann, due_at = await tea_in_5_minutes(site)
        await site.pass_until(due_at - MINUTE)
        await site.close_chat()
        await site.pass_until(due_at + 2 * MINUTE)
        await site.open_chat()
        came = await ann.reminded(due_at, "tea", "Late: this was due")
        assert came.sent_at - due_at < 3 * MINUTE
        await ann.say("milk tomorrow at 9:00", "✅ milk")
        await ann.settled()
        assert len(reminders(ann)) == 1


async def test_what_a_long_outage_has_held_back_comes_in_one_message(tmp_path: Path, clock: FakeClock) -> None:
    async with a_site(tmp_path, clock) as site:
        ann, due_at = await tea_in_5_minutes(site)
        for what in ("bread", "milk", "eggs"):
            await tea_in_5_minutes(site, what=what)
        await site.pass_until(due_at - MINUTE)
        await site.faults({"status": 500, "for_ms": 30 * MINUTE})
        await site.pass_until(due_at + 29 * MINUTE)
        late = await ann.see("4 reminders come late")
        assert [line for line in late.text.splitlines() if line.startswith("• ")] != []
        for what in ("tea", "bread", "milk", "eggs"):
            assert f"• {what}, " in late.text
        await ann.settled()
        assert len([text for text in ann.texts() if "tea" in text]) == 2
        assert (await site.slo())["reminders"] == (0, 4)


@pytest.mark.parametrize(
    "fault",
    [
        {"lose_answer": True},
        {"lose_answer": "hang"},
        {"truncate": True},
        {"empty": True},
        {"status": 502, "html": True, "accepted": True},
    ],
    ids=lambda fault: " ".join(str(part) for part in fault),
)
async def test_a_reminder_comes_again_for_each_answer_that_was_lost(
    fault: dict[str, object], tmp_path: Path, clock: FakeClock
) -> None:
    async with a_site(tmp_path, clock) as site:
        ann, due_at = await tea_in_5_minutes(site)
        await site.faults({**fault, "method": SENDING, "times": 2})
        await ann.reminded(due_at, "tea")
        await ann.settled()
        assert len(reminders(ann)) == 3
        good = max(row.sent_at for row in reminders(ann)) - due_at <= MINUTE
        assert (await site.slo())["reminders"] == ((1, 0) if good else (0, 1))


async def test_whoever_blocks_the_bot_is_left_alone_and_served_again_once_they_write(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_site(tmp_path, clock) as site:
        ann, due_at = await tea_in_5_minutes(site)
        await clock.sleep(MINUTE)
        _, later = await tea_in_5_minutes(site, what="milk")
        await site.put({"blocked": [1]})
        await site.pass_until(later + 2 * MINUTE)
        await ann.look()
        assert reminders(ann) == []
        assert (await site.slo())["reminders"] == (0, 0)
        again_at = minutes_from_now(ann, 5)
        await ann.say("bread in 5 minutes", "✅ bread")
        await ann.reminded(again_at, "bread")
        assert due_at < later < again_at
        assert len(reminders(ann)) == 1
        assert (await site.slo())["reminders"] == (1, 0)


async def test_what_telegram_refuses_for_good_is_not_tried_again_and_counts_as_bad(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_site(tmp_path, clock) as site:
        ann, due_at = await tea_in_5_minutes(site)
        await site.faults({"method": SENDING, "status": 400, "description": "Bad Request: chat not found"})
        await site.pass_until(due_at + 5 * MINUTE)
        assert await site.hits() == [1]
        await site.faults()
        await ann.settled()
        assert reminders(ann) == []
        assert (await site.slo())["reminders"] == (0, 1)


@pytest.mark.parametrize("status", [401, 404, 409])
async def test_a_bot_that_is_not_let_in_stops_sending_and_goes_on_when_it_is(
    status: int, tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_site(tmp_path, clock) as site:
        ann, due_at = await tea_in_5_minutes(site)
        assert await site.ready()
        await site.pass_until(due_at - MINUTE)
        await site.faults({"status": status}, seed=1)
        await site.pass_until(due_at + 3 * MINUTE)
        assert not await site.ready()
        assert sum(record.message == "telegram.halted" for record in caplog.records) == 1
        assert sum(await site.hits()) < 60
        await site.faults()
        await ann.reminded(due_at, "tea", "Late: this was due")
        await ann.settled()
        assert len(reminders(ann)) == 1
        assert await site.ready()


async def test_sending_alone_that_is_not_let_in_stops_too_and_tries_again_now_and_then(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_site(tmp_path, clock) as site:
        ann, due_at = await tea_in_5_minutes(site)
        await site.faults({"method": SENDING, "status": 401})
        await site.pass_until(due_at + SECOND)
        assert not await site.ready()
        await site.pass_until(due_at + 3 * MINUTE)
        assert sum(await site.hits()) <= 7
        await site.faults()
        await ann.reminded(due_at, "tea", "Late: this was due")
        await ann.settled()
        assert len(reminders(ann)) == 1
        assert await site.ready()


@pytest.mark.parametrize(("outage_s", "figures"), [(50, (1, 0)), (75, (0, 1))])
async def test_a_minute_after_it_was_due_a_reminder_is_late_however_soon_it_comes(
    outage_s: int, figures: tuple[int, int], tmp_path: Path, clock: FakeClock
) -> None:
    async with a_site(tmp_path, clock) as site:
        await clock.sleep(30 * SECOND)
        ann, due_at = await tea_in_5_minutes(site)
        await site.pass_until(due_at - SECOND)
        await site.faults({"method": SENDING, "status": 429, "retry_after": outage_s, "times": 1})
        came = await ann.reminded(due_at, "tea")
        assert came.sent_at - due_at < (outage_s + 5) * SECOND
        assert (await site.slo())["reminders"] == figures


async def test_what_was_said_while_the_bot_was_down_is_answered(tmp_path: Path, clock: FakeClock) -> None:
    async with a_site(tmp_path, clock) as site:
        ann, due_at = await tea_in_5_minutes(site)
        await site.stop_bot()
        await ann.say("milk in 2 minutes")
        await ann.say("bread in 10 minutes")
        await clock.sleep(3 * MINUTE)
        await site.start_bot()
        await ann.see("✅ milk")
        await ann.see("✅ bread")
        await ann.reminded(due_at - 3 * MINUTE, "milk")
        await ann.reminded(due_at, "tea")
        await ann.reminded(due_at + 5 * MINUTE, "bread")
        await ann.settled()
        assert len(reminders(ann)) == 3


async def test_a_429_to_a_pressed_button_is_not_answered_with_a_flood(tmp_path: Path, clock: FakeClock) -> None:
    async with a_site(tmp_path, clock) as site:
        ann, _ = await tea_in_5_minutes(site)
        await site.faults({"method": "answerCallbackQuery", "status": 429, "retry_after": 10, "for_ms": 35 * SECOND})
        await ann.press("Undo", "is not kept")
        await ann.settled()
        assert sum(await site.hits()) <= 5
