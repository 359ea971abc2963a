"""Instants as promises' pages show them: to people in a zone, to programs in UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from planner.model import SECOND


def shown(at: int, zone: str = "UTC") -> str:
    """With the zone's letters; what is kept and read anywhere is in UTC."""
    return f"{datetime.fromtimestamp(at / SECOND, ZoneInfo(zone)):%Y-%m-%d %H:%M %Z}"


def iso(at: int) -> str:
    return f"{datetime.fromtimestamp(at // SECOND, UTC):%Y-%m-%dT%H:%M:%SZ}"
