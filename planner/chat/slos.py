"""/slo, for owners: how the promises stand, and their trends as a picture where pictures can be drawn."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from planner import alert_texts, picture, promises
from planner.chat import people, standings
from planner.chat.pictures import DARK, LIGHT
from planner.chat.standings import Stood
from planner.chat.talk import Talk
from planner.due import day_bounds, day_of
from planner.render import Button, Message

DAYS = 7


def slo(talk: Talk, _: str = "") -> None:
    """/slo, or the button that leads there: a card for each promise."""
    if people.owns(talk):
        talk.show(Message(standings.cards(talk.words, _stood(talk)), _buttons(talk)))


def trends(talk: Talk, colours: str = LIGHT) -> None:
    """The trends of all promises as a picture, with a button for the same in the other colours."""
    if colours not in {LIGHT, DARK}:
        raise ValueError("no such colours")
    if not people.owns(talk):
        return
    words = talk.words
    if not picture.available():
        talk.say(words.t("I cannot draw here: whoever runs me has not installed planner[pictures]. /slo says it all."))
        return
    dark = colours == DARK
    rows = [
        picture.Trend(alert_texts.name(words, one.status.slo), one.status.rate, one.status.slo.objective, one.days)
        for one in _stood(talk)
    ]
    last = day_of(talk.now, talk.user.zone)
    png = picture.trends(rows, last - timedelta(days=DAYS - 1), words, dark=dark)
    label, other = (words.t("☀️ Light"), LIGHT) if dark else (words.t("🌙 Dark"), DARK)
    caption = words.t("The last {days} days of what I promise", days=DAYS)
    talk.send_file("sendPhoto", "photo", f"promises-{last}.png", png, caption, ((Button(label, f"trends:{other}"),),))


def _buttons(talk: Talk) -> tuple[tuple[Button, ...], ...]:
    words = talk.words
    drawn = (Button("🖼 " + words.t("Trends as a picture"), "trends"),) if picture.available() else ()
    others = (Button(words.t("Alerts"), "alerts"), Button(words.t("Health"), "health"))
    return tuple(row for row in (drawn, others) if row)


def _stood(talk: Talk) -> list[Stood]:
    """Days are the reader's own; today's is not over."""
    slos, now = talk.overseen.slos, talk.now
    today = day_of(now, talk.user.zone)
    begins = [day_bounds(today - timedelta(days=ago), talk.user.zone)[0] for ago in range(DAYS)]
    lengths = [now - begin for begin in begins]
    found = talk.tx.counts.windows({one.counts for one in slos}, lengths, now)
    stood = []
    for status in promises.statuses(talk.tx, slos, now):
        since = [(0, 0), *(found[status.slo.counts][length] for length in lengths)]
        days = [(longer[0] - shorter[0], longer[1] - shorter[1]) for shorter, longer in pairwise(since)]
        stood.append(Stood(status, days[::-1]))
    return stood
