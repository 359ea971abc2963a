"""What only a linked calendar needs takes memory: the first one that is linked pays for it, not the planner."""

from __future__ import annotations

import subprocess
import sys

import pytest

ONLY_FOR_FEEDS = ("planner.feeds.fetch", "planner.feeds.apart", "planner.ics.read")


@pytest.mark.parametrize("module", ["planner.app", "planner.chat.router", "planner.feeds"])
def test_the_planner_runs_without_it(module: str) -> None:
    code = f"import sys, {module}; sys.exit(any(name in sys.modules for name in {ONLY_FOR_FEEDS}))"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


def test_it_is_seen_where_it_is_imported() -> None:
    code = f"import sys, planner.feeds.apart; sys.exit(any(name in sys.modules for name in {ONLY_FOR_FEEDS}))"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 1
