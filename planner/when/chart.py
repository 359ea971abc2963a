"""The matcher: a language's rules tried at a position, each result kept.

Every head is matched at most once at a position and keeps one result for each end, and lists take as much as they can
in one go: the work grows linearly with the number of tokens, whatever they are. It has a bound as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from planner.when.grammar import END, Compiled, Element, Grammar
from planner.when.tokens import Token

MAX_LIST = 12
"""Members of one list: weekdays, durations."""

MAX_STEPS = 1_900
"""What a text may cost; phrases take some hundreds. Beyond it nothing more is found: only the head counts."""

Match = tuple[int, Any]
"""Where a result ends (a token's number), and its value."""

States = list[tuple[int, tuple[Any, ...]]]


class Chart:
    """One text's tokens, and what has been found in them so far. ``steps`` counts the work done."""

    def __init__(
        self, rules: Grammar, tokens: Sequence[Token], senses: Sequence[dict[str, Any]], limit: int = MAX_STEPS
    ) -> None:
        self._rules = rules
        self._limit = limit
        self.language = rules.language
        self.tokens = tokens
        self._size = len(tokens)
        self._senses = senses
        self._lows = [*(token.low for token in tokens), ""]
        self._keys = [rules.keys(token.low, senses[at]) if token.low else () for at, token in enumerate(tokens)]
        self._begun = [rules.beginning(keys) for keys in self._keys]
        self._found: list[dict[str, tuple[Match, ...]]] = [{} for _ in tokens]
        self._last = max((at + 1 for at, token in enumerate(tokens) if token.kind != "mark"), default=0)
        self.steps = 0

    @property
    def spent(self) -> bool:
        """Whether the text has cost all that it may."""
        return self.steps > self._limit

    def match(self, head: str, at: int) -> tuple[Match, ...]:
        """What ``head`` can be at token ``at``, the longest first, at most one for each end."""
        if at >= self._size:
            return ()
        rules = self._begun[at].get(head)
        if rules is None:
            senses = self._senses[at]
            return ((at + 1, senses[head]),) if head in senses and head not in self._rules.index else ()
        known = self._found[at]
        found = known.get(head)
        if found is None:
            known[head] = ()
            found = known[head] = self._search(rules, at)
        return found

    def _search(self, rules: Iterable[Compiled], at: int) -> tuple[Match, ...]:
        following = self._keys[at + 1] if at + 1 < self._size else ()
        ends: dict[int, Any] = {}
        for rule in rules:
            self.steps += 1
            if self.steps > self._limit:
                break
            if rule.second is not None and rule.second.isdisjoint(following):
                continue
            for end, caught in self._sequence(rule.elements, at):
                if end not in ends:
                    value = rule.build(*caught)
                    if value is not None:
                        ends[end] = value
        return tuple(sorted(ends.items(), reverse=True, key=_end)) if len(ends) > 1 else tuple(ends.items())

    def _sequence(self, elements: tuple[Element, ...], at: int) -> States:
        """Where the elements can end, one after the other, and what they catch; the longest of each tried first."""
        states: States = [(at, ())]
        for element in elements:
            states = self._literal(element, states) if element.words else self._through(element, states)
            if not states:
                break
            self.steps += len(states)
        return states

    def _literal(self, element: Element, states: States) -> States:
        lows, words = self._lows, element.words
        if not element.optional:
            return [(at + 1, caught) for at, caught in states if lows[at] in words]
        both = (((at + 1, caught), (at, caught)) if lows[at] in words else ((at, caught),) for at, caught in states)
        return [state for either in both for state in either]

    def _through(self, element: Element, states: States) -> States:
        after: States = []
        for at, caught in states:
            if element.name == END:
                if at >= self._last:
                    after.append((at, caught))
            elif element.ahead:
                if self.match(element.name, at):
                    after.append((at, caught))
            else:
                after += [(end, (*caught, value)) for end, value in self._named(element, at)]
                if element.optional:
                    after.append((at, (*caught, None)))
        return after

    def _named(self, element: Element, at: int) -> Iterable[Match]:
        if element.listed:
            return self._list(element.name, at)
        if element.leaf:
            senses = self._senses[at] if at < self._size else {}
            return ((at + 1, senses[element.name]),) if element.name in senses else ()
        return self.match(element.name, at)

    def _list(self, head: str, at: int) -> tuple[Match, ...]:
        """As many of ``head`` as stand in a row, with the language's ``<sep>`` between them."""
        if at >= self._size:
            return ()
        known = self._found[at]
        found = known.get(head + "+")
        if found is None:
            found = known[head + "+"] = self._longest_list(head, at)
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


def _end(match: Match) -> int:
    return match[0]
