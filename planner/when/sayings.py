"""Short things that are said around a plan, told apart in every language at once: they are few, and none means two."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from planner.when.en_sayings import SAYINGS as EN_SAYINGS
from planner.when.ru_sayings import SAYINGS as RU_SAYINGS

Saying = Literal["hello", "thanks", "give up", "done", "picture", "from", "to", "leading", "take back", "chatter"]
"""``from`` and ``to`` stand before the ends of a stretch, ``leading`` before a time that would stand alone."""

_SIGNS: Mapping[Saying, frozenset[str]] = {"done": frozenset({"✅", "✔", "✔️", "☑️", "👍"})}
SAYINGS: Mapping[Saying, frozenset[str]] = {
    what: EN_SAYINGS[what] | RU_SAYINGS[what] | _SIGNS.get(what, frozenset()) for what in get_args(Saying)
}


def said(text: str, what: Saying) -> bool:
    """Whether a text says that and nothing else, whatever its case and closing punctuation."""
    return " ".join(text.casefold().strip(" .,!)").split()) in SAYINGS[what]


def without(text: str, what: Saying) -> str:
    """A text without its first word where that is such a word."""
    first, *others = text.split() or [""]
    return " ".join(others if said(first, what) else (first, *others))


def ends_of(text: str) -> tuple[str, str]:
    """What stands at both ends of a stretch, "from 23:00 to 7:00" or "23–7"; the second is empty where it has none."""
    for separator in ("–", "—", "-", *(f" {word} " for word in sorted(SAYINGS["to"]))):
        start, found, end = text.partition(separator)
        if found:
            return without(start, "from"), end.strip()
    return text, ""
