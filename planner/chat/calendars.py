"""/calendars: the linked calendars, what stands in each, how it fares, and its removal."""

from __future__ import annotations

from collections.abc import Sequence

from planner import advice, calendars, notices, providers
from planner.chat.settings import leads
from planner.chat.talk import ForeignError, StaleError, Talk
from planner.model import DAY, HOUR, MINUTE, SECOND, Feed
from planner.render import Button, Message, Text, bold, duration, italic, join, plain, say, shorten, span, when

ON_PAGE = 8
LABEL_UNITS = 26
UNREAD_SHOWN = 20
"""Events that could not be read, of those that a report names."""


class RemovedError(ValueError):
    """The calendar is no longer linked, or never was this user's."""


class AnothersError(RemovedError, ForeignError):
    """It is another user's, which is not said to this one."""


def page(talk: Talk, number: str = "0") -> None:
    """Back to the list, or on to another page of it."""
    talk.tx.users.ask(talk.user.id, None)
    talk.show(listed(talk, int(number)))


def mine(talk: Talk, feed_id: str | int) -> Feed:
    """The calendar that a button names. Raises ``RemovedError`` where this user has none such."""
    feed = talk.tx.feeds.get(int(feed_id))
    if feed is None or feed.user_id != talk.user.id:
        raise RemovedError if feed is None else AnothersError
    return feed


def removed(talk: Talk) -> str:
    """What is said where such a calendar is asked for."""
    return talk.words.t("This calendar is not linked any more. /calendars shows those that are.")


