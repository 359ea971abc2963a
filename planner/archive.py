"""A user's own copy of everything about them: written as JSON, and read back, whoever may have changed it meanwhile.

The form, version 1: an object with ``format``, ``version``, ``exported_at``, ``owner``, ``user`` and a list of rows for
each other kind of thing; docs/privacy.md names them. Instants are UTC epoch milliseconds.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple, TypeVar

from planner import due, recur
from planner.model import DAY, SECOND, Event, Quiet

FORMAT = "planner-export"
VERSION = 1
IMPORT_MAX_BYTES = 20 * 1024 * 1024
"""Telegram gives a bot no larger files either (Bot API, ``getFile``)."""
EVENTS_MAX = 50_000
VALUES_MAX = 2_000_000
"""Values in a file, about: what is read takes a hundred times as much memory as some of them take in the file."""
TITLE_MAX = 1_000
TEXT_MAX = 4_096
RULE_MAX = 500
ZONE_MAX = 64
LEADS_MAX = 20
LEAD_MAX_S = 366 * DAY // SECOND
DURATION_MAX_S = 10 * 366 * DAY // SECOND
EXCLUDED_MAX = 5_000
YEARS = range(1900, 9_000)
INSTANT_MAX = 253_402_000_000_000
SOURCES = frozenset({"here", "file"})
LINKS = ("https://", "http://", "tg://")

UID_MAX = 1_000
CALENDARS_MAX = 100
NAME_MAX = 200
URL_MAX = 4_096
MINUTES_MAX = 24 * 60
DAYS_MAX = 366

_JSON_COLUMNS = frozenset({"leads_s", "excluded", "included", "asked", "before", "progress", "report"})
_FLAGS = frozenset(
    {
        "all_day", "instant", "nag", "zone_assumed", "frozen", "elsewhere", "asked_for", "told", "renamed", "alarms",
        "muted", "in_plan", "waiting",
    }
)  # fmt: skip
_LOCAL = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}")

T = TypeVar("T")


class UnreadableError(ValueError):
    """An export that cannot be read; ``args[0]`` is a stable code: ``damaged``, ``newer`` or ``too_large``."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a user had set."""

    lang: str
    zone: str
    zone_assumed: bool
    plan_minute: int | None
    leads_s: tuple[int, ...]
    quiet: Quiet | None


class Place(NamedTuple):
    """Which event of a calendar file an event is, or would be in the user's own: see ``planner.importing``."""

    uid: str
    part: str
    digest: str


@dataclass(frozen=True, slots=True)
class Linked:
    """A calendar that was linked, and how its user had set it; ``name`` is empty where it is the calendar's own."""

    url: str
    name: str
    mark: str
    leads_s: tuple[int, ...] | None
    alarms: bool
    muted: bool
    in_plan: bool
    tell_days: int
    every_min: int


@dataclass(frozen=True, slots=True)
class Archive:
    """What an export gives back. ``unread`` counts the events in it that are none; those of calendars stay there.

    ``copies`` has, for each event, how many before it are equal to it, ``places`` its place if it has one.
    """

    preferences: Preferences | None
    events: tuple[Event, ...]
    unread: int
    copies: tuple[int, ...]
    places: tuple[Place | None, ...] = ()
    calendars: tuple[Linked, ...] = ()


def write(rows: Mapping[str, list[dict[str, object]]], now: int, *, owner: bool) -> bytes:
    """The export of one user's rows by table, ``users`` being one of them; a row a line."""
    user, *_ = rows["users"]
    head = {"format": FORMAT, "version": VERSION, "exported_at": now, "owner": owner, "user": _plain(user)}
    lines = [f"{_text(name)}: {_text(value)}" for name, value in head.items()]
    lines += [f"{_text(table)}: {_list(found)}" for table, found in rows.items() if table != "users"]
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def _list(rows: list[dict[str, object]]) -> str:
    return "[\n" + ",\n".join(_text(_plain(row)) for row in rows) + "\n]" if rows else "[]"


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _plain(row: dict[str, object]) -> dict[str, object]:
    """A row with what its columns hold as JSON or as 0 and 1 said outright."""
    return {name: _value(name, value) for name, value in row.items()}


