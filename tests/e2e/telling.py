"""What stories over HTTP begin with and look at: somebody in Berlin, in either language, and what they are shown."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from planner.model import SECOND
from tests.e2e.site import Feeds, Phone, a_site
from tests.virtual import FakeClock

BERLIN = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True)
class Tongue:
    """What the buttons and answers are called that all stories need."""

    lang: str
    start: str
    city: str
    moved: str
    change: str
    undo: str
    delete: str
    done: str
    as_before: str
    not_kept: str
    deleted: str
    nothing: str
    one: str
    rest: str
    all: str
    skip: str
    pick: Callable[[str, str], str]
    """Of what is said in English and in Russian, the one."""


EN = Tongue(
    "en", "Hello!", "Berlin", "Your time zone is Berlin", "Change", "Undo", "Delete", "Done", "As it was before.",
    "is not kept", "is deleted", "Nothing is planned.", "Only", "This and all that follow", "All of it",
    "Skip this one", lambda english, russian: english,
)  # fmt: skip
RU = Tongue(
    "ru", "Здравствуйте!", "Берлин", "Ваш часовой пояс Берлин", "Изменить", "Отменить", "Удалить", "Готово",
    "Всё снова как было.", "Не сохранено", "Удалено", "Ничего не запланировано.", "Только", "Это и все следующие",
    "Все", "Пропустить этот раз", lambda english, russian: russian,
)  # fmt: skip
both = pytest.mark.parametrize("tongue", [EN, RU], ids=lambda one: one.lang)


@asynccontextmanager
async def berlin(
    folder: Path, clock: FakeClock, tongue: Tongue = EN, feeds: Feeds | None = None, **environ: str
) -> AsyncIterator[Phone]:
    """Somebody in Berlin who has said so."""
    async with a_site(folder, clock, feeds, **environ) as site:
        yield await arrived(Phone(site, lang=tongue.lang), tongue)


async def arrived(phone: Phone, tongue: Tongue) -> Phone:
    await phone.say("/start", tongue.start)
    await phone.say(tongue.city, tongue.moved)
    return phone


def at(clock_in_berlin: str) -> int:
    """``2027-03-28 09:00`` on Berlin's wall clock, UTC ms."""
    return round(datetime.fromisoformat(clock_in_berlin).replace(tzinfo=BERLIN).timestamp()) * SECOND


def said(card: str) -> list[str]:
    """A card's lines without its mark, how long it is till then, and that it is as it was."""
    lines = [re.sub(r", (?:in|через) \d.*", "", line) for line in card.splitlines()]
    return [lines[0].partition(" ")[2], *(line for line in lines[1:] if line not in (EN.as_before, RU.as_before))]


async def listed(phone: Phone, days: str) -> list[str]:
    """What /agenda shows, one line an occurrence: its day, its time, its title."""
    await phone.look()
    before = set(phone.rows)
    await phone.say(f"/agenda {days}")
    await phone.site.clock.sleep(2 * SECOND)
    await phone.look()
    (new,) = set(phone.rows) - before
    found, on = [], ""
    for line in phone.rows[new].text.splitlines():
        one = re.fullmatch(r"(?:\d+\.|·) (\S.*?)  (.+?)(?: 🔁)?", line)
        if one:
            found.append(f"{on} {one[1]} {one[2]}")
        elif line and "🟢" not in line:
            on = line
    return found


async def silent(phone: Phone, ms: int) -> None:
    """Nothing comes for so long."""
    await phone.look()
    before = set(phone.rows)
    await phone.site.clock.sleep(ms)
    await phone.look()
    assert [phone.rows[one].text for one in set(phone.rows) - before] == []
