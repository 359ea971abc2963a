"""``/metrics``: text that Prometheus reads, each series there from 0, and no counter ever falls."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from math import inf
from pathlib import Path

import pytest

from planner import exposition, metrics, promises, service
from planner.catalogue import all_metrics, cost, database, slo
from planner.catalogue.metric import Kind, Label, Point, Reading, counter, gauge
from planner.exposition import CONTENT_TYPE
from planner.model import DAY, MINUTE, SECOND, Outcome, Verdict
from planner.store import Store, Tx
from planner.store.db import StoreError
from planner.store.schema import MIGRATIONS
from planner.store.syncs import Sync
from planner.telemetry.registry import Registry
from tests.e2e.site import Phone, a_site
from tests.virtual import START, FakeClock, run

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"'
SERIES = re.compile(rf"({NAME})(?:\{{({LABEL}(?:,{LABEL})*)\}})? (\S+)")
ESCAPES = {r"\\": "\\", r"\"": '"', r"\n": "\n"}
PROMTOOL = shutil.which("promtool")
SUFFIXES = ("_bucket", "_sum", "_count")
GROWING = ("_total", *SUFFIXES)
SLOS = ("reminders", "plans", "chat", "syncs", "feeds", "up")
UNSAID = {slo.SLI, slo.BUDGET, slo.BURN, slo.HEARTBEAT, cost.MESSAGE, cost.USER, database.BACKUP_AT}
"""What a new database says nothing of."""

Read = dict[tuple[str, frozenset[tuple[str, str]]], float]


def parsed(text: str) -> Read:
    """Every series, as strictly as the format's description (version 0.0.4) has it; fails at the first offence."""
    assert text.endswith("\n")
    assert "\r" not in text
    found: Read = {}
    kinds: dict[str, str] = {}
    said = ""
    for line in text.split("\n")[:-1]:
        if help_line := re.fullmatch(rf"# HELP ({NAME}) (?:[^\\]|\\\\|\\n)+", line):
            assert help_line[1] not in kinds, "a metric's lines stand together"
            said = help_line[1]
        elif type_line := re.fullmatch(rf"# TYPE ({NAME}) (counter|gauge|histogram)", line):
            assert type_line[1] == said, "what it is follows what it is about"
            kinds[said] = type_line[2]
        else:
            name, labels, value = _series(line)
            base = next((name.removesuffix(end) for end in SUFFIXES if name.endswith(end)), name)
            assert said == (base if kinds.get(base) == "histogram" else name)
            assert (name, labels) not in found
            assert kinds[said] != "counter" or name.endswith("_total")
            found[name, labels] = value
    return found


def _series(line: str) -> tuple[str, frozenset[tuple[str, str]], float]:
    whole = SERIES.fullmatch(line)
    assert whole, line
    pairs = [(name, re.sub(r"\\[\\\"n]", lambda found: ESCAPES[found[0]], value))
             for name, value in re.findall(LABEL, whole[2] or "")]  # fmt: skip
    assert len(dict(pairs)) == len(pairs)
    value = whole[whole.lastindex or 0]
    return whole[1], frozenset(pairs), inf if value == "+Inf" else float(value)


def of(found: Read, name: str, **labels: str) -> float:
    return found[name, frozenset(labels.items())]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    found = Store(tmp_path / "planner.db", inline=True)
    yield found
    found.close()


async def look(store: Store) -> Read:
    return parsed(await metrics.text(store, promises.load().slos, START, Registry()))


def growing(found: Read) -> Read:
    """Its counters and histograms."""
    return {series: value for series, value in found.items() if series[0].endswith(GROWING)}


def synced(outcome: Outcome, took_ms: int, user_id: int = 1) -> Sync:
    return Sync(1, user_id, START, took_ms, outcome)


async def test_every_series_is_there_from_0(store: Store) -> None:
    found = await look(store)
    for one in SLOS:
        for result in ("good", "bad"):
            assert of(found, "planner_sli_events_total", slo=one, result=result) == 0
    for outcome in ("ok", "not_modified", "http_error", "timeout", "network", "too_large", "invalid", "blocked"):
        assert of(found, "planner_syncs_total", outcome=outcome) == 0
    kept = [metric for metric in all_metrics() if metric.kept and metric not in UNSAID]
    for metric in kept:
        suffix = "_count" if metric.kind is Kind.HISTOGRAM else ""
        for values in metric.series:
            labels = dict(zip((label.name for label in metric.labels), values, strict=True))
            assert of(found, metric.prometheus + suffix, **labels) >= 0
    counters = {value for (name, _), value in found.items() if name.endswith(GROWING)}
    assert counters == {0}, "where nothing has happened"


