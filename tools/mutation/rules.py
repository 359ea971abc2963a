"""Breaking Prometheus' rules: every threshold, comparison, floor, window, label, aggregation and time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction

from tools.mutation.mutant import Mutant, mutants

RULE = re.compile(r"^ *- (record|alert): (\S+)\n(?:(?! *- (?:record|alert):).*\n)*", re.MULTILINE)
RECORDINGS = (":last", ":objective", ":budget_left", "5m", "1d")
"""How the names of those recording rules end that are broken; the other windows' are made in the same way."""

EXPRESSION = re.compile(r"^( *)(?:- )?expr:(.*\n(?:\1 +.*\n|\n)*)", re.MULTILINE)
"""A rule's expression, up to its next field."""
COMMENT = re.compile(r"^ *#.*$", re.MULTILINE)

COMPARED = re.compile(r"(?<![=!~{])(>=|<=|==|!=|>|<)(?=\s)")
LIMIT = re.compile(r"(?:>=|<=|==|!=|>|<) +(?:bool +)?(-?\d+(?:\.\d+)?(?:e-?\d+)?)\b(?! - 0\.5)")
FLOOR = re.compile(r"> (\d+)(?= - 0\.5)")
FACTOR = re.compile(r"[*/] *(\d+(?:\.\d+)?(?:e-?\d+)?)\b")
RECORDED = re.compile(r":(?:ratio|increase|burn_rate)(\d+[smhd])\b")
OFFSET = re.compile(r"\boffset (\d+[smhd])\b")
"""It is only made longer: in Prometheus 2 a range holds its left end, which then is what a shorter one would find."""
NEVER_EQUAL = re.compile(r" *(?:\d+\.5\b|\d+ - 0\.5|min_over_time|\d+ \* sum\(increase\()")
EXTRAPOLATED = re.compile(r"\b(?:increase|rate)\(")
NUMBER = re.compile(r" *(\d+(?:\.\d+)?)")
KEPT = re.compile(r"^ +keep_firing_for: \"?(\d+[smhd])\"?", re.MULTILINE)
WAITED = re.compile(r"^ +for: \"?(\d+[smhd])\"?", re.MULTILINE)
LABEL = re.compile(r"^ +(?:severity|tier|owner): ([a-z]+)", re.MULTILINE)
# Of what is recorded of one promise there is one series, which is its own greatest, least and sum.
AGGREGATED = re.compile(
    r"(?<!\b0 \* )\b(max|min|sum|avg|min_over_time|max_over_time|last_over_time)\b"
    r"(?= *(?:by *\(|without *\()?)(?!\(last_over_time\(slo:)\(?"
)
RESULT = re.compile(r"\"(good|bad)\"|_(good|bad):")
SIGN = re.compile(r"(?<=\s)([-+*/])(?=\s+\(?)")

_COMPARISONS = {">": (">=", "<"), "<": ("<=", ">"), ">=": (">", "<"), "<=": ("<", ">"), "==": ("!=",), "!=": ("==",)}
_AGGREGATIONS = {
    "max": ("sum", "min"),
    "min": ("max",),
    "sum": ("max",),
    "avg": ("max",),
    "min_over_time": ("max_over_time",),
    "max_over_time": ("min_over_time",),
    "last_over_time": ("count_over_time",),
}
_SEVERITIES = {"critical": "warning", "warning": "critical", "info": "critical"}
_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_EPSILON = 1e-9
LOOK_S = 60
"""How often Prometheus evaluates rules unless told otherwise."""


def of_written(path: str, text: str, begin: int = 0, end: int | None = None) -> Iterator[Mutant]:
    """Every threshold and comparison of rules that are written by hand, and how long they wait and are kept."""
    end = len(text) if end is None else end
    for first, last in expressions(text, begin, end):
        yield from mutants(path, text, first, last, "comparison", COMPARED, _compared_otherwise)
        yield from mutants(path, text, first, last, "limit", LIMIT, lambda found: _scaled(found[1]))
        yield from mutants(path, text, first, last, "floor", FLOOR, lambda found: _neighbours(found[1]))
    yield from mutants(path, text, begin, end, "kept for", KEPT, lambda found: _lengths(found[1]))
    yield from mutants(path, text, begin, end, "waited for", WAITED, lambda found: _waits(found[1]))


