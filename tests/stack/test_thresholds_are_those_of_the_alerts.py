"""Where an alert is behind a panel's colour, the panel turns at the alert's figure and asks for what the alert asks."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from planner.dashboards import chat, kept, overview, written
from planner.dashboards.written import WrittenAlert
from planner.slo.objectives import Severity
from tests.slo.written import written as alerts_by_hand
from tests.stack.boards import BOARDS, PROMISES, asking
from tools.stackcheck import used

RULES = {alert.name: alert for alert in alerts_by_hand()}
UNDRAWN = {
    "Watchdog": "it always fires, so that no figure of it is worse than another",
    "PlannerUnseen": "it is of figures that are absent",
}
"""Alerts that no panel turns at."""
WRITTEN = {one.name: one for one in vars(written).values() if isinstance(one, WrittenAlert)}
JUDGED = [path for path in BOARDS if path != "dashboards/promises.json"]
"""Dashboards whose every colour is an alert's or a promise's. That of promises has no others, see slo.toml."""
NOTICES: dict[str, dict[float, str]] = {
    "chat": {chat.SLOW_S: "an answer that people wait for, though it is not late by the promise yet"},
    "reminders": {kept.ON_TIME_S / 4: "a lateness on its way to what is promised"},
    "overview": {overview.YOUNG_S: "a start that is news", 1: "an alert that fires, whichever"},
    "traces": {1: "a reminder that was late, which the promise counts as bad"},
}
"""Colours that are neither, by board; each with what it says."""
NUMBER = r"[\d.]+(?:\s*[-+*/^]\s*[\d.]+)*"
every_alert = pytest.mark.parametrize("alert", WRITTEN.values(), ids=WRITTEN)


def figures(alert: str) -> dict[float, str]:
    """What an alert compares with, and how. A figure that others are multiplied with is none."""
    expression = bare(RULES[alert].expr)
    found = {number(right): sign for sign, right in re.findall(rf"(==|<|>)\s*({NUMBER})(?![\d.\s]*[*/^])", expression)}
    return found | {number(ahead): "<" for ahead in re.findall(rf"predict_linear\([^,]+,\s*({NUMBER})\)", expression)}


def number(written: str) -> float:
    """N - 0.5 is a count of N, for increase() extrapolates."""
    count = re.fullmatch(r"(\d+) - 0\.5", written.strip())
    return float(count[1]) if count else float(math.prod(_power(one) for one in written.split("*")))


def _power(written: str) -> float:
    base, _, exponent = written.partition("^")
    return math.pow(float(base), float(exponent or 1))


def bare(expression: str) -> str:
    return re.sub(r"\{[^}]*\}", "", expression)


def bounds(alert: str) -> set[float]:
    """From which length on an alert counts what is slow."""
    return {float(bound) for bound in re.findall(r'le=~?"([\d.]+)', RULES[alert].expr)}


def asked(expression: str) -> set[tuple[str, frozenset[str]]]:
    """Which series, but for the instance that is chosen."""
    found = re.findall(rf"\b({'|'.join(used.names_in(expression))})(?:\{{([^}}]*)\}})?", expression)
    return {(name, frozenset(re.findall(r'\w+=~?"[^"]*"', labels)) - {'instance=~"$instance"'})
            for name, labels in found}  # fmt: skip


def windows(expression: str) -> set[str]:
    return {one or other for one, other in re.findall(r"\[(\w+)\]|offset (\w+)", expression)}


def judged() -> Iterator[tuple[Any, WrittenAlert]]:
    """Panels that say that a colour of theirs is an alert's, with each of these."""
    for board in BOARDS.values():
        for panel in asking(board):
            for name in re.findall(r"(?:Red|Orange|Blue): there is an alert, see \S*?(\w+)\.md", panel["description"]):
                if name in WRITTEN:
                    yield panel, WRITTEN[name]


def color(panel: Any, value: float) -> str:
    """As Grafana shows a value: by its word, or by the last step that it reaches."""
    fields = panel["fieldConfig"]["defaults"]
    for mapping in fields["mappings"]:
        if mapping["type"] == "value" and f"{value:g}" in mapping["options"]:
            return str(mapping["options"][f"{value:g}"]["color"])
    reached = [step for step in fields["thresholds"]["steps"] if step["value"] is None or step["value"] <= value]
    return str(reached[-1]["color"])


@every_alert
def test_it_is_a_written_alert(alert: WrittenAlert) -> None:
    rule = RULES[alert.name]
    assert alert.severity == Severity(rule.labels["severity"])
    assert alert.page(PROMISES.links).endswith(rule.annotations["runbook_url"])
    assert alert.at in figures(alert.name)
    assert {alert.window} - {""} <= windows(rule.expr)
    assert {alert.length} - {0} == bounds(alert.name)


def test_every_alert_is_one_that_panels_can_turn_at() -> None:
    assert RULES.keys() == WRITTEN.keys() | UNDRAWN.keys()
    assert not WRITTEN.keys() & UNDRAWN.keys()


def test_a_panel_turns_where_its_alert_fires() -> None:
    seen = set()
    for panel, alert in judged():
        seen.add(alert.name)
        match figures(alert.name)[alert.at]:
            case ">":
                worse, better = alert.at, alert.at * 0.999
            case "<":
                worse, better = alert.at * 0.999, alert.at
            case _:
                worse, better = alert.at, 1 - alert.at
        assert (color(panel, worse) == alert.color) is True, (panel["title"], alert)
        assert (color(panel, better) == alert.color) is False, (panel["title"], alert)
    assert len(seen) > len(WRITTEN) / 2


def test_a_panel_asks_for_what_its_alert_asks() -> None:
    for panel, alert in judged():
        theirs = " ".join(RULES[other.name].expr for one, other in judged() if one is panel)
        for target in panel["targets"]:
            assert asked(target["expr"]) <= asked(theirs), panel["title"]
            assert windows(target["expr"]) <= windows(theirs), panel["title"]
        assert asked(panel["targets"][0]["expr"]) & asked(RULES[alert.name].expr), panel["title"]


@pytest.mark.parametrize("name", JUDGED)
def test_no_colour_is_made_up(name: str) -> None:
    promised = {share for slo in PROMISES.slos for share in (slo.objective, slo.alert_below)}
    promised |= {kept.ON_TIME_S, kept.ANSWERED_S}
    for panel in asking(BOARDS[name]):
        if panel["type"] not in {"stat", "timeseries", "bargauge"}:
            continue
        told = panel["description"]
        alerts = [one for one in re.findall(r"(\w+)\.md", told) if one in RULES]
        meant = {figure for alert in alerts for figure in (*figures(alert), *bounds(alert))}
        meant |= promised if re.search(r"promise|slo-|slo\.toml", told, re.IGNORECASE) else set()
        meant |= NOTICES.get(Path(name).stem, {}).keys()
        steps = {step["value"] for step in panel["fieldConfig"]["defaults"]["thresholds"]["steps"]} - {None}
        assert steps <= meant, (panel["title"], steps - meant)


def test_every_alert_has_a_panel_that_leads_to_its_runbook() -> None:
    told = {page for board in BOARDS.values() for panel in asking(board)
            for page in re.findall(r"stack/runbooks/(\w+)\.md", panel["description"])}  # fmt: skip
    assert RULES.keys() <= told, RULES.keys() - told