def listed(talk: Talk, number: int = 0) -> Message:
    """A page of the list."""
    words, feeds = talk.words, talk.tx.feeds.of_user(talk.user.id)
    if not feeds:
        return Message(_none(talk), _below(talk, 0, 1))
    pages = -(-len(feeds) // ON_PAGE)
    number = min(max(number, 0), pages - 1)
    shown = feeds[number * ON_PAGE : (number + 1) * ON_PAGE]
    head = bold(words.t("Your calendars"))
    if pages > 1:
        head = join((head, " · ", words.t("Page {page} of {pages}", page=number + 1, pages=pages)))
    entries = [join((_title(talk, feed), *_state(talk, feed)), "\n") for feed in shown]
    return Message(join((head, *entries), "\n\n"), (*_opening(shown), *_below(talk, number, pages)))


def _none(talk: Talk) -> Text:
    return say(
        talk.words,
        "No calendar is linked yet.\n"
        "Link one of Google, Outlook, iCloud, Yandex, Nextcloud or any other: its events stand in your days, I remind"
        " you of them, and whatever changes over there changes here. I only read it.",
    )


def _link(talk: Talk) -> Button:
    return Button(talk.words.t("Link a calendar"), "link")


def _opening(shown: Sequence[Feed]) -> tuple[tuple[Button, ...], ...]:
    buttons = [Button(label(feed), f"calendar:{feed.id}") for feed in shown]
    return tuple(tuple(buttons[first : first + 2]) for first in range(0, len(buttons), 2))


def label(feed: Feed) -> str:
    """A calendar on a button."""
    return shorten(f"{feed.mark} {notices.name_of(feed)}", LABEL_UNITS)


def _below(talk: Talk, number: int, pages: int) -> tuple[tuple[Button, ...], ...]:
    turning = [
        Button(sign, f"calendars:{other}")
        for sign, other in (("◀", number - 1), ("▶", number + 1))
        if 0 <= other < pages
    ]
    return tuple(tuple(row) for row in (turning, [_link(talk)], _own(talk)) if row)


def _own(talk: Talk) -> list[Button]:
    """The way to one's own events in other calendars, where there is one."""
    if talk.access.public_url is None or talk.in_group:
        return []
    return [Button(talk.words.t("My events in other calendars"), "published")]


def _title(talk: Talk, feed: Feed) -> Text:
    """``🟦 Work · 45 events 🔕``: what it is called and how much is in it."""
    if feed.linked_at is None:
        return notices.called(feed)
    count = talk.words.n("{n} event", "{n} events", talk.tx.feed_events.count(feed.id))
    return join((notices.called(feed), " · ", count, " 🔕" * feed.muted))


def _state(talk: Talk, feed: Feed) -> list[Text]:
    """How it fares: last success, last fault in words, next sync."""
    words, now = talk.words, talk.now
    if feed.linked_at is None:
        return [italic(words.t("looking at it…"))]
    if feed.asked_at is not None or feed.next_at <= now:
        upcoming = words.t("looking right now")
    elif feed.failures:
        upcoming = words.t("next try {when}", when=span(words, feed.next_at - now))
    else:
        upcoming = words.t("next look {when}", when=span(words, feed.next_at - now))
    lines = []
    if feed.failures:
        owns = talk.access.owns(talk.tx, talk.update.user_id or 0)
        told = advice.of_sync(words, feed.url, feed.outcome, feed.fault, linked=True, owns=owns)
        lines.append(join(("⚠️ ", told.what)))
    elif feed.fault == notices.EMPTIED:
        lines.append(say(words, "⚠️ It is empty all of a sudden; I look once more before I believe it."))
    if feed.ok_at is not None:
        when_ok = span(words, min(feed.ok_at - now, 0))
        ago = words.t("last read {when}", when=when_ok) if feed.failures else words.t("updated {when}", when=when_ok)
        lines.append(plain(f"{ago}, {upcoming}"))
    else:
        lines.append(plain(upcoming))
    return lines


def open_(talk: Talk, feed_id: str) -> None:
    """One calendar was picked."""
    feed = mine(talk, feed_id)
    talk.tx.users.ask(talk.user.id, None)
    talk.show(card(talk, feed))


def card(talk: Talk, feed: Feed) -> Message:
    """All about one calendar, and what can be done."""
    head = [_title(talk, feed), italic(providers.host(feed.url)), *_state(talk, feed)]
    if feed.linked_at is None:
        return Message(join(head, "\n"), ((_remove(talk, feed), _back(talk)),))
    return Message(join((*head, "", *_settings(talk, feed)), "\n"), _buttons(talk, feed))


def _settings(talk: Talk, feed: Feed) -> list[Text]:
    words = talk.words
    rows = (
        (words.t("Reminders"), reminders(talk, feed)),
        (words.t("Daily plan"), words.t("with its events") if feed.in_plan else words.t("without its events")),
        (words.t("Changes over there"), telling(talk, feed.tell_days)),
        (words.t("Looked at"), often(talk, feed.every_min)),
    )
    return [join((name, ": ", bold(value))) for name, value in rows]


def reminders(talk: Talk, feed: Feed) -> str:
    """How its events are reminded of."""
    words = talk.words
    if feed.muted:
        return words.t("off")
    own = leads(talk, talk.user.leads_s if feed.leads_s is None else feed.leads_s)
    said = words.t("{leads}, as in your settings", leads=own) if feed.leads_s is None else own
    return words.t("its own alarms, else {leads}", leads=said) if feed.alarms else said


def telling(talk: Talk, days: int) -> str:
    """What of the changes over there is told."""
    if not days:
        return talk.words.t("not told")
    return talk.words.n("told for the next {n} day", "told for the next {n} days", days)


def often(talk: Talk, minutes: int) -> str:
    """How often it is looked at."""
    if minutes == HOUR // MINUTE:
        return talk.words.t("every hour")
    if minutes == DAY // MINUTE:
        return talk.words.t("once a day")
    return talk.words.t("every {time}", time=duration(talk.words, minutes * MINUTE // SECOND))


def _buttons(talk: Talk, feed: Feed) -> tuple[tuple[Button, ...], ...]:
    words = talk.words
    plan = words.t("Leave out of the plan") if feed.in_plan else words.t("Show in the plan")
    return (
        (Button(words.t("Sync now"), f"sync:{feed.id}"), Button(words.t("Report"), f"report:{feed.id}")),
        (Button(words.t("Reminders"), f"tune:{feed.id}:leads"),
         Button(plan, f"tuned:{feed.id}:plan:{0 if feed.in_plan else 1}")),
        (Button(words.t("Changes"), f"tune:{feed.id}:tell"), Button(words.t("How often"), f"tune:{feed.id}:every")),
        (Button(words.t("Rename"), f"tune:{feed.id}:name"), Button(words.t("Mark"), f"tune:{feed.id}:mark")),
        (_remove(talk, feed), _back(talk)),
    )  # fmt: skip


def _remove(talk: Talk, feed: Feed) -> Button:
    return Button(talk.words.t("Remove"), f"unlink:{feed.id}")


def _back(talk: Talk) -> Button:
    return Button(talk.words.t("All calendars"), "calendars")


def sync(talk: Talk, feed_id: str) -> None:
    """Look at it now; the answer comes when that is done."""
    feed, words = mine(talk, feed_id), talk.words
    if feed.linked_at is None:
        talk.toast(words.t("I am looking at it already."))
        return
    next_at = calendars.ask(talk.tx, feed, talk.now)
    if next_at is None:
        talk.toast(words.t("Looking at it…"))
    else:
        talk.toast(words.t("I have just looked. Once more {when}.", when=span(words, max(next_at - talk.now, SECOND))))


def report(talk: Talk, feed_id: str) -> None:
    """What the last syncs came to, and which events could not be read."""
    feed, words = mine(talk, feed_id), talk.words
    last, read = talk.tx.syncs.last(feed.id), talk.tx.syncs.last_read(feed.id)
    lines = [notices.called(feed), *_state(talk, feed)]
    if last is None:
        lines.append(say(words, "Since it was linked there was nothing to do yet."))
    elif read is None:
        lines.append(say(words, "Since it was linked nothing has changed."))
    if read is not None:
        at = when(words, read.started_at, talk.user.zone, talk.now)
        lines.append(say(words, "Read anew {when}: {changes}.", when=at, changes=notices.counted(words, read)))
    if read is not None and read.skipped:
        lines += [plain(""), bold(words.t("Could not be read, or not in full:")),
                  *notices.report(words, read.report, UNREAD_SHOWN, of=read.skipped)]  # fmt: skip
    elif read is not None:
        lines.append(say(words, "Every event in it could be read."))
    talk.show(Message(join(lines, "\n"), ((Button(words.t("Back"), f"calendar:{feed.id}"),),)))


def unlink(talk: Talk, feed_id: str) -> None:
    """Whether it shall really go, and what goes with it."""
    feed, words = mine(talk, feed_id), talk.words
    talk.ask("unlink", feed=feed.id)
    text = say(
        words,
        "Shall I remove {calendar}? {events} and their reminders go from here. Over there nothing changes, and you can"
        " link it again.",
        calendar=notices.called(feed),
        events=words.n("Its {n} event", "Its {n} events", talk.tx.feed_events.count(feed.id)),
    )
    yes = Button(words.t("Remove"), f"unlinked:{feed.id}:{talk.number}")
    talk.show(Message(text, ((yes, Button(words.t("Keep it"), f"calendar:{feed.id}")),)))


def unlinked(talk: Talk, feed_id: str, number: str) -> None:
    """It shall."""
    feed, words = mine(talk, feed_id), talk.words
    asked = talk.tx.users.asked(talk.user.id)
    if (asked.get("what"), asked.get("number"), asked.get("feed")) != ("unlink", int(number), feed.id):
        raise StaleError("that question is closed")
    talk.tx.users.ask(talk.user.id, None)
    count = talk.tx.feed_events.count(feed.id)
    calendars.remove(talk.tx, talk.user, feed, talk.now)
    text = say(
        words,
        "🗑 {calendar} is removed: {events} gone with it.",
        calendar=notices.called(feed),
        events=words.n("{n} event is", "{n} events are", count),
    )
    talk.show(Message(text, ((_back(talk),),)))
