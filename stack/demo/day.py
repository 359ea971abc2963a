"""The day: who lives in it, and what happens when."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from demo.calendars import Calendars
from demo.chat import Chat, MissedError, Person, Row, until
from demo.faults import Faults
from demo.narrator import Narrator

Act = Callable[["Day"], None]


@dataclass(frozen=True, slots=True)
class Day:
    """All that an act may use. Nobody in it is real."""

    chat: Chat
    calendars: Calendars
    faults: Faults
    told: Narrator
    alice: Person
    bob: Person
    carol: Person
    dave: Person
    erin: Person
    frank: Person
    grace: Person
    heidi: Person
    mallory: Person
    family: Person
    """Alice in a group."""
    supergroup: Person
    """The same, once it has become one."""

    @property
    def everybody(self) -> tuple[tuple[Person, str], ...]:
        """Those who may use the bot, and the city that each is in."""
        return (
            (self.bob, "New York"),
            (self.dave, "Москва"),
            (self.carol, "Токио"),
            (self.erin, "Sydney"),
            (self.frank, "UTC"),
            (self.grace, "Cairo"),
            (self.heidi, "Лондон"),
        )


def of(chat: Chat, calendars: Calendars, told: Narrator) -> Day:
    """A day with its people. The group is a new one each day: one that has become a supergroup stays one."""
    group = -(int(time.time()) % 1_000_000_000) - 10
    return Day(
        chat=chat,
        calendars=calendars,
        faults=Faults(chat),
        told=told,
        alice=Person(chat, 1, "Alice", "en"),
        bob=Person(chat, 2, "Bob", "en"),
        carol=Person(chat, 3, "Carol", "ru"),
        dave=Person(chat, 4, "Dave", "ru"),
        erin=Person(chat, 5, "Erin", "en"),
        frank=Person(chat, 6, "Frank", "en"),
        grace=Person(chat, 7, "Grace", "en"),
        heidi=Person(chat, 8, "Heidi", "ru"),
        mallory=Person(chat, 99, "Mallory", "en"),
        family=Person(chat, 1, "Alice", "en", group),
        supergroup=Person(chat, 1, "Alice", "en", group - 1_000_000_000_000),
    )


class StoppedError(Exception):
    """The day cannot begin; the text says what is missing."""


def play(day: Day, life: tuple[tuple[str, Act], ...], morning: Act, bad_hour: Act) -> None:
    """People arrive; then life goes on, spread over the day, while the bad hour comes and goes beside it.

    Raises ``StoppedError`` where they cannot.
    """
    with day.told.act("everybody arrives: alice, who owns the bot, invites the others; mallory is turned away"):
        morning(day)
    if day.told.missed:
        raise StoppedError(NEEDS)
    trouble = threading.Thread(target=bad_hour, args=(day,), name="bad hour")
    trouble.start()
    began, left_s = day.told.passed_s, day.told.length_s - day.told.passed_s
    for number, (what, act) in enumerate(life):
        day.told.wait_for(began + number * 0.8 * left_s / len(life))
        with day.told.act(what):
            act(day)
    trouble.join()
    day.told.wait_for(day.told.length_s)


NEEDS = (
    "the day stops here, for its people are not let in. The planner on this chat has to be alice's, whose id is 1:"
    " start it with PLANNER_ADMINS=1 and PLANNER_USERS=1, and with PLANNER_PRIVATE_FEEDS=1, so that it may read the"
    " demo's calendars. stack/demo/local.env has all that it needs; docs/stack.md says how"
)
CODE = re.compile(r"(?:\?start=|/start )([\w-]+)")
"""In a link to the bot on Telegram, or in what is to be sent to it on a local chat."""
FREE = "PLANNER_USERS is *"
OWNERS_ONLY = "Only the owner"
TURNED_AWAY = "own planner"
"""Said to a stranger, the first time; nothing is after that."""


def arrive(day: Day) -> None:
    """Whoever is let in by an invitation of alice's brings it; where anybody may come in, there is none."""
    since = day.alice.seq()
    day.alice.tell("/start")
    if TURNED_AWAY in (said := day.alice.see_one("Hello", TURNED_AWAY, since=since)["text"]):
        raise MissedError(f"alice is not let in; the planner says: {said}")
    day.alice.say("Berlin", "Berlin")
    for person, city in day.everybody:
        code = invitation(day.alice)
        person.say(f"/start {code}" if code else "/start")
        person.say(city, "UTC")
    day.mallory.tell("let me in")
    day.alice.say("/people")


