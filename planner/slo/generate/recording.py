"""The recording rules of a promise, each after those that it reads."""

from __future__ import annotations

from collections.abc import Iterator

from planner.slo.generate import promql, yaml
from planner.slo.objectives import Slo


def recorded(slo: Slo) -> Iterator[yaml.Value]:
    for result in promql.RESULTS:
        yield _rule(slo, promql.last(slo, result), promql.last_of(slo, result))
    yield _rule(slo, promql.objective(slo), promql.objective_of(slo))
    for window in promql.windows(slo):
        for result in promql.RESULTS:
            yield _rule(slo, promql.increase(slo, result, window), promql.increase_of(slo, result, window))
        yield _rule(slo, promql.ratio(slo, window), promql.ratio_of(slo, window))
        yield _rule(slo, promql.burn_rate(slo, window), promql.burn_rate_of(slo, window))
    yield _rule(slo, promql.budget_left(slo), promql.budget_left_of(slo))


def _rule(slo: Slo, name: str, expression: str) -> yaml.Value:
    return {"record": name, "expr": expression, "labels": {"slo": slo.id}}
