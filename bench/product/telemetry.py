"""What telemetry costs a bot at work: with everything on, and without an endpoint, in one run and by turns.

``planner.py`` runs as a host runs it, on a server of another process whose users say 100 things a second, while 30
reminders a second come due; ``/readyz`` is asked ten times a second. With: an OTLP/HTTP receiver of a third process
gets log records and traces at OpenTelemetry's own intervals and the metrics four times as often, and ``/metrics`` is
scraped as Prometheus would. CPU is that of the bot's process after a warm-up; an update's latency lasts from its being
there to be fetched until its answer has come to the server.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import Any
from urllib.error import URLError

from bench.product.programs import PLANNER, environment, running
from bench.product.report import cpu_s, quantile, rss_mb, say
from bench.product.seed import FIRST_USER, Seed, fill
from planner.model import MINUTE, SECOND

SERVER = ("-m", "bench.product.telemetry_server")
SINK = ("-m", "bench.product.telemetry_sink")
TOKEN = f"1234567:{'A' * 35}"

UPDATES_PER_S = 100
REMINDERS_PER_S = 30
TALKERS = 1_200
"""Each says something every 12 s, as much as one person may."""
SECONDS = 60
ROUNDS = 2
WARM_UP_S = 5
SET_UP_S = 12
"""Time for a bot to start; nothing is due before."""
READYZ_EVERY_S = 0.1
SCRAPED_EVERY_S = 15.0
METRICS_EVERY_MS = "15000"
LOOK_S = 0.05
ANSWERED_S = 10.0

TARGETS = {
    "cpu_added_percent": ("CPU added, of one core", "%", 5.0),
    "rss_added_mb": ("memory added", "MB", 40.0),
    "update_added_p99_ms": ("latency added to an update, p99", "ms", 1.0),
    "readyz_p99_ms": ("/readyz with everything on, p99", "ms", 20.0),
    "sdk_imports": ("OpenTelemetry modules imported without an endpoint", "", 0.0),
}
"""A value's words, unit, and what it may be at most."""


