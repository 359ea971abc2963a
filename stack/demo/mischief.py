"""What strangers, the careless and Telegram itself do to a planner in a day; none of it is a broken promise."""

from __future__ import annotations

import time

from demo.chat import until
from demo.day import Day

SEND = ["sendMessage"]
BLOCKED_S = 6.0
"""So long somebody has blocked the bot: until their reminder has been tried."""
OUTAGE_HITS = 4
"""Requests that get no answer: one more than it takes in a row until the planner waits for Telegram, ever longer."""
BACK_S = 60.0
FILE_BYTES = 21 * 1024 * 1024
"""More than a bot may fetch from Telegram."""


def strangers(day: Day) -> None:
    for text in ("let me in", "/start", "/start guessed-code", "delete everything"):
        day.mallory.tell(text)  # an answer comes once


def forged(day: Day) -> None:
    """Buttons that nobody made; one that is another's."""
    row = day.carol.say("/today")
    for data in ("drop:everything", "card:1:not-a-time", "put:plan:-5"):
        day.carol.force(row["message_id"], data)
    _, done = day.erin.button("undone")
    day.carol.force(day.carol.say("/today")["message_id"], done)
    day.carol.say("/dance")


def oversized(day: Day) -> None:
    day.alice.say("long " * 1_000)
    day.alice.send("life.ics", b" " * FILE_BYTES)


def limited(day: Day) -> None:
    """Erin asks faster than Telegram lets the bot answer, and carol's answers are refused for a while."""
    with day.faults.beside("limits", {"per_second": 30, "chat_burst": 1}):
        for _ in range(2):
            day.erin.tell("/today")
        day.erin.say("/week", "7")
    with day.faults.during("flood", methods=SEND, chats=[day.carol.id], status=429, retry_after=2, times=1):
        day.carol.say("/week")


def away(day: Day) -> None:
    """Telegram answers nobody for some seconds: what is owed waits, and comes."""
    people = (day.alice, day.carol, day.erin)
    since = [person.seq() for person in people]
    with day.faults.during("away", methods=SEND, status=502, html=True):
        for person in people:
            person.tell("/today")
        until(lambda: day.faults.hits("away") >= OUTAGE_HITS, "requests that fail")
    for person, seq in zip(people, since, strict=True):
        person.see(since=seq, within_s=BACK_S)


def lost(day: Day) -> None:
    """Carol gets a reminder whose acceptance gets lost; she presses Done before it is sent again. And a line is cut."""
    since = day.carol.seq()
    day.carol.say("вода через 4 секунды", "✅ вода")
    with day.faults.during("lost", methods=SEND, chats=[day.carol.id], lose_answer=True):
        day.carol.see("⏰ вода", since=since)
        day.carol.press("done")
    with day.faults.during("cut", methods=SEND, chats=[day.carol.id], refuse=True, times=1):
        day.carol.say("/today")


def refused(day: Day) -> None:
    """Telegram refuses a reminder for good; and grace has blocked the bot when hers is due."""
    day.erin.say("stretch in 4 seconds", "✅ stretch")
    with day.faults.during("refused", methods=SEND, chats=[day.erin.id], status=400, times=1):
        until(lambda: day.faults.hits("refused"), "erin's reminder is refused")
    day.grace.say("water the plants in 3 seconds", "✅ water")
    with day.faults.beside("blocked", [day.grace.id]):
        time.sleep(BLOCKED_S)
