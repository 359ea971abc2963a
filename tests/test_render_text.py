"""Rich text reaches Telegram whole: entities where they belong, pages that lose nothing, no markup anywhere."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.i18n import words
from planner.render import (
    MAX_ENTITIES,
    MAX_UNITS,
    Entity,
    Text,
    bold,
    code,
    cut,
    fill,
    italic,
    join,
    link,
    moment,
    pages,
    plain,
    say,
    shorten,
    units,
)

NOW = 1_795_255_200_000
YEAR = 365 * 86_400_000

characters = st.text(st.sampled_from(list("ab \n*_<&😀é\u200d")), max_size=60)
pieces = st.one_of(
    characters.map(plain),
    characters.map(bold),
    characters.map(lambda text: link(text, "https://example.org/")),
    characters.map(lambda text: bold(italic(text) + "tail")),
)
texts = st.lists(pieces, max_size=8).map(join)


def marked(text: Text) -> list[tuple[str, str]]:
    """Each entity's kind with the words it covers, as Telegram's side reads offsets."""
    units_of_text = text.text.encode("utf-16-le")
    return [(one.type, units_of_text[2 * one.offset : 2 * one.end].decode("utf-16-le")) for one in text.entities]


def covered(text: Text) -> list[tuple[str, frozenset[str]]]:
    """Every character with the kinds of entities over it."""
    found, at = [], 0
    for character in text.text:
        kinds = frozenset(one.type for one in text.entities if one.offset <= at < one.end)
        found.append((character, kinds))
        at += units(character)
    return found


def test_offsets_count_what_telegram_counts() -> None:
    text = "🎉 " + bold("Tom 🎂") + " at " + italic("nine") + code("x")
    assert marked(text) == [("bold", "Tom 🎂"), ("italic", "nine"), ("code", "x")]
    assert text.units == len(text.text.encode("utf-16-le")) // 2


def test_what_looks_like_markup_stays_text() -> None:
    text = bold("*a* <b>_c_</b> [x](tg://user?id=1)") + "`y`"
    assert text.text == "*a* <b>_c_</b> [x](tg://user?id=1)`y`"
    assert [one.type for one in text.entities] == ["bold"]


def test_entities_nest_outer_first() -> None:
    text = plain("see ") + bold("the " + link("map", "https://example.org/"))
    assert marked(text) == [("bold", "the map"), ("text_link", "map")]
    assert text.entities[1].url == "https://example.org/"


def test_nothing_marked_is_no_entity() -> None:
    assert bold("") == Text()
    assert not bold("")


def test_half_a_character_never_reaches_telegram() -> None:
    assert plain("a\ud83d").text == "a\ufffd"
    assert plain("\ud83d\ude00").text == "😀"
    (bold("\ud83d") + "\ude00").text.encode()


def test_parts_are_joined_with_what_stands_between() -> None:
    text = join([bold("a"), "b", italic("c")], between=", ")
    assert text.text == "a, b, c"
    assert marked(text) == [("bold", "a"), ("italic", "c")]


def test_a_sentence_is_filled_with_rich_text() -> None:
    text = say(words("ru"), "in {span}", span=bold("2 ч"))
    assert text.text == "через 2 ч"
    assert marked(text) == [("bold", "2 ч")]


def test_a_value_is_never_read_as_a_template() -> None:
    assert fill("{a}: {b}", a=bold("{b}"), b=7).text == "{b}: 7"
    assert fill("{{a}} {n:03}", n=7).text == "{a} 007"


def test_a_moment_shows_each_reader_their_own_time() -> None:
    text = moment("tomorrow 09:30", NOW, NOW)
    assert text.entities == (Entity("date_time", 0, 14, unix_time=NOW // 1_000),)
    assert moment("in 3 h", NOW, NOW, "r").entities[0].date_time_format == "r"


@pytest.mark.parametrize("at", [-1_000, NOW + 4 * YEAR])
def test_a_moment_telegram_would_refuse_is_plain_text(at: int) -> None:
    assert moment("then", at, NOW) == plain("then")


def test_what_fits_is_one_page() -> None:
    text = bold("x" * MAX_UNITS)
    assert pages(text) == (text,)


def test_nothing_is_no_page() -> None:
    assert pages(Text()) == ()
    assert pages(plain("\n \n")) == ()


def test_pages_end_at_lines() -> None:
    assert [page.text for page in pages(plain("one\ntwo\nthree four"), 9)] == ["one\ntwo\n", "three ", "four"]


def test_a_page_does_not_cut_an_entity_that_fits_in_the_next() -> None:
    found = pages(plain("ab ") + bold("cd ef") + plain(" gh"), 7)
    assert [page.text for page in found] == ["ab ", "cd ef ", "gh"]
    assert marked(found[1]) == [("bold", "cd ef")]
    found = pages(plain("😀😀😀😀 ") + bold("cd ef"), 13)
    assert [page.text for page in found] == ["😀😀😀😀 ", "cd ef"]


def test_an_entity_longer_than_a_page_goes_on_in_the_next() -> None:
    found = pages(bold("aaaa bbbb"), 6)
    assert [marked(page) for page in found] == [[("bold", "aaaa ")], [("bold", "bbbb")]]


def test_a_page_has_no_more_entities_than_telegram_shows() -> None:
    text = join([bold(f"line {number}") for number in range(250)], between="\n")
    found = pages(text)
    assert [len(page.entities) for page in found] == [MAX_ENTITIES, MAX_ENTITIES, 50]
    assert "".join(page.text for page in found) == text.text


def test_a_page_too_small_for_a_character_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one character"):
        pages(plain("😀"), 1)


@given(texts, st.integers(2, 40))
def test_pages_lose_nothing_and_stay_within_the_limit(text: Text, limit: int) -> None:
    found = pages(text, limit)
    assert all(page.units <= limit and page.text.strip() for page in found)
    shown = [one for page in found for one in covered(page) if one[0].strip()]
    assert shown == [one for one in covered(text) if one[0].strip()]


@given(texts, st.integers(2, 40))
def test_pages_cut_no_character_in_half(text: Text, limit: int) -> None:
    for page in pages(text, limit):
        page.text.encode()
        for one in page.entities:
            assert one.length > 0
            assert one.end <= page.units
        assert all(words for _, words in marked(page))


@given(texts, st.integers(1, 60))
def test_a_cut_text_fits_and_says_that_it_is_cut(text: Text, limit: int) -> None:
    found = cut(text, limit)
    assert found.units <= limit
    assert found == text or found.text.endswith("…")
    assert text.text.startswith(found.text.removesuffix("…"))
    assert all(one.end <= found.units for one in found.entities)


@given(texts, texts)
def test_joining_keeps_every_mark(one: Text, other: Text) -> None:
    assert covered(one + other) == covered(one) + covered(other)


def test_a_title_on_a_button_is_one_short_line() -> None:
    assert shorten("Call\n  mum  about 🎂 and dinner", 14) == "Call mum abou…"
    assert shorten("Call mum 🎂🎂", 12) == "Call mum 🎂…"


def test_a_huge_text_is_paged_whole() -> None:
    text = plain("word " * 40_000)
    assert "".join(page.text for page in pages(text)) == text.text
    assert not re.search(r"\S$", pages(text)[0].text)
