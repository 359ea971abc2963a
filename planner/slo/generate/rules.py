"""Prometheus' rules, a file a promise."""

from __future__ import annotations

from planner.slo.generate import yaml
from planner.slo.objectives import Promises

ABOUT = "Made of slo.toml by `planner.py slo generate`; change it there."


def files(promises: Promises) -> dict[str, str]:
    return {f"slo-{slo.id}.rules.yml": yaml.text({"groups": []}, ABOUT) for slo in promises.slos}
