"""How the promises stand, read from the database. Every reading counts what is overdue as bad, judged or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from planner.due import ANSWER_WITHIN_MS
from planner.slo import budget, history
from planner.slo.history import History
from planner.slo.objectives import Promises, Slo, SloError
from planner.slo.reading import read_slos
from planner.slo.status import Status
from planner.store.counts import Count, Counts
from planner.store.opening import UnavailableError, snapshot

if TYPE_CHECKING:
    from planner.store import Store, Tx

SLO_FILE = "slo.toml"
JUDGED_AT_ONCE = 500
"""Verdicts that one reading gives, so that nobody waits for it long."""


def file(path: Path | None = None) -> Path | None:
    """What ``load`` reads; ``None``: what came with the program."""
    own = (path or Path(SLO_FILE)).absolute()
    return own if path is not None or own.exists() else None


def load(path: Path | None = None) -> Promises:
    """The promises from a file, else from ``slo.toml`` in the working folder, else as they came with the program.

    Raises ``SloError``.
    """
    own = file(path)
    if own is not None:
        return read_slos(_text(own), str(own))
    built_in = files("planner").joinpath(SLO_FILE)
    return read_slos(built_in.read_text(encoding="utf-8"), str(built_in))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SloError(f"{path}: cannot be read ({type(error).__name__})") from None


async def read(store: Store, slos: Sequence[Slo], now: int) -> list[Status]:
    """Each promise's status at ``now`` (UTC ms), in one snapshot."""
    return await store.read(lambda tx: statuses(tx, slos, now))


def read_file(path: Path, slos: Sequence[Slo], now: int) -> list[Status]:
    """The same from a file, beside a running planner or without one. Raises ``StoreError``."""
    with snapshot(path) as connection:
        return _statuses(Counts(connection), slos, now)


def read_histories(path: Path, slos: Sequence[Slo], now: int) -> list[tuple[Status, History]]:
    """The same, with what came due step by step. Raises ``StoreError``."""
    with snapshot(path) as connection:
        counts = Counts(connection)
        return [
            (status, _history(counts, slo, now)) for slo, status in zip(slos, _statuses(counts, slos, now), strict=True)
        ]


def _history(counts: Counts, slo: Slo, now: int) -> History:
    windows = counts.windows({slo.counts}, history.lengths(slo), now)[slo.counts]
    by_bucket = counts.by_bucket(slo.counts, history.fine_since(slo, now), now)
    return replace(history.history(slo, windows, now), fine=history.fine(slo, by_bucket, now))


def statuses(tx: Tx, slos: Sequence[Slo], now: int) -> list[Status]:
    """The same within a transaction."""
    return _statuses(tx.counts, slos, now)


def _statuses(counts: Counts, slos: Sequence[Slo], now: int) -> list[Status]:
    lengths = {*budget.WINDOWS.values(), *(slo.window_ms for slo in slos)}
    found = counts.windows({slo.counts for slo in slos}, lengths, now)
    return [_status(slo, found[slo.counts]) for slo in slos]


def _status(slo: Slo, windows: Mapping[int, Count]) -> Status:
    burns = {name: budget.burn_rate(*windows[length], slo.objective) for name, length in budget.WINDOWS.items()}
    return Status(slo, *windows[slo.window_ms], burns)


async def judge(store: Store, now: int) -> None:
    """Give the verdicts that are due at ``now`` (UTC ms), so that no later one differs from a reading made then.

    There may be more than fit into a transaction: those are counted as overdue by every reading, and judged within a
    minute. So is everything while the database cannot be written.
    """
    with suppress(UnavailableError):
        if await store.read(lambda tx: unjudged(tx, now)):
            await store.write(lambda tx: _judge(tx, now))


def unjudged(tx: Tx, now: int) -> bool:
    """Whether some verdict is due at ``now`` (UTC ms) and not given yet."""
    unjudged = tx.reminders.overdue(now) or tx.inbox.overdue(now, ANSWER_WITHIN_MS) or tx.probes.overdue(now)
    return unjudged or not tx.counts.looked(now)


def _judge(tx: Tx, now: int) -> None:
    tx.reminders.judge_overdue(now, JUDGED_AT_ONCE)
    tx.inbox.judge_overdue(now, ANSWER_WITHIN_MS, JUDGED_AT_ONCE)
    tx.probes.judge_overdue(now, JUDGED_AT_ONCE)
    tx.counts.look(now)
