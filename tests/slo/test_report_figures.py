"""A report's figures: what stands in the database, cut at local midnights, with causes, and what follows from it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from planner import promises, reporting, service
from planner.due import wall
from planner.model import BUCKET_MS, DAY, HOUR, MINUTE
from planner.model import Kind as Due
from planner.slo.objectives import Promises
from planner.slo.report import causes, notes, period, stretches
from planner.slo.report.advice import Kind, advice
from planner.slo.report.data import as_data
from planner.slo.report.evidence import Bucket, Counted, Evidence, Failed, Raised, Tally, Told
from planner.slo.report.figures import Kept, Limits, Report, Verdict, report
from planner.slo.report.period import Period
from planner.store import Store, Tx, counts
from tests.slo import month

NOW = month.DECEMBER + 10 * HOUR
NOVEMBER = period.read(NOW, month.ZONE, month="2026-11")
PROMISES = promises.load()
LIMITS = Limits(400)
AT = month.NOVEMBER


@pytest.fixture(scope="module")
def november(tmp_path_factory: pytest.TempPathFactory) -> Report:
    path = tmp_path_factory.mktemp("month") / "planner.db"
    month.fill(path)
    return reporting.read_file(path, PROMISES, NOVEMBER, NOW, price=2, limits=LIMITS)


def kept(found: Report, slo: str) -> Kept:
    return next(one for one in found.kept if one.slo.id == slo)


# The time


@pytest.mark.parametrize(
    ("asked", "name", "begin", "end", "before"),
    [
        ({}, "Week 48 of 2026", date(2026, 11, 23), date(2026, 11, 30), date(2026, 11, 16)),
        ({"week": "2026-W01"}, "Week 1 of 2026", date(2025, 12, 29), date(2026, 1, 5), date(2025, 12, 22)),
        ({"week": "2026-W53"}, "Week 53 of 2026", date(2026, 12, 28), date(2027, 1, 4), date(2026, 12, 21)),
        ({"month": "2026-11"}, "November 2026", date(2026, 11, 1), date(2026, 12, 1), date(2026, 10, 1)),
        ({"month": "2026-12"}, "December 2026", date(2026, 12, 1), date(2027, 1, 1), date(2026, 11, 1)),
        ({"month": "2027-01"}, "January 2027", date(2027, 1, 1), date(2027, 2, 1), date(2026, 12, 1)),
        (
            {"begin": "2026-11-03", "end": "2026-11-13"},
            "3 Nov 2026 to 12 Nov 2026",
            date(2026, 11, 3),
            date(2026, 11, 13),
            date(2026, 10, 24),
        ),
    ],
)
def test_a_time_begins_and_ends_at_local_midnight(
    asked: dict[str, str], name: str, begin: date, end: date, before: date
) -> None:
    found = period.read(NOW, month.ZONE, **asked)
    assert (found.name, found.begin, found.end) == (name, wall(begin, 0, month.ZONE), wall(end, 0, month.ZONE))
    expected = wall(before, 0, month.ZONE)
    assert abs(found.before - expected) <= (HOUR if "begin" in asked else 0), "a range is as long as the one before it"


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        ({"week": "47"}, "is no week"),
        ({"week": "2026-W54"}, "is no week"),
        ({"month": "2026-13"}, "is no month"),
        ({"month": "November"}, "is no month"),
        ({"begin": "yesterday"}, "is no date or time"),
        ({"end": "2026-11-01"}, "--to needs --from"),
        ({"begin": "2026-11-02", "end": "2026-11-02"}, "--to is not after --from"),
        ({"begin": "2001-11-02", "end": "2026-11-02"}, "more than 3700 days"),
        ({"week": "2026-W47", "month": "2026-11"}, "one of --week, --month"),
        ({"month": "2026-11", "begin": "2026-11-01"}, "one of --week, --month"),
        ({"week": "9999-W52"}, "beyond the calendar"),
        ({"month": "9999-12"}, "beyond the calendar"),
    ],
)
def test_a_time_that_there_is_not_is_refused_with_its_fault(asked: dict[str, str], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        period.read(NOW, month.ZONE, **asked)


def test_a_zone_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="no zone is called 'Mars/Base'"):
        period.read(NOW, "Mars/Base")


def hours(found: Period) -> list[float]:
    return [(one.end - one.begin) / HOUR for one in period.slices(found)]


def test_days_on_which_the_clock_changes_are_longer_or_shorter() -> None:
    autumn = hours(period.read(NOW, month.ZONE, month="2026-10"))
    spring = hours(period.read(NOW, month.ZONE, month="2026-03"))
    assert (len(autumn), autumn[24], sum(one == 24 for one in autumn)) == (31, 25, 30)
    assert (len(spring), spring[28], sum(one == 24 for one in spring)) == (31, 23, 30)


@pytest.mark.parametrize(
    ("begin", "end", "unit", "count"),
    [
        ("2026-11-01", "2026-11-02", "day", 1),
        ("2026-01-01", "2027-01-01", "week", 53),
        ("2026-08-03", "2026-11-02", "week", 13),
        ("2025-01-01", "2027-01-01", "month", 24),
        ("2026-11-01T18:30", "2026-11-03T06:00", "day", 3),
    ],
)
def test_slices_follow_each_other_without_a_gap(begin: str, end: str, unit: str, count: int) -> None:
    found = period.read(NOW, month.ZONE, begin=begin, end=end)
    cut = period.slices(found)
    assert (period.unit(found), len(cut)) == (unit, count)
    assert unit != "week" or {one.day.weekday() for one in cut[1:]} == {0}
    assert [found.begin, *(one.end for one in cut)] == [*(one.begin for one in cut), found.end]


# The figures of a month


def test_what_was_due_and_bad_is_what_stands_in_the_database(november: Report) -> None:
    reminders = kept(november, "reminders")
    assert reminders.tally == Tally(1_280, 10)
    assert reminders.before == Tally(31 * 43, 0)
    assert sum(part.tally.bad for part in reminders.parts) == 10
    assert {part.slice.day.day: part.tally.bad for part in reminders.parts if part.tally.bad} == {9: 6, 17: 3, 24: 1}
    assert (reminders.verdict, kept(november, "feeds").verdict) == (Verdict.KEPT, Verdict.BROKEN)
    assert kept(november, "chat").verdict is Verdict.IDLE
    assert reminders.budget_left == pytest.approx(1 - 10 / 12.9)


def test_what_was_bad_has_the_cause_that_its_rows_tell(november: Report) -> None:
    assert kept(november, "reminders").causes == {
        "sending failed: http 502": 6,
        causes.DOWN: 3,
        "sending failed at first": 1,
    }
    assert kept(november, "syncs").causes == {"calendar 3: http error, 404": 44}
    assert kept(november, "feeds").causes == {"calendar 3: http error, 404": 15_780, causes.DOWN: 390}
    assert kept(november, "up").causes == {causes.DOWN: 190}
    assert kept(november, "probes").causes == {causes.DOWN: 76, "sending failed: timeout": 48}


def test_a_stretch_begins_and_ends_with_what_was_broken(november: Report) -> None:
    [outage] = kept(november, "up").stretches
    assert (outage.begin, outage.end, outage.bad) == (month.DOWN.start, month.DOWN.stop, 190)
    [gone] = kept(november, "syncs").stretches
    assert gone.begin == month.GONE.start + HOUR
    assert gone.causes == {"calendar 3: http error, 404": 44}
    telegram = kept(november, "reminders").stretches[0]
    assert month.TELEGRAM.start <= telegram.begin < telegram.end <= month.TELEGRAM.stop


def test_a_broken_minute_costs_once_however_many_promises_it_broke(november: Report) -> None:
    each = [kept(november, slo) for slo in ("reminders", "up", "probes")]
    assert [one.broken_min for one in each] == [50, 190, 310]
    assert [one.cost for one in each] == [100, 380, 620]
    assert kept(november, "feeds").cost is None, "nobody is woken for other people's servers"
    assert (november.broken_min, november.cost) == (120 + 190 + 5, 630)


def test_alerts_say_when_they_were_told_acknowledged_and_resolved(november: Report) -> None:
    by_slo = {one["slo"]: one for one in as_data(november)["alerts"]}
    assert by_slo["reminders"]["acknowledged_min"] == 4
    assert by_slo["reminders"]["delivered_min"] == pytest.approx(2 / 60, abs=0.01)
    assert (by_slo["probes"]["told"], by_slo["probes"]["delivered"], by_slo["probes"]["acknowledged_min"]) == (
        1,
        0,
        None,
    )
    assert by_slo["syncs"]["resolved_min"] is None


def test_advice_follows_from_the_figures(november: Report) -> None:
    said = {(one.about, one.kind): one.text for one in advice(november)}
    assert "98\xa0% of what was bad has one cause: calendar 3: http error, 404" in said["feeds", Kind.REPAIR]
    assert "1 alert reached nobody" in said["alerts", Kind.REPAIR]
    assert "22\xa0% of the budget left" in said["reminders", Kind.CAREFUL]
    assert "A window of 100 days" in said["plans", Kind.LENGTHEN]
    gone = "It went on when this time ended, since Fri 20 Nov, 01:00 (calendar 3: http error, 404)."
    assert said["syncs", Kind.REPAIR] == gone
    assert ("probes", Kind.LEAVE) in said
    assert "PLANNER_HEARTBEAT_URL" in said["alerts", Kind.REPAIR], "the next step has a name"
    assert not any(about == "chat" for about, _ in said), "of what is idle there is nothing to say"


def test_a_bucket_is_broken_below_the_objective_and_not_at_it() -> None:
    at_it, below, above = Bucket(AT, 99, 1), Bucket(AT, 98, 1), Bucket(AT, 100, 1)
    assert stretches.broken([at_it, below, above, Bucket(AT, 0, 1)], 0.99) == [below, Bucket(AT, 0, 1)]


def test_what_is_no_more_than_an_hour_apart_is_one_stretch() -> None:
    def lengths(gap_ms: int) -> list[int]:
        buckets = [Bucket(AT, 0, 1), Bucket(AT + BUCKET_MS + gap_ms, 0, 2)]
        found = stretches.stretches(buckets, {one.at: {"x": one.bad} for one in buckets})
        assert sum(one.bad for one in found) == 3
        return [one.end - one.begin for one in found]

    assert lengths(HOUR) == [HOUR + 2 * BUCKET_MS]
    assert lengths(HOUR + BUCKET_MS) == [BUCKET_MS, BUCKET_MS]


# What is not there


def read(path: Path, now: int, **asked: str) -> Report:
    found = period.read(now, month.ZONE, **asked)
    return reporting.read_file(path, PROMISES, found, now, price=0, limits=LIMITS)


def test_an_empty_database_has_nothing_to_report(tmp_path: Path) -> None:
    Store(tmp_path / "planner.db", inline=True).close()
    found = read(tmp_path / "planner.db", NOW)
    assert {one.verdict for one in found.kept} == {Verdict.IDLE}
    assert (found.since, found.broken_min, advice(found)) == (None, 0, [])


def test_a_time_that_has_not_begun_has_nothing_to_report(tmp_path: Path) -> None:
    month.fill(tmp_path / "planner.db", month.DECEMBER - DAY)
    found = read(tmp_path / "planner.db", NOW, month="2027-03")
    assert {one.verdict for one in found.kept} == {Verdict.IDLE}
    assert len(found.kept[0].parts) == 31


def test_a_planner_of_one_day_says_from_when_on_it_knows(tmp_path: Path) -> None:
    month.fill(tmp_path / "planner.db", month.DECEMBER - DAY)
    found = read(tmp_path / "planner.db", NOW, month="2026-11")
    assert kept(found, "reminders").tally == Tally(43, 0)
    assert [part.rate for part in kept(found, "reminders").parts] == [None] * 29 + [1.0]
    assert any("Counting began on Mon 30 Nov 2026" in note for note in notes.notes(found))


def test_what_is_overdue_and_not_yet_judged_is_bad_and_the_minutes_since_the_last_heartbeat_too(tmp_path: Path) -> None:
    """A dead planner's report says so before its next start."""
    path = tmp_path / "planner.db"
    month.fill(path, month.DECEMBER - DAY)
    store = Store(path, inline=True)
    store._db._writer.execute(
        "INSERT INTO reminders (user_id, kind, occurrence_at, due_at, ready_at, expires_at, asked_for)"
        " VALUES (?1, 'snooze', ?2, ?2, ?2, ?2, 1)",
        (month.ALICE, month.DECEMBER + HOUR),
    )
    store._db._writer.commit()
    store.close()
    found = read(path, NOW, month="2026-12")
    assert kept(found, "reminders").tally == Tally(0, 1)
    assert kept(found, "reminders").causes == {causes.DOWN: 1}
    assert kept(found, "up").tally.bad == pytest.approx(600, abs=2)
    assert found.running


