"""Calendars other than the Gregorian one, as RSCALE names them (RFC 7529; CLDR's identifiers): their years and months.

A day is its proleptic ordinal, as ``date.toordinal`` has it. All are counted by arithmetic but the Chinese one, whose
months from 1900 to 2100 are in a table: they follow the sun and the moon (GB/T 33661-2017).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from planner.rrule.days import month_bounds, new_year

Name = tuple[int, bool]
"""A month's number, and whether it is the leap month that comes after that number: ``5L``."""


class Month(NamedTuple):
    """A month of a year: its name, its first day, and its number of days."""

    name: Name
    first: int
    size: int


@dataclass(frozen=True, slots=True)
class Scale:
    """A calendar: the names and sizes of a year's months, and its first day. It is known for ``first`` to ``last``."""

    sizes: Callable[[int], tuple[tuple[Name, int], ...]]
    begins: Callable[[int], int]
    first: int = 1
    last: int = 20_000

    def year_of(self, day: int) -> int:
        """The year that a day is in. Raises ``ValueError`` where the calendar is not known."""
        if not self.begins(self.first) <= day < self.begins(self.last + 1):
            raise ValueError("scale")
        low, high = self.first, self.last
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self.begins(middle) <= day else (low, middle - 1)
        return low


@lru_cache(maxsize=2_048)
def months(scale: Scale, year: int) -> tuple[Month, ...]:
    """The months of a year, in order."""
    return tuple(_one_after_another(scale.begins(year), scale.sizes(year)))


def _one_after_another(first: int, sizes: tuple[tuple[Name, int], ...]) -> Iterator[Month]:
    for name, size in sizes:
        yield Month(name, first, size)
        first += size


def _plain(*sizes: int) -> tuple[tuple[Name, int], ...]:
    return tuple(((number, False), size) for number, size in enumerate(sizes, 1))


def _thirteen(epoch: int, ahead: int = 0) -> Scale:
    """Twelve months of thirty days and one of five, or six: ``ahead`` years are counted before the epoch's."""
    return Scale(
        lambda year: _plain(*(30,) * 12, 6 if (year - ahead) % 4 == 3 else 5),
        lambda year: epoch + 365 * (year - ahead - 1) + (year - ahead) // 4,
        first=1 + ahead,
        last=9_000 + ahead,
    )


def _islamic(epoch: int) -> Scale:
    """Eleven leap years in thirty."""
    return Scale(
        lambda year: _plain(*(30, 29) * 5, 30, 30 if (14 + 11 * year) % 30 < 11 else 29),
        lambda year: epoch + 354 * (year - 1) + (3 + 11 * year) // 30,
    )


def _indian_sizes(year: int) -> tuple[tuple[Name, int], ...]:
    leap = month_bounds(year + _SAKA, 2)[1] == 29
    return _plain(31 if leap else 30, *(31,) * 5, *(30,) * 6)


def _indian_begins(year: int) -> int:
    return new_year(year + _SAKA) + 80


def _persian_begins(year: int) -> int:
    return 226_895 + 365 * (year - 1) + (8 * year + 21) // 33


def _persian_sizes(year: int) -> tuple[tuple[Name, int], ...]:
    return _plain(*(31,) * 6, *(30,) * 5, _persian_begins(year + 1) - _persian_begins(year) - 336)


def _hebrew_elapsed(year: int) -> int:
    """Days until the year's first new moon, put off from a Sunday, a Wednesday and a Friday."""
    moons = (235 * year - 234) // 19
    day = 29 * moons + (12_084 + 13_753 * moons) // 25_920
    return day + (3 * (day + 1) % 7 < 3)


@lru_cache(maxsize=2_048)
def _hebrew_begins(year: int) -> int:
    before, this, after = (_hebrew_elapsed(one) for one in (year - 1, year, year + 1))
    late = 2 if after - this == 356 else int(this - before == 382)
    return -1_373_427 + this + late


