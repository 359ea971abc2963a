"""Until when: a time and nothing else. What is no time is none, and whatever is typed is answered."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.chat.until import SNOOZE_MAX_MS, UNCLEAR, Until, until
from planner.model import DAY, HOUR, MINUTE
from tests.stories.story import BERLIN, instant
from tests.virtual import START

MORNING = 9 * 60 + 30


def read(text: str, *, zone: str = "UTC", now: int = START) -> Until:
    lang = "ru" if any("а" <= letter <= "я" for letter in text.lower()) else "en"
    return until(text, now=now, zone=zone, lang=lang, minute=MORNING)


@pytest.mark.parametrize(
    ("text", "later"),
    [
        ("40 min", 40 * MINUTE),
        ("40", 40 * MINUTE),
        ("an hour", HOUR),
        ("2 hours and 15 min", 135 * MINUTE),
        ("1 day", DAY),
        ("полчаса", 30 * MINUTE),
        ("ещё 10 минут", 10 * MINUTE),
    ],
)
def test_a_length_counts_from_now(text: str, later: int) -> None:
    found = read(text).at
    assert found is not None
    assert found == START + later


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("18:00", "2026-11-21 18:00"),
        ("9", "2026-11-22 09:00"),
        ("at 9:30 pm", "2026-11-21 21:30"),
        ("tomorrow", "2026-11-22 09:30"),
        ("until tomorrow", "2026-11-22 09:30"),
        ("tomorrow at 9", "2026-11-22 09:00"),
        ("monday", "2026-11-23 09:30"),
        ("в понедельник утром", "2026-11-23 09:00"),
        ("завтра в 9", "2026-11-22 09:00"),
        ("25 December at 8:00", "2026-12-25 08:00"),
    ],
)
def test_a_time_is_on_the_wall_clock(text: str, at: str) -> None:
    assert read(text, zone=BERLIN) == Until(instant(at, BERLIN))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("yesterday", "past"),
        ("today at 9:00", "past"),
        ("in 3 months", "far"),
        ("100 days", "far"),
        ("next week", "several"),
        ("", "unclear"),
        ("later", "unclear"),
        ("buy milk tomorrow", "unclear"),
        ("every day at 9:00", "unclear"),
        ("done", "unclear"),
    ],
)
def test_it_is_said_why_not(text: str, why: str) -> None:
    found = read(text)
    assert (found.at, found.why) == (None, why)
    assert all(START < at <= START + SNOOZE_MAX_MS for at in found.choices)


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=60) | st.from_regex(r"\A(in|at|через|до|на) [0-9]{1,12} ?(min|дней|h|pm|часа|years)?\Z"))
def test_anything_is_answered(text: str) -> None:
    found = read(text)
    assert found.at is None or START < found.at <= START + SNOOZE_MAX_MS
    assert found == UNCLEAR or found.at is not None or found.why in {"past", "far", "several"}
