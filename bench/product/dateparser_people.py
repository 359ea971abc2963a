"""The peer of ``people``: what dateparser finds in the same sentences; any of the dates that it finds may be right."""

from __future__ import annotations

from dateparser.search import search_dates

from bench.product.people import DATED, moment, starts
from bench.product.phrases import percent
from bench.product.report import say
from tests.when.hearing import Heard


def pleases(said: Heard, lang: str, home: str) -> bool:
    """Whether one of the dates found is a start that is expected."""
    settings = {"RELATIVE_BASE": moment(said, home).replace(tzinfo=None), "PREFER_DATES_FROM": "future"}
    found = search_dates(said.text, languages=[lang], settings=settings) or ()
    return any(f"{at:%m-%d %H:%M}".startswith(one) for _, at in found for one in starts(said))


def measure() -> dict[str, float]:
    return {"starts_percent": percent([pleases(*one) for one in DATED])}


if __name__ == "__main__":
    say("people", measure())
