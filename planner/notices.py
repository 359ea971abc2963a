"""What is said of linked calendars: linked or not, failing, working again, what has changed. Pure.

Names and titles go in as plain text, whatever is in them; of an address at most its server's name is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple, Protocol

from planner import advice, providers
from planner.due import day_of
from planner.lists import fitting
from planner.messages import title_text, titled
from planner.model import Feed, Occurrence, Outcome, User
from planner.render import (
    Button,
    Message,
    Text,
    Words,
    bold,
    clock_time,
    cut,
    day,
    duration,
    join,
    plain,
    say,
    shorten,
    when,
)

TOLD = 30
"""Changes that are named in one message."""
NAMED = 5
"""Events that are named as unreadable in one message."""
NAME_UNITS = 80
EMPTIED = "emptied"
"""The fault of a success that is not believed yet."""


class Told(NamedTuple):
    """A change over there to what its user should know of. ``was`` to ``now_at`` (UTC ms): it was moved.

    Without ``now_at`` it is cancelled, without ``was`` it is new. Each of the two may be a whole day.
    """

    title: str
    was: int | None
    now_at: int | None
    was_all_day: bool = False
    now_all_day: bool = False


class Synced(Protocol):
    """What a sync came to; :class:`planner.store.syncs.Sync` is one."""

    @property
    def fault(self) -> str: ...
    @property
    def added(self) -> int: ...
    @property
    def changed(self) -> int: ...
    @property
    def gone(self) -> int: ...
    @property
    def skipped(self) -> int: ...
    @property
    def report(self) -> Sequence[tuple[str, str]]: ...


def name_of(feed: Feed) -> str:
    """What a calendar is called; one that has no name by its server's."""
    return " ".join(feed.name.split()) or providers.host(feed.url)


def called(feed: Feed) -> Text:
    """A calendar's mark and name."""
    return join((feed.mark, " ", bold(cut(plain(name_of(feed)), NAME_UNITS))))


def linked(
    words: Words,
    user: User,
    feed: Feed,
    count: int,
    next_three: Sequence[Occurrence],
    skipped: int,
    now: int,
    unread: Sequence[tuple[str, str]] = (),
) -> Message:
    """An address has become a linked calendar: how many events it holds, and the next ones as proof.

    ``skipped``: so many could not be read; ``unread`` names them, each with why.
    """
    events = words.n("{n} event", "{n} events", count)
    lines: list[Text] = [say(words, "{calendar} is linked: {events}.", calendar=called(feed), events=events)]
    if next_three:
        lines.append(say(words, "Next in it:"))
        lines += [_next(words, user, one, now) for one in next_three]
    else:
        lines.append(say(words, "Nothing is to come in it; what is added over there will come here."))
    if skipped:
        lines += [_skipped(words, skipped), *(report(words, unread, NAMED, of=skipped) if unread else ())]
    lines.append(
        say(
            words,
            "I look at it every {time} and remind you as your /settings say. Its events are changed over there.",
            time=duration(words, feed.every_min * 60),
        )
    )
    return Message(join(lines, "\n"), (_open(words, feed),))


def _next(words: Words, user: User, one: Occurrence, now: int) -> Text:
    said = _when(words, user, one.start_at, now, all_day=one.event.all_day)
    return join(("• ", bold(title_text(titled(words, one.event.title))), ", ", said))


def _when(words: Words, user: User, at: int, now: int, *, all_day: bool) -> str:
    if all_day:
        return words.t("{day}, all day", day=day(words, at, user.zone, now))
    return when(words, at, user.zone, now)


def _skipped(words: Words, count: int) -> Text:
    return plain(
        words.n(
            "{n} event could not be read, or not in full; the others are there.",
            "{n} events could not be read, or not in full; the others are there.",
            count,
        )
    )


def _open(words: Words, feed: Feed) -> tuple[Button, ...]:
    return (Button(words.t("Open"), f"calendar:{feed.id}"),)


def not_linked(words: Words, url: str, fault_code: str, outcome: Outcome | None, *, owns: bool = False) -> Message:
    """An address that was tried is no calendar's. ``owns``: whoever tried it runs the bot."""
    said = advice.of_sync(words, url, outcome, fault_code, linked=False, owns=owns)
    return Message(join((say(words, "🚫 This calendar is not linked."), said.both), "\n"),
                   ((Button(words.t("Where do I find the address?"), "link:how"),),))  # fmt: skip


def failing(words: Words, feed: Feed, *, owns: bool = False) -> Message:
    """A linked calendar cannot be brought up to date: why, and what to do."""
    said = advice.of_sync(words, feed.url, feed.outcome, feed.fault, linked=True, owns=owns)
    lines = (
        say(words, "⚠️ {calendar} cannot be brought up to date.", calendar=called(feed)),
        said.both,
        say(words, "What I have of it stays, and I keep trying."),
    )
    return Message(join(lines, "\n"), ((_sync(words, feed), *_open(words, feed)),))


def _sync(words: Words, feed: Feed) -> Button:
    return Button(words.t("Sync now"), f"sync:{feed.id}")


def working(words: Words, feed: Feed) -> Message:
    """A calendar that was failing is up to date again."""
    return Message(say(words, "✅ {calendar} is up to date again.", calendar=called(feed)))