def _hebrew_sizes(year: int) -> tuple[tuple[Name, int], ...]:
    """From Tishri on; Adar I, in a leap year, is ``5L``, and Adar or Adar II is 6."""
    days = _hebrew_begins(year + 1) - _hebrew_begins(year)
    second, third = 30 if days % 10 == 5 else 29, 29 if days % 10 == 3 else 30
    found = list(_plain(30, second, third, 29, 30, 29, 30, 29, 30, 29, 30, 29))
    if (7 * year + 1) % 19 < 7:
        found.insert(5, ((5, True), 30))
    return tuple(found)


def _chinese_sizes(year: int) -> tuple[tuple[Name, int], ...]:
    at = 5 * (year - _CHINESE_FIRST)
    said = int(_CHINESE[at : at + 5], 16)
    leap = said >> 13
    names: list[Name] = [(number, False) for number in range(1, 13)]
    if leap:
        names.insert(leap, (leap, True))
    return tuple((name, 29 + (said >> place & 1)) for place, name in enumerate(names))


def _chinese_begins(year: int) -> int:
    return _chinese_new_years()[year - _CHINESE_FIRST]


@lru_cache(maxsize=1)
def _chinese_new_years() -> tuple[int, ...]:
    found = [date(1900, 1, 31).toordinal()]
    for year in range(_CHINESE_FIRST, _CHINESE_LAST + 1):
        found.append(found[-1] + sum(size for _, size in _chinese_sizes(year)))
    return tuple(found)


_SAKA = 78
"""So many years later the Gregorian calendar counts than the Indian one."""
_CHINESE_FIRST, _CHINESE_LAST = 1_900, 2_100
_CHINESE = (
    "116d20075200ea50b64a0064b00a9b095560056a00b5905752007520db2500b2500a4b0b4ab002ad0056b04b6900da90fd92"
    "00e9200d250ba4d00a56002b6095b5006d400ea905e9200e920cd260052b00a570b2b600b5a006d406ec9007490f69300a93"
    "0052b0ca5b00aad0056a09b5500ba400b4905a9300a950f52d0053600aad0b5aa005b200da507d4a00d4a10a9500a9700556"
    "0cab500ad5006d208ea500ea50064a06c9700a9b0f55a0056a00b690b75200b5200b250964b00a4b114ab002ad0056d0cb69"
    "00da900d9209d2500d2515a4d00a56002b60c5b5006d500ea90be9200e9200d2606a5600a57114d60035a006d50b6c900749"
    "006930952b0052b00a5b0555a0056a0fb5500ba400b490ba9300a950052d08aad00ab5135aa005d200da50dd4a00d4a00c95"
    "0952e0055600ab5055b2006d20cea5007250064b0ac9700cab0055a06ad600b691775200b5200b250da4b00a4b004ab0a55b"
    "005ad00b6a05b5200d920fd2500d2500a550b4ad004b6005b506daa00ec911e9200e9200d260ca5600a57004d6086d500755"
    "0074906e93006930f52b0052b00a5b0b55a0056a00b650974a00b4a11a9500a950052d0caad00ab5005aa08ba500da500d4a"
    "07c9500c960f94e0055600ab50b5b2006d200ea508e4a0068b10c97004ab0055b0cad600b6a007520972500b4500a8b0549b"
    "004ab"
)
"""A year in five digits of 16: which month has a leap month after it, times 2 to the 13th, and a bit for each month,
the first lowest, that has 30 days."""
_ETHIOPIC = 2_796

SCALES: Mapping[str, Scale] = {
    "CHINESE": Scale(_chinese_sizes, _chinese_begins, _CHINESE_FIRST, _CHINESE_LAST),
    "COPTIC": _thirteen(103_605),
    "ETHIOPIC": _thirteen(_ETHIOPIC),
    "ETHIOPIC-AMETE-ALEM": _thirteen(_ETHIOPIC, 5_500),
    "HEBREW": Scale(_hebrew_sizes, _hebrew_begins),
    "INDIAN": Scale(_indian_sizes, _indian_begins),
    "ISLAMIC-CIVIL": _islamic(227_015),
    "ISLAMIC-TBLA": _islamic(227_014),
    "PERSIAN": Scale(_persian_sizes, _persian_begins, last=1_633),
}
"""By the names of RSCALE. The Persian one is counted as its observed new years fall until 1633, our 2254."""
