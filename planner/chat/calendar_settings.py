"""What can be set for one linked calendar: name, mark, reminders, plan, what is told of changes, how often."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from planner import calendars, notices
from planner.chat import calendars as views
from planner.chat import phrases
from planner.chat.calendars import mine
from planner.chat.settings import LEAD_MAX_S, LEADS_MAX, LEADS_MIN, leads
from planner.chat.talk import Talk
from planner.model import HOUR, MINUTE, Feed
from planner.render import Button, Message, join
from planner.when import durations

EVERY_MIN = (5, 15, 30, HOUR // MINUTE, 6 * HOUR // MINUTE, 24 * HOUR // MINUTE)
MARKS_IN_ROW = 5
OWN = "own"
"""The value that is nobody's own choice: the user's leads, the calendar's name."""


def tune(talk: Talk, feed_id: str, what: str) -> None:
    """The menu of a setting."""
    menus: Mapping[str, Callable[[Talk, Feed], Message]] = {
        "name": _name_menu,
        "mark": _mark_menu,
        "leads": _leads_menu,
        "tell": _tell_menu,
        "every": _every_menu,
    }
    if what not in menus:
        raise ValueError("no such setting")
    talk.show(menus[what](talk, mine(talk, feed_id)))


def _menu(talk: Talk, feed: Feed, said: str, rows: list[list[Button]]) -> Message:
    text = join((notices.called(feed), said), "\n")
    back = Button(talk.words.t("Back"), f"calendar:{feed.id}")
    return Message(text, (*(tuple(row) for row in rows if row), (back,)))


def _puts(feed: Feed, what: str, value: object, label: str, *, is_set: bool = False) -> Button:
    return Button(f"✓ {label}" if is_set else label, f"tuned:{feed.id}:{what}:{value}")


def _name_menu(talk: Talk, feed: Feed) -> Message:
    talk.ask("calendar_name", feed=feed.id)
    own = [_puts(feed, "name", OWN, talk.words.t("As it calls itself"))] if feed.renamed else []
    return _menu(talk, feed, talk.words.t("What shall I call this calendar?"), [own])


def _mark_menu(talk: Talk, feed: Feed) -> Message:
    marks = [_puts(feed, "mark", number, mark, is_set=mark == feed.mark) for number, mark in enumerate(calendars.MARKS)]
    rows = [marks[first : first + MARKS_IN_ROW] for first in range(0, len(marks), MARKS_IN_ROW)]
    return _menu(talk, feed, talk.words.t("Which mark shall stand before its events?"), rows)


def _leads_menu(talk: Talk, feed: Feed) -> Message:
    words = talk.words
    talk.ask("calendar_leads", feed=feed.id)
    said = words.t(
        "How long before its events shall I remind you? Press, or write several, such as “1 day, 15 min”. Now: {now}.",
        now=views.reminders(talk, feed),
    )
    buttons = [_puts(feed, "leads", minutes * 60, leads(talk, (minutes * 60,))) for minutes in LEADS_MIN]
    own = _puts(feed, "leads", OWN, words.t("As in your settings"))
    off = _puts(feed, "leads", "off", words.t("Never"))
    alarms = words.t("Its own alarms: yes") if feed.alarms else words.t("Its own alarms: no")
    turn = _puts(feed, "alarms", 0 if feed.alarms else 1, alarms)
    return _menu(talk, feed, said, [buttons[:2], buttons[2:4], buttons[4:], [own, off], [turn]])


def _tell_menu(talk: Talk, feed: Feed) -> Message:
    words = talk.words
    said = words.t("When something is moved or cancelled over there, of how many days ahead shall I tell you?")
    labels = {days: words.n("{n} day", "{n} days", days) if days else words.t("Never") for days in calendars.TELL_DAYS}
    buttons = [_puts(feed, "tell", days, label, is_set=days == feed.tell_days) for days, label in labels.items()]
    return _menu(talk, feed, said, [buttons[:2], buttons[2:]])


