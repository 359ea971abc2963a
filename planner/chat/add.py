"""A plain sentence becomes an event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace

from planner import due, service
from planner.chat import card, drafts
from planner.chat.talk import Talk
from planner.i18n import N_
from planner.model import HOUR, Event
from planner.render import Button, Message, bold, cut, day, italic, join, plain, say, when, zone_name
from planner.when import Phrase, understand

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
    found = understand(talk.text, now=talk.said_at, zone=talk.user.zone, lang=talk.user.lang)
    return talk.text.startswith("/") or found.start is not None or bool(found.choices)


def phrase(talk: Talk) -> None:
    """Understand the message; add the event, or ask what is missing."""
    found = understand(talk.text, now=talk.said_at, zone=talk.user.zone, lang=talk.user.lang)
    talk.tx.users.ask(talk.user.id, None)
    if len(found.title) > card.TITLE_MAX or found.why == "too_long":
        talk.say(
            talk.words.n(
                "A title has at most {n} character. Nothing was added.",
                "A title has at most {n} characters. Nothing was added.",
                card.TITLE_MAX,
            )
        )
    elif found.why == "no_title" and found.start is not None:
        _ask_title(talk, found)
    elif found.status == "ok" and found.start is not None:
        _add(talk, drafts.draft(found, talk.user, title=found.title), found.assumed)
    elif found.why == "no_time":
        _ask_time(talk, found.title or talk.text.strip())
    else:
        drafts.offer(talk, found, title=found.title)


def choose(talk: Talk, number: str, index: str) -> None:
    """One of the readings offered was chosen."""
    question = talk.tx.users.asked(talk.user.id)
    choices = question.get("choices")
    if question.get("number") != int(number) or not isinstance(choices, list) or not 0 <= int(index) < len(choices):
        raise ValueError("that question is closed")
    talk.tx.users.ask(talk.user.id, None)
    draft = drafts.from_kept(choices[int(index)])
    event_id = question.get("event")
    if isinstance(event_id, int):
        card.change_to(talk, event_id, draft)
    else:
        _add(talk, draft, ())


def answer_title(talk: Talk, question: Mapping[str, object]) -> bool:
    """What the event with a known time is about; a sentence with a time of its own is another event."""
    if understand(talk.text, now=talk.said_at, zone=talk.user.zone, lang=talk.user.lang).start is not None:
        return False
    kept = question.get("draft")
    title = talk.text.strip()
    if not isinstance(kept, dict) or len(title) > card.TITLE_MAX:
        return False
    talk.tx.users.ask(talk.user.id, None)
    _add(talk, replace(drafts.from_kept(kept), title=title), ())
    return True


def answer_time(talk: Talk, question: Mapping[str, object]) -> bool:
    """When the event with a known title is; a sentence with a title of its own is another event."""
    found = understand(talk.text, now=talk.said_at, zone=talk.user.zone, lang=talk.user.lang)
    title = str(question["title"])
    if found.why == "no_title" and found.start is not None:
        talk.tx.users.ask(talk.user.id, None)
        _add(talk, drafts.draft(found, talk.user, title=title), found.assumed)
        return True
    if found.choices and not found.title:
        drafts.offer(talk, found, title=title)
        return True
    return False


def _add(talk: Talk, draft: Event, assumed: tuple[str, ...]) -> None:
    event, change_id = service.add_event(talk.tx, talk.user, draft, talk.now, talk.said_at)
    lines = [card.about(talk, event, drafts.next_start(talk, event), "✅")]
    lines += [italic(talk.words.t(ASSUMED[part])) for part in assumed if part in ASSUMED and _worth_saying(part, draft)]
    rows: list[tuple[Button, ...]] = [
        (Button(talk.words.t("Change"), f"change:{event.id}"), Button(talk.words.t("Undo"), f"undo:{change_id}"))
    ]
    if talk.user.zone_assumed and not event.instant:
        zone = zone_name(talk.user.zone, talk.now)
        lines.append(italic(say(talk.words, "I assume the time zone {zone}.", zone=zone)))
        rows.append((Button(talk.words.t("I am in another time zone"), "zones"),))
    talk.show(Message(join(lines, "\n"), tuple(rows)))


def _worth_saying(part: str, draft: Event) -> bool:
    """A "9" that became 09:00 is what it says; one that became 21:00 is not."""
    return part != "am_pm" or draft.start_local[11:13] >= "12"


def _ask_title(talk: Talk, found: Phrase) -> None:
    draft = drafts.draft(found, talk.user, title="")
    talk.ask("title", draft=asdict(draft))
    at = draft.start_at, talk.user.zone, talk.now
    said = day(talk.words, *at) if draft.all_day else when(talk.words, *at)
    talk.say(Message(say(talk.words, "What shall I remind you of {when}?", when=said), (_leave(talk),)))


def _ask_time(talk: Talk, title: str) -> None:
    choices = [_quick(talk, title, at) for at in _quick_times(talk)]
    talk.ask("time", title=title, choices=[asdict(one) for one in choices])
    rows = tuple(
        (Button(when(talk.words, one.start_at, talk.user.zone, talk.now), f"choose:{talk.number}:{index}"),)
        for index, one in enumerate(choices)
    )
    text = say(
        talk.words,
        "When shall I remind you of {title}? Write a time, such as “tomorrow at 9:30” or “in 2 hours”.",
        title=bold(cut(plain(title), 200)),
    )
    talk.say(Message(text, (*rows, _leave(talk))))


def _leave(talk: Talk) -> tuple[Button, ...]:
    return (Button(talk.words.t("Never mind"), f"nothing:{talk.number}"),)


def _quick_times(talk: Talk) -> list[int]:
    """In an hour; this evening, if that is later; tomorrow morning."""
    zone, soon = talk.user.zone, talk.now + HOUR
    today = due.day_of(talk.now, zone)
    evening = due.wall(today, EVENING_MINUTE, zone)
    tomorrow = due.wall(due.day_of(due.day_bounds(today, zone)[1], zone), MORNING_MINUTE, zone)
    return [soon, *([evening] if evening > soon else []), tomorrow]


def _quick(talk: Talk, title: str, at: int) -> Event:
    """A reminder at that very moment, without a lead: that is what the button says."""
    return Event(0, talk.user.id, title, due.local_text(at, talk.user.zone), at, 0, False, None, None, False, (0,))
