"""Short things that are said around a plan are told in any language, and no language says two of them alike."""

from __future__ import annotations

import pytest

from planner.when import ends_of, free_at, said, without
from planner.when.en_sayings import SAYINGS as ENGLISH
from planner.when.ru_sayings import SAYINGS as RUSSIAN
from planner.when.sayings import SAYINGS, Saying
from tests.virtual import START


def test_every_language_says_all_of_them() -> None:
    assert ENGLISH.keys() == RUSSIAN.keys() == SAYINGS.keys()


@pytest.mark.parametrize(
    ("text", "what"),
    [("Hello!", "hello"), ("Доброе  утро", "hello"), ("thanks :)", "thanks"), ("не надо.", "give up"), ("👍", "done")],
)
def test_case_spaces_and_punctuation_do_not_matter(text: str, what: Saying) -> None:
    assert said(text.replace(":", ""), what)
    assert not said(f"{text} milk", what)


def test_no_whole_message_means_two_things() -> None:
    whole = [SAYINGS["hello"], SAYINGS["thanks"], SAYINGS["give up"], SAYINGS["done"]]
    assert len(frozenset().union(*whole)) == sum(map(len, whole))


@pytest.mark.parametrize("text", ["from 23:00 to 7:00", "23:00–7:00", "с 23:00 до 7:00", "со 23:00 - 7:00"])
def test_a_stretch_has_two_ends(text: str) -> None:
    assert ends_of(text) == ("23:00", "7:00")


def test_what_is_no_stretch_stays_as_it_is() -> None:
    assert ends_of("23:00") == ("23:00", "")
    assert without("until tomorrow", "leading") == "tomorrow"
    assert without("tomorrow", "leading") == "tomorrow"
    assert without("", "leading") == ""


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("am I free tomorrow at 15:00?", "en"),
        ("will we be free tomorrow at 15:00", "en"),
        ("busy tomorrow at 15:00?", "en"),
        ("свободен ли я завтра в 15:00?", "ru"),
        ("я занята завтра в 15:00?", "ru"),
    ],
)
def test_whether_one_is_free_at_a_time_is_heard(text: str, lang: str) -> None:
    found = free_at(text, now=START, zone="UTC", lang=lang)
    assert found is not None
    assert found.start is not None
    assert f"{found.start:%d %H:%M}" == "22 15:00"


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("free concert tomorrow at 19:00", "en"),
        ("am I free tomorrow", "en"),
        ("dentist tomorrow at 15:00", "en"),
        ("я свободен каждый день в 15:00", "ru"),
        ("свободная касса завтра в 15:00", "ru"),
    ],
)
def test_anything_else_is_not(text: str, lang: str) -> None:
    assert free_at(text, now=START, zone="UTC", lang=lang) is None
