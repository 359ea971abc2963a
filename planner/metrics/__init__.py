"""What is known of every metric of the catalogue: by the database, in one snapshot, and by the process."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from planner import exposition, promises
from planner.catalogue import all_metrics
from planner.catalogue.metric import Reading
from planner.metrics import calendars, database, people, reminders, running, slos
from planner.metrics.known import Known
from planner.slo.objectives import Slo
from planner.store import Store, Tx
from planner.store.census import Census
from planner.telemetry.registry import Registry

SUBJECTS = (slos.readings, reminders.readings, people.readings, calendars.readings, database.readings,
            running.readings)  # fmt: skip


async def read(
    store: Store, slos: Sequence[Slo], now: int, registry: Registry, price_per_hour: float = 0.0
) -> list[Reading]:
    """Everything at ``now`` (UTC ms), in the catalogue's order. Raises ``StoreError``.

    Of the database's counters none ever falls: what has come due its verdict is judged first, so that a later one
    cannot take a reading back.
    """
    await promises.judge(store, now)
    counted = await store.census()
    kept = await store.read(partial(_kept, slos=slos, now=now, counted=counted, price_per_hour=price_per_hour))
    known = {one.metric: one for one in registry.read(all_metrics())}
    on_disk = (database.sizes(store.sizes()), database.disk(store.disk()))
    known |= {one.metric: one for one in (*kept, *on_disk) if one.points}
    return [known[metric] for metric in all_metrics() if metric in known]


async def text(store: Store, slos: Sequence[Slo], now: int, registry: Registry, price_per_hour: float = 0.0) -> str:
    """The same as ``/metrics`` shows it."""
    return exposition.text(await read(store, slos, now, registry, price_per_hour))


def _kept(tx: Tx, slos: Sequence[Slo], now: int, counted: Census, price_per_hour: float) -> list[Reading]:
    known = Known(tx, now, tx.totals.read(), counted, slos, price_per_hour, tx.figures.people(now))
    return [reading for subject in SUBJECTS for reading in subject(known)]
