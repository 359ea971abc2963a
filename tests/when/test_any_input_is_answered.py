"""No input raises, however long or odd, and the work grows with the length and no faster."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.when import Phrase, asked, days_of, durations, shift_of, time_of_day, understand
from planner.when.chart import MAX_STEPS
from planner.when.languages import LANGUAGES, likely
from planner.when.scan import chart_of, scan
from planner.when.understand import MAX_CHARACTERS
from tests.when.cases import Said, now_at
from tests.when.phrases_en import PHRASES as ENGLISH
from tests.when.phrases_ru import PHRASES as RUSSIAN

NOW, ZONE = now_at("saturday")
STEPS_A_TOKEN = 150
ODD = (
    "mon ",
    "1 ",
    "1 day and ",
    "every ",
    "at 9 and ",
    "через ",
    "в 9 и ",
    "(",
    "a-",
    "twenty five ",
    "may 5 ",
    "до ",
)
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
    shift_of(text, lang=lang)
    request = asked(text, now=now, zone=zone, lang=lang)
    assert request is None or (request.about in text and request.phrase_text.split(" ")[0] in text)
    days = days_of(text, now=now, zone=zone, lang=lang)
    assert days is None or days[0] <= days[1]


@settings(max_examples=100, deadline=None)
@given(text=soup)
def test_what_is_ok_lies_ahead(text: str) -> None:
    phrase = understand(text, now=NOW, zone=ZONE, lang="en")
    if phrase.status == "ok" and phrase.start is not None and not phrase.all_day:
        assert phrase.start.timestamp() * 1_000 >= NOW
    if phrase.start is not None and phrase.end is not None:
        assert phrase.end >= phrase.start


def odd_texts(code: str) -> list[str]:
    chance = random.Random(7)
    texts = [" ".join(chance.choices(WORDS[code], k=size)) for size in (10, 40, 160, 640) for _ in range(10)]
    return texts + [word * 400 for word in ODD]


@pytest.mark.parametrize("code", WORDS)
def test_the_steps_of_work_grow_with_the_length(code: str) -> None:
    for text in odd_texts(code):
        chart, size = chart_of(text, LANGUAGES[code], limit=10**9)
        for at in range(size):
            for head in ("keep", "part", "fill", "aside", "asking", "newtime", "dayrange"):
                chart.match(head, at)
        assert chart.steps <= STEPS_A_TOKEN * (size + 1), text[:60]


@pytest.mark.parametrize("code", WORDS)
def test_no_text_costs_more_than_its_bound(code: str) -> None:
    costs = [scan(text, LANGUAGES[code]).steps for text in odd_texts(code)]
    assert max(costs) <= MAX_STEPS + STEPS_A_TOKEN
    assert max(costs) > MAX_STEPS


@pytest.mark.parametrize("table", [ENGLISH, RUSSIAN])
def test_a_phrase_is_far_from_the_bound(table: tuple[Said, ...]) -> None:
    for said in table:
        for language in likely(said.text, "en"):
            assert scan(said.text, language).steps <= MAX_STEPS / 2, said.text


def test_of_a_long_text_the_head_is_understood() -> None:
    text = "dentist tomorrow at 9am " + "and everything else that there is to say about it on the way " * 18
    found = understand(text[:MAX_CHARACTERS], now=NOW, zone=ZONE, lang="en")
    assert found.status == "ok"
    assert f"{found.start:%Y-%m-%dT%H:%M}" == "2026-11-22T09:00"


@pytest.mark.parametrize("unit", ["mon ", "9:30 ", "пн ", "a-", "(", "«", "5.", "1-", "за день и "])
def test_a_longer_text_is_refused_unread(unit: str) -> None:
    text = (unit * 10_000)[:10_000]
    assert understand(text, now=NOW, zone=ZONE, lang="en").why == "too_long"
    assert understand(text[:MAX_CHARACTERS], now=NOW, zone=ZONE, lang="ru").why != "too_long"
