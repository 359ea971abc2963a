"""/export: everything about a user as JSON, and their events for other calendars. Put together by an errand."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from planner import archive
from planner.chat import people
from planner.chat.access import Access
from planner.chat.errand import talk_of
from planner.chat.talk import Talk
from planner.errands import Lost, Work
from planner.model import Event, User
from planner.store import Tx
from planner.store.account import Rows
from planner.store.errands import Errand

KIND = "export"
UNDER_WAY_MAX = 3
"""Errands that a user may have under way."""
DOCUMENT_MAX_BYTES = 50 * 1024 * 1024
"""The largest file that a bot may send (Bot API, ``sendDocument``)."""
JSON_NAME, CALENDAR_NAME = "planner-export.json", "events.ics"


class Collected(NamedTuple):
    """What an export is made of, as it stood at ``now``."""

    rows: Rows
    events: list[Event]
    user: User
    owner: bool
    now: int


class Files(NamedTuple):
    json: bytes
    calendar: bytes


def export(talk: Talk, _: str = "") -> None:
    """/export: it comes in a moment."""
    if not people.speaks_for(talk):
        return
    if talk.tx.errands.count(talk.user.id) >= UNDER_WAY_MAX:
        talk.say(talk.words.t("I am still busy with what you asked for before. Try again in a moment."))
        return
    talk.tx.errands.add(talk.access.bot_id, talk.user.id, KIND, talk.update.update_id, talk.said_at, talk.now)
    talk.toast(talk.words.t("One moment: two files are coming."))


def work(access: Access) -> Work:
    """How an export is done."""
    return Work(_prepare, partial(_finish, access), partial(_collect, access))


def _collect(access: Access, tx: Tx, errand: Errand, now: int) -> object:
    user = tx.users.get(errand.user_id)
    if user is None:
        return Lost()
    owner = access.owner(tx) == user.id
    return Collected(tx.account.rows(user.id), tx.account.events(user.id), user, owner, now)


def _prepare(collected: object) -> object:
    from planner.feeds.write import calendar  # noqa: PLC0415  # its library takes memory, so only whoever exports pays

    assert isinstance(collected, Collected)
    rows = archive.write(collected.rows, collected.now, owner=collected.owner)
    return Files(rows, calendar(collected.events, collected.user, collected.now))


def _finish(access: Access, tx: Tx, errand: Errand, ready: object, now: int) -> bool:
    talk = talk_of(tx, errand, access, now)
    if talk is None:
        return True
    words = talk.words
    if not isinstance(ready, Files):
        talk.say(words.t("That did not work: it is my fault, and it is in my log."))
    elif max(map(len, ready)) > DOCUMENT_MAX_BYTES:
        talk.say(words.t("This is more than Telegram lets me send. Ask whoever runs this bot for a copy."))
    else:
        caption = words.t("Everything I keep about you. Send me this file, and your events come back.")
        talk.send_file("sendDocument", "document", JSON_NAME, ready.json, caption)
        caption = words.t("Your events, for any other calendar.")
        talk.send_file("sendDocument", "document", CALENDAR_NAME, ready.calendar, caption)
    return True
