"""The row of one promise on the *Promises* dashboard: numbers now, their courses, and its alerts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain

from planner.dashboards import alerts
from planner.dashboards.courses import BEFORE, painted
from planner.dashboards.grid import COLUMNS, Panel
from planner.dashboards.kept import kept
from planner.dashboards.panels import GREEN, GREY, ORANGE, RED, Steps, gauge, over_time, stat, words
from planner.dashboards.queries import WINDOW
from planner.dashboards.targets import Query
from planner.model import DAY, SECOND
from planner.slo.budget import DIGITS
from planner.slo.generate import promql
from planner.slo.generate.alerting import percent
from planner.slo.lengths import named
from planner.slo.objectives import Severity, Slo

STANDING = words((2, "kept", GREEN), (1, "below objective", ORANGE), (0, "broken", RED))
"""As ``planner.slo.status.Standing`` has it; idle is where there is no value."""


def panels(slo: Slo) -> Iterator[Panel]:
    """A promise's own row."""
    yield from _numbers(slo)
    yield from _courses(slo)


def _numbers(slo: Slo) -> Iterator[Panel]:
    over, now = named(slo.window_ms), sli(slo)
    yield stat(
        "Now",
        f"{slo.description} The share over {over}; promised are {percent(slo.objective)}, and below"
        f" {percent(slo.alert_below)} there is an alert. {_red(slo)}",
        Query(now), "percentunit", kept(slo), digits=2, empty="idle",
    )  # fmt: skip
    yield stat(
        "Status",
        f"Kept: {percent(slo.objective)} or more. Below objective: less, but not below {percent(slo.alert_below)}."
        f" Broken: less than that. Idle: nothing came due within {over}, so nothing can be said. {_red(slo)}",
        Query(standing(slo)), "none", Steps(GREY), empty="idle", mappings=STANDING,
    )  # fmt: skip
    yield gauge(
        "Budget left",
        f"How much of what may be bad, {percent(promql.allowed(slo))} over {over}, is left. Below"
        f" {percent(slo.careful_below)}: careful; none: freeze. {slo.policy} {_red(slo)}",
        Query(of(promql.budget_left, slo)), "percentunit",
        Steps(RED, ((0, ORANGE), (slo.careful_below, GREEN))), empty="idle",
    )  # fmt: skip
    yield stat(
        f"Burn rate over {WINDOW}",
        f"How fast the budget is spent: 1 spends it exactly within {over}. Red is the rate of this promise's gravest"
        f" alert. {_red(slo)}",
        Query(promql.of(chosen(promql.burn_rate, slo), slo)), "none", _burning(slo), digits=2, empty="idle",
    )  # fmt: skip
    yield stat(
        "Budget lasts",
        f"At the rate of the last {named(_present(slo))}, so long until nothing of the budget is left; 0: it is gone."
        f" {slo.policy} {_red(slo)}",
        Query(lasts(slo)), "s", Steps(RED, ((DAY / SECOND, ORANGE), (slo.window_ms / SECOND, GREEN))),
        empty="no end in sight",
    )  # fmt: skip
    yield stat(
        "May still fail",
        f"How many more of what came due within {over} may fail before the promise is broken, counted in"
        f" {slo.counted}s. Below 1 the next one breaks it; −6 says that six too many have failed."
        f" {_red(slo)}",
        Query(_spare(slo)), "none", Steps(RED, ((0, ORANGE), (1, GREEN))), digits=1, empty="idle",
    )  # fmt: skip


