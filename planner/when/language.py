"""What a language is: its words, and the shapes of its phrases. One value of this per language file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Build = Callable[..., Any]
"""From the values a pattern caught to what they mean; ``None``: this is not it after all."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One shape that ``head`` can have.

    ``pattern`` is words and names apart by spaces: ``at|by`` is either word, ``<num>`` another head or a category of
    words, ``<wd>+`` a list of them, a trailing ``?`` makes it optional; ``&<wd>`` must follow and is not taken; ``$``
    is the text's end. ``build`` gets the values of the names in order, ``None`` for those left out. What is found
    under the head ``part`` speaks of time, under ``fill`` only where a text begins, under ``aside`` only after a word
    of the title, and under ``maybe`` only where nothing else does: that is asked about.
    """

    head: str
    pattern: str
    build: Build


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """A language as data.

    ``words`` gives each word its senses by category; ``weak`` are words that mean a time only beside others that do;
    ``typed`` are those in which one wrong letter is forgiven, ``not_typos`` words that only look like one;
    ``suffixes`` may follow digits directly; ``joints`` are trimmed from the ends of what is left as the title.
    ``doubtful`` months are verbs too: before a number and a word ending in ``plural`` they are asked about.
    ``small_names``: weekdays and months are written small, so that a capital in mid-sentence is a name.
    ``introduce`` are words that introduce a time of day ("at"): two times that begin so are two events;
    ``named``: things that are named by their time, which then stays in the title: "timer for 20 minutes".
    ``sooner`` is the word after a length that makes it one to go back, ``ahead`` one to be reminded before; with
    ``lasting`` before it, it is how long something takes.
    ``clock24``: "7:30" is the morning. ``order`` is how 05/06 is read, "either" being a question.
    """

    code: str
    script: Literal["latin", "cyrillic"]
    words: Mapping[str, Mapping[str, Any]]
    rules: tuple[Rule, ...]
    weak: frozenset[str]
    typed: frozenset[str]
    not_typos: frozenset[str]
    suffixes: frozenset[str]
    measures: frozenset[str]
    joints_before: frozenset[str]
    joints_after: frozenset[str]
    clock24: bool
    order: Literal["dmy", "mdy", "either"]
    doubtful: frozenset[str] = frozenset()
    plural: str = ""
    small_names: bool = False
    introduce: frozenset[str] = frozenset()
    sooner: str = ""
    ahead: str = ""
    lasting: str = ""
    named: frozenset[str] = frozenset()


def lexicon(*groups: tuple[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Words from groups of (category, {words apart by spaces: value})."""
    words: dict[str, dict[str, Any]] = {}
    for category, group in groups:
        for spellings, value in group.items():
            for word in spellings.split():
                words.setdefault(word, {})[category] = value
    return words
