"""Prometheus' rules: a file a promise, and one for what holds for all of them."""

from __future__ import annotations

from planner.slo.generate import yaml
from planner.slo.generate.alerting import alerts, stale
from planner.slo.generate.promql import every_ms
from planner.slo.generate.recording import recorded
from planner.slo.lengths import named
from planner.slo.objectives import Promises, Slo

ABOUT = "Made of slo.toml by `planner.py slo generate`; change it there."
COUNTS = "slo-counts.rules.yml"


def files(promises: Promises) -> dict[str, str]:
    """One group a promise: its rules are evaluated in order, and see what those before them have just written."""
    return {
        **{path(slo): _file(f"slo-{slo.id}", [*recorded(slo), *alerts(slo)], every_ms(slo)) for slo in promises.slos},
        COUNTS: _file("slo-counts", [stale(promises.links)], min(map(every_ms, promises.slos))),
    }


def path(slo: Slo) -> str:
    return f"slo-{slo.id}.rules.yml"


def _file(group: str, rules: list[yaml.Value], interval_ms: int) -> str:
    return yaml.text({"groups": [{"name": group, "interval": named(interval_ms), "rules": rules}]}, ABOUT)
