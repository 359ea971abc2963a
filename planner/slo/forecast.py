"""When a budget will be gone, if things go on as they lately did, and how sure that is. Pure.

The window rolls: in each step to come as much comes due as in the one that leaves it, so what is allowed stays, and
what was bad in that one is given back. What is bad of what comes is drawn many times, at a rate that is itself
uncertain; the times at which the budget went are sorted, and the middle ones are the interval.
``bench/product/forecast.py`` looks how often it holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, inf, isfinite, sqrt
from random import Random

from planner.model import SECOND
from planner.slo import budget, figures
from planner.slo.history import History, Step, gone_since
from planner.slo.instants import iso, shown
from planner.slo.lengths import named
from planner.slo.trend import Trend

CONFIDENCE = 0.8
"""So often the true time is to lie between ``earliest`` and ``latest``."""
PATHS = 300
ALLOWED_MIN = 2.0
"""With less than so many that may be bad, a single one decides, and no trend can be read."""
_SMALL = 30.0
_SEED = 1


class Outlook(StrEnum):
    IDLE = "idle"
    TOO_FEW = "too few to tell"
    GONE = "gone"
    IN_SIGHT = "in sight"
    NOT_IN_SIGHT = "not in sight"
    """More likely than not it lasts for another window."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """``middle``, ``earliest``, ``latest``: in how many ms the budget is gone; ``None``: not within a window.

    ``chance``: of its being gone within the next window. ``rate``: the burn rate of late, the latest counting most.
    """

    past: History
    outlook: Outlook
    rate: float | None = None
    chance: float | None = None
    middle: int | None = None
    earliest: int | None = None
    latest: int | None = None


def forecast(past: History, paths: int = PATHS) -> Forecast:
    good, bad = (sum(step[which] for step in past.window) for which in (0, 1))
    if not good + bad:
        return Forecast(past, Outlook.IDLE)
    allowed = budget.allowed_bad(good + bad, past.slo.objective)
    trend = Trend(past.window, past.slo.objective)
    rate = trend.share / budget.allowed_error_rate(past.slo.objective)
    if budget.exhausted(good, bad, past.slo.objective):
        return Forecast(past, Outlook.GONE, rate, 1.0, 0, 0, 0)
    if allowed < ALLOWED_MIN:
        return Forecast(past, Outlook.TOO_FEW, rate)
    random = Random(_SEED)
    ends = sorted(_end(past.window, allowed - bad, trend, random) for _ in range(paths))
    earliest, middle, latest = (_at(ends, share, past.step_ms) for share in _quantiles())
    chance = sum(isfinite(end) for end in ends) / paths
    outlook = Outlook.NOT_IN_SIGHT if middle is None else Outlook.IN_SIGHT
    return Forecast(past, outlook, rate, chance, middle, earliest, latest)


def _quantiles() -> tuple[float, float, float]:
    return (1 - CONFIDENCE) / 2, 0.5, (1 + CONFIDENCE) / 2


def _at(ends: Sequence[float], share: float, step_ms: int) -> int | None:
    end = ends[min(len(ends) - 1, int(share * len(ends)))]
    return round(end * step_ms) if isfinite(end) else None


def _end(window: Sequence[Step], rest: float, trend: Trend, random: Random) -> float:
    """After how many steps so many more are bad that nothing of ``rest`` is left; infinite where that never is."""
    share_after, clump = trend.drawn(random), trend.clump
    for number, leaving in enumerate(window, start=1):
        coming = leaving.good + leaving.bad
        rest += leaving.bad - min(coming, clump * _poisson(coming * share_after(number) / clump, random))
        if rest <= 0:
            return number
    return inf


def _poisson(mean: float, random: Random) -> int:
    """Knuth's method, The Art of Computer Programming 2, 3.4.1; the normal distribution where it would take long."""
    if mean > _SMALL:
        return max(0, round(random.gauss(mean, sqrt(mean))))
    limit, product, number = exp(-mean), random.random(), 0
    while product > limit:
        product *= random.random()
        number += 1
    return number


def as_data(found: Forecast) -> dict[str, object]:
    """As programs read it; ``exhausted_at`` and its interval are null where it is not within the promise's window."""
    past = found.past
    good, bad = (sum(step[which] for step in past.window) for which in (0, 1))
    left = budget.left(good, bad, past.slo.objective)
    when = {"exhausted_at": found.middle, "earliest": found.earliest, "latest": found.latest}
    return {
        "slo": past.slo.id,
        "name": past.slo.name,
        "outlook": str(found.outlook),
        "budget_left": figures.tidy(left),
        "burn_rate": figures.tidy(found.rate),
        **{name: None if ms is None else iso(past.now + ms) for name, ms in when.items()},
        "confidence": CONFIDENCE,
        "chance": found.chance,
        "within_s": past.slo.window_ms // SECOND,
    }


def as_text(found: Sequence[Forecast], zone: str = "UTC") -> str:
    wide = max((len(one.past.slo.name) for one in found), default=0)
    return "\n".join(line for one in found for line in _lines(one, zone, wide))


def _lines(one: Forecast, zone: str, wide: int) -> Iterator[str]:
    past = one.past
    yield f"{past.slo.name:{wide}}  {_said(one, zone)}"
    if one.chance is not None and one.outlook is not Outlook.GONE:
        within = f"{figures.part(one.chance)} likely within {named(past.slo.window_ms)}"
        yield f"{'':{wide}}  {within}, at a burn rate of {figures.burning(one.rate)} of late; {_between(one)}"


def _said(one: Forecast, zone: str) -> str:
    if one.outlook is Outlook.IDLE:
        return "idle: nothing came due"
    if one.outlook is Outlook.TOO_FEW:
        return "too few to tell: a single bad one decides"
    if one.outlook is Outlook.GONE:
        since = gone_since(one.past)
        return "gone" if since is None else f"gone since {shown(since, zone)}"
    if one.middle is None and one.earliest is None:
        return "not in sight: what burns is given back as fast"
    if one.middle is None:
        return "not certain: it may go, and is likelier to last"
    return f"gone in {figures.length(one.middle)}, at {shown(one.past.now + one.middle, zone)}"


def _between(one: Forecast) -> str:
    sure = f"{CONFIDENCE * 100:.0f} times in 100"
    if one.earliest is None:
        return f"{sure} later than that"
    if one.latest is None:
        return f"{sure} not before {figures.length(one.earliest)}"
    return f"{sure} in {figures.length(one.earliest)} to {figures.length(one.latest)}"
