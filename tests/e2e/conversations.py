"""What people say to the planner and what they read then, in English and in Russian; each step waits for its answer."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from planner.model import MINUTE, SECOND
from tests.e2e.site import Phone

SOON_MS = 10 * MINUTE


async def english(phone: Phone) -> None:
    """From the first word to a snoozed reminder and the plan of the day."""
    await phone.say("/start", "Hello!", "Which city are you in")
    await phone.say("Berlin", "Your time zone is Berlin")
    answer = await phone.say("dentist tomorrow at 9:30", "✅ dentist")
    assert "tomorrow at 09:30" in answer
    assert "tomorrow at 09:15 (15 minutes before)" in answer
    await phone.press("Change", "What should change about dentist?")
    assert "tomorrow at 10:00" in await phone.say("tomorrow at 10:00", "✏️ dentist")
    assert "tomorrow at 09:30" in await phone.press("Undo", "↩️ dentist")
    await phone.say("/today", "Nothing is planned.")
    assert "09:30  dentist" in await phone.say("/week", "The next 7 days")

    due_at = minutes_from_now(phone, 5)
    await phone.say("tea in 5 minutes", "✅ tea")
    await phone.reminded(due_at, "tea")
    again_at = minutes_from_now(phone, 10)
    await phone.press("10 min", "💤 tea")
    await phone.reminded(again_at, "tea", by=minutes_from_now(phone, 10))
    await phone.press("Done", "✅ tea")

    await phone.say("/settings", "Time zone: Berlin")
    await phone.press("Quiet hours", "When shall I keep quiet?")
    await phone.press("23:00–07:00", "Quiet hours: 23:00–07:00")
    await phone.press("Daily plan", "When shall I send the plan of your day?")
    plan_at, plan = wall(phone, SOON_MS, "Europe/Berlin")
    await phone.say(plan, f"Daily plan: {plan}")
    await phone.site.pass_until(plan_at)
    await phone.see("Your day", "tea")
    await phone.say("lunch tomorrow at 13:00", "✅ lunch")
    await phone.say("/tomorrow", "13:00  lunch")
    await phone.press("2", "📌 lunch")
    await phone.press("Delete", "🗑 lunch is deleted")
    await phone.say("/help", "What I can do")


async def russian(phone: Phone) -> None:
    """The same in Russian, the language taken from Telegram."""
    await phone.say("/start", "Здравствуйте!", "В каком вы городе")
    await phone.say("Москва", "Ваш часовой пояс")
    answer = await phone.say("врач завтра в 9:30", "✅ врач")
    assert "завтра в 09:30" in answer
    assert "завтра в 09:15 (за 15 минут)" in answer
    await phone.press("Изменить", "Что изменить в «врач»?")
    assert "завтра в 10:00" in await phone.say("завтра в 10:00", "✏️ врач")
    assert "завтра в 09:30" in await phone.press("Отменить", "↩️ врач")
    await phone.say("/today", "Ничего не запланировано.")
    assert "09:30  врач" in await phone.say("/week", "Ближайшие 7 дней")

    due_at = minutes_from_now(phone, 5)
    await phone.say("чай через 5 минут", "✅ чай")
    await phone.reminded(due_at, "чай")
    again_at = minutes_from_now(phone, 10)
    await phone.press("10 мин", "💤 чай")
    await phone.reminded(again_at, "чай", by=minutes_from_now(phone, 10))
    await phone.press("Готово", "✅ чай")

    await phone.say("/settings", "Часовой пояс: Москва")
    await phone.press("Тихие часы", "Когда вас не беспокоить?")
    await phone.press("23:00–07:00", "Тихие часы: 23:00–07:00")
    await phone.press("План дня", "Когда присылать план дня?")
    plan_at, plan = wall(phone, SOON_MS, "Europe/Moscow")
    await phone.say(plan, f"План дня: {plan}")
    await phone.site.pass_until(plan_at)
    await phone.see("Ваш день", "чай")
    await phone.say("обед завтра в 13:00", "✅ обед")
    await phone.say("/tomorrow", "13:00  обед")
    await phone.press("2", "📌 обед")
    await phone.press("Удалить", "🗑 Удалено")
    await phone.say("/help", "Что я умею")


def minutes_from_now(phone: Phone, minutes: int) -> int:
    """The instant that "in N minutes" means, said now: Telegram dates messages in whole seconds."""
    now = phone.site.clock.now()
    return now - now % SECOND + minutes * MINUTE


def wall(phone: Phone, from_now_ms: int, zone: str) -> tuple[int, str]:
    """A whole minute some time from now, as an instant and on a zone's wall clock."""
    at = (phone.site.clock.now() + from_now_ms) // MINUTE * MINUTE
    return at, f"{datetime.fromtimestamp(at / SECOND, UTC).astimezone(ZoneInfo(zone)):%H:%M}"


def kind(text: str) -> str:
    """What a message is, whatever its times: its first line without digits."""
    return re.sub(r"\d+", "#", text.partition("\n")[0])
