"""Content lines of one component, read: names, parameters, values (RFC 5545, section 3.1; RFC 6868)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, cast

PARAMS_MAX = 2_000
"""Characters of a line's parameters; those of a longer line are passed over."""
DATES_MAX = 20_000
"""Dates of a series that are left out, and as many that are added: what is beyond is named."""
INNER_MAX = 1_000
"""Components within one that are looked at."""
LONG = 100_000
"""Characters of a component whose lines are not held all at once."""
SAME_MAX = 20
"""Lines of one name that are looked at, where there should be one or few."""

_DATES = frozenset({"RDATE", "EXDATE"})
_WANTED = re.compile(
    r"\n(?i:(DTSTART|DTEND|DURATION|RRULE|EXRULE|RDATE|EXDATE|RECURRENCE-ID|SEQUENCE|DTSTAMP|STATUS|SUMMARY|LOCATION"
    r"|DESCRIPTION|URL|CONFERENCE|X-GOOGLE-CONFERENCE|X-MICROSOFT-SKYPETEAMSMEETINGURL|X-MICROSOFT-ONLINEMEETINGEXTERNALLINK"
    r"|X-TELEMOST-CONFERENCE|TRIGGER|ACTION|BEGIN|END|TZOFFSETFROM|TZOFFSETTO|X-LIC-LOCATION))"
    rf'(;[^":\n]{{0,{PARAMS_MAX - 1}}})?(?::([^\n]*)|([;"][^\n]*))'
)
"""A name, and plain parameters and a value, or else what is left to :func:`_line`."""
_QUOTED = re.compile(r'"[^"]*"')
_CARETS = {"^n": "\n", "^'": '"', "^^": "^"}
_CARET = re.compile(r"\^[n'^]")


class Line(NamedTuple):
    """A property's parameters, as they are written, and its value."""

    params: str
    value: str


Properties = dict[str, list[Line]]


@dataclass(slots=True)
class Part:
    """A component: its properties by name, and the components in it.

    ``cut``: it has more dates than are kept, and only the next of them were.
    """

    kind: str
    own: Properties = field(default_factory=dict)
    inner: list[Part] = field(default_factory=list)
    cut: bool = False


def read(kind: str, text: str, since: str = "") -> Part:
    """The properties of a component's lines (without its BEGIN and END) that the planner asks for.

    Of more dates than are kept those before ``since`` (``YYYYMMDD``) go first.
    """
    part = Part(kind)
    here, depth = part, 0
    own = part.own
    for written, parameters, said, odd in _lines(text):
        name = written.upper()
        if name == "BEGIN":
            depth += 1
            here = Part(said.strip().upper())
            own = here.own
            if depth == 1 and len(part.inner) < INNER_MAX:
                part.inner.append(here)
        elif name == "END":
            depth = max(0, depth - 1)
            here = Part("") if depth else part
            own = here.own
        elif name not in own:
            own[name] = [_line(parameters + odd) if odd else Line(parameters, said)]
        elif name in _DATES:
            own[name].append(_line(parameters + odd) if odd else Line(parameters, said))
            if len(own[name]) > 2 * DATES_MAX:
                own[name] = _next(own[name], since)
                here.cut = True
        elif len(own[name]) < SAME_MAX:
            own[name].append(_line(parameters + odd) if odd else Line(parameters, said))
    return part


def _lines(text: str) -> Iterable[tuple[str, str, str, str]]:
    """Names and what is after them; of a long text one at a time, as that may be a million lines."""
    if len(text) < LONG:
        return _WANTED.findall(text)
    return (cast("tuple[str, str, str, str]", found.groups("")) for found in _WANTED.finditer(text))


def _next(lines: list[Line], since: str) -> list[Line]:
    left = {line for line in lines if line.value.rpartition(",")[2][:8] >= since}
    return sorted(left, key=lambda line: line.value)[:DATES_MAX]


def _line(rest: str) -> Line:
    """A line whose parameters are quoted, or too many, or that has no value."""
    if '"' in rest[:PARAMS_MAX]:
        at = _QUOTED.sub(lambda quoted: "x" * len(quoted[0]), rest[: 2 * PARAMS_MAX]).find(":")
        params, value = (rest[:at], rest[at + 1 :]) if at >= 0 else ("", "")
    else:
        params, _, value = rest.partition(":")
    return Line(params if len(params) <= PARAMS_MAX else "", value)


@lru_cache(maxsize=1_024)
def params(written: str) -> Mapping[str, str]:
    """Parameters by name, without their quotes."""
    found: dict[str, str] = {}
    hidden = _QUOTED.sub(lambda quoted: "x" * len(quoted[0]), written)
    at = 0
    while at < len(hidden):
        end = hidden.find(";", at + 1)
        end = len(hidden) if end < 0 else end
        name, _, value = written[at + 1 : end].partition("=")
        bare = value.strip().strip('"')
        found.setdefault(name.strip().upper(), _CARET.sub(lambda caret: _CARETS[caret[0]], bare))
        at = end
    return found


def first(own: Properties, name: str) -> Line | None:
    """A property of which there is one."""
    lines = own.get(name)
    return lines[0] if lines else None


def value(own: Properties, name: str) -> str:
    """The value of a property of which there is one; empty where there is none."""
    lines = own.get(name)
    return lines[0].value if lines else ""
