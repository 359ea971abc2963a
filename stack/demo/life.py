"""What people do with a planner all day: an act a line, in order, each told as it begins."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


from demo.chat import MissedError
from demo.day import Day

FAULTY = ("faulty", "huge", "page", "inward", "gone", "slow")
"""Calendars that are well when they are linked, and then are not."""


def plan_of_the_day(day: Day) -> None:
    """At the next whole minute that is far enough away."""
    day.frank.press("zone:Etc/UTC") if _has(day, "zone:Etc/UTC") else day.frank.say("UTC")
    at = datetime.now(UTC) + timedelta(seconds=75)
    day.frank.say("/settings")
    day.frank.press("set:plan")
    day.frank.say(f"{at:%H:%M}", f"{at:%H:%M}")


def _has(day: Day, data: str) -> bool:
    try:
        day.frank.button(data)
    except MissedError:
        return False
    return True


def events(day: Day) -> None:
    for text in ("dentist tomorrow at 9:30", "call the bank in 3 hours", "lunch with bob on Friday at 13:00"):
        day.alice.say(text, "✅")
    for text in ("врач завтра в 9:30", "позвонить маме через 2 часа"):
        day.carol.say(text, "✅")


def series(day: Day) -> None:
    day.alice.say("gym every Monday and Thursday at 18:30", "🔁")
    day.carol.say("спортзал каждый понедельник в 19:00", "🔁")


def reminded(day: Day) -> None:
    """One is done, and one put off."""
    since = day.erin.seq()
    day.erin.say("tea in 2 seconds", "✅ tea")
    day.erin.see("⏰ tea", since=since)
    day.erin.press("done")
    day.erin.press("undone")
    since = day.carol.seq()
    day.carol.say("чай через 2 секунды", "✅ чай")
    day.carol.see("⏰ чай", since=since)
    day.carol.press("later")
    since = day.carol.seq()
    day.carol.say("через 3 секунды", "💤")
    day.carol.see("⏰ чай", since=since)
    day.carol.press("snooze")


def lists(day: Day) -> None:
    for command in ("/today", "/tomorrow", "/week", "/agenda", "/plan", "/find dentist"):
        day.alice.say(command)
    day.carol.say("/week")
    day.alice.say("what do I have tomorrow?")
    day.alice.say("when am I free on Tuesday?")


def changed(day: Day) -> None:
    day.alice.say("move dentist to Friday at 11", "✏️")
    day.alice.say("/undo", "↩️")
    day.alice.say("delete gym")
    day.alice.say("/undo")


LIFE = (
    (
        "frank wants the plan of his day at the next minute; *Reminders* will show a plan beside the events",
        plan_of_the_day,
    ),
    ("alice and carol add events, in English and in Russian; *Overview* counts messages", events),
    ("and series", series),
    ("erin and carol are reminded: one is done, the other put off", reminded),
    ("alice looks at lists and asks questions; *Chat* shows who answers", lists),
    ("alice changes her mind, and changes it back", changed),
)
