"""Which parts of a scanned text are about time, and which are the title's own words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from planner.when.scan import Part, Scan
from planner.when.slots import Slots, kind, merge, with_date, with_value
from planner.when.values import (
    DAY,
    Bad,
    DayPart,
    Days,
    Every,
    Filler,
    HoursOrClock,
    Lasting,
    Leads,
    MonthDay,
    Offset,
    Sometime,
    Value,
    Weekday,
)

_PART_OF_DAY = {"early": "morning", "midday": "afternoon", "tonight": "evening", "night": "evening"}
"""Parts of the day that can be said of one time together."""

_ZONED = ("time", "part of day", "date")
_ANCHORS = {"date", "time", "part of day", "repeat", "elapsed"}


@dataclass(frozen=True, slots=True)
class Chosen:
    """The parts that count, what they say together, and those about time that make no sense."""

    parts: tuple[Part, ...]
    slots: Slots
    bad: tuple[Part, ...]
    why_bad: str
    doubt: Part | None = None


def choose(scanned: Scan) -> Chosen:
    """Keep the parts that belong together; the rest goes back to the title."""
    parts = _alone_dropped(scanned, _hours_settled(list(scanned.parts)))
    parts, slots = _gathered(scanned, parts)
    bad = tuple(part for part in parts if any(isinstance(value, Bad) for value in part.values))
    bad = bad or _at_odds(parts)
    why = next((v.why for part in bad for v in part.values if isinstance(v, Bad)), "")
    return Chosen(tuple(parts), slots, bad, why, _doubt(scanned, parts))


def _doubt(scanned: Scan, parts: list[Part]) -> Part | None:
    """A month that may be a verb, and a number that may count what follows, with nothing beside them."""
    alone = (p for p in parts if not any(_touch(scanned, p, other) for other in parts if other is not p))
    return next((part for part in alone if _may_count(scanned, part)), None)


def _at_odds(parts: list[Part]) -> tuple[Part, ...]:
    """Parts of the day that exclude each other: morning and evening."""
    said = {_PART_OF_DAY.get(v.name, v.name): part for part in parts for v in part.values if isinstance(v, DayPart)}
    return tuple(said.values()) if len(said) > 1 else ()


def _may_count(scanned: Scan, part: Part) -> bool:
    """Whether a part reads like "May 5 restaurants"."""
    tokens, language = scanned.tokens, scanned.language
    if part.end - part.first != 2 or part.end == len(tokens) or tokens[part.first].low not in language.doubtful:
        return False
    following = tokens[part.end]
    plural = following.kind == "word" and following.low.endswith(language.plural) and len(following.low) > 3
    return tokens[part.end - 1].kind == "int" and plural


def _hours_settled(parts: list[Part]) -> list[Part]:
    """Hours that could be a length or a time of day are a length beside a time."""
    timed = any(_has(part, "time", "elapsed") for part in parts)
    return [
        replace(part, values=tuple(_settled(value, timed=timed) for value in part.values))
        if any(isinstance(value, HoursOrClock) for value in part.values)
        else part
        for part in parts
    ]


def _settled(value: Value, *, timed: bool) -> Value:
    if not isinstance(value, HoursOrClock):
        return value
    return Lasting(value.length) if timed else value.clock


def _has(part: Part, *kinds: str) -> bool:
    return any(kind(value) in kinds for value in part.values)


def _alone_dropped(scanned: Scan, parts: list[Part]) -> list[Part]:
    """Without weak words that stand alone, zones away from a time, "important" inside a sentence."""
    strong = any(not part.weak and _has(part, "date", "repeat") for part in parts)
    kept = []
    for part in parts:
        if _has(part, "repeat") and _leads_title(scanned, parts, part) and _fits_all(parts, part):
            kept.append(replace(part, spoken=True))
            continue
        near = [other for other in parts if other is not part and _touch(scanned, part, other)]
        alone = part.weak and not any(_has(other, *_ANCHORS) for other in near)
        if alone and (strong or _is_figures(scanned, part) or not _is_last(scanned, part)):
            continue
        if part.weak and strong and _has(part, "repeat") and _describes(scanned, part, parts):
            continue
        if _has(part, "zone") and not any(_has(other, *_ZONED) for other in (parts if _in_words(part) else near)):
            continue
        if _has(part, "all day") and not any(_has(other, "date", "repeat") for other in parts):
            continue
        if _has(part, "filler") and not _asks_only(scanned, parts, part):
            continue
        vague = any(isinstance(value, Sometime) for value in part.values) and not _has(part, "date")
        if vague and not _only_time(scanned, parts, part):
            continue
        if _has(part, "important") and not _apart(scanned, part, parts):
            continue
        kept.append(part)
    return kept


def _in_words(part: Part) -> bool:
    """Whether a zone is named outright: "Berlin time"."""
    return part.end - part.first > 1


def _touch(scanned: Scan, a: Part, b: Part) -> bool:
    if a.first > b.first:
        a, b = b, a
    return all(token.kind == "mark" for token in scanned.tokens[a.end : b.first])


def _describes(scanned: Scan, part: Part, parts: list[Part]) -> bool:
    """Whether a word of the title follows: "monthly report"."""
    taken = any(other.first == part.end for other in parts)
    return not taken and part.end < len(scanned.tokens) and scanned.tokens[part.end].kind == "word"


def _leads_title(scanned: Scan, parts: list[Part], part: Part) -> bool:
    return part.weak and _is_first(scanned, parts, part) and _describes(scanned, part, parts)


def _fits_all(parts: list[Part], part: Part) -> bool:
    """Whether "weekly" before a word of the title says how often: beside it there is a time, or the weekday alone."""
    others = [value for other in parts if other is not part for value in other.values]
    every = next(value for value in part.values if isinstance(value, Every))
    on = {"WEEKLY": Weekday, "MONTHLY": MonthDay}.get(every.freq)
    dates = [value for value in others if kind(value) == "date"]
    plain = all(
        on and type(said) is on and said in (Weekday(getattr(said, "day", 0)), MonthDay(getattr(said, "day", 0)))
        for said in dates
    )
    said = {kind(value) for value in others}
    return plain and not said & {"repeat", "elapsed"} and bool(dates or said & {"time"})


def _asks_only(scanned: Scan, parts: list[Part], part: Part) -> bool:
    """Whether words of request stand where they ask, not where they are the title's own."""
    filler = next(value for value in part.values if isinstance(value, Filler))
    if filler.unless:
        covered = {at for other in parts for at in range(other.first, other.end)}
        own = (token.low for at, token in enumerate(scanned.tokens) if at not in covered)
        if any(low in filler.unless for low in own):
            return False
    if filler.anywhere or not part.first or _is_last(scanned, part):
        return True
    return _is_first(scanned, parts, part)


