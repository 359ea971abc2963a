"""A bot at home, some reminders a day, all well: nothing fires for a week but what always does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from planner import checks, metrics, promises
from planner.health import Health
from planner.model import HOUR, MINUTE, SECOND
from planner.process import Process
from tests.slo.written import RULES, metrics_in, written
from tests.virtual import FakeClock, run
from tests.world import ALICE, World, a_world
from tools import promtool

REMINDERS = 5
WATCHED_MS = 6 * HOUR
"""A part of a day that stands for all."""
EVERY_MIN = 4
SAMPLES = 7 * 24 * 60 // EVERY_MIN
LINE = re.compile(r"([a-z_]+)(\{.*\})? (\S+)")
COMPARED = ("0.5", "1", "2.5", "10", "60")
"""The bounds of histograms that rules ask for."""
NOT_THE_PLANNERS = {"planner_process_memory_bytes": "110000000", "planner_process_threads": "8"}
"""Of this process the tests have most; these are what a planner has."""

Figures = dict[str, tuple[str, float]]
"""By series: its metric, and what it stands at."""


def figures(text: str) -> Figures:
    found = (LINE.fullmatch(line) for line in text.splitlines() if not line.startswith("#"))
    return {one[1] + (one[2] or ""): (one[1], float(one[3])) for one in found if one}


async def look(world: World, health: Health) -> Figures:
    await health.look()
    now = world.clock.now()
    return figures(await metrics.text(world.store, promises.load().slos, now, world.telemetry.metrics))


async def some_hours(folder: Path) -> tuple[int, Figures, Figures]:
    """When it began (UTC ms), and what /metrics said at its beginning and at its end."""
    clock = FakeClock()
    async with a_world(folder, clock) as world:
        health = Health(clock, world.telemetry)
        Process(clock.now(), "3").watch(world.telemetry.metrics)
        health.put([checks.database(checks.Database(world.store, clock)),
                    checks.telegram(world.planner.delivery, world.planner.intake, clock),
                    checks.scheduler(world.planner.scheduler, clock)])  # fmt: skip
        alice = world.person(ALICE)
        await alice.say("/start")
        for number in range(REMINDERS):
            await alice.say(f"water the plants in {10 + 60 * number} minutes")
        await clock.sleep(5 * MINUTE)
        began, before = clock.now(), await look(world, health)
        await clock.sleep(WATCHED_MS)
        after = await look(world, health)
        health.close()
    on_time = [f'planner_reminders_total{{kind="{kind}",outcome="on_time"}}' for kind in ("event", "plan", "snooze")]
    assert sum(after[one][1] - before[one][1] for one in on_time) >= REMINDERS
    return began, before, after


def series(began: int, before: Figures, after: Figures) -> list[str]:
    """As those hours went, so goes the week, from ``began`` as its 0."""
    asked = {name for alert in written() for name in metrics_in(alert.expr)}
    lines = []
    for one, (name, value) in after.items():
        if name in asked and ('le="' not in one or any(f'le="{le}"' in one for le in COMPARED)):
            first = before.get(one, (name, value))[1]
            lines += [f"      - series: '{one}'", f"        values: {_values(name, first, value, began)}"]
    return lines


def _values(name: str, first: float, last: float, began: int) -> str:
    if name in NOT_THE_PLANNERS:
        return f"{NOT_THE_PLANNERS[name]}+0x{SAMPLES}"
    if "_timestamp_" in name:
        return f"{first - began / SECOND:.3f}+{EVERY_MIN * 60 if last > first else 0}x{SAMPLES}"
    step = (last - first) * EVERY_MIN * MINUTE / WATCHED_MS
    return f"{first:.6f}{step:+.9f}x{SAMPLES}"


def against(folder: Path, lines: list[str], until: str, *expected: str) -> list[str]:
    """What promtool has against it that until then (such as ``167h``) just these fired."""
    (folder / "tests").mkdir(parents=True)
    for path in RULES.glob("*.rules.yml"):
        (folder / path.name).write_text(path.read_text())
    asked = f"""
rule_files: [../*.rules.yml]
evaluation_interval: 30m
tests:
  - interval: {EVERY_MIN}m
    input_series:
{chr(10).join(lines)}
    promql_expr_test:
      - expr: max by (alertname) (max_over_time(ALERTS{{alertstate="firing"}}[8d]))
        eval_time: {until}
        exp_samples:
"""
    fired = (f"          - {{labels: '{{alertname=\"{name}\"}}', value: 1}}\n" for name in expected)
    (folder / "tests" / "all.test.yml").write_text(asked + "".join(fired))
    return promtool.all_faults([folder])


@pytest.mark.skipif(promtool.PROMTOOL is None, reason="promtool is not installed: make check says so, too")
def test_nothing_fires_in_a_quiet_week_but_the_watchdog(tmp_path: Path) -> None:
    lines = series(*run(some_hours(tmp_path)))
    assert len(lines) > 200
    assert against(tmp_path / "quiet", lines, "167h", "Watchdog") == []


@pytest.mark.skipif(promtool.PROMTOOL is None, reason="promtool is not installed: make check says so, too")
def test_what_would_fire_is_seen(tmp_path: Path) -> None:
    lines = [f"      - {{series: {name}, values: {values}}}" for name, values in (
        ("planner_circuit_open", "0+0x20 1+0x15"), ("planner_heartbeat_timestamp_seconds", "0+240x35"))]  # fmt: skip
    assert against(tmp_path / "broken", lines, "2h", "PlannerTelegramUnreachable", "Watchdog") == []
