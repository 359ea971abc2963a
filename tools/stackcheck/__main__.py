"""``python -m tools.stackcheck``: every check, and what each looked at. Exits with 1 where something is wrong."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from tools.stackcheck import (
    alertmanager,
    collector,
    compose,
    dashboard_types,
    dashboards,
    prometheus,
    provisioning,
    queries,
    rules,
    stores,
    streams,
    used,
)
from tools.stackcheck.found import Found

CHECKS: tuple[Callable[[], Found], ...] = (
    rules.check,
    prometheus.check,
    alertmanager.check,
    alertmanager.routing,
    alertmanager.texts,
    compose.check,
    compose.dockerfile,
    collector.check,
    stores.loki,
    stores.tempo,
    provisioning.check,
    dashboards.check,
    dashboard_types.check,
    queries.by_grammar,
    queries.by_promtool,
    streams.check,
    queries.by_bash,
    used.check,
)


def main(checks: Sequence[Callable[[], Found]] = CHECKS) -> int:
    began = time.monotonic()
    with ThreadPoolExecutor(2) as threads:
        wrong = sum(_told(found) for found in threads.map(lambda check: check(), checks))
    print(f"{len(checks)} checks of the stack, {wrong} with faults, in {time.monotonic() - began:.1f} s")
    return 1 if wrong else 0


def _told(found: Found) -> bool:
    """Whether it counts as wrong."""
    absent = f"; not checked (in part), for there is no {found.absent}" if found.absent else ""
    print(f"{'✗' if found.faults else '–' if found.absent else '✓'} {found.looked}{absent}", flush=True)
    for fault in found.faults:
        print(f"    {fault}", flush=True)
    return bool(found.faults) or bool(found.absent and os.environ.get("CI"))


if __name__ == "__main__":
    sys.exit(main())
