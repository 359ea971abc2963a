"""Questions in words: “what do I have tomorrow?”, “am I free on friday?”, “when is the dentist?” and so on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from planner import agenda, lists, search
from planner.chat import find, views
from planner.chat.parse import asked, understand
from planner.chat.talk import Talk
from planner.due import day_of
from planner.messages import titled
from planner.model import HOUR, SECOND
from planner.render import Text, bold, join, plain, shorten, when
from planner.when import Asked, Phrase, free_at

FREE_DAYS_MAX = 14
"""So many days are told free by free time; of more, what is planned is listed."""
TITLES_UNITS = 200


def answered(talk: Talk) -> bool:
    """Whether the message was such a question, and has its answer."""
    request = asked(talk.text, now=talk.said_at, zone=talk.user.zone, lang=talk.user.lang)
    if request is None:
        return _free_then(talk)
    if request.kind == "look":
        _look(talk, request)
        return True
    return request.kind == "find" and _find(talk, request)


def _look(talk: Talk, request: Asked) -> None:
    talk.tx.users.ask(talk.user.id, None)
    today = views.today_of(talk)
    first, last = request.days or (today, today + timedelta(days=views.WEEK - 1))
    if first < today < last:
        first = today
    count = (last - first).days + 1
    if not request.free:
        views.show_range(talk, first, last)
    elif count == 1 and not any(map(agenda.timed, views.happening(talk, first, last + timedelta(days=1)).found)):
        views.show(talk, views.Days(first, 1), answer=talk.words.t("🟢 No time of that day is taken."))
    elif 1 < count <= FREE_DAYS_MAX:
        talk.say(_free_days(talk, [first + timedelta(days=n) for n in range(count)]))
    else:
        views.show_range(talk, first, last)


def _free_days(talk: Talk, days: Sequence[date]) -> Text:
    """The free time of each day."""
    lines = [bold(talk.words.t("Your free time:"))]
    for day in days:
        found, _, _ = views.happening(talk, day, day + timedelta(days=1))
        left = agenda.free(found, day, talk.user.zone, talk.user.quiet, talk.now)
        name = lists.capital(lists.day_name(talk.words, day, talk.user.zone, talk.now))
        lines.append(join((bold(name), ": ", lists.stretches(talk.user, left) or "—")))
    return join(lines, "\n")


def _free_then(talk: Talk) -> bool:
    """Whether somebody asked if they are free at a time, “am I free tomorrow at 15:00?”, and has the answer."""
    said = free_at(talk.text, now=talk.said_at, zone=talk.user.zone, lang=talk.user.lang)
    if said is None:
        return False
    talk.tx.users.ask(talk.user.id, None)
    begin, end = _time(said)
    day = day_of(begin, talk.user.zone)
    found = views.happening(talk, day, day + timedelta(days=1))
    views.show(talk, views.Days(day, 1), answer=_verdict(talk, found, begin, end))
    return True


def _time(said: Phrase) -> tuple[int, int]:
    assert said.start is not None
    begin = round(said.start.timestamp()) * SECOND
    return begin, begin + HOUR if said.end is None else round(said.end.timestamp()) * SECOND


def _verdict(talk: Talk, on: views.Happening, begin: int, end: int) -> str:
    zone = talk.user.zone
    taken = [one for one in on.found if any(low < end and begin < high for low, high in agenda.busy([one], zone))]
    at = when(talk.words, begin, zone, talk.now)
    if not taken:
        return talk.words.t("🟢 You are free {when}.", when=at)
    named = (on.marks.before(one) + titled(talk.words, one.title) for one in taken)
    titles = ", ".join(shorten(one, lists.PLACE_UNITS) for one in named)
    return talk.words.t("🔴 You are busy {when}: {titles}", when=at, titles=plain(shorten(titles, TITLES_UNITS)).text)


def _find(talk: Talk, request: Asked) -> bool:
    """What is found by its words. Words that name nothing and have a time are a new event: “find a plumber at 10”."""
    if not search.find(talk.tx, talk.user, request.about, talk.now):
        said = understand(talk.text, now=talk.said_at, zone=talk.user.zone, lang=talk.user.lang)
        if said.start is not None or said.choices:
            return False
    talk.tx.users.ask(talk.user.id, None)
    find.show(talk, request.about)
    return True
