"""After a real day every panel that the bot, Prometheus or Alertmanager feeds shows something that reads well.

What Loki, Tempo, the collector and Grafana feed is not run here; its queries are parsed by ``make stack-check``. The
table of all panels is printed (``pytest -s``), and stands in the failure.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from planner import dashboards
from planner.catalogue import calendars, chat, cost, database, outside, people, process, reminders, security, slo
from planner.catalogue.metric import Metric
from planner.slo.reading import read_slos
from tests.stack.filled import DAY_S, Filled
from tools.boards import sense, units
from tools.boards.answers import Prometheus
from tools.boards.rendering import Page, Rendered, rendered

pytestmark = pytest.mark.timeout(2 * DAY_S)  # the day is played before the first of them

NOT_RUN = re.compile(r"\b(otelcol|loki|tempo|grafana|traces)_\w+")
"""Metrics of what runs in containers only."""
MAY_BE_EMPTY = {
    ("promises", "Budget lasts"): "it lasts: there is no time after which it would be gone",
    ("promises", "Alerts over time"): "none of that promise's alerts fired",
    ("database", "Disk full in"): "never: more than a third of it is free, or it grows no fuller",
}
"""Where nothing is the good case, and why; each says so in words. What every promise has is filled for one of them."""
SUFFIXES = {
    "percentunit": r"%$", "percent": r"%$", "bytes": r" ([KMGT]i)?B$", "Bps": r" [kMG]?B/s$",
    "s": r" (ns|µs|ms|s|mins?|hours?|days?|weeks?|years?)$", "dateTimeFromNow": r"( ago|^in .*)$",
}  # fmt: skip
"""How a number of a unit ends."""
VALUE_MAX = 44
HANDLERS_SHOWN = (
    "start", "invite", "people", "stranger", "question:zone", "question:plan", "question:quiet", "text_event",
    "calendar_address", "calendars", "button:calendar", "button:sync", "button:unlinked", "today", "tomorrow", "week",
    "agenda", "plan", "find", "question:find", "question", "help", "privacy", "add", "question:name", "cancel", "wish",
    "undo", "edited", "reply", "forwarded", "small_talk", "spoken_command", "button:card", "button:delete",
    "button:undo", "button:done", "button:undone", "button:later", "question:later", "button:snooze", "settings",
    "button:put", "button:picture", "button:trends", "slo", "alerts", "health", "document", "button:import", "no_text",
    "export", "group", "forget", "button:forgotten", "button:dismissed", "unknown_button", "unknown_command",
)  # fmt: skip
"""What of the chat the day goes through."""


@dataclass(frozen=True)
class Line:
    """A panel in the table."""

    board: str
    row: str
    one: Rendered

    @property
    def place(self) -> tuple[str, str]:
        return self.board, self.one.panel["title"]

    @property
    def fed_by(self) -> str:
        """Whoever is not here; empty where everybody is."""
        found = {name for answer in self.one.answers for name in NOT_RUN.findall(answer.expression)}
        if self.one.panel["type"] != "text" and not self.one.is_asked:
            found.add(self.one.panel["datasource"]["type"])
        return ", ".join(sorted(found))

    @property
    def is_run(self) -> bool:
        return self.one.is_asked and not self.fed_by

    @property
    def result(self) -> str:
        if not self.is_run:
            return f"not run: {self.fed_by}"
        if self.one.errors:
            return f"error: {self.one.errors[0]}"
        return " + ".join(f"{sum(one.last is not None for one in answer.series)}" for answer in self.one.answers)

    @property
    def is_empty(self) -> bool:
        return self.one.drawn.is_empty or all(answer.is_empty for answer in self.one.answers)

    def __str__(self) -> str:
        shown = ", ".join(dict.fromkeys(self.one.drawn.values if self.is_run else ()))
        shown = shown if len(shown) <= VALUE_MAX else f"{shown[: VALUE_MAX - 1]}…"
        return f"{self.board:9} │ {self.row:26.26} │ {self.place[1]:32.32} │ {self.result:17.60} │ {shown}"


@pytest.fixture(scope="module")
def lines(filled) -> list[Line]:
    """Every panel, as it looks once the day is over."""
    now = time.time()
    made = [board.json for board in dashboards.boards(read_slos(filled.slo))]
    pages: list[Page] = [
        rendered(board, Prometheus(filled.prometheus), now, length=now - filled.began, scrape=filled.scrape_s,
                 chosen={"window": filled.window})
        for board in made
    ]  # fmt: skip
    found = [
        Line(page.board["uid"].removeprefix("planner-"), section.title, one)
        for page in pages
        for section in page.sections
        for one in section.panels
        if one.panel["type"] != "text"
    ]
    print(f"\n{'board':9} │ {'row':26} │ {'panel':32} │ {'series':17} │ shown")
    print(*found, sep="\n")
    return found


def _table(found: list[Line], why: str) -> str:
    return f"{why}:\n" + "\n".join(map(str, found))


def test_every_query_is_answered(lines: list[Line]) -> None:
    assert {line.board for line in lines} >= {"promises", "overview", "chat", "reminders", "outside", "database"}
    wrong = [line for line in lines if line.one.errors]
    assert not wrong, _table(wrong, "Prometheus refuses these")


def test_no_panel_is_empty(lines: list[Line]) -> None:
    run = [line for line in lines if line.is_run]
    empty = [line for line in run if line.is_empty and line.place not in MAY_BE_EMPTY]
    assert not empty, _table(empty, "nothing is shown")
    filled = {line.place for line in run if not line.is_empty}
    assert {place for place in MAY_BE_EMPTY if place[0] == "promises"} <= filled
    assert len(run) > len(lines) / 2


def test_what_is_not_run_is_fed_by_who_is_not_here_alone(lines: list[Line]) -> None:
    others = [line for line in lines if not line.is_run]
    assert {line.board for line in others} <= {"watchers", "traces"}
    mixed = [line for line in others if any("planner_" in answer.expression for answer in line.one.answers)]
    assert not mixed, _table(mixed, "the planner feeds these, too")


def test_every_value_is_written_in_its_unit(lines: list[Line]) -> None:
    wrong = [line for line in lines if line.is_run and list(_out_of_unit(line.one))]
    assert not wrong, _table(wrong, "without their unit")


def _out_of_unit(one: Rendered) -> Iterator[str]:
    unit = one.panel["fieldConfig"]["defaults"].get("unit", "none")
    if not units.is_known(unit):
        yield unit
    if one.panel["type"] in {"stat", "bargauge"} and unit in SUFFIXES:
        numbers = [text for text in one.drawn.values if re.match(r"-?[\d.]+", text)]
        yield from (text for text in numbers if not re.search(SUFFIXES[unit], text))


def test_nobody_stumbles_over_what_is_shown(lines: list[Line]) -> None:
    wrong = [f"{line}\n    {fault}" for line in lines for fault in sense.faults(line.one)]
    assert not wrong, "people would stumble over:\n" + "\n".join(wrong)


# The day itself: here, because a day is played once for a file (see conftest.py)


def test_all_that_should_happen_in_the_demos_day_did(filled: Filled) -> None:
    assert filled.exit_code == 0, filled.narrated
    assert "0 did not" in filled.narrated


def test_its_bad_hour_was_told_to_the_owner_and_so_was_its_end(filled: Filled) -> None:
    [red] = filled.told_alice("🔴 On-time reminders")
    [over] = filled.told_alice("✅ Over: On-time reminders")
    assert red["date"] < over["date"]
    assert "Bad in the last 2 minutes: " in red["text"]
    assert "On-time reminders: too many bad within 2m" in over["text"]
    fast = 'ALERTS{alertname="PlannerRemindersFastBurn",alertstate="firing"}'
    assert filled.highest(fast) == 1
    assert filled.query(fast) == []
    told = {one["metric"]["alertname"] for one in filled.range('ALERTS{alertstate="firing",severity="critical"}')}
    assert told == {"PlannerRemindersFastBurn"}, "one alert, and nobody is woken for anything else"


def _shown() -> Iterator[tuple[Metric, str]]:
    """What the day means to show: a metric, and its label's values."""
    for kind in reminders.KINDS:
        yield reminders.SETTLED, f'kind="{kind}",outcome="on_time"'
    for outcome in ("late", "failed"):
        yield reminders.SETTLED, f'kind="event",outcome="{outcome}"'
    for why in ("cancelled", "failed", "undeliverable"):
        yield reminders.GIVEN_UP, f'why="{why}"'
    for outcome in calendars.OUTCOMES:
        yield calendars.SYNCS, f'outcome="{outcome}"'
    for kind in security.REFUSALS.labels[0].values:
        yield security.REFUSALS, f'kind="{kind}"'
    for kind in outside.ERROR_KINDS:
        yield outside.ERRORS, f'kind="{kind}"'
    for region in ("Africa", "America", "Asia", "Australia", "Europe"):
        yield people.REGIONS, f'region="{region}"'
    for source in ("chat", "file", "feed"):
        yield people.EVENTS, f'source="{source}"'
    for handler in HANDLERS_SHOWN:
        yield chat.UPDATES, f'handler="{handler}"'
    for metric in (reminders.RECLAIMED, outside.OUTAGES, database.BUSY, database.BACKUP_AT, slo.PINGS, cost.USER,
                   process.STARTS, calendars.SKIPPED, calendars.UNCHANGED):  # fmt: skip
        yield metric, ""
    yield reminders.REPEATS_AVOIDED, 'of="reminder"'


def test_what_the_day_means_to_show_is_in_prometheus(filled: Filled) -> None:
    missing = [f"{metric.prometheus}{{{matcher}}}" for metric, matcher in _shown()
               if not filled.highest(f"{metric.prometheus}{{{matcher}}}")]  # fmt: skip
    assert not missing


def test_nothing_failed_in_the_planner_itself(filled: Filled) -> None:
    assert filled.highest('planner_updates_total{outcome="failed"}') == 0
    assert filled.highest("planner_worker_restarts_total") == 0
