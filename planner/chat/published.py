"""One's own events under a secret address, for other calendars to read: switched on, renewed, switched off."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from planner.chat import people
from planner.chat.talk import Talk
from planner.render import Button, Message, Text, Words, bold, code, join, say

TOKEN_BYTES = 24
"""As many guesses as there are tokens of that length would take longer than there is time."""
FILE_NAME = "planner.ics"


def address(public_url: str, token: str) -> str:
    """Where a user's events are read."""
    return f"{public_url}/{token}/{FILE_NAME}"


def token_of(path: str, public_url: str) -> str | None:
    """The token in the path of such an address, whether or not the path of the public one still stands before it."""
    parts = path.rsplit("/", 2)
    if len(parts) != 3 or parts[2] != FILE_NAME or parts[0] not in {"", urlsplit(public_url).path.rstrip("/")}:
        return None
    return parts[1] or None


def published(talk: Talk, what: str = "") -> None:
    """The address, and what can be done with it; ``what``: ``on``, ``new`` or ``off`` is done first."""
    if not people.speaks_for(talk):
        return
    answer = talk.show if what else talk.say
    public, mine = talk.access.public_url, talk.tx.published
    if public is None:
        answer(_unavailable(talk))
        return
    current = mine.address(talk.user.id)
    if what == "new" or (what == "on" and current is None):
        mine.put(talk.user.id, secrets.token_urlsafe(TOKEN_BYTES), talk.now)
    elif what == "off":
        mine.drop(talk.user.id)
    elif what not in {"", "show", "on"}:
        raise ValueError("no such thing to do")
    held = mine.address(talk.user.id)
    answer(_off(talk.words, was=current is not None) if held is None else _on(talk.words, address(public, held.token)))


def _unavailable(talk: Talk) -> Text:
    words = talk.words
    if talk.access.owns(talk.tx, talk.user.id):
        return say(
            words,
            "Other calendars can read your events here once PLANNER_PUBLIC_URL is set: to an address under which this"
            " machine is reached from outside, leading to PLANNER_FEED_HTTP. Until then /export ics gives you a file.",
        )
    return say(
        words,
        "Whoever runs this bot has not switched that on: other calendars cannot reach it. /export ics gives you a file"
        " that you can add to any of them.",
    )


def _off(words: Words, *, was: bool) -> Message:
    lines: list[Text] = []
    if was:
        lines.append(say(words, "Switched off: the address shows nothing any more."))
    lines.append(
        say(
            words,
            "I can give you a secret address at which Google, Apple, Outlook and other calendars read your events and"
            " stay up to date. Whoever has it sees all that stands in them: titles, times, places, notes. It changes"
            " nothing here, and calendars that you have linked are not in it.",
        )
    )
    return Message(join(lines, "\n"), ((Button(words.t("Make an address"), "published:on"),),))


def _on(words: Words, url: str) -> Message:
    text = join(
        (
            bold(say(words, "Your events for other calendars")),
            code(url),
            say(
                words,
                "Add it there as a calendar by address (“from URL”, “subscribe”). Most look for news every few hours.",
            ),
            say(
                words,
                "Whoever has this address can read all your events, with places and notes, and change none. If the"
                " wrong people have got it, make a new one: this one then shows nothing.",
            ),
        ),
        "\n",
    )
    buttons = (Button(words.t("New address"), "published:new"), Button(words.t("Switch off"), "published:off"))
    return Message(text, (buttons,))
