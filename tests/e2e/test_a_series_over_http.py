"""A weekly event across the change of the clock in Berlin (28 March 2027), over HTTP alone: each scope of edit, undone.

What /agenda shows is looked at on either side of the change.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from planner.model import MINUTE, SECOND
from tests.e2e.site import Phone
from tests.e2e.telling import EN, RU, Tongue, at, berlin, both, listed, said
from tests.virtual import FakeClock

WEEKS = {
    EN: ("run every sunday at 9:00", "run", ["Sat 20 Mar", "Sun 21 Mar", "Sat 27 Mar", "Sun 28 Mar", "Sat 3 Apr",
         "Sun 4 Apr", "Sat 10 Apr", "Sun 11 Apr"]),
    RU: ("бег каждое воскресенье в 9:00", "бег", ["Сб 20 марта", "Вс 21 марта", "Сб 27 марта", "Вс 28 марта",
         "Сб 3 апреля", "Вс 4 апреля", "Сб 10 апреля", "Вс 11 апреля"]),
}  # fmt: skip
SAT_20, SUN_21, SAT_27, SUN_28, SAT_3, SUN_4, SAT_10, SUN_11 = range(8)
BEFORE = {SUN_21: "09:00", SUN_28: "09:00", SUN_4: "09:00", SUN_11: "09:00"}
DAY_BEFORE = {"en": "saturday 27 march at 10:30", "ru": "суббота 27 марта в 10:30"}
EDITS: list[tuple[str, str | dict[str, str], dict[int, str]]] = [
    ("one", "10:30", {**BEFORE, SUN_28: "10:30"}),
    ("rest", "10:30", {SUN_21: "09:00", SUN_28: "10:30", SUN_4: "10:30", SUN_11: "10:30"}),
    ("all", "10:30", dict.fromkeys(BEFORE, "10:30")),
    ("one", DAY_BEFORE, {SUN_21: "09:00", SAT_27: "10:30", SUN_4: "09:00", SUN_11: "09:00"}),
    ("rest", DAY_BEFORE, {SUN_21: "09:00", SAT_27: "10:30", SAT_3: "10:30", SAT_10: "10:30"}),
    ("all", DAY_BEFORE, dict.fromkeys((SAT_20, SAT_27, SAT_3, SAT_10), "10:30")),
]


def plan(tongue: Tongue, days: dict[int, str]) -> list[str]:
    _, title, names = WEEKS[tongue]
    return [f"{names[day]} {time} {title}" for day, time in sorted(days.items())]


@pytest.fixture
def march() -> FakeClock:
    """Ten days before the clock changes in Berlin."""
    return FakeClock(at("2027-03-18 11:00"))


@asynccontextmanager
async def a_series(folder: Path, clock: FakeClock, tongue: Tongue) -> AsyncIterator[Phone]:
    """A weekly run, and the card of the one on the day on which the clock changes."""
    async with berlin(folder, clock, tongue) as ann:
        phrase, title, _ = WEEKS[tongue]
        await ann.say(phrase, f"✅ {title}")
        assert await listed(ann, "20.3.2027-11.4.2027") == plan(tongue, BEFORE)
        await ann.say("/agenda 28.3.2027-28.3.2027", title)
        await ann.press(title, f"📌 {title}")
        yield ann


async def shows_and_undoes(ann: Phone, tongue: Tongue, after: dict[int, str]) -> None:
    assert await listed(ann, "20.3.2027-11.4.2027") == plan(tongue, after)
    await ann.press(tongue.undo, tongue.as_before)
    assert await listed(ann, "20.3.2027-11.4.2027") == plan(tongue, BEFORE)


@both
@pytest.mark.parametrize(("scope", "to", "after"), EDITS)
async def test_a_series_is_edited_across_the_change_of_the_clock_and_taken_back(
    scope: str, to: str | dict[str, str], after: dict[int, str], tongue: Tongue, tmp_path: Path, march: FakeClock
) -> None:
    async with a_series(tmp_path, march, tongue) as ann:
        title = WEEKS[tongue][1]
        await ann.press(tongue.change, title)
        await ann.say(to if isinstance(to, str) else to[tongue.lang], title)
        await ann.press(getattr(tongue, scope), f"✏️ {title}")
        await shows_and_undoes(ann, tongue, after)


@both
async def test_one_of_a_series_is_skipped_and_taken_back(tongue: Tongue, tmp_path: Path, march: FakeClock) -> None:
    async with a_series(tmp_path, march, tongue) as ann:
        await ann.press(tongue.skip, "⏭")
        await shows_and_undoes(ann, tongue, {day: time for day, time in BEFORE.items() if day != SUN_28})


@both
@pytest.mark.parametrize(
    ("scope", "mark", "after"), [("one", "⏭", (SUN_21, SUN_4, SUN_11)), ("rest", "🏁", (SUN_21,)), ("all", "🗑", ())]
)
async def test_a_series_is_deleted_ended_or_thinned_and_that_taken_back(
    scope: str, mark: str, after: tuple[int, ...], tongue: Tongue, tmp_path: Path, march: FakeClock
) -> None:
    async with a_series(tmp_path, march, tongue) as ann:
        await ann.press(tongue.delete, WEEKS[tongue][1])
        await ann.press(getattr(tongue, scope), mark)
        await shows_and_undoes(ann, tongue, dict.fromkeys(after, "09:00"))


@pytest.mark.parametrize(
    ("tongue", "phrase", "days"),
    [
        (EN, "backup every sunday at 2:30 am", ["Sun 21 Mar 02:30", "Sun 28 Mar 03:30", "Sun 4 Apr 02:30"]),
        (RU, "копия каждое воскресенье в 2:30", ["Вс 21 марта 02:30", "Вс 28 марта 03:30", "Вс 4 апреля 02:30"]),
    ],
)
async def test_an_hour_that_the_clock_leaves_out_is_moved_and_taken_back(
    tongue: Tongue, phrase: str, days: list[str], tmp_path: Path, march: FakeClock
) -> None:
    async with berlin(tmp_path, march, tongue) as ann:
        title = said(await ann.say(phrase, "✅"))[0]
        before = [f"{day} {title}" for day in days]
        assert await listed(ann, "21.3.2027-4.4.2027") == before
        await ann.say("/agenda 28.3.2027-28.3.2027", title)
        await ann.press(title, f"📌 {title}")
        await ann.press(tongue.change, title)
        await ann.say("4:45", title)
        await ann.press(tongue.one, "04:45")
        moved = before[1].replace("03:30", "04:45")
        assert await listed(ann, "21.3.2027-4.4.2027") == [before[0], moved, before[2]]
        await ann.press(tongue.undo, tongue.as_before)
        assert await listed(ann, "21.3.2027-4.4.2027") == before


@pytest.mark.parametrize(
    ("tongue", "phrase", "title"),
    [(EN, "bins every sunday at 4 am", "bins"), (RU, "мусор каждое воскресенье в 4:00", "мусор")],
)
async def test_a_reminder_comes_by_the_new_clock_an_hour_after_it_has_changed(
    tongue: Tongue, phrase: str, title: str, tmp_path: Path
) -> None:
    async with berlin(tmp_path, FakeClock(at("2027-03-28 01:30")), tongue) as ann:
        await ann.say(phrase, "✅")
        assert at("2027-03-28 03:45") - ann.site.clock.now() < 75 * MINUTE + SECOND
        came = await ann.reminded(at("2027-03-28 03:45"), title, "04:00")
        assert came.sent_at < at("2027-03-28 03:46")
