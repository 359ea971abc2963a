"""An endpoint that is gone costs a line in the log, and nothing else: no memory, no time, no reminder."""

from __future__ import annotations

import json
import logging
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from random import Random
from urllib.request import Request, urlopen

import grpc
import pytest

from planner.catalogue import telemetry
from planner.clock import SystemClock
from planner.telemetry import Telemetry, setup
from planner.telemetry.otlp.quiet import Heard as Cause
from planner.telemetry.otlp.quiet import Quiet
from planner.telemetry.otlp.sampling import TRACES_AT_ONCE
from planner.telemetry.otlp.watch import Outage, Way
from planner.telemetry.redact import HIDDEN, Redactor, secrets_of_exporters
from planner.telemetry.setup import Running, start
from tests.telemetry.sink import refusing, serving, silent, until

ROOT = Path(__file__).parents[2]
STOP_S = 3.0
SOON = {"OTEL_BSP_SCHEDULE_DELAY": "10", "OTEL_BLRP_SCHEDULE_DELAY": "10", "OTEL_METRIC_EXPORT_INTERVAL": "10"}
QUICK = {**SOON, "OTEL_EXPORTER_OTLP_TIMEOUT": "0.1"}
KEY = "a1b2c3d4e5"
log = logging.getLogger("planner.some")


@contextmanager
def failing() -> Iterator[str]:
    with serving(503) as sink:
        yield sink.url


def begin(url: str, **environ: str) -> Running:
    return start({"OTEL_EXPORTER_OTLP_ENDPOINT": url, **environ}, wall=SystemClock(), random=Random(1))


def ask(method: str, url: str, body: object = None) -> str:
    data = None if body is None else json.dumps(body).encode()
    request = Request(url, data, {"Content-Type": "application/json"}, method=method)
    with urlopen(request, timeout=10) as answer:
        return str(answer.read().decode())


def told(status: int) -> Cause:
    cause = Cause()
    cause.http(status)
    return cause


def busy(found: Running, times: int = 1) -> None:
    for _ in range(times):
        with found.telemetry.tracer.begin("update"):
            log.info("some.event")


def counted(found: Running, *labels: str) -> float:
    readings = found.telemetry.metrics.read([telemetry.DROPPED])
    points = (point for one in readings if one.metric is telemetry.DROPPED for point in one.points)
    return sum(point.value for point in points if point.labels == labels)


