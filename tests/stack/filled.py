"""A real Prometheus that a real planner has filled in a day of ``stack/demo``, in its short form, with a crash in it.

What a test of dashboards, or of the demo itself, asks afterwards. Takes two and a quarter minutes, or four at most.
"""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from planner.slo.reading import read_slos
from tests.e2e.collector import Collector
from tests.e2e.test_real_processes import ROOT, START_S, TOKEN, Process, ask, command, free_port, until
from tests.e2e.watchers import ALICE, Site
from tests.stack.natively import Native, checkout, hurried, ports

DEMO = ROOT / "stack" / "demo"
MINUTES = 2
SCRAPE_S = 2
DAY_S = 240.0
"""Within which the day, and what it waits for, has to be over, on a machine that has more to do. Half is usual."""
MAY_CRASH = "a planner that crashes now"
"""What the demo tells when a reminder is on its way, and will be for a while."""
LOCKED_S = 1.0
"""Whoever waits for the lock says so only once it is free."""


class Filled(Site):
    """Chat, bot, Prometheus, Alertmanager, and whoever hears the heartbeat; ``play`` fills it.

    ``began``: when, UTC seconds. ``slo``: the promises' text. ``narrated``: what the demo printed; ``exit_code``: its
    own.
    """

    scrape_s = SCRAPE_S
    window = "5m"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.slo = (DEMO / "slo.toml").read_text()
        (folder / "slo.toml").write_text(self.slo)
        self.began = time.time()
        self.exit_code: int | None = None
        self._demo_out = folder / "demo.out"
        self._heartbeat = self._begun(_Heard())
        self._collector = self._begun(_Collector())

    @property
    def narrated(self) -> str:
        return self._demo_out.read_text()

    def play(self) -> None:
        """The day, as a host's ``make stack-demo`` plays it; its planner crashes, and there is a copy made."""
        self.start_watchers()
        bot = self._start()
        self.watched()
        self._demo_out.touch()
        with self._demo_out.open("w") as out:
            demo = subprocess.Popen(
                [sys.executable, str(DEMO), "--chat", self.chat, "--minutes", str(MINUTES),
                 "--calendars", f"127.0.0.1:{free_port()}"], stdout=out, stderr=out,
            )  # fmt: skip
        self._begun(_Child(demo))
        ends = time.monotonic() + DAY_S
        until(lambda: MAY_CRASH in self.narrated or demo.poll() is not None, DAY_S, MAY_CRASH)
        self._crash(bot)
        self.exit_code = demo.wait(ends - time.monotonic())
        self._second_poller()
        until(self._counted, ends - time.monotonic(), "something that came due of every promise")
        self._seen()

    def _counted(self) -> bool:
        """The first probe is the last to come."""
        known = {one["metric"]["slo"] for one in self.query('{__name__=~"slo:.+:budget_left"}')}
        return known >= {slo.id for slo in read_slos(self.slo).slos}

    def _seen(self) -> None:
        """Wait for a scrape of all that there was, and then for what the rules make of it."""
        for later in ("planner_heartbeat_timestamp_seconds", "slo:planner_sli_events_bad:last"):
            query = f"timestamp({later}) > {time.time():.3f}"
            until(lambda query=query: self.query(query), START_S, f"a later {later}")

    def _second_poller(self) -> None:
        """Another program polls with the bot's token, for which Telegram halts it."""
        ask(f"{self.chat}/bot{TOKEN}/getUpdates", {"timeout": 0})
        halts = 'planner_telegram_errors_total{kind="halted"} > 0'
        until(lambda: self.query(halts), 5 * SCRAPE_S, "a halt in Prometheus")

    def start_watchers(self, *_: Path) -> None:
        given = ports()
        environ = {**given, "BOT_TOKEN": TOKEN, "PLANNER_BOT_API": self.chat, "PLANNER_ADMINS": str(ALICE),
                   "PLANNER_HTTP": f"127.0.0.1:{self._port}", "PLANNER_DB": str(self.folder / "planner.db"),
                   "STACK_SLO": str(self.folder / "slo.toml")}  # fmt: skip
        native = Native(checkout(self.folder / "checkout", hurried(SCRAPE_S)), self.folder, environ)
        self._begun(native)
        self.prometheus = f"http://127.0.0.1:{given['STACK_PROMETHEUS_PORT']}"
        self.alertmanager = f"http://127.0.0.1:{given['STACK_ALERTMANAGER_PORT']}"
        native.ready()

    def _start(self) -> Process:
        return self.start_bot(PLANNER_USERS=str(ALICE), PLANNER_ALERTS="stack", PLANNER_METRICS="1",
                              PLANNER_PRIVATE_FEEDS="1", PLANNER_PRICE_PER_HOUR="0.02",
                              PLANNER_HEARTBEAT_URL=self._heartbeat.url,
                              OTEL_EXPORTER_OTLP_ENDPOINT=self._collector.url,
                              OTEL_METRICS_EXPORTER="none")  # fmt: skip

    def _crash(self, bot: Process) -> None:
        """It is killed, and comes back; a copy of its database is made, which another program locks for a moment."""
        bot.kill()
        self._start()
        assert command(self.folder, "backup", "copy.db").returncode == 0
        with closing(sqlite3.connect(self.folder / "planner.db", isolation_level=None)) as db:
            db.execute("BEGIN IMMEDIATE")
            stranger = {"id": 99, "first_name": "Mallory"}
            ask(f"{self.chat}/chat/messages", {"chat_id": 99, "text": "let me in", "from": stranger})
            time.sleep(LOCKED_S)
            db.execute("ROLLBACK")

    def told_alice(self, beginning: str) -> list[dict[str, Any]]:
        """The bot's messages in the owner's chat that begin so."""
        return [row for row in self.told(beginning) if row["text"].startswith(beginning)]

    def range(self, promql: str, step_s: float = SCRAPE_S) -> list[Any]:
        """Its series since the day began."""
        quoted = re.sub(r"\W", lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), promql)
        url = f"{self.prometheus}/api/v1/query_range?query={quoted}"
        found: Any = ask(f"{url}&start={self.began:.3f}&end={time.time():.3f}&step={step_s}")
        return list(found["data"]["result"])

    def highest(self, promql: str) -> float:
        """The largest value that there was in the day; 0 where there was none."""
        values = (float(value) for one in self.range(promql) for _, value in one["values"])
        return max((value for value in values if value == value), default=0.0)  # noqa: PLR0124  # NaN is not itself


class _Child:
    """A process that ``close`` ends, should it still run."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


class _Collector(Collector):
    """Logs and traces are exported; metrics are scraped, and would be counted twice."""

    kill = Collector.close


class _Heard:
    """Whoever hears the heartbeat, and says so."""

    def __init__(self) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/planner"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def kill(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def a_filled_site(folder: Path) -> Iterator[Filled]:
    site = Filled(folder)
    try:
        site.play()
        yield site
    finally:
        site.close()
