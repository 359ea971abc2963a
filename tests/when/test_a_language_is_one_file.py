"""A language is a value made of words and shapes; the code that reads it knows none."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from planner.when import build as b
from planner.when import build_repeats as r
from planner.when.choose import choose
from planner.when.common import COMMON
from planner.when.en import EN
from planner.when.grammar import END, element_of
from planner.when.language import Language, Rule, lexicon
from planner.when.reading import now_in
from planner.when.readings import read
from planner.when.ru import RU
from planner.when.scan import scan
from planner.when.title import title
from planner.when.values import Offset
from tests.when.cases import now_at

GERMAN = Language(
    code="de",
    script="latin",
    words=lexicon(
        ("dayword", {"heute": 0, "morgen": 1}),
        ("wd", {"montag": 0, "freitag": 4}),
        ("mon", {"märz": 3, "dezember": 12}),
        ("unit", {"minute minuten": "minute", "stunde stunden": "hour"}),
        ("andword", {"und": True}),
    ),
    rules=(
        *COMMON,
        Rule("part", "um? <hm> uhr?", b.hm24),
        Rule("part", "um <hour> uhr?", b.clock),
        Rule("part", "<dayword>", Offset),
        Rule("part", "am? <wd>", lambda day: b.weekday(None, day)),
        Rule("part", "am? <int> . <mon>", b.day_month),
        Rule("part", "in <len>", b.ahead),
        Rule("part", "jeden <wdset>", r.weekly),
    ),
    weak=frozenset(),
    typed=frozenset({"montag", "freitag"}),
    not_typos=frozenset(),
    suffixes=frozenset(),
    measures=frozenset(),
    joints_before=frozenset({","}),
    joints_after=frozenset({","}),
    clock24=True,
    order="dmy",
)


def understood(text: str) -> tuple[str, str, str | None]:
    scanned = scan(text, GERMAN)
    chosen = choose(scanned)
    found = read(chosen.slots, now_in(*now_at("saturday")), "").options
    return title(scanned, chosen.parts), f"{found[0].start:%Y-%m-%dT%H:%M}", found[0].rrule


def test_a_language_of_a_few_lines_works() -> None:
    assert understood("Zahnarzt morgen um 9:30 Uhr") == ("Zahnarzt", "2026-11-22T09:30", None)
    assert understood("in 20 Minuten Tee") == ("Tee", "2026-11-21T10:20", None)
    assert understood("am 24. Dezember um 18 Uhr Essen") == ("Essen", "2026-12-24T18:00", None)
    assert understood("jeden Montag und Freitag um 19:00 Sport") == (
        "Sport",
        "2026-11-23T19:00",
        "FREQ=WEEKLY;BYDAY=MO,FR",
    )
    assert understood("am Frietag um 10:00 Termin")[1] == "2026-11-27T10:00"


@pytest.mark.parametrize("language", [EN, RU], ids=lambda language: language.code)
def test_every_rule_can_be_built_from_what_it_catches(language: Language) -> None:
    """A builder that takes another number of values would raise, but only once somebody says that phrase."""
    for rule in language.rules:
        elements = [element_of(piece) for piece in rule.pattern.split()]
        caught = [one for one in elements if one.name not in ("", END) and not one.ahead]
        inspect.signature(rule.build).bind(*caught)


def test_only_the_language_files_hold_words_of_a_language() -> None:
    folder = Path(b.__file__).parent
    for file in folder.glob("*.py"):
        russian = any("а" <= char <= "я" for line in file.read_text("utf-8").splitlines() for char in code_of(line))
        assert russian == file.name.startswith("ru"), file.name


def code_of(line: str) -> str:
    """A line without what stands in docstrings and comments, as far as an example may stand there."""
    return "" if line.strip().startswith(('"""', "#")) or "ё" in line or line.count('"') < 2 else line
