"""The peer of ``phrases``: what dateparser finds in the same sentences, the same moment and language given to it.

It tells no title, end or repetition, so only starts are compared: any of the dates that it finds may be the right one,
and where the table has a day without a time, the day will do.
"""

from __future__ import annotations

import time
from datetime import datetime
from statistics import median
from zoneinfo import ZoneInfo

from dateparser.search import search_dates

from bench.product.phrases import UNDERSTOOD, percent
from bench.product.report import quantile, say
from tests.when.cases import Said, now_at


def found_in(said: Said, lang: str) -> list[str]:
    """The wall-clock times that dateparser sees."""
    now, zone = now_at(said.moment)
    local = datetime.fromtimestamp(now / 1_000, ZoneInfo(zone)).replace(tzinfo=None)
    settings = {"RELATIVE_BASE": local, "PREFER_DATES_FROM": "future"}
    found = search_dates(said.text, languages=[lang], settings=settings)
    return [f"{at:%Y-%m-%dT%H:%M}" for _, at in found or ()]


def measure() -> dict[str, float]:
    right, costs = [], []
    found_in(*UNDERSTOOD[0])
    for said, lang in UNDERSTOOD:
        began = time.perf_counter()
        found = found_in(said, lang)
        costs.append((time.perf_counter() - began) * 1e6)
        right.append(any(one.startswith(said.start or "?") for one in found))
    return {"starts_percent": percent(right), "median_us": median(costs), "p99_us": quantile(costs, 0.99),
            "worst_us": max(costs)}  # fmt: skip


if __name__ == "__main__":
    say("phrases", measure())
