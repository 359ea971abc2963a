"""The promises: verdicts, and what they come to."""

from __future__ import annotations

from planner.catalogue import slo as catalogue
from planner.catalogue.metric import Metric, Point, Reading
from planner.metrics.known import Known, one
from planner.model import SECOND
from planner.promises import within_ms
from planner.slo import budget
from planner.slo.objectives import Slo
from planner.store.counts import Count


def readings(known: Known) -> list[Reading]:
    in_window = {slo: _reading(known, slo, slo.window_ms) for slo in known.slos}
    burns: dict[tuple[str, ...], float | None] = {
        (slo.id, name): budget.burn_rate(*_reading(known, slo, length), slo.objective)
        for slo in known.slos
        for name, length in budget.WINDOWS.items()
    }
    last = known.tx.pulse.last()
    return [
        _events(known),
        _where_known(catalogue.SLI, {(slo.id,): budget.sli(*count) for slo, count in in_window.items()}),
        Reading(catalogue.OBJECTIVE, [Point((slo.id,), slo.objective) for slo in known.slos]),
        _where_known(
            catalogue.BUDGET, {(slo.id,): budget.left(*count, slo.objective) for slo, count in in_window.items()}
        ),
        _where_known(catalogue.BURN, burns),
        one(catalogue.HEARTBEAT, None if last is None else last / SECOND),
    ]


def _events(known: Known) -> Reading:
    points = []
    for slo in known.slos:
        count = known.tx.counts.ever(slo.counts, known.totals, known.now, within_ms(slo))
        points += [Point((slo.id, "good"), count.good), Point((slo.id, "bad"), count.bad)]
    return Reading(catalogue.EVENTS, points)


def _reading(known: Known, slo: Slo, window_ms: int) -> Count:
    return known.tx.counts.reading(slo.counts, known.now - window_ms, known.now, within_ms(slo))


def _where_known(metric: Metric, values: dict[tuple[str, ...], float | None]) -> Reading:
    """Where nothing came due there is nothing to be said, rather than a number that looks like one."""
    return Reading(metric, [Point(labels, value) for labels, value in values.items() if value is not None])
