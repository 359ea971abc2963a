"""All promises in one table: what ``slo status`` shows to people. 100 columns, and more only for longer names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planner.slo import budget, figures
from planner.slo.confidence import Certainty
from planner.slo.lengths import named
from planner.slo.status import PRESENT, Standing, Status

WIDE = 100
NAME_WIDE, NAME_MAX = 20, 40
_ROW = "{:<17}{:>7}{:>7}{:>11}{:>9}" + "{:>5}" * len(budget.WINDOWS) + "{:>9}"
LASTS = "lasts"
BURNS = tuple(budget.WINDOWS)
LEGEND = (
    "budget: what of it is left. 1h to 7d: burn rate over that time; at 1 the budget is just spent.",
    f"gone in: so long what is left lasts at the rate of the last {PRESENT}; {LASTS}: not spent at that rate.",
)
UNSURE = "? chance alone explains it: of so few, the true rate may be on either side of the goal."


def as_table(found: Sequence[Status]) -> str:
    """One row a promise, under a head for each window that there is; then what the signs mean."""
    return "\n".join(line.rstrip() for line in _lines(found))


def _lines(found: Sequence[Status]) -> Iterator[str]:
    longest = max((len(status.slo.name) for status in found), default=0)
    wide = max(NAME_WIDE, min(longest, NAME_MAX) + 1)
    for window in dict.fromkeys(status.slo.window_ms for status in found):
        yield f"over {named(window)}".ljust(wide) + _ROW.format(
            "verdict", "rate", "goal", "bad/all", "budget", *BURNS, "gone in"
        )
        yield from (_row(status, wide) for status in found if status.slo.window_ms == window)
        yield ""
    yield from LEGEND
    if any(status.sure is Certainty.TOO_FEW for status in found):
        yield UNSURE


def _row(status: Status, wide: int) -> str:
    slo, idle = status.slo, status.standing is Standing.IDLE
    name = slo.name if len(slo.name) <= NAME_MAX else slo.name[: NAME_MAX - 1] + "…"
    bad = figures.NONE if idle else f"{figures.many(status.bad)}/{figures.many(status.good + status.bad)}"
    burns = (figures.burning(status.burn_rates.get(window)) for window in BURNS)
    rate, goal, left = figures.percent(status.rate), figures.percent(slo.objective), figures.left(status.budget_left)
    return name.ljust(wide) + _ROW.format(_verdict(status), rate, goal, bad, left, *burns, _gone(status))


def _verdict(status: Status) -> str:
    return f"{status.standing}?" if status.sure is Certainty.TOO_FEW else str(status.standing)


def _gone(status: Status) -> str:
    if status.exhausted:
        return "gone"
    left = status.time_to_exhaustion
    if left is None:
        return figures.NONE if status.standing is Standing.IDLE else LASTS
    return figures.length(left)
