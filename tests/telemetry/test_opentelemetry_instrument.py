"""``opentelemetry-instrument python planner.py``: it works, nothing is told twice, and the token leaves by no door."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from planner.telemetry.otlp import foreign
from tests.serving import QuietServer
from tests.telemetry.sink import Sink, serving, until

ROOT = Path(__file__).parents[2]
TOKEN = "123456789:AAE-one_of_these_that_look_like_tokens"
DOORS = [TOKEN.encode(), quote(TOKEN, safe="").encode(), TOKEN.partition(":")[2].encode()]
STOP_S = 3.0
UPDATE = {
    "update_id": 1,
    "message": {
        "message_id": 1,
        "date": 1,
        "chat": {"id": 1, "type": "private"},
        "from": {"id": 1, "is_bot": False, "first_name": "Alice"},
        "text": "/start",
    },
}
CLOSED = """
import logging, asyncio
import aiohttp
from opentelemetry import trace, _logs
from opentelemetry.instrumentation.aiohttp_client import AioHttpClientInstrumentor
from opentelemetry.instrumentation.logging import LoggingInstrumentor
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import InMemoryLogRecordExporter, SimpleLogRecordProcessor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

spans, lines = InMemorySpanExporter(), InMemoryLogRecordExporter()
traced, logged = TracerProvider(), LoggerProvider()
traced.add_span_processor(SimpleSpanProcessor(spans))
logged.add_log_record_processor(SimpleLogRecordProcessor(lines))
trace.set_tracer_provider(traced)
_logs.set_logger_provider(logged)
AioHttpClientInstrumentor().instrument()
LoggingInstrumentor().instrument()

from random import Random
from planner.clock import SystemClock
from planner.telemetry.setup import start

running = start({}, wall=SystemClock(), random=Random(1), secrets=[TOKEN])
url = f"http://127.0.0.1:1/bot{TOKEN}/getMe"

async def ask():
    async with aiohttp.ClientSession() as session:
        try:
            await session.get(url)
        except aiohttp.ClientError:
            pass

asyncio.run(ask())
logging.getLogger("planner.some").warning("some.event")
_logs.get_logger("theirs").emit(_logs.LogRecord(body=url, attributes={"deep": {"of": [url]}}))
try:
    with trace.get_tracer("theirs").start_as_current_span(url, attributes={"url": url, "all": [url]}) as span:
        span.add_event("asked", {"url": url})
        raise ValueError(url)
except ValueError:
    pass
running.stop()
told = [one.log_record for one in lines.get_finished_logs()]
print(json.dumps([[span.to_json() for span in spans.get_finished_spans()],
                  [str(one.body) + str(dict(one.attributes)) for one in told]]))
"""


class _Telegram(BaseHTTPRequestHandler):
    """As much of the Bot API as one conversation takes."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        method = self.path.rpartition("/")[2]
        asked = self.server.asked
        asked.append(method)
        message = UPDATE["message"]
        results: dict[str, Any] = {
            "getMe": {"id": 123456789, "is_bot": True, "first_name": "Planner", "username": "planner_bot"},
            "getUpdates": [UPDATE] if asked.count("getUpdates") == 1 else [],
            "sendMessage": {**message, "text": "Hello"},
        }
        if method == "getUpdates" and asked.count(method) > 1:
            self.server.ends.wait(20)
        body = json.dumps({"ok": True, "result": results.get(method, True)}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def telegram() -> Iterator[QuietServer]:
    server = QuietServer(("127.0.0.1", 0), _Telegram)
    server.asked, server.ends = [], threading.Event()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield server
    finally:
        server.ends.set()
        server.shutdown()
        server.server_close()


@contextmanager
def instrumented(folder: Path, sink: Sink, bot_api: str) -> Iterator[subprocess.Popen[bytes]]:
    environ = {
        "PATH": "/usr/bin:/bin", "BOT_TOKEN": TOKEN, "PLANNER_BOT_API": bot_api, "PLANNER_USERS": "*",
        "PLANNER_HTTP": "127.0.0.1:0", "PLANNER_DB": str(folder / "planner.db"),
        "OTEL_SERVICE_NAME": "planner", "OTEL_EXPORTER_OTLP_ENDPOINT": sink.url,
        "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf", "OTEL_METRIC_EXPORT_INTERVAL": "500",
        "OTEL_BSP_SCHEDULE_DELAY": "200", "OTEL_BLRP_SCHEDULE_DELAY": "200",
        "OTEL_SEMCONV_STABILITY_OPT_IN": "http",
    }  # fmt: skip
    command = [
        str(Path(sys.executable).with_name("opentelemetry-instrument")),
        sys.executable,
        str(ROOT / "planner.py"),
    ]
    with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
        bot = subprocess.Popen(command, cwd=folder, env=environ, stdout=out, stderr=err)
    try:
        yield bot
    finally:
        bot.kill()
        bot.wait()


def test_it_works_and_tells_nothing_twice_and_no_token(tmp_path: Path) -> None:
    with (
        serving() as sink,
        telegram() as server,
        instrumented(tmp_path, sink, f"http://127.0.0.1:{server.server_port}") as bot,
    ):
        until(lambda: "sendMessage" in server.asked, "an answer")
        until(lambda: any(span.name == "update" for span in sink.spans), "the update's trace")
        until(lambda: "planner.updates" in sink.metrics, "our metrics")
        until(lambda: any(name.startswith("process.") for name in sink.metrics), "theirs")
        until(lambda: any(line.event_name == "update.handled" for line in sink.lines), "the log")
        sink.status = 503
        bot.send_signal(signal.SIGTERM)
        began = time.monotonic()
        exit_code = bot.wait(20)
        took = time.monotonic() - began
    said = (tmp_path / "err").read_bytes() + (tmp_path / "out").read_bytes()
    events = [line.event_name for line in sink.lines]
    assert exit_code == 0
    assert took < STOP_S + 0.5  # the bot's own stop, and the interpreter's
    assert events.count("planner.ready") == events.count("update.handled") == 1
    assert [span.name for span in sink.spans].count("telegram sendMessage") == server.asked.count("sendMessage")
    assert not [span.name for span in sink.spans if span.name in {"POST", "GET"}]
    assert [door for door in DOORS if door in said + b"".join(sink.bodies)] == []
    assert b"Traceback" not in said
    assert b"opentelemetry" not in said


def test_what_others_export_is_cleaned_too() -> None:
    done = subprocess.run([sys.executable, "-c", f"import json\nTOKEN = {TOKEN!r}\n{CLOSED}"], cwd=ROOT,
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    spans, lines = json.loads(done.stdout)
    assert len(spans) == 1  # theirs, and none of aiohttp's
    assert len(lines) == 1  # theirs, and none of ours
    assert done.stdout.count("[hidden]") >= 7
    assert not [door for door in DOORS if door.decode() in done.stdout]


@pytest.mark.parametrize(
    ("installed", "said", "spoken"),
    [(False, "grpc", "http/protobuf"), (True, "grpc", "grpc"), (False, "http/protobuf", "http/protobuf")],
)
def test_grpc_that_the_distribution_assumed_stops_no_start(
    monkeypatch: pytest.MonkeyPatch, installed: bool, said: str, spoken: str
) -> None:
    monkeypatch.setattr(foreign, "find_spec", lambda _: object() if installed else None)
    given = {"OTEL_EXPORTER_OTLP_PROTOCOL": said, "OTEL_SERVICE_NAME": "mine"}
    assert foreign.Tamed([]).spoken(given) == {**given, "OTEL_EXPORTER_OTLP_PROTOCOL": spoken}