def _only_time(scanned: Scan, parts: list[Part], part: Part) -> bool:
    """Whether nothing but this says when, and no word of the title follows at once."""
    rest = any(_has(other, "time", "part of day", "repeat", "elapsed", "date") for other in parts if other is not part)
    return not rest and not _describes(scanned, part, parts)


def _is_figures(scanned: Scan, part: Part) -> bool:
    return all(token.kind in ("int", "mark") for token in scanned.tokens[part.first : part.end])


def _is_first(scanned: Scan, parts: list[Part], part: Part) -> bool:
    """Whether only other parts stand before it."""
    before = {at for other in parts if other.end <= part.first for at in range(other.first, other.end)}
    return all(at in before or scanned.tokens[at].kind == "mark" for at in range(part.first))


def _is_last(scanned: Scan, part: Part) -> bool:
    return all(token.kind == "mark" for token in scanned.tokens[part.end :])


def _apart(scanned: Scan, part: Part, parts: list[Part]) -> bool:
    """Whether a part stands at an end, or beside a comma or another part."""
    tokens = scanned.tokens
    if part.first == 0 or part.end == len(tokens):
        return True
    if tokens[part.first - 1].kind == "mark" or tokens[part.end].kind == "mark":
        return True
    return any(other.end == part.first or other.first == part.end for other in parts if other is not part)


