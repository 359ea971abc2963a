"""``planner.py slo …``: one module a command. Each declares itself, and imports what it needs when it runs."""

from __future__ import annotations

from types import ModuleType

from planner.slo_commands import forecast, generate, policy, report, simulate, status

ALL: tuple[ModuleType, ...] = (status, report, policy, forecast, generate, simulate)
"""In the order of ``--help``; each has ``add(commands)``."""
