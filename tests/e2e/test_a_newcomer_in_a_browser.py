"""What a newcomer does first, as they do it: the real program, a real browser, real time.

``make run`` names a page; a phrase in English and one in Russian each become an event; the reminder arrives within a
second of its time, also when the program is killed in between.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.browser import Page, browser, needs_chromium
from tests.e2e.newcomer import SHOTS, free_port, running

LAST = "[...document.querySelectorAll('.message')].pop()"
PUNCTUAL_MS = 1_000

pytestmark = needs_chromium


async def write(page: Page, text: str) -> None:
    await page.click("#text")
    await page.type(text)
    await page.key("Enter")


async def shot(page: Page, name: str) -> None:
    if SHOTS:
        await page.screenshot(Path(SHOTS) / f"{name}.png")


async def sees(page: Page, text: str, wait_s: float = 15) -> None:
    await page.until(f"{LAST} && {LAST}.innerText.includes({json.dumps(text)})", wait_s)


def lateness(folder: Path) -> list[int]:
    with closing(sqlite3.connect(f"file:{folder / 'planner.db'}?mode=ro", uri=True)) as database:
        return [late for (late,) in database.execute("SELECT sent_at - due_at FROM reminders WHERE state = 'sent'")]


def test_says_when_in_two_languages_and_is_reminded_though_the_program_is_killed(
    tmp_path: Path,
) -> None:
    port = free_port()

    async def story() -> None:
        with running(tmp_path, port, "Europe/Berlin") as (process, url):
            async with browser(width=390, height=844, touch=True, language="en-GB") as page:
                await page.goto(url)
                await shot(page, "1-the-page")
                await write(page, "dentist tomorrow at 9:30")
                await sees(page, "tomorrow at 09:30")
                await shot(page, "2-an-event")
                await write(page, "tea in 3 seconds")
                await sees(page, "⏰ tea")
                await shot(page, "3-a-reminder")
                await write(page, "чай через 14 секунд")
                await sees(page, "✅ чай")
                process.send_signal(signal.SIGKILL)
                process.wait()
                with running(tmp_path, port, "Europe/Berlin") as (_, again):
                    assert again == url
                    await sees(page, "⏰ чай", 20)
                    await shot(page, "4-a-reminder-after-a-kill")
                assert [fault for fault in page.faults if "ERR_CONNECTION_REFUSED" not in fault] == []

    asyncio.run(story())
    late = lateness(tmp_path)
    assert len(late) == 2
    assert all(0 <= one <= PUNCTUAL_MS for one in late), f"late by {late} ms"
