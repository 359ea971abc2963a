"""The languages there are, and which of them a text may be in."""

from __future__ import annotations

from dataclasses import replace

from planner.when.en import EN
from planner.when.language import Language
from planner.when.ru import RU
from planner.when.ru_asks import ASKS as RU_ASKS

LANGUAGES: dict[str, Language] = {language.code: language for language in (EN, replace(RU, rules=RU.rules + RU_ASKS))}
"""By code. A new language is a file like ``en.py`` and its name here."""

CYRILLIC = range(0x400, 0x530)


def likely(text: str, preferred: str) -> tuple[Language, ...]:
    """The languages whose script the text uses, the preferred one first; never none."""
    scripts = set()
    for char in text:
        if char.isalpha():
            scripts.add("cyrillic" if ord(char) in CYRILLIC else "latin")
            if len(scripts) > 1:
                break
    first = LANGUAGES.get(preferred.split("-", maxsplit=1)[0].lower(), EN)
    ordered = (first, *(language for language in LANGUAGES.values() if language is not first))
    return tuple(language for language in ordered if language.script in scripts) or (first,)