async def test_the_disk_of_the_database_is_looked_at(store: Store, tmp_path: Path) -> None:
    found, disk = await look(store), shutil.disk_usage(tmp_path)
    assert of(found, "planner_db_disk_bytes", space="all") == disk.total
    assert abs(of(found, "planner_db_disk_bytes", space="free") - disk.free) < 1e9


async def test_what_cannot_be_said_is_missing_rather_than_a_number(store: Store) -> None:
    found = {name for name, _ in await look(store)}
    assert found.isdisjoint(metric.prometheus for metric in UNSAID)
    assert "planner_slo_objective_ratio" in found


async def test_syncs_are_counted_by_how_they_ended_and_how_long_they_took(store: Store) -> None:
    def job(tx: Tx) -> None:
        service.welcome(tx, 1, 1, "Alice", "en", "UTC", START)
        for one in (synced(Outcome.OK, 80), synced(Outcome.OK, 100), synced(Outcome.NOT_MODIFIED, 101),
                    synced(Outcome.HTTP_ERROR, 700), synced(Outcome.TIMEOUT, 61_000)):  # fmt: skip
            tx.syncs.add(one)

    await store.write(job)
    found = await look(store)
    assert of(found, "planner_syncs_total", outcome="ok") == 2
    assert of(found, "planner_syncs_total", outcome="timeout") == 1
    assert of(found, "planner_syncs_total", outcome="blocked") == 0
    bucket = "planner_sync_duration_seconds_bucket"
    assert [of(found, bucket, le=le) for le in ("0.1", "0.25", "0.5", "1", "60", "+Inf")] == [2, 3, 3, 4, 4, 5]
    assert of(found, "planner_sync_duration_seconds_sum") == pytest.approx(61.981)
    assert of(found, "planner_sync_duration_seconds_count") == 5
    assert of(found, "planner_sli_events_total", slo="syncs", result="good") == 3
    assert of(found, "planner_sli_events_total", slo="syncs", result="bad") == 2


async def test_calendars_are_counted_by_how_they_are(store: Store) -> None:
    def job(tx: Tx) -> None:
        for user_id in (1, 2):
            service.welcome(tx, user_id, user_id, "Alice", "en", "UTC", START)
            for number in range(4):
                tx.feeds.add(user_id, f"https://example.org/{number}", "🟦", START)
        tx._db.execute("UPDATE feeds SET linked_at = 1 WHERE url NOT LIKE '%0'")
        tx._db.execute("UPDATE feeds SET failures = 2, outcome = 'timeout' WHERE url LIKE '%1'")
        tx._db.execute("UPDATE users SET frozen = 1 WHERE id = 2")

    await store.write(job)
    found = await look(store)
    counted = {state: of(found, "planner_feeds", state=state) for state in ("active", "failing", "trying")}
    assert counted == {"active": 2, "failing": 1, "trying": 1}, "those of whom nobody hears are not synced"


async def test_no_counter_falls_when_rows_go(store: Store) -> None:
    def job(tx: Tx) -> None:
        service.welcome(tx, 1, 1, "Alice", "en", "UTC", START)
        tx.syncs.add(synced(Outcome.OK, 80))
        tx.counts.add_many([("reminders", START - 500 * DAY, True), ("reminders", START, False)])

    await store.write(job)
    before = growing(await look(store))
    await store.write(lambda tx: tx._db.execute("DELETE FROM users"))
    assert growing(await look(store)) == before
    assert of(before, "planner_sli_events_total", slo="reminders", result="good") == 1


async def test_what_an_older_planner_counted_is_counted_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "older.db"
    with monkeypatch.context() as older:
        older.setattr("planner.store.store.MIGRATIONS", MIGRATIONS[:2])
        Store(path, inline=True).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executemany("INSERT INTO counts VALUES ('chat', ?, 2, 1)", [(0,), (5 * MINUTE,)])
    store = Store(path, inline=True)
    try:
        found = await look(store)
    finally:
        store.close()
    assert of(found, "planner_sli_events_total", slo="chat", result="good") == 4
    assert of(found, "planner_sli_events_total", slo="chat", result="bad") == 2


