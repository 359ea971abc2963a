"""What became of a request to the Bot API. Needs no aiogram, so anyone may match on it.

A ``cause`` is for logs: it never holds the token, a message's text or anything else that a user wrote.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Accepted:
    """Telegram did it. ``message_id`` where the result is a message; ``result`` is the answer's JSON, unchecked."""

    message_id: int | None = None
    result: object = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Paused:
    """429: not accepted; nothing may be sent to that chat for ``retry_after_s`` seconds."""

    retry_after_s: int
    cause: str = "429"


@dataclass(frozen=True, slots=True)
class Unclear:
    """Nobody knows whether it was accepted: a timeout, a lost connection, a 5xx, an answer that is none. Try again."""

    cause: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """It never left: no address, no connection, no TLS. Try again; this cannot cause a repeat."""

    cause: str


@dataclass(frozen=True, slots=True)
class Blocked:
    """403: this chat wants nothing from the bot (blocked, kicked, account gone). Final until its user writes again."""

    cause: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The group became a supergroup: send it to ``chat_id`` instead."""

    chat_id: int
    cause: str = "migrated"


@dataclass(frozen=True, slots=True)
class Refused:
    """400 and its like: Telegram will never accept this request. Final."""

    cause: str


@dataclass(frozen=True, slots=True)
class Halted:
    """401, 404 or 409: the token is wrong or revoked, or another poller runs. All sending stops; rows stay pending."""

    status: int
    cause: str


Outcome = Accepted | Paused | Unclear | NotSent | Blocked | Moved | Refused | Halted
Retried = Unclear | NotSent
"""Worth trying again, with capped exponential backoff and jitter."""
