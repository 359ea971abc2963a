"""Prometheus scrapes a real planner and answers every SLI's PromQL with the database's own numbers, a crash included.

"The same numbers" means: the counters are equal to what ``slo status`` counts, to the one; every ratio made of them is
equal to its SLI, and so is the gauge; and a difference of two counters over some time is what was judged in it. A ratio
of two ``increase()`` is exact as well: these extrapolate, but both by the same factor, as long as neither is held at 0
by it, which is why the promises here have a past.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from planner import promises, service
from planner.model import DAY, HOUR, MINUTE, Outcome
from planner.store import Store, Tx
from planner.store.syncs import Sync
from tests.e2e.test_real_processes import Process, ask, command, free_port, say, until
from tests.virtual import run

PROMETHEUS = shutil.which("prometheus")
LOOK_S = 20.0
SLOS = [slo.id for slo in promises.load().slos]
GOOD, ALL = 'planner_sli_events_total{result="good"}', "planner_sli_events_total"

pytestmark = pytest.mark.skipif(PROMETHEUS is None, reason="prometheus is not installed")

Labels = tuple[str, ...]


class Prometheus:
    """A real one that looks at a planner's ``/metrics`` twice a second."""

    def __init__(self, folder: Path, target: int) -> None:
        self._port = free_port()
        config = folder / "prometheus.yml"
        config.write_text(
            "global: {scrape_interval: 500ms, scrape_timeout: 500ms}\n"
            f"scrape_configs: [{{job_name: planner, static_configs: [{{targets: ['127.0.0.1:{target}']}}]}}]\n"
        )
        with (folder / "prometheus.log").open("w") as log:
            self._process = subprocess.Popen(
                [str(PROMETHEUS), f"--config.file={config}", f"--storage.tsdb.path={folder / 'tsdb'}",
                 f"--web.listen-address=127.0.0.1:{self._port}", "--query.lookback-delta=5s"],
                stdout=log, stderr=log,
            )  # fmt: skip

    def query(self, promql: str, *labels: str) -> dict[Labels, float]:
        """An instant query's values by these labels."""
        return {_of(one, labels): float(one["value"][1]) for one in self._result(promql)}

    def samples(self, selector: str, *labels: str) -> dict[Labels, list[tuple[float, float]]]:
        """What was scraped: when, UTC seconds, and the value."""
        return {_of(one, labels): [(at, float(value)) for at, value in one["values"]] for one in self._result(selector)}

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    def _result(self, promql: str) -> list[dict]:
        url = f"http://127.0.0.1:{self._port}/api/v1/query?query={_quoted(promql)}"
        try:
            return ask(url)["data"]["result"]
        except OSError:  # not listening yet
            assert self._process.poll() is None
            return []


def _of(one: Mapping, labels: tuple[str, ...]) -> Labels:
    return tuple(one["metric"][label] for label in labels)


def _quoted(text: str) -> str:
    return "".join(letter if letter.isalnum() else f"%{ord(letter):02X}" for letter in text)


@pytest.fixture
def begun(tmp_path: Path) -> Iterator[Callable[..., object]]:
    """Processes; whatever runs at the end is killed."""
    running: list = []

    def begin(kind: Callable[..., object], *arguments: object, **named: object) -> object:
        running.append(kind(tmp_path, *arguments, **named))
        return running[-1]

    yield begin
    for one in running:
        one.kill() if isinstance(one, Process) else one.stop()


def now() -> int:
    return time.time_ns() // 1_000_000


def past(folder: Path) -> None:
    """Each promise has been kept 300 times and broken 200 times; one calendar is fresh for a while yet."""

    def job(tx: Tx) -> None:
        service.welcome(tx, 1, 1, "Ann", "en", "UTC", now())
        tx.counts.add_many((slo, now() - DAY, number < 300) for slo in SLOS for number in range(500))
        tx.feeds.add(1, "https://calendar.example/", "🟦", now())
        tx._db.execute(
            "UPDATE feeds SET linked_at = ?1, ok_at = ?1, next_at = ?2", (now() - 10 * MINUTE, now() + 9 * HOUR)
        )

    _in_store(folder, job)


def age(folder: Path, minutes: int) -> None:
    """While nothing runs: as if it had been dead for so long, in which two reminders came due and a calendar failed."""

    def job(tx: Tx) -> None:
        ms = minutes * MINUTE
        due = "UPDATE reminders SET due_at = ?1, ready_at = ?1 WHERE state = 'pending'"
        assert tx._db.execute(due, (now() - 2 * MINUTE,)).rowcount == 2
        beats = tx.pulse.read()
        judged = tuple((first - minutes, last - minutes) for first, last in beats.judged)
        tx.pulse.keep(beats._replace(last=beats.last - ms, judged=judged))
        tx.syncs.add(Sync(1, 1, now(), 900, Outcome.TIMEOUT))
        tx.syncs.add(Sync(1, 1, now(), 90, Outcome.OK))

    _in_store(folder, job)


def _in_store(folder: Path, job: Callable[[Tx], None]) -> None:
    store = Store(folder / "planner.db", inline=True)
    run(store.write(job))
    store.close()


def status(folder: Path) -> dict[str, dict]:
    """What ``slo status --json`` says, beside a running planner or without one."""
    said = command(folder, "slo", "status", "--json")
    assert said.stderr == ""
    return {one["slo"]: one for one in map(json.loads, said.stdout.splitlines())}


def counters(found: dict[str, dict]) -> dict[Labels, float]:
    return {(slo, result): one[result] for slo, one in found.items() for result in ("good", "bad")}