def _value(name: str, value: object) -> object:
    if name in _JSON_COLUMNS and isinstance(value, str):
        return json.loads(value)
    if isinstance(value, bytes):
        return value.hex()
    return bool(value) if name in _FLAGS else value


def read(content: bytes) -> Archive | None:
    """What an export holds; ``None`` for what is none at all. Raises ``UnreadableError``, and nothing else."""
    if b'"planner-export"' not in content[:200]:
        return None
    if len(content) > IMPORT_MAX_BYTES or sum(content.count(one) for one in (b",", b"[", b"{")) > VALUES_MAX:
        raise UnreadableError("too_large")
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise UnreadableError("damaged") from None
    if not isinstance(found, dict) or found.get("format") != FORMAT or not _is_whole(found.get("version")):
        raise UnreadableError("damaged")
    if found["version"] > VERSION:
        raise UnreadableError("newer")
    rows = found.get("events")
    if not isinstance(rows, list):
        raise UnreadableError("damaged")
    kept = [row for row in rows if not isinstance(row, dict) or _is_own(row)]
    if len(kept) > EVENTS_MAX:
        raise UnreadableError("too_large")
    events = [(event, _tried(_place, row)) for row in kept if (event := _tried(_event, row)) is not None]
    return Archive(
        _tried(_preferences, found.get("user")),
        tuple(event for event, _ in events),
        len(kept) - len(events),
        tuple(_copies(event for event, _ in events)),
        tuple(place for _, place in events),
        tuple(_calendars(found.get("feeds"))),
    )


def _is_own(row: Mapping[str, object]) -> bool:
    """Whether an event is there, and not that of a linked calendar."""
    return row.get("deleted_at") is None and row.get("feed_id") is None


def _calendars(rows: object) -> Iterator[Linked]:
    """What can be linked again."""
    for row in rows[:CALENDARS_MAX] if isinstance(rows, list) else ():
        if isinstance(row, dict) and row.get("linked_at") is not None and (found := _tried(_linked, row)) is not None:
            yield found


def same(event: Event) -> Event:
    """What two equal events have in common, wherever each is stored: its wall clock, or its instant where it has none.

    Leads and days left out or added are equal in any order.
    """
    return replace(
        event,
        id=0,
        user_id=0,
        start_at=event.start_at if event.instant else 0,
        leads_s=None if event.leads_s is None else tuple(sorted(set(event.leads_s), reverse=True)),
        excluded=tuple(sorted(set(event.excluded))),
        included=tuple(sorted(set(event.included))),
    )


def _copies(events: Iterable[Event]) -> Iterator[int]:
    seen: Counter[Event] = Counter()
    for event in map(same, events):
        yield seen[event]
        seen[event] += 1


class _OddError(ValueError):
    """A value that cannot be what it should."""


def _tried(reader: Callable[[Mapping[str, object]], T], row: object) -> T | None:
    try:
        return reader(row) if isinstance(row, dict) else None
    except _OddError:
        return None


