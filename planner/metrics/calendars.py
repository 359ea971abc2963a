"""Linked calendars: how their syncs ended, and what those changed."""

from __future__ import annotations

from planner.catalogue import calendars as catalogue
from planner.catalogue.metric import Reading
from planner.metrics.known import Known, by_label, histogram, one
from planner.model import SECOND, Outcome
from planner.store.syncs import TOOK_MS, TOOK_SUM, change_total, outcome_total, took_total


def readings(known: Known) -> list[Reading]:
    took = histogram([known.total(took_total(bound)) for bound in (*TOOK_MS, None)], known.total(TOOK_SUM) / SECOND)
    return [
        known.sums(catalogue.SYNCS, lambda outcome: outcome_total(Outcome(outcome))),
        Reading(catalogue.SYNC_DURATION, [took]),
        known.sums(catalogue.CHANGES, change_total),
        one(catalogue.SKIPPED, known.total(change_total("skipped"))),
        by_label(catalogue.FEEDS, known.tx.figures.feed_states()._asdict()),
    ]
