"""icalendar takes memory: it is imported by the first export, not by the planner."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["planner.app", "planner.chat.router", "planner.feeds"])
def test_the_planner_runs_without_it(module: str) -> None:
    code = f"import sys, {module}; sys.exit(any(name.startswith(('icalendar', 'recurring')) for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
