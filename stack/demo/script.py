"""The day's table of contents: what is told when an act begins, and the act, in their order."""

from __future__ import annotations

from demo import life, linked, mischief
from demo.day import Act

LIFE: tuple[tuple[str, Act], ...] = (
    ("frank wants the plan of his day, a minute from now: *Reminders* will have a plan beside its events",
     life.plan_of_the_day),
    ("Telegram refuses a reminder for good, and grace has blocked the bot: failed by reason", mischief.refused),
    ("alice and erin link calendars that the demo serves: *Calendars and outside services*", linked.linked),
    ("erin tries one where clouds keep their secrets, and one that does not answer: *Security*", linked.blocked),
    ("alice and carol add events, in English and in Russian: *Overview* counts messages", life.events),
    ("they add series, too", life.series),
    ("all ask for what is new in their calendars, and by now six of eight are broken: syncs by outcome", linked.synced),
    ("erin and carol are reminded; one is done, the other put off: a snooze among *Reminders*", life.reminded),
    ("alice looks at lists and asks questions: *Chat* shows what answers", life.lists),
    ("Telegram answers nobody for some seconds: its circuit opens, and closes again", mischief.away),
    ("somebody who is not let in tries, and tries: *Security and cost*", mischief.strangers),
    ("alice adds one step by step", life.guided),
    ("alice changes her mind, and changes it back", life.changed),
    ("Telegram limits how fast erin and carol are answered (429): retry_after in *outside services*", mischief.limited),
    ("forged buttons, and another's", mischief.forged),
    ("an answer of Telegram's gets lost, and a line is cut: attempts, and repeats that were avoided", mischief.lost),
    ("erin changes settings", life.settings),
    ("a picture of the week, and one of the promises", life.pictures),
    ("a calendar's file comes in, an export goes out", life.files),
    ("texts and files that are too large", mischief.oversized),
    ("a family has a plan of its own; its group becomes a supergroup", life.group),
    ("calendars are cared for; one is removed", linked.cared_for),
    ("heidi is forgotten, and somebody is let in no more", life.leaving),
)  # fmt: skip
