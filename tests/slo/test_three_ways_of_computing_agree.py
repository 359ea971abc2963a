"""Each figure of a promise is the same from the rows, from the kept counts and from Prometheus, over random weeks.

The weeks have crashes between claim and answer, hours without a process, what is late, refused, cancelled in flight or
never sent, blocked chats and users who are forgotten. Prometheus is a real one; since the time is not, it gets what
``/metrics`` said at each simulated scrape as blocks (``promtool tsdb create-blocks-from openmetrics``).

How equal. From rows and counts: exactly, also while the process is dead. From Prometheus by the difference of two
scrapes: exactly, but that it sees what fell due in a downtime at the first scrape after it: where a window begins
within one, it has what fell due there before the window as well, and that is asserted, to the one. From ``increase()``:
within one scrape's interval of the window, since it extrapolates from the first and last sample inside to the window's
ends; the 2.x series counts a sample on the left end as inside, the 3.x does not.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from random import Random

import pytest

from planner import promises
from planner.model import DAY, HOUR, SECOND
from planner.slo.status import Status
from tests.e2e.test_real_processes import ask, free_port
from tests.slo.histories import BEGIN, LENGTH, SCRAPED_MS, History, Row
from tests.virtual import run

PROMETHEUS, PROMTOOL = shutil.which("prometheus"), shutil.which("promtool")
WINDOWS = {"1h": HOUR, "6h": 6 * HOUR, "1d": DAY, "7d": 7 * DAY}
SEEDS = (1, 2, 3)
COUNTED = ("reminders", "plans", "chat", "syncs", "probes")
SLOS = tuple(slo for slo in promises.load().slos if slo.id in COUNTED)
FAMILY = "planner_sli_events"
STARTS_S = 20.0


@dataclass
class Lived:
    """A week that is over; ``rows`` and ``file`` as they were at each instant that is looked at."""

    seed: int
    history: History
    seen: Mapping[int, tuple[list[Row], Path]]


def looks(random: Random) -> list[int]:
    """Some scrapes, and the last."""
    slots = [random.randrange(DAY, LENGTH) // SCRAPED_MS * SCRAPED_MS for _ in range(10)]
    return [BEGIN + one for one in (*sorted(set(slots)), LENGTH)]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> list[Lived]:
    found = []
    for seed in SEEDS:
        history = History(tmp_path_factory.mktemp("history") / "planner.db", Random(seed), SLOS)
        found.append(Lived(seed, history, run(history.live(*looks(Random(seed))))))
    return found


def by_rows(rows: list[Row], slo: str, begin: int, end: int) -> tuple[int, int]:
    """Good and bad of what fell due between two instants."""
    found = Counter(row.good for row in rows if row.slo == slo and begin <= row.due_at <= end)
    return found[True], found[False]


def figures(counts: Mapping[str, tuple[int, int]], objective: float) -> dict[str, float | None]:
    """SLI, budget left and burn rates, reckoned anew."""
    shares = {name: bad / (good + bad) if good + bad else None for name, (good, bad) in counts.items()}
    burns = {name: None if share is None else share / (1 - objective) for name, share in shares.items()}
    whole = shares["7d"]
    return {
        "sli": None if whole is None else 1 - whole,
        "left": None if whole is None else 1 - whole / (1 - objective),
        **burns,
    }


def said(status: Status) -> dict[str, float | None]:
    return {"sli": status.rate, "left": status.budget_left, **status.burn_rates}


def test_rows_and_counts_say_the_same_at_any_instant(lived: list[Lived]) -> None:
    down = 0
    for one in lived:
        for at, (rows, file) in one.seen.items():
            down += at not in one.history.scrapes
            for status in promises.read_file(file, SLOS, at):
                counts = {name: by_rows(rows, status.slo.id, at - window, at) for name, window in WINDOWS.items()}
                wanted = figures(counts, status.slo.objective)
                assert said(status) == pytest.approx(wanted, abs=1e-9), (one.seed, at, status.slo.id)
                assert (status.good, status.bad) == counts["7d"]
    assert down, "none of them was looked at while the process was dead"


def test_the_weeks_have_all_that_can_happen(lived: list[Lived]) -> None:
    for one in lived:
        rows = one.history.rows(BEGIN + LENGTH)
        verdicts = Counter((row.slo, row.good) for row in rows)
        assert all(verdicts[slo, good] >= 4 for slo in COUNTED for good in (True, False)), verdicts
        assert one.history.downs
    assert all(any(row.good is good for one in lived for row in one.history.lost) for good in (True, False))
    assert any(end - begin > 2 * HOUR for one in lived for begin, end in one.history.downs)


class Prometheus:
    """A real one on what was scraped of all those weeks, a label ``week`` each."""

    def __init__(self, folder: Path, lived: list[Lived]) -> None:
        text, data = folder / "scraped.txt", folder / "data"
        with text.open("w") as file:
            file.writelines(chain([f"# TYPE {FAMILY} counter\n"], _samples(lived), ["# EOF\n"]))
        blocks = [str(PROMTOOL), "tsdb", "create-blocks-from", "--max-block-duration=336h", "openmetrics", str(text)]
        subprocess.run([*blocks, str(data)], check=True, capture_output=True)
        (folder / "prometheus.yml").write_text("")
        self._port = free_port()
        with (folder / "prometheus.log").open("w") as log:
            self._process = subprocess.Popen(
                [str(PROMETHEUS), f"--config.file={folder / 'prometheus.yml'}", f"--storage.tsdb.path={data}",
                 f"--web.listen-address=127.0.0.1:{self._port}", "--storage.tsdb.retention.time=100y"],
                stdout=log, stderr=log,
            )  # fmt: skip
        self._ready()

    def query(self, promql: str, at: int) -> dict[tuple[str, ...], float]:
        """By week, promise and (where there is one) result; ``at`` in UTC ms."""
        found = ask(f"{self._url}/query?time={at // SECOND}&query={''.join(map(_quoted, promql))}")["data"]["result"]
        labels = ("week", "slo", "result")
        return {
            tuple(one["metric"][label] for label in labels if label in one["metric"]): float(one["value"][1])
            for one in found
        }

    @property
    def _url(self) -> str:
        return f"http://127.0.0.1:{self._port}/api/v1"

    def _ready(self) -> None:
        ends = time.monotonic() + STARTS_S
        while True:
            try:
                ask(f"{self._url}/query?query=1")
            except OSError:
                assert self._process.poll() is None
                assert time.monotonic() < ends
                time.sleep(0.05)  # a process outside, which tells nobody when it listens
            else:
                return

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()


def _samples(lived: list[Lived]) -> Iterator[str]:
    for one in lived:
        for at, text in one.history.scrapes.items():
            for line in text.splitlines():
                if line.startswith(f"{FAMILY}_total{{"):
                    labels = line.removeprefix(f"{FAMILY}_total{{")
                    yield f'{FAMILY}_total{{week="{one.seed}",{labels} {at // SECOND}\n'


def _quoted(letter: str) -> str:
    return letter if letter.isalnum() else f"%{ord(letter):02X}"


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory: pytest.TempPathFactory, lived: list[Lived]) -> Iterator[Prometheus]:
    if PROMETHEUS is None or PROMTOOL is None:
        pytest.skip("prometheus and promtool are not installed")
    found = Prometheus(tmp_path_factory.mktemp("prometheus"), lived)
    yield found
    found.stop()


def last(window: str = "") -> str:
    """A counter as it last was, however long ago: it never falls."""
    offset = f" offset {window}" if window else ""
    known = f"max_over_time({FAMILY}_total[9d]{offset})"
    return f"({known} or 0 * max_over_time({FAMILY}_total[9d]))" if window else known


def test_prometheus_says_the_same_but_sees_downtime_at_its_end(prometheus: Prometheus, lived: list[Lived]) -> None:
    shifted = same = 0
    for one in lived:
        for at, (rows, _) in one.seen.items():
            if at not in one.history.scrapes:
                continue
            found = {name: prometheus.query(f"{last()} - {last(name)}", at) for name in WINDOWS}
            for slo in SLOS:
                counts = {
                    name: tuple(round(found[name][str(one.seed), slo.id, result]) for result in ("good", "bad"))
                    for name in WINDOWS
                }
                by_due = {name: by_rows(rows, slo.id, at - length, at) for name, length in WINDOWS.items()}
                for name, length in WINDOWS.items():
                    begin = at - length
                    unseen = by_rows(rows, slo.id, *_unseen(one.history, begin))
                    assert counts[name] == (by_due[name][0] + unseen[0], by_due[name][1] + unseen[1])
                    shifted += unseen != (0, 0)
                if counts == by_due:
                    same += 1
                    (status,) = promises.read_file(one.seen[at][1], [slo], at)
                    assert figures(counts, slo.objective) == pytest.approx(said(status), abs=1e-9)
    assert same > 20
    assert shifted, "no window began within a downtime"


def _unseen(history: History, begin: int) -> tuple[int, int]:
    """From when to when what fell due before ``begin`` was seen only after it."""
    before = [at for at in history.scrapes if at <= begin]
    return (before[-1] if before else BEGIN, begin - 1)


def test_increase_extrapolates_by_a_scrapes_interval_at_most(prometheus: Prometheus, lived: list[Lived]) -> None:
    compared = 0
    for one in lived:
        for at, (rows, _) in one.seen.items():
            for name, length in WINDOWS.items():
                ends = {at, at - length, at - length + SCRAPED_MS}
                if not ends <= one.history.scrapes.keys():
                    continue
                found = prometheus.query(f"sum by (week, slo, result) (increase({FAMILY}_total[{name}]))", at)
                for slo in SLOS:
                    good, bad = by_rows(rows, slo.id, at - length + SCRAPED_MS, at)
                    first = by_rows(rows, slo.id, at - length, at - length + SCRAPED_MS - 1)
                    for result, least, most in (("good", good, good + first[0]), ("bad", bad, bad + first[1])):
                        value = found[str(one.seed), slo.id, result]
                        assert least <= value + 1e-6, (one.seed, at, name, slo.id, result)
                        assert value <= most * (1 + SCRAPED_MS / (length - SCRAPED_MS)) + 1e-6
                        compared += 1
    assert compared > 100
