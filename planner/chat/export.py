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
from planner.ics.write import Written, calendar, own_uid
from planner.model import User
from planner.render import Button
from planner.store import Tx
from planner.store.account import Rows
from planner.store.errands import Errand

KIND = "export"
UNDER_WAY_MAX = 3
"""Errands that a user may have under way."""
DOCUMENT_MAX_BYTES = 50 * 1024 * 1024
"""The largest file that a bot may send (Bot API, ``sendDocument``)."""
CALENDAR = "ics"
"""What is said after /export for the calendar alone."""
JSON_NAME, CALENDAR_NAME = "planner-export.json", "events.ics"


class Collected(NamedTuple):
    """What an export is made of, as it stood at ``now``; ``rows`` is ``None`` where only the calendar is wanted."""

    rows: Rows | None
    events: list[Written]
    user: User
    owner: bool
    now: int


class Files(NamedTuple):
    json: bytes | None
    calendar: bytes


def export(talk: Talk, what: str = "") -> None:
    """/export: it comes in a moment; /export ics: only the calendar."""
    if not people.speaks_for(talk):
        return
    if talk.tx.errands.count(talk.user.id) >= UNDER_WAY_MAX:
        talk.say(talk.words.t("I am still busy with what you asked for before. Try again in a moment."))
        return
    errand = talk.tx.errands.add(talk.access.bot_id, talk.user.id, KIND, talk.update.update_id, talk.said_at, talk.now)
    if what.lower().lstrip(".") == CALENDAR:
        talk.tx.errands.keep(errand, {CALENDAR: 1})
    else:
        talk.toast(talk.words.t("One moment: two files are coming."))


def work(access: Access) -> Work:
    """How an export is done."""
    return Work(_prepare, partial(_finish, access), partial(_collect, access))


def _collect(access: Access, tx: Tx, errand: Errand, now: int) -> object:
    user = tx.users.get(errand.user_id)
    if user is None:
        return Lost()
    owner = access.owner(tx) == user.id
    rows = None if errand.progress.get(CALENDAR) else _rows(tx, user)
    return Collected(rows, written(tx, user), user, owner, now)


def _rows(tx: Tx, user: User) -> Rows:
    """All of them; an event that was made here with the UID that it is written under, so that it keeps that."""
    rows, calendar_id = tx.account.rows(user.id), tx.published.calendar_id()
    for row in rows["events"]:
        if row["feed_id"] is None and row["uid"] is None and isinstance(row["id"], int):
            row["uid"] = own_uid(row["id"], calendar_id)
    return rows


def written(tx: Tx, user: User) -> list[Written]:
    """A user's own events as they go out."""
    calendar_id = tx.published.calendar_id()
    return [
        Written(one.event, one.uid or own_uid(one.event.id, calendar_id), one.part, one.changed_at)
        for one in tx.published.events(user.id)
    ]


def _prepare(collected: object) -> object:
    assert isinstance(collected, Collected)
    found = collected
    rows = None if found.rows is None else archive.write(found.rows, found.now, owner=found.owner)
    return Files(rows, calendar(found.events, found.user))


def _finish(access: Access, tx: Tx, errand: Errand, ready: object, now: int) -> bool:
    talk = talk_of(tx, errand, access, now)
    if talk is None:
        return True
    words = talk.words
    if not isinstance(ready, Files):
        talk.say(words.t("That did not work: it is my fault, and it is in my log."))
    elif max(len(ready.json or b""), len(ready.calendar)) > DOCUMENT_MAX_BYTES:
        talk.say(words.t("This is more than Telegram lets me send. Ask whoever runs this bot for a copy."))
    else:
        if ready.json is not None:
            caption = words.t("Everything I keep about you. Send me this file, and your events come back.")
            talk.send_file("sendDocument", "document", JSON_NAME, ready.json, caption)
        caption = words.t("Your events, for any other calendar.")
        address = Button(words.t("Keep other calendars up to date"), "published")
        talk.send_file("sendDocument", "document", CALENDAR_NAME, ready.calendar, caption, ((address,),))
    return True
