"""An event's card, and what its buttons do: change, delete, undo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from planner import service
from planner.chat import drafts
from planner.chat.talk import Talk
from planner.model import DAY, HOUR, SECOND, Event
from planner.render import (
    Button,
    Message,
    Text,
    bold,
    clock_time,
    cut,
    day,
    duration,
    italic,
    join,
    moment,
    plain,
    recurrence,
    say,
    span,
    when,
    zone_name,
)
from planner.when import understand

TITLE_MAX = 1_000
"""Characters of a title; longer ones are refused with a sentence."""


def about(talk: Talk, event: Event, start_at: int, mark: str) -> Text:
    """All there is to say about an event, at one of its occurrences."""
    words, user = talk.words, talk.user
    lines = [join((mark, " ", bold(cut(plain(event.title), 3_000)))), _when(talk, event, start_at)]
    if event.rrule:
        lines.append(plain("🔁 " + recurrence(words, event.rrule)))
    if event.zone and event.zone != user.zone:
        lines.append(plain(words.t("Its time zone: {zone}", zone=zone_name(event.zone, talk.now))))
    lines.append(plain(_reminders(talk, event)))
    return join(lines, "\n")


def _when(talk: Talk, event: Event, start_at: int) -> Text:
    words, zone = talk.words, talk.user.zone
    if event.all_day:
        first = day(words, start_at, zone, talk.now)
        if event.duration_s <= DAY // SECOND:
            return plain(words.t("{day}, all day", day=first))
        last = day(words, start_at + event.duration_s * SECOND - HOUR, zone, talk.now)
        return plain(words.t("{first} to {last}, all day", first=first, last=last))
    said = moment(when(words, start_at, zone, talk.now), start_at, talk.now)
    until = f"–{clock_time(start_at + event.duration_s * SECOND, zone)}" if event.duration_s else ""
    return join((said, until, ", ", span(words, start_at - talk.now)))


def _reminders(talk: Talk, event: Event) -> str:
    words = talk.words
    due_at = talk.tx.reminders.next_of(event.id)
    if due_at is None:
        return words.t("🔕 No reminder will come.")
    said = when(words, due_at, talk.user.zone, talk.now)
    leads = talk.user.leads_s if event.leads_s is None else event.leads_s
    lead = (drafts.next_start(talk, event) - due_at) // SECOND
    if event.instant or event.all_day or lead <= 0 or lead not in leads:
        return words.t("⏰ I will remind you {when}.", when=said)
    return words.t("⏰ I will remind you {when} ({lead} before).", when=said, lead=duration(words, lead))


def buttons(talk: Talk, event: Event) -> tuple[tuple[Button, ...], ...]:
    return (
        (
            Button(talk.words.t("Change"), f"change:{event.id}"),
            Button(talk.words.t("Delete"), f"delete:{event.id}"),
        ),
    )


def show(talk: Talk, event_id: str, start_at: str) -> None:
    """An event was picked from a list."""
    event = _mine(talk, event_id)
    talk.say(Message(about(talk, event, int(start_at), "📌"), buttons(talk, event)))


def change(talk: Talk, event_id: str) -> None:
    """Ask what is to be different."""
    event = _mine(talk, event_id)
    talk.ask("change", event=event.id)
    talk.say(
        Message(
            say(
                talk.words,
                "What should change about {title}? Write a new time (“friday at 15:00”), a new title, or both.",
                title=bold(cut(plain(event.title), 200)),
            ),
            ((Button(talk.words.t("Leave it as it is"), f"nothing:{talk.number}"),),),
        )
    )


def answer(talk: Talk, question: Mapping[str, object]) -> bool:
    """The new time, title or both."""
    event = talk.tx.events.get(int(str(question["event"])))
    talk.tx.users.ask(talk.user.id, None)
    if event is None or event.user_id != talk.user.id:
        return False
    phrase = understand(talk.text, now=talk.said_at, zone=service.zone_of(event, talk.user), lang=talk.user.lang)
    if phrase.status == "refused" and phrase.why == "no_time":
        if len(talk.text) > TITLE_MAX:
            talk.say(
                talk.words.n("A title has at most {n} character.", "A title has at most {n} characters.", TITLE_MAX)
            )
            return True
        _changed(talk, replace(event, title=talk.text.strip()))
        return True
    if phrase.start is None or (phrase.status == "ask" and phrase.why != "no_title"):
        drafts.offer(talk, phrase, title=event.title, event_id=event.id)
        return True
    _changed(talk, drafts.applied(event, drafts.draft(phrase, talk.user, title=phrase.title or event.title)))
    return True


def change_to(talk: Talk, event_id: int, draft: Event) -> None:
    """One of several readings of the new time was chosen."""
    _changed(talk, drafts.applied(_mine(talk, str(event_id)), draft))


def _changed(talk: Talk, event: Event) -> None:
    change_id = service.change_event(talk.tx, talk.user, event, talk.now, talk.said_at)
    talk.show(
        Message(
            about(talk, event, drafts.next_start(talk, event), "✏️"),
            (
                (
                    Button(talk.words.t("Change"), f"change:{event.id}"),
                    Button(talk.words.t("Undo"), f"undo:{change_id}"),
                ),
            ),
        )
    )


def delete(talk: Talk, event_id: str) -> None:
    """Delete at once; undo is one button."""
    event = _mine(talk, event_id)
    change_id = service.delete_event(talk.tx, talk.user, event, talk.now)
    title = bold(cut(plain(event.title), 3_000))
    said = (
        say(talk.words, "🗑 {title} is deleted, with all its repetitions.", title=title)
        if event.rrule
        else say(talk.words, "🗑 {title} is deleted, with its reminders.", title=title)
    )
    talk.show(Message(said, ((Button(talk.words.t("Undo"), f"undo:{change_id}"),),)))


def undo(talk: Talk, change_id: str) -> None:
    """Take a change back."""
    event = service.undo(talk.tx, talk.user, int(change_id), talk.now)
    if event is None:
        talk.toast(
            talk.words.t("This can no longer be undone: it was undone already, changed again, or is over a day old."),
            alert=True,
        )
        return
    if talk.tx.events.get(event.id) is None:
        title = bold(cut(plain(event.title), 3_000))
        talk.show(Message(join((say(talk.words, "↩️ {title} is not kept.", title=title),))))
        return
    talk.show(
        Message(
            join(
                (about(talk, event, drafts.next_start(talk, event), "↩️"), italic(talk.words.t("As it was before."))),
                "\n",
            ),
            buttons(talk, event),
        )
    )


def _mine(talk: Talk, event_id: str) -> Event:
    event = talk.tx.events.get(int(event_id), deleted=True)
    if event is None or event.user_id != talk.user.id:
        raise ValueError("not this user's")
    if talk.tx.events.get(event.id) is None:
        raise GoneError(event.title)
    return event


class GoneError(ValueError):
    """The event was deleted meanwhile."""
