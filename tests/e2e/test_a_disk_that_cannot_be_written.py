"""While the database cannot be written nothing is lost, nothing called done; the bot says so, and can be stopped."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.model import MINUTE, SECOND
from tests.e2e.conversations import minutes_from_now
from tests.e2e.site import Phone, a_site
from tests.virtual import FakeClock

STOP_MS = 5 * SECOND


async def test_what_is_said_meanwhile_is_answered_with_an_apology_and_then_done(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_site(tmp_path, clock) as site:
        ann = Phone(site, patience=MINUTE)
        await ann.say("/start", "Which city")
        site.disk(full=True)
        await ann.say("tea in 5 minutes", "I cannot save anything right now.")
        due_at = minutes_from_now(ann, 5)
        await clock.sleep(MINUTE)
        site.disk(full=False)
        await ann.see("✅ tea")
        await ann.reminded(due_at, "tea")
        await ann.settled()
        assert len([text for text in ann.texts() if "tea" in text]) == 2
        assert len([text for text in ann.texts() if "cannot save" in text]) == 1


async def test_a_reminder_whose_outcome_cannot_be_saved_is_not_sent_again_and_again(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_site(tmp_path, clock) as site:
        ann = Phone(site)
        due_at = minutes_from_now(ann, 5)
        await ann.say("tea in 5 minutes", "✅ tea")
        await site.faults({"method": "sendMessage", "delay_ms": 2_000})
        await site.pass_until(due_at + SECOND)
        site.disk(full=True)
        await clock.sleep(3 * MINUTE)
        site.disk(full=False)
        await ann.settled()
        assert len([text for text in ann.texts() if text.startswith("⏰")]) == 1


@pytest.mark.parametrize("moment", ["before the claim", "in flight", "said"])
async def test_it_stops_in_time_all_the_same_and_the_next_one_takes_over(
    moment: str, tmp_path: Path, clock: FakeClock
) -> None:
    async with a_site(tmp_path, clock) as site:
        ann = Phone(site, patience=MINUTE)
        due_at = minutes_from_now(ann, 5)
        await ann.say("tea in 5 minutes", "✅ tea")
        if moment == "in flight":
            await site.faults({"method": "sendMessage", "delay_ms": 3_000})
            await site.pass_until(due_at + SECOND)
        else:
            await site.pass_until(due_at - SECOND)
        site.disk(full=True)
        if moment == "said":
            await ann.say("milk in 5 minutes", "I cannot save anything right now.")
        await site.pass_until(due_at + 2 * SECOND)
        told_at = clock.now()
        await site.stop_bot()
        assert clock.now() - told_at <= STOP_MS
        await site.faults()
        await site.start_bot()
        await ann.reminded(due_at, "tea")
        if moment == "said":
            await ann.see("✅ milk")


async def test_it_stops_in_time_though_an_update_cannot_be_handled(tmp_path: Path, clock: FakeClock) -> None:
    async with a_site(tmp_path, clock) as site:
        ann = Phone(site, patience=MINUTE)
        await ann.say("/start", "Which city")
        handling = site.store.write

        async def full(job: object) -> object:
            if "_in_transaction" in getattr(job, "__code__", full.__code__).co_names:
                site.disk(full=True)
            return await handling(job)

        site.store.write = full
        await ann.say("tea in 5 minutes", "I cannot save anything right now.")
        told_at = clock.now()
        await site.stop_bot()
        assert clock.now() - told_at <= STOP_MS
        await site.start_bot()
        await ann.see("✅ tea")


async def test_it_stops_in_time_though_what_was_only_claimed_cannot_be_given_back(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_site(tmp_path, clock, PLANNER_SEND_RATE="1") as site:
        phones = [Phone(site, user=user, patience=MINUTE) for user in (1, 2)]
        due_at = minutes_from_now(phones[0], 5)
        for phone in phones:
            await phone.say("tea in 5 minutes", "✅ tea")
        await site.pass_until(due_at + 1_200)
        assert await site.count("reminders WHERE state = 'sending'") == 1
        site.disk(full=True)
        await site.stop_bot()
        await site.start_bot()
        for phone in phones:
            await phone.reminded(due_at, "tea")
