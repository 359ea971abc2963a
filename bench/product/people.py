"""Phrases of people: the lists that were written without a look at the grammar, English and Russian.

A phrase counts when the whole answer would please: start, end, repetition, leads and title, or a question where one is
due. ``starts_percent`` asks for the start alone, of the phrases that name one: all that the peer can tell.
"""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from bench.product.phrases import percent
from bench.product.report import say
from planner.when import understand
from tests.when.heard import HOMES, LISTS
from tests.when.hearing import MOMENTS, Heard, listen

_DAY_AND_TIME = re.compile(r"^(?:\d{4}-)?(\d\d-\d\d)(?: (\d\d:\d\d)(?!~))?")

PHRASES = [(said, lang, HOMES[lang]) for lang, phrases in LISTS.values() for said in phrases]


def starts(said: Heard) -> list[str]:
    """The starts that would please, ``MM-DD`` with ``HH:MM`` where that is named; none where it must be asked."""
    found = [_DAY_AND_TIME.match(one.strip()) for one in said.readings.split("|")]
    return [" ".join(part for part in one.groups() if part) for one in found if one]


DATED = [one for one in PHRASES if starts(one[0])]


def moment(said: Heard, home: str) -> datetime:
    """When and where it is said."""
    return datetime.fromisoformat(MOMENTS[said.now]).replace(tzinfo=ZoneInfo(said.zone or home))


def pleases(said: Heard, lang: str, home: str) -> bool:
    """Whether the start is one of those expected."""
    here = moment(said, home)
    found = understand(said.text, now=round(here.timestamp() * 1_000), zone=said.zone or home, lang=lang)
    at = found.start.astimezone(here.tzinfo) if found.start and not found.all_day else found.start
    return at is not None and any(f"{at:%m-%d %H:%M}".startswith(one) for one in starts(said))


def measure() -> dict[str, float]:
    return {
        "pleasing_percent": percent([listen(*one) is None for one in PHRASES]),
        "starts_percent": percent([pleases(*one) for one in DATED]),
        "phrases": len(PHRASES),
    }


if __name__ == "__main__":
    say("people", measure())
