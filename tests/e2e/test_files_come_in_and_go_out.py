"""A real process takes a calendar file in, by a process of its own, and serves its user's events to other calendars."""

from __future__ import annotations

import re
import urllib.error
import urllib.request

import pytest

from tests.e2e.test_real_processes import ANSWER_S, Start, ask, free_port, say, shown, start, until
from tests.web import calendar, event

__all__ = ["start"]

PUBLIC = "https://planner.example.org"


def send(chat: str, name: str, body: str, expected: str) -> None:
    """Send a file, and wait for what is said of it."""
    parts = ('name="chat_id"\r\n\r\n1', f'name="file"; filename="{name}"\r\n\r\n{body}')
    data = "".join(f"--x\r\nContent-Disposition: form-data; {part}\r\n" for part in parts) + "--x--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    urllib.request.urlopen(urllib.request.Request(f"{chat}/chat/files", data.encode(), headers), timeout=ANSWER_S)
    until(lambda: expected in shown(chat), ANSWER_S, f"the answer {expected!r}")


def press(chat: str, label: str, expected: str) -> None:
    """Press the latest button so labelled, and wait for what is shown then."""
    rows = ask(f"{chat}/chat/messages?chat_id=1&after=0")
    message, data = next(
        (row["message_id"], button["data"])
        for row in sorted(rows, key=lambda row: -row["message_id"])
        for line in row["buttons"]
        for button in line
        if label in button["text"]
    )
    ask(f"{chat}/chat/callbacks", {"chat_id": 1, "message_id": message, "data": data})
    until(lambda: expected in shown(chat), ANSWER_S, f"the answer {expected!r}")


def test_a_file_comes_in_and_its_events_go_out(start: Start) -> None:
    port = free_port()
    bot = start("bot", PLANNER_PUBLIC_URL=PUBLIC, PLANNER_FEED_HTTP=f"127.0.0.1:{port}")
    chat = bot.printed(r"(http://127\.0\.0\.1:\d+)")
    say(chat, "dentist tomorrow at 9:30", "✅ dentist")
    many = [event(f"{number}@x", f"event {number}", "20990101T100000Z") for number in range(300)]
    send(chat, "team.ics", calendar(*many), "300 events, on ")
    press(chat, "Import", "300 events were imported.")
    send(chat, "bad.ics", "BEGIN:VCALENDAR\r\n" + "BEGIN:X\r\n" * 100_000, "nothing was added")
    say(chat, "/export ics", "Your events, for any other calendar.")
    press(chat, "Keep other calendars up to date", "I can give you a secret address")
    press(chat, "Make an address", PUBLIC)
    (path,) = set(re.findall(rf"{PUBLIC}(/\S+)", shown(chat)))
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=ANSWER_S) as found:
        assert found.read().count(b"\r\nBEGIN:VEVENT\r\n") == 301
        etag = found.headers["ETag"]
    unchanged = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"If-None-Match": etag})
    with pytest.raises(urllib.error.HTTPError, match="304"):
        urllib.request.urlopen(unchanged, timeout=ANSWER_S)
    assert path.split("/")[1] not in bot.err + bot.out
    assert bot.stop() == 0
