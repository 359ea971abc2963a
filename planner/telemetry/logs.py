"""Logs: one stream, one format, no secrets, and never in the way.

A line is an event's name (``reminder.sent``), fields, and the ids of the span that it belongs to, where there is one.
Lines are made where they are logged, redacted as a whole (message, arguments, extra fields and tracebacks alike), and
written by a thread of their own: a terminal that is stopped, a pipe that nobody reads, a full disk or a closed stream
costs lines, never time and never an exception.
"""

from __future__ import annotations

import atexit
import json
import logging
import math
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from types import TracebackType
from typing import TextIO

from planner.catalogue.metric import Distribution, Point, Reading
from planner.catalogue.telemetry import LINES, LINES_LOST
from planner.telemetry import raised, tracing
from planner.telemetry.redact import Redactor
from planner.telemetry.writer import Writer

log = logging.getLogger(__name__)

NOISY = ("aiogram", "aiohttp", "asyncio")
"""Loggers of libraries, heard from WARNING on unless everything is."""

LEVELS = next(label.values for label in LINES.labels)

DO = "do"
"""The field that tells the host what to do about it."""

SHORT_SHIFT = 96
"""A terminal shows the first 8 of a trace id's 32 digits: enough to see what belongs together."""

_STANDARD_COUNT = len(vars(logging.makeLogRecord({})))
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_encode = json.JSONEncoder(ensure_ascii=False).encode
_CONTROL = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))}


class Logs:
    """What ``set_up`` installed; ``close`` writes what waits and takes it away again."""

    def __init__(self, handler: _Handler, writer: Writer) -> None:
        self._handler = handler
        self._writer = writer
        self._hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        sys.excepthook = _crashed
        threading.excepthook = lambda args: _crashed(args.exc_type, args.exc_value, args.exc_traceback)
        sys.unraisablehook = lambda args: _crashed(args.exc_type, args.exc_value, args.exc_traceback)
        logging.captureWarnings(capture=True)
        logging.getLogger().addHandler(handler)
        atexit.register(self.close)

    def readings(self) -> list[Reading]:
        """How many lines there were, and how many of them could not be written; for ``Registry.watch``."""
        lines: list[Point | Distribution] = [Point((level,), count) for level, count in self._handler.lines.items()]
        return [Reading(LINES, lines), Reading(LINES_LOST, [Point((), self._writer.lost)])]

    def close(self) -> None:
        """Write what waits, for at most two seconds."""
        atexit.unregister(self.close)
        logging.getLogger().removeHandler(self._handler)
        logging.captureWarnings(capture=False)
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._hooks
        self._writer.close()


def set_up(level: str | int = "INFO", stream: TextIO | None = None, *, secrets: Iterable[str] = ()) -> Logs:
    """Log everything from ``level`` on to ``stream`` (stderr), for people on a terminal, else a JSON object a line.

    Nothing leaves with one of ``secrets`` or with what looks like a bot's token in it. Uncaught exceptions and
    warnings, which Python would print past all logging, are logged.
    """
    target = sys.stderr if stream is None else stream
    writer = Writer(target)
    handler = _Handler(_Terminal() if _is_terminal(target) else _Json(), Redactor(secrets), writer)
    root = logging.getLogger()
    root.setLevel(level)
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.NOTSET if root.level <= logging.DEBUG else logging.WARNING)
    return Logs(handler, writer)


class _Handler(logging.Handler):
    """Counts by itself: a finalizer may log in the middle of anything, also while a registry's lock is held."""

    def __init__(self, form: Callable[[logging.LogRecord], str], redact: Redactor, writer: Writer) -> None:
        super().__init__()
        self.lines: dict[str, int] = dict.fromkeys(LEVELS, 0)
        self._form = form
        self._redact = redact
        self._writer = writer

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = self._form(record)
        except Exception as error:  # noqa: BLE001  # wrong arguments, or an object that cannot be shown
            if record.name != __name__:
                said = {"of": record.name, "line": record.lineno, "error": type(error).__name__}
                log.error("log.unprintable", extra=said)
            return
        level = record.levelname if record.levelname in self.lines else "INFO"
        self.lines[level] += 1
        self._writer.put(self._redact(line))


class _Json:
    def __init__(self) -> None:
        self._second = _Second(lambda utc: f"{utc:%Y-%m-%dT%H:%M:%S}")

    def __call__(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "ts": f"{self._second(record.created)}.{int(record.created % 1 * 1000):03}Z",
            "level": record.levelname,
            "logger": record.name,
            "event": raised.message(record),
        }
        if span := tracing.current():
            line["trace_id"] = f"{span.trace_id:032x}"
            line["span_id"] = f"{span.id:016x}"
        for name, value in _extra(record):
            if name not in line:
                line[name] = value if _is_json(value) else _shown(value)
        if trace := _trace(record):
            line["exception"] = trace
        return _encode(line)


class _Terminal:
    def __init__(self) -> None:
        self._second = _Second(lambda utc: f"{utc.astimezone():%Y-%m-%d %H:%M:%S}")

    def __call__(self, record: logging.LogRecord) -> str:
        parts = [f"{self._second(record.created)} {record.levelname:<7} {record.name}: {raised.message(record)}"]
        do = ""
        for name, value in _extra(record):
            if name == DO:
                do = f"\u2192 {_shown(value)}"
            else:
                parts.append(f"{name}={_shown(value)}")
        if span := tracing.current():
            parts.append(f"trace={span.trace_id >> SHORT_SHIFT:08x}")
        line = " ".join([*parts, do] if do else parts)
        if not line.isprintable():
            line = line.translate(_CONTROL)
        trace = _trace(record)
        return "\n".join([line, *trace.translate(_CONTROL_BUT_LINES).splitlines()]) if trace else line


class _Second:
    """A moment's text down to the second, made once a second."""

    def __init__(self, form: Callable[[datetime], str]) -> None:
        self._form = form
        self._of = -1
        self._text = ""

    def __call__(self, created: float) -> str:
        second = int(created)
        if second != self._of:
            self._text = self._form(datetime.fromtimestamp(second, UTC))
            self._of = second
        return self._text


def _extra(record: logging.LogRecord) -> Iterator[tuple[str, object]]:
    """What a record has beyond the standard; that comes first in every record."""
    return (pair for pair in islice(vars(record).items(), _STANDARD_COUNT, None) if pair[0] not in _STANDARD)


def _trace(record: logging.LogRecord) -> str:
    error = record.exc_info[1] if record.exc_info else None
    return (raised.told(error) if error is not None else "") + (record.stack_info or "")


def _is_json(value: object) -> bool:
    if isinstance(value, (list, tuple)):  # of ids
        return all(type(one) is int for one in value)
    return isinstance(value, (str, int, type(None))) or (isinstance(value, float) and math.isfinite(value))


def _shown(value: object) -> str:
    return value if isinstance(value, str) else repr(value)


def _is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except (OSError, ValueError, AttributeError):
        return False


def _crashed(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if error is None or issubclass(kind, (KeyboardInterrupt, SystemExit)):
        return
    log.critical("process.crashed", exc_info=(kind, error, trace))


_CONTROL_BUT_LINES = {code: shown for code, shown in _CONTROL.items() if code not in {9, 10}}
