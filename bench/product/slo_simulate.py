"""A year of a quiet service, played against every rule: what comes due, what becomes of it, which alerts fire."""

from __future__ import annotations

import time

from bench.product.report import say
from planner import promises
from planner.slo.simulate import year
from planner.slo.simulate.traffic import Traffic

RATE = 0.005


def measure() -> dict[str, float]:
    """``year_s`` is to be under 10: our rules and the peers' on the same year; ``pages`` of ours are false."""
    slos = promises.load().slos
    began = time.perf_counter()
    found = year.alarms(slos, Traffic(), RATE, [1])
    took = time.perf_counter() - began
    return {"year_s": took, "pages": next(one.pages for one in found if one.rules == year.ALL)}


if __name__ == "__main__":
    say("slo_simulate", measure())
