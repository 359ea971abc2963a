"""An event's card, and what its buttons do: show, delete, skip, undo."""

from __future__ import annotations

from planner import agenda, due, happenings, marks, recur, scopes, service
from planner.chat import drafts, elsewhere, promised, remind
from planner.chat.talk import ForeignError, Talk
from planner.messages import named, titled
from planner.model import Event, Occurrence
from planner.render import (
    Button,
    Message,
    Text,
    bold,
    cut,
    day,
    italic,
    join,
    link,
    plain,
    repeats,
    say,
    shorten,
    when,
    zone_name,
)
from planner.scopes import Scope

TITLE_MAX = 1_000
"""Characters of a title; longer ones are refused with a sentence."""
TITLE_UNITS, PLACE_UNITS, NOTES_UNITS = 1_200, 400, 1_600
"""What of each a card shows, in UTF-16 units; together they fit a message."""
BUTTON_UNITS = 30
LINK_UNITS = 60
CLASHES_MAX = 50
"""So many occurrences are looked at for one that is on at the same time."""


class GoneError(ValueError):
    """The event was deleted meanwhile."""


class MovedError(ValueError):
    """The occurrence that a button names is none any more."""


class UnknownError(ValueError):
    """No such event: there was none, or it was deleted so long ago that nothing is left of it."""


def about(talk: Talk, event: Event, start_at: int, mark: str) -> Text:
    """All there is to say about an event, at one of its occurrences."""
    words, user = talk.words, talk.user
    title = plain(titled(words, event.title))
    lines = [join((mark, " ", bold(cut(title, TITLE_UNITS)))), promised.times(talk, event, start_at)]
    if event.feed_id is not None:
        lines.append(elsewhere.line(talk, event))
    if event.rrule:
        lines.append(plain("🔁 " + repeats(words, event, user.zone, talk.now)))
    if event.zone and event.zone != user.zone:
        lines.append(plain(words.t("Its time zone: {zone}", zone=zone_name(event.zone, talk.now, words.lang))))
    if event.place:
        lines.append(join(("📍 ", cut(plain(event.place), PLACE_UNITS))))
    lines.append(plain(promised.reminders(talk, event)))
    if event.nag:
        lines.append(plain(words.t("❗ I will repeat the reminder until you press Done.")))
    if event.notes:
        lines.append(join(("📝 ", cut(plain(event.notes), NOTES_UNITS))))
    if event.link:
        label = words.t("the message") if event.source == "here" else shorten(event.link, LINK_UNITS)
        lines.append(join(("🔗 ", link(label, event.link))))
    return join(lines, "\n")


def clash(talk: Talk, event: Event, start_at: int) -> Text | None:
    """What else is on at an occurrence's time, if anything is."""
    one = Occurrence(event, start_at)
    if not agenda.timed(one):
        return None
    until = agenda.ends(one, talk.user.zone) + 1
    found, _ = happenings.agenda(talk.tx, talk.user, start_at, until, talk.now, limit=CLASHES_MAX)
    kept, known = marks.once(found, talk.tx.feeds.of_user(talk.user.id))
    other = agenda.overlaps(kept, talk.user.zone).get(agenda.key(one))
    if other is None:
        return None
    title = bold(known.before(other) + shorten(titled(talk.words, other.event.title), BUTTON_UNITS))
    return say(talk.words, "⚠️ At that time there is {title}, too.", title=title)


def buttons(talk: Talk, event: Event, start_at: int) -> tuple[tuple[Button, ...], ...]:
    """What can be done to an event at one of its occurrences."""
    if event.feed_id is not None:
        return elsewhere.buttons(talk, event, start_at)
    change = Button(talk.words.t("Change"), f"change:{event.id}:{start_at}")
    remove = Button(talk.words.t("Delete"), f"delete:{event.id}:{start_at}")
    if event.rrule is None:
        return ((change, remove),)
    return ((change, Button(talk.words.t("Skip this one"), f"skip:{event.id}:{start_at}")), (remove,))


def show(talk: Talk, event_id: str, start_at: str) -> None:
    """An event was picked from a list."""
    event, at = mine(talk, event_id, start_at)
    talk.say(Message(about(talk, event, at, "📌"), buttons(talk, event, at)))


def where(talk: Talk, event_id: str, start_at: str) -> None:
    """Where an event that stands in a linked calendar is changed."""
    event, _ = mine(talk, event_id, start_at)
    elsewhere.where(talk, event)


def changed(talk: Talk, event: Event, start_at: int, change_id: int) -> None:
    """Show an event as it is after a change, with a button to take that back."""
    rows = (
        (
            Button(talk.words.t("Change"), f"change:{event.id}:{start_at}"),
            Button(talk.words.t("Undo"), f"undo:{change_id}"),
        ),
    )
    text = about(talk, event, start_at, "✏️")
    also = clash(talk, event, start_at)
    talk.show(Message(join((text, also), "\n") if also else text, rows))


def delete(talk: Talk, event_id: str, start_at: str = "") -> None:
    """Delete at once; undo is one button. Of a recurring event, ask first how much of it is meant."""
    event, at = own(talk, event_id, start_at)
    if event.rrule is None:
        remove(talk, event, at, Scope.ALL)
        return
    words = talk.words
    on = day(words, at, talk.user.zone, talk.now)
    rows = (
        (Button(words.t("Only {day}", day=on), f"remove:{event.id}:{at}:one"),),
        (Button(words.t("This and all that follow"), f"remove:{event.id}:{at}:rest"),),
        (Button(words.t("All of it"), f"remove:{event.id}:{at}:all"),),
        (Button(words.t("Keep it"), f"keep:{event.id}:{at}"),),
    )
    asked = say(words, "How much of {title} shall I delete?", title=named(event.title))
    talk.show(Message(asked, rows))


