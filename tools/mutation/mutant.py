"""One change of one file that must make a test fail."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mutant:
    """``path`` is below the repository; from ``begin`` to ``end`` its text is replaced by ``new``.

    ``kind``: what that was.
    """

    path: str
    begin: int
    end: int
    old: str
    new: str
    line: int
    within: str
    column: int
    kind: str = ""

    def applied(self, text: str) -> str:
        if text[self.begin : self.end] != self.old:
            raise ValueError(f"{self.path} has changed since it was read")
        return text[: self.begin] + self.new + text[self.end :]

    @property
    def before(self) -> str:
        """What stands before it on its line."""
        return self.within[: self.column]

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.within.strip()}: {self.old!r} -> {self.new!r}"


Others = Callable[[re.Match[str]], Iterable[str]]
"""What else could stand where something was found."""


def mutants(
    path: str, text: str, begin: int, end: int, kind: str, pattern: re.Pattern[str], others: Others
) -> Iterator[Mutant]:
    """One for each other thing that could stand where ``pattern`` is found; its last group is what is replaced."""
    for found in pattern.finditer(text, begin, end):
        last = found.lastindex or 0
        for new in others(found):
            yield mutant(path, text, found.start(last), found.end(last), new, kind)


def mutant(path: str, text: str, begin: int, end: int, new: str, kind: str = "") -> Mutant:
    start = text.rfind("\n", 0, begin) + 1
    within = text[start : text.find("\n", begin)]
    return Mutant(path, begin, end, text[begin:end], new, text.count("\n", 0, begin) + 1, within, begin - start, kind)
