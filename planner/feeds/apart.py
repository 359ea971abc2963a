"""Calendars are read apart from the event loop, each in a process of its own that may die.

A thread would hold up the loop at every step it takes, and could be neither limited nor ended.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path
from typing import Any, BinaryIO

import planner
from planner.clock import Clock
from planner.feeds.fetched import Fault
from planner.feeds.measured import note_read
from planner.feeds.wire import EVENT_BYTES, LINE_BYTES, order_lines, take
from planner.ics.prepare import Batch, Order
from planner.model import SECOND, Outcome
from planner.telemetry import Telemetry
from planner.telemetry.tracing import current, step

DEADLINE_S = 120.0
"""A calendar that takes longer to read is refused. Its CPU is limited to far less: a busy machine is not its fault."""
AT_ONCE = 2

PROGRAM = "import sys; sys.path[:] = sys.argv[2:]; from planner.feeds.child import main; main(int(sys.argv[1]))"
"""What the process runs: its arguments are a file descriptor and the planner's own path of modules."""

_KILLED = frozenset({-signal.SIGKILL, -signal.SIGXCPU, -signal.SIGSEGV})
"""How a process ends that asked for more than it may have."""
_HEAVY = Fault(Outcome.INVALID, "heavy")
_CRASHED = Fault(Outcome.INVALID, "crash")

log = logging.getLogger(__name__)


NO_READER = "No process can be begun: look at the limits of processes and of memory."
REPORT = "One calendar is not read: please report it, with this line."


class _BrokenOffError(Exception):
    """The process ended in the middle."""


class Apart:
    """Reads calendars, at most ``AT_ONCE`` at a time. Whatever the process does is an answer, never an exception."""

    def __init__(self, clock: Clock, *, deadline_s: float = DEADLINE_S, program: str = PROGRAM,
                 telemetry: Telemetry | None = None) -> None:  # fmt: skip
        self._metrics = (telemetry or Telemetry()).metrics
        self._clock = clock
        self._deadline_s = deadline_s
        self._program = program
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def read(self, file: BinaryIO, order: Order) -> Batch | Fault:
        """What a file's bytes are to the store; the file stays open. Cancelled, it leaves no process behind."""
        async with self._slots:
            started = self._clock.mono()
            with step("calendar read") as span:
                read, died = await self._read(file, order)
                note_read(self._metrics, span, read, (self._clock.mono() - started) / SECOND, died=died)
        return read

    async def _read(self, file: BinaryIO, order: Order) -> tuple[Batch | Fault, bool]:
        """What became of it, and whether the process came to no good end."""
        try:
            process = await _started(self._program, file.fileno())
        except OSError as error:
            log.error("feed.no_reader", extra={"errno": error.errno, "do": NO_READER})
            return _CRASHED, True
        read: Batch | Fault = _HEAVY
        try:
            async with asyncio.timeout(self._deadline_s):
                read = await self._outcome(process, order)
        except TimeoutError:
            pass
        finally:
            await _ended(process)
        return read, process.returncode != 0 or read == _CRASHED

    async def _outcome(self, process: Process, order: Order) -> Batch | Fault:
        try:
            outcome = await self._talked(process, order)
        except (OSError, _BrokenOffError):
            outcome = None
        except (ValueError, LookupError, TypeError, RecursionError):
            log.error("feed.reader_babbles", extra={"do": REPORT})
            return _CRASHED
        await _drained(process)
        return _died(process) if outcome is None else outcome

    async def _talked(self, process: Process, order: Order) -> Batch | Fault:
        told, said = process.stdin, process.stdout
        assert told is not None
        assert said is not None
        for line in order_lines(order):
            told.write(line)
            await told.drain()
            await self._clock.sleep(0)
        told.close()
        first = json.loads(await _line(said))
        if "name" not in first:
            return _refused(first)
        batch = Batch(first["name"])
        while not (line := await _line(said)).startswith(b"{"):
            take(batch, line)
            await self._clock.sleep(0)
        last = json.loads(line)
        if "done" not in last:
            return _refused(last)
        log.debug("feed.read", extra={"peak_kb": _peak_kb(last)})
        return batch


async def _started(program: str, descriptor: int) -> Process:
    """A fresh interpreter that finds the planner where this one found it, and is told no secret of the environment."""
    path = [str(Path(planner.__file__).parents[1]), *sys.path]
    environment = {name: value for name, value in os.environ.items() if name.startswith(("PYTHON", "LD_", "TZ"))}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-S", "-c", program, str(descriptor), *path,
        stdin=PIPE, stdout=PIPE, stderr=DEVNULL, pass_fds=(descriptor,), env=environment,
        limit=LINE_BYTES + 2 * EVENT_BYTES,
    )  # fmt: skip


async def _line(said: asyncio.StreamReader) -> bytes:
    line = await said.readline()
    if not line.endswith(b"\n"):
        raise _BrokenOffError
    return line


async def _drained(process: Process) -> None:
    """Wait for its end. asyncio sees that only after its pipe is empty, and a full one is not looked at."""
    if process.stdin is not None:
        process.stdin.close()
    while process.stdout is not None and await process.stdout.read(LINE_BYTES):
        pass
    await process.wait()


async def _ended(process: Process) -> None:
    if process.returncode is None:
        process.kill()
        await _drained(process)


def _died(process: Process) -> Fault:
    if process.returncode in _KILLED:
        return _HEAVY
    log.error("feed.reader_died", extra={"exit": process.returncode, "do": REPORT})
    return _CRASHED


def _peak_kb(said: dict[str, Any]) -> int:
    """The most memory that the process had; its span is told."""
    peak_kb = int(said["peak_kb"])
    current().set(peak_kb=peak_kb)
    return peak_kb


def _refused(said: dict[str, Any]) -> Fault:
    code = said.get("unreadable")
    log.debug("feed.refused", extra={"peak_kb": _peak_kb(said)})
    if code is None:
        log.error("feed.reader_crashed", extra={"error": said.get("crash"), "do": REPORT})
        return _CRASHED
    return Fault(Outcome.TOO_LARGE if code == "too_many" else Outcome.INVALID, code)
