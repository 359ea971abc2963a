"""Whether alerts arrive: by what Alertmanager delivers to the heartbeat, and not by the word of Prometheus alone."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from planner.dashboards.watchers import WAY

PROMTOOL = shutil.which("promtool")
WORKS, BROKEN, NOT_SET_UP = 1, 0, -1
MINUTES = 120
EVERY_MINUTE, NEVER = f"0+1x{MINUTES}", f"0x{MINUTES}"
FIRES = f"1x{MINUTES}"


@pytest.mark.skipif(PROMTOOL is None, reason="promtool is not installed")
@pytest.mark.parametrize(
    ("fires", "told", "failed", "minute", "expected"),
    [
        (FIRES, EVERY_MINUTE, NEVER, 10, WORKS),
        (FIRES, EVERY_MINUTE, NEVER, 110, WORKS),
        (FIRES, EVERY_MINUTE, None, 10, WORKS),
        (FIRES, EVERY_MINUTE, EVERY_MINUTE, 10, BROKEN),
        (FIRES, EVERY_MINUTE, f"0x80 0+1x{MINUTES - 80}", 110, BROKEN),
        (FIRES, EVERY_MINUTE, "0 1 1 1 1 1 1 1 1 1 1 1", 11, WORKS),
        (FIRES, f"0+1x80 80x{MINUTES - 80}", NEVER, 110, BROKEN),
        (FIRES, "0+1x80", "0x80", 110, BROKEN),
        (FIRES, NEVER, NEVER, 110, NOT_SET_UP),
        (FIRES, "0x30 1x50 2x40", NEVER, 110, NOT_SET_UP),
        (FIRES, None, None, 110, NOT_SET_UP),
        ("1x50 stale", EVERY_MINUTE, NEVER, 110, BROKEN),
        ("1x50 stale", NEVER, NEVER, 110, BROKEN),
        (None, None, None, 110, BROKEN),
    ],
    ids=[
        "it is delivered", "for long", "without a word of failures", "nothing is delivered", "not any more", "but once",
        "Alertmanager is told nothing any more", "Alertmanager is gone", "no address", "another webhook's alerts",
        "no Alertmanager", "it fires no more", "nor is there an address", "there is nothing",
    ],
)  # fmt: skip
def test_it_works_where_the_heartbeat_is_delivered(
    fires: str | None, told: str | None, failed: str | None, minute: int, expected: int, tmp_path: Path
) -> None:
    given = {
        'ALERTS{alertname="Watchdog",alertstate="firing",severity="none"}': fires,
        'alertmanager_notifications_total{integration="webhook"}': told,
        'alertmanager_notifications_total{integration="telegram"}': EVERY_MINUTE,
        'alertmanager_notifications_failed_total{integration="webhook",reason="serverError"}': failed,
    }
    case = {
        "interval": "1m",
        "input_series": [{"series": name, "values": values} for name, values in given.items() if values is not None],
        "promql_expr_test": [
            {"expr": WAY, "eval_time": f"{minute}m30s", "exp_samples": [{"labels": "{}", "value": expected}]}
        ],
    }
    (tmp_path / "test.yml").write_text(json.dumps({"rule_files": [], "tests": [case]}))
    done = subprocess.run([str(PROMTOOL), "test", "rules", "test.yml"], cwd=tmp_path, capture_output=True, text=True,
                          check=False)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
