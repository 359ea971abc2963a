"""A count at the top of a dashboard: whole where the counter began within the window, else only what was seen."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from planner.catalogue import cost, telemetry
from planner.catalogue.process import STARTED_AT, STARTS
from planner.dashboards.queries import counted

PROMTOOL = shutil.which("promtool")
BORN_S, AT = 3720, "2h"
LONG_AGO, RECENTLY = "-864000x200", f"{BORN_S}x200"
"""When the process was started: days before Prometheus, or within the hour before it is asked."""


@pytest.mark.skipif(PROMTOOL is None, reason="promtool is not installed")
@pytest.mark.parametrize(
    ("kept", "began", "starts", "values", "expected"),
    [
        (False, RECENTLY, "7x200", "_x61 4x140", 4),
        (False, RECENTLY, "7x200", "_x61 4x30 6x140", 6),
        (False, f"-864000x71 {RECENTLY}", "7x200", "50x65 60x5 2x140", 12),
        (False, LONG_AGO, "7x200", "_x61 400x140", 0),
        (True, RECENTLY, "1x200", "_x61 4x140", 4),
        (True, RECENTLY, "2x200", "_x61 400x140", 0),
        (True, LONG_AGO, "1x200", "_x61 400x140", 0),
        (True, None, None, "_x61 400x140", 0),
    ],
    ids=[
        "a young process", "a young process that goes on counting", "a process that was started anew",
        "a Prometheus younger than its process", "a young database", "an old database and a young process",
        "a Prometheus younger than the database", "nothing is known of the start",
    ],
)  # fmt: skip
def test_what_began_within_the_window_counts_whole(
    kept: bool, began: str | None, starts: str | None, values: str, expected: int, tmp_path: Path
) -> None:
    metric = cost.MESSAGES if kept else telemetry.LINES
    given = {STARTED_AT.prometheus: began, STARTS.prometheus: starts, metric.prometheus: values}
    instance = '{instance="one"}'
    asked = f"round({counted(metric, window='1h1m')})".replace("$instance", ".*")
    case = {
        "interval": "1m",
        "input_series": [{"series": name + instance, "values": told} for name, told in given.items() if told],
        "promql_expr_test": [
            {"expr": asked, "eval_time": AT, "exp_samples": [{"labels": "{}", "value": expected}]},
        ],
    }
    (tmp_path / "test.yml").write_text(json.dumps({"rule_files": [], "tests": [case]}))
    done = subprocess.run([str(PROMTOOL), "test", "rules", "test.yml"], cwd=tmp_path, capture_output=True, text=True,
                          check=False)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
