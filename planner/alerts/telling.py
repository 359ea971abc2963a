"""Whom an alert is told to and when: decided with its row, in the same transaction, so that none is lost or doubled.

An admin is told once that it fires and, if so, once that it is over. A graver alert of the same promise speaks for the
lesser ones, even for those that are on their way to be sent, unless it is muted. What is muted, or less than critical
in quiet hours, waits, and is not said if it is over before that; the end of what was said waits as well. What could
not be told because Telegram was out of reach is told afterwards, all of it in one message (``late``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from planner import alert_texts
from planner.alert_texts import UNREACHED
from planner.alerts import late
from planner.alerts.facts import figures
from planner.alerts.looking import GONE, Change
from planner.due import after_quiet
from planner.i18n import words
from planner.model import User
from planner.render import Message, as_params
from planner.slo.alerts import Rule, State
from planner.slo.objectives import Severity
from planner.store import Tx
from planner.store.alert_messages import AlertMessage, Fate, What
from planner.store.alerts import Raised

MUTED, QUIET = "muted", "quiet hours"
IN_TIME = "over before it was told"
NO_ADMIN = "no admin any more"
AGAIN = "it fires again"

Admins = Callable[[Tx], Iterable[int]]
"""Whom alerts are told to, by their ids."""
Rules = Mapping[str, Rule]
"""By their ids, a promise's gravest first."""


def decide(tx: Tx, alert_id: int, change: Change, admins: Admins, rules: Rules, now: int) -> None:
    """Note who is to be told of a change; ``hand_over`` sends it when it is time."""
    if change.alert.state is State.FIRING and change.rule is not None:
        _fires(tx, alert_id, change.rule, admins, rules, now)
    elif not change.alert.open:
        _is_over(tx, alert_id, now)


def _fires(tx: Tx, alert_id: int, rule: Rule, admins: Admins, rules: Rules, now: int) -> None:
    fired = tx.alerts.get(alert_id)
    if fired is None:
        return
    for message in tx.alert_messages.waiting_ends(rule.slo.id, rule.tier):
        tx.alert_messages.drop(message, AGAIN)
    for user_id in sorted(admins(tx)):
        if tx.users.get(user_id) is not None:
            message = tx.alert_messages.wait(alert_id, user_id, What.FIRING, now)
            if (louder := _louder(tx, fired, user_id, rules, now)) is not None:
                tx.alert_messages.drop(message, _silenced_by(louder))
    if tx.alerts.muted(fired.slo, fired.tier, now) is None:
        _silence(tx, fired, rules)


def _silence(tx: Tx, by: Raised, rules: Rules) -> None:
    """It speaks for what is less grave and not told yet."""
    order = list(rules)
    for lesser in tx.alerts.firing():
        if lesser.slo == by.slo and _place(order, lesser) > _place(order, by):
            for message in tx.alert_messages.of(lesser.id):
                if message.what is What.FIRING and _unsent(tx, message):
                    tx.alert_messages.drop(message, _silenced_by(by))


def _louder(tx: Tx, one: Raised, user_id: int, rules: Rules, now: int) -> Raised | None:
    """A graver alert of the same promise that speaks for it."""
    graver = (other for other in _still(tx, one, rules) if _place(list(rules), other) < _place(list(rules), one))
    return next((other for other in graver if _speaks(tx, other, user_id, now)), None)


def _speaks(tx: Tx, one: Raised, user_id: int, now: int) -> bool:
    """Whether a user has heard that an alert fires, or will at once: one that is muted speaks for no other."""
    for message in tx.alert_messages.of(one.id):
        if message.user_id == user_id and message.what is What.FIRING:
            muted = tx.alerts.muted(one.slo, one.tier, now) is not None
            return message.state in {Fate.OWED, Fate.DELIVERED} or (message.state is Fate.WAITING and not muted)
    return False


def _unsent(tx: Tx, message: AlertMessage) -> bool:
    """Whether it is not told yet; where it is among the answers, it is so no more after this."""
    if message.state is Fate.OWED and message.answer_id is not None and tx.alert_messages.alone(message.answer_id):
        tx.inbox.withdraw(message.answer_id)
        return True
    return message.state is Fate.WAITING


def _place(order: list[str], one: Raised) -> int:
    return order.index(one.rule_id) if one.rule_id in order else len(order)


def _silenced_by(one: Raised) -> str:
    return f"silenced by {one.rule_id}"


def _is_over(tx: Tx, alert_id: int, now: int) -> None:
    for message in tx.alert_messages.of(alert_id):
        if message.state is Fate.WAITING and message.cause not in late.HINDERED:
            tx.alert_messages.drop(message, f"{IN_TIME} ({message.cause})" if message.cause else IN_TIME)
        elif message.state in {Fate.OWED, Fate.DELIVERED} and message.what is What.FIRING:
            tx.alert_messages.wait(alert_id, message.user_id, What.RESOLVED, now)


