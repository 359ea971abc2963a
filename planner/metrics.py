"""What is known of every metric of the catalogue: by the database, in one snapshot, and by the process."""

from __future__ import annotations

from collections.abc import Sequence

from planner import exposition
from planner.catalogue import all_metrics, calendars, slo
from planner.catalogue.metric import Distribution, Metric, Point, Reading
from planner.model import SECOND, Outcome
from planner.slo.objectives import Slo
from planner.store import Store, Tx
from planner.store.counts import total_name
from planner.store.syncs import TOOK_MS, TOOK_SUM, outcome_total, took_total
from planner.telemetry.registry import Registry


async def read(store: Store, slos: Sequence[Slo], now: int, registry: Registry) -> list[Reading]:
    """Everything at ``now`` (UTC ms), in the catalogue's order. Raises ``StoreError``."""
    kept = {one.metric: one for one in await store.read(lambda tx: _kept(tx, slos, now))}
    known = {one.metric: one for one in registry.read(all_metrics())}
    return [found for metric in all_metrics() if (found := kept.get(metric) or known.get(metric)) is not None]


async def text(store: Store, slos: Sequence[Slo], now: int, registry: Registry) -> str:
    """The same as ``/metrics`` shows it."""
    return exposition.text(await read(store, slos, now, registry))


def _kept(tx: Tx, slos: Sequence[Slo], now: int) -> list[Reading]:
    totals = tx.totals.read()
    states = tx.figures.feed_states()._asdict()
    return [
        Reading(
            slo.EVENTS,
            [
                Point((one.id, result), totals.get(total_name(one.id, good=result == "good"), 0))
                for one in slos
                for result in ("good", "bad")
            ],
        ),
        Reading(
            calendars.SYNCS, [Point((outcome,), totals.get(outcome_total(outcome), 0)) for outcome in Outcome]
        ),
        _histogram(calendars.SYNC_DURATION, [totals.get(took_total(bound), 0) for bound in (*TOOK_MS, None)],
                   totals.get(TOOK_SUM, 0) / SECOND),
        Reading(calendars.FEEDS, [Point((state,), count) for state, count in states.items()]),
        Reading(slo.HEARTBEAT, [Point((), now / SECOND)]),
    ]  # fmt: skip


def _histogram(metric: Metric, counts: Sequence[int], total: float, *labels: str) -> Reading:
    return Reading(metric, [Distribution(labels, tuple(counts), total)])
