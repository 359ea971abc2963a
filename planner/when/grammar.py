"""A language's rules, compiled once: each is found by the first tokens that it can begin with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from planner.when.language import Build, Language

END = "$"
"""In a pattern: here the text ends, but for punctuation."""


@dataclass(frozen=True, slots=True)
class Element:
    """One piece of a pattern: literal ``words``, or what is called ``name``; ``leaf``: a category of words."""

    name: str
    words: frozenset[str]
    optional: bool
    listed: bool
    ahead: bool
    leaf: bool = False


@dataclass(frozen=True, slots=True)
class Compiled:
    """A rule. ``second`` is what its second token must be, where its first element is one token."""

    order: int
    elements: tuple[Element, ...]
    build: Build
    second: frozenset[str] | None = None


class Grammar:
    """A language's rules, found by the first token they can begin with."""

    def __init__(self, language: Language) -> None:
        self.language = language
        patterns = [tuple(element_of(piece) for piece in rule.pattern.split()) for rule in language.rules]
        self.literals = frozenset(word for elements in patterns for element in elements for word in element.words)
        names = {rule.head for rule in language.rules}
        self.heads: dict[str, list[Compiled]] = {}
        for order, (rule, elements) in enumerate(zip(language.rules, patterns, strict=True)):
            marked = tuple(replace(one, leaf=bool(one.name) and one.name not in names) for one in elements)
            self.heads.setdefault(rule.head, []).append(Compiled(order, marked, rule.build))
        self._firsts = self._all_firsts()
        self.index = {head: self._indexed(rules) for head, rules in self.heads.items()}
        self._by_key: dict[str, dict[str, tuple[Compiled, ...]]] = {}
        for head, index in self.index.items():
            for key, found in index.items():
                self._by_key.setdefault(key, {})[head] = found
        self._merged: dict[tuple[str, ...], dict[str, tuple[Compiled, ...]]] = {}

    def keys(self, word: str, senses: Iterable[str]) -> tuple[str, ...]:
        """What a token can begin a rule as: itself, where a rule has that word, and each of its categories."""
        categories = tuple("<" + category for category in senses)
        return (word, *categories) if word in self.literals else categories

    def beginning(self, keys: tuple[str, ...]) -> dict[str, tuple[Compiled, ...]]:
        """The rules that can begin so, by head, each head's in the order of the language."""
        found = self._merged.get(keys)
        if found is None:
            found = self._merged[keys] = self._joined(keys)
        return found

    def _joined(self, keys: tuple[str, ...]) -> dict[str, tuple[Compiled, ...]]:
        known = [self._by_key[key] for key in keys if key in self._by_key]
        if len(known) == 1:
            return known[0]
        every: dict[str, dict[int, Compiled]] = {}
        for one in known:
            for head, rules in one.items():
                every.setdefault(head, {}).update((rule.order, rule) for rule in rules)
        return {head: tuple(rules[order] for order in sorted(rules)) for head, rules in every.items()}

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

    def _first(self, rule: Compiled, firsts: dict[str, set[str]]) -> set[str]:
        keys: set[str] = set()
        for element in rule.elements:
            keys |= element.words or firsts.get(element.name, {"<" + element.name})
            if not element.optional:
                return keys
        raise ValueError(f"a rule may not match nothing: {rule}")

    def _indexed(self, rules: list[Compiled]) -> dict[str, tuple[Compiled, ...]]:
        index: dict[str, list[Compiled]] = {}
        for rule in (replace(rule, second=self._second(rule)) for rule in rules):
            for key in self._first(rule, self._firsts):
                index.setdefault(key, []).append(rule)
        return {key: tuple(found) for key, found in index.items()}

    def _second(self, rule: Compiled) -> frozenset[str] | None:
        """What the second token must be; ``None``: anything, or nothing."""
        first, *rest = rule.elements
        one_token = (first.words or first.leaf) and not (first.optional or first.listed or first.ahead)
        if not one_token or not rest or rest[0].optional or rest[0].name == END:
            return None
        name = "<" + rest[0].name
        return rest[0].words or frozenset({name} if rest[0].leaf else self._firsts[rest[0].name])


def element_of(piece: str) -> Element:
    optional = len(piece) > 1 and piece.endswith("?")
    piece = piece.removesuffix("?") if optional else piece
    if piece == END:
        return Element(END, frozenset(), False, False, False)
    ahead = piece.startswith("&<")
    piece = piece.removeprefix("&") if ahead else piece
    listed = piece.endswith(">+")
    piece = piece.removesuffix("+") if listed else piece
    if piece.startswith("<") and piece.endswith(">"):
        return Element(piece[1:-1], frozenset(), optional, listed, ahead)
    return Element("", frozenset(piece.split("|")) if piece != "|" else frozenset({"|"}), optional, listed, ahead)


@lru_cache(maxsize=32)
def grammar(language: Language) -> Grammar:
    """The compiled rules of a language."""
    return Grammar(language)
