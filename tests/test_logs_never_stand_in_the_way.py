"""Logs: readable for people, parseable for programs, and harmless when nobody takes them."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from planner.catalogue.metric import Point
from planner.catalogue.telemetry import LINES, LINES_LOST
from planner.telemetry.logs import Logs, set_up
from planner.telemetry.registry import Registry
from planner.telemetry.tracing import Span, Tracer
from planner.telemetry.writer import WAITING_MAX
from tests.virtual import START

log = logging.getLogger("planner.test")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@contextmanager
def logging_to(stream: io.TextIOBase, level: str = "INFO") -> Iterator[Logs]:
    root = logging.getLogger()
    before, root.handlers = (root.level, root.handlers), []  # the test runner's own raise on a wrong log call
    logs = set_up(level, stream)  # type: ignore[arg-type]  # a text stream like any other
    try:
        yield logs
    finally:
        logs.close()
        root.level, root.handlers = before


def lines_of(what: Callable[[], None], level: str = "INFO") -> list[dict[str, object]]:
    stream = io.StringIO()
    with logging_to(stream, level):
        what()
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_program_gets_one_json_object_a_line() -> None:
    written = logging.makeLogRecord(
        {
            "name": "planner.test",
            "levelno": logging.WARNING,
            "levelname": "WARNING",
            "msg": "delivery.%s",
            "args": ("late",),
            "created": 1_795_255_200.25,
            "chat": 11,
            "ratio": 0.5,
            "odd": float("nan"),
            "many": (1, 2),
            "who": "Алиса\n",
        }
    )
    assert lines_of(lambda: log.handle(written)) == [
        {
            "ts": "2026-11-21T10:00:00.250Z",
            "level": "WARNING",
            "logger": "planner.test",
            "event": "delivery.late",
            "chat": 11,
            "ratio": 0.5,
            "odd": "nan",
            "many": [1, 2],
            "who": "Алиса\n",
        }
    ]


def test_an_extra_field_cannot_pose_as_one_of_the_lines_own() -> None:
    [line] = lines_of(lambda: log.info("real", extra={"event": "false", "level": "DEBUG", "ts": "never"}))
    assert (line["event"], line["level"]) == ("real", "INFO")
    assert line["ts"] != "never"


def test_an_exception_comes_with_its_traceback() -> None:
    def fail() -> None:
        try:
            os.environ.pop("ZONE_OF_NOBODY")
        except KeyError:
            log.exception("parse.failed")

    [line] = lines_of(fail)
    assert str(line["exception"]).startswith("Traceback")
    assert 'os.environ.pop("ZONE_OF_NOBODY")' in str(line["exception"]), "the place in the code"
    assert str(line["exception"]).endswith("\nKeyError"), "its words may be a user's"


def test_people_on_a_terminal_get_plain_lines_that_cannot_steer_it() -> None:
    stream = Terminal()
    with logging_to(stream):
        log.info("feed.renamed\n00:00:00 ERROR forged", extra={"to": "\x1b[2Jwork", "count": 2})
    [line] = stream.getvalue().splitlines()
    when, _, rest = line.partition(" INFO ")
    assert datetime.strptime(when, "%Y-%m-%d %H:%M:%S").astimezone(UTC).year >= 2026
    assert rest.strip() == r"planner.test: feed.renamed\x0a00:00:00 ERROR forged to=\x1b[2Jwork count=2"


class Noon:
    def now(self) -> int:
        return START


def a_span(*, sampled: bool = True) -> Span:
    return Tracer(Noon(), Random(1), lambda _: None, lambda _: sampled).begin("update")


@pytest.mark.parametrize("sampled", [True, False])
def test_a_line_carries_the_ids_of_the_span_it_belongs_to(sampled: bool) -> None:
    def work() -> None:
        log.info("update.before")
        with a_span(sampled=sampled) as span:
            log.info("update.within", extra={"trace_id": "forged"})
            expected.extend([f"{span.trace_id:032x}", f"{span.id:016x}"])
        log.info("update.after")

    expected: list[str] = []
    before, within, after = lines_of(work)
    assert [within["trace_id"], within["span_id"]] == expected
    assert "trace_id" not in before
    assert "span_id" not in after


def test_people_on_a_terminal_see_what_to_do_and_what_belongs_together() -> None:
    stream = Terminal()
    with logging_to(stream), a_span() as span:
        log.error("delivery.halted", extra={"do": "Check BOT_TOKEN.", "status": 401})
    _, _, rest = stream.getvalue().partition(" ERROR ")
    short = f"{span.trace_id:032x}"[:8]
    assert rest.strip() == f"planner.test: delivery.halted status=401 trace={short} → Check BOT_TOKEN."


def test_lines_are_counted_by_level_and_so_are_lost_ones() -> None:
    disk, registry = Disk(), Registry()
    with logging_to(disk) as logs:
        registry.watch(logs.readings)
        for _ in range(2):
            log.warning("lost")
            assert disk.tried.acquire(timeout=5)
        log.debug("unheard")
        log.log(25, "odd")
        assert disk.tried.acquire(timeout=5)
    lines, lost = registry.read([LINES, LINES_LOST])
    assert [(*point.labels, point.value) for point in lines.points if isinstance(point, Point)] == [
        ("DEBUG", 0), ("INFO", 1), ("WARNING", 2), ("ERROR", 0), ("CRITICAL", 0),
    ]  # fmt: skip
    assert lost.points == [Point((), 3)]


def test_a_line_may_be_logged_in_the_middle_of_another() -> None:
    """As a finalizer does that the garbage collector runs wherever it is: a lock that is held would never come free."""

    def interrupt(*_: object) -> None:
        log.info("finalizer.logged")

    def work() -> None:
        log.info("writer.started")
        sys.setprofile(interrupt)
        log.info("line.logged")
        sys.setprofile(None)

    events = [line["event"] for line in lines_of(work)]
    assert events.count("line.logged") == 1
    assert events.count("finalizer.logged") > 20


def test_a_log_call_that_is_wrong_costs_one_line() -> None:
    class Odd:
        def __repr__(self) -> str:
            raise ValueError

    def wrong() -> None:
        log.info("%d", "text")
        log.info("shown", extra={"what": Odd()})
        log.info("fine")

    assert [line["event"] for line in lines_of(wrong)] == ["log.unprintable", "log.unprintable", "fine"]


def test_half_a_surrogate_pair_can_be_logged() -> None:
    assert [line["event"] for line in lines_of(lambda: log.info("a\ud83d"))] == ["a\ud83d"]


def test_libraries_are_heard_from_warnings_on() -> None:
    def speak() -> None:
        for name in ("aiogram.event", "aiohttp.access", "asyncio"):
            logging.getLogger(name).info("chatter")
            logging.getLogger(name).warning("trouble")

    assert [line["logger"] for line in lines_of(speak)] == ["aiogram.event", "aiohttp.access", "asyncio"]
    assert len(lines_of(speak, "DEBUG")) == 6


def test_warnings_and_uncaught_exceptions_are_logged_too() -> None:
    def fail() -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            logging.captureWarnings(capture=True)
            warnings.warn("old", UserWarning, stacklevel=1)
        error = ValueError("in the main thread")
        sys.excepthook(ValueError, error, None)
        sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
        thread = threading.Thread(target=lambda: os.environ["IN_A_THREAD"])
        thread.start()
        thread.join()

    first, second, third = lines_of(fail)
    assert first["logger"] == "py.warnings"
    assert (second["event"], second["level"]) == ("process.crashed", "CRITICAL")
    assert 'os.environ["IN_A_THREAD"]' in str(third["exception"])
    assert str(third["exception"]).endswith("\nKeyError")


def test_closing_leaves_everything_as_it_was() -> None:
    before = (
        sys.excepthook,
        threading.excepthook,
        sys.unraisablehook,
        warnings.showwarning,
        list(logging.getLogger().handlers),
    )
    lines_of(lambda: None)
    assert before == (
        sys.excepthook,
        threading.excepthook,
        sys.unraisablehook,
        warnings.showwarning,
        list(logging.getLogger().handlers),
    )


class Disk(io.StringIO):
    """A stream that can be full; ``tried`` counts what was attempted."""

    def __init__(self) -> None:
        super().__init__()
        self.full = True
        self.tried = threading.Semaphore(0)

    def write(self, text: str) -> int:
        try:
            if self.full:
                raise OSError(28, "No space left on device")
            return super().write(text)
        finally:
            self.tried.release()


def test_a_stream_that_fails_costs_lines_and_they_are_counted() -> None:
    disk = Disk()
    with logging_to(disk):
        for _ in range(2):
            log.info("lost")
            assert disk.tried.acquire(timeout=5)
        disk.full = False
        log.info("kept")
        assert all(disk.tried.acquire(timeout=5) for _ in range(2))
    first, second = (json.loads(line) for line in disk.getvalue().splitlines())
    assert (first["event"], second["event"], second["lines"]) == ("kept", "log.dropped", 2)


def test_a_reader_that_stands_still_stops_nobody() -> None:
    """A pipe holds 64 KiB; what is more waits, then is dropped; the program goes on and ends."""
    reading, writing = os.pipe()
    program = (
        "import logging, time\n"
        "from planner.telemetry.logs import Logs, set_up\n"
        "set_up()\n"
        f"for _ in range({WAITING_MAX + 5_000}): logging.getLogger('x').info('y' * 100)\n"
        "print('went on', flush=True)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=writing, timeout=60, check=False
    )
    os.close(writing)
    os.close(reading)
    assert (done.returncode, done.stdout) == (0, b"went on\n")


def test_a_reader_that_went_away_stops_nobody() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    program = (
        "import logging\n"
        "from planner.telemetry.logs import Logs, set_up\n"
        "set_up()\n"
        "for _ in range(100): logging.getLogger('x').info('y' * 1000)\n"
        "print('went on', flush=True)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=writing, timeout=60, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stdout) == (0, b"went on\n")


def test_what_was_logged_last_is_written_before_the_end() -> None:
    program = (
        "import logging\n"
        "from planner.telemetry.logs import Logs, set_up\n"
        "set_up()\n"
        "logging.getLogger('x').info('bye')\n"
        "raise SystemExit('told')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert '"event": "bye"' in done.stderr


def test_a_stream_that_was_closed_is_not_written_into_whatever_took_its_place(tmp_path: Path) -> None:
    """A file descriptor's number is given to the next file that is opened; that may be the database."""
    path = tmp_path / "log"
    stream = path.open("w")
    with logging_to(stream):
        number = stream.fileno()
        stream.close()
        other = os.open(tmp_path / "database", os.O_CREAT | os.O_RDWR)
        assert other == number
        log.info("line")
    assert os.fstat(other).st_size == 0
    os.close(other)
    assert json.loads(path.read_text())["event"] == "line"


@pytest.mark.parametrize("level", ["DEBUG", "ERROR"])
def test_the_level_holds(level: str) -> None:
    assert bool(lines_of(lambda: log.info("x"), level)) == (level == "DEBUG")
