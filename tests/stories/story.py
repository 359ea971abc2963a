"""What several stories begin with: instants as people write them, settings made by talking, waiting until then."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from tests.world import SECOND, Person, World

BERLIN = "Europe/Berlin"


def instant(text: str, zone: str = "UTC") -> int:
    """``2026-11-21 10:00`` on a zone's wall clock, UTC ms."""
    return round(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()) * SECOND


async def until(person: Person, at: int) -> list[str]:
    """What the person sees of the bot from their last look until ``at``."""
    return await person.read(at - person.world.clock.now())


async def quiet_hours(person: Person, hours: str) -> None:
    """Set the quiet hours, such as ``22:00 - 07:00``."""
    await _answered(person, "Quiet hours", hours)


async def daily_plan(person: Person, hour: str) -> None:
    """Set the hour of the daily plan, such as ``07:00``."""
    await _answered(person, "Daily plan", hour)


async def leads(person: Person, lengths: str) -> None:
    """Set how long before events to remind, such as ``1 day, 15 min``."""
    await _answered(person, "Reminders", lengths)


async def _answered(person: Person, setting: str, value: str) -> None:
    await person.say("/settings")
    await person.press(setting)
    said = await person.say(value)
    assert any("Settings" in text or "Настройки" in text for text in said), said


async def zone(person: Person, city: str) -> None:
    """Move to a city."""
    await person.say("/settings")
    await person.press("Time zone")
    said = await person.say(city)
    assert "time zone is" in said[-1], said


async def pressed(person: Person, message_id: int, data: str) -> str:
    """Press a button of any data on one of their messages; what pops up."""
    world = person.world
    press = await world.chat.press(person.chat, message_id, data, person.user)
    answer = await world.chat.press_answer(press.callback_id, 5 * SECOND)
    assert answer is not None, "a pressed button is always answered"
    return str(answer["text"] or "")


async def due(world: World, *, state: str = "pending", kind: str = "event") -> list[int]:
    """When reminders of a state and kind are due, in order."""
    rows = await world.query("SELECT due_at FROM reminders WHERE state = ? AND kind = ? ORDER BY due_at", state, kind)
    return [row["due_at"] for row in rows]


async def counts(world: World, slo: str) -> tuple[int, int]:
    """Good and bad verdicts given for an SLO."""
    rows = await world.query("SELECT sum(good) AS good, sum(bad) AS bad FROM counts WHERE slo = ?", slo)
    return rows[0]["good"] or 0, rows[0]["bad"] or 0


async def states(world: World) -> dict[str, int]:
    """How many reminders stand in each state."""
    rows = await world.query("SELECT state, count(*) AS n FROM reminders GROUP BY state")
    return {row["state"]: row["n"] for row in rows}


__all__ = [
    "BERLIN",
    "counts",
    "daily_plan",
    "due",
    "instant",
    "leads",
    "pressed",
    "quiet_hours",
    "states",
    "until",
    "zone",
]
