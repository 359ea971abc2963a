"""What watches the promises from outside, made of ``slo.toml``: rules, their tests, routes. Pure."""

from __future__ import annotations

from types import ModuleType

from planner.slo.generate import routes, rules, tests
from planner.slo.objectives import Promises

PARTS: tuple[ModuleType, ...] = (rules, tests, routes)
"""Each has ``files(promises)``: a file's text by its path under ``stack/generated``."""


def files(promises: Promises) -> dict[str, str]:
    """Every generated file's text by its path under ``stack/generated``; the same for the same promises."""
    return {path: text for part in PARTS for path, text in part.files(promises).items()}