def _every_menu(talk: Talk, feed: Feed) -> Message:
    said = talk.words.t("How often shall I look at it? “Sync now” does at once whenever you like.")
    buttons = [
        _puts(feed, "every", minutes, views.often(talk, minutes), is_set=minutes == feed.every_min)
        for minutes in EVERY_MIN
    ]
    return _menu(talk, feed, said, [buttons[:2], buttons[2:4], buttons[4:]])


def tuned(talk: Talk, feed_id: str, what: str, value: str) -> None:
    """A value's button was pressed."""
    feed, tx = mine(talk, feed_id), talk.tx
    match what:
        case "name" if value == OWN:
            feed = calendars.rename(tx, feed, "")
        case "mark":
            feed = calendars.set_mark(tx, feed, calendars.MARKS[_index(value)])
        case "leads":
            feed = _remind(talk, feed, value)
        case "alarms":
            feed = calendars.set_alarms(tx, talk.user, feed, value == "1", talk.now)
            talk.show(_leads_menu(talk, feed))
            talk.toast(talk.words.t("Saved."))
            return
        case "plan":
            feed = calendars.set_in_plan(tx, feed, value == "1")
        case "tell" if int(value) in calendars.TELL_DAYS:
            feed = calendars.set_tell_days(tx, feed, int(value))
        case "every" if int(value) in EVERY_MIN:
            feed = calendars.set_every(tx, feed, int(value), talk.now)
        case _:
            raise ValueError("no such setting")
    _saved(talk, feed)


def _index(value: str) -> int:
    if not 0 <= int(value) < len(calendars.MARKS):
        raise ValueError("no such mark")
    return int(value)


def _remind(talk: Talk, feed: Feed, value: str) -> Feed:
    if value == "off":
        return calendars.mute(talk.tx, talk.user, feed, True, talk.now)
    if value == OWN:
        return _lead(talk, feed, None)
    if not 0 <= int(value) <= LEAD_MAX_S:
        raise ValueError("no such lead")
    return _lead(talk, feed, (int(value),))


def _lead(talk: Talk, feed: Feed, leads_s: tuple[int, ...] | None) -> Feed:
    """Whoever chooses when to be reminded wants to be."""
    return calendars.set_leads(talk.tx, talk.user, replace(feed, muted=False), leads_s, talk.now)


def _saved(talk: Talk, feed: Feed) -> None:
    talk.tx.users.ask(talk.user.id, None)
    talk.show(views.card(talk, feed))
    talk.toast(talk.words.t("Saved."))


def answer_name(talk: Talk, question: Mapping[str, object]) -> bool:
    """What the calendar is called from now on."""
    feed = mine(talk, str(question["feed"]))
    name = " ".join(talk.text.split())
    if len(name) > calendars.NAME_MAX:
        talk.oversized()
        most = calendars.NAME_MAX
        talk.say(
            talk.words.n(
                "A name has at most {n} character. Send a shorter one.",
                "A name has at most {n} characters. Send a shorter one.",
                most,
            )
        )
        return True
    _saved(talk, calendars.rename(talk.tx, feed, name))
    return True


def answer_leads(talk: Talk, question: Mapping[str, object]) -> bool:
    """How long before its events to remind."""
    said = phrases.answer_to("leads", talk.text)
    found = durations(said, lang=talk.user.lang)
    if not found and not phrases.turns_off(said):
        return False
    feed = mine(talk, str(question["feed"]))
    if not found:
        _saved(talk, calendars.mute(talk.tx, talk.user, feed, True, talk.now))
    elif len(found) > LEADS_MAX or max(found) > LEAD_MAX_S:
        talk.say(talk.words.t("At most {count} reminders an event, at most 4 weeks before it.", count=LEADS_MAX))
    else:
        _saved(talk, _lead(talk, feed, tuple(sorted(set(found), reverse=True))))
    return True
