"""The promises: verdicts, and what they come to."""

from __future__ import annotations

from planner import promises
from planner.catalogue import slo as catalogue
from planner.catalogue.metric import Metric, Point, Reading
from planner.metrics.known import Known, one
from planner.model import SECOND
from planner.slo.alerts import rules
from planner.store.alert_messages import Fate, total_name


def readings(known: Known) -> list[Reading]:
    read = promises.statuses(known.tx, known.slos, known.now)
    burns: dict[tuple[str, ...], float | None] = {
        (status.slo.id, window): rate for status in read for window, rate in status.burn_rates.items()
    }
    last = known.tx.pulse.last()
    return [
        _events(known),
        _where_known(catalogue.SLI, {(status.slo.id,): status.rate for status in read}),
        Reading(catalogue.OBJECTIVE, [Point((slo.id,), slo.objective) for slo in known.slos]),
        _where_known(catalogue.BUDGET, {(status.slo.id,): status.budget_left for status in read}),
        _where_known(catalogue.BURN, burns),
        one(catalogue.HEARTBEAT, None if last is None else last / SECOND),
        _alerts(known),
        known.sums(catalogue.ALERT_MESSAGES, lambda outcome: total_name(Fate(outcome))),
    ]


def _alerts(known: Known) -> Reading:
    """Each rule's in each state, so that one that is over stands at 0 and not at what it was last."""
    states = {(one.slo, one.tier): one.alert.state for one in known.tx.alerts.open()}
    points = [
        Point((rule.slo.id, rule.tier, rule.severity, state), float(states.get((rule.slo.id, rule.tier)) == state))
        for slo in known.slos
        for rule in rules(slo)
        for state in catalogue.ALERTS.labels[-1].values
    ]
    return Reading(catalogue.ALERTS, points)


def _events(known: Known) -> Reading:
    points = []
    for slo in known.slos:
        count = known.tx.counts.ever(slo.counts, known.totals, known.now)
        points += [Point((slo.id, "good"), count.good), Point((slo.id, "bad"), count.bad)]
    return Reading(catalogue.EVENTS, points)


def _where_known(metric: Metric, values: dict[tuple[str, ...], float | None]) -> Reading:
    """Where nothing came due there is nothing to be said, rather than a number that looks like one."""
    return Reading(metric, [Point(labels, value) for labels, value in values.items() if value is not None])
