"""From text to parts: what each stretch of words means, and what is left over as the title."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from planner.when.chart import MAX_STEPS, Chart
from planner.when.grammar import grammar
from planner.when.language import Language
from planner.when.tokens import Token, tokenize
from planner.when.typos import meant
from planner.when.values import Date, Value

MAX_TOKENS = 200
"""Of a longer text the rest is the title's own."""

MAX_PARTS = 24
"""A text that speaks of time more often is no phrase."""


@dataclass(frozen=True, slots=True)
class Part:
    """Tokens ``first`` to ``end`` (exclusive) and what they mean.

    ``weak``: only beside other parts. ``spoken``: words of the title all the same ("daily standup").
    """

    first: int
    end: int
    values: tuple[Value, ...]
    weak: bool
    spoken: bool = False


@dataclass(frozen=True, slots=True)
class Scan:
    """A text in pieces.

    ``steps`` is the work it took; ``maybe`` a day that it may speak of;
    ``feast`` one that its title names.
    """

    text: str
    language: Language
    tokens: tuple[Token, ...]
    senses: tuple[dict[str, Any], ...]
    parts: tuple[Part, ...]
    steps: int
    maybe: Date | None = None
    feast: Date | None = None


def scan(text: str, language: Language, limit: int = MAX_STEPS) -> Scan:
    """Cut a text into parts, left to right, the longest at each place, until that has cost ``limit`` steps."""
    rules = grammar(language)
    tokens = tokenize(text, rules.knows, language.suffixes)
    senses, slips = _senses(tokens, language)
    chart = Chart(rules, tokens[:MAX_TOKENS], senses, limit)
    parts: list[Part] = []
    at = 0
    # Words that ask for a reminder stand at the beginning, with other parts before them at most; words that only
    # repeat what the title says come after it.
    opening, titled = True, False
    while at < min(len(tokens), MAX_TOKENS) and len(parts) <= MAX_PARTS and not chart.spent:
        kept = chart.match("keep", at)
        if kept:
            at, opening, titled = kept[0][0], False, True
            continue
        found = chart.match("part", at) or (chart.match("fill", at) if opening else ())
        found = (*chart.match("aside", at), *found) if titled else found
        found = tuple(match for match in found if not _counts_things(tokens, senses, match[0], language))
        if not found:
            opening = opening and tokens[at].kind == "mark"
            titled = titled or tokens[at].kind != "mark"
            at += 1
            continue
        end, value = found[0]
        weak = _is_weak(tokens, at, end, language, slips)
        spoken = not language.named.isdisjoint((tokens[at].low, tokens[end - 1].low))
        parts.append(Part(at, end, value if isinstance(value, tuple) else (value,), weak, spoken))
        at = end
    feast = _feast(chart, parts)
    return Scan(text, language, tuple(tokens), tuple(senses), tuple(parts), chart.steps, _maybe(chart, parts), feast)


def _maybe(chart: Chart, parts: list[Part]) -> Date | None:
    """Where nothing speaks of time, a word that may: "weekend trip"."""
    if parts:
        return None
    found = (chart.match("maybe", at) for at in range(len(chart.tokens)))
    return next((one[0][1] for one in found if one), None)


def _feast(chart: Chart, parts: list[Part]) -> Date | None:
    """The day of a feast that a word beside the parts names: "christmas dinner"."""
    taken = {at for part in parts for at in range(part.first, part.end)}
    found = (chart.match("feast", at) for at in range(len(chart.tokens)) if at not in taken) if parts else ()
    return next((one[0][1] for one in found if one), None)


def chart_of(text: str, language: Language, limit: int = MAX_STEPS) -> tuple[Chart, int]:
    """A chart for asking after one head, and the number of tokens."""
    rules = grammar(language)
    tokens = tokenize(text, rules.knows, language.suffixes)
    return Chart(rules, tokens, _senses(tokens, language)[0], limit), len(tokens)


def _counts_things(tokens: list[Token], senses: list[dict[str, Any]], end: int, language: Language) -> bool:
    """Whether the number that a part ends with belongs to what comes next: "at 5 km", "june 9 am", "5 may"."""
    figures = tokens[end - 1].kind in ("int", "dots") or "domgen" in senses[end - 1]
    if end >= len(tokens) or not figures:
        return False
    is_decimal = tokens[end - 1].kind == "dots" and tokens[end - 1].digits[-2:-1] == " "
    of_unit = is_decimal and "unit" in senses[end]
    return of_unit or tokens[end].low in language.measures or "mon" in senses[end]


def _is_weak(tokens: list[Token], first: int, end: int, language: Language, slips: set[int]) -> bool:
    words = [at for at in range(first, end) if tokens[at].kind != "mark"]
    doubtful = all(tokens[at].low in language.weak or at in slips for at in words)
    return doubtful or all(tokens[at].kind == "int" for at in words)


def _senses(tokens: list[Token], language: Language) -> tuple[list[dict[str, Any]], set[int]]:
    senses: list[dict[str, Any]] = []
    slips: set[int] = set()
    for at, token in enumerate(tokens[:MAX_TOKENS]):
        if token.kind == "word":
            known = language.words.get(token.low)
            if known is None:
                known = meant(token.low, language)
                if known:
                    slips.add(at)
            senses.append(dict(known))
        else:
            senses.append(_figures(token))
    senses += [{}] * (len(tokens) - len(senses))
    return senses, slips


def _figures(token: Token) -> dict[str, Any]:
    pieces = tuple(token.digits.split())
    match token.kind:
        case "int":
            return {"int": token.numbers[0]} | ({"int2": token.digits} if len(token.digits) == 2 else {})
        case "hm":
            return {"hm": pieces}
        case "iso":
            return {"iso": pieces}
        case "slash":
            return {"slash2": pieces} if len(pieces) == 2 else {"slash3": pieces} if len(pieces) == 3 else {}
        case "dots" if len(pieces) == 3:
            return {"dots3": pieces}
        case "dots" if len(pieces) == 2:
            decimal = {"dec": float(".".join(pieces))}
            return decimal | ({"dots2": pieces} if len(pieces[1]) == 2 or len(pieces[0]) <= 2 else {})
    return {}