def invitation(owner: Person) -> str:
    """Its code; "" where nobody needs one. Raises ``MissedError``."""
    since = owner.seq()
    owner.tell("/invite")
    said = owner.see_one("start=", "/start ", FREE, OWNERS_ONLY, since=since)["text"]
    found = CODE.search(said)
    if found is None and FREE not in said:
        raise MissedError(f"{owner.name} cannot invite anybody; the planner says: {said}")
    return found[1] if found else ""


BAD = 6
"""Late reminders: more than four in ten of all that come due within two minutes, at which the fast tier fires."""
DUE_IN_S = 8
CRASH_AFTER_S = 2
LATE_S = 60
"""When a reminder counts as late."""
ALERT_S = 90
"""From then until the alert is told: a scrape or an export, two evaluations, 5 s in which others may join it."""
OVER_S = 180
"""From the repair until its end is told: the fast tier's short window, what it keeps, Alertmanager's next look."""
RED = ("🔴 On-time reminders",)
OVER = ("✅ Over: On-time reminders", "✅ On-time reminders: over")
"""As Alertmanager says it, and as the planner itself does."""


def bad_hour(day: Day) -> None:
    """Telegram fails for some; reminders become late; the owner is told, and told again when it is over."""
    told, late = day.told, (day.bob, day.dave)
    told.wait_for(max(told.passed_s, 0.3 * (told.length_s - 120)))
    since = day.alice.seq()
    with told.act(f"Telegram begins to fail for bob and dave; in about a minute {BAD} reminders are late, and"
                  " *Promises* turns orange: On-time reminders (red is below its alert_below, low here)"):  # fmt: skip
        for number in range(BAD):
            person = late[number % len(late)]
            person.say(f"pills {number} in {DUE_IN_S} seconds" if person.lang == "en"
                       else f"таблетки {number} через {DUE_IN_S} секунд")  # fmt: skip
        day.faults.put("bad hour", methods=["sendMessage"], chats=[day.bob.id], status=500)
        day.faults.put("silence", methods=["sendMessage"], chats=[day.dave.id], hang=True)
    told.wait_for(told.passed_s + DUE_IN_S + CRASH_AFTER_S)
    told.tell("a planner that crashes now loses nothing: kill it and start it again, if you like; *Process* shows it")
    with told.act("waiting for the alert in alice's chat; *Reminders* shows attempts that fail, and what waits"):
        red = _told(day, RED, since, DUE_IN_S + LATE_S + ALERT_S)
        told.tell(f"  alice reads: {red['text'].splitlines()[0]}")
    with told.act("Telegram is well again: bob and dave get what they are owed, with the time it was due"):
        day.faults.end("bad hour")
        day.faults.end("silence")
        for person in late:
            person.see("⏰", since=0)
    with told.act("waiting for the alert's end in alice's chat; *Promises* shows it as past"):
        over = _told(day, OVER, since, OVER_S)
        told.tell(f"  alice reads: {over['text'].splitlines()[0]}")


def _told(day: Day, beginnings: tuple[str, ...], since: int, within_s: float) -> Row:
    """The message in alice's chat that begins so."""

    def look() -> Row | None:
        rows = [row for row in day.alice.bot_rows() if row["seq"] > since and row["text"].startswith(beginnings)]
        return rows[-1] if rows else None

    found: Row = until(look, f"“{beginnings[0]}” in alice's chat", within_s)
    return found


SEEN = (
    "*Promises*: On-time reminders has an alert of the fast tier that is over; its budget is back in ten minutes",
    "*Overview*: reminders by kind; users of five regions and two languages; events by source: chat, file, feed",
    "*Chat*: some fifty handlers, no errors; slow ones while Telegram limited answers, or a planner was away",
    "*Reminders*: on time, late, and one failed; lateness of over a minute; attempts; one given up, one undeliverable",
    "*Calendars and outside services*: syncs of every outcome, failing feeds; Telegram's errors by kind, retry_after",
    "*Security and cost*: strangers, forged and foreign buttons, limits hit, blocked addresses, oversized input",
    "some written alerts look back an hour, so they still fire: that a reminder was given up (PlannerRemindersGivenUp)",
)


def summary(day: Day) -> int:
    """What should be seen now; 1 if something did not happen."""
    told = day.told
    told.tell("the day is over; what should be seen now:")
    for line in SEEN:
        told.tell(f"  {line}")
    told.tell(f"{told.done} things happened as they should, {len(told.missed)} did not")
    for missed in told.missed:
        told.tell(f"  ✗ {missed}")
    return 1 if told.missed else 0
