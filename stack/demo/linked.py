"""Calendars are linked, looked at, and fail, each in its own way."""

from __future__ import annotations

from demo.calendars import CLOUD
from demo.chat import MissedError, Person
from demo.day import Day

WELL = ("changes", "same")
FAULTY = ("faulty", "huge", "page", "inward", "gone", "slow")
"""Calendars that are well when they are linked, and then are not."""
REFUSED = "PLANNER_PRIVATE_FEEDS=1"
"""What the planner advises where it may not."""


def linked(day: Day) -> None:
    for person, names in ((day.alice, WELL), (day.erin, FAULTY)):
        for name in names:
            _link(person, day.calendars.address(name))


def _link(person: Person, address: str) -> None:
    since = person.seq()
    person.tell(address)
    if REFUSED in person.see_one("linked", REFUSED, since=since)["text"]:
        raise MissedError(f"the planner may not read calendars of this machine: start it with {REFUSED}")


def blocked(day: Day) -> None:
    """Neither an address that nobody may look at, nor one that does not answer, is linked."""
    day.erin.say(f"/calendars {CLOUD}")
    day.erin.say(f"/calendars {day.calendars.address('hangs')}")


def synced(day: Day) -> None:
    """Everybody asks for the newest, at once; the one that is slow takes a quarter of a minute."""
    for person in (day.alice, day.erin):
        _sync_all(person)
    day.alice.see("up to date")


def _sync_all(person: Person) -> None:
    listed = person.say("/calendars")
    opened = [one["data"] for line in listed["buttons"] for one in line if str(one["data"]).startswith("calendar:")]
    for data in opened:
        person.force(listed["message_id"], data)
        person.force(listed["message_id"], data.replace("calendar", "sync"))


def cared_for(day: Day) -> None:
    """One is looked at again, and one removed."""
    day.alice.say("/calendars")
    day.alice.press("calendar")
    day.alice.press("sync")
    day.alice.press("report")
    day.alice.say("/calendars")
    day.alice.press("calendar")
    day.alice.press("tune")
    day.alice.press("tuned")
    day.alice.say("/tomorrow")
    day.erin.say("/calendars")
    day.erin.press("calendar")
    day.erin.press("unlink")
    day.erin.press("unlinked")
