"""Names of days and months in the forms that sentences need, and "the first", "the last", in a noun's gender."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from planner.render.words import Words


@dataclass(frozen=True, slots=True)
class Noun:
    """What can be the first or the last: as it stands after "on the first", and its gender (m, f or n)."""

    text: str
    gender: str


def listed(words: Words, items: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(items) < 2:
        return "".join(items)
    return words.t("{first} and {last}", first=", ".join(items[:-1]), last=items[-1])


def either(words: Words, items: Sequence[str]) -> str:
    """``a or b``, ``a, b or c``."""
    if len(items) < 2:
        return "".join(items)
    return words.t("{first} or {last}", first=", ".join(items[:-1]), last=items[-1])


def months_of(words: Words) -> tuple[str, ...]:
    """January to December, after a day or "of"."""
    c = words.c
    return (
        c("of a month", "January"), c("of a month", "February"), c("of a month", "March"), c("of a month", "April"),
        c("of a month", "May"), c("of a month", "June"), c("of a month", "July"), c("of a month", "August"),
        c("of a month", "September"), c("of a month", "October"), c("of a month", "November"),
        c("of a month", "December"),
    )  # fmt: skip


def months_alone(words: Words) -> tuple[str, ...]:
    """January to December, as they head a calendar."""
    c = words.c
    return (
        c("month alone", "January"), c("month alone", "February"), c("month alone", "March"),
        c("month alone", "April"), c("month alone", "May"), c("month alone", "June"), c("month alone", "July"),
        c("month alone", "August"), c("month alone", "September"), c("month alone", "October"),
        c("month alone", "November"), c("month alone", "December"),
    )  # fmt: skip


def months_in(words: Words) -> tuple[str, ...]:
    """January to December, after "in"."""
    c = words.c
    return (
        c("in a month", "January"), c("in a month", "February"), c("in a month", "March"), c("in a month", "April"),
        c("in a month", "May"), c("in a month", "June"), c("in a month", "July"), c("in a month", "August"),
        c("in a month", "September"), c("in a month", "October"), c("in a month", "November"),
        c("in a month", "December"),
    )  # fmt: skip


def weekdays_every(words: Words) -> tuple[str, ...]:
    """Monday to Sunday, after "every"."""
    c = words.c
    return (
        c("every", "Monday"), c("every", "Tuesday"), c("every", "Wednesday"), c("every", "Thursday"),
        c("every", "Friday"), c("every", "Saturday"), c("every", "Sunday"),
    )  # fmt: skip


def weekdays_on(words: Words) -> tuple[str, ...]:
    """Mondays to Sundays, after "on"."""
    c = words.c
    return (
        c("on", "Mondays"), c("on", "Tuesdays"), c("on", "Wednesdays"), c("on", "Thursdays"),
        c("on", "Fridays"), c("on", "Saturdays"), c("on", "Sundays"),
    )  # fmt: skip


def weekdays_from(words: Words) -> tuple[str, ...]:
    """Monday to Sunday, after "beginning on"."""
    c = words.c
    return (
        c("beginning on", "Monday"), c("beginning on", "Tuesday"), c("beginning on", "Wednesday"),
        c("beginning on", "Thursday"), c("beginning on", "Friday"), c("beginning on", "Saturday"),
        c("beginning on", "Sunday"),
    )  # fmt: skip


def weekdays(words: Words) -> tuple[Noun, ...]:
    """Monday to Sunday, to be counted."""
    c = words.c
    return (
        Noun(c("on the first", "Monday"), c("gender: m, f or n", "Monday")),
        Noun(c("on the first", "Tuesday"), c("gender: m, f or n", "Tuesday")),
        Noun(c("on the first", "Wednesday"), c("gender: m, f or n", "Wednesday")),
        Noun(c("on the first", "Thursday"), c("gender: m, f or n", "Thursday")),
        Noun(c("on the first", "Friday"), c("gender: m, f or n", "Friday")),
        Noun(c("on the first", "Saturday"), c("gender: m, f or n", "Saturday")),
        Noun(c("on the first", "Sunday"), c("gender: m, f or n", "Sunday")),
    )


def any_day(words: Words) -> Noun:
    """A day of whatever name."""
    return Noun(words.c("on the first", "day"), words.c("gender: m, f or n", "day"))


def counted_days(words: Words, days: Sequence[int]) -> Noun:
    """One of these weekdays (Monday 0), to be counted: ``weekday``, ``day``, ``Monday or Tuesday``."""
    c = words.c
    match tuple(days):
        case (0, 1, 2, 3, 4):
            return Noun(c("on the first", "weekday"), c("gender: m, f or n", "weekday"))
        case (5, 6):
            return Noun(c("on the first", "weekend day"), c("gender: m, f or n", "weekend day"))
        case (0, 1, 2, 3, 4, 5, 6):
            return any_day(words)
    found = [weekdays(words)[day] for day in days]
    return Noun(either(words, [one.text for one in found]), found[0].gender)


def day_of_month(words: Words, day: int) -> str:
    """``1st``, ``22nd``: a date's number where its month is not named beside it."""
    c = words.c
    match _suffix(day):
        case "st":
            return c("day of the month", "{n}st", n=day)
        case "nd":
            return c("day of the month", "{n}nd", n=day)
        case "rd":
            return c("day of the month", "{n}rd", n=day)
    return c("day of the month", "{n}th", n=day)


