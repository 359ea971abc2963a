"""Promises broken on purpose, and what is kept and said of it."""

from __future__ import annotations

from planner.store.alerts import Raised
from tests.world import World

FAST, MEDIUM, SLOW, BELOW = (f"reminders/{tier}" for tier in ("fast", "medium", "slow", "below"))


async def verdicts(world: World, bad: int, good: int = 0, slo: str = "reminders") -> None:
    """So many come due now, and are judged at once."""
    now = world.clock.now()
    given = [(slo, now, False)] * bad + [(slo, now, True)] * good
    await world.store.write(lambda tx: tx.counts.add_many(given))


async def kept(world: World) -> dict[str, Raised]:
    """The latest row of each rule."""
    found = await world.store.read(lambda tx: list(reversed(tx.alerts.recent(100))))
    return {f"{one.slo}/{one.tier}": one for one in found}


async def states(world: World) -> dict[str, str]:
    return {rule: str(one.alert.state) for rule, one in (await kept(world)).items()}


async def trail(world: World) -> list[tuple[str, int, str, str, str]]:
    """Every message that was thought of: of which rule, to whom, what, what became of it, why not."""
    rows = await world.query(
        "SELECT slo || '/' || tier AS rule, user_id, what, alert_messages.state, cause FROM alert_messages"
        " JOIN alerts ON id = alert_id ORDER BY alert_id, user_id, what"
    )
    return [tuple(row.values()) for row in rows]  # type: ignore[misc]  # as the query names them
