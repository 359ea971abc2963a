"""A plain sentence becomes an event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace

from planner import due, service
from planner.chat import card, drafts
from planner.chat.parse import understand
from planner.chat.talk import Talk
from planner.i18n import N_
from planner.messages import named
from planner.model import HOUR, Event
from planner.render import Button, Message, day, italic, join, say, when, zone_name
from planner.when import Phrase

EVENING_MINUTE = 19 * 60
MORNING_MINUTE = 9 * 60

ASSUMED = {
    "date": N_("You named no day, so I chose the nearest one."),
    "time": N_("You named no exact time, so I chose this one."),
    "am_pm": N_("I took the hour as pm. If you meant the morning, press Change and write “am”."),
}
"""What is said about the parts of a phrase that were filled in."""


def says_when(talk: Talk) -> bool:
    """Whether the message is a command or names any time: somebody's very first words often do not."""
    found = _read(talk, talk.text)
    return talk.text.startswith("/") or found.start is not None or bool(found.choices)


def _read(talk: Talk, text: str) -> Phrase:
    return understand(text, now=talk.said_at, zone=talk.user.zone, lang=talk.user.lang)


def phrase(talk: Talk, text: str | None = None) -> None:
    """Understand the message, or the text given; add the event, or ask what is missing."""
    text = talk.text if text is None else text
    talk.tx.users.ask(talk.user.id, None)
    settle(talk, _read(talk, text), text, drafts.blank(talk))


def settle(talk: Talk, found: Phrase, text: str, note: Event) -> None:
    """Add the event that was understood of ``text``, or ask. ``note`` has its notes and link, and perhaps its title."""
    title = found.title or note.title
    if len(title) > card.TITLE_MAX or found.why == "too_long":
        talk.oversized()
        talk.say(
            talk.words.n(
                "A title has at most {n} character. Nothing was added.",
                "A title has at most {n} characters. Nothing was added.",
                card.TITLE_MAX,
            )
        )
    elif found.start is not None and (found.status == "ok" or found.why == "no_title"):
        made = drafts.with_note(drafts.draft(found, talk.user, title=title), note)
        if title:
            keep(talk, made, found.assumed)
        else:
            _ask_title(talk, made)
    elif found.why == "no_time":
        ask_time(talk, replace(note, title=note.title or found.title or text.strip()))
    else:
        drafts.offer(talk, found, title=title, note=note)
        if not found.choices:
            # An edit of the message that was not understood is read as a new one.
            talk.ask("again")


def answer_title(talk: Talk, question: Mapping[str, object]) -> bool:
    """What the event with a known time is about; a sentence with a time of its own is another event."""
    if _read(talk, talk.text).start is not None:
        return False
    kept = question.get("draft")
    title = talk.text.strip()
    if not isinstance(kept, dict) or len(title) > card.TITLE_MAX:
        return False
    talk.tx.users.ask(talk.user.id, None)
    keep(talk, replace(drafts.from_kept(kept), title=title))
    return True


def answer_time(talk: Talk, question: Mapping[str, object]) -> bool:
    """When the event with a known title is; a sentence with a title of its own is another event."""
    found = _read(talk, talk.text)
    note = noted(drafts.blank(talk), question)
    if found.why == "no_title" and found.start is not None:
        talk.tx.users.ask(talk.user.id, None)
        settle(talk, found, talk.text, note)
        return True
    if found.choices and not found.title:
        drafts.offer(talk, found, title=note.title, note=note)
        return True
    return False


def noted(event: Event, question: Mapping[str, object]) -> Event:
    """The event with what a question about it has kept."""
    return replace(
        event,
        title=str(question["title"]),
        notes=str(question.get("notes", "")),
        link=str(question.get("link", "")),
    )


def keep(talk: Talk, draft: Event, assumed: tuple[str, ...] = ()) -> None:
    """Store a new event and show it, with what was assumed."""
    event, change_id = service.add_event(talk.tx, talk.user, draft, talk.now, talk.said_at)
    if talk.update.message_id is not None and talk.update.data is None:
        talk.tx.events.said(event.id, talk.user.chat_id, talk.update.message_id)
    at = drafts.next_start(talk, event)
    lines = [card.about(talk, event, at, "✅")]
    if also := card.clash(talk, event, at):
        lines.append(also)
    lines += [italic(talk.words.t(ASSUMED[part])) for part in assumed if part in ASSUMED and _worth_saying(part, draft)]
    rows: list[tuple[Button, ...]] = [
        (Button(talk.words.t("Change"), f"change:{event.id}:{at}"), Button(talk.words.t("Undo"), f"undo:{change_id}"))
    ]
    if talk.user.zone_assumed and not event.instant:
        zone = zone_name(talk.user.zone, talk.now, talk.words.lang)
        lines.append(italic(say(talk.words, "I assume the time zone {zone}.", zone=zone)))
        rows.append((Button(talk.words.t("I am in another time zone"), "zones"),))
    talk.show(Message(join(lines, "\n"), tuple(rows)))


def _worth_saying(part: str, draft: Event) -> bool:
    """A "9" that became 09:00 is what it says; one that became 21:00 is not."""
    return part != "am_pm" or draft.start_local[11:13] >= "12"


def _ask_title(talk: Talk, draft: Event) -> None:
    talk.ask("title", draft=asdict(draft))
    at = draft.start_at, talk.user.zone, talk.now
    said = day(talk.words, *at) if draft.all_day else when(talk.words, *at)
    talk.say(Message(say(talk.words, "What shall I remind you of {when}?", when=said), (talk.never_mind,)))


def ask_time(talk: Talk, note: Event) -> None:
    """When shall that be? Some times to press, a month to tap, or words."""
    choices = [_quick(note, at, talk.user.zone) for at in _quick_times(talk)]
    talk.ask("time", title=note.title, notes=note.notes, link=note.link, choices=[asdict(one) for one in choices])
    rows = tuple(
        (Button(when(talk.words, one.start_at, talk.user.zone, talk.now), f"choose:{talk.number}:{index}"),)
        for index, one in enumerate(choices)
    )
    text = say(
        talk.words,
        "When shall I remind you of {title}? Write a time, such as “tomorrow at 9:30” or “in 2 hours”.",
        title=named(note.title),
    )
    another = (Button(talk.words.t("Another day…"), f"days:{talk.number}"),)
    talk.say(Message(text, (*rows, another, talk.never_mind)))


def _quick_times(talk: Talk) -> list[int]:
    """In an hour; this evening, if that is later; tomorrow morning."""
    zone, soon = talk.user.zone, _whole_seconds(talk.now + HOUR, talk.user.zone)
    today = due.day_of(talk.now, zone)
    evening = due.wall(today, EVENING_MINUTE, zone)
    tomorrow = due.wall(due.day_of(due.day_bounds(today, zone)[1], zone), MORNING_MINUTE, zone)
    return [*([soon] if soon > talk.now else []), *([evening] if evening > soon else []), tomorrow]


def _whole_seconds(at: int, zone: str) -> int:
    """As an event can keep it: of an hour that the clock shows twice that is the first."""
    return service.start_of(due.local_text(at, zone), zone)


def _quick(note: Event, at: int, zone: str) -> Event:
    """A reminder at that very moment, without a lead: that is what the button says."""
    return replace(note, start_local=due.local_text(at, zone), start_at=at, leads_s=(0,))
