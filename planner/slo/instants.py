"""Instants as promises' pages show them, in UTC: they are read by people and programs anywhere."""

from __future__ import annotations

from datetime import UTC, datetime

from planner.model import SECOND


def shown(at: int) -> str:
    return f"{datetime.fromtimestamp(at / SECOND, UTC):%Y-%m-%d %H:%M} UTC"


def iso(at: int) -> str:
    return f"{datetime.fromtimestamp(at // SECOND, UTC):%Y-%m-%dT%H:%M:%SZ}"
