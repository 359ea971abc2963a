"""Numbers as Grafana writes them: with so many digits, in a unit that fits.

The rules are Grafana's (``@grafana/data``, ``valueFormats``): without a number of decimals, three digits that count.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import floor, inf, isfinite, isnan, log10
from time import time
from typing import TypeAlias

MINUTE, HOUR, DAY, WEEK, YEAR = 60.0, 3_600.0, 86_400.0, 604_800.0, 31_556_900.0
UNBOUNDED = "∞"


@dataclass(frozen=True, slots=True)
class Written:
    """A number and what stands around it."""

    number: str
    suffix: str = ""
    prefix: str = ""

    def __str__(self) -> str:
        return f"{self.prefix}{self.number}{self.suffix}"


Format: TypeAlias = Callable[[float, "int | None"], Written]


def written(value: float, unit: str, decimals: int | None = None) -> Written:
    """A value in its unit; a unit that Grafana does not know is written behind it, as Grafana does."""
    if unit in FORMATS:
        return FORMATS[unit](value, decimals)
    kind, _, word = unit.partition(":")
    if word and kind == "prefix":
        return Written(fixed(value, decimals), prefix=word)
    return Written(fixed(value, decimals), f" {word if word and kind == 'suffix' else unit}")


def is_known(unit: str) -> bool:
    """Whether the unit is one of those that are written here as Grafana writes them."""
    return unit in FORMATS or unit.startswith(("suffix:", "prefix:"))


def fixed(value: float, decimals: int | None) -> str:
    """With ``decimals`` digits behind the point, or as many as count."""
    if isnan(value):
        return "NaN"
    if not isfinite(value):
        return UNBOUNDED if value > 0 else f"-{UNBOUNDED}"
    text = f"{value:.{counting(value) if decimals is None else decimals}f}"
    if decimals is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.removeprefix("-") if not text.strip("-0.") else text


def counting(value: float) -> int:
    """How many digits behind the point make three that count; none of a whole number."""
    return 0 if value == int(value) else max(0, 2 - floor(log10(abs(value))))


def _plain(suffix: str = "", factor: float = 1) -> Format:
    return lambda value, decimals: Written(fixed(value * factor, decimals), suffix)


def _scaled(base: float, steps: tuple[str, ...], smaller: tuple[str, ...] = ()) -> Format:
    """The largest step that leaves a number of 1 or more."""

    def write(value: float, decimals: int | None) -> Written:
        step, left = 0, value
        while isfinite(left) and abs(left) >= base and step < len(steps) - 1:
            step, left = step + 1, left / base
        below = 0
        while left and abs(left) < 1 and step == 0 and below < len(smaller):
            below, left = below + 1, left * base
        return Written(fixed(left, decimals), smaller[below - 1] if below else steps[step])

    return write


def _counted(what: str) -> Format:
    return _scaled(1_000, tuple(f"{step} {what}" for step in ("", "K", "M", "B", "T")))


def _prefixed(base: float, letters: tuple[str, ...], unit: str) -> Format:
    return _scaled(base, tuple(f" {letter}{unit}" for letter in letters))


LENGTHS = (
    (MINUTE, 1.0, " s"), (HOUR, MINUTE, " min"), (DAY, HOUR, " hour"), (WEEK, DAY, " day"), (YEAR, WEEK, " week"),
    (inf, YEAR, " year"),
)  # fmt: skip
SHORT = ((1e-6, 1e-9, " ns"), (1e-3, 1e-6, " µs"), (1.0, 1e-3, " ms"))


def _seconds(value: float, decimals: int | None) -> Written:
    if value == 0:
        return Written("0", " s")
    if not isfinite(value):
        return Written(fixed(value, decimals))
    _, length, name = next((one for one in (*SHORT, *LENGTHS) if abs(value) < one[0]), LENGTHS[-1])
    several = "s" if length >= MINUTE and abs(value / length) != 1 else ""
    return Written(fixed(value / length, decimals), name + several)


def _from_now(value: float, _: int | None) -> Written:
    """Milliseconds since 1970, as moment.js says how far away they are."""
    ahead = value / 1_000 - time()
    words = _about(abs(ahead))
    return Written(f"in {words}" if ahead > 0 else f"{words} ago")


def _about(seconds: float) -> str:
    if seconds < 45:
        return "a few seconds"
    for limit, length, one, many in ((90, 1, "a minute", ""), (45 * MINUTE, MINUTE, "", "minutes"),
                                     (90 * MINUTE, 1, "an hour", ""), (22 * HOUR, HOUR, "", "hours"),
                                     (36 * HOUR, 1, "a day", ""), (26 * DAY, DAY, "", "days"),
                                     (45 * DAY, 1, "a month", ""), (320 * DAY, 30.44 * DAY, "", "months"),
                                     (548 * DAY, 1, "a year", "")):  # fmt: skip
        if seconds < limit:
            return one or f"{max(2, round(seconds / length))} {many}"
    return f"{max(2, round(seconds / YEAR))} years"


def _moment(shape: str) -> Format:
    def write(value: float, _: int | None) -> Written:
        return Written(datetime.fromtimestamp(value / 1_000).astimezone().strftime(shape))

    return write


def _grouped(value: float, decimals: int | None) -> Written:
    return Written(f"{value:,.{counting(value) if decimals is None else decimals}f}")


def _either(no: str, yes: str) -> Format:
    return lambda value, _: Written(yes if value else no)


_DECIMAL = ("", "k", "M", "G", "T", "P")
_BINARY = ("", "Ki", "Mi", "Gi", "Ti", "Pi")

FORMATS: Mapping[str, Format] = {
    "": _plain(),
    "none": _plain(),
    "string": _plain(),
    "short": _scaled(1_000, ("", " K", " Mil", " Bil", " Tri")),
    "locale": _grouped,
    "percent": _plain("%"),
    "percentunit": _plain("%", 100),
    "s": _seconds,
    "ms": lambda value, decimals: _seconds(value / 1_000, decimals),
    "bytes": _prefixed(1_024, _BINARY, "B"),
    "decbytes": _prefixed(1_000, _DECIMAL, "B"),
    "binBps": _prefixed(1_024, _BINARY, "B/s"),
    "Bps": _prefixed(1_000, _DECIMAL, "B/s"),
    "reqps": _counted("req/s"),
    "cps": _counted("c/s"),
    "ops": _counted("ops/s"),
    "hertz": _prefixed(1_000, _DECIMAL, "Hz"),
    "currencyUSD": lambda value, decimals: Written(fixed(value, decimals), prefix="$"),
    "dateTimeFromNow": _from_now,
    "dateTimeAsIso": _moment("%Y-%m-%d %H:%M:%S"),
    "dateTimeAsLocal": _moment("%Y-%m-%d %H:%M:%S"),
    "bool": _either("False", "True"),
    "bool_yes_no": _either("No", "Yes"),
    "bool_on_off": _either("Off", "On"),
}
BINARY = frozenset({"bytes", "binBps"})
LASTING = frozenset({"s"})
