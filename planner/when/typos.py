"""One wrong letter: a word that is one insertion, deletion, substitution or swap away from exactly one meaning."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from planner.when.language import Language

SHORTEST = 5
"""Shorter words are too close to others."""

LONGEST = 16


def meant(word: str, language: Language) -> dict[str, Any]:
    """The senses of the one word that ``word`` may be a slip of; empty when there is none, or several."""
    if not SHORTEST <= len(word) <= LONGEST or word in language.not_typos:
        return {}
    doubled = (word[:i] + word[i + 1 :] for i in range(len(word) - 1) if word[i] == word[i + 1])
    held = next((known for known in doubled if known in language.typed), None)
    if held is not None:
        return dict(language.words[held])
    index = _index(language)
    near = {known for key in _shortened(word) for known in index.get(key, ())}
    slips = [known for known in near if word[0] == known[0] or word[1:] == known]
    slips = [known for known in slips if _one_slip(word, known)]
    same_length = [known for known in slips if len(known) == len(word)]
    senses = [language.words[known] for known in same_length or slips]
    return dict(senses[0]) if senses and all(sense == senses[0] for sense in senses) else {}


@lru_cache(maxsize=16)
def _index(language: Language) -> dict[str, tuple[str, ...]]:
    index: dict[str, list[str]] = {}
    for known in language.typed:
        for key in _shortened(known):
            index.setdefault(key, []).append(known)
    return {key: tuple(found) for key, found in index.items()}


def _shortened(word: str) -> Iterable[str]:
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


def _one_slip(a: str, b: str) -> bool:
    if len(a) > len(b):
        a, b = b, a
    if len(b) - len(a) > 1:
        return False
    at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(a))
    if len(a) < len(b):
        return a[at:] == b[at + 1 :]
    swapped = a[at + 1 : at + 2] + a[at : at + 1] + a[at + 2 :]
    return a[at + 1 :] == b[at + 1 :] or swapped == b[at:]
