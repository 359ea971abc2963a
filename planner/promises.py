"""How the promises stand, read from the database. Every reading counts what is overdue as bad, judged or not."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from importlib.resources import files
from pathlib import Path

from planner.due import ANSWER_WITHIN_MS
from planner.model import ON_TIME
from planner.slo.objectives import Slo, read_slos
from planner.slo.status import Status
from planner.store import Store, Tx
from planner.store.db import StoreError, connect_readonly, explained

SLO_FILE = "slo.toml"


def load() -> tuple[Slo, ...]:
    """The promises from ``slo.toml`` in the working folder, else as they came with the program. Raises ``SloError``."""
    own = Path(SLO_FILE)
    if own.is_file():
        return read_slos(own.read_text(encoding="utf-8"))
    return read_slos(files("planner").joinpath(SLO_FILE).read_text(encoding="utf-8"))


async def read(store: Store, slos: Sequence[Slo], now: int) -> list[Status]:
    """Each promise's status at ``now`` (UTC ms), in one snapshot."""
    return await store.read(lambda tx: [_status(tx, slo, now) for slo in slos])


def read_file(path: Path, slos: Sequence[Slo], now: int) -> list[Status]:
    """The same from a file, beside a running planner or without one. Raises ``StoreError``."""
    if not path.exists():
        raise StoreError(f"{path} is not there: start the planner once, or name its database in PLANNER_DB")
    with closing(connect_readonly(path)) as connection, explained(path):
        connection.execute("BEGIN")
        return [_status(Tx(connection), slo, now) for slo in slos]


def _status(tx: Tx, slo: Slo, now: int) -> Status:
    within = ANSWER_WITHIN_MS if slo.id == "chat" else ON_TIME
    count = tx.counts.reading(slo.id, now - slo.window_ms, now, within)
    return Status(slo, count.good, count.bad)
