"""Numbers and times as a report shows them."""

from __future__ import annotations

from datetime import datetime

from planner.due import zone_info
from planner.model import DAY, HOUR, MINUTE, SECOND
from planner.slo.figures import NONE


def change(now: float | None, before: float | None) -> str:
    """What a share has gained or lost, in percentage points."""
    if now is None or before is None:
        return NONE
    points = round((now - before) * 100, 2)
    return f"{points:+g}" if points else "±0"


def number(value: float) -> str:
    """With thousands apart, and without decimals that say nothing: ``1,234``, ``0.7``."""
    if value >= 100 or value == round(value):
        return f"{value:,.0f}"
    return f"{value:,.1f}".removesuffix(".0") if value >= 1 else f"{value:.2g}"


def money(value: float) -> str:
    return f"{value:,.2f}"


def counted(count: float, one: str, many: str | None = None) -> str:
    """``1 minute``, ``2 minutes``."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def span(length_ms: int) -> str:
    """To the second below two minutes, to the minute below two days: ``45 s``, ``1 h 20 min``, ``3 d 4 h``."""
    if length_ms < 2 * MINUTE:
        return f"{round(length_ms / SECOND)} s"
    if length_ms < 2 * DAY:
        hours, minutes = divmod(round(length_ms / MINUTE), HOUR // MINUTE)
        return " ".join(part for part in (f"{hours} h" if hours else "", f"{minutes} min" if minutes else "") if part)
    days, hours = divmod(round(length_ms / HOUR), DAY // HOUR)
    return f"{days} d {hours} h" if hours else f"{days} d"


def moment(at: int, zone: str, *, year: bool = False) -> str:
    """``Mon 23 Nov, 14:05``."""
    return f"{date(at, zone, year=year)}, {clock(at, zone)}"


def date(at: int, zone: str, *, year: bool = False) -> str:
    local = _local(at, zone)
    return f"{local:%a} {local.day} {local:%b}" + (f" {local.year}" if year else "")


def clock(at: int, zone: str) -> str:
    return f"{_local(at, zone):%H:%M}"


def until(begin: int, end: int, zone: str) -> str:
    """The end of what began: only its time where that is the same day."""
    same = _local(begin, zone).date() == _local(end, zone).date()
    return clock(end, zone) if same else moment(end, zone)


def _local(at: int, zone: str) -> datetime:
    return datetime.fromtimestamp(at / SECOND, zone_info(zone))
