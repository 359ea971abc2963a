"""``slo status``: a table that fits 100 columns whatever the figures, and the same figures for programs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner import promises
from planner.model import DAY, HOUR, MINUTE
from planner.slo import budget, figures
from planner.slo.status import Standing, Status, as_json
from planner.slo.table import LASTS, NAME_MAX, NAME_WIDE, UNSURE, WIDE, as_table

SLO = promises.load().slos[0]
PAGE = (Path(__file__).parents[2] / "docs" / "observability.md").read_text()
COUNTS = st.integers(0, 10**9)
RATES = st.one_of(st.none(), st.floats(0, 10**7))


def status(good: int, bad: int, **rates: float | None) -> Status:
    return Status(SLO, good, bad, {f"{name[1:]}": rate for name, rate in rates.items()})


def row(table: str, name: str = "On-time reminders") -> list[str]:
    return next(line for line in table.splitlines() if line.startswith(name))[20:].split()


def test_a_row_says_all_that_matters() -> None:
    table = as_table([status(9_965, 35, _1h=None, _6h=0.0, _1d=0.91, _7d=0.36)])
    assert " ".join(row(table)) == "kept 99.65 % 99 % 35/10000 65 % – 0 0.9 0.4 5 d"
    assert table.splitlines()[0].split() == [
        "over",
        "7d",
        *["verdict", "rate", "goal", "bad/all", "budget", "1h", "6h", "1d", "7d", "gone", "in"],
    ]
    assert UNSURE not in table


def test_an_idle_promise_is_neither_kept_nor_broken_and_has_no_figure() -> None:
    table = as_table([status(0, 0)])
    assert " ".join(row(table)) == "idle – 99 % – – – – – – –"
    said = as_json(status(0, 0, _1h=None))
    assert said["verdict"] == "idle"
    assert {said[key] for key in ("sli", "interval", "budget_left", "exhausted", "sure", "time_to_exhaustion_s")} == {
        None
    }
    assert said["burn_rate"] == {"1h": None}


def test_what_so_few_cannot_tell_is_said_and_the_verdict_stays() -> None:
    table = as_table([status(69, 1)])
    assert "below objective? " in table
    assert UNSURE in table
    said = as_json(status(69, 1))
    assert (said["verdict"], said["sure"]) == ("below objective", "too few to tell")
    assert said["interval"] == [pytest.approx(0.9234, abs=1e-4), pytest.approx(0.9975, abs=1e-4)]
    assert as_json(status(1_000, 0))["sure"] == "sure"


def test_a_budget_that_is_gone_says_so_and_one_that_burns_says_how_long_it_lasts() -> None:
    assert row(as_table([status(99, 1, _1d=1.0)]))[-1] == "gone"
    assert as_json(status(99, 1, _1d=1.0))["time_to_exhaustion_s"] == 0
    assert as_json(status(99, 1))["exhausted"] is True
    burning = status(995, 5, _1d=2.0)
    assert as_json(burning)["time_to_exhaustion_s"] == 0.25 * 7 * 86_400
    assert row(as_table([burning]))[-2:] == ["42", "h"]
    assert as_json(status(995, 5, _1d=0.0))["time_to_exhaustion_s"] is None


def test_a_budget_that_is_not_spent_lasts_and_one_nearly_gone_reads_as_some() -> None:
    assert row(as_table([status(995, 5, _1d=0.0)]))[-1] == LASTS
    assert "<1 %" in as_table([status(298, 3, _1d=0.0)]).replace(figures.PERCENT, " %")
    assert "-9900 %" in as_table([status(0, 1)]).replace(figures.PERCENT, " %")


def test_what_the_page_on_observability_shows_is_what_is_printed() -> None:
    shown = PAGE.partition("**1. Which promise")[2].split("```")[1].strip().splitlines()
    slos = {slo.id: slo for slo in promises.load().slos}
    found = [
        Status(slos[name], good, bad, dict.fromkeys(budget.WINDOWS, budget.burn_rate(good, bad, slos[name].objective)))
        for name, good, bad in (("reminders", 0, 1), ("chat", 3, 0))
    ]
    assert shown == as_table(found).replace(figures.PERCENT, " %").splitlines()[: len(shown)]


def test_a_name_is_not_cut_off() -> None:
    name = "On-time reminders, a month"
    lines = as_table([status(1, 0), Status(replace(SLO, name=name), 1, 0)]).splitlines()
    assert [line.index("kept?") for line in lines[1:3]] == [len(name) + 1] * 2


def test_promises_of_other_windows_have_a_head_of_their_own() -> None:
    month = replace(SLO, id="month", name="A month's reminders", window_ms=30 * DAY)
    table = as_table([status(10, 0), Status(month, 10, 0)])
    assert [line[:8] for line in table.splitlines() if line.startswith("over")] == ["over 7d ", "over 30d"]


@given(COUNTS, COUNTS, st.tuples(RATES, RATES, RATES, RATES), st.text(min_size=1, max_size=60))
def test_the_table_fits_whatever_the_figures(good: int, bad: int, rates: tuple[float | None, ...], name: str) -> None:
    named = replace(SLO, name="".join(letter for letter in name if letter.isprintable()))
    table = as_table([Status(named, good, bad, dict(zip(budget.WINDOWS, rates, strict=True)))])
    grown = max(0, min(len(named.name), NAME_MAX) + 1 - NAME_WIDE)
    assert max(len(line) for line in table.splitlines()) <= WIDE + grown


@pytest.mark.parametrize(
    ("good", "bad", "standing"),
    [
        (99, 1, Standing.KEPT),
        (9_899, 101, Standing.BURNING),
        (98, 2, Standing.BURNING),
        (9_799, 201, Standing.BROKEN),
        (0, 1, Standing.BROKEN),
        (1, 0, Standing.KEPT),
        (0, 0, Standing.IDLE),
    ],
)
def test_just_at_the_objective_it_is_kept_and_just_at_the_alert_not_broken(
    good: int, bad: int, standing: Standing
) -> None:
    assert status(good, bad).standing is standing


@given(st.integers(0, 100_000), st.integers(0, 100_000))
def test_the_verdict_is_of_the_counts_alone(good: int, bad: int) -> None:
    found, rate = status(good, bad), good / (good + bad) if good + bad else None
    wanted = (
        Standing.IDLE
        if rate is None
        else Standing.KEPT
        if rate >= 0.99
        else Standing.BURNING
        if rate >= 0.98
        else Standing.BROKEN
    )
    assert found.standing is wanted


@pytest.mark.parametrize(
    ("ms", "said"),
    [
        (0, "0 m"),
        (59 * MINUTE, "59 m"),
        (HOUR, "1 h"),
        (5 * HOUR + 10 * MINUTE, "5 h 10 m"),
        (14 * HOUR + 59 * MINUTE, "14 h"),
        (2 * DAY, "2 d"),
        (6 * DAY + 23 * HOUR, "6 d 23 h"),
    ],
)
def test_lengths_are_short(ms: int, said: str) -> None:
    assert figures.length(ms) == said


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0"), (99_999, "99999"), (100_000, "100k"), (999_999, "999k"), (1_234_567, "1.2M"), (123_456_789, "123M")],
)
def test_large_numbers_are_short(count: int, said: str) -> None:
    assert figures.many(count) == said


def test_small_burn_rates_do_not_read_as_none() -> None:
    assert [figures.burning(rate) for rate in (None, 0, 0.01, 0.05, 0.94, 9.94, 9.96, 100, 1e9)] == [
        "–", "0", "<0.1", "0.1", "0.9", "9.9", "10", "100", ">999",
    ]  # fmt: skip
