"""Error budgets. Google's SRE Workbook: "Implementing SLOs" for the budget, "Alerting on SLOs" for burn rates.

A share is of 1. Where nothing came due there is no rate, and so nothing to be said: ``None``, never a number.
"""

from __future__ import annotations

from collections.abc import Mapping

from planner.model import DAY, HOUR

WINDOWS: Mapping[str, int] = {"1h": HOUR, "6h": 6 * HOUR, "1d": DAY, "7d": 7 * DAY}
"""Over which times, in ms, a burn rate is shown, by its name."""


def sli(good: int, bad: int) -> float | None:
    """The share that was good."""
    return good / (good + bad) if good + bad else None


def left(good: int, bad: int, objective: float) -> float | None:
    """The share of the error budget that is left: 1 - (the share that was bad) / (1 - objective); overdrawn below 0.

    The budget is what may be bad of all that came due in the promise's window.
    """
    rate = burn_rate(good, bad, objective)
    return None if rate is None else 1 - rate


def burn_rate(good: int, bad: int, objective: float) -> float | None:
    """How fast the budget is spent: (the share that was bad) / (1 - objective).

    1 spends it exactly within the promise's window, 14.4 spends a 30-day window's in 50 hours.
    """
    return bad / (good + bad) / (1 - objective) if good + bad else None
