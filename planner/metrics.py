"""The metrics that the database and the process know by themselves, read in one snapshot."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from planner import exposition
from planner.exposition import Metric, Sample
from planner.model import SECOND, Outcome
from planner.slo.objectives import Slo
from planner.store import Store, Tx
from planner.store.counts import total_name
from planner.store.syncs import TOOK_MS, TOOK_SUM, outcome_total, took_total


async def read(store: Store, slos: Sequence[Slo], now: int) -> str:
    """What ``/metrics`` shows at ``now`` (UTC ms). Every counter is kept in the database: it survives a crash."""
    return exposition.text(await store.read(lambda tx: _metrics(tx, slos, now)))


def _metrics(tx: Tx, slos: Sequence[Slo], now: int) -> list[Metric]:
    totals = tx.totals.read()
    states = tx.figures.feed_states()._asdict()
    return [
        Metric(
            "planner_sli_events_total",
            "counter",
            "Verdicts on what came due, for each promise.",
            [
                Sample({"slo": slo.id, "result": result}, totals.get(total_name(slo.id, good=result == "good"), 0))
                for slo in slos
                for result in ("good", "bad")
            ],
        ),
        Metric(
            "planner_syncs_total",
            "counter",
            "Attempts to bring a linked calendar up to date, by how they ended.",
            [Sample({"outcome": outcome}, totals.get(outcome_total(outcome), 0)) for outcome in Outcome],
        ),
        exposition.histogram(
            "planner_sync_duration_seconds",
            "How long those took.",
            {(bound or inf) / SECOND: totals.get(took_total(bound), 0) for bound in (*TOOK_MS, None)},
            totals.get(TOOK_SUM, 0) / SECOND,
        ),
        Metric(
            "planner_feeds",
            "gauge",
            "Linked calendars that were well at their last sync or were not, and addresses that are being tried.",
            [Sample({"state": state}, count) for state, count in states.items()],
        ),
        Metric(
            "planner_heartbeat_timestamp_seconds",
            "gauge",
            "When the planner last said, with its database at hand, that it is there.",
            [Sample({}, now / SECOND)],
        ),
    ]
