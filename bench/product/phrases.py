"""Phrases understood: the tables of the tests, English and Russian, and what one phrase costs.

A phrase of the understood ones counts when title, start, end and repetition are what the table says; ``starts`` asks
for the start alone, which is all that the peer can tell. One of the others counts when it is not guessed at.
"""

from __future__ import annotations

import time
from statistics import median

from bench.product.report import quantile, say
from planner.when import understand
from planner.when.understand import MAX_CHARACTERS
from tests.when import phrases_en, phrases_ru
from tests.when.cases import Said, heard, now_at

TABLES = {"en": phrases_en, "ru": phrases_ru}
UNDERSTOOD = [(said, lang) for lang, table in TABLES.items() for said in table.UNDERSTOOD]
ASKED = [(said, lang) for lang, table in TABLES.items() for said in table.ASKED]
REPEATS = 3
UNITS = ("mon ", "9:30 ", "пн ", "a-", "(", "«", "5.", "1-", "за день и ", "every ", "1 day and ")
"""What a text is filled up with to be hard to read."""


def right(said: Said, lang: str) -> bool:
    found = heard(said.text, said.moment, lang)
    return (found.status, found.title, found.start, found.end, found.rrule) == (
        said.status, said.title, said.start, said.end, said.rrule)  # fmt: skip


def starts_right(said: Said, lang: str) -> bool:
    return heard(said.text, said.moment, lang).start == said.start


def cost_us(text: str, moment: str, lang: str) -> float:
    """The least of several tries: what the phrase costs, not what else the machine does."""
    now, zone = now_at(moment)
    took = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        understand(text, now=now, zone=zone, lang=lang)
        took.append(time.perf_counter() - began)
    return min(took) * 1e6


def measure() -> dict[str, float]:
    """``right_percent`` is to be 100 on phrases that the parser was made with."""
    costs = [cost_us(said.text, said.moment, lang) for said, lang in UNDERSTOOD + ASKED]
    longest = [cost_us((unit * MAX_CHARACTERS)[:MAX_CHARACTERS], "saturday", lang) for unit in UNITS for lang in TABLES]
    return {
        "right_percent": percent([right(*one) for one in UNDERSTOOD]),
        "starts_percent": percent([starts_right(*one) for one in UNDERSTOOD]),
        "unguessed_percent": percent([heard(said.text, said.moment, lang).status != "ok" for said, lang in ASKED]),
        "phrases": len(UNDERSTOOD) + len(ASKED),
        "median_us": median(costs),
        "p99_us": quantile(costs, 0.99),
        "worst_us": max(costs),
        "longest_us": max(longest),
    }


def percent(found: list[bool]) -> float:
    return 100 * sum(found) / len(found)


if __name__ == "__main__":
    say("phrases", measure())
