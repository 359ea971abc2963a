"""A group plans together over the local chat's HTTP interface alone, and becomes a supergroup in the midst of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.localchat.show import BOT_USERNAME
from planner.model import MINUTE, SECOND
from tests.e2e.conversations import minutes_from_now
from tests.e2e.site import Phone, a_site
from tests.virtual import FakeClock

GROUP, SUPERGROUP = -5, -1_000_000_000_005
AT = f"@{BOT_USERNAME}"
ALL_SORTS = (
    {"probability": 0.15, "lose_answer": True},
    {"probability": 0.15, "status": 502, "html": True},
    {"delay_ms": [50, 400]},
)


async def test_a_group_plans_together_in_english(tmp_path: Path, clock: FakeClock) -> None:
    async with a_site(tmp_path, clock, PLANNER_USERS="1") as site:
        alice = Phone(site, name="Alice")
        await alice.say("/start", "Hello!")
        await site.change_group(GROUP, title="Family", by=alice.who)
        alice, bob = Phone(site, name="Alice", group=GROUP), Phone(site, user=2, name="Bob", group=GROUP)
        await alice.see("I can keep a plan for this group")
        await alice.press("Turn on here", "I keep a plan for Family")
        await bob.say(f"/add{AT} dentist", "When shall I remind you of dentist?")
        asked = (await bob.see("Reply to this message to answer.")).message_id
        await alice.say("I wonder when that was")
        await alice.say("tomorrow at 9:30", "tomorrow at 09:30", reply_to=asked)
        await bob.say(f"/week{AT}", "09:30  dentist")
        due_at = minutes_from_now(alice, 5)
        await alice.say(f"/add{AT} tea in 5 minutes", "✅ tea")
        await bob.reminded(due_at, "tea")
        await bob.press("Done", "✅ tea")
        await bob.say(f"/settings{AT}", "Only whoever runs me")
        await alice.say(f"/stop{AT}", "I am silent here")
        await bob.say(f"/week{AT}", "I keep no plan for this group")


async def test_a_group_plans_together_in_russian(tmp_path: Path, clock: FakeClock) -> None:
    async with a_site(tmp_path, clock, PLANNER_USERS="1") as site:
        anna = Phone(site, name="Анна", lang="ru", group=GROUP)
        boris = Phone(site, user=2, name="Борис", lang="ru", group=GROUP)
        await site.change_group(GROUP, title="Семья", by=anna.who)
        await anna.see("Я могу вести план для этой группы")
        await anna.say(f"/start{AT}", "Теперь я веду план для группы «Семья»")
        await boris.say(f"/add{AT} врач завтра в 9:30", "✅ врач")
        due_at = minutes_from_now(anna, 5)
        await anna.say(f"/add{AT} чай через 5 минут", "✅ чай")
        await boris.reminded(due_at, "чай")
        await boris.press("Готово", "✅ чай")
        await boris.say(f"/tomorrow{AT}", "09:30  врач")
        await boris.say(f"/settings{AT}", "Только тот, кто меня запустил")
        await boris.say(f"/export{AT}", f"https://t.me/{BOT_USERNAME}")


@pytest.mark.parametrize("seed", range(4))
async def test_a_group_becomes_a_supergroup_while_telegram_misbehaves(
    tmp_path: Path, clock: FakeClock, seed: int
) -> None:
    async with a_site(tmp_path, clock, PLANNER_USERS="1") as site:
        alice = Phone(site, name="Alice", group=GROUP, patience=MINUTE)
        await site.change_group(GROUP, title="Family", by=alice.who)
        await alice.say(f"/start{AT}", "I keep a plan for Family")
        due_at = minutes_from_now(alice, 5)
        for title in ("tea", "cake", "milk"):
            await alice.say(f"/add{AT} {title} in 5 minutes", f"✅ {title}")
        await site.faults(*ALL_SORTS, seed=seed)
        await site.pass_until(due_at + (seed - 1) * 300)
        await site.change_group(GROUP, migrate_to=SUPERGROUP, by=alice.who)
        bob = Phone(site, user=2, name="Bob", group=SUPERGROUP, patience=2 * MINUTE)
        await bob.say(f"/today{AT}", "milk")
        for chat in (alice, bob):
            await chat.settled()
        reminders = [text for chat in (alice, bob) for text in chat.texts() if text.startswith("⏰")]
        for title in ("tea", "cake", "milk"):
            assert any(title in text for text in reminders), title
        assert await site.count("reminders WHERE state = 'sent'") == 3
        assert (await site.slo())["reminders"] == (3, 0)
        assert bob.rows, "what was still owed came in the supergroup"
        assert await site.count("answers") == 0
        assert clock.now() - due_at < 10 * MINUTE + SECOND