def test_rows_that_are_gone_leave_their_counts_and_an_unknown_cause(tmp_path: Path) -> None:
    path = tmp_path / "planner.db"
    month.fill(path)
    store = Store(path, inline=True)
    store._db._writer.execute("DELETE FROM users")
    store._db._writer.commit()
    store.close()
    found = read(path, NOW, month="2026-11")
    assert kept(found, "reminders").tally == Tally(1_280, 10)
    assert kept(found, "reminders").causes == {causes.UNKNOWN: 7, causes.DOWN: 3}
    assert any("A cause is not known" in note for note in notes.notes(found))
    assert any("Rows are kept for 8 days" in one for one in notes.notes(replace(found, limits=Limits(8))))


# Causes


@pytest.mark.parametrize(("late_ms", "kept"), [(2 * MINUTE, "http 502"), (MINUTE, None)])
def test_a_late_reminder_keeps_what_made_it_late_in_its_row(tmp_path: Path, late_ms: int, kept: str | None) -> None:
    store = Store(tmp_path / "planner.db", inline=True)

    def life(tx: Tx) -> None:
        service.welcome(tx, month.ALICE, month.ALICE, "Alice", "en", month.ZONE, AT)
        one = tx.reminders.add(Due.SNOOZE, month.ALICE, None, occurrence_at=AT, due_at=AT, asked_for=True)
        assert one is not None
        tx.reminders.claim([one], AT)
        tx.reminders.retry([one], AT + MINUTE, "http 502")
        tx.reminders.claim([one], AT + MINUTE)
        tx.reminders.sent([one], AT + late_ms, 1)

    asyncio.run(store.write(life))
    [row] = store._db._reader.execute("SELECT reason FROM reminders").fetchall()
    store.close()
    assert row["reason"] == kept