async def test_what_an_older_planner_knew_of_lateness_stays_true(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It told 60, 300 and 3600 s apart, and nothing between."""
    path = tmp_path / "older.db"
    with monkeypatch.context() as older:
        older.setattr("planner.store.store.MIGRATIONS", MIGRATIONS[:5])
        Store(path, inline=True).close()
    kept = {f"reminders/late/{place}/{kind}": 10 * place + number
            for place in range(14) for number, kind in enumerate(("event", "plan", "snooze"))}  # fmt: skip
    others = {"reminders/late/event": 5, "reminders/late_ms/event": 9000}
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executemany("INSERT INTO totals VALUES (?, ?)", [*kept.items(), *others.items()])

    def sent_late(tx: Tx) -> None:
        with tx.reminders._tally.together():
            tx.reminders._tally.sent("event", 0, 79 * SECOND, Verdict.BAD)

    store = Store(path, inline=True)
    try:
        found = await look(store)
        await store.write(sent_late)
        later = await look(store)
    finally:
        store.close()

    def counted(readings: Read, kind: str, le: str) -> float:
        return of(readings, "planner_reminder_lateness_seconds_bucket", kind=kind, le=le)

    for number, kind in enumerate(("event", "plan", "snooze")):
        until = {bound: sum(10 * place + number for place in range(last + 1))
                 for bound, last in {"30": 9, "60": 10, "300": 11, "3600": 12, "+Inf": 13}.items()}  # fmt: skip
        for bound in ("90", "120", "180"):
            until[bound] = until["60"]
        assert {bound: counted(found, kind, bound) for bound in until} == until
    grew = {bound: counted(later, "event", bound) - counted(found, "event", bound) for bound in until}
    assert grew == {bound: float(bound not in {"30", "60"}) for bound in until}


async def test_they_are_served_as_prometheus_wants_them(tmp_path: Path, clock: FakeClock) -> None:
    async with a_site(tmp_path, clock) as site:
        await Phone(site).say("/start", "Hello!")
        await clock.sleep(MINUTE)
        async with site.http.get(f"{site.health}/metrics") as response:
            text = await response.text()
            assert response.status == 200
            assert response.headers["Content-Type"] == CONTENT_TYPE
        assert of(parsed(text), "planner_sli_events_total", slo="chat", result="good") == 1
        beat = of(parsed(text), "planner_heartbeat_timestamp_seconds") * 1_000
        assert clock.now() - MINUTE <= beat <= clock.now()


async def test_a_database_that_cannot_be_read_is_said(tmp_path: Path, clock: FakeClock,
                                                      monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    async def broken(*_: object) -> str:
        raise StoreError("planner.db is damaged")

    async with a_site(tmp_path, clock) as site:
        monkeypatch.setattr(metrics, "text", broken)
        async with site.http.get(f"{site.health}/metrics") as response:
            assert (response.status, await response.text()) == (503, "planner.db is damaged\n")


def test_whatever_stands_in_a_label_reads_back() -> None:
    odd = 'a "b" \\ c\nd, e="f"} 1'
    text = exposition.text(
        [Reading(counter("x", "{x}", 'an "odd" \\ one\nwith lines', "", Label("a"), Label("b")), [Point((odd, ""), 3)])]
    )
    assert parsed(text) == {("x_total", frozenset({("a", odd), ("b", "")})): 3}


@pytest.mark.parametrize(("value", "said"), [(0, "0"), (1_795_255_200.5, "1795255200.5"), (10**15, "1" + "0" * 15)])
def test_a_number_is_written_whole(value: float, said: str) -> None:
    assert exposition.text([Reading(gauge("x", "{x}", "x", ""), [Point((), value)])]).splitlines()[-1] == f"x {said}"


@pytest.mark.skipif(PROMTOOL is None, reason="promtool is not installed")
def test_promtool_finds_no_fault(tmp_path: Path) -> None:
    store = Store(tmp_path / "planner.db", inline=True)
    text = run(metrics.text(store, promises.load().slos, START, Registry()))
    store.close()
    done = subprocess.run([str(PROMTOOL), "check", "metrics"], input=text, text=True, capture_output=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
