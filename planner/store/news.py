"""What a transaction changed that somebody waits for: told after its commit, and only then."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Answer(NamedTuple):
    """A Bot API call that is owed to a chat; ``params`` as Telegram takes them. ``ready_at`` in UTC ms."""

    id: int
    update_id: int | None
    chat_id: int
    method: str
    params: dict[str, object]
    ready_at: int


@dataclass(slots=True)
class News:
    """``reminders``: each changed one's id with when it is ready, ``None`` if it no longer waits.

    ``forgotten``: chats that were owed answers until now. ``errands``: there is one more to be done. ``feeds``: one is
    to be looked at sooner than before.
    """

    reminders: dict[int, int | None] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)
    forgotten: list[int] = field(default_factory=list)
    errands: bool = False
    feeds: bool = False
