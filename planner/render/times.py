"""Moments and spans in words. Instants are UTC epoch milliseconds; ``zone`` is the reader's IANA zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from planner.due import zone_info
from planner.model import DAY, HOUR, MINUTE
from planner.render.cities import CITIES
from planner.render.words import Words

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_S = 86_400
_WEEK_S = 7 * _DAY_S
_HOURS_MATTER_BELOW = 7 * DAY
_NO_CITY = {"UTC", "UCT", "GMT", "GMT0", "GMT+0", "GMT-0", "Greenwich", "Universal", "Zulu"}
"""Names of UTC beside those in ``Etc/``."""


def clock_time(ms: int, zone: str) -> str:
    """The time of day: ``09:30``."""
    return f"{_local(ms, zone):%H:%M}"


def day(words: Words, ms: int, zone: str, now: int) -> str:
    """The day: ``today``, ``tomorrow``, ``yesterday`` or ``Mon 23 Nov``, with the year when it is another one."""
    then, today = _local(ms, zone).date(), _local(now, zone).date()
    near = {-1: words.t("yesterday"), 0: words.t("today"), 1: words.t("tomorrow")}
    if (then - today).days in near:
        return near[(then - today).days]
    weekday, month = weekdays_short(words)[then.weekday()], months(words)[then.month - 1]
    if then.year == today.year:
        return words.t("{weekday} {day} {month}", weekday=weekday, day=then.day, month=month)
    return words.t("{weekday} {day} {month} {year}", weekday=weekday, day=then.day, month=month, year=then.year)


def when(words: Words, ms: int, zone: str, now: int) -> str:
    """Day and time: ``tomorrow at 09:30``."""
    return words.t("{day} at {time}", day=day(words, ms, zone, now), time=clock_time(ms, zone))


def span(words: Words, ms: int) -> str:
    """From now until then, to the minute: ``in 2 h 15 min``, ``in less than a minute``, ``now``, ``15 min ago``."""
    if abs(ms) < MINUTE // 2:
        return words.t("in less than a minute") if ms > 0 else words.t("now")
    if ms < 0:
        return words.t("{span} ago", span=short_span(words, -ms))
    return words.t("in {span}", span=short_span(words, ms))


def short_span(words: Words, ms: int) -> str:
    """A length of time, to the minute, hours from a day on, days from a week on: ``2 h 15 min``, ``3 days 4 h``."""
    minutes = max(1, round(ms / MINUTE))
    days, rest = divmod(minutes, DAY // MINUTE)
    hours, left = divmod(rest, HOUR // MINUTE)
    parts = []
    if days:
        parts.append(words.n("{n} day", "{n} days", days))
    if hours and minutes * MINUTE < _HOURS_MATTER_BELOW:
        parts.append(words.t("{n} h", n=hours))
    if left and not days:
        parts.append(words.t("{n} min", n=left))
    return " ".join(parts)


def how_late(words: Words, due_at: int, now: int, zone: str) -> str:
    """What is said with a reminder that comes late: when it was due and how long ago that was."""
    due, ago = when(words, due_at, zone, now), span(words, due_at - now)
    return words.t("Late: this was due {when}, {ago}.", when=due, ago=ago)


def duration(words: Words, seconds: int) -> str:
    """A length of time in whole words: ``1 day 2 hours``. In Russian in the accusative, as after «за» and «через»."""
    if seconds and seconds % _WEEK_S == 0:
        return words.n("{n} week", "{n} weeks", seconds // _WEEK_S)
    days, rest = divmod(seconds, _DAY_S)
    hours, rest = divmod(rest, 3_600)
    minutes, left = divmod(rest, 60)
    parts = []
    if days:
        parts.append(words.n("{n} day", "{n} days", days))
    if hours:
        parts.append(words.n("{n} hour", "{n} hours", hours))
    if minutes or not seconds:
        parts.append(words.n("{n} minute", "{n} minutes", minutes))
    if left:
        parts.append(words.n("{n} second", "{n} seconds", left))
    return " ".join(parts)


def zone_name(zone: str, now: int, lang: str = "en") -> str:
    """A zone by its city, in a language, and its offset at ``now``: ``Berlin (UTC+1)``, ``Москва (UTC+3)``, ``UTC``."""
    minutes = round((_local(now, zone).utcoffset() or timedelta()).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    offset = f"UTC{'−' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}"
    if zone.startswith("Etc/") or zone in _NO_CITY:
        return offset if minutes else "UTC"
    city = CITIES.get(lang, {}).get(zone) or zone.rpartition("/")[2].replace("_", " ")
    return f"{city} ({offset})"


def weekdays_short(words: Words) -> tuple[str, ...]:
    """Monday to Sunday, as they stand in a date."""
    c = words.c
    return (
        c("short weekday", "Mon"), c("short weekday", "Tue"), c("short weekday", "Wed"), c("short weekday", "Thu"),
        c("short weekday", "Fri"), c("short weekday", "Sat"), c("short weekday", "Sun"),
    )  # fmt: skip


def months(words: Words) -> tuple[str, ...]:
    """January to December, as they stand in a date, after the day."""
    c = words.c
    return (
        c("month in a date", "Jan"), c("month in a date", "Feb"), c("month in a date", "Mar"),
        c("month in a date", "Apr"), c("month in a date", "May"), c("month in a date", "Jun"),
        c("month in a date", "Jul"), c("month in a date", "Aug"), c("month in a date", "Sep"),
        c("month in a date", "Oct"), c("month in a date", "Nov"), c("month in a date", "Dec"),
    )  # fmt: skip


def _local(ms: int, zone: str) -> datetime:
    """By integers throughout: a float of milliseconds since 1970 may round across a minute."""
    return (_EPOCH + timedelta(milliseconds=ms)).astimezone(zone_info(zone))
