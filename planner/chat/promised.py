"""What a card says of an event's times: when it is, and when its user will be reminded of it."""

from __future__ import annotations

from planner import due, service
from planner.chat.talk import Talk
from planner.model import DAY, HOUR, SECOND, Event
from planner.render import Text, clock_time, day, duration, join, moment, plain, span, when

LEADS_SHOWN = 5
"""So many reminders of an occurrence are named; no more can be set by hand."""


def times(talk: Talk, event: Event, start_at: int) -> Text:
    """When an occurrence begins and ends: both days where it ends on another one than it begins."""
    words, zone = talk.words, talk.user.zone
    if event.all_day:
        first = day(words, start_at, zone, talk.now)
        if event.duration_s <= DAY // SECOND:
            return plain(words.t("{day}, all day", day=first))
        last = day(words, start_at + event.duration_s * SECOND - HOUR, zone, talk.now)
        return plain(words.t("{first} to {last}, all day", first=first, last=last))
    said = moment(when(words, start_at, zone, talk.now), start_at, talk.now)
    return join((said, _until(talk, event, start_at), ", ", span(words, start_at - talk.now)))


def _until(talk: Talk, event: Event, start_at: int) -> Text | str:
    zone, end = talk.user.zone, start_at + event.duration_s * SECOND
    if end == start_at:
        return ""
    if due.day_of(end - 1, zone) == due.day_of(start_at, zone):
        return f"–{clock_time(end, zone)}"
    return join((" – ", moment(when(talk.words, end, zone, talk.now), end, talk.now)))


def reminders(talk: Talk, event: Event) -> str:
    """When the next reminder of an event comes, and those after it for the same occurrence."""
    words = talk.words
    ahead = talk.tx.reminders.ahead_of(event.id)
    if not ahead:
        return words.t("🔕 No reminder will come.")
    (first, occurrence_at), *rest = ahead[:LEADS_SHOWN]
    said = when(words, first, talk.user.zone, talk.now)
    lead = _lead(talk, event, occurrence_at, first)
    then = ", ".join(_named(talk, event, occurrence_at, due_at) for due_at, _ in rest)
    each = _each_time(talk, event)
    if not then or each:
        once = words.t("⏰ I will remind you {when}.", when=said)
        if lead:
            once = words.t("⏰ I will remind you {when} ({lead} before).", when=said, lead=duration(words, lead))
        return f"{once} {each}".rstrip()
    if lead:
        return words.t("⏰ I will remind you {when} ({lead} before), then {rest}.",
                       when=said, lead=duration(words, lead), rest=then)  # fmt: skip
    return words.t("⏰ I will remind you {when}, then {rest}.", when=said, rest=then)


def _each_time(talk: Talk, event: Event) -> str:
    """The leads of a series, where it has several: the next occurrence may be past some of them."""
    leads = _leads(talk, event)
    if event.rrule is None or event.all_day or len(leads) < 2:
        return ""
    said = ", ".join(_before(talk, lead) for lead in leads[:LEADS_SHOWN])
    return talk.words.t("Each time: {leads}.", leads=said)


def _leads(talk: Talk, event: Event) -> tuple[int, ...]:
    return talk.user.leads_s if event.leads_s is None else event.leads_s


def _lead(talk: Talk, event: Event, occurrence_at: int, due_at: int) -> int | None:
    """How long before an occurrence a reminder comes, where that is one of its leads and says more than the hour."""
    anchor = due.anchor_of(occurrence_at, service.zone_of(event, talk.user), all_day=event.all_day)
    lead = (anchor - due_at) // SECOND
    if event.instant or lead not in _leads(talk, event) or (event.all_day and lead % (DAY // SECOND)):
        return None
    return lead


def _named(talk: Talk, event: Event, occurrence_at: int, due_at: int) -> str:
    lead = _lead(talk, event, occurrence_at, due_at)
    if lead is None or (event.all_day and not lead):
        return when(talk.words, due_at, talk.user.zone, talk.now)
    return _before(talk, lead)


def _before(talk: Talk, lead: int) -> str:
    words = talk.words
    return words.t("{lead} before", lead=duration(words, lead)) if lead else words.t("at the start")
