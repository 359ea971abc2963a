"""Alerts: each promise's rules looked at every ten seconds, from the database alone; admins are told, once each.

What becomes of an alert, and who is to be told of it, is one transaction: after a crash nothing is said to have begun
twice, and nothing is left unsaid. When a rule was last seen to hold is kept in memory only: after a start every open
alert counts as held until then, so that one may be over later than it would, never sooner.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Protocol

from planner import promises
from planner.alert_texts import DOWN, UNREACHED
from planner.alerts import late, telling
from planner.alerts.looking import Change, Look, look
from planner.alerts.telling import Admins
from planner.model import SECOND
from planner.slo.alerts import Rule, State, rules
from planner.slo.objectives import Slo
from planner.store import Store, Tx
from planner.telemetry import tracing

log = logging.getLogger(__name__)

EVERY_MS = 10 * SECOND


class Takes(Protocol):
    """``planner.delivery.Delivery`` is one."""

    @property
    def reachable(self) -> bool: ...

    async def takes_messages(self) -> bool: ...


class Alerts:
    """``admins``: whom alerts are told to; ``None``: somebody else tells them, so that nobody is told twice.

    ``telegram``: whether it takes messages. While it does not they wait here, not among the answers, so that what is
    said at last is what is so by then.
    """

    def __init__(self, store: Store, slos: Sequence[Slo], admins: Admins | None,
                 telegram: Takes | None = None) -> None:  # fmt: skip
        self._store = store
        self._telegram = telegram
        self._rules: Mapping[str, Rule] = {rule.id: rule for slo in slos for rule in rules(slo)}
        self._back_ms = max((rule.long_ms for rule in self._rules.values()), default=0)
        self._admins = admins
        self._held: Mapping[str, int] = {}

    async def recover(self) -> None:
        """What an earlier run had still to send is told as things stand now. Before any answer of it is sent."""
        if self._admins is None:
            return
        await self._store.write(lambda tx: late.take_back(tx, DOWN))
        if strangers := await self._store.read(self._strangers):
            log.warning("alerts.unheard", extra={
                "users": len(strangers), "user": strangers[0],
                "do": "they have to press Start in the bot's chat, for it cannot write to them first"})  # fmt: skip

    def _strangers(self, tx: Tx) -> list[int]:
        """Admins who have no chat with the bot: Telegram lets no bot write first."""
        return [] if self._admins is None else [one for one in sorted(self._admins(tx)) if tx.users.get(one) is None]

    async def look(self, now: int) -> int:
        """Look at every rule, keep and tell what has changed; returns when to look again. For the scheduler.

        Raises ``StoreError``; then nothing has changed.
        """
        reachable = self._telegram is None or self._telegram.reachable
        seen = await self._store.read(lambda tx: self._look(tx, now))
        if seen is None:
            await promises.judge(self._store, now)
            seen = await self._store.read(lambda tx: look(tx, self._rules, self._back_ms, now, self._held))
        owed = self._admins is not None and not reachable and await self._store.read(late.held_up)
        if self._telegram and self._admins and not reachable and (owed or seen.ready or seen.changes):
            reachable = await self._telegram.takes_messages()
        held_up = owed and not reachable
        if seen.changes or seen.set_back or held_up or (seen.ready and self._admins is not None and reachable):
            tracing.current().set(work=True)
            for change, alert_id in await self._store.write(lambda tx: self._keep(tx, seen, now, reachable=reachable)):
                _log(change, alert_id)
        self._held = seen.held
        return now + EVERY_MS

    def _look(self, tx: Tx, now: int) -> Look | None:
        """``None`` where verdicts have to be given first."""
        return None if promises.unjudged(tx, now) else look(tx, self._rules, self._back_ms, now, self._held)

    def _keep(self, tx: Tx, seen: Look, now: int, *, reachable: bool) -> Sequence[tuple[Change, int]]:
        for alert_id, alert in seen.set_back:
            tx.alerts.save(alert_id, alert)
        kept = [(change, _save(tx, change)) for change in seen.changes]
        if self._admins is not None:
            if not reachable:
                late.take_back(tx, UNREACHED)
            for change, alert_id in kept:
                telling.decide(tx, alert_id, change, self._admins, self._rules, now)
            telling.hand_over(tx, self._admins, self._rules, now, reachable=reachable)
        return kept


def _save(tx: Tx, change: Change) -> int:
    if change.kept is not None:
        tx.alerts.save(change.kept.id, change.alert, change.facts)
        return change.kept.id
    if change.rule is None:
        raise ValueError("what has no rule has a row")
    return tx.alerts.add(change.slo, change.tier, change.rule.severity, change.alert, change.facts)


def _log(change: Change, alert_id: int) -> None:
    """After it is on disk."""
    alert, facts = change.alert, change.facts
    if alert.state is State.FIRING:
        log.error("slo.violated", extra={
            "slo": change.slo, "tier": change.tier, "alert": facts["alert"], "alert_id": alert_id,
            "severity": facts["severity"], "sli": facts["sli"], "objective": facts["objective"],
            "window_s": facts["window_s"], "looked_s": facts["looked_s"], "good": facts["good"], "bad": facts["bad"],
            "burn_rate": facts["burn_rate"], "budget_left": facts["budget_left"], "bad_events": facts["bad_events"],
            "runbook": facts["runbook"], "do": f"follow {facts['runbook']}"})  # fmt: skip
    elif alert.state is State.RESOLVED and alert.resolved_at is not None:
        log.info("slo.recovered", extra={
            "slo": change.slo, "tier": change.tier, "alert": facts["alert"], "alert_id": alert_id,
            "for_ms": alert.resolved_at - alert.pending_at, "cause": facts["cause"]})  # fmt: skip