class Heard(logging.Handler):
    """What a handler on the root logger is given, as the log's own is."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    @property
    def said(self) -> list[str]:
        return [record.getMessage() for record in self.records if record.name != log.name]


@pytest.fixture(autouse=True)
def heard() -> Iterator[Heard]:
    handler, root = Heard(), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield handler
    root.removeHandler(handler)
    root.setLevel(level)


def test_a_stop_ends_in_three_seconds_whatever_waits() -> None:
    took: dict[str, float] = {}

    def stop(name: str, found: Running) -> None:
        began = time.monotonic()
        found.stop()
        took[name] = time.monotonic() - began

    with ExitStack() as stack:
        threads = []
        for endpoint in (refusing, silent, failing):
            url = stack.enter_context(endpoint())
            found = begin(url, OTEL_EXPORTER_OTLP_TIMEOUT="6", OTEL_TRACES_SAMPLER="always_on",
                          OTEL_BSP_MAX_EXPORT_BATCH_SIZE="2048", OTEL_BLRP_MAX_EXPORT_BATCH_SIZE="2048")  # fmt: skip
            busy(found, 1_000)
            threads.append(threading.Thread(target=stop, args=(endpoint.__name__, found)))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
    assert set(took) == {"refusing", "silent", "failing"}
    assert max(took.values()) < STOP_S, took


def test_a_stop_with_an_endpoint_that_answers_takes_no_time_at_all() -> None:
    with serving() as sink:
        found = begin(sink.url, OTEL_TRACES_SAMPLER="always_on")
        busy(found, 100)
        began = time.monotonic()
        found.stop()
        took = time.monotonic() - began
        assert len(sink.spans) == len(sink.lines) == 100
    assert took < 1


@pytest.mark.parametrize("endpoint", [refusing, silent, failing])
def test_an_outage_is_one_line_that_says_what_to_do(
    endpoint: Callable[[], AbstractContextManager[str]], heard: Heard
) -> None:
    with endpoint() as url:
        found = begin(url, **QUICK)
        for _ in range(3):
            before = counted(found, "spans", "failed")
            busy(found)
            until(lambda before=before: counted(found, "spans", "failed") > before)
        until(lambda: counted(found, "logs", "failed") and counted(found, "points", "failed"))
        found.stop()
    assert heard.said == ["telemetry.unreachable"]
    (record,) = [record for record in heard.records if record.getMessage() == "telemetry.unreachable"]
    assert record.levelname == "WARNING"
    assert "OTEL_EXPORTER_OTLP_ENDPOINT" in record.do
    assert url not in str(vars(record))


def test_it_is_said_when_everything_is_taken_again(heard: Heard) -> None:
    with serving(401) as sink:
        found = begin(sink.url, **QUICK)
        busy(found)
        until(lambda: (found.fault() or "").count("HTTP 401") == 3)
        since = found.fault_since()
        assert since is not None
        assert 0 <= SystemClock().now() - since < 10_000
        sink.status = 200
        busy(found)
        until(lambda: found.fault() is None)
        assert found.fault_since() is None
        found.stop()
    assert heard.said == ["telemetry.unreachable", "telemetry.reachable"]


def test_one_signal_that_is_refused_is_no_end_of_the_outage_while_others_are_taken(
    heard: Heard,
) -> None:
    with serving() as sink, refusing() as nobody:
        found = begin(sink.url, OTEL_EXPORTER_OTLP_LOGS_ENDPOINT=nobody, **QUICK)
        for _ in range(3):
            before = len(sink.spans), counted(found, "logs", "failed")
            busy(found)
            until(lambda b=before: len(sink.spans) > b[0] and counted(found, "logs", "failed") > b[1])
        assert (found.fault() or "").startswith("logs: ")
        found.stop()
    assert heard.said == ["telemetry.unreachable"]


@pytest.mark.parametrize("status", [503, 429, 500])
def test_an_outage_is_over_for_those_that_have_nothing_to_send_as_well(status: int, heard: Heard) -> None:
    with serving(status) as sink:
        found = begin(sink.url, **SOON)
        busy(found)
        until(lambda: (found.fault() or "").count(f"HTTP {status}") == 3)
        sink.status = 200
        until(lambda: found.fault() is None)
        found.stop()
    assert heard.said == ["telemetry.unreachable", "telemetry.reachable"]


def test_what_one_signal_is_refused_for_is_its_own_until_it_is_taken() -> None:
    outage = Outage(SystemClock())
    logs, traces = Way("logs", "here"), Way("traces", "here")
    outage.failed(logs, told(401))
    outage.failed(traces, told(401))
    outage.worked(traces)
    assert outage.fault() == "logs: HTTP 401"
    outage.worked(logs)
    assert outage.fault() is None


def test_another_endpoint_says_nothing_of_this_one() -> None:
    outage = Outage(SystemClock())
    outage.failed(Way("logs", "here"), told(503))
    outage.worked(Way("logs", "there"))
    assert outage.fault() == "logs: HTTP 503"


def test_a_signal_that_alone_fails_again_and_again_does_not_fill_the_log(heard: Heard) -> None:
    outage = Outage(SystemClock())
    logs, traces = Way("logs", "here"), Way("traces", "here")
    for _ in range(10):
        outage.failed(logs, told(500))
        outage.worked(traces)
    assert outage.fault() == "logs: HTTP 500"
    assert heard.said == ["telemetry.unreachable", "telemetry.reachable", "telemetry.unreachable"]
    outage.failed(traces, told(503))
    outage.worked(traces)
    assert outage.fault() is None, "after an outage of all, it is taken for one of the endpoint's again"


@pytest.mark.parametrize(
    ("argument", "cause", "own"),
    [
        (404, "HTTP 404", True),
        (429, "HTTP 429", False),
        ("Service Unavailable", "HTTP 503", False),
        ("Too Many Requests", "HTTP 429", False),
        (ConnectionRefusedError(), "ConnectionRefusedError", False),
        (ValueError("secret"), "ValueError", True),
        (grpc.StatusCode.UNAVAILABLE, "gRPC UNAVAILABLE", False),
        (grpc.StatusCode.UNAUTHENTICATED, "gRPC UNAUTHENTICATED", True),
        ("spans", "no answer", False),
    ],
)
def test_a_cause_is_a_code_and_is_the_endpoints_or_the_signals(argument: object, cause: str, *, own: bool) -> None:
    quiet = Quiet()
    with quiet.listening() as found:
        quiet.emit(logging.LogRecord("opentelemetry.x", logging.ERROR, "", 1, "%s", (argument,), None))
    assert (found.cause, found.own) == (cause, own)


def test_a_cause_is_heard_each_time_though_the_exporter_says_it_once() -> None:
    with serving(401) as sink:
        found = begin(sink.url, **QUICK)
        for count in (1, 2, 3):
            busy(found)
            until(lambda count=count: counted(found, "logs", "failed") >= count)
            until(lambda: "logs" in (found.fault() or ""))
            assert "logs: HTTP 401" in (found.fault() or "")
        found.stop()


def test_a_trace_that_does_not_wholly_fit_is_left_out_as_a_whole() -> None:
    with serving() as sink:
        found = begin(sink.url, OTEL_BSP_MAX_QUEUE_SIZE="5", OTEL_BSP_MAX_EXPORT_BATCH_SIZE="5",
                      OTEL_BSP_SCHEDULE_DELAY="60000", OTEL_TRACES_SAMPLER="always_on")  # fmt: skip
        for _ in range(2):
            with found.telemetry.tracer.begin("update") as root:
                for _ in range(2):
                    root.child("parse").end()
        found.stop()
        assert [span.name for span in sink.spans] == ["parse", "parse", "update"]


def test_a_stop_counts_from_when_the_process_was_told(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0
    given: list[float] = []
    monkeypatch.setattr(setup, "ticks", lambda: now)
    monkeypatch.setattr(setup, "_run_out", lambda _, seconds: given.append(seconds))
    for spent_s in (None, 0.0, 1.5, 10.0):
        found = Running(Telemetry())
        now = 0
        if spent_s is not None:
            found.stopping()
            now = round(spent_s * 1e9)
            found.stopping()
        found.stop()
    assert given == [2.0, 2.0, pytest.approx(1.3), 0.5]


def test_a_bot_that_is_slow_to_stop_leaves_its_endpoint_less_time(tmp_path: Path) -> None:
    out, err = tmp_path / "out", tmp_path / "err"
    with silent() as nobody, out.open("w") as to, err.open("w") as errors:
        environ = {"PATH": "/usr/bin:/bin", "PLANNER_HTTP": "127.0.0.1:0", "PLANNER_DB": str(tmp_path / "planner.db"),
                   "PLANNER_USERS": "*", "OTEL_EXPORTER_OTLP_ENDPOINT": nobody}  # fmt: skip
        bot = subprocess.Popen([sys.executable, str(ROOT / "planner.py")], cwd=tmp_path, stdout=to, stderr=errors,
                               env=environ)  # fmt: skip
        until(lambda: "planner.ready" in err.read_text(), "the bot at work")
        url = re.findall(r"http://[\d.:]+", out.read_text())[0]
        ask("PUT", f"{url}/chat/faults", {"method": "sendMessage", "answer_delay_ms": 1_500})
        ask("POST", f"{url}/chat/messages", {"chat_id": 1, "text": "/start", "from": {"id": 1, "first_name": "Alice"}})
        until(lambda: 'hits": 1' in ask("GET", f"{url}/chat/faults"), "an answer on its way")
        bot.send_signal(signal.SIGTERM)
        began = time.monotonic()
        assert bot.wait(10) == 0
        took = time.monotonic() - began
    assert 2 < took < STOP_S + 0.5, "the interpreter's end comes on top"


def test_no_key_of_an_endpoint_is_in_the_log_when_everything_is_logged(heard: Heard) -> None:
    level = logging.getLogger("urllib3").level
    logging.getLogger().setLevel(logging.DEBUG)
    with serving(401) as sink:
        environ = {"OTEL_EXPORTER_OTLP_ENDPOINT": f"{sink.url}/{KEY}/?key=topsecretkey"}
        sink.take = lambda *_: None  # type: ignore[method-assign]  # it is never read
        found = start({**environ, **QUICK}, wall=SystemClock(), random=Random(1))
        busy(found)
        until(found.fault)
        found.stop()
    logging.getLogger("urllib3").setLevel(level)
    assert [record for record in heard.records if record.name.startswith("urllib3")] == []
    redact = Redactor(secrets_of_exporters(environ))
    assert redact(f"POST /{KEY}/v1/logs?key=topsecretkey") == f"POST /{HIDDEN}/v1/logs?key={HIDDEN}"


def test_what_waits_is_bounded_and_what_is_dropped_is_counted() -> None:
    with silent() as url:
        environ = {"OTEL_BSP_MAX_QUEUE_SIZE": "20", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "10",
                   "OTEL_BLRP_MAX_QUEUE_SIZE": "30", "OTEL_BLRP_MAX_EXPORT_BATCH_SIZE": "10",
                   "OTEL_TRACES_SAMPLER": "always_on", "OTEL_EXPORTER_OTLP_TIMEOUT": "0.1"}  # fmt: skip
        found = begin(url, **environ)
        busy(found, 200)
        (queue,) = found.telemetry.metrics.read([telemetry.QUEUE])
        waiting = {point.labels: point.value for point in queue.points}
        found.stop()
        until(lambda: counted(found, "logs", "failed") and counted(found, "spans", "failed"))
    assert waiting[("spans",)] <= 20
    assert waiting[("logs",)] <= 30
    for item, most in (("spans", 40), ("logs", 50)):  # what waits, and what is under way
        dropped = counted(found, item, "queue_full")
        assert 200 - most <= dropped < 200


def test_the_exporters_speak_when_everything_is_logged(heard: Heard) -> None:
    logging.getLogger().setLevel(logging.DEBUG)
    with refusing() as nobody:
        found = begin(nobody, **QUICK)
        busy(found)
        until(lambda: any(record.name.startswith("opentelemetry") for record in heard.records))
        found.stop()


def test_a_busy_second_exports_a_part_and_a_quiet_one_everything() -> None:
    with serving() as sink:
        found = begin(sink.url)
        busy(found, 400)
        found.stop()
        assert TRACES_AT_ONCE <= len(sink.spans) < 2 * TRACES_AT_ONCE


def test_the_threads_of_a_stop_do_not_keep_the_process() -> None:
    with silent() as url:
        found = begin(url, OTEL_EXPORTER_OTLP_TIMEOUT="0.2")
        busy(found)
        found.stop()
        assert all(thread.daemon for thread in threading.enumerate() if thread is not threading.main_thread())
