"""What helps an owner with an alert: the last that went wrong, and how to start the planner anew.

Of what went wrong there are numbers, times and causes: never a title, nor whose it is.
"""

from __future__ import annotations

from collections.abc import Mapping

from planner import alert_texts
from planner.chat import causes
from planner.chat.overseen import Runs
from planner.chat.talk import Talk
from planner.model import MINUTE, SECOND
from planner.render import Text, Words, bold, code, duration, join, plain, say, short_span, when
from planner.slo.alerts import Rule
from planner.store.alerts import Raised
from planner.store.bad_events import BadEvent

COMMANDS: Mapping[Runs, tuple[str, str]] = {
    Runs.SYSTEMD: ("journalctl -u planner -p warning -n 50", "systemctl restart planner"),
    Runs.CONTAINER: ("docker logs --tail 200 planner", "docker restart planner"),
    Runs.BY_HAND: ("", "make run"),
}
"""Where its log is seen, and how it is begun anew."""
SHOWN = 10
CAUSE_SHOWN = 120


def bad_events(talk: Talk, raised: Raised, rule: Rule | None) -> Text:
    """The last of what was bad in the window that the alert looks at, up to now."""
    words = talk.words
    if rule is None:
        return say(words, "slo.toml no longer has this alert.")
    name, since = bold(alert_texts.name(words, rule.slo)), raised.alert.pending_at - rule.long_ms
    found = talk.tx.alerts.bad_events(rule.slo.counts, since, SHOWN)
    if not found:
        return say(
            words,
            "{name}: no single ones can be named. They are counted by the minute, or are known only once they are"
            " given up.",
            name=name,
        )
    head = say(words, "{name}: the last that went wrong, by when they were due", name=name)
    foot = _foot(words, rule.slo.counts)
    return join((head, join([_bad(talk, one) for one in found], "\n"), foot), "\n\n")


def _foot(words: Words, counts: str) -> Text:
    """Where more of them is to be found."""
    match counts:
        case "probes":
            return say(words, "They are no one’s: I only ask Telegram whether it hears me, every two minutes.")
        case "syncs" | "feeds":
            return say(words, "/calendars shows each with what is wrong.")
        case "chat":
            return say(words, "The numbers are those of Telegram’s updates; the log has each.")
    return say(words, "The log has each by its number, with what happened to it.")


def _bad(talk: Talk, one: BadEvent) -> Text:
    words = talk.words
    due = when(words, one.due_at, talk.user.zone, talk.now)
    line = join((code(f"#{one.id}"), due, _became(words, one)), " · ")
    if not one.reason:
        return line
    ours = causes.said(words, one.reason)
    return join((line, code(_cause(one.reason)) if ours is None else plain(ours)), "\n")


def _cause(reason: str) -> str:
    short = " ".join(reason.split())
    return short if len(short) <= CAUSE_SHOWN else short[: CAUSE_SHOWN - 1] + "…"


def _became(words: Words, one: BadEvent) -> str:
    if one.lateness_ms is not None:
        late = one.lateness_ms
        length = duration(words, late // SECOND) if late < MINUTE else short_span(words, late)
        return words.t("sent {length} late", length=length)
    known = {
        "pending": words.t("not sent yet"),
        "sending": words.t("on its way"),
        "sent": words.t("sent late"),
        "cancelled": words.t("no longer wanted"),
        "missed": words.t("given up"),
        "failed": words.t("refused by Telegram"),
        "undeliverable": words.t("not deliverable"),
        "unhandled": words.t("not answered yet"),
        "handled": words.t("answered late"),
    }
    return known.get(one.state, one.state)


def restarting(talk: Talk) -> Text:
    """How to start anew, and what to look at before: a new start hides what went wrong."""
    words, (look, start) = talk.words, COMMANDS[talk.overseen.runs]
    first = [
        bold(say(words, "Look first")),
        say(words, "• /health says which of my parts is not well, and since when."),
    ]
    if look:
        first += [say(words, "• The log’s last warnings say why:"), code(look)]
    again = [bold(say(words, "Then start me anew")), code(start)]
    if talk.overseen.runs is Runs.BY_HAND:
        again.insert(1, say(words, "Stop me with Ctrl+C where I run, and in my folder:"))
    others = [code(command) for how, (_, command) in COMMANDS.items() if how is not talk.overseen.runs]
    again += [say(words, "If you start me in another way, one of these:"), *others]
    last = say(words, "Nothing is lost by it: what is due meanwhile is sent once I am back.")
    return join((join(first, "\n"), join(again, "\n"), last), "\n\n")
