"""``slo forecast``: when a budget will be gone in a rolling window, with an interval, and when nothing can be said."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner import cli, promises
from planner.model import DAY, HOUR
from planner.slo.forecast import Forecast, Outlook, as_data, as_text, forecast
from planner.slo.history import STEPS, History, Step, history, lengths
from planner.slo.trend import Trend
from planner.store import Store, Tx

NOW = 1_795_262_400_000
SLO = promises.load().slos[0]
PATHS = 100


def past(bad: Callable[[int], int], each: int = 100) -> History:
    """Two weeks by the hour; ``bad`` is asked how many hours ago it was, 0 for the last."""
    ago = range(2 * STEPS - 1, -1, -1)
    return History(SLO, NOW, HOUR, tuple(Step(each - bad(one), bad(one)) for one in ago))


def of(bad: Callable[[int], int], each: int = 100) -> Forecast:
    return forecast(past(bad, each), PATHS)


def test_a_budget_that_burns_at_four_times_its_rate_is_gone_when_a_quarter_of_it_is() -> None:
    """For 12 hours 4 of 100 are bad, and none before: 168 may be, 48 were, so 30 hours are left."""
    found = of(lambda ago: 4 if ago < 12 else 0)
    assert found.outlook is Outlook.IN_SIGHT
    assert found.middle == pytest.approx(30 * HOUR, abs=4 * HOUR)
    assert found.rate == pytest.approx(4, abs=0.4)
    assert found.earliest is not None
    assert found.latest is not None
    assert 20 * HOUR < found.earliest < found.middle < found.latest < 45 * HOUR
    assert found.chance == 1


def test_what_leaves_the_window_is_given_back() -> None:
    """Half the budget went a week ago and leaves now: the same burning that would spend the rest spends nothing."""
    leaves = of(lambda ago: 42 if ago in {165, 166} else 1 if ago < 3 else 0)
    stays = of(lambda ago: 42 if ago in {20, 21} else 1 if ago < 3 else 0)
    assert leaves.chance is not None
    assert stays.chance is not None
    assert leaves.chance < stays.chance
    assert leaves.outlook is Outlook.NOT_IN_SIGHT


def test_what_is_even_and_below_the_budget_is_not_in_sight() -> None:
    found = of(lambda ago: int(ago % 4 == 0))
    assert (found.outlook, found.middle) == (Outlook.NOT_IN_SIGHT, None)
    assert found.rate == pytest.approx(0.25, abs=0.05)
    assert found.chance is not None
    assert found.chance < 0.1


def test_what_grows_is_taken_to_grow_on() -> None:
    """Nine tenths of the budget burn by now, after four days of growth from nothing; as a level, it would last."""
    growing = of(lambda ago: round((96 - ago) * 9 / 96) if ago < 96 else 0, each=1_000)
    assert growing.outlook is Outlook.IN_SIGHT
    assert growing.middle == pytest.approx(98 * HOUR, abs=12 * HOUR)
    level = of(lambda ago: 9 if ago < 96 else 0, each=1_000)
    assert level.outlook is Outlook.NOT_IN_SIGHT


def test_a_budget_that_is_gone_is_said_to_be_and_since_when() -> None:
    found = of(lambda ago: 100 if ago < 5 else 0)
    assert (found.outlook, found.middle) == (Outlook.GONE, 0)
    assert "gone since 2026-11-21 0" in as_text([found])


def test_of_nothing_and_of_few_nothing_is_said() -> None:
    assert of(lambda _: 0, each=0).outlook is Outlook.IDLE
    few = of(lambda _: 0, each=1)
    assert (few.outlook, few.chance) == (Outlook.TOO_FEW, None), "of 168, a single bad one is more than half of it"
    assert "too few to tell" in as_text([few])


def test_the_same_history_gives_the_same_forecast() -> None:
    assert as_data(of(lambda ago: 4 if ago < 12 else 0)) == as_data(of(lambda ago: 4 if ago < 12 else 0))


def test_clumps_make_it_less_sure() -> None:
    even = of(lambda ago: 2 if ago < 24 else 0)
    clumps = of(lambda ago: 16 if ago < 24 and ago % 8 == 0 else 0)
    assert Trend(past(lambda ago: 16 if ago % 8 == 0 else 0).window, 0.99).clump > 3
    widths = [(one.latest or 7 * DAY) - (one.earliest or 7 * DAY) for one in (even, clumps)]
    assert widths[0] < widths[1]


STEP = st.tuples(st.integers(0, 50), st.integers(0, 3)).map(lambda counts: Step(*counts))


@settings(max_examples=15, deadline=None)
@given(st.lists(STEP, min_size=2 * STEPS, max_size=2 * STEPS))
def test_any_history_gives_an_ordered_interval_and_a_chance(steps: list[Step]) -> None:
    found = forecast(History(SLO, NOW, HOUR, tuple(steps)), 20)
    ends = [7 * DAY + 1 if one is None else one for one in (found.earliest, found.middle, found.latest)]
    assert ends == sorted(ends)
    assert found.chance is None or 0 <= found.chance <= 1
    assert all(len(line) <= 120 for line in as_text([found]).splitlines())
    json.dumps(as_data(found), allow_nan=False)


def test_a_history_is_what_the_database_counted_hour_by_hour() -> None:
    counted = {length: (length // HOUR * 10, length // HOUR // 2) for length in lengths(SLO)}
    found = history(SLO, counted, NOW)
    assert len(found.steps) == 2 * STEPS
    assert found.steps[-4:] == (Step(10, 1), Step(10, 0), Step(10, 1), Step(10, 0))
    assert sum(step.bad for step in found.window) == STEPS // 2


@pytest.mark.parametrize(("bad", "code", "outlook"), [(0, 0, "not in sight"), (4, 1, "in sight"), (100, 1, "gone")])
def test_the_command_says_it_from_the_database(
    bad: int,
    code: int,
    outlook: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("planner.clock.SystemClock.now", lambda _: NOW)
    store = Store(Path("planner.db"), inline=True)
    with store._db._writer as writer:
        writer.execute("BEGIN")
        for ago in range(STEPS):
            worse = bad if ago < 12 else 0
            verdicts = [
                ("chat", NOW - ago * HOUR - HOUR // 2, good) for good in [False] * worse + [True] * (100 - worse)
            ]
            Tx(writer).counts.add_many(verdicts)
    store.close()
    assert cli.main(["slo", "forecast", "--json"]) == code
    said = {one["slo"]: one for one in map(json.loads, capsys.readouterr().out.splitlines())}
    assert said["chat"]["outlook"] == outlook
    assert said["reminders"]["outlook"] == "idle"
    assert cli.main(["slo", "forecast"]) == code
    assert "Chat answered" in capsys.readouterr().out
