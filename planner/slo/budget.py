"""Error budgets. Google's SRE Workbook: "Implementing SLOs" for the budget, "Alerting on SLOs" for burn rates.

A share is of 1, a length in ms. Where nothing came due there is no rate, and so nothing to be said: ``None``, never a
number.
"""

from __future__ import annotations

from collections.abc import Mapping

from planner.model import DAY, HOUR

WINDOWS: Mapping[str, int] = {"1h": HOUR, "6h": 6 * HOUR, "1d": DAY, "7d": 7 * DAY}
"""Over which times, in ms, a burn rate is shown, by its name."""
DIGITS = 12
"""After the point, of a share that is compared or written: 1 - 0.99 is 0.01, and not 0.010000000000000009."""


def sli(good: int, bad: int) -> float | None:
    """The share that was good: good / (good + bad)."""
    return good / (good + bad) if good + bad else None


def allowed_error_rate(objective: float) -> float:
    """The error budget, as the share that may be bad: 1 - objective."""
    return round(1 - objective, DIGITS)


def allowed_bad(events: float, objective: float) -> float:
    """How many of so many may be bad: events x (1 - objective). Below 1 a single one breaks the promise."""
    return events * allowed_error_rate(objective)


def allowed_downtime(window_ms: int, objective: float) -> int:
    """How long all may be bad within a window, if as much comes due at any time: window x (1 - objective), in ms.

    99.9 % over 30 days: 43.2 min. 99 % over 7 days: 100.8 min.
    """
    return round(window_ms * allowed_error_rate(objective))


def left(good: int, bad: int, objective: float) -> float | None:
    """The share of the error budget that is left: 1 - (the share that was bad) / (1 - objective); overdrawn below 0.

    The budget is what may be bad of all that came due in the promise's window.
    """
    rate = burn_rate(good, bad, objective)
    return None if rate is None else 1 - rate


def exhausted(good: int, bad: int, objective: float) -> bool | None:
    """Whether nothing of the budget is left: bad / (good + bad) >= 1 - objective."""
    rest = left(good, bad, objective)
    return None if rest is None else rest <= 0


def burn_rate(good: int, bad: int, objective: float) -> float | None:
    """How fast the budget is spent: (the share that was bad) / (1 - objective).

    1 spends it exactly within the promise's window, 14.4 spends a 30-day window's in 50 hours.
    """
    return bad / (good + bad) / allowed_error_rate(objective) if good + bad else None


def time_to_exhaustion(left: float | None, burn_rate: float | None, window_ms: int) -> int | None:
    """How long what is left of the budget lasts at a burn rate: left x window / burn rate, in ms; 0 where none is left.

    ``None`` where it lasts: nothing came due, nothing burns, or so little that the window has moved on before. Until
    then nothing is taken to leave the window, so it is the earliest time; ``planner.slo.forecast`` knows what leaves.
    """
    if left is None:
        return None
    if left <= 0:
        return 0
    if not burn_rate or left > burn_rate:
        return None
    return round(left * window_ms / burn_rate)


def factor(budget: float, window_ms: int, long_ms: int) -> float:
    """The burn rate at which a share of the budget is gone within an alert's window: budget x window / alert window.

    2 % of a 30-day budget in an hour: 14.4. Of a 7-day one: 3.36.
    """
    return budget * window_ms / long_ms
