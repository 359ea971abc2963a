"""``planner.py slo …``: one module a command. Each declares itself, and imports what it needs when it runs."""

from __future__ import annotations

from types import ModuleType

from planner.slo_commands import generate, policy, simulate, status

ALL: tuple[ModuleType, ...] = (status, policy, generate, simulate)
"""In the order of ``--help``; each has ``add(commands)``."""
