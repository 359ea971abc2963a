"""What must hold after any number of kills: from what was said, what the chat shows, and what the database has."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from tests.crash.load import Ledger, Said, word_in

ANSWERS = {
    "start": ("Hello", "Which city"),
    "/settings": ("Settings",),
    "/help": ("What I can do",),
    "/cancel": ("All right",),
}
"""How the answers to what was said begin."""


class Shown(NamedTuple):
    """A message of the bot, as the chat shows it now."""

    chat_id: int
    message_id: int
    text: str

    @property
    def reminds(self) -> bool:
        """Whether it came as a reminder; pressing its buttons has changed it since."""
        return self.text.startswith(("⏰", "💤")) or self.text.endswith("\nDone.")


@dataclass
class Flight:
    """What was under way at the kills: how often each reminder was claimed, and each chat owed an answer."""

    reminders: Counter[str] = field(default_factory=Counter)
    chats: Counter[int] = field(default_factory=Counter)
    claimed: list[int] = field(default_factory=list)
    """When (UTC ms) the reminders were claimed that were under way at the latest end."""

    def see(self, path: Path) -> None:
        """Note what a database says that its killed owner had under way."""
        with closing(sqlite3.connect(path)) as db:
            if not db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                return
            claimed = db.execute(
                "SELECT title, claimed_at FROM reminders JOIN events ON events.id = event_id WHERE state = 'sending'"
            ).fetchall()
            self.claimed = [row[1] for row in claimed]
            self.reminders.update(word_in(row[0]) for row in claimed)
            self.chats.update(row[0] for row in db.execute("SELECT DISTINCT chat_id FROM answers"))


@dataclass
class Found:
    """Faults in words, by what they are; and the counts that are worth printing."""

    faults: dict[str, list[str]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def fault(self, what: str, about: str) -> None:
        self.faults.setdefault(what, []).append(about)


def judge(ledger: Ledger, shown: Sequence[Shown], flight: Flight, database: Path, presses: Mapping[int, bool]) -> Found:
    """Everything that was said was answered once and in order, every event is there once, every reminder came."""
    found = Found()
    with closing(sqlite3.connect(database)) as db:
        db.row_factory = sqlite3.Row
        _events(found, ledger, db)
        _reminders(found, ledger, [one for one in shown if one.reminds], flight, db)
        _presses(found, ledger, presses, db)
        for what in contradictions(db):
            found.fault("contradictions", what)
    _answers(found, ledger, [one for one in shown if not one.reminds], flight)
    return found


def _events(found: Found, ledger: Ledger, db: sqlite3.Connection) -> None:
    rows = Counter(word_in(row["title"]) for row in db.execute("SELECT title FROM events"))
    wanted = [one.token for one in ledger.said if one.token]
    found.counts["events"] = len(wanted)
    for word in wanted:
        if not rows[word]:
            found.fault("commands lost", f"no event {word}")
        elif rows[word] > 1:
            found.fault("done twice", f"{rows[word]} events {word}")
    for word in rows.keys() - set(wanted):
        found.fault("unasked for", f"event {word}")


def _reminders(found: Found, ledger: Ledger, shown: Sequence[Shown], flight: Flight, db: sqlite3.Connection) -> None:
    copies = Counter(word_in(one.text) for one in shown)
    wanted = {one.token for one in ledger.said if one.kind == "soon"}
    repeats = {word: n - 1 for word, n in copies.items() if n > 1}
    found.counts |= {
        "reminders": len(wanted),
        "repeated": sum(repeats.values()),
        "in flight at kills": flight.reminders.total(),
    }
    for word in wanted - copies.keys():
        found.fault("reminders lost", word)
    for word, n in repeats.items():
        if n > flight.reminders[word]:
            found.fault("repeated, not in flight", f"{word}: {n} repeats, in flight at {flight.reminders[word]} kills")
    for word in copies.keys() - wanted:
        found.fault("unasked for", f"reminder {word}")
    rows = db.execute(
        "SELECT title, state, count(*) AS n FROM reminders JOIN events ON events.id = event_id"
        " WHERE kind = 'event' AND instant GROUP BY events.id, state"
    )
    for row in rows:
        if row["state"] != "sent" or row["n"] != 1:
            found.fault("not settled", f"{word_in(row['title'])}: {row['n']} times {row['state']}")


def _presses(found: Found, ledger: Ledger, presses: Mapping[int, bool], db: sqlite3.Connection) -> None:
    found.counts["buttons pressed"] = len(ledger.pressed)
    deleted = {word_in(row[0]) for row in db.execute("SELECT title FROM events WHERE deleted_at IS NOT NULL")}
    snoozed = Counter(word_in(row[0]) for row in db.execute(
        "SELECT title FROM reminders JOIN events ON events.id = event_id WHERE kind = 'snooze'"))  # fmt: skip
    for one in ledger.pressed:
        if not presses.get(one.callback_id):
            found.fault("commands lost", f"a press of {one.kind} on {one.token} was not answered")
        if one.kind == "undo" and one.token not in deleted:
            found.fault("commands lost", f"{one.token} was not undone")
        if one.kind == "snooze" and snoozed[one.token] != 1:
            found.fault(
                "done twice" if snoozed[one.token] else "commands lost", f"{snoozed[one.token]} snoozes {one.token}"
            )


def _answers(found: Found, ledger: Ledger, shown: Sequence[Shown], flight: Flight) -> None:
    found.counts |= {"commands": len(ledger.said), "answers repeated": 0, "answers owed at kills": flight.chats.total()}
    for chat_id in sorted({one.user for one in ledger.said}):
        said = sorted((one for one in ledger.said if one.user == chat_id), key=lambda one: one.message_id)
        came = sorted((one for one in shown if one.chat_id == chat_id), key=lambda one: one.message_id)
        repeats = _in_order(found, chat_id, [part for one in said for part in _wanted(one)], [one.text for one in came])
        found.counts["answers repeated"] += repeats
        if repeats > flight.chats[chat_id]:
            found.fault(
                "repeated, not in flight", f"chat {chat_id}: {repeats} answers, owed at {flight.chats[chat_id]} kills"
            )


def _wanted(one: Said) -> tuple[str, ...]:
    return (one.token,) if one.token else ANSWERS[one.kind]


def _in_order(found: Found, chat_id: int, wanted: Sequence[str], came: Iterable[str]) -> int:
    """Match what came with what was wanted, in order; returns how many came again at once."""
    at, repeats = 0, 0
    for text in came:
        if at < len(wanted) and _answers_to(text, wanted[at]):
            at += 1
        elif at and _answers_to(text, wanted[at - 1]):
            repeats += 1
        else:
            expected = wanted[at] if at < len(wanted) else "nothing"
            found.fault("out of order", f"chat {chat_id}: {text[:40]!r} where {expected!r} should be")
            return repeats
    for missing in wanted[at:]:
        found.fault("commands lost", f"chat {chat_id}: no answer to {missing!r}")
    return repeats


def _answers_to(text: str, wanted: str) -> bool:
    return wanted in text.split() if wanted.startswith("zz") else text.startswith(wanted)


def contradictions(db: sqlite3.Connection) -> list[str]:
    """What cannot be true in a planner's database at any commit."""
    faults = [row[0] for row in db.execute("PRAGMA integrity_check") if row[0] != "ok"]
    faults += [f"a {row[0]} without its {row[2]}" for row in db.execute("PRAGMA foreign_key_check")]
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'counts'").fetchone():
        return faults
    for slo, table in (("reminders", "reminders WHERE kind <> 'plan' AND"), ("chat", "updates WHERE")):
        total = "SELECT coalesce(sum(good), 0), coalesce(sum(bad), 0) FROM counts WHERE slo = ?"
        kept = tuple(db.execute(total, (slo,)).fetchone())
        verdicts = f"SELECT count(*) FROM {table} verdict = ?"
        rows = tuple(db.execute(verdicts, (verdict,)).fetchone()[0] for verdict in ("good", "bad"))
        if kept != rows:
            faults.append(f"{slo}: counts say {kept}, verdicts {rows}")
    queries = {
        "an event said to be set without a reminder": "SELECT count(*) FROM events WHERE instant AND NOT EXISTS"
        " (SELECT 1 FROM reminders WHERE event_id = events.id)",
        "a reminder sent without a verdict": "SELECT count(*) FROM reminders WHERE state = 'sent' AND verdict IS NULL",
        "a handled update that keeps its text": "SELECT count(*) FROM updates"
        " WHERE (handled_at IS NULL) = (raw IS NULL)",
        "an answer to what was not handled": "SELECT count(*) FROM answers JOIN updates USING (update_id)"
        " WHERE handled_at IS NULL",
    }
    return faults + [f"{n} times {what}" for what, query in queries.items() if (n := db.execute(query).fetchone()[0])]