def _courses(slo: Slo) -> Iterator[Panel]:
    over = named(slo.window_ms)
    lengths = {named(window): window for window in (slo.window_ms, _present(slo))}
    windows = sorted({*chain.from_iterable((tier.long_ms, tier.short_ms) for tier in slo.tiers)})
    yield over_time(
        "The share over time",
        f"The share that was good, over {' and over '.join(lengths)}, beside what is promised; dashed: below it"
        f" there is an alert. A gap: nothing came due. {_red(slo)}",
        [
            *(Query(f"1 - {_in(promql.ratio, slo, window)}", f"over {length}") for length, window in lengths.items()),
            Query(of(promql.objective, slo), "objective"),
        ],
        "percentunit", Steps(RED, ((slo.alert_below, GREEN),)), width=8, max=1,
    )  # fmt: skip
    yield over_time(
        "Budget over time",
        f"What is left of the budget of {over}; below 0 it is overdrawn. {slo.policy} {_red(slo)}",
        [Query(of(promql.budget_left, slo), "left")],
        "percentunit", Steps(RED, ((0, ORANGE), (slo.careful_below, GREEN))), width=8, max=1,
    )  # fmt: skip
    yield over_time(
        f"What came due within {WINDOW}",
        f"How many were good and bad, counted in {slo.counted}s, {BEFORE}. {_red(slo)}",
        [Query(promql.of(_due(slo, result), slo), result) for result in promql.RESULTS],
        "none", width=8, bars=True, min=0, decimals=0,
        overrides=painted(dict(zip(promql.RESULTS, (GREEN, RED), strict=True))),
    )  # fmt: skip
    if slo.tiers:
        yield over_time(
            "Burn history",
            "How fast the budget was spent over each window that an alert looks at. An alert fires when both of its"
            f" windows are above its rate: {_rates(slo)}. {_red(slo)}",
            [Query(_in(promql.burn_rate, slo, window), named(window)) for window in windows],
            "none", _burning(slo), min=0,
        )  # fmt: skip
    yield alerts.course(f"{slo.impact} {_red(slo)}", f'slo="{slo.id}"', width=12 if slo.tiers else COLUMNS, height=7)


def _spare(slo: Slo) -> str:
    good, bad = (promql.of(promql.increase(slo, result, slo.window_ms), slo) for result in promql.RESULTS)
    return f"({good} + {bad} > 0) * {promql.allowed(slo)!r} - {bad}"


def _red(slo: Slo) -> str:
    """What to do about it."""
    return f"When it is red: {slo.runbook_url}"


def _burning(slo: Slo) -> Steps:
    """Above 1 the budget does not last; above the gravest tier's rate somebody is told."""
    gravest = min(slo.tiers, key=lambda tier: list(Severity).index(tier.severity), default=None)
    told = {} if gravest is None else {round(gravest.factor(slo.window_ms), DIGITS): RED}
    return Steps(GREEN, tuple(sorted({1: ORANGE, **told}.items())))


def _due(slo: Slo, result: promql.Result) -> str:
    """The name of what was good, or bad, within the window that is chosen above."""
    return chosen(lambda slo, window_ms: promql.increase(slo, result, window_ms), slo)


def _rates(slo: Slo) -> str:
    return ", ".join(
        f"{tier.factor(slo.window_ms):.4g} ({named(tier.long_ms)} and {named(tier.short_ms)})" for tier in slo.tiers
    )


def standing(slo: Slo) -> str:
    """As a number that ``STANDING`` has a word for."""
    return f"(({sli(slo)}) >= bool {slo.objective!r}) + (({sli(slo)}) >= bool {slo.alert_below!r})"


def sli(slo: Slo) -> str:
    return f"1 - {_in(promql.ratio, slo)}"


def lasts(slo: Slo) -> str:
    """In seconds, as ``planner.slo.budget.time_to_exhaustion`` has it; no value where the budget lasts."""
    left, rate = of(promql.budget_left, slo), _in(promql.burn_rate, slo, _present(slo))
    return f"abs(0 * ({left} <= 0))\nor ({left} * {slo.window_ms // SECOND} / ({rate} > 0) and {left} <= {rate})"


def _present(slo: Slo) -> int:
    """The window whose burn rate is taken as the present one: a day's, see ``planner.slo.status.PRESENT``."""
    return max(window for window in promql.windows(slo) if window <= min(DAY, slo.window_ms))


def of(name: Callable[[Slo], str], slo: Slo) -> str:
    return promql.of(name(slo), slo)


def _in(name: Callable[[Slo, int], str], slo: Slo, window_ms: int | None = None) -> str:
    """A recorded series over a window; without one over the promise's own."""
    return promql.of(name(slo, window_ms or slo.window_ms), slo)


def chosen(name: Callable[[Slo, int], str], slo: Slo) -> str:
    """The name of a recorded series over the window that is chosen above."""
    return name(slo, slo.window_ms).removesuffix(named(slo.window_ms)) + WINDOW