def why(counts: str, bad: int, **evidence: object) -> dict[str, int]:
    bucket = Bucket(AT, 0, bad)
    return dict(causes.causes(counts, [bucket], Evidence({}, **evidence))[AT])


def told(state: str, reason: str = "", *, late: bool = False, repeated: bool = False) -> str:
    row = Told(AT, state, reason, late, repeated, 1)
    [found] = why("reminders", 1, told={"reminders": (row,)})
    return found


def test_a_reminders_row_says_why_in_words() -> None:
    assert told("failed", "400 chat not found") == "Telegram refused it: 400 chat not found"
    assert told("undeliverable") == "blocked by whoever it was for"
    assert told("cancelled", "deleted") == "cancelled when it was overdue already"
    assert told("sent", "429") == "sending failed: 429"
    assert told("sent", late=True) == "begun too late"
    assert told("sent", repeated=True) == "sending failed at first"
    assert told("sent") == "Telegram's answer came late"


def test_all_causes_together_are_those_of_broken_buckets_and_of_the_others() -> None:
    bad = (Bucket(AT, 99, 1), Bucket(AT + HOUR, 0, 3))
    rows = (Told(AT, "sent", "429", False, False, 1), Told(AT + HOUR, "sent", "timeout", False, False, 3))
    counted = Counted((Tally(99, 4),), bad, Tally(0, 0), 0)
    only = Promises(tuple(one for one in PROMISES.slos if one.id == "reminders"))
    evidence = Evidence({"reminders": counted}, {"reminders": rows})
    [found] = report(only, evidence, NOVEMBER, NOW, price=0, limits=LIMITS).kept
    assert [one.bad for one in found.stretches] == [3], "one of a hundred breaks nothing"
    assert found.causes == {"sending failed: timeout": 3, "sending failed: 429": 1}


