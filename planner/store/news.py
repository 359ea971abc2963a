"""What a transaction changed that somebody waits for: told after its commit, and only then."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from planner.telemetry import tracing
from planner.telemetry.tracing import NOTHING, Span


class Answer(NamedTuple):
    """A Bot API call that is owed to a chat; ``params`` as Telegram takes them. ``ready_at`` in UTC ms."""

    id: int
    update_id: int | None
    chat_id: int
    method: str
    params: dict[str, object]
    ready_at: int


WHOSE = "id, user_id, event_id, kind, due_at"
"""The columns of a reminder that the log tells of."""


class What(StrEnum):
    """What can happen to a reminder."""

    SET = "set"
    POSTPONED = "postponed"
    RETRIED = "retried"
    RECLAIMED = "reclaimed"
    OVERDUE = "overdue"
    """A minute late and not sent; if it is sent, ``SENT`` says how late."""
    UNWANTED = "unwanted"
    """Cancelled in flight: it may arrive, but is not tried again."""
    SENT = "sent"
    ARRIVED = "arrived"
    """Its user has answered it, though Telegram's answer was lost: it is not sent again."""
    CANCELLED = "cancelled"
    MISSED = "missed"
    FAILED = "failed"
    UNDELIVERABLE = "undeliverable"


class Life(NamedTuple):
    """One thing that happened to a reminder. ``due_at``, and ``until`` (when it is tried next), in UTC ms.

    ``lateness_ms`` and ``claimed_ms``: when it was accepted, and claimed for that, after ``due_at``.
    """

    what: What
    reminder: int
    user: int
    event: int | None
    kind: str
    due_at: int
    cause: str = ""
    until: int | None = None
    attempts: int = 0
    lateness_ms: int = 0
    claimed_ms: int = 0
    span: Span = NOTHING


@dataclass(slots=True)
class News:
    """``reminders``: each changed one's id with when it is ready, ``None`` if it no longer waits.

    ``lives``: what happened to which reminder, for the log. ``probes``: as ``reminders``, of the synthetic ones.
    ``forgotten``: chats that were owed answers until now; ``withdrawn``: single answers that are owed no more.
    ``errands``: there is one more to be done. ``feeds``: one is to be looked at sooner than before.
    """

    reminders: dict[int, int | None] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)
    forgotten: list[int] = field(default_factory=list)
    withdrawn: list[int] = field(default_factory=list)
    errands: bool = False
    feeds: bool = False
    lives: list[Life] = field(default_factory=list)
    probes: dict[int, int | None] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether there is any."""
        told = (self.reminders, self.answers, self.forgotten, self.withdrawn, self.lives, self.probes)
        return self.errands or self.feeds or any(told)

    def note(self, what: What, row: sqlite3.Row, cause: str = "", until: int | None = None) -> None:
        """``row``: a reminder's ``WHOSE``."""
        whose = row["id"], row["user_id"], row["event_id"], row["kind"], row["due_at"]
        self.lives.append(Life(what, *whose, cause, until, span=tracing.current()))

    def owed_again(self, rows: Iterable[sqlite3.Row], cause: str) -> None:
        """These wait again, or for another instant; ``rows``: ``WHOSE`` and ``ready_at``."""
        for row in rows:
            self.reminders[row["id"]] = row["ready_at"]
            self.note(What.POSTPONED, row, cause, row["ready_at"])


def numbers(ids: Sequence[int]) -> int | str:
    """Reminders as the log and the traces name them: one by its number, several by theirs with spaces between."""
    return ids[0] if len(ids) == 1 else " ".join(map(str, ids))
