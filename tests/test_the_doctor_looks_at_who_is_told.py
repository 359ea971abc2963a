"""``doctor`` about where telemetry goes and who hears the heartbeat: are they there, and what to do if not."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from planner import doctor
from planner.config import TABLE
from planner.finding import Finding
from planner.store import Store

SECRET = "hush-hush"


class Collector(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append((self.path, self.headers, body))
        self.send_response(self.server.status)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def collector() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    server.status, server.seen = 200, []
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for setting in TABLE.values():
        monkeypatch.delenv(setting.name, raising=False)


def found(name: str, **environ: str) -> list[Finding]:
    return [one for one in doctor.examine(environ, Path(".env")) if one.name == name]


def url(server: ThreadingHTTPServer, user: str = "") -> str:
    return f"http://{user}127.0.0.1:{server.server_port}"


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def test_without_an_endpoint_nothing_is_exported_and_nobody_told() -> None:
    [telemetry], [heartbeat] = found("telemetry"), found("heartbeat")
    assert telemetry.ok
    assert "nothing is exported" in telemetry.seen
    assert heartbeat.ok
    assert "nobody outside" in heartbeat.seen


def test_an_endpoint_that_takes_an_empty_request_is_well(collector: ThreadingHTTPServer) -> None:
    environ = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": url(collector),
        "OTEL_EXPORTER_OTLP_HEADERS": f"Authorization=Basic%20{SECRET},x-scope=a",
    }
    findings = found("telemetry", **environ)
    assert [(one.ok, one.seen) for one in findings] == [
        (True, f"{signal}: 127.0.0.1 takes them") for signal in ("traces", "metrics", "logs")
    ]
    assert [path for path, _, _ in collector.seen] == ["/v1/traces", "/v1/metrics", "/v1/logs"]
    for _, headers, body in collector.seen:
        assert body == b"", "an empty message of protobuf has no bytes"
        assert headers["Authorization"] == f"Basic {SECRET}"
        assert headers["Content-Type"] == "application/x-protobuf"
    assert SECRET not in str(findings)


def test_a_signals_own_endpoint_is_taken_as_it_is_and_a_password_in_it_is_not_shown(
    collector: ThreadingHTTPServer,
) -> None:
    collector.status = 401
    address = f"{url(collector, f'alice:{SECRET}@')}/otlp?key={SECRET}"
    findings = found("telemetry", OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=address)
    assert [(one.ok, one.seen) for one in findings] == [(False, "traces: 127.0.0.1 answers with HTTP 401")]
    assert findings[0].do == "check the key in OTEL_EXPORTER_OTLP_HEADERS"
    assert SECRET not in str(findings)
    assert [(path, headers["Authorization"][:6]) for path, headers, _ in collector.seen] == [
        (f"/otlp?key={SECRET}", "Basic ")
    ]


@pytest.mark.parametrize(
    ("status", "ok", "do"),
    [
        (403, False, "check the key"),
        (404, False, "without the /v1/traces"),
        (302, False, "without the /v1/traces"),
        (503, False, "log of the collector"),
        (400, True, ""),
        (415, True, ""),
        (204, True, ""),
    ],
)
def test_what_it_answers_says_what_to_do(collector: ThreadingHTTPServer, status: int, ok: bool, do: str) -> None:
    collector.status = status
    [one] = found("telemetry", OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=f"{url(collector)}/v1/traces")
    assert one.ok is ok
    assert do in one.do
    assert bool(one.do) is not ok
    assert len(collector.seen) == 1, "no redirect is followed"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://127.0.0.1:{}", "cannot be reached (ConnectionRefusedError)"),
        ("http://nowhere.invalid:{}", "nowhere.invalid is not found"),
        ("https://127.0.0.1:{}", "cannot be reached"),
    ],
)
def test_nobody_there_is_told_apart(address: str, said: str) -> None:
    [one] = found("telemetry", OTEL_EXPORTER_OTLP_LOGS_ENDPOINT=address.format(free_port()))
    assert not one.ok
    assert said in one.seen
    assert one.do


def test_https_where_there_is_none_is_a_matter_of_certificates(collector: ThreadingHTTPServer) -> None:
    address = f"https://127.0.0.1:{collector.server_port}"
    [one] = found("telemetry", OTEL_EXPORTER_OTLP_LOGS_ENDPOINT=address)
    assert "certificate" in one.seen


def test_for_grpc_it_is_enough_that_somebody_listens(collector: ThreadingHTTPServer) -> None:
    environ = {
        "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "grpc",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": f"127.0.0.1:{collector.server_port}",
    }
    assert found("telemetry", **environ) == [Finding("telemetry", True, "traces: 127.0.0.1 listens")]
    environ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = f"http://127.0.0.1:{free_port()}"
    assert not found("telemetry", **environ)[0].ok
    assert collector.seen == []


def test_a_wrong_setting_of_opentelemetrys_is_named() -> None:
    [one] = found("telemetry", OTEL_EXPORTER_OTLP_ENDPOINT="http://x", OTEL_METRIC_EXPORT_INTERVAL="soon")
    assert not one.ok
    assert "OTEL_METRIC_EXPORT_INTERVAL" in one.seen


def test_the_console_needs_no_endpoint() -> None:
    assert found("telemetry", OTEL_TRACES_EXPORTER="console") == [Finding("telemetry", True, "traces: console")]


def test_the_heartbeat_is_not_sent_but_it_is_looked_whether_somebody_listens(collector: ThreadingHTTPServer) -> None:
    address = f"{url(collector)}/{SECRET}"
    [one] = found("heartbeat", PLANNER_HEARTBEAT_URL=address)
    assert one == Finding("heartbeat", True, "127.0.0.1 is told once a minute how the bot is")
    assert collector.seen == []
    [one] = found("heartbeat", PLANNER_HEARTBEAT_URL=f"https://nowhere.invalid/{SECRET}")
    assert (one.ok, one.seen) == (False, "nowhere.invalid is not found")
    assert SECRET not in one.do
    [one] = found("heartbeat", PLANNER_HEARTBEAT_URL=f"http://127.0.0.1:{free_port()}/{SECRET}")
    assert not one.ok
    assert one.seen == "127.0.0.1 cannot be reached (ConnectionRefusedError)"
    assert SECRET not in one.seen + one.do


def test_without_a_heartbeat_it_is_said_that_nobody_would_notice() -> None:
    (hint,) = found("heartbeat", BOT_TOKEN="1:token")
    assert hint.ok
    assert "PLANNER_HEARTBEAT_URL" in hint.do
    (on_trial,) = found("heartbeat")
    assert not on_trial.do


async def test_admins_who_never_wrote_are_named(tmp_path: Path) -> None:
    store = Store(tmp_path / "planner.db", inline=True)
    await store.write(
        lambda tx: tx._db.execute(
            "INSERT INTO users (id, chat_id, name, lang, zone, zone_assumed, leads_s, plans_until, created_at)"
            " VALUES (7, 7, 'Alice', 'en', 'UTC', 0, '[]', 0, 0)"
        )
    )
    store.close()
    for admins, ok, seen in (("7", True, "1 of 1"), ("7,99", True, "1 of 2"), ("99", False, "0 of 1")):
        (line,) = await asyncio.to_thread(
            found, "admins", PLANNER_ADMINS=admins, PLANNER_DB=str(tmp_path / "planner.db")
        )
        assert (line.ok, line.seen.startswith(seen), "99" in line.do) == (ok, True, "99" in admins)
    assert found("admins") == [], "nobody is named"
