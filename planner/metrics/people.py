"""Users and events: how many, never who."""

from __future__ import annotations

from collections import Counter

from planner.catalogue import people as catalogue
from planner.catalogue.metric import Reading
from planner.metrics.known import Known, by_label, one

NAMED_MAX = 20
"""So many regions and languages have a series of their own, the most frequent first; the rest are ``other``."""
SOURCES = {"here": "chat", "file": "file", "feed": "feed"}
"""Where an event came from: as the database says it, and as the metric does."""


def readings(known: Known) -> list[Reading]:
    found = known.people
    return [
        by_label(catalogue.USERS, {"served": found.served, "frozen": found.frozen}),
        one(catalogue.USERS_NEW, known.total("users/new")),
        by_label(catalogue.USERS_ACTIVE, {"day": found.day, "week": found.week}),
        by_label(catalogue.LANGUAGES, most(found.languages)),
        by_label(catalogue.REGIONS, most(found.regions)),
        by_label(catalogue.EVENTS, {SOURCES[source]: count for source, count in known.counted.events.items()}),
    ]


def most(counts: Counter[str]) -> dict[str, int]:
    """The most frequent by their names, the others as one."""
    named = dict(counts.most_common(NAMED_MAX))
    rest = counts.total() - sum(named.values())
    return named | {"other": named.get("other", 0) + rest} if rest else named