# Gathering


def _gathered(scanned: Scan, parts: list[Part]) -> tuple[list[Part], Slots]:
    parts = _one_of_each(scanned, parts)
    if not any(_has(part, "time", "part of day", "elapsed") for part in parts):
        parts = [part for part in parts if not _needs_time(part)]
    slots = Slots()
    for part in parts:
        for value in part.values:
            slots = with_value(slots, value)
    if slots.every is None and slots.lasting and slots.lasting.daily and (slots.times or slots.span or slots.part):
        slots = replace(slots, every=Every("DAILY"))
    weekdays = tuple(said.day for said in slots.dates if said == Weekday(getattr(said, "day", 0)))
    if slots.until is not None and slots.every is None and len(weekdays) == len(slots.dates) > 1:
        slots = replace(slots, dates=(), every=Every("WEEKLY", days=tuple(sorted(weekdays))))
    every = slots.every
    if slots.until is not None and every is None and len(slots.dates) == 1 and not slots.times:
        slots = replace(slots, until=None, dates=(), days=Days(slots.dates[0], slots.until.date))
    elif slots.until is not None and every is None:
        slots = with_date(replace(slots, until=None), slots.until.date)
    kept = []
    for part in parts:
        idle = every is None and _has(part, "except", "times")
        if not idle:
            kept.append(part)
    return kept, _joined(scanned, kept, slots)


def _needs_time(part: Part) -> bool:
    """Whether a part says nothing of a whole day: hours that something takes, minutes before it begins."""
    return any(
        (isinstance(value, Lasting) and not value.length.of_days())
        or (isinstance(value, Leads) and value.bare and max(value.seconds) < DAY)
        for value in part.values
    )


def _one_of_each(scanned: Scan, parts: list[Part]) -> list[Part]:
    """Of several dates that say different days, and of several times, the one that is more surely meant."""
    if _several_events(scanned, parts):
        return parts
    parts = _names_dropped(parts)
    for of in ("date", "time"):
        rivals = [part for part in parts if _has(part, of)]
        named = [part for part in rivals if _is_name(scanned, parts, part)]
        if named and len(named) < len(rivals):
            parts = [part for part in parts if part not in named]
            rivals = [part for part in rivals if part not in named]
        if len(rivals) < 2 or _agree(rivals, of) or _listed(scanned, rivals):
            continue
        doubted = [part for part in rivals if _may_count(scanned, part)]
        if doubted and len(doubted) < len(rivals):
            parts = [part for part in parts if part not in doubted]
            continue
        ranked = sorted(rivals, key=lambda part: -_weight(scanned, part, parts))
        best = _weight(scanned, ranked[0], parts)
        losers = [part for part in ranked[1:] if _weight(scanned, part, parts) < best]
        dropped = [part for part in losers if not _agree([ranked[0], part], of)]
        parts = [part for part in parts if part not in dropped]
    return parts


def _is_name(scanned: Scan, parts: list[Part], part: Part) -> bool:
    """Whether a capital after a small word of the title says that this is a name: "фильм Пятница"."""
    first = scanned.tokens[part.first]
    if not scanned.language.small_names or not part.first or part.end - part.first > 1 or first.kind != "word":
        return False
    before = scanned.tokens[part.first - 1]
    return (
        before.kind == "word"
        and not any(other.end == part.first for other in parts)
        and scanned.text[first.start].isupper()
        and not scanned.text[before.start : before.end].isupper()
    )


