"""What a user typed turns nothing around it: texts from right to left, and the controls of direction."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.i18n import words
from planner.render import MAX_UNITS, bold, cut, plain, say, shorten, units
from planner.render.bidi import inert, open_isolates

FSI, PDI, RLO, PDF, RLI, LRE = "\u2068", "\u2069", "\u202e", "\u202c", "\u2067", "\u202a"
HEBREW = "שלום"


@pytest.mark.parametrize(
    "text", ["", "dentist", "стоматолог", "naïve 🎉", "日本語", f"{FSI}{HEBREW}{PDI}, today at 10:00"]
)
def test_what_turns_nothing_stays_as_it_is(text: str) -> None:
    assert inert(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (HEBREW, f"{FSI}{HEBREW}{PDI}"),
        (f"buy {HEBREW} 2", f"{FSI}buy {HEBREW} 2{PDI}"),
        (f"{HEBREW}\nmilk\r\n{HEBREW}", f"{FSI}{HEBREW}{PDI}\nmilk\r\n{FSI}{HEBREW}{PDI}"),
        (f"{RLO}gnp.exe", "gnp.exe"),
        (f"a{PDF}{PDI}b", "ab"),
        (f"{RLO}abc{PDF} d", f"{FSI}{RLO}abc{PDF} d{PDI}"),
        (f"{RLI}abc{PDI} d", f"{RLI}abc{PDI} d"),
        (f"{RLI}a{LRE}b{PDI}c{PDF}", f"{RLI}ab{PDI}c"),
        (f"{RLO}a\nb{PDF}", "a\nb"),
        (f"{PDI}{HEBREW}", f"{FSI}{HEBREW}{PDI}"),
    ],
)
def test_what_could_turn_its_surroundings_is_isolated(text: str, shown: str) -> None:
    assert inert(text) == shown
    assert plain(text).text == shown


def test_a_sentence_around_a_title_keeps_its_direction() -> None:
    said = say(words("en"), "🗑 {title} is deleted, with its reminders.", title=bold(f"{HEBREW}{RLO}"))
    assert said.text == f"🗑 {FSI}{HEBREW}{PDI} is deleted, with its reminders."


@pytest.mark.parametrize("limit", range(1, 12))
def test_a_cut_title_is_isolated_to_its_end(limit: int) -> None:
    found = cut(plain(f"{HEBREW}{RLI}{HEBREW}{PDI}{HEBREW}"), limit)
    assert open_isolates(found.text) == 0
    assert found.units <= limit
    assert inert(found.text) == found.text


TYPED = st.text(st.sampled_from(f"ab \n🎉я{HEBREW}{FSI}{PDI}{RLO}{PDF}{RLI}{LRE}\u2029"), max_size=40)


@given(TYPED, st.integers(1, 50))
def test_whatever_is_typed_is_inert_once_it_is_shown(text: str, limit: int) -> None:
    once = inert(text)
    assert inert(once) == once
    assert open_isolates(once) == 0
    assert units(shorten(text, limit)) <= limit
    assert inert(shorten(text, limit)) == shorten(text, limit)
    assert units(once) <= MAX_UNITS
    letters = [one for one in text if one not in f"{FSI}{PDI}{RLO}{PDF}{RLI}{LRE}"]
    assert [one for one in once if one not in f"{FSI}{PDI}{RLO}{PDF}{RLI}{LRE}"] == letters
