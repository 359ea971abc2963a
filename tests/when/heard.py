"""How many of the phrases of ``heard_*`` and ``told_*`` are understood: ``python -m tests.when.heard``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations

from tests.when import heard_en, heard_ru, told_en, told_ru
from tests.when.hearing import SEVERITY, Heard, Verdict, listen

HOMES = {"en": "Europe/Berlin", "ru": "Europe/Moscow"}
"""Where the phrases of a language are said."""

LISTS = {
    "heard en": ("en", heard_en.HEARD),
    "heard ru": ("ru", heard_ru.HEARD),
    "told en": ("en", told_en.TOLD),
    "told ru": ("ru", told_ru.TOLD),
}
"""Each list of phrases with its language."""

ORDERS = {"en": heard_en.ORDERS, "ru": heard_ru.ORDERS}
"""The same, in pieces that may come in any order."""


def main() -> None:
    """Prints, per list, each phrase that is not understood, the gravest first, and the rate of those that are."""
    for name, (lang, phrases) in LISTS.items():
        verdicts = [(said, verdict) for said in phrases if (verdict := listen(said, lang, HOMES[lang]))]
        for said, verdict in sorted(verdicts, key=lambda one: SEVERITY.index(one[1].fault)):
            print(line(said, verdict))
        good = len(phrases) - len(verdicts)
        faults = Counter(verdict.fault for _, verdict in verdicts)
        print(f"{name}: {good} of {len(phrases)} understood, {good / len(phrases):.1%}; {dict(faults)}")
    for lang, them in ORDERS.items():
        turned = [one for pieces in them for one in in_every_order(pieces)]
        misheard = [(said, verdict) for said in turned if (verdict := listen(said, lang, HOMES[lang]))]
        for said, verdict in misheard:
            print(line(said, verdict))
        print(f"{lang}: {len(turned) - len(misheard)} of {len(turned)} orders")


def in_every_order(pieces: Heard) -> Iterator[Heard]:
    """The phrase with its pieces in each order, with and without commas between them."""
    for order in permutations(pieces.text.split("|")):
        for between in (" ", ", "):
            yield replace(pieces, text=between.join(order))


def line(said: Heard, verdict: Verdict) -> str:
    """A phrase that is not understood, in one line."""
    return f"[{verdict.fault}] ({said.now}) {said.text!r} → {verdict.expected} / {verdict.got}"


if __name__ == "__main__":
    main()