def agreed(prometheus: Prometheus, folder: Path) -> dict[Labels, float]:
    """The counters, as soon as both have the same; what changes between two looks is looked at again."""

    def look() -> dict[Labels, float] | None:
        said = counters(status(folder))
        found = prometheus.query(ALL, "slo", "result")
        return said if said == found and said == counters(status(folder)) else None

    return until(look, LOOK_S, "the same counters")


def while_nothing_changes(
    prometheus: Prometheus, folder: Path, check: Callable[[Mapping[Labels, float]], None]
) -> tuple[dict[Labels, float], float]:
    """The counters that ``check`` held for, and when, UTC seconds.

    What is counted by the minute may change meanwhile: then it is looked at again.
    """
    while True:
        counts, at, failed = agreed(prometheus, folder), time.time(), None
        try:
            check(counts)
        except AssertionError as error:
            failed = error
        if counters(status(folder)) == counts:
            if failed is not None:
                raise failed
            return counts, at


def slis(counts: Mapping[Labels, float]) -> dict[Labels, float]:
    return {(slo,): counts[slo, "good"] / (counts[slo, "good"] + counts[slo, "bad"]) for slo in SLOS}


def test_prometheus_and_the_database_say_the_same_also_across_a_crash(tmp_path: Path, begun: Callable) -> None:
    past(tmp_path)
    port = free_port()
    listens = {"PLANNER_HTTP": f"127.0.0.1:{port}"}
    chat = f"http://127.0.0.1:{port}"
    prometheus = begun(Prometheus, port)
    bot = begun(Process, "first", "run", **listens)
    bot.printed(r"(http://127\.0\.0\.1:\d+)")
    say(chat, "/start", "Hello")
    say(chat, "tea in 1 second", "⏰ tea")
    say(chat, "milk in 20 minutes", "✅ milk")
    say(chat, "bread in 20 minutes", "✅ bread")

    def same(counts: Mapping[Labels, float]) -> None:
        every_sli_is_the_same(prometheus, tmp_path, counts)

    before, at = while_nothing_changes(prometheus, tmp_path, same)
    assert before["reminders", "good"] == 301
    assert before["chat", "good"] >= 304

    bot.kill()
    killed = time.time()
    age(tmp_path, minutes=10)
    dead = counters(status(tmp_path))
    assert dead["reminders", "bad"] == before["reminders", "bad"] + 2, "the debts of a dead process count at once"
    assert dead["up", "bad"] >= before["up", "bad"] + 9
    bot = begun(Process, "second", "run", **listens)
    bot.printed(r"(http://127\.0\.0\.1:\d+)")

    until(lambda: _since(prometheus, killed), LOOK_S, "a scrape of the second process")
    first = {labels: values[0][1] for labels, values in _since(prometheus, killed).items()}
    for slo in ("reminders", "plans", "syncs"):
        assert (first[slo, "good"], first[slo, "bad"]) == (dead[slo, "good"], dead[slo, "bad"]), "at the first scrape"
    assert first["up", "bad"] >= dead["up", "bad"]
    say(chat, "/help", "")

    def still_the_same(counts: Mapping[Labels, float]) -> None:
        every_sli_is_the_same(prometheus, tmp_path, counts)
        what_was_judged_since_is_the_same(prometheus, before, counts, at)
        assert _total(tmp_path) == sum(counts.values())

    after, _ = while_nothing_changes(prometheus, tmp_path, still_the_same)
    assert after["reminders", "bad"] == dead["reminders", "bad"], "counted once, though they are sent late by now"
    assert set(prometheus.query(f"resets({ALL}[1m])", "slo", "result").values()) == {0}, "none ever fell"


def every_sli_is_the_same(prometheus: Prometheus, folder: Path, counts: Mapping[Labels, float]) -> None:
    wanted = slis(counts)
    assert prometheus.query(f"sum by (slo) ({GOOD}) / sum by (slo) ({ALL})", "slo") == pytest.approx(wanted)
    gauge = until(lambda: prometheus.query("planner_slo_sli_ratio", "slo"), LOOK_S, "the gauge")
    assert gauge == pytest.approx(wanted)
    assert {(slo,): one["sli"] for slo, one in status(folder).items()} == pytest.approx(wanted)
    assert prometheus.query("planner_slo_objective_ratio", "slo") == {
        (slo.id,): slo.objective for slo in promises.load().slos
    }


def what_was_judged_since_is_the_same(
    prometheus: Prometheus, before: Mapping[Labels, float], after: Mapping[Labels, float], at: float
) -> None:
    since = {labels: after[labels] - before[labels] for labels in after}
    assert prometheus.query(f"{ALL} - {ALL} @ {at:.3f}", "slo", "result") == since
    span = f"[{time.time() - at + 1:.0f}s]"
    found = prometheus.query(f"sum by (slo) (increase({GOOD}{span})) / sum by (slo) (increase({ALL}{span}))", "slo")
    for slo in ("reminders", "syncs"):
        assert found[slo,] == pytest.approx(since[slo, "good"] / (since[slo, "good"] + since[slo, "bad"]))


def _since(prometheus: Prometheus, at: float) -> dict[Labels, list[tuple[float, float]]]:
    found = prometheus.samples(f"{ALL}[1m]", "slo", "result")
    later = {labels: [one for one in values if one[0] > at] for labels, values in found.items()}
    return later if later and all(later.values()) else {}


def _total(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "planner.db")) as db:
        return db.execute("SELECT sum(value) FROM totals WHERE name LIKE 'sli/%'").fetchone()[0]
