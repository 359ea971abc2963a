"""The tables of alerts: what fires with since when, what fired with when last and for how long; never the watchdog."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from planner.dashboards import alerts
from planner.dashboards.grid import Panel
from planner.model import MINUTE, SECOND
from planner.slo.objectives import Links

PROMTOOL = shutil.which("promtool")
LINKS = Links()
EVERY = 15 * SECOND
A_MINUTE = MINUTE // EVERY


def series(name: str, values: str, **labels: str) -> dict[str, str]:
    inside = ",".join(f'{label}="{value}"' for label, value in labels.items())
    return {"series": f"{name}{{{inside}}}", "values": values}


def fired(name: str, severity: str, begun_s: int, values: str, **labels: str) -> list[dict[str, str]]:
    """An alert that is so since ``begun_s``: pending for a minute, and then as ``values`` say."""
    about = {"alertname": name, "severity": severity, **labels}
    return [
        series("ALERTS", f"1x{A_MINUTE - 1} stale", **about, alertstate="pending"),
        series("ALERTS", f"_x{A_MINUTE} {values}", **about, alertstate="firing"),
        series("ALERTS_FOR_STATE", f"{begun_s}x{A_MINUTE} {begun_s}x200", **about),
    ]


DAY = [
    *fired("PlannerChatFastBurn", "critical", 40, "1x200", slo="chat"),
    *fired("PlannerWorkersDying", "warning", 10, f"1x{4 * A_MINUTE - 1} stale", worker="sync"),
    series("ALERTS", "1x200", alertname="PlannerDiskFilling", severity="warning", alertstate="pending"),
    series("ALERTS_FOR_STATE", "5x200", alertname="PlannerDiskFilling", severity="warning"),
    *fired("Watchdog", "none", 0, "1x200"),
]
"""The promise's fires from the first minute on; a worker's alert did so for four minutes; another is but about to."""
CHAT = '{alertname="PlannerChatFastBurn", severity="critical", slo="chat"}'
WORKERS = '{alertname="PlannerWorkersDying", severity="warning"}'


def expressions(panel: Panel) -> list[str]:
    return [query.expression.replace("$__range", "20m") for query in panel.queries]


def at_the_end(expression: str, *expected: tuple[str, float]) -> dict[str, Any]:
    samples = [{"labels": labels, "value": value} for labels, value in expected]
    return {"expr": expression, "eval_time": "20m", "exp_samples": samples}


@pytest.mark.skipif(PROMTOOL is None, reason="promtool is not installed")
def test_what_fires_and_what_fired_are_told_apart(tmp_path: Path) -> None:
    (since,) = expressions(alerts.now(LINKS))
    last, lasted = expressions(alerts.before(LINKS))
    (count,) = expressions(alerts.how_many(LINKS))
    (states,) = expressions(alerts.course(""))
    tests = [
        at_the_end(since, (CHAT, 40_000)),
        at_the_end(f"round({last} / {MINUTE})", (CHAT, 20), (WORKERS, 5)),
        at_the_end(f"{lasted} / 60 > bool 18", (CHAT, 1), (WORKERS, 0)),
        at_the_end(f"{lasted} / 60 > bool 3", (CHAT, 1), (WORKERS, 1)),
        at_the_end(count, ("{}", 1)),
        at_the_end(states, ('{alertname="PlannerChatFastBurn"}', 3)),
        {
            **at_the_end(states, ('{alertname="PlannerChatFastBurn"}', 3), ('{alertname="PlannerWorkersDying"}', 2)),
            "eval_time": "4m",
        },
    ]
    case = {"interval": "15s", "input_series": DAY, "promql_expr_test": tests}
    (tmp_path / "test.yml").write_text(json.dumps({"rule_files": [], "tests": [case]}))
    done = subprocess.run([str(PROMTOOL), "test", "rules", "test.yml"], cwd=tmp_path, capture_output=True, text=True,
                          check=False)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_is_zero_and_no_gap_where_nothing_fires() -> None:
    (count,) = expressions(alerts.how_many(LINKS))
    assert count.endswith("or vector(0)")
    assert all('alertname!="Watchdog"' in one for panel in (alerts.now(LINKS), alerts.before(LINKS))
               for one in expressions(panel))  # fmt: skip
