"""Which minute of the day a time can mean."""

from __future__ import annotations

from dataclasses import dataclass

from planner.when.values import Clock, DayPart, PartName

NOON = 12
DEFAULTS: dict[PartName, int] = {
    "morning": 9 * 60,
    "afternoon": 15 * 60,
    "evening": 19 * 60,
    "night": 22 * 60,
    "tonight": 20 * 60,
    "early": 7 * 60,
    "midday": 13 * 60,
    "closing": 18 * 60,
}
"""The time that stands for a part of the day when none was said: minutes since midnight."""

LATER: dict[PartName, tuple[int, ...]] = {
    "morning": (11 * 60,),
    "afternoon": (17 * 60,),
    "evening": (21 * 60, 22 * 60),
    "night": (23 * 60,),
    "tonight": (21 * 60, 22 * 60, 23 * 60),
    "early": (8 * 60,),
    "midday": (14 * 60,),
    "closing": (20 * 60, 22 * 60),
}
"""What is tried when that has passed."""

NIGHT_ENDS = 4

SMALL_HOURS = {"night": 6, "tonight": 4}
"""Three at night is after midnight; tonight at five is today."""

UNDECIDED = 7
"""The hour that is as likely in the morning as in the evening."""


@dataclass(frozen=True, slots=True)
class Minutes:
    """Minutes since midnight, the likelier first. ``guessed``: the half of the day was not said."""

    options: tuple[int, ...]
    guessed: bool = False


def minutes(clock: Clock, part: DayPart | None = None, hint: str = "") -> Minutes | None:
    """What a clock time can mean; ``None`` when it and the part of day contradict each other."""
    if clock.half:
        minute = clock.hour * 60 + clock.minute if clock.half == "24" else _of_half(clock, clock.half)
        if part is None or not _at_odds(minute // 60, part.name):
            return Minutes((minute,))
        # "In the evening at 6:30" is said where the day is written with 24 hours, too.
        return minutes(Clock(clock.hour, clock.minute, ""), part) if 0 < minute // 60 < NOON else None
    if part is not None:
        fitted = _in_part(clock, part.name)
        return Minutes((fitted,)) if fitted is not None else None
    if clock.hour == NOON:
        return Minutes((clock.hour * 60 + clock.minute,))
    early, late = _of_half(clock, "am"), _of_half(clock, "pm")
    if hint in ("am", "pm"):
        return Minutes((early,) if hint == "am" else (late,), guessed=True)
    if clock.hour == UNDECIDED and hint != "noon":
        return Minutes((early, late), guessed=True)
    return Minutes((early, late) if UNDECIDED < clock.hour < NOON else (late, early), guessed=True)


def _at_odds(hour: int, part: PartName) -> bool:
    """Three in the afternoon is no morning."""
    if part in ("morning", "early"):
        return hour >= NOON + 1
    if part == "evening":
        return NIGHT_ENDS <= hour < NOON + 3
    return part == "afternoon" and hour < NOON - 1


def _of_half(clock: Clock, half: str) -> int:
    return (clock.hour % 12 + (12 if half == "pm" else 0)) * 60 + clock.minute


def _in_part(clock: Clock, part: PartName) -> int | None:
    hour = clock.hour % 12
    if part in ("night", "tonight"):
        return (hour if hour < SMALL_HOURS[part] else hour + 12) * 60 + clock.minute
    if part in ("morning", "early"):
        return (clock.hour if clock.hour < NOON else 0 if clock.hour == NOON else hour) * 60 + clock.minute
    if part == "evening" and hour == 0:
        return 24 * 60 + clock.minute
    if part in ("afternoon", "midday") and hour >= 10:
        return hour * 60 + clock.minute
    return (hour + 12) * 60 + clock.minute


def until(start: int, last: Clock) -> int:
    """The end of a span that began at minute ``start``: the next such time after it."""
    if last.half in ("am", "pm"):
        end = _of_half(last, last.half)
    elif last.half == "24":
        end = last.hour * 60 + last.minute
    else:
        ends = [_of_half(last, half) + day for day in (0, 1440) for half in ("am", "pm")]
        return next(end for end in ends if end > start)
    return end if end > start else end + 1440
