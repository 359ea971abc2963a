"""One SQLite file: a thread that writes and commits in groups, another that reads.

Nothing is called saved before it is on disk: WAL, ``synchronous=FULL``, and a job's result is handed over only after
the commit it was part of. Jobs that wait together are committed together, each under a savepoint of its own.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from planner.store.jobs import ALONE, Answer, Asked, Job, Worker
from planner.store.opening import (
    APPLICATION_ID,
    StoreError,
    UnavailableError,
    connect,
    connect_readonly,
    explained,
    refusal,
)
from planner.telemetry import Telemetry, tracing
from planner.telemetry.shift import Shift

__all__ = ["APPLICATION_ID", "Database", "Job", "StoreError", "UnavailableError", "connect_readonly", "explained"]

log = logging.getLogger(__name__)

T = TypeVar("T")

GROUP_MAX = 256
GATHERED_MS = 25
"""A write that is in no hurry waits so long for others to be committed with it (DESIGN section 3: at most 50 ms)."""

Queue = queue.SimpleQueue[Asked[object] | None]


class Refused(NamedTuple):
    """Writing fails: why, in words for the host, and since when, by ``planner.clock.ticks``."""

    cause: str
    since: int


class Database:
    """A migrated SQLite file for one process.

    ``inline`` runs every job at once in the calling thread, for simulations; else ``write`` jobs run in one thread
    and ``read`` jobs in another, and neither blocks the event loop. Without ``telemetry`` nothing
    is told of what it does.
    """

    def __init__(
        self, path: Path, migrations: Sequence[str], *, application_id: int = APPLICATION_ID, inline: bool = False,
        telemetry: Telemetry | None = None,
    ) -> None:  # fmt: skip
        self.path = path
        self._inline = inline
        self._writer = connect(path, migrations, application_id)
        self._reader = connect_readonly(path)
        self._writing = Worker(telemetry, self._writer, "write")
        self._reading = Worker(telemetry, self._reader, "read")
        self._writes: Queue = queue.SimpleQueue()
        self._reads: Queue = queue.SimpleQueue()
        self._gathered: list[Asked[object]] = []
        self.refused: Refused | None = None
        """From the first transaction that the file refuses to the next that changes something in it."""
        self._changes = 0
        self._threads: list[threading.Thread] = []
        if not inline:
            self._start("planner-writer", self._write_loop)
            self._start("planner-reader", self._read_loop)

    async def write(
        self, job: Job[T], then: Callable[[T], None] | None = None, *, hurry: bool = True, patient: bool = True
    ) -> T:
        """Run ``job`` in a transaction and return its result once that is on disk.

        Without ``hurry`` it waits up to ``GATHERED_MS`` for others of its kind, and then runs after them. Where it is
        not ``patient`` it waits for no other program's lock, unless another that is asked together with it does.

        ``then(result)`` is called in the event loop's thread right after the commit, also when the caller has been
        cancelled meanwhile. Raises what ``job`` raises, or ``UnavailableError``; then nothing of it was saved.
        """
        asked = self._writing.asked(job, then)
        asked.patient = patient
        with explained(self.path):
            if not self._inline:
                return await self._ask(self._writes.put if hurry else self._gather, asked)
            result = self._at_once(lambda one: self._commit([one])[0], asked)
        if then is not None:
            then(result)
        return result

    async def read(self, job: Job[T]) -> T:
        """Run ``job`` on a snapshot of what is committed. Raises as ``write`` does."""
        with explained(self.path):
            if self._inline:
                return self._at_once(self._reading.snapshot, self._reading.asked(job))
            return await self._ask(self._reads.put, self._reading.asked(job))

    async def scrub(self, job: Callable[[sqlite3.Connection], bool]) -> bool:
        """Run ``empty_log`` or ``rewrite``, outside any transaction. Raises as ``write`` does."""
        with explained(self.path):
            if self._inline:
                return self._at_once(self._writing.outside, self._writing.asked(job))
            return await self._ask(self._writes.put, self._writing.asked(job))

    def close(self) -> None:
        """Finish what waits, then close both connections."""
        self._hand_over()
        self._writes.put(None)
        self._reads.put(None)
        for thread in self._threads:
            thread.join()
        self._reader.close()
        self._writer.close()

    def _at_once(self, run: Callable[[Asked[object]], Answer], asked: Asked[T]) -> T:
        _, result, error = run(asked)  # type: ignore[arg-type]  # its answer is its own
        if error is not None:
            raise error
        return result  # type: ignore[return-value]  # the same

    async def _ask(self, put: Callable[[Asked[object]], None], asked: Asked[T]) -> T:
        asked.future = asyncio.get_running_loop().create_future()
        put(asked)  # type: ignore[arg-type]  # a queue of many T: each answers its own future
        return await asked.future

    def _gather(self, one: Asked[object]) -> None:
        if not self._gathered:
            asyncio.get_running_loop().call_later(GATHERED_MS / 1_000, self._hand_over)
        self._gathered.append(one)

    def _hand_over(self) -> None:
        for one in self._gathered:
            self._writes.put(one)
        self._gathered.clear()

    def _start(self, name: str, target: Callable[[], None]) -> None:
        thread = threading.Thread(target=target, name=name, daemon=True)
        thread.start()
        self._threads.append(thread)

    def _write_loop(self) -> None:
        for group in _groups(self._writes, self._writing.meter.shift):
            jobs = [one for one in group if one.job not in ALONE]
            if jobs:
                _answer(self._commit(jobs))
            for one in group:
                if one.job in ALONE:
                    _answer([self._writing.outside(one)])

    def _commit(self, jobs: Sequence[Asked[object]]) -> list[Answer]:
        answers = self._writing.commit(jobs)
        for one, _, error in answers:
            told = None if error is None else refusal(error, self.path)
            if told is not None:
                self.refused = Refused(str(told), one.at if self.refused is None else self.refused.since)
                self._changes = self._writer.total_changes
                return answers
        if self.refused is not None and self._writer.total_changes > self._changes:
            self.refused = None
        return answers

    def _read_loop(self) -> None:
        for group in _groups(self._reads, self._reading.meter.shift):
            for one in group:
                _answer([self._reading.snapshot(one)])


def _groups(waiting: Queue, shift: Shift) -> Iterator[list[Asked[object]]]:
    """What waits, in order, as much at once as there is; ends after the ``None`` that ``close`` puts in."""
    while True:
        first = waiting.get()
        if first is None:
            return
        group, last = [first], False
        while len(group) < GROUP_MAX and not waiting.empty() and not last:
            following = waiting.get()
            last = following is None
            if following is not None:
                group.append(following)
        with shift:
            yield group
        if last:
            return


def _answer(answers: list[Answer]) -> None:
    """Hand results to the loop that asked, all in one call; a loop that is gone needs none."""
    future = answers[0][0].future
    if future is None:
        return
    try:
        future.get_loop().call_soon_threadsafe(_settle, answers)
    except RuntimeError:
        log.debug("db.nobody_asks")


def _settle(answers: list[Answer]) -> None:
    for one, result, error in answers:
        if error is None and one.then is not None:
            with tracing.within(one.caller):
                _tell(one.then, result)
        if one.future is None or one.future.done():
            continue
        if error is None:
            one.future.set_result(result)
        else:
            one.future.set_exception(error)


def _tell(then: Callable[[object], None], result: object) -> None:
    """A listener that fails keeps no result from whoever waits for one."""
    try:
        then(result)
    except Exception:
        log.exception("db.listener_failed")
