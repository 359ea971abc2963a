"""Reminders: what was owed, what became of it, and what waits."""

from __future__ import annotations

from planner.catalogue import reminders as catalogue
from planner.catalogue.metric import Reading
from planner.metrics.known import Known, by_label, histogram, one
from planner.model import SECOND


def readings(known: Known) -> list[Reading]:
    waiting = known.tx.figures.waiting(known.now)
    return [
        known.sums(catalogue.SET, lambda kind: f"reminders/set/{kind}"),
        known.sums(catalogue.DUE, lambda kind: f"reminders/due/{kind}"),
        known.sums(catalogue.SETTLED, lambda kind, outcome: f"reminders/{outcome}/{kind}"),
        known.sums(catalogue.GIVEN_UP, lambda why: f"reminders/given_up/{why}"),
        _lateness(known),
        by_label(catalogue.PENDING, known.counted.pending),
        one(catalogue.WAITING, waiting.reminders),
        one(catalogue.OLDEST, 0 if waiting.oldest is None else (known.now - waiting.oldest) / SECOND),
        one(catalogue.ACTIVE, known.tx.figures.in_flight()),
    ]


def _lateness(known: Known) -> Reading:
    buckets = range(len(catalogue.LATENESS_S) + 1)
    return Reading(
        catalogue.LATENESS,
        [
            histogram(
                [known.total(f"reminders/late/{number}/{kind}") for number in buckets],
                known.total(f"reminders/late_ms/{kind}") / SECOND,
                kind,
            )
            for kind in catalogue.KINDS
        ],
    )
