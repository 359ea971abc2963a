"""What a careful friend would have understood: how it is written down, and how an answer is held against it.

A reading is written ``11-22 15:00`` (the year is the moment's own, or is written before it), ``11-22`` for a whole day,
``11-22 15:00-17:00`` or ``11-22 22:00 > 11-23 02:00`` with its end, ``12-01..12-03`` for several whole days (the last
one included), ``11-22 17:00~20:00`` for an hour left to the listener, ``ask`` and ``refused``. Readings that are all
fine stand side by side with ``|`` between them; so do titles (``~word``: has that word in it; ``*``: any), rules and
leads.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from planner.when import Phrase, understand

MOMENTS = {
    "saturday": "2026-11-21T10:00",
    "wednesday": "2026-11-25T14:00",
    "late": "2026-11-21T23:30",
    "small hours": "2026-11-22T00:40",
    "new year's eve": "2026-12-31T18:00",
    "before spring": "2027-03-27T12:00",
    "before autumn": "2026-10-24T12:00",
    "summer": "2026-06-10T08:15",
}
"""When a phrase is said, on the speaker's wall clock."""

COMPARED_OCCURRENCES = 400

CRASH, WRONG, TITLE, QUESTION, CHOICES = "crash", "wrong in silence", "title", "needless question", "choices"
SEVERITY = (CRASH, WRONG, TITLE, QUESTION, CHOICES)
"""How an answer can disappoint, worst first."""

_UNITS = {"m": 60, "h": 3_600, "d": 86_400, "w": 604_800}


@dataclass(frozen=True, slots=True)
class Heard:
    """A phrase, when and where it is said, and every outcome that would please."""

    text: str
    titles: str
    readings: str
    rule: str = ""
    leads: str = ""
    offered: tuple[str, ...] = ()
    important: bool | None = None
    now: str = "saturday"
    zone: str = ""
    end_free: bool = False


def ok(
    text: str,
    titles: str,
    readings: str,
    rule: str = "",
    leads: str = "",
    now: str = "saturday",
    zone: str = "",
    *,
    important: bool | None = None,
    end_free: bool = False,
) -> Heard:
    """A phrase that is understood."""
    return Heard(text, titles, readings, rule, leads, (), important, now, zone, end_free)


def day(text: str, titles: str, on: str, rule: str = "", leads: str = "", now: str = "saturday") -> Heard:
    """A phrase that names a day and no hour: the whole day, or a morning hour that is shown as assumed."""
    return Heard(text, titles, f"{on} | {on} 08:00~12:00", rule, leads, now=now)


def no(text: str, *offered: str, now: str = "saturday", zone: str = "") -> Heard:
    """A phrase that must be asked about or refused; ``offered``: the starts that must be among the choices."""
    return Heard(text, "*", "ask" if offered else "ask | refused", offered=offered, now=now, zone=zone)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How an answer fell short: a member of SEVERITY and what differs."""

    fault: str
    expected: str
    got: str


def listen(said: Heard, lang: str, home: str) -> Verdict | None:
    """Holds the parser's answer to ``said`` against what was expected; None when it would please."""
    zone = said.zone or home
    here = datetime.fromisoformat(MOMENTS[said.now]).replace(tzinfo=ZoneInfo(zone))
    try:
        found = understand(said.text, now=round(here.timestamp() * 1_000), zone=zone, lang=lang)
    except Exception as error:  # noqa: BLE001 - a crash is a verdict like any other, and the worst
        return Verdict(CRASH, said.readings, repr(error))
    return _judged(said, found, here)


def _judged(said: Heard, found: Phrase, here: datetime) -> Verdict | None:
    wanted = [one.strip() for one in said.readings.split("|")]
    if found.status != "ok":
        return _asked(said, found, here, wanted)
    got = shown(found, here)
    faults = [
        (any(_reads(one, found, here, end_free=said.end_free) for one in wanted), said.readings, got),
        (_same_rule(said.rule, found, here), said.rule or "no rule", f"{got} {found.rrule}"),
        (_same_leads(said.leads, found.leads_s), said.leads or "no leads", f"leads {found.leads_s}"),
        (said.important in (None, found.important), f"important: {said.important}", f"important: {found.important}"),
    ]
    for fine, expected, answer in faults:
        if not fine:
            return Verdict(WRONG, expected, answer)
    if not any(_same_title(one.strip(), found.title) for one in said.titles.split("|")):
        return Verdict(TITLE, said.titles, found.title)
    return None


