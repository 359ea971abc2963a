"""The matcher: a language's rules compiled once, then tried at a position, each result kept.

Every head is matched at most once at a position and keeps a bounded number of results, and lists take as much as
they can in one go: the work grows linearly with the number of tokens, whatever they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from planner.when.language import Build, Language
from planner.when.tokens import Token

MAX_LIST = 12
"""Members of one list: weekdays, durations."""

END = "$"
"""In a pattern: here the text ends, but for punctuation."""

Match = tuple[int, Any]
"""Where a result ends (a token's number), and its value."""


@dataclass(frozen=True, slots=True)
class _Element:
    name: str
    words: frozenset[str]
    optional: bool
    listed: bool
    ahead: bool


@dataclass(frozen=True, slots=True)
class _Compiled:
    order: int
    elements: tuple[_Element, ...]
    build: Build


class Grammar:
    """A language's rules, found by the first token they can begin with."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.heads: dict[str, list[_Compiled]] = {}
        for order, rule in enumerate(language.rules):
            elements = tuple(_element(piece) for piece in rule.pattern.split())
            self.heads.setdefault(rule.head, []).append(_Compiled(order, elements, rule.build))
        self.literals = frozenset(
            word
            for rules in self.heads.values()
            for rule in rules
            for element in rule.elements
            for word in element.words
        )
        self._firsts = self._all_firsts()
        self.index = {head: self._indexed(rules) for head, rules in self.heads.items()}

    def knows(self, word: str) -> bool:
        """Whether a word is the language's, or a word with a hyphen stands in a rule."""
        return word in self.language.words or ("-" in word and word in self.literals)

    def _all_firsts(self) -> dict[str, set[str]]:
        firsts: dict[str, set[str]] = {head: set() for head in self.heads}
        changed = True
        while changed:
            changed = False
            for head, rules in self.heads.items():
                keys = {key for rule in rules for key in self._first(rule, firsts)}
                if not keys <= firsts[head]:
                    firsts[head] |= keys
                    changed = True
        return firsts

    def _first(self, rule: _Compiled, firsts: dict[str, set[str]]) -> set[str]:
        keys: set[str] = set()
        for element in rule.elements:
            keys |= element.words or firsts.get(element.name, {"<" + element.name})
            if not element.optional:
                return keys
        raise ValueError(f"a rule may not match nothing: {rule}")

    def _indexed(self, rules: list[_Compiled]) -> dict[str, tuple[_Compiled, ...]]:
        index: dict[str, list[_Compiled]] = {}
        for rule in rules:
            for key in self._first(rule, self._firsts):
                index.setdefault(key, []).append(rule)
        return {key: tuple(found) for key, found in index.items()}


def _element(piece: str) -> _Element:
    optional = len(piece) > 1 and piece.endswith("?")
    piece = piece.removesuffix("?") if optional else piece
    if piece == END:
        return _Element(END, frozenset(), False, False, False)
    ahead = piece.startswith("&<")
    piece = piece.removeprefix("&") if ahead else piece
    listed = piece.endswith(">+")
    piece = piece.removesuffix("+") if listed else piece
    if piece.startswith("<") and piece.endswith(">"):
        return _Element(piece[1:-1], frozenset(), optional, listed, ahead)
    return _Element("", frozenset(piece.split("|")) if piece != "|" else frozenset({"|"}), optional, listed, ahead)


@lru_cache(maxsize=32)
def grammar(language: Language) -> Grammar:
    """The compiled rules of a language."""
    return Grammar(language)


class Chart:
    """One text's tokens, and what has been found in them so far. ``steps`` counts the work done."""

    def __init__(self, rules: Grammar, tokens: Sequence[Token], senses: Sequence[dict[str, Any]]) -> None:
        self._rules = rules
        self.language = rules.language
        self.tokens = tokens
        self._senses = senses
        self._found: dict[tuple[str, int], tuple[Match, ...]] = {}
        self._keys = [
            (token.low, *("<" + category for category in senses[at])) if token.low else ()
            for at, token in enumerate(tokens)
        ]
        self._last = max((at + 1 for at, token in enumerate(tokens) if token.kind != "mark"), default=0)
        self.steps = 0

    def match(self, head: str, at: int) -> tuple[Match, ...]:
        """What ``head`` can be at token ``at``, the longest first, at most one for each end."""
        if at >= len(self.tokens):
            return ()
        found = self._found.get((head, at))
        if found is None:
            self._found[head, at] = ()
            found = self._found[head, at] = self._search(head, at)
        return found

    def _search(self, head: str, at: int) -> tuple[Match, ...]:
        index = self._rules.index.get(head)
        if index is None:
            self.steps += 1
            senses = self._senses[at]
            return ((at + 1, senses[head]),) if head in senses else ()
        rules = {rule.order: rule for key in self._keys[at] for rule in index.get(key, ())}
        ends: dict[int, Any] = {}
        for order in sorted(rules):
            rule = rules[order]
            for end, caught in self._sequence(rule.elements, 0, at):
                self.steps += 1
                if end not in ends:
                    value = rule.build(*caught)
                    if value is not None:
                        ends[end] = value
        return tuple(sorted(ends.items(), key=lambda match: -match[0]))

    def _sequence(self, elements: tuple[_Element, ...], nth: int, at: int) -> Iterator[tuple[int, tuple[Any, ...]]]:
        self.steps += 1
        if nth == len(elements):
            yield at, ()
            return
        element = elements[nth]
        if element.name == END:
            if at >= self._last:
                yield from self._sequence(elements, nth + 1, at)
            return
        if element.ahead:
            if self.match(element.name, at):
                yield from self._sequence(elements, nth + 1, at)
            return
        if element.words:
            if at < len(self.tokens) and self.tokens[at].low in element.words:
                yield from self._sequence(elements, nth + 1, at + 1)
            if element.optional:
                yield from self._sequence(elements, nth + 1, at)
            return
        for end, value in self._list(element.name, at) if element.listed else self.match(element.name, at):
            for final, caught in self._sequence(elements, nth + 1, end):
                yield final, (value, *caught)
        if element.optional:
            for final, caught in self._sequence(elements, nth + 1, at):
                yield final, (None, *caught)

    def _list(self, head: str, at: int) -> tuple[Match, ...]:
        """As many of ``head`` as stand in a row, with the language's ``<sep>`` between them."""
        key = (head + "+", at)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._longest_list(head, at)
        return found

    def _longest_list(self, head: str, at: int) -> tuple[Match, ...]:
        values: list[Any] = []
        end = at
        while len(values) < MAX_LIST:
            start = end
            separated = self.match("sep", end) if values else ()
            if separated:
                start = separated[0][0]
            members = self.match(head, start)
            if not members:
                break
            end = members[0][0]
            values.append(members[0][1])
        return ((end, tuple(values)),) if values else ()