def _several_events(scanned: Scan, parts: list[Part]) -> bool:
    """Whether two days are said, each with a time of its own beside it, or two times, each introduced as one."""
    dated = [part for part in parts if not part.weak and _has(part, "date")]
    timed = [part for part in parts if _has(part, "time")]
    pairs = [(d, t) for d in dated for t in timed if d is t or _touch(scanned, d, t)]
    two_days = len({d.first for d, _ in pairs}) > 1 and len({t.first for _, t in pairs}) > 1
    introduced = [part for part in timed if _is_introduced(scanned, part)]
    return (two_days and len(dated) == len(timed)) or len(introduced) == len(timed) > 1


def _is_introduced(scanned: Scan, part: Part) -> bool:
    """Whether a part is a time of day beyond doubt: "at" before it, or a colon in it."""
    tokens = scanned.tokens[part.first : part.end]
    return tokens[0].low in scanned.language.introduce or any(token.kind == "hm" for token in tokens)


def _names_dropped(parts: list[Part]) -> list[Part]:
    """A day that is named for its feast or owns something is the title's where the date is said too."""
    weekly = any(isinstance(value, Every) and value.days for part in parts for value in part.values)
    parts = [part for part in parts if not (weekly and any(_owns(value) for value in part.values))]
    dated = [part for part in parts if _has(part, "date")]
    plain = [part for part in dated if not any(_is_naming(value) for value in part.values)]
    return [part for part in parts if part not in dated or part in plain] if plain else parts


def _is_naming(value: Value) -> bool:
    return (isinstance(value, MonthDay) and value.feast) or _owns(value)


def _owns(value: Value) -> bool:
    return isinstance(value, Weekday | Offset) and value.owns


def _agree(parts: list[Part], of: str) -> bool:
    if of == "time":
        return False
    dates: list[Any] = [value for part in parts for value in part.values if kind(value) == "date"]
    if len({said.day for said in dates if said == Weekday(getattr(said, "day", 0))}) > 1:
        return False
    first = dates[0]
    for other in dates[1:]:
        if isinstance(first, Days) or isinstance(other, Days):
            return False
        merged = merge(first, other)
        if merged is None:
            return False
        first = merged
    return True


def _listed(scanned: Scan, parts: list[Part]) -> bool:
    return all(_joint(scanned, a, b) for a, b in pairwise(parts))


def _joint(scanned: Scan, a: Part, b: Part) -> str:
    """The word that joins two parts: "or", "and", or nothing."""
    between = range(a.end, b.first)
    senses = [scanned.senses[at] for at in between]
    if not senses or not all(
        sense.keys() & {"orword", "andword"} or scanned.tokens[at].low in {",", "/", "&"}
        for at, sense in zip(between, senses, strict=True)
    ):
        return ""
    return "or" if any("orword" in sense for sense in senses) else "and"


def _weight(scanned: Scan, part: Part, parts: list[Part]) -> int:
    near = [other for other in parts if other is not part and _touch(scanned, part, other)]
    weight = 2 * any(_has(other, "time", "date", "repeat", "part of day") for other in near)
    weight += any(_has(other, "time", "part of day") for other in near)
    weight += _is_last(scanned, part) or any(_is_last(scanned, other) for other in near)
    weight += 2 * (part.end - part.first > 1) + (not part.weak)
    weight += 3 * any(isinstance(value, Offset) for value in part.values)
    return weight + any(isinstance(value, MonthDay) for value in part.values)


def _joined(scanned: Scan, parts: list[Part], slots: Slots) -> Slots:
    """Whether several dates or times are alternatives, or more than one event."""
    for of, count in (("date", len(slots.dates)), ("time", len(slots.times))):
        rivals = [part for part in parts if _has(part, of)]
        if count > 1:
            joints = [_joint(scanned, a, b) for a, b in pairwise(rivals)]
            slots = replace(slots, many=slots.many or not (slots.one_of or "or" in joints))
    return slots
