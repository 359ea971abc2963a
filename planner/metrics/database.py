"""The database: rows, bytes, and when there was last a copy."""

from __future__ import annotations

from collections.abc import Mapping

from planner.catalogue import database as catalogue
from planner.catalogue.metric import Reading
from planner.metrics.known import Known, by_label, one
from planner.model import SECOND
from planner.store.backup import LAST_BACKUP


def readings(known: Known) -> list[Reading]:
    at = known.tx.settings.get(LAST_BACKUP)
    return [
        by_label(catalogue.ROWS, known.counted.rows),
        one(catalogue.BACKUP_AT, None if at is None else int(at) / SECOND),
    ]


def sizes(found: Mapping[str, int]) -> Reading:
    return by_label(catalogue.SIZE, found)


def disk(found: Mapping[str, int]) -> Reading:
    return by_label(catalogue.DISK, found)
