"""A rule may be typed as people type: what is meant is taken, what is wrong is refused with words that help."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.chat.rules import refused
from planner.i18n import LANGS, words
from planner.recur import check
from planner.rrule import RefusedError, parse, typed

CODES = ("malformed", "unknown", "freq", "interval", "count", "until", "too_often", "part")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("FREQ=DAILY", "FREQ=DAILY"),
        ("RRULE:FREQ=WEEKLY;BYDAY=MO,WE", "FREQ=WEEKLY;BYDAY=MO,WE"),
        ("rrule: freq=weekly", "FREQ=WEEKLY"),
        ("RRULE = FREQ=WEEKLY", "FREQ=WEEKLY"),
        ("freq = weekly; byday = mo,we", "FREQ=WEEKLY;BYDAY=MO,WE"),
        ("freq=weekly, byday=mo, we, fr", "FREQ=WEEKLY;BYDAY=MO,WE,FR"),
        ("freq=weekly byday=mo we", "FREQ=WEEKLY;BYDAY=MO,WE"),
        ("freq=monthly\nbyday=-1fr\n", "FREQ=MONTHLY;BYDAY=-1FR"),
        (" FREQ=MONTHLY ; BYMONTHDAY = 1 , -1 ; ", "FREQ=MONTHLY;BYMONTHDAY=1,-1"),
        ("FREQ=DAILY;INTERVAL=1;", "FREQ=DAILY"),
        ("FREQ=DAILY.", "FREQ=DAILY"),
        ("INTERVAL=2;FREQ=WEEKLY;WKST=SU", "FREQ=WEEKLY;INTERVAL=2;WKST=SU"),
        ("count=3;freq=daily", "FREQ=DAILY;COUNT=3"),
        ("byday=monday,Wed,fridays;freq=weekly", "FREQ=WEEKLY;BYDAY=MO,WE,FR"),
        ("freq=monthly;byday=-1friday", "FREQ=MONTHLY;BYDAY=-1FR"),
        ("freq=daily;until=2027-06-30", "FREQ=DAILY;UNTIL=20270630"),
        ("freq=daily;until=2027-06-30 18:00:00", "FREQ=DAILY;UNTIL=20270630T180000"),
        ("freq=daily;until=20270630t180000z", "FREQ=DAILY;UNTIL=20270630T180000Z"),
        ("DTSTART:20261121T090000\nRRULE:FREQ=DAILY;COUNT=2\nEXDATE:20261122T090000", "FREQ=DAILY;COUNT=2"),
    ],
)
def test_what_is_meant_as_a_rule_is_written_as_one(text: str, rule: str) -> None:
    assert typed(text) == rule
    assert check(rule) is None


@pytest.mark.parametrize(
    "text",
    [
        "", "every monday", "frequency of the radio", "dentist tomorrow at 9", "count = 3 apples", "until=tomorrow",
        "по понедельникам", "by the way", "buy freq", "x=1", "bye=1", "freq", "RRULE", "gym FREQ=WEEKLY",
    ],
)  # fmt: skip
def test_what_is_no_rule_is_left_to_others(text: str) -> None:
    assert typed(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("FREQ=", "malformed"),
        ("RRULE:", "malformed"),
        ("RRULE:every monday", "malformed"),
        ("FREQ=DAILY;FREQ=DAILY", "malformed"),
        ("FREQ=ЕЖЕДНЕВНО", "malformed"),
        ("freq=daily;" * 400, "malformed"),
        ("FREQ=DAILY;EVERY=2", "unknown"),
        ("FREQ=DAILY;BYWEEKNO=2", "unknown"),
        ("BYDAY=MO", "freq"),
        ("freq=minutely", "freq"),
        ("freq=daily;interval=0", "interval"),
        ("freq=daily;count=many", "count"),
        ("freq=daily;until=tomorrow", "until"),
        ("freq=daily;until=20270630;count=3", "until"),
        ("freq=daily;byminute=" + ",".join(map(str, range(49))), "too_often"),
        ("freq=weekly;byday=someday", "part"),
        ("freq=weekly;byday=1mo", "part"),
        ("freq=monthly;bymonthday=32", "part"),
    ],
)
def test_what_is_meant_as_a_rule_and_is_none_is_refused(text: str, code: str) -> None:
    with pytest.raises(RefusedError) as fault:
        typed(text)
    assert fault.value.args[0] == code


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("code", CODES)
def test_each_refusal_is_explained_with_an_example_that_works(code: str, lang: str) -> None:
    said = refused(words(lang), code)
    example = re.search(r"FREQ=[A-Z]+[A-Z0-9=;,-]*$", said)
    assert example, said
    assert check(example.group()) is None
    assert typed(example.group()) == example.group()


def test_each_refusal_has_words_of_its_own() -> None:
    assert len({refused(words("ru"), code) for code in CODES}) == len(CODES)
    assert refused(words("en"), "never heard of") == refused(words("en"), "malformed")


PIECES = ["FREQ", "=", "weekly", ";", " ", "byday", "mo", "-1", "\n", ",", "RRULE:", "until", "interval=1"]


@given(st.text(max_size=80) | st.lists(st.sampled_from(PIECES)).map("".join))
def test_whatever_is_typed_is_a_rule_or_not_or_refused(text: str) -> None:
    rule, code = None, None
    try:
        rule = typed(text)
    except RefusedError as fault:
        code = fault.args[0]
    assert code is None or code in CODES
    if rule is not None:
        assert parse(rule)
        assert typed(rule) == rule