def keep(talk: Talk, event_id: str, start_at: str) -> None:
    """Back to the card."""
    event, at = mine(talk, event_id, start_at)
    talk.show(Message(about(talk, event, at, "📌"), buttons(talk, event, at)))


def remove_button(talk: Talk, event_id: str, start_at: str, scope: str) -> None:
    """So much of a recurring event is to go: what the button names, or nothing."""
    event, at = exactly(talk, event_id, start_at)
    remove(talk, service.own(event), at, Scope(scope))


def skip(talk: Talk, event_id: str, start_at: str) -> None:
    """Leave one occurrence out."""
    remove_button(talk, event_id, start_at, Scope.ONE)


def remove(talk: Talk, event: Event, at: int, scope: Scope) -> None:
    """Delete an event, or a part of a series, and show how to take that back."""
    rest = _rest(event, local_start(talk, event, at), scope, service.zone_of(event, talk.user))
    if rest is None:
        change_id = service.delete_event(talk.tx, talk.user, event, talk.now)
    else:
        change_id = service.change_event(talk.tx, talk.user, rest, talk.now, talk.said_at)
    remind.became(talk, event, None)
    said = join((_removed(talk, event, at, scope if rest else Scope.ALL), *_next(talk, rest)), "\n")
    talk.show(Message(said, ((Button(talk.words.t("Undo"), f"undo:{change_id}"),),)))


def _rest(event: Event, at: str, scope: Scope, zone: str) -> Event | None:
    """What is left of an event; ``None`` when nothing is."""
    if event.rrule is None or scope is Scope.ALL:
        return None
    if scope is Scope.REST:
        return scopes.ended(event, at, zone)
    rest = scopes.skip(event, at)
    return rest if recur.next_start(rest, zone, event.start_at) is not None else None


def _removed(talk: Talk, event: Event, at: int, scope: Scope) -> Text:
    words, title = talk.words, bold(cut(plain(event.title), 3_000))
    on = day(words, at, talk.user.zone, talk.now)
    if event.rrule is None:
        return say(words, "🗑 {title} is deleted, with its reminders.", title=title)
    if scope is Scope.ONE:
        return say(words, "⏭ {title} is left out on {day}; the others stay.", title=title, day=on)
    if scope is Scope.REST:
        return say(words, "🏁 {title} has ended: {day} and all that followed are deleted.", title=title, day=on)
    return say(words, "🗑 {title} is deleted, with all its repetitions.", title=title)


def _next(talk: Talk, rest: Event | None) -> list[Text]:
    """When what is left of a series is next, if it is."""
    if rest is None:
        return []
    following = recur.next_start(rest, service.zone_of(rest, talk.user), talk.now)
    if following is None:
        return []
    said = when(talk.words, following, talk.user.zone, talk.now)
    return [italic(talk.words.t("The next one: {when}.", when=said))]


def undo(talk: Talk, change_id: str) -> None:
    """Take a change back."""
    event = service.undo(talk.tx, talk.user, int(change_id), talk.now)
    if event is None:
        talk.toast(
            talk.words.t("This can no longer be undone: it was undone already, changed again, or is over a day old."),
            alert=True,
        )
        return
    remind.became(talk, event, talk.tx.events.get(event.id))
    if talk.tx.events.get(event.id) is None:
        title = bold(cut(plain(event.title), 3_000))
        talk.show(say(talk.words, "↩️ {title} is not kept.", title=title))
        return
    at = drafts.next_start(talk, event)
    text = join((about(talk, event, at, "↩️"), italic(talk.words.t("As it was before."))), "\n")
    talk.show(Message(text, buttons(talk, event, at)))


def mine(talk: Talk, event_id: str | int, start_at: str = "") -> tuple[Event, int]:
    """An event of the user's and the start of one of its occurrences, the next where none is named.

    Raises ``ValueError`` when it is not theirs, ``GoneError`` when it was deleted, ``UnknownError`` when that was long
    ago.
    """
    event = talk.tx.events.get(int(event_id), deleted=True)
    if event is None:
        raise UnknownError("nothing is left of it, or there never was one")
    if event.user_id != talk.user.id:
        raise ForeignError("not this user's")
    if talk.tx.events.get(event.id) is None:
        raise GoneError(event.title)
    return event, _occurrence(talk, event, start_at)


def own(talk: Talk, event_id: str | int, start_at: str = "") -> tuple[Event, int]:
    """As ``mine``, but raises ``service.ElsewhereError`` for an event that is only changed in its calendar."""
    event, at = mine(talk, event_id, start_at)
    return service.own(event), at


def exactly(talk: Talk, event_id: str | int, start_at: str) -> tuple[Event, int]:
    """As ``mine``, but raises ``MovedError`` where the event has no occurrence that starts just then."""
    event, at = mine(talk, event_id, start_at)
    if at != int(start_at):
        raise MovedError("no such occurrence any more")
    return event, at


def _occurrence(talk: Talk, event: Event, start_at: str) -> int:
    """The occurrence that a button speaks of; the event may have moved since it was shown.

    Raises ``ValueError`` or ``OverflowError`` for an instant that no calendar has.
    """
    zone = service.zone_of(event, talk.user)
    at = int(start_at) if start_at else None
    if at is not None and due.local_text(at, zone) and recur.happens(event, zone, at):
        return at
    return drafts.next_start(talk, event)


def local_start(talk: Talk, event: Event, start_at: int) -> str:
    """An occurrence's start on the event's own wall clock, as its rule says it."""
    return recur.local_start(event, service.zone_of(event, talk.user), start_at)
