"""How an expected reading is written down, and when and where each phrase of the tables is said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from planner.when import Phrase, understand

MOMENTS = {
    "saturday": ("2026-11-21T10:00", "Europe/Berlin"),
    "wednesday": ("2026-03-11T15:30", "America/New_York"),
    "night": ("2026-07-01T01:20", "Asia/Kolkata"),
    "new year's eve": ("2026-12-31T20:45", "Europe/Moscow"),
}
"""Reference instants on the wall clock of a zone, by name."""


@dataclass(frozen=True, slots=True)
class Said:
    """A phrase and what it must mean.

    ``start`` and ``end`` are wall-clock times in ``zone``, or where that was not said in the moment's own; dates
    where the event is all-day. ``choices`` are the starts of the readings offered (``first..last`` where it is several
    days), each with its rule after a space.
    """

    text: str
    title: str = ""
    start: str | None = None
    end: str | None = None
    rrule: str | None = None
    leads: tuple[int, ...] = ()
    status: str = "ok"
    why: str = ""
    zone: str | None = None
    assumed: tuple[str, ...] = ()
    instant: bool = False
    important: bool = False
    unclear: str = ""
    choices: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    silent: bool = False
    moment: str = "saturday"


def now_at(moment: str) -> tuple[int, str]:
    """The instant (UTC ms) and the zone of a moment."""
    local, zone = MOMENTS[moment]
    return round(datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1_000), zone


def heard(text: str, moment: str, lang: str) -> Said:
    """What the parser makes of a phrase, written down in the same way."""
    now, zone = now_at(moment)
    found = understand(text, now=now, zone=zone, lang=lang)
    expected_zone = found.zone or zone
    for when in (found.start, found.end):
        assert when is None or str(when.tzinfo) == expected_zone
    return Said(
        text=text,
        title=found.title,
        start=shown(found, found.start),
        end=shown(found, found.end),
        rrule=found.rrule,
        leads=found.leads_s,
        status=found.status,
        why=found.why,
        zone=found.zone,
        assumed=found.assumed,
        instant=found.instant,
        important=found.important,
        unclear=found.unclear,
        choices=tuple(" ".join(filter(None, (_offered(one), one.rrule))) for one in found.choices),
        excluded=tuple(str(day) for day in found.excluded),
        silent=found.silent,
        moment=moment,
    )


def _offered(choice: Phrase) -> str | None:
    """A choice's start, and the last of its days where it is several."""
    begins = shown(choice, choice.start)
    last = shown(choice, choice.end - timedelta(days=1)) if choice.all_day and choice.end else begins
    return begins if last == begins else f"{begins}..{last}"


def shown(phrase: Phrase, when: datetime | None) -> str | None:
    """A wall-clock time, or a date."""
    if when is None:
        return None
    return f"{when:%Y-%m-%d}" if phrase.all_day else f"{when:%Y-%m-%dT%H:%M}"
