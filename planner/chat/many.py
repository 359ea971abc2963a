"""“Delete everything”, “move all of tomorrow to monday”: what that is about is shown first, and one button does it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from planner import due, happenings, marks, recur, scopes, service
from planner.chat import card, edit, remind, scope
from planner.chat.talk import StaleError, Talk
from planner.messages import title_text, titled
from planner.model import Event, Occurrence
from planner.render import Button, Message, Text, bold, join, say, when
from planner.scopes import CannotMoveError, Scope
from planner.when import Asked

AT_ONCE_MAX = 50
"""So many events are deleted or moved at once; of more, fewer days have to be named."""
LISTED_MAX = 20
"""So many of them are named."""
LOOKED_AT = 1_000
"""So many occurrences of the days that are named are looked through for those that were made here."""


def ask(talk: Talk, request: Asked) -> None:
    """Show what would go or move, with a button that does it."""
    found, elsewhere = _meant(talk, request.days)
    words = talk.words
    if not found:
        talk.say(join(elsewhere, "\n") if elsewhere else words.t("Nothing is planned."))
        return
    if len(found) > AT_ONCE_MAX:
        talk.say(
            words.n(
                "I change at most {n} event at once. Name fewer days, such as “delete everything tomorrow”.",
                "I change at most {n} events at once. Name fewer days, such as “delete everything tomorrow”.",
                AT_ONCE_MAX,
            )
        )
        return
    starts: list[str | None] = [None] * len(found)
    if request.kind == "change":
        moved = _moved(talk, found, request.phrase_text)
        if moved is None:
            return
        starts = [one.start_local for one in moved]
    _show(talk, found, starts, elsewhere, whole=request.days is None)


def _show(talk: Talk, found: list[Occurrence], starts: list[str | None], elsewhere: list[Text], *, whole: bool) -> None:
    words, n = talk.words, len(found)
    kept = [[one.event.id, one.start_at, start] for one, start in zip(found, starts, strict=True)]
    talk.ask("all", choices=kept, whole=whole)
    lines = [join(("• ", _said(talk, one))) for one in found[:LISTED_MAX]]
    if n > LISTED_MAX:
        lines.append(Text(words.n("and {n} more", "and {n} more", n - LISTED_MAX)))
    if starts[0] is None:
        asked = words.n("Shall I delete {n} event?", "Shall I delete these {n} events?", n)
        label = words.n("Delete {n} event", "Delete {n} events", n)
    else:
        asked = words.n("Shall I move {n} event?", "Shall I move these {n} events?", n)
        label = words.n("Move {n} event", "Move {n} events", n)
    rows = ((Button(label, f"all:{talk.number}"),), (Button(words.t("Leave it as it is"), f"nothing:{talk.number}"),))
    talk.say(Message(join((Text(asked), *lines, *elsewhere), "\n"), rows))


def _said(talk: Talk, one: Occurrence, mark: str = "") -> Text:
    series, title = " 🔁" if one.event.rrule else "", title_text(titled(talk.words, one.event.title))
    return join((mark, title, series, ", ", when(talk.words, one.start_at, talk.user.zone, talk.now)))


def _meant(talk: Talk, days: tuple[date, date] | None) -> tuple[list[Occurrence], list[Text]]:
    """What happens on those days; without any, all events that are still to come, each once.

    And what is said of those in linked calendars, which stay as they are.
    """
    if days is None:
        return _coming(talk), _calendars_stay(talk)
    begin, end = due.day_bounds(days[0], talk.user.zone)[0], due.day_bounds(days[1], talk.user.zone)[1]
    found, _ = happenings.agenda(talk.tx, talk.user, begin, end, talk.now, limit=LOOKED_AT)
    if len(found) == LOOKED_AT:
        return found, []
    return [one for one in found if one.event.feed_id is None], _stay(
        talk, [one for one in found if one.event.feed_id is not None]
    )


def _coming(talk: Talk) -> list[Occurrence]:
    events = talk.tx.events.current(talk.user.id, talk.now, own=True)
    coming = ((event, recur.next_start(event, service.zone_of(event, talk.user), talk.now)) for event in events)
    return sorted((Occurrence(event, at) for event, at in coming if at is not None), key=lambda one: one.start_at)


def _calendars_stay(talk: Talk) -> list[Text]:
    feeds = [marks.named(feed) for feed in talk.tx.feeds.of_user(talk.user.id) if feed.linked_at is not None]
    if not feeds:
        return []
    return [say(talk.words, "What is in {calendars} stays: change it there.", calendars=bold(", ".join(feeds)))]


def _stay(talk: Talk, found: list[Occurrence]) -> list[Text]:
    if not found:
        return []
    words, n = talk.words, len(found)
    head = words.n(
        "{n} event is in a linked calendar and stays; change it there:",
        "{n} events are in linked calendars and stay; change them there:",
        n,
    )
    named = marks.Marks({feed.id: feed for feed in talk.tx.feeds.of_user(talk.user.id)})
    lines = [join(("• ", _said(talk, one, named.before(one)))) for one in found[:LISTED_MAX]]
    left = [Text(words.n("and {n} more", "and {n} more", n - LISTED_MAX))] if n > LISTED_MAX else []
    return [Text(head), *lines, *left]


def _moved(talk: Talk, found: list[Occurrence], phrase: str) -> list[Event] | None:
    """The occurrences as they would be; ``None`` where it was said that this cannot be."""
    moved = [edit.moved(talk, one.event, one.start_at, phrase) for one in found]
    wanted = [one for one in moved if one is not None]
    if len(wanted) < len(found):
        talk.say(talk.words.t("When shall they all be? Write it like “move everything tomorrow to monday”."))
        return None
    if any(one.start_at < talk.said_at and not one.all_day for one in wanted):
        talk.say(talk.words.t("That time is over. Write one that is still to come."))
        return None
    return wanted


def pressed(talk: Talk, number: str) -> None:
    """Do it to all that are still as they were shown, as one change."""
    question = talk.tx.users.asked(talk.user.id)
    choices = question.get("choices")
    if question.get("number") != int(number) or question.get("what") != "all" or not isinstance(choices, list):
        raise StaleError("that question is closed")
    talk.tx.users.ask(talk.user.id, None)
    change_id, n, moves = None, 0, choices[0][2] is not None
    for event_id, start_at, start in choices:
        try:
            event, at = card.exactly(talk, event_id, str(start_at))
            one = (
                _delete(talk, event, at, change_id, whole=bool(question["whole"]))
                if start is None
                else _move(talk, event, at, str(start), change_id)
            )
        except (card.GoneError, card.MovedError, card.UnknownError, CannotMoveError, service.ElsewhereError):
            continue
        change_id, n = change_id or one, n + 1
    if change_id is None:
        talk.show(talk.words.t("All right. Nothing was changed."))
        return
    undo = Button(talk.words.t("Undo"), f"restore:{change_id}")
    deleted = talk.words.n("🗑 {n} event is deleted.", "🗑 {n} events are deleted.", n)
    talk.show(
        Message(Text(talk.words.n("✏️ {n} event is moved.", "✏️ {n} events are moved.", n) if moves else deleted),
                ((undo,),))
    )  # fmt: skip


def _delete(talk: Talk, event: Event, at: int, part_of: int | None, *, whole: bool) -> int:
    rest = None
    if event.rrule is not None and not whole:
        rest = scopes.skip(event, card.local_start(talk, event, at))
        if recur.next_start(rest, service.zone_of(event, talk.user), event.start_at) is None:
            rest = None
    if rest is None:
        change_id = service.delete_event(talk.tx, talk.user, event, talk.now, part_of)
    else:
        change_id = service.change_event(talk.tx, talk.user, rest, talk.now, talk.said_at, part_of)
    remind.became(talk, event, None)
    return change_id


def _move(talk: Talk, event: Event, at: int, start_local: str, part_of: int | None) -> int:
    zone = service.zone_of(event, talk.user)
    wanted = replace(scope.view_of(talk, event, at), start_local=start_local, instant=False,
                     start_at=service.start_of(start_local, zone))  # fmt: skip
    if event.rrule is None:
        change_id = service.change_event(talk.tx, talk.user, wanted, talk.now, talk.said_at, part_of)
        made = wanted
    else:
        rest, apart = scopes.edited(event, card.local_start(talk, event, at), wanted, Scope.ONE, zone)
        made, change_id = service.divide_event(talk.tx, talk.user, event, rest, apart, talk.now, talk.said_at, part_of)
    remind.became(talk, event, made)
    return change_id
