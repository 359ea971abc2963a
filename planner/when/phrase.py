"""What a phrase was understood to mean."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Status = Literal["ok", "ask", "refused"]
Precision = Literal["minute", "part", "day", "week", "month"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """One reading of a phrase, with what was said, what was filled in, and what was left over.

    ``title`` is what is left in the user's own words. ``start`` and ``end`` are aware; for an ``all_day`` event they
    are local midnights, ``end`` being the day after the last. ``rrule`` is an RFC 5545 value without DTSTART, and
    ``excluded`` are the days that it leaves out. ``silent``: no reminder is wanted (no ``leads_s`` alone means the
    usual). ``instant`` marks elapsed time ("in 20 minutes"), ``zone`` an IANA zone that was said. ``assumed`` names
    what was not said and was filled in: ``date``, ``time``, ``am_pm``, ``year``, ``end``. ``taken`` are spans of the
    text with what each was taken for. ``choices`` are the sensible readings when ``status`` is ``ask``. ``why`` is a
    stable code: ``past``, ``ambiguous``, ``no_time``, ``no_title``, ``no_day``, ``not_understood``, ``too_many``,
    ``too_often``, ``too_long``; empty when ok. ``unclear`` are the words that were not understood.
    """

    status: Status
    title: str
    start: datetime | None = None
    end: datetime | None = None
    all_day: bool = False
    rrule: str | None = None
    leads_s: tuple[int, ...] = ()
    instant: bool = False
    zone: str | None = None
    important: bool = False
    precision: Precision = "minute"
    assumed: tuple[str, ...] = ()
    taken: tuple[tuple[int, int, str], ...] = ()
    sure: float = 1.0
    choices: tuple[Phrase, ...] = ()
    why: str = ""
    unclear: str = ""
    excluded: tuple[date, ...] = ()
    silent: bool = False