def _event(row: Mapping[str, object]) -> Event:
    zone, rule = row.get("zone"), row.get("rrule")
    if zone is not None and not _is_zone(zone):
        raise _OddError("zone")
    if rule is not None and (not isinstance(rule, str) or len(rule) > RULE_MAX or recur.check(rule) is not None):
        raise _OddError("rrule")
    link, source = _words(row, "link", TEXT_MAX), row.get("source")
    title = _words(row, "title", TITLE_MAX).strip()
    if not title and source != "file":
        raise _OddError("title")
    return Event(
        id=0,
        user_id=0,
        title=title,
        start_local=_local(row.get("start_local")),
        start_at=_whole(row.get("start_at"), -INSTANT_MAX, INSTANT_MAX),
        duration_s=_whole(row.get("duration_s"), 0, DURATION_MAX_S),
        all_day=_flag(row, "all_day"),
        zone=str(zone) if zone is not None else None,
        rrule=str(rule) if rule is not None else None,
        instant=_flag(row, "instant"),
        leads_s=None if row.get("leads_s") is None else _leads(row["leads_s"]),
        place=_words(row, "place", TEXT_MAX),
        notes=_words(row, "notes", TEXT_MAX),
        link=link if link.startswith(LINKS) else "",
        source=source if isinstance(source, str) and source in SOURCES else "file",
        excluded=tuple(_local(one) for one in _items(row.get("excluded", []), EXCLUDED_MAX)),
        nag=_flag(row, "nag"),
        included=tuple(_local(one) for one in _items(row.get("included", []), EXCLUDED_MAX)) if rule else (),
    )


def _place(row: Mapping[str, object]) -> Place | None:
    uid = _words(row, "uid", UID_MAX) if row.get("uid") is not None else ""
    return Place(uid, _words(row, "part", UID_MAX), _words(row, "digest", UID_MAX)) if uid else None


def _linked(row: Mapping[str, object]) -> Linked:
    return Linked(
        url=_words(row, "url", URL_MAX),
        name=_words(row, "name", NAME_MAX) if _flag(row, "renamed") else "",
        mark=_words(row, "mark", NAME_MAX),
        leads_s=None if row.get("leads_s") is None else _leads(row["leads_s"]),
        alarms=_flag(row, "alarms"),
        muted=_flag(row, "muted"),
        in_plan=_flag(row, "in_plan"),
        tell_days=_whole(row.get("tell_days"), 0, DAYS_MAX),
        every_min=_whole(row.get("every_min"), 1, MINUTES_MAX),
    )


def _preferences(row: Mapping[str, object]) -> Preferences:
    if not _is_zone(row.get("zone")) or not isinstance(row.get("lang"), str):
        raise _OddError("zone or language")
    minute, start, end = row.get("plan_minute"), row.get("quiet_start"), row.get("quiet_end")
    quiet = None
    if start is not None and start != end:
        quiet = Quiet(_minute(start), _minute(end))
    return Preferences(
        lang=str(row["lang"]),
        zone=str(row["zone"]),
        zone_assumed=_flag(row, "zone_assumed"),
        plan_minute=None if minute is None else _minute(minute),
        leads_s=_leads(row.get("leads_s")),
        quiet=quiet,
    )


def _words(row: Mapping[str, object], name: str, longest: int) -> str:
    """A text that can be stored and sent on: JSON may hold half a surrogate pair, which UTF-8 cannot."""
    text = row.get(name, "")
    if not isinstance(text, str) or len(text) > longest:
        raise _OddError(name)
    return text.encode("utf-8", "replace").decode()


def _local(text: object) -> str:
    if not isinstance(text, str) or not _LOCAL.fullmatch(text):
        raise _OddError("local time")
    try:
        known = datetime.fromisoformat(text).year in YEARS
    except ValueError:
        known = False
    if not known:
        raise _OddError("local time")
    return text


def _leads(value: object) -> tuple[int, ...]:
    leads = {_whole(lead, 0, LEAD_MAX_S) for lead in _items(value, LEADS_MAX)}
    return tuple(sorted(leads, reverse=True))


def _items(value: object, most: int) -> Iterator[object]:
    if not isinstance(value, list) or len(value) > most:
        raise _OddError("list")
    return iter(value)


def _minute(value: object) -> int:
    return _whole(value, 0, 24 * 60 - 1)


def _whole(value: object, least: int, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise _OddError("number")
    return value


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _flag(row: Mapping[str, object], name: str) -> bool:
    value = row.get(name, False)
    if not isinstance(value, bool):
        raise _OddError(name)
    return value


def _is_zone(value: object) -> bool:
    return isinstance(value, str) and len(value) <= ZONE_MAX and due.knows(value)
