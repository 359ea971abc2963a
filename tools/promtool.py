"""Prometheus' rules, generated and written, through promtool. Whether there is one, whoever calls looks first."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

STACK = Path(__file__).resolve().parents[1] / "stack"
FOLDERS = (STACK / "generated", STACK / "prometheus")
PROMTOOL = shutil.which("promtool")
SPARING = {"GOGC": "off", "GOMEMLIMIT": "256MiB", "GOMAXPROCS": "1"}
"""Nothing is collected before there is much to collect: a file of tests is soon over."""


def check(files: Iterable[Path]) -> str | None:
    """What is wrong with rules; ``None``: nothing."""
    return _said("check", "rules", *map(str, files))


def tested(*files: Path) -> str | None:
    """What fails of files of tests; ``None``: nothing."""
    return _said("test", "rules", *map(str, files))


def _said(*arguments: str) -> str | None:
    environment = {**SPARING, **os.environ}
    ran = subprocess.run([str(PROMTOOL), *arguments], env=environment, capture_output=True, text=True, check=False)
    return None if ran.returncode == 0 else ran.stdout + ran.stderr


def all_faults(folders: Iterable[Path] = FOLDERS) -> list[str]:
    """Of all rules and all their tests, on all cores."""
    rules = [path for folder in folders for path in sorted(folder.glob("*.rules.yml"))]
    tests = [path for folder in folders for path in sorted(folder.glob("tests/*.test.yml"))]
    tests.sort(key=lambda path: path.stat().st_size, reverse=True)
    cores = os.cpu_count() or 1
    shares = [share for first in range(cores) if (share := tests[first::cores])]
    with ThreadPoolExecutor(cores) as threads:
        said = [check(rules), *threads.map(lambda share: tested(*share), shares)]
    print(f"promtool: {len(rules)} files of rules, {len(tests)} of tests")
    return [one for one in said if one is not None]
