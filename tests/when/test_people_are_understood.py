"""What people say to a friend is understood: lists written from how people talk, without a look at the grammar."""

from __future__ import annotations

import pytest

from tests.when.heard import HOMES, LISTS, ORDERS, in_every_order, line
from tests.when.hearing import Heard, listen

LATIN = [
    "a",
    "b",
    "v",
    "g",
    "d",
    "e",
    "e",
    "zh",
    "z",
    "i",
    "y",
    "k",
    "l",
    "m",
    "n",
    "o",
    "p",
    "r",
    "s",
    "t",
    "u",
    "f",
    "h",
    "c",
    "ch",
    "sh",
    "sch",
    "",
    "y",
    "",
    "e",
    "yu",
    "ya",
]
READABLE = str.maketrans(dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", LATIN, strict=True)))
"""pytest writes letters other than Latin ones as numbers in the name of a test."""

SPOKEN = [(name, lang, said) for name, (lang, phrases) in LISTS.items() for said in phrases]


@pytest.mark.parametrize(
    ("name", "lang", "said"),
    SPOKEN,
    ids=[f"{name}: {said.text.lower().translate(READABLE)} ({said.now})" for name, _, said in SPOKEN],
)
def test_people_are_understood(name: str, lang: str, said: Heard) -> None:
    verdict = listen(said, lang, HOMES[lang])
    assert verdict is None, f"{name}: {line(said, verdict)}"


@pytest.mark.parametrize(
    ("lang", "pieces"),
    [(lang, pieces) for lang, them in ORDERS.items() for pieces in them],
    ids=[f"{lang}: {pieces.text.translate(READABLE)}" for lang, them in ORDERS.items() for pieces in them],
)
def test_any_order_means_the_same(lang: str, pieces: Heard) -> None:
    misheard = [line(said, verdict) for said in in_every_order(pieces) if (verdict := listen(said, lang, HOMES[lang]))]
    assert not misheard, "\n".join(misheard)