def synced(words: Words, feed: Feed, sync: Synced) -> Message:
    """What a successful sync that was asked for came to."""
    if sync.fault == EMPTIED:
        return emptied(words, feed)
    lines = [say(words, "✅ {calendar} is up to date: {changes}.", calendar=called(feed),
                 changes=counted(words, sync))]  # fmt: skip
    if sync.skipped:
        lines += [_skipped(words, sync.skipped), *report(words, sync.report, NAMED, of=sync.skipped)]
    return Message(join(lines, "\n"), (_open(words, feed),))


def emptied(words: Words, feed: Feed) -> Message:
    """A calendar that held events is empty all of a sudden, which is not believed at once."""
    said = say(
        words,
        "🤔 {calendar} is empty all of a sudden. I keep what I have of it and look again; if it is still empty then,"
        " its events go here, too.",
        calendar=called(feed),
    )
    return Message(said, (_open(words, feed),))


def counted(words: Words, sync: Synced) -> str:
    """``2 new, 1 changed, 3 gone``, or that nothing has changed."""
    parts = (
        (sync.added, words.n("{n} new", "{n} new", sync.added)),
        (sync.changed, words.n("{n} changed", "{n} changed", sync.changed)),
        (sync.gone, words.n("{n} gone", "{n} gone", sync.gone)),
    )
    return ", ".join(said for count, said in parts if count) or words.t("nothing has changed")


def report(words: Words, entries: Sequence[tuple[str, str]], most: int, *, of: int | None = None) -> list[Text]:
    """Events that could not be read, each with why; ``of`` says how many there were in all."""
    lines = [
        join(("• ", bold(title_text(titled(words, title))), ": ",
              why_unread(words, why)))
        for title, why in entries[:most]
    ]  # fmt: skip
    left = (len(entries) if of is None else of) - len(lines)
    if left > 0:
        lines.append(plain(words.n("and {n} more", "and {n} more", left)))
    return lines


def why_unread(words: Words, why: str) -> str:
    """Why an event could not be read, or not the whole of it; ``why`` is a code of :class:`planner.ics.entry.Faulty`.

    Of a code that it does not know it says that the event is damaged.
    """
    said = {
        "start": words.t("left out, because its start cannot be read"),
        "recurrence": words.t("left out, because it does not say which occurrence it stands for"),
        "time": words.t("left out, because its time is on no clock"),
        "end": words.t("its length is unknown, so it has none here"),
        "rule": words.t("I cannot follow how it repeats, so only the dates that it names are here"),
        "crowded": words.t("too much in this calendar repeats too often, so only the first of it is here"),
        "dates": words.t("it names too many single dates, so only the next of them are heeded"),
        "too_often": words.t("it repeats too often in a day, so only the dates that it names are here"),
        "zone": words.t("its time zone is unknown, so its times may be off"),
    }
    return said.get(why) or words.t("left out, because it is damaged")


def changes(words: Words, user: User, feed: Feed, told: Sequence[Told], now: int) -> Message:
    """What was changed over there of what starts soon; many changes with shorter titles."""
    head = say(words, "{calendar} has changed:", calendar=called(feed))
    return Message(fitting(lambda cap: join((head, *_changes(words, user, told, now, cap)), "\n")))


def _changes(words: Words, user: User, told: Sequence[Told], now: int, cap: int) -> Iterable[Text]:
    """A line a change; what happens alike to occurrence after occurrence is said once."""
    alike: dict[tuple[object, ...], list[Told]] = {}
    for one in told:
        alike.setdefault(_kind(user, one), []).append(one)
    for first, *more in islice(alike.values(), TOLD):
        times = f", {words.n('and {n} more time', 'and {n} more times', len(more))}" if more else ""
        title = bold(plain(shorten(titled(words, first.title), cap)))
        yield join(("• ", _change(words, user, first, title, now), times))
    if len(alike) > TOLD:
        yield plain(words.n("and {n} more", "and {n} more", len(alike) - TOLD))


def _kind(user: User, one: Told) -> tuple[object, ...]:
    """What a change has in common with the same one of another occurrence."""
    clocks = (None if at is None else clock_time(at, user.zone) for at in (one.was, one.now_at))
    days = one.was is not None and one.now_at is not None and (
        day_of(one.now_at, user.zone) - day_of(one.was, user.zone)
    )  # fmt: skip
    return one.title, one.was_all_day, one.now_all_day, *clocks, days


def _change(words: Words, user: User, one: Told, title: Text, now: int) -> Text:
    if one.was is not None and one.now_at is not None and not (one.was_all_day or one.now_all_day):
        days = day_of(one.was, user.zone), day_of(one.now_at, user.zone)
        if days[0] == days[1]:
            times = {"was": clock_time(one.was, user.zone), "now": clock_time(one.now_at, user.zone)}
            on = day(words, one.now_at, user.zone, now)
            return say(words, "{title} moved from {was} to {now}, {day}", title=title, day=on, **times)
    was, later = (None if at is None else _when(words, user, at, now, all_day=all_day)
                  for at, all_day in ((one.was, one.was_all_day), (one.now_at, one.now_all_day)))  # fmt: skip
    if later is None:
        return say(words, "{title} is cancelled: {when}", title=title, when=was or "")
    if was is None:
        return say(words, "{title} is new: {when}", title=title, when=later)
    return say(words, "{title} moved: {was} → {now}", title=title, was=was, now=later)
