"""The rules written by hand fire and keep quiet where their tests say, whichever Prometheus reads them, and whence.

``make check`` runs the tests as they stand. Here they run as Prometheus 3 would read the ranges, without their left
edge, and with the labels that a scrape adds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.slo.written import OTHERS, RULES, TESTS, Alert, alerts_of, metrics_in, ours, read, written
from tools import promtool
from tools.mutation import slices

UNIT_MS = {"m": 60_000, "h": 3_600_000, "d": 86_400_000}
SEVERITIES = {"critical", "warning", "info"}
ALERTS = {alert.name: alert for alert in written()}
TOLD = ("summary", "description", "impact", "runbook_url")


def parametrized(names: list[str]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("alert", [ALERTS[name] for name in names], ids=names)


every = parametrized(sorted(ALERTS))


def left_open(rules: str) -> str:
    """Without the millisecond that Prometheus 3 no longer counts among a range."""
    return re.sub(r"\[(\d+)([mhd])\]", lambda found: f"[{int(found[1]) * UNIT_MS[found[2]] - 1}ms]", rules)


def scraped(tests: str) -> str:
    """With labels of a scrape on every series that has none of them."""

    def labelled(found: re.Match[str]) -> str:
        name, labels = found[1], found[2] or ""
        return found[0] if "job=" in labels else f'\'{name}{{{labels}{"," if labels else ""}job="any",pod="a-1"}}\''

    return re.sub(r"(?<=- series: )'([\w:]+)(?:\{(.*)\})?'", labelled, tests)


def alone(rules: Path) -> Iterator[Path]:
    """Each alert's tests beside a file of just this alert: what is evaluated is what is asked for."""
    for alert in alerts_of(rules):
        folder = rules.parent / alert.name
        folder.mkdir()
        for files in slices.stages(rules.read_text(), rules, slices.Rule("alert", alert.name)):
            for name, text in files.items():
                (folder / name).write_text(text)
        yield from folder.glob("*.test.yml")


@pytest.mark.skipif(promtool.PROMTOOL is None, reason="promtool is not installed: make check says so, too")
def test_no_edge_of_a_range_and_no_label_of_a_scrape_matters(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    for path in RULES.glob("*.rules.yml"):
        (tmp_path / path.name).write_text(left_open(path.read_text()))
    for path in TESTS.glob("*.test.yml"):
        (tmp_path / "tests" / path.name).write_text(scraped(path.read_text()))
    assert 'planner_heartbeat_timestamp_seconds{job="any"' in (tmp_path / "tests" / "process.test.yml").read_text()
    assert "[86399999ms]" in (tmp_path / "process.rules.yml").read_text()
    assert promtool.tested(*(test for path in tmp_path.glob("*.rules.yml") for test in alone(path))) is None


def expected(name: str) -> list[bool]:
    """Whether it fires, at each of the moments at which its tests look."""
    return [
        bool(look["exp_alerts"])
        for path in TESTS.glob("*.test.yml")
        for test in read(path)["tests"]
        for look in test["alert_rule_test"]
        if look["alertname"] == name
    ]


@parametrized(sorted(set(ALERTS) - {"Watchdog"}))
def test_each_is_tested_where_it_fires_where_not_and_at_its_edge(alert: Alert) -> None:
    looks = expected(alert.name)
    assert sum(looks) >= 1
    assert len(looks) - sum(looks) >= 2


def test_a_test_asks_for_an_alert_that_there_is() -> None:
    asked = {look["alertname"] for path in TESTS.glob("*.test.yml") for test in read(path)["tests"]
             for look in test["alert_rule_test"]}  # fmt: skip
    assert asked == set(ALERTS)


@every
def test_each_tells_what_it_is_whom_it_hurts_and_where_to_read_on(alert: Alert) -> None:
    assert tuple(alert.annotations) == TOLD
    assert all(text.strip() for text in alert.annotations.values())
    assert alert.annotations["runbook_url"] == f"stack/runbooks/{alert.name}.md"
    assert set(alert.labels) == {"severity"}
    assert alert.labels["severity"] in SEVERITIES or alert.name == "Watchdog"


@every
def test_each_asks_for_metrics_that_there_are(alert: Alert) -> None:
    asked = metrics_in(alert.expr)
    assert asked or alert.name == "Watchdog"
    assert asked <= ours() | OTHERS, asked - ours() - OTHERS


@every
def test_none_asks_who_scraped(alert: Alert) -> None:
    if alert.name == "WatcherDown":
        assert "planner" not in alert.expr
    else:
        assert not re.search(r"\bup\b|\bjob\b|\binstance\b", alert.expr)


@every
def test_labels_of_a_scrape_never_reach_an_alert(alert: Alert) -> None:
    """So that an alert is the same one whichever process, and whichever scrape, it came from."""
    plain = alert.expr == "vector(1)" or "absent_over_time(" in alert.expr
    assert plain or re.match(r"\(*\s*(time\(\) - )?(sum|max|min)( by \([\w, ]+\))? ?\(", alert.expr), alert.expr


def test_there_are_enough_of_them_each_once() -> None:
    names = [alert.name for alert in written()]
    assert len(names) == len(set(names)) >= 25


def test_no_pages_but_for_what_hurts_somebody_now() -> None:
    assert sum(alert.labels["severity"] == "critical" for alert in written()) <= 12


def test_what_the_tests_read_can_be_read() -> None:
    for path in TESTS.glob("*.test.yml"):
        assert yaml.safe_load(scraped(path.read_text()))["rule_files"]
