"""No input raises, however long or odd, and the work grows with the length and no faster."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.when import Phrase, durations, time_of_day, understand
from planner.when.languages import LANGUAGES
from planner.when.scan import scan
from planner.when.understand import MAX_CHARACTERS
from tests.when.cases import now_at
from tests.when.phrases_en import PHRASES as ENGLISH
from tests.when.phrases_ru import PHRASES as RUSSIAN

NOW, ZONE = now_at("saturday")
STEPS_A_TOKEN = 150
WORDS = {code: sorted({*language.words, "5", "12", "2026", "9:30", "5.06", "24/12", "-", ",", ".", "(", ")", "!"})
         for code, language in LANGUAGES.items()}  # fmt: skip

words = st.sampled_from([*WORDS["en"], *WORDS["ru"]])
soup = st.lists(words, max_size=40).map(" ".join)
figures = st.text("0123456789 .,:-/+()hmdчпутра", max_size=60)


def well_formed(phrase: Phrase) -> bool:
    if phrase.status == "ok":
        return phrase.start is not None and bool(phrase.title) and not phrase.why
    return bool(phrase.why)


@settings(max_examples=400, deadline=None)
@given(
    text=st.one_of(st.text(max_size=200), soup, figures),
    lang=st.sampled_from(["en", "ru", "de", ""]),
    now=st.integers(-(10**12), 10**13),
    zone=st.sampled_from(["Europe/Berlin", "America/St_Johns", "Pacific/Apia", "Australia/Lord_Howe"]),
)
def test_any_text_gets_an_answer(text: str, lang: str, now: int, zone: str) -> None:
    phrase = understand(text, now=now, zone=zone, lang=lang)
    assert well_formed(phrase)
    assert all(well_formed(choice) or choice.why == "no_title" for choice in phrase.choices if choice.title)
    for start, end, _ in phrase.taken:
        assert 0 <= start < end <= len(text)
    time_of_day(text, lang=lang)
    durations(text, lang=lang)


@settings(max_examples=100, deadline=None)
@given(text=soup)
def test_what_is_ok_lies_ahead(text: str) -> None:
    phrase = understand(text, now=NOW, zone=ZONE, lang="en")
    if phrase.status == "ok" and phrase.start is not None and not phrase.all_day:
        assert phrase.start.timestamp() * 1_000 >= NOW
    if phrase.start is not None and phrase.end is not None:
        assert phrase.end >= phrase.start


@pytest.mark.parametrize("code", WORDS)
def test_the_steps_of_work_grow_with_the_length(code: str) -> None:
    chance = random.Random(7)
    texts = [" ".join(chance.choices(WORDS[code], k=size)) for size in (10, 40, 160, 640) for _ in range(10)]
    texts += [word * 400 for word in ("mon ", "1 ", "1 day and ", "every ", "at 9 and ", "через ", "в 9 и ", "(", "a-")]
    for text in texts:
        scanned = scan(text, LANGUAGES[code])
        assert scanned.steps <= STEPS_A_TOKEN * (len(scanned.tokens) + 1), text[:60]


@pytest.mark.parametrize("unit", ["mon ", "9:30 ", "пн ", "a-", "(", "«", "5.", "1-", "за день и "])
def test_ten_thousand_characters_are_not_slow(unit: str) -> None:
    text = (unit * 10_000)[:10_000]
    began = time.perf_counter()
    assert understand(text, now=NOW, zone=ZONE, lang="en").why == "too_long"
    understand(text[:MAX_CHARACTERS], now=NOW, zone=ZONE, lang="ru")
    assert time.perf_counter() - began < 0.5


def test_a_phrase_takes_a_millisecond() -> None:
    took = []
    for said in (*ENGLISH, *RUSSIAN):
        understand(said.text, now=NOW, zone=ZONE, lang="en")
        began = time.perf_counter()
        understand(said.text, now=NOW, zone=ZONE, lang="en")
        took.append(time.perf_counter() - began)
    assert sorted(took)[len(took) // 2] < 0.001