class Bot:
    """One ``planner.py`` of the host's, and what it says of itself."""

    def __init__(self, folder: Path, **environ: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.log = folder / "log"
        settings = environment(PLANNER_HTTP=f"127.0.0.1:{self.port}", PLANNER_LOG_LEVEL="INFO", **environ)
        with self.log.open("w") as log:
            self._process = subprocess.Popen([sys.executable, *PLANNER], cwd=folder, env=settings, stderr=log)
        self.pid = self._process.pid

    def wait(self) -> None:
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5):
                    return
            except (URLError, OSError):
                if self._process.poll() is not None:
                    raise RuntimeError(self.log.read_text()) from None
                time.sleep(LOOK_S)

    def stop(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(30)


@contextmanager
def bot(folder: Path, **environ: str) -> Iterator[Bot]:
    one = Bot(folder, **environ)
    try:
        one.wait()
        yield one
    finally:
        one.stop()


def get(url: str) -> dict[str, Any]:
    with urllib.request.urlopen(url, timeout=30) as answer:
        return dict(json.load(answer))


def work(seconds: int, *, everything: bool, sampler: str = "") -> dict[str, float]:
    """One bot's figures after ``seconds`` of work; ``sampler`` is ``OTEL_TRACES_SAMPLER``."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        _, server = stack.enter_context(running(SERVER, folder))
        _, sink = stack.enter_context(running(SINK, folder))
        due = time.time_ns() // 1_000_000 + SET_UP_S * SECOND
        reminded = REMINDERS_PER_S * (seconds + WARM_UP_S)
        fill(folder / "planner.db", Seed(reminded + TALKERS, 1, due, SECOND / REMINDERS_PER_S, due - MINUTE))
        environ = {"BOT_TOKEN": TOKEN, "PLANNER_BOT_API": server, "PLANNER_SEND_RATE": "1000", "PLANNER_USERS": "*"}
        if everything:
            environ |= {"OTEL_EXPORTER_OTLP_ENDPOINT": sink, "OTEL_METRIC_EXPORT_INTERVAL": METRICS_EVERY_MS}
            environ |= {"PLANNER_METRICS": "1", "OTEL_TRACES_SAMPLER": sampler}
        one = stack.enter_context(bot(folder, **environ))
        looking = _Looking(one.port, scraping=everything)
        stack.callback(looking.stop)
        time.sleep(max(0.0, due / SECOND - time.time()))
        first = FIRST_USER + reminded
        get(f"{server}/talk?per_s={UPDATES_PER_S}&for_s={seconds + WARM_UP_S}&chats={TALKERS}&first={first}")
        time.sleep(WARM_UP_S)
        looking.begin()
        begun, used = time.perf_counter(), cpu_s(one.pid)
        time.sleep(seconds)
        took, used, held = time.perf_counter() - begun, cpu_s(one.pid) - used, rss_mb(one.pid)
        waits = _heard(server, UPDATES_PER_S * (seconds + WARM_UP_S), reminded)[UPDATES_PER_S * WARM_UP_S :]
        looking.stop()
        figures = {
            "cpu_percent": used / took * 100,
            "rss_mb": held,
            "update_p50_ms": quantile(waits, 0.5),
            "update_p99_ms": quantile(waits, 0.99),
            "readyz_p99_ms": quantile(looking.took_ms, 0.99),
        }
        return {**figures, **_exported(get(sink), seconds)} if everything else figures


def _exported(counted: dict[str, int], seconds: int) -> dict[str, float]:
    """What came to the receiver. With too little of it, nothing was measured."""
    lacking = [what for what in ("spans", "logs", "points") if not counted.get(what)]
    if lacking or counted["logs"] < (UPDATES_PER_S + REMINDERS_PER_S) * seconds:
        raise RuntimeError(f"the receiver did not get everything: {counted}")
    return {f"exported_{what}": float(number) for what, number in counted.items()}


def _heard(server: str, asked: int, reminded: int) -> list[float]:
    """How long each update waited, once all that was to be said has been."""
    ends = time.monotonic() + ANSWERED_S
    while True:
        heard = get(f"{server}/heard")["result"]
        if len(heard["waits_ms"]) >= asked and heard["unasked"] >= reminded:
            return list(heard["waits_ms"])
        if time.monotonic() > ends:
            counts = {"answered": len(heard["waits_ms"]), "unasked": heard["unasked"]}
            raise RuntimeError(f"the bot did not do its work: {counts} of {asked} and {reminded}")
        time.sleep(LOOK_S)


class _Looking:
    """Asks for ``/readyz`` again and again, and for ``/metrics`` as Prometheus does."""

    def __init__(self, port: int, *, scraping: bool) -> None:
        self.took_ms: list[float] = []
        self._counting = False
        self._scraping = scraping
        self._connection = HTTPConnection("127.0.0.1", port, timeout=30)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def begin(self) -> None:
        self._counting = True

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join(30)

    def _look(self) -> None:
        scraped = time.monotonic()
        while not self._stopped.wait(READYZ_EVERY_S):
            took = self._ask("/readyz")
            if self._counting:
                self.took_ms.append(took * 1e3)
            if self._scraping and time.monotonic() - scraped > SCRAPED_EVERY_S:
                scraped = time.monotonic()
                self._ask("/metrics")

    def _ask(self, page: str) -> float:
        begun = time.perf_counter()
        self._connection.request("GET", page)
        self._connection.getresponse().read()
        return time.perf_counter() - begun


def imported() -> float:
    """How many modules of OpenTelemetry's a bot imports that has no endpoint."""
    with tempfile.TemporaryDirectory() as name, running(SERVER, Path(name)) as (_, server):
        settings = {"BOT_TOKEN": TOKEN, "PLANNER_BOT_API": server, "PYTHONPROFILEIMPORTTIME": "1"}
        with bot(Path(name), **settings) as one:
            modules = [line for line in one.log.read_text().splitlines() if line.startswith("import time:")]
    if not any("aiogram" in module for module in modules):
        raise RuntimeError("the bot does not say what it imports")
    return float(sum("opentelemetry" in module for module in modules))


def compare(seconds: int = SECONDS, rounds: int = ROUNDS, sampler: str = "") -> dict[str, float]:
    """By turns, each going first as often as the other; what is added is the median of the rounds' differences."""
    done: list[tuple[dict[str, float], dict[str, float]]] = []
    for number in range(rounds):
        order = (number % 2 == 1, number % 2 == 0)
        found = {everything: work(seconds, everything=everything, sampler=sampler) for everything in order}
        done.append((found[True], found[False]))
        print(json.dumps({"with": done[-1][0], "without": done[-1][1]}), file=sys.stderr, flush=True)

    def added(name: str) -> float:
        return median(one[name] - other[name] for one, other in done)

    middle = {name: median(one[name] for one, _ in done) for name in done[0][0]}
    before = {f"{name}_without": median(other[name] for _, other in done) for name in done[0][1]}
    return {
        "cpu_added_percent": added("cpu_percent"),
        "rss_added_mb": added("rss_mb"),
        "update_added_p99_ms": added("update_p99_ms"),
        "sdk_imports": imported(),
        **middle,
        **before,
    }


def measure() -> dict[str, float]:
    """The same for all rows of one table: it takes minutes, so they share one measurement."""
    born = Path(f"/proc/{os.getppid()}/stat").read_text().rpartition(")")[2].split()[19]
    kept = Path(tempfile.gettempdir()) / f"planner-bench-telemetry-{os.getppid()}-{born}.json"
    if not kept.exists():
        kept.write_text(json.dumps(compare()))
    return dict(json.loads(kept.read_text()))


def table(values: dict[str, float]) -> str:
    lines = ["| what | measured | at most | reached |", "| --- | --- | --- | --- |"]
    for name, (words, unit, most) in TARGETS.items():
        reached = "yes" if values[name] <= most else "NO"
        lines.append(f"| {words} | {values[name]:.2f} {unit} | {most:g} {unit} | {reached} |")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit 0 if every target was reached, 1 if not."""
    parser = argparse.ArgumentParser(prog="python -m bench.product.telemetry", description=__doc__)
    parser.add_argument("--seconds", type=int, default=SECONDS, help="how long each bot works")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often with and without")
    parser.add_argument("--sampler", default="", help="OTEL_TRACES_SAMPLER (default: the planner's own)")
    asked = parser.parse_args(arguments)
    values = compare(asked.seconds, asked.rounds, asked.sampler)
    say("telemetry", values)
    print(f"\n{table(values)}")
    return 0 if all(values[name] <= most for name, (_, _, most) in TARGETS.items()) else 1


if __name__ == "__main__":
    sys.exit(main())
