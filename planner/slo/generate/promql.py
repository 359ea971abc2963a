"""How a promise is computed in PromQL: the recorded series' names, and what they are made of.

All of it stands on the differences of counters that go on after a restart and never fall. ``increase()`` would guess
beyond its first and last sample, which of 10 events a day makes wrong ones, would depend on whether a range holds its
left end (Prometheus 2: yes, 3: no), and would miss what fell due while nobody was there to be asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from planner import catalogue
from planner.catalogue.metric import Metric
from planner.model import DAY, HOUR, MINUTE, SECOND
from planner.slo.alerts import rules
from planner.slo.budget import allowed_error_rate
from planner.slo.lengths import named
from planner.slo.objectives import Slo

Result = Literal["good", "bad"]
RESULTS: tuple[Result, ...] = ("good", "bad")

WINDOWS = (5 * MINUTE, 30 * MINUTE, HOUR, 6 * HOUR, DAY, 3 * DAY, 7 * DAY)
"""Over which every promise is recorded, unless its own window is shorter; in ms."""
REMEMBERED_MS = DAY
"""So long Prometheus itself may be away, and what was counted until then is remembered."""
EVERY_MS = 15 * SECOND
"""How often the rules are evaluated, at most."""
LOOKS = 20
"""So often, at least, within the shortest window."""

_METRICS: Mapping[str, Metric] = {metric.name: metric for metric in catalogue.all_metrics()}


def windows(slo: Slo) -> list[int]:
    """All over which a promise is recorded, in ms."""
    alerts = {window for rule in rules(slo) for window in rule.windows}
    return sorted(alerts | {window for window in WINDOWS if window <= slo.window_ms})


def part_ms(length_ms: int, parts: int) -> int:
    """A part of a length, in whole seconds and rather more than less: how often tests look at it."""
    return -(-length_ms // (parts * SECOND)) * SECOND


def every_ms(slo: Slo) -> int:
    """How often a promise's rules are evaluated."""
    return max(SECOND, min(EVERY_MS, windows(slo)[0] // LOOKS // SECOND * SECOND))


def counter(slo: Slo) -> Metric:
    """The catalogue's metric that counts a promise's verdicts."""
    return _METRICS[slo.metric]


def allowed(slo: Slo) -> float:
    """The share that may be bad, as it is written."""
    return allowed_error_rate(slo.objective)


def last(slo: Slo, result: Result) -> str:
    """The counter as it was last known, whatever labels a scrape gave it."""
    return f"slo:{_events(slo)}_{result}:last"


def increase(slo: Slo, result: Result, window_ms: int) -> str:
    """How many came due within the window."""
    return f"slo:{_events(slo)}_{result}:increase{named(window_ms)}"


def ratio(slo: Slo, window_ms: int) -> str:
    """The share that was bad of what came due within the window; no sample where nothing did."""
    return f"slo:{_events(slo)}_bad:ratio{named(window_ms)}"


def burn_rate(slo: Slo, window_ms: int) -> str:
    """How fast the budget was spent within the window; no sample where nothing came due."""
    return f"slo:{_events(slo)}_bad:burn_rate{named(window_ms)}"


def objective(slo: Slo) -> str:
    return f"slo:{_events(slo)}:objective"


def budget_left(slo: Slo) -> str:
    """The share of the error budget that is left; below 0 where it is overdrawn; no sample where nothing came due."""
    return f"slo:{_events(slo)}:budget_left"


def of(name: str, slo: Slo) -> str:
    """A recorded series of a promise."""
    return f'{name}{{slo="{slo.id}"}}'


def _events(slo: Slo) -> str:
    return counter(slo).prometheus.removesuffix("_total")


def last_of(slo: Slo, result: Result) -> str:
    """A counter without a scrape's labels, held while nobody reports.

    ``max``, since every series of it tells of the same database: two of them, while one process takes over from another
    or metrics come in two ways, are not twice as many. What is remembered bridges the time in which nobody reports, so
    that its end shows what fell due meanwhile. A result that never occurred is 0 where the other did.
    """
    metric = counter(slo).prometheus
    return (
        f'max({metric}{{slo="{slo.id}",result="{result}"}})\n'
        f"or max(last_over_time({of(last(slo, result), slo)}[{named(REMEMBERED_MS)}]))\n"
        f'or 0 * max({metric}{{slo="{slo.id}"}})'
    )


def increase_of(slo: Slo, result: Result, window_ms: int) -> str:
    """The last value less the one that stood when the window began.

    Or less the least within it: where the series is younger than the window, or fell because another database took the
    place of the first.
    """
    series, window = of(last(slo, result), slo), named(window_ms)
    least = f"min_over_time({series}[{window}])"
    before = f"last_over_time({series}[{named(REMEMBERED_MS)}] offset {window})"
    return f"{series}\n- (({before} < {least})\n  or {least})"


def ratio_of(slo: Slo, window_ms: int) -> str:
    good, bad = (of(increase(slo, result, window_ms), slo) for result in RESULTS)
    return f"{bad}\n/ (({good} + {bad}) > 0)"


def burn_rate_of(slo: Slo, window_ms: int) -> str:
    return f"{of(ratio(slo, window_ms), slo)} / {allowed(slo)!r}"


def objective_of(slo: Slo) -> str:
    return f"vector({slo.objective!r})"


def budget_left_of(slo: Slo) -> str:
    return f"1 - {of(burn_rate(slo, slo.window_ms), slo)}"
