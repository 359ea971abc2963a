"""Logs: one stream, one format, no secrets, and never in the way.

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
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from types import TracebackType
from typing import TextIO

from planner.telemetry.redact import Redactor
from planner.telemetry.writer import Writer

log = logging.getLogger(__name__)

NOISY = ("aiogram", "aiohttp", "asyncio")
"""Loggers of libraries, heard from WARNING on unless everything is."""

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_CONTROL = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))}


class Logs:
    """What ``set_up`` installed; ``close`` writes what waits and takes it away again."""

    def __init__(self, handler: logging.Handler, writer: Writer) -> None:
        self._handler = handler
        self._writer = writer
        self._hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        sys.excepthook = _crashed
        threading.excepthook = lambda args: _crashed(args.exc_type, args.exc_value, args.exc_traceback)
        sys.unraisablehook = lambda args: _crashed(args.exc_type, args.exc_value, args.exc_traceback)
        logging.captureWarnings(capture=True)
        logging.getLogger().addHandler(handler)
        atexit.register(self.close)

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
    handler = _Handler(_for_people if _is_terminal(target) else _as_json, Redactor(secrets), writer)
    root = logging.getLogger()
    root.setLevel(level)
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.NOTSET if root.level <= logging.DEBUG else logging.WARNING)
    return Logs(handler, writer)


class _Handler(logging.Handler):
    def __init__(self, form: Callable[[logging.LogRecord], str], redact: Redactor, writer: Writer) -> None:
        super().__init__()
        self._form = form
        self._redact = redact
        self._writer = writer

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = self._form(record)
        except Exception as error:  # noqa: BLE001  # wrong arguments, or an object that cannot be shown
            line = (
                f'{{"level": "ERROR", "logger": "{__name__}", "event": "log.unprintable", '
                f'"of": {json.dumps(record.name)}, "line": {record.lineno}, "error": "{type(error).__name__}"}}'
            )
        self._writer.put(self._redact(line))


def _as_json(record: logging.LogRecord) -> str:
    line: dict[str, object] = {
        "ts": _when(record).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "level": record.levelname,
        "logger": record.name,
        "event": record.getMessage(),
    }
    for name, value in _extra(record).items():
        line.setdefault(name, value if _is_json(value) else _shown(value))
    if trace := _trace(record):
        line["exception"] = trace
    return json.dumps(line, ensure_ascii=False)


def _for_people(record: logging.LogRecord) -> str:
    extra = " ".join(f"{name}={_shown(value)}" for name, value in _extra(record).items())
    when = f"{_when(record).astimezone():%Y-%m-%d %H:%M:%S}"
    line = f"{when} {record.levelname:<7} {record.name}: {record.getMessage()} {extra}"
    return "\n".join([line.rstrip().translate(_CONTROL), *_trace(record).translate(_CONTROL_BUT_LINES).splitlines()])


def _when(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)


def _extra(record: logging.LogRecord) -> dict[str, object]:
    return {name: value for name, value in vars(record).items() if name not in _STANDARD}


def _trace(record: logging.LogRecord) -> str:
    if record.exc_info and record.exc_text is None:
        return logging.Formatter().formatException(record.exc_info) + (record.stack_info or "")
    return (record.exc_text or "") + (record.stack_info or "")


def _is_json(value: object) -> bool:
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
    log.critical("crashed", exc_info=(kind, error, trace))


_CONTROL_BUT_LINES = {code: shown for code, shown in _CONTROL.items() if code not in {9, 10}}
