"""A text to a :class:`Phrase`: scan it in each language it may be in, and take the best account of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from planner.due import zone_info
from planner.recur import local_instant
from planner.when import title as left
from planner.when.chart import MAX_STEPS
from planner.when.choose import Chosen, choose
from planner.when.hours import minutes
from planner.when.language import Language
from planner.when.languages import likely
from planner.when.phrase import Phrase, Status
from planner.when.reading import Reading, Readings, now_in
from planner.when.readings import read
from planner.when.scan import MAX_PARTS, Scan, chart_of, scan
from planner.when.values import Bad, Clock, DayPart, Midnight

MAX_CHARACTERS = 1_200
"""A longer text is refused unread."""

_RANK = {"ok": 2, "ask": 1, "refused": 0}


def understand(text: str, *, now: int, zone: str, lang: str) -> Phrase:
    """What ``text`` means, said at ``now`` (UTC ms) in the IANA ``zone``. ``lang`` is preferred. Never raises."""
    if len(text) > MAX_CHARACTERS:
        return Phrase("refused", text.strip(), why="too_long", sure=0.0)
    languages = likely(text, lang)
    limit = MAX_STEPS // len(languages)
    accounts = [_in_language(text, language, now, zone, limit) for language in languages]
    return max(accounts, key=_worth)


def _worth(phrase: Phrase) -> tuple[int, int]:
    return _RANK[phrase.status], sum(end - start for start, end, _ in phrase.taken)


def _in_language(text: str, language: Language, now: int, zone: str, limit: int) -> Phrase:
    scanned = scan(text, language, limit)
    if len(scanned.parts) > MAX_PARTS:
        return Phrase("refused", text.strip(), why="too_many", sure=0.0)
    chosen = choose(scanned)
    slots = replace(chosen.slots, feast=scanned.feast)
    try:
        if scanned.maybe is not None:
            slots = replace(slots, dates=(scanned.maybe,))
        found = read(slots, now_in(now, slots.zone or zone), left.hint(scanned, chosen.parts))
        return _phrase(scanned, chosen, found, slots.zone or zone)
    except (ValueError, OverflowError, OSError):
        # A date beyond what a calendar can hold.
        return Phrase("refused", text.strip(), why="not_understood", unclear=_said(scanned, chosen), sure=0.0)


def _phrase(scanned: Scan, chosen: Chosen, found: Readings, zone: str) -> Phrase:
    whole = Phrase(
        status="ok",
        title=left.title(scanned, chosen.parts),
        leads_s=chosen.slots.leads,
        silent=chosen.slots.silent,
        zone=chosen.slots.zone,
        important=chosen.slots.important,
        taken=left.taken(scanned, chosen.parts),
        sure=0.7 if any(part.weak for part in chosen.parts) else 1.0,
    )
    options = tuple(_filled(whole, reading, zone) for reading in found.options)
    if chosen.bad or (not options and found.why not in ("no_time", "past")):
        return _unclear(scanned, chosen, whole, options, found.why)
    if not options:
        return _refused(whole if whole.title else replace(whole, title=scanned.text.strip()), found.why)
    if found.why or len(options) > 1:
        why = found.why or "ambiguous"
        start = options[0].start
        return replace(whole, status="ask", why=why, start=start, choices=options, sure=0.3, all_day=options[0].all_day)
    only = options[0]
    if chosen.doubt is not None:
        without = tuple(part for part in chosen.parts if part is not chosen.doubt)
        whole = replace(only, title=left.title(scanned, without), status="ask", why="ambiguous", sure=0.3)
        return replace(whole, choices=(only,))
    return only if only.title else replace(only, status="ask", why="no_title")


def _refused(whole: Phrase, why: str) -> Phrase:
    status: Status = "ask" if why == "past" else "refused"
    return replace(whole, status=status, why=why, sure=0.0)


def _unclear(scanned: Scan, chosen: Chosen, whole: Phrase, options: tuple[Phrase, ...], why: str) -> Phrase:
    """Something about time that cannot be: what is left of it is offered, the rest is named."""
    unclear = _said(scanned, chosen)
    code = chosen.why_bad or (why if why in ("too_many", "too_often") else "not_understood")
    if not options:
        return replace(whole, status="refused", why=code, unclear=unclear, sure=0.0)
    start = options[0].start
    return replace(whole, status="ask", why=code, unclear=unclear, start=start, choices=options, sure=0.0)


def _said(scanned: Scan, chosen: Chosen) -> str:
    parts = chosen.bad or tuple(part for part in chosen.parts if left.taken(scanned, (part,))[0][2] != "filler")
    return " … ".join(scanned.text[start:end] for start, end, _ in left.taken(scanned, parts))


def _filled(whole: Phrase, reading: Reading, zone: str) -> Phrase:
    return replace(
        whole,
        start=_aware(reading.start, zone) if reading.instant is None else _at(reading.instant, zone),
        end=_end(reading, zone),
        all_day=reading.all_day,
        rrule=reading.rrule,
        instant=reading.instant is not None,
        precision=reading.precision,
        assumed=reading.assumed,
        excluded=reading.excluded,
        sure=round(whole.sure - 0.1 * len(reading.assumed), 2),
    )


def _aware(local: datetime, zone: str) -> datetime:
    """The wall clock as it was said, also where that day leaves it out: a repetition has it on the other days."""
    return local.replace(tzinfo=zone_info(zone), fold=0)


def _at(instant: int, zone: str) -> datetime:
    return datetime.fromtimestamp(instant // 1_000, UTC).astimezone(zone_info(zone))


def _end(reading: Reading, zone: str) -> datetime | None:
    if reading.end is None:
        return None
    if reading.all_day:
        return _aware(reading.end, zone)
    if reading.until:
        return _at(local_instant(reading.end, zone), zone)
    start = local_instant(reading.start, zone) if reading.instant is None else reading.instant
    return _at(start + round((reading.end - reading.start).total_seconds() * 1_000), zone)


def time_of_day(text: str, *, lang: str) -> int | None:
    """Minutes since midnight of a text that is a time and nothing else: "8:30", "20", "8 pm", "в 8 утра"."""
    if len(text) > MAX_CHARACTERS:
        return None
    for language in likely(text, lang):
        chart, size = chart_of(text, language)
        for head in ("wholetime", "bare", "part"):
            values = [value for end, value in chart.match(head, 0) if end == size]
            minute = _minute(values[0] if isinstance(values[0], tuple) else (values[0],)) if values else None
            if minute is not None:
                return minute % 1_440
    return None


def _minute(values: tuple[object, ...]) -> int | None:
    """The minute that a clock and perhaps a part of the day say; an hour of 1 to 12 alone is taken as written."""
    clocks = [value for value in values if isinstance(value, Clock)]
    if any(isinstance(value, Midnight) for value in values):
        return 0
    if len(clocks) != 1 or any(isinstance(value, Bad) for value in values):
        return None
    clock = clocks[0]
    part = next((value for value in values if isinstance(value, DayPart)), None)
    if clock.half == "" and part is None:
        return clock.hour * 60 + clock.minute
    found = minutes(clock, part)
    return found.options[0] if found else None


def durations(text: str, *, lang: str) -> tuple[int, ...] | None:
    """Seconds of each length in a text that is a list of lengths and nothing else: "15 min, 1 day and 2 hours"."""
    if len(text) > MAX_CHARACTERS:
        return None
    for language in likely(text, lang):
        chart, size = chart_of(text, language)
        for head in ("leads", "part"):
            for end, value in chart.match(head, 0):
                seconds = getattr(value, "seconds", None)
                if end == size and isinstance(seconds, tuple):
                    return seconds
    return None