def test_no_more_causes_are_told_than_were_counted_and_the_rest_is_unknown() -> None:
    rows = (Told(AT, "sent", "429", False, False, 5), Told(AT, "sent", "timeout", False, False, 2))
    assert why("reminders", 6, told={"reminders": rows}) == {"sending failed: 429": 5, "sending failed: timeout": 1}
    assert why("reminders", 9, told={"reminders": rows})[causes.UNKNOWN] == 2
    assert why("chat", 3) == {causes.UNKNOWN: 3}


def test_stale_minutes_are_shared_among_calendars_that_had_failed_lately() -> None:
    failed = (
        Failed(AT - HOUR, 1, "timeout", "timeout", 1),
        Failed(AT - HOUR, 2, "http_error", "500", 1),
        Failed(AT - 2 * DAY, 9, "http_error", "404", 1),
    )
    assert why("feeds", 10, failed=failed) == {"calendar 1: timeout": 5, "calendar 2: http error, 500": 5}


# Advice


NOTHING = Tally(0, 0)


def made(
    tally: Tally,
    before: Tally = NOTHING,
    *,
    days: int = 30,
    rows: Sequence[Told] = (),
    alerts: Sequence[Raised] = (),
) -> list[tuple[Kind, str]]:
    """What is advised of reminders, spread evenly over so many days."""
    end = date.fromordinal(date(2026, 11, 1).toordinal() + days)
    found = period.read(NOW + 400 * DAY, month.ZONE, begin="2026-11-01", end=end.isoformat())
    cut = period.slices(found)
    bads = [tally.bad * (n + 1) // len(cut) - tally.bad * n // len(cut) for n in range(len(cut))]
    goods = [tally.good * (n + 1) // len(cut) - tally.good * n // len(cut) for n in range(len(cut))]
    counted = Counted(
        tuple(Tally(*one) for one in zip(goods, bads, strict=True)),
        tuple(Bucket(one.begin, 0, bad) for one, bad in zip(cut, bads, strict=True) if bad),
        before,
        0,
    )
    evidence = Evidence({"reminders": counted}, {"reminders": tuple(rows)}, alerts=tuple(alerts))
    only = Promises(tuple(one for one in PROMISES.slos if one.id == "reminders"))
    whole = report(only, evidence, found, NOW + 400 * DAY, price=0, limits=LIMITS)
    return [(one.kind, one.text) for one in advice(whole)]


def test_what_was_always_kept_may_be_promised_more_tightly() -> None:
    assert [kind for kind, _ in made(Tally(50_000, 0))] == [Kind.TIGHTEN]
    assert "99.5\xa0%" in made(Tally(50_000, 0))[0][1]
    assert [kind for kind, _ in made(Tally(50_000, 0), days=14)] == [Kind.LEAVE], "two weeks say little"
    assert [kind for kind, _ in made(Tally(700, 0))] == [Kind.LEAVE], "so few may be luck"
    assert [kind for kind, _ in made(Tally(49_990, 10))] == [Kind.LEAVE]


def test_what_was_broken_twice_for_no_single_reason_is_promised_too_tightly() -> None:
    [(kind, text)] = made(Tally(9_700, 300), Tally(9_600, 400))
    assert kind is Kind.LOOSEN
    assert "95\xa0% would have held" in text
    [(kind, _)] = made(Tally(9_700, 300), Tally(9_999, 1))
    assert kind is Kind.REPAIR


def test_of_a_planner_that_was_down_it_is_said_how_often_and_how_long() -> None:
    week = period.read(NOW, month.ZONE, week="2026-W47")
    cut = period.slices(week)
    down = tuple(Bucket(at, 0, 5) for at in range(month.DOWN.start, month.DOWN.stop, BUCKET_MS))
    slices = tuple(Tally(1_440, 0) if n != 1 else Tally(1_440 - 190, 190) for n in range(len(cut)))
    up = Promises(tuple(one for one in PROMISES.slos if one.id == "up"))
    evidence = Evidence({"up": Counted(slices, down, NOTHING, 0)})
    [said] = advice(report(up, evidence, week, NOW, price=0, limits=LIMITS))
    assert said.text == "Down 1 time, the longest for 3 h 10 min: find out why before anything is changed."


def of_syncs(
    bad: Sequence[Bucket], now: int = NOW, alerts: Sequence[Raised] = (), slices: Sequence[Tally] = ()
) -> list[tuple[Kind, str]]:
    """November of one promise: 300 syncs a day, and those that failed."""
    counted = Counted(tuple(slices) or (Tally(300, 0),) * 29 + (Tally(300, 40),), tuple(bad), NOTHING, 0)
    failed = tuple(Failed(one.at, 3, "http_error", "404", one.bad) for one in bad)
    only = Promises(tuple(one for one in PROMISES.slos if one.id == "syncs"))
    whole = report(
        only, Evidence({"syncs": counted}, failed=failed, alerts=tuple(alerts)), NOVEMBER, now, price=0, limits=LIMITS
    )
    return [(one.kind, one.text) for one in advice(whole)]


def failing(end: int, count: int = 10) -> list[Bucket]:
    return [Bucket(end - n * BUCKET_MS, 0, 4) for n in range(count, 0, -1)]


def test_what_still_goes_on_is_to_be_repaired_however_well_the_whole_time_was_kept() -> None:
    [(kind, text)] = of_syncs(failing(month.DECEMBER))
    assert kind is Kind.REPAIR
    assert text.endswith("since Mon 30 Nov, 23:10 (calendar 3: http error, 404).")
    now = month.DECEMBER - HOUR
    [(kind, text)] = of_syncs(failing(now - HOUR), now)
    assert text.startswith("It is going on, since Mon 30 Nov, 21:10")
    assert [kind for kind, _ in of_syncs(failing(month.DECEMBER - 9 * HOUR))] == [Kind.LEAVE], "that is over"
    assert [kind for kind, _ in of_syncs(failing(month.DECEMBER, 1))] == [Kind.LEAVE], "one alone goes on for nobody"


def test_an_alert_that_still_fires_is_not_left_as_it_is() -> None:
    alert = Raised("syncs", "slow", "warning", AT + 9 * DAY, None, None, 1, 1, AT + 9 * DAY)
    [(kind, text)] = of_syncs(failing(AT + 10 * DAY), alerts=[alert])
    assert kind is Kind.REPAIR
    assert text == "It is going on (calendar 3: http error, 404): the alert “slow” still fires."
    [(kind, _)] = of_syncs(failing(AT + 10 * DAY), alerts=[alert._replace(resolved_at=AT + 10 * DAY)])
    assert kind is Kind.LEAVE


def test_what_was_kept_as_a_whole_and_not_in_its_last_days_is_to_be_repaired() -> None:
    slices = [Tally(300, 0)] * 23 + [Tally(280, 20)] * 7
    [(kind, text)] = of_syncs(failing(month.DECEMBER - 2 * DAY), slices=slices)
    assert kind is Kind.REPAIR
    assert text == (
        "Kept as a whole, but not since Tue 24 Nov: 93.33\xa0% of 2,100 were good (calendar 3: http error, 404)."
    )
    assert [kind for kind, _ in of_syncs([], slices=slices[::-1])] == [Kind.LEAVE], "weeks ago is past"


def test_of_few_events_a_longer_window_is_advised() -> None:
    [(kind, text)] = made(Tally(300, 0))
    assert kind is Kind.LENGTHEN
    assert "Some 70 come due in 7 days, of which 0.7 might be bad" in text
    assert "10 days" in text


def test_an_alert_that_fires_while_the_promise_is_kept_is_too_loud() -> None:
    alert = Raised("reminders", "slow", "warning", AT, AT + HOUR, AT + MINUTE, 1, 1, AT)
    assert Kind.QUIETEN in dict(made(Tally(9_990, 10), alerts=[alert] * 4))
    assert Kind.QUIETEN not in dict(made(Tally(9_990, 10), alerts=[alert] * 3))
    assert Kind.QUIETEN not in dict(made(Tally(9_000, 1_000), alerts=[alert] * 4))


def test_pages_that_nobody_acknowledges_are_said() -> None:
    page = Raised("reminders", "fast", "critical", AT, AT + HOUR, None, 1, 1, AT)
    said = made(Tally(9_990, 10), alerts=[page, page._replace(acknowledged_at=AT + MINUTE), page])
    assert any("2 of 3 pages were acknowledged by nobody" in text for _, text in said)


def test_a_bucket_has_the_length_that_counts_have() -> None:
    assert BUCKET_MS == counts.BUCKET_MS
