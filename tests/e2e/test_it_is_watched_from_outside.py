"""A real process under something that looks like systemd, with a heartbeat and its pages: what those outside see."""

from __future__ import annotations

import re
import socket
import threading
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.e2e.test_real_processes import ANSWER_S, START_S, Process, ask, until

SECRET = "0dd-secret-of-the-host"


class Listener(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.server.heard.append(self.path)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def outside() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    server.heard = []
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_systemd_the_heartbeat_and_the_pages_see_it_start_work_and_stop(
    tmp_path: Path, outside: ThreadingHTTPServer
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(str(tmp_path / "notify"))
        ear.settimeout(START_S)
        bot = Process(
            tmp_path,
            "bot",
            "run",
            NOTIFY_SOCKET=str(tmp_path / "notify"),
            WATCHDOG_USEC="400000",
            PLANNER_METRICS="1",
            PLANNER_PRICE_PER_HOUR="0.25",
            PLANNER_HEARTBEAT_URL=f"http://127.0.0.1:{outside.server_port}/{SECRET}",
        )
        try:
            told = [ear.recv(1024).decode() for _ in range(4)]
            assert told == ["STATUS=starting", "READY=1\nSTATUS=ready", "WATCHDOG=1", "WATCHDOG=1"]
            until(lambda: outside.heard == [f"/{SECRET}/start"], ANSWER_S, "the heartbeat's start")
            url = bot.printed(r"(http://127\.0\.0\.1:\d+)")
            found = ask(f"{url}/readyz?verbose")
            assert found["status"] == "ok"
            assert {name: one["status"] for name, one in found["checks"].items()} == dict.fromkeys(
                ("database", "telegram", "scheduler", "feeds", "telemetry"), "ok"
            )
            shown = until(lambda: measured(url), ANSWER_S, "what the event loop does")
            assert "planner_cost_hour 0.25\n" in shown
            assert 'planner_health_ok{check="scheduler"} 1\n' in shown
            assert 'planner_heartbeat_pings_total{outcome="ok"} 1\n' in shown
            assert bot.stop() == 0
            while (last := ear.recv(1024).decode()) == "WATCHDOG=1":
                pass
            assert last == "STOPPING=1\nSTATUS=stopping"
            assert SECRET not in bot.err + bot.out + shown
        finally:
            bot.kill()


def measured(url: str) -> str:
    """The page of metrics, once the event loop has been looked at."""
    with urllib.request.urlopen(f"{url}/metrics", timeout=ANSWER_S) as answer:
        text = answer.read().decode()
    return text if re.search(r"^planner_loop_lag_seconds_count [1-9]", text, re.MULTILINE) else ""
