"""The week as a picture: all of it is there or counted, nothing covers anything else, and Pillow is optional."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import tests
from planner import picture
from planner.due import local_text, wall
from planner.i18n import words
from planner.marks import Marks
from planner.model import DAY, Event, Feed, Occurrence, Quiet, User
from planner.picture import layout
from planner.picture.draw import HEIGHT, WIDTH
from planner.picture.fonts import drawable, font, wrapped
from planner.picture.paint import LIGHT

BEGIN = date(2026, 11, 21)
ZONE = "Europe/Berlin"
NOW = wall(BEGIN, 14 * 60 + 20, ZONE)
ALICE = User(1, 1, "Alice", "en", ZONE, False, None, (), Quiet(22 * 60, 8 * 60), False)


def occurrence(number: int, start_at: int, minutes: int = 0, *, days: int = 0, title: str = "dentist") -> Occurrence:
    length = days * DAY // 1_000 if days else minutes * 60
    local = local_text(start_at, ZONE)
    return Occurrence(Event(number, 1, title, local, start_at, length, bool(days), None, None, False, None), start_at)


def at(day: int, minute: int) -> int:
    return wall(BEGIN + timedelta(days=day), minute, ZONE)


timed = st.tuples(
    st.integers(-1, 7), st.integers(0, 95).map(lambda n: n * 15), st.sampled_from([0, 0, 15, 60, 300, 700])
)
weeks = st.lists(timed, max_size=25).map(
    lambda made: [occurrence(n, at(day, minute), length) for n, (day, minute, length) in enumerate(made)]
)
whole = st.lists(st.tuples(st.integers(-3, 8), st.integers(1, 6)), max_size=12).map(
    lambda made: [occurrence(n, at(day, 0), days=days) for n, (day, days) in enumerate(made)]
)


@given(weeks)
def test_whatever_happens_on_a_day_is_drawn_or_counted_and_covers_nothing(found: list[Occurrence]) -> None:
    placed = layout.blocks(found, ZONE, BEGIN)
    for day in range(layout.DAYS):
        here = [block for block in placed if block.day == day]
        low, high = at(day, 0), at(day + 1, 0)
        due = [
            one
            for one in found
            if one.start_at < high and (one.start_at >= low or one.start_at + one.event.duration_s * 1_000 > low)
        ]
        assert sum(block.left or 1 for block in here) == len(due)
        for block in here:
            assert 0 <= block.begin < block.end <= layout.MINUTES
            assert block.lane < block.lanes <= layout.LANES_MAX
            assert not any(
                other is not block and other.begin < block.end and block.begin < other.end
                and (other.lane == block.lane or other.lanes != block.lanes)
                for other in here
            )  # fmt: skip


@given(whole)
def test_what_takes_whole_days_is_a_bar_over_them_or_counted(found: list[Occurrence]) -> None:
    placed = layout.bars(found, ZONE, BEGIN)
    for day in range(layout.DAYS):
        here = [bar for bar in placed if bar.first <= day <= bar.last]
        due = [one for one in found if one.start_at <= at(day, 0) < one.start_at + one.event.duration_s * 1_000]
        assert sum(bar.left or 1 for bar in here) == len(due)
        assert len({bar.lane for bar in here}) == len(here)


@given(weeks)
def test_the_hours_hold_what_begins_in_the_week(found: list[Occurrence]) -> None:
    placed = layout.blocks(found, ZONE, BEGIN)
    first, last = layout.hours(placed)
    assert 0 <= first <= layout.HOURS[0]
    assert layout.HOURS[1] <= last <= 24
    seen = layout.within(placed, (first, last))
    assert [block for block in placed if not block.begun] == [block for block in seen if not block.begun]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("lang", ["en", "ru"])
def test_it_is_a_png_for_a_phone(lang: str, dark: bool) -> None:
    found = [occurrence(1, at(0, 570), title="стоматолог 🦷"), occurrence(2, at(3, 0), days=4, title="🏖"),
             *(occurrence(n, at(1, 600 + n), 60) for n in range(3, 9))]  # fmt: skip
    png = picture.week(found, ALICE, BEGIN, NOW, words(lang), dark=dark)
    drawn = Image.open(BytesIO(png))
    assert (drawn.format, drawn.size) == ("PNG", (WIDTH, HEIGHT))
    corner = drawn.convert("L").getpixel((2, 2))
    assert (corner < 60) == dark
    assert len(set(drawn.resize((108, 135)).convert("RGB").get_flattened_data())) > 20


def test_an_empty_week_and_one_without_today_are_drawn_too() -> None:
    later = BEGIN + timedelta(days=30)
    assert picture.week([], ALICE, later, NOW, words("en"), dark=False).startswith(b"\x89PNG")


@given(st.text(max_size=80), st.integers(30, 300), st.integers(1, 5))
def test_lines_are_no_wider_than_their_room(text: str, width: int, lines: int) -> None:
    of = font(28)
    shown = wrapped(drawable(text), of, width, lines)
    assert 1 <= len(shown) <= lines
    for line in shown:
        assert of.getlength(line) <= width + 1 or len(line) <= 4


def test_letters_of_every_language_are_there_and_others_are_left_out() -> None:
    assert drawable("Ёлка, Ünal & łódź") == "Ёлка, Ünal & łódź"
    assert drawable("gym 🏋️‍♀️") == "gym"
    assert drawable("🎂") == "•"


@pytest.mark.parametrize(
    ("mark", "edge"), [("🟩", "#2ba36a"), ("🔴", "#e2475f"), ("⬛", "#1ba3b5")], ids=["green", "red", "none of ours"]
)
def test_an_event_is_drawn_in_the_colour_of_its_calendars_mark(mark: str, edge: str) -> None:
    feed = Feed(5, 1, "https://calendars.example/x.ics", "Work", False, mark, NOW, None, False, False, True, 2, 15, NOW,
                None, NOW, 0, None, "", None)  # fmt: skip
    one = occurrence(3, at(2, 600), 120)
    one = Occurrence(replace(one.event, feed_id=feed.id), one.start_at)
    png = picture.week([one], ALICE, BEGIN, NOW, words("en"), dark=False, marks=Marks({feed.id: feed}))
    image = Image.open(BytesIO(png)).convert("RGB")
    shown = {f"#{red:02x}{green:02x}{blue:02x}" for _, (red, green, blue) in image.getcolors(1 << 20)}
    assert (shown - {LIGHT.accent}) & {one for _, _, one in LIGHT.events} == {edge}


@pytest.mark.parametrize("module", ["planner.app", "planner.picture"])
def test_who_draws_nothing_does_not_pay_for_pillow(module: str) -> None:
    code = f"import sys, {module}; sys.exit('PIL' in sys.modules)"
    root = Path(tests.__file__).parents[1]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False, timeout=60).returncode == 0


def test_without_pillow_nothing_can_be_drawn() -> None:
    code = "import sys; sys.modules['PIL'] = None; from planner import picture; sys.exit(picture.available())"
    root = Path(tests.__file__).parents[1]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False, timeout=60).returncode == 0
    assert picture.available()
