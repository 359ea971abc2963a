"""What people do with a planner all day."""

from __future__ import annotations

from base64 import b64decode
from datetime import UTC, datetime, timedelta

from demo.calendars import calendar
from demo.chat import Person
from demo.day import Day

CAT = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")
"""A picture of a single point; a planner reads none."""


def plan_of_the_day(day: Day) -> None:
    """At the next whole minute that is far enough away."""
    day.frank.say("/settings")
    day.frank.press("set:plan")
    at = datetime.now(UTC) + timedelta(seconds=80)
    day.frank.say(f"{at:%H:%M}", f"{at:%H:%M}")


def events(day: Day) -> None:
    for text in ("dentist tomorrow at 9:30", "call the bank in 3 hours", "lunch with bob on Friday at 13:00"):
        day.alice.say(text, "✅")
    for text in ("врач завтра в 9:30", "позвонить маме через 2 часа", "обед в пятницу в 13:00"):
        day.carol.say(text, "✅")


def series(day: Day) -> None:
    day.alice.say("gym every Monday and Thursday at 18:30", "🔁")
    day.carol.say("спортзал каждый понедельник в 19:00", "🔁")


def guided(day: Day) -> None:
    """Step by step, by buttons; and a question that is left open."""
    day.alice.say("/add")
    day.alice.say("Piano lesson")
    tomorrow = datetime.now(UTC) + timedelta(days=2)
    day.alice.say(f"{tomorrow:%d.%m} at 17:00", "✅")
    day.alice.say("/add")
    day.alice.say("/cancel")
    day.alice.say("something or other")
    day.alice.press("choose")


def reminded(day: Day) -> None:
    """One is done, and one put off."""
    _reminded(day.erin, "tea in 2 seconds", "⏰ tea")
    day.erin.press("done")
    day.erin.press("undone")
    day.erin.say("done")
    _reminded(day.carol, "чай через 2 секунды", "⏰ чай")
    day.carol.press("later")
    _reminded(day.carol, "через 3 секунды", "⏰ чай")
    day.carol.press("snooze")


def _reminded(person: Person, text: str, reminder: str) -> None:
    since = person.seq()
    person.say(text)
    person.see(reminder, since=since)


def lists(day: Day) -> None:
    for command in ("/today", "/tomorrow", "/week", "/agenda", "/plan", "/find dentist", "/help", "/privacy"):
        day.alice.say(command)
    day.alice.press("help")
    day.alice.say("/find")
    day.alice.say("dentist")
    day.carol.say("/week")
    for question in ("what do I have tomorrow?", "when am I free on Tuesday?", "thanks", "settings"):
        day.alice.say(question)


def changed(day: Day) -> None:
    day.alice.say("move the bank to Friday at 11")
    day.alice.say("/undo")
    said = day.alice.tell("haircut tomorrow at 15:00")
    made = day.alice.see("✅ haircut")
    day.alice.say("haircut tomorrow at 16:00", edit=said)
    day.alice.say("at 17:00", reply_to=made["message_id"])
    day.alice.press("change")
    day.alice.press("field")
    day.alice.say("/cancel")
    day.alice.say("/tomorrow")
    day.alice.press("card")
    day.alice.press("delete")
    day.alice.press("undo")
    day.alice.say("call the plumber tomorrow at 10", forward_from="Bob")


def settings(day: Day) -> None:
    """Quiet hours that are far from now, other leads, another language and back."""
    day.erin.say("/settings")
    for data in ("set:leads", "put:leads:300", "set:lang", "put:lang:ru", "set:lang", "put:lang:en", "set:quiet"):
        day.erin.press(data)
    hour = (datetime.now(UTC).hour + 15) % 24
    day.erin.say(f"{hour:02}:00-{(hour + 1) % 24:02}:00")


def pictures(day: Day) -> None:
    day.alice.say("/week")
    day.alice.press("picture", "–")
    day.alice.say("/slo", "On-time reminders")
    day.alice.press("trends")
    day.alice.press("alerts")
    day.alice.press("health")
    day.alice.say("/alerts")
    day.alice.say("/health", "Database")


def files(day: Day) -> None:
    """A calendar's file comes in, all that is kept goes out."""
    day.alice.send("school.ics", calendar(1), "3 events")
    day.alice.press("import")
    day.alice.send("notes.txt", b"nothing that a planner reads")
    day.alice.send("cat.png", CAT, kind="photo")
    day.alice.say("/export", "Everything I keep about you")


def group(day: Day) -> None:
    """A family's plan; later the group becomes a supergroup."""
    family, bot = day.family, "@planner_local_bot"
    family.say("hello all", chat={"type": "group", "title": "Family"})
    family.say(f"/start{bot}", "plan for Family")
    family.say(f"/add{bot} picnic on Saturday at 12:00", "✅ picnic")
    family.say(f"/add{bot} pack the basket in 3 seconds", "✅ pack")
    with day.faults.beside("migrate", {"from": family.group, "to": day.supergroup.group}):
        day.supergroup.see("⏰ pack")
    day.chat.ask("/chat/groups", {"chat_id": day.supergroup.group, "bot": "left", "by": dict(family.sender)}, "PUT")


def leaving(day: Day) -> None:
    """One is forgotten, and one is let in no more."""
    day.heidi.say("/forget")
    day.heidi.press("forgotten", "Забыто")
    if "dismiss" in str(day.alice.say("/people")["buttons"]):
        day.alice.press("dismiss")
        day.alice.press("dismissed")
