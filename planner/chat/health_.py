"""/health, for owners: how the planner's parts are, as ``/readyz`` knows them, and what else its host looks at."""

from __future__ import annotations

from planner import __version__
from planner.chat import causes, people
from planner.chat.overseen import Machine
from planner.chat.talk import Talk
from planner.health import Result, Status, overall
from planner.i18n import N_
from planner.render import Button, Message, Text, Words, bold, code, join, plain, say, short_span, span, when
from planner.render.numbers import size
from planner.store.backup import LAST_BACKUP

PARTS = {
    "start": N_("Start"),
    "database": N_("Database"),
    "telegram": N_("Telegram"),
    "scheduler": N_("Scheduler"),
    "feeds": N_("Calendars"),
    "telemetry": N_("Telemetry"),
}
MARKS = {Status.OK: "✅", Status.DEGRADED: "⚠️", Status.FAILING: "❌"}


def health(talk: Talk, _: str = "") -> None:
    """/health, or the button that leads there."""
    if people.owns(talk):
        words = talk.words
        others = (Button(words.t("Promises"), "slo"), Button(words.t("Alerts"), "alerts"))
        talk.show(Message(join((_parts(talk), _figures(talk)), "\n\n"), (others,)))


def _parts(talk: Talk) -> Text:
    words, results = talk.words, talk.overseen.health()
    if not results:
        return bold(say(words, "Nobody looks after my parts here."))
    return join((bold(_head(talk, overall(results))), *(_part(words, one, talk.now) for one in results)), "\n")


def _head(talk: Talk, status: Status) -> Text:
    """Parts may be well while what they are there for is not."""
    words, broken = talk.words, len({one.slo for one in talk.tx.alerts.firing()})
    if status is Status.OK and broken:
        return plain(words.n("My parts are well, but {n} promise is in trouble: /alerts",
                             "My parts are well, but {n} promises are in trouble: /alerts", broken))  # fmt: skip
    head = {
        Status.OK: words.t("I am well"),
        Status.DEGRADED: words.t("Not all is well, but I am at work"),
        Status.FAILING: words.t("I am not well"),
    }[status]
    if not broken:
        return plain(head)
    trouble = words.n("{n} promise is in trouble: /alerts", "{n} promises are in trouble: /alerts", broken)
    return plain(f"{head}. {trouble}")


def _part(words: Words, one: Result, now: int) -> Text:
    """What others said of its cause stands as the log has it, to be looked up there."""
    name = words.t(PARTS[one.check.name]) if one.check.name in PARTS else one.check.name
    length = short_span(words, max(0, now - one.since))
    line = join((MARKS[one.verdict.status], " ", say(words, "{part}, for {length}", part=bold(name), length=length)))
    if not one.verdict.cause:
        return line
    ours = causes.said(words, one.verdict.cause)
    return join((line, code(one.verdict.cause) if ours is None else plain(ours)), "\n")


def _figures(talk: Talk) -> Text:
    words, machine = talk.words, talk.overseen.machine
    lines = [say(words, "Version {version}", version=__version__), _backup(talk), _next(talk)]
    if machine is not None:
        lines[1:1] = _machine(words, machine(), talk.now)
    return join(lines, "\n")


def _machine(words: Words, machine: Machine, now: int) -> list[Text]:
    return [
        say(words, "At work for {length}", length=short_span(words, max(0, now - machine.started_at))),
        say(words, "Timers held for what is due soon: {n}", n=machine.held),
        say(words, "Database: {size}", size=plain(size(words, machine.size))),
    ]


def _backup(talk: Talk) -> Text:
    at = talk.tx.settings.get(LAST_BACKUP)
    if at is None:
        return say(talk.words, "Last backup: none yet. {command} makes one.", command=code("planner.py backup FILE"))
    return say(talk.words, "Last backup: {when}", when=_when(talk, int(at)))


def _next(talk: Talk) -> Text:
    at, oldest = talk.tx.figures.next_due(talk.now), talk.tx.figures.waiting(talk.now).oldest
    if at is None:
        coming = say(talk.words, "Next reminder: none is set")
    else:
        coming = say(talk.words, "Next reminder: {when}", when=_when(talk, at))
    if oldest is None:
        return coming
    return join((say(talk.words, "Waiting to be sent since: {when}", when=_when(talk, oldest)), coming), "\n")


def _when(talk: Talk, at: int) -> str:
    words = talk.words
    return f"{when(words, at, talk.user.zone, talk.now)}, {span(words, at - talk.now)}"
