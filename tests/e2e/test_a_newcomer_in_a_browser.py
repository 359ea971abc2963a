"""What a newcomer does first, as they do it: the real program, a real browser, real time.

``make run`` names a page; a phrase in English and one in Russian each become an event; the reminder arrives within a
second of its time, also when the program is killed in between.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.browser import Page, browser, needs_chromium

PROGRAM = Path(__file__).parents[2] / "planner.py"
LAST = "[...document.querySelectorAll('.message')].pop()"
PUNCTUAL_MS = 1_000
SHOTS = os.environ.get("PLANNER_SCREENSHOTS")
"""A folder for pictures of what the newcomer sees, for people to look at."""

pytestmark = needs_chromium


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


@contextmanager
def planner(folder: Path, port: int) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The program as ``make run`` starts it; gives it and the page's address that it prints."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PLANNER_", "BOT_TOKEN"))}
    environ |= {"PLANNER_HTTP": f"127.0.0.1:{port}", "TZ": "Europe/Berlin"}
    with subprocess.Popen(
        [sys.executable, str(PROGRAM)],
        cwd=folder,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            address = re.search(r"http://\S+", process.stdout.readline())
            assert address, "the page's address is printed first"
            yield process, address[0]
        finally:
            process.kill()


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
    tmp_path: Path, free_port: int
) -> None:
    async def story() -> None:
        with planner(tmp_path, free_port) as (process, url):
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
                with planner(tmp_path, free_port) as (_, again):
                    assert again == url
                    await sees(page, "⏰ чай", 20)
                    await shot(page, "4-a-reminder-after-a-kill")
                assert [fault for fault in page.faults if "ERR_CONNECTION_REFUSED" not in fault] == []

    asyncio.run(story())
    late = lateness(tmp_path)
    assert len(late) == 2
    assert all(0 <= one <= PUNCTUAL_MS for one in late), f"late by {late} ms"