def hand_over(tx: Tx, admins: Admins, rules: Rules, now: int, *, reachable: bool = True) -> None:
    """Owe every message whose time has come; what has to wait longer is put off until then.

    Where Telegram is not ``reachable`` nothing is owed: who knows what will be so by the time that it is.
    """
    told = set(admins(tx))
    waited: dict[int, list[_Told]] = {}
    for message, raised in _ready(tx, rules, now):
        user = tx.users.get(message.user_id)
        if raised is None or user is None or user.id not in told:
            tx.alert_messages.drop(message, NO_ADMIN)
            continue
        ready_at, cause = _ready_at(tx, raised, user, now)
        rule = rules.get(raised.rule_id)
        if user.frozen:
            tx.alert_messages.drop(message, tx.users.why_frozen(user.id))
        elif rule is None:
            tx.alert_messages.drop(message, GONE)
        elif ready_at > now and not raised.alert.open and message.what is What.FIRING:
            tx.alert_messages.drop(message, f"{IN_TIME} ({cause})")
        elif ready_at > now:
            tx.alert_messages.postpone(message, ready_at, cause)
        elif not reachable:
            tx.alert_messages.postpone(message, message.ready_at, UNREACHED)
        elif message.what is What.FIRING and (louder := _louder(tx, raised, user.id, rules, now)) is not None:
            tx.alert_messages.drop(message, _silenced_by(louder))
        elif late.is_late(message, raised, now):
            waited.setdefault(user.id, []).append(_Told(message, raised, rule, user))
        else:
            _owe(tx, [_Told(message, raised, rule, user)], rules, now)
    for those in waited.values():
        _owe(tx, those, rules, now)


def _ready(tx: Tx, rules: Rules, now: int) -> list[tuple[AlertMessage, Raised | None]]:
    """What has waited long enough, with its alert, the gravest first."""
    order = list(rules)
    found = [(message, tx.alerts.get(message.alert_id)) for message in tx.alert_messages.ready(now)]
    return sorted(found, key=lambda one: len(order) if one[1] is None else _place(order, one[1]))


def _ready_at(tx: Tx, raised: Raised, user: User, now: int) -> tuple[int, str]:
    """From when on it may be told, and what it waits for."""
    mute = tx.alerts.muted(raised.slo, raised.tier, now)
    if mute is not None:
        return mute.until, MUTED
    if raised.severity is Severity.CRITICAL:
        return now, ""
    return after_quiet(now, user.quiet, user.zone), QUIET


class _Told(NamedTuple):
    """What one admin is told of one alert."""

    message: AlertMessage
    raised: Raised
    rule: Rule
    user: User


def _owe(tx: Tx, told: Sequence[_Told], rules: Rules, now: int) -> None:
    """All of it in one message. What is over makes no sound: nobody has to get up for it."""
    user = told[0].user
    params = as_params(_said(tx, told[0], rules, now) if len(told) == 1 else _all_said(tx, told, rules, now))
    if not any(one.raised.alert.open for one in told):
        params["disable_notification"] = True
    answer_id = tx.inbox.owe(None, user.chat_id, "sendMessage", params, now)
    for one in told:
        tx.alert_messages.owed(one.message, answer_id)


def _said(tx: Tx, told: _Told, rules: Rules, now: int) -> Message:
    message, raised, rule, user = told
    said, alert = words(user.lang), raised.alert
    if alert.open:
        why = message.cause if late.is_late(message, raised, now) else ""
        return alert_texts.firing(said, user, rule, raised.id, alert.pending_at, figures(raised.facts), now, why)
    others = [rules[one.rule_id] for one in _still(tx, raised, rules)]
    over = alert_texts.resolved(said, user, rule, alert.pending_at, alert.resolved_at or now,
                                figures(raised.facts, at_end=True), others, now)  # fmt: skip
    return alert_texts.too_late(said, over, message.cause) if message.what is What.FIRING else over


def _all_said(tx: Tx, told: Sequence[_Told], rules: Rules, now: int) -> Message:
    """A line a promise; one that another alert still says to be broken is not called over."""
    user = told[0].user
    lines: dict[str, alert_texts.Span] = {}
    for one in told:
        alert, still = one.raised.alert, _still(tx, one.raised, rules)
        if still and not alert.open:
            lines[one.raised.slo] = (rules[still[0].rule_id], alert.pending_at, None)
        else:
            lines[one.raised.slo] = (one.rule, alert.pending_at, alert.resolved_at)
    return alert_texts.together(words(user.lang), user, list(lines.values()), told[0].message.cause, now)


def _still(tx: Tx, raised: Raised, rules: Rules) -> list[Raised]:
    """What fires of the same promise, the gravest first."""
    order = list(rules)
    firing = [one for one in tx.alerts.firing() if one.slo == raised.slo and one.rule_id in rules]
    return sorted(firing, key=lambda one: _place(order, one))