def _asked(said: Heard, found: Phrase, here: datetime, wanted: list[str]) -> Verdict | None:
    if found.status not in wanted:
        offers = ", ".join(shown(one, here) for one in found.choices)
        return Verdict(QUESTION, said.readings, f"{found.status} ({found.why}) {offers}")
    missing = [
        one for one in said.offered if not any(_reads(one, choice, here, end_free=True) for choice in found.choices)
    ]
    if found.status == "ask" and missing:
        return Verdict(
            CHOICES, f"offers {missing}", ", ".join(shown(one, here) for one in found.choices) or "no choices"
        )
    return None


def shown(found: Phrase, here: datetime) -> str:
    """A reading as it is written in the lists, in the speaker's zone."""
    if found.start is None:
        return found.status
    if found.all_day:
        last = found.end.date() - timedelta(days=1) if found.end else found.start.date()
        return f"{found.start:%Y-%m-%d}" + (f"..{last}" if last != found.start.date() else "")
    start, end = _on_the_clock(found.start, here), found.end and _on_the_clock(found.end, here)
    return f"{start:%Y-%m-%d %H:%M}" + (f" > {end:%Y-%m-%d %H:%M}" if end else "")


def _reads(wanted: str, found: Phrase, here: datetime, *, end_free: bool) -> bool:
    if wanted in ("ask", "refused") or found.start is None:
        return False
    first, _, last = wanted.partition(">")
    if " " not in first.strip():
        return found.all_day and _whole_days(first.strip(), found, here)
    if found.all_day:
        return False
    start = _on_the_clock(found.start, here)
    on, hours = first.split()
    earliest, _, latest = hours.partition("~")
    if latest:
        return _date(on, here) == start.date() and earliest <= f"{start:%H:%M}" <= latest
    begins, _, ends = hours.partition("-")
    if f"{start:%Y-%m-%d %H:%M}" != f"{_date(on, here)} {begins}":
        return False
    if ends:
        last = f"{on} {ends}"
    if not last:
        return end_free or found.end in (None, found.start)
    on, hour = last.split()
    wanted_end = f"{_date(on, here)} {hour}"
    return found.end is not None and f"{_on_the_clock(found.end, here):%Y-%m-%d %H:%M}" == wanted_end


def _on_the_clock(when: datetime, here: datetime) -> datetime:
    """By way of UTC: a time that the clocks jump over is shown as the one that comes instead."""
    return when.astimezone(UTC).astimezone(here.tzinfo)


def _whole_days(wanted: str, found: Phrase, here: datetime) -> bool:
    first, _, last = wanted.partition("..")
    end = _date(last or first, here) + timedelta(days=1)
    assert found.start is not None
    ends = found.end.date() if found.end else found.start.date() + timedelta(days=1)
    return found.start.date() == _date(first, here) and ends == end


def _date(written: str, here: datetime) -> date:
    return date.fromisoformat(written if written.count("-") == 2 else f"{here.year}-{written}")


def _same_rule(wanted: str, found: Phrase, here: datetime) -> bool:
    """Rules are the same when they give the same occurrences: BYDAY=-1FR is BYDAY=FR;BYSETPOS=-1."""
    got = _occurrences(found.rrule or "", found, here)
    return any(_occurrences(one.strip(), found, here) == got for one in wanted.split("|"))


def _occurrences(rule: str, found: Phrase, here: datetime) -> list[datetime] | None:
    """The first of them; None without a rule, which is not the same as a rule that never comes true."""
    if not rule or found.start is None:
        return None
    start = found.start.replace(tzinfo=None)
    rule = re.sub(r"UNTIL=(\w+)", lambda until: f"UNTIL={_until(until[1], here)}", rule)
    return list(islice(rrulestr(rule, dtstart=start), COMPARED_OCCURRENCES))


def _until(written: str, here: datetime) -> str:
    """The last day, on the wall clock, through its last second."""
    if written.endswith("Z"):
        utc = datetime.strptime(written, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        written = f"{utc.astimezone(here.tzinfo):%Y%m%d}"
    return f"{written[:8]}T235959"


def _same_leads(wanted: str, got: tuple[int, ...]) -> bool:
    return any(sorted(got) == _leads(one) for one in wanted.split("|"))


def _leads(written: str) -> list[int]:
    return sorted(int(one[:-1]) * _UNITS[one[-1]] for one in written.replace(",", " ").split())


def _same_title(wanted: str, got: str) -> bool:
    if wanted == "*":
        return True
    if wanted.startswith("~"):
        return _plain(wanted[1:]) in _plain(got)
    return _plain(wanted) == _plain(got)


def _plain(title: str) -> str:
    """Neither case, nor a comma between words, nor the punctuation, emoji and spaces around it make another title."""
    title = re.sub(r"[,;:.!?]+(?=\s)", "", title)
    return re.sub(r"^[\W_]+|[\W_]+$", "", " ".join(title.lower().replace("ё", "е").split()))
