"""The first words."""

from __future__ import annotations

from planner.chat import commands, zones
from planner.chat.talk import Talk
from planner.render import join, say


def start(talk: Talk, _: str) -> None:
    """/start: what this is, and where the user is."""
    hello(talk)
    talk.say(zones.question(talk))
    if talk.access.owns(talk.tx, talk.user.id):
        commands.follow(talk)


def hello(talk: Talk) -> None:
    """What this is, in a few lines."""
    words = talk.words
    talk.say(
        join(
            (
                say(words, "Hello! I remind you on time."),
                say(words, "Write what and when, as you would to a friend:"),
                say(words, "• dentist tomorrow at 9:30\n• call mom in 20 minutes\n• gym every monday at 19:00"),
                say(
                    words,
                    "/today and /week show what is planned, /settings is for your time zone, the daily plan and"
                    " quiet hours.",
                ),
            ),
            "\n",
        )
    )