def ordinal(words: Words, number: int, gender: str) -> str:
    """``first``, ``20th``; below 0 from the end: ``last``, ``second-to-last``."""
    spelled, ends = _spelled(words, gender)
    if number in {-1, -2}:
        return ends[-number - 1]
    size = abs(number)
    said = spelled[size - 1] if size <= len(spelled) else _in_figures(words, size, gender)
    return said if number > 0 else words.t("{ordinal}-to-last", ordinal=said)


def from_the_end_last(numbers: Iterable[int]) -> list[int]:
    """In the order that they are said in: ``1, 2, -2, -1``."""
    return sorted(numbers, key=lambda number: (number < 0, number))


def _spelled(words: Words, gender: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    c = words.c
    match gender:
        case "f":
            return (
                (c("feminine", "first"), c("feminine", "second"), c("feminine", "third"), c("feminine", "fourth"),
                 c("feminine", "fifth")),
                (c("feminine", "last"), c("feminine", "second-to-last")),
            )  # fmt: skip
        case "n":
            return (
                (c("neuter", "first"), c("neuter", "second"), c("neuter", "third"), c("neuter", "fourth"),
                 c("neuter", "fifth")),
                (c("neuter", "last"), c("neuter", "second-to-last")),
            )  # fmt: skip
    return (
        (c("masculine", "first"), c("masculine", "second"), c("masculine", "third"), c("masculine", "fourth"),
         c("masculine", "fifth")),
        (c("masculine", "last"), c("masculine", "second-to-last")),
    )  # fmt: skip


def _in_figures(words: Words, number: int, gender: str) -> str:
    c = words.c
    match gender, _suffix(number):
        case "f", "st":
            return c("feminine", "{n}st", n=number)
        case "f", "nd":
            return c("feminine", "{n}nd", n=number)
        case "f", "rd":
            return c("feminine", "{n}rd", n=number)
        case "f", _:
            return c("feminine", "{n}th", n=number)
        case "n", "st":
            return c("neuter", "{n}st", n=number)
        case "n", "nd":
            return c("neuter", "{n}nd", n=number)
        case "n", "rd":
            return c("neuter", "{n}rd", n=number)
        case "n", _:
            return c("neuter", "{n}th", n=number)
        case _, "st":
            return c("masculine", "{n}st", n=number)
        case _, "nd":
            return c("masculine", "{n}nd", n=number)
        case _, "rd":
            return c("masculine", "{n}rd", n=number)
    return c("masculine", "{n}th", n=number)


def _suffix(number: int) -> str:
    """What English writes behind a number; other languages give all four the same translation."""
    if number % 100 in {11, 12, 13}:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