def _compared_otherwise(found: re.Match[str]) -> Iterable[str]:
    """Not what is the same: whole numbers never equal N.5, and of two that are equal either is the lesser.

    Nor does what Prometheus extrapolates ever just equal 0.1, which no binary fraction does; 0.5 it may.
    """
    others, after = _COMPARISONS[found[1]], found.string[found.end() :]
    number = NUMBER.match(after)
    inexact = number is not None and Fraction(number[1]) != Fraction(float(number[1]))
    shares = inexact and EXTRAPOLATED.search(found.string, found.pos, found.start())
    return others[1:] if shares or NEVER_EQUAL.match(after) else others


def of_generated(path: str, text: str) -> Iterator[Mutant]:
    """The same, and all that a generated rule is made of."""
    recorded = sorted(set(RECORDED.findall(text)), key=seconds)
    for rule in RULE.finditer(text):
        if rule[1] == "alert" or rule[2].endswith(RECORDINGS):
            yield from of_written(path, text, rule.start(), rule.end())
            yield from _of_parts(path, text, rule.start(), rule.end(), recorded)


def _of_parts(path: str, text: str, begin: int, end: int, recorded: list[str]) -> Iterator[Mutant]:
    for first, last in expressions(text, begin, end):
        yield from mutants(path, text, first, last, "factor", FACTOR, lambda found: _scaled(found[1]))
        yield from mutants(path, text, first, last, "window", RECORDED, lambda found: _beside(found[1], recorded))
        yield from mutants(path, text, first, last, "offset", OFFSET, lambda found: [f"{seconds(found[1]) * 2}s"])
        yield from mutants(path, text, first, last, "aggregation", AGGREGATED, lambda found: _AGGREGATIONS[found[1]])
        yield from mutants(
            path, text, first, last, "good or bad", RESULT, lambda found: ["bad" if "good" in found[0] else "good"]
        )
        yield from mutants(path, text, first, last, "sign", SIGN, lambda found: ["-" if found[1] == "+" else "+"])
    yield from mutants(path, text, begin, end, "label", LABEL, lambda found: [_SEVERITIES.get(found[1], "another")])


def expressions(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Where expressions stand, without their comments."""
    for found in EXPRESSION.finditer(text, begin, end):
        first = found.start(2)
        for comment in COMMENT.finditer(text, found.start(2), found.end(2)):
            yield first, comment.start()
            first = comment.end()
        yield first, found.end(2)


def seconds(length: str) -> int:
    return int(length[:-1]) * _UNITS[length[-1]]


def _scaled(number: str) -> Iterable[str]:
    """More and less by so much that it matters to whoever is woken; of nothing, one to either side."""
    value = float(number)
    return [f"{value * 1.2:g}", f"{value * 0.8:g}"] if abs(value) > _EPSILON else ["1", "-1"]


def _neighbours(floor: str) -> Iterable[str]:
    return [str(int(floor) + 1), str(int(floor) - 1)]


def _lengths(length: str) -> Iterable[str]:
    return [f"{seconds(length) * 2}s", f"{seconds(length) // 2}s"]


def _waits(length: str) -> Iterable[str]:
    """Half of what is over before the next look is not at all."""
    half = seconds(length) // 2
    return [f"{seconds(length) * 2}s", f"{half if half >= LOOK_S else 0}s"]


def _beside(window: str, recorded: list[str]) -> Iterable[str]:
    """The next longer and the next shorter one."""
    at = recorded.index(window)
    return [recorded[other] for other in (at - 1, at + 1) if 0 <= other < len(recorded)]
