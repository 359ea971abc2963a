"""Days in figures: ``7.11-11.11``, ``7.11``, ``2026-11-07 - 2026-11-11``."""

from __future__ import annotations

import re
from datetime import date

from planner.due import day_of

_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.?(\d{4})?|(\d{4})-(\d\d)-(\d\d)")


def days_of(text: str, *, now: int, zone: str, lang: str) -> tuple[date, date] | None:  # noqa: ARG001
    """The first and the last day named."""
    found = [_date(match, day_of(now, zone).year) for match in _DAY.finditer(text)]
    days = [one for one in found if one is not None]
    return (days[0], days[-1]) if 1 <= len(days) <= 2 and not re.search(r"[^\W\d]", text) else None


def _date(match: re.Match[str], year: int) -> date | None:
    try:
        if match[4]:
            return date(int(match[4]), int(match[5]), int(match[6]))
        return date(int(match[3] or year), int(match[2]), int(match[1]))
    except ValueError:
        return None
