"""The rules of a zone as they are written mean to another program what the zone means, for decades."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical

from planner.ics.vtimezone import vtimezone

ZONES = (
    "Europe/Berlin", "America/New_York", "America/Nuuk", "Africa/Casablanca", "Australia/Lord_Howe", "Europe/Dublin",
    "Asia/Kathmandu", "America/Santiago", "Antarctica/Troll", "Asia/Gaza", "Europe/Moscow", "Pacific/Apia",
)  # fmt: skip


@pytest.mark.parametrize("zone", ZONES)
def test_another_program_reads_the_same_clock(zone: str) -> None:
    text = "\r\n".join(["BEGIN:VCALENDAR", *vtimezone(zone, 2005), "END:VCALENDAR", ""])
    theirs, ours = tzical(StringIO(text)).get(zone), ZoneInfo(zone)
    assert theirs is not None
    at = datetime.fromisoformat("2006-01-01T12:00:00")
    while at.year < 2050:
        assert at.replace(tzinfo=theirs).utcoffset() == at.replace(tzinfo=ours).utcoffset(), at
        at += timedelta(days=5)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
def test_what_comes_every_year_is_one_rule(zone: str) -> None:
    said = vtimezone(zone, 2020)
    assert sum(line.startswith("RRULE:FREQ=YEARLY;BYMONTH=") for line in said) == 2
    assert not [line for line in said if line.startswith("RDATE")]
