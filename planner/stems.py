"""Words in any form: which of a text matter, what a word's forms have in common, and whether two words are alike.

Rough, and for languages with endings: English and Russian by theirs, others by what two words begin alike with. Pure.
"""

from __future__ import annotations

import re
from functools import lru_cache

WORD = re.compile(r"\w+")
SMALL = frozenset(
    {
        "a", "an", "the", "my", "our", "of", "to", "at", "on", "in", "for", "with", "and", "or", "from", "about", "is",
        "и", "в", "во", "на", "с", "со", "к", "ко", "у", "о", "об", "по", "за", "от", "до", "из", "для", "мой", "моя",
        "мое", "мои", "мою", "про",
    }
)  # fmt: skip
"""Words that say nothing about which event is meant, unless they are all there is."""
_RUSSIAN = re.compile(
    r"(?:иями|иях|иям|ией|ием|ями|ами|ыми|ими|ого|его|ому|ему|ая|яя|ую|юю|ое|ее|ые|ие|ый|ий|ой|ей|ою|ею|ям|ам|ом|ем"
    r"|ях|ах|ов|ев|ия|ии|ию|ья|ье|ьи|ью|ть|[аяоеиыуюьй])$"
)
_ENGLISH = re.compile(r"(?:'s|ies|ie|ings?|ed|es|[sey])$")
_FLEETING = re.compile(r"(?<=[бвгджзклмнпрстфхцчшщ])[ео](?=[бвгджзклмнпрстфхцчшщ]$)")
"""The vowel that comes and goes: «день», «дня»; «рынок», «рынка»."""
_STEM_MIN = 2
_ENGLISH_MIN = 4
_SHARED_MIN, _SHARED_PART = 4, 0.75
"""So many letters, and such a part of the longer word, two words have to begin alike with."""


def words_of(text: str) -> list[str]:
    """What is looked for: its words without the small ones; where these are all there is, these."""
    words = WORD.findall(folded(text))
    return [word for word in words if word not in SMALL] or words


def folded(text: str) -> str:
    """As it is compared: without case, and ё as е."""
    return text.casefold().replace("ё", "е")


def alike(wanted: str, word: str) -> bool:
    """Whether a folded word is what is wanted: it begins with it, has the same stem, or most of its letters."""
    if word.startswith(wanted) or stem(word) == stem(wanted):
        return True
    shared = next(
        (n for n, (a, b) in enumerate(zip(wanted, word, strict=False)) if a != b), min(len(wanted), len(word))
    )
    return shared >= max(_SHARED_MIN, _SHARED_PART * max(len(wanted), len(word)))


@lru_cache(maxsize=16_384)
def stem(word: str) -> str:
    """What a folded word's forms have in common, roughly; at least two letters."""
    cyrillic = "а" <= word[:1] <= "я"
    if not cyrillic and len(word) < _ENGLISH_MIN:
        return word
    cut = (_RUSSIAN if cyrillic else _ENGLISH).search(word)
    left = word[: cut.start()] if cut and cut.start() >= _STEM_MIN else word[:-1] if cut and len(word) > 2 else word
    if cyrillic:
        return _FLEETING.sub("", left)
    if cut and cut[0] in ("y", "ie", "ies"):
        return left + "i"
    return left[:-1] if cut and len(left) > 3 and left[-1] == left[-2] else left


def begin(word: str) -> str:
    """What every word that is ``alike`` begins with: looking for this first is what makes a search fast."""
    shared = max(_SHARED_MIN, -int(-_SHARED_PART * len(word) // 1))
    return word[: max(1, min(len(stem(word)) - 1, shared))]
