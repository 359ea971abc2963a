"""One table of ``slo.toml``, read key by key: each value as what it is meant to be, or what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from planner.slo import lengths

Table = Mapping[str, object]

NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
"""What a promise and a tier may be called: it stands in metrics' labels, in alerts' and in files' names."""
TEXT_MAX = 500
NUMBER_MAX = 1_000_000
_UNSHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_TURNED = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
"""What turns the text after it the other way round (UAX #9, explicit directional formatting)."""
_PAGE = re.compile(r"https?://[^\s/?#@]+([/?#]\S*)?|(?!/)[\w.+/-]+")
"""An address without a user or a password, or a path without spaces."""

EXAMPLES: Mapping[str, str] = {
    "name": '"On-time reminders"',
    "description": '"Reminders that Telegram accepted within 60 s of the time they were due."',
    "counted": '"reminder"',
    "objective": "0.99",
    "window": '"7d"',
    "alert_below": "0.98",
    "owner": '"host"',
    "counts": '"reminders"',
    "metric": '"planner.sli.events"',
    "tiers": '["fast", "slow"]',
    "min_bad": "2",
    "page_min_bad": "3",
    "pages": "true",
    "careful_below": "0.25",
    "impact": '"People hear of what they have to do too late."',
    "policy": '"Change nothing that is not a repair until the budget is back."',
    "runbook": '"stack/runbooks/slo-reminders.md"',
    "long": '"1h"',
    "short": '"5m"',
    "budget": "0.02",
    "severity": '"critical"',
    "keep": '"30m"',
    "for": '"2m"',
    "early": "true",
}
"""What each key may be, where a wrong one is refused."""


class WrongError(Exception):
    """A place in the file, such as ``slo.reminders.tiers``, what is wrong there, and what would be right."""

    def __init__(self, place: str, fault: str, example: str) -> None:
        super().__init__(place, fault, example)
        self.place, self.fault, self.example = place, fault, example


@dataclass(frozen=True, slots=True)
class Section:
    """A table by its place, and what holds where it does not say. Every reader raises ``WrongError``."""

    place: str
    own: Table
    defaults: Table = field(default_factory=dict)

    def wrong(self, key: str, fault: str) -> WrongError:
        here = "defaults" if key in self.defaults and key not in self.own else self.place
        return WrongError(f"{here}.{key}", fault, f"{key} = {EXAMPLES[key]}")

    def clash(self, key: str, fault: str, example: str) -> WrongError:
        """What is right in itself, and wrong here."""
        return WrongError(f"{self.place}.{key}", fault, example)

    def has(self, key: str) -> bool:
        return key in self.own or key in self.defaults

    def text(self, key: str) -> str:
        value = self._value(key)
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(key, "is no text")
        if len(value) > TEXT_MAX or _UNSHOWN.search(value):
            raise self.wrong(key, f"is no text of one line, of {TEXT_MAX} letters at most")
        if _TURNED.search(value):
            raise self.wrong(key, "has a sign in it that turns what follows the other way round")
        if "{{" in value:
            raise self.wrong(key, "has {{, which Prometheus and Alertmanager would carry out")
        return value

    def page(self, key: str) -> str:
        """Where something is written down: a path below the project's folder, or an address."""
        value = self.text(key)
        if _PAGE.fullmatch(value) is None or ("://" not in value and ".." in value.split("/")):
            raise self.wrong(key, "is neither a path within the project nor an http or https address")
        return value

    def one_of(self, key: str, known: Collection[str]) -> str:
        value = self.text(key)
        if value not in known:
            raise self.wrong(key, f"is {value!r}, which is not known{nearest(value, known)}")
        return value

    def some_of(self, key: str, known: Collection[str]) -> tuple[str, ...]:
        return some_of(self._value(key), known, lambda fault: self.wrong(key, fault))

    def share(self, key: str, most: float = 1.0) -> float:
        """A number above 0 and below 1, or up to ``most``."""
        value = self._value(key)
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise self.wrong(key, "is no number")
        if not 0 < value < 1:
            raise self.wrong(key, f"is {value:g}, and not between 0 and 1, both excluded: a share, not a percentage")
        if value > most:
            raise self.wrong(key, f"is {value!r}, above {most!r}: nothing that is counted shows the difference")
        return float(value)

    def whole(self, key: str) -> int:
        value = self._value(key)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= NUMBER_MAX:
            raise self.wrong(key, f"is no whole number from 1 to {NUMBER_MAX}")
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        value = self._value(key) if self.has(key) else default
        if not isinstance(value, bool):
            raise self.wrong(key, "is neither true nor false")
        return value

    def length(self, key: str) -> int:
        """In ms."""
        try:
            return lengths.read(str(self._value(key)))
        except ValueError:
            raise self.wrong(key, "is no length of time: a whole number and s, m, h or d") from None

    def only(self, known: Collection[str]) -> None:
        """Nothing else stands in it."""
        for key in self.own:
            if key not in known:
                example = next(iter(_near(key, known)), next(iter(known)))
                raise WrongError(
                    f"{self.place}.{key}",
                    f"is not known{nearest(key, known)}",
                    f"{example} = {EXAMPLES[example]}",
                )

    def _value(self, key: str) -> object:
        if not self.has(key):
            raise self.wrong(key, "is missing")
        return self.own.get(key, self.defaults.get(key))


def some_of(value: object, known: Collection[str], wrong: Callable[[str], WrongError]) -> tuple[str, ...]:
    """A list of at least one name that is known, none of them twice."""
    if not isinstance(value, list) or not value:
        raise wrong("is no list with something in it")
    for one in value:
        if not isinstance(one, str) or one not in known:
            raise wrong(f"names {one!r}, which is not known{nearest(str(one), known)}")
    if len(set(value)) < len(value):
        raise wrong("names one twice")
    return tuple(value)


def nearest(name: str, known: Iterable[str]) -> str:
    """What was perhaps meant, to stand behind a fault."""
    found = _near(name, known)
    return f" (is {str(found[0])!r} meant?)" if found else f" (there are: {', '.join(sorted(known)[:20])})"


def _near(name: str, known: Iterable[str]) -> list[str]:
    from difflib import get_close_matches  # noqa: PLC0415  # only where something is wrong

    return get_close_matches(name, sorted(known), 1)
