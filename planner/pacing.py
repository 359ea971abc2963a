"""How fast messages may leave: so many a second overall, one a second to one chat, and what a 429 changes.

Pure: every call gets ``mono``, monotonic milliseconds, so that a jump of the wall clock neither stalls nor floods.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from math import ceil, inf, sqrt

from planner.model import MINUTE, SECOND

CHAT_GAP_MS = SECOND
"""Between two reminders to one chat, as Telegram asks (Bot FAQ, "My bot is hitting limits")."""

ANSWER_BURST = 20
"""So many messages may answer one chat at once; then one more each ``CHAT_GAP_MS``."""

GROUP_PER_MINUTE = 20
"""Messages to a group within a minute, as Telegram asks (Bot FAQ). A group's chat id is negative."""

GROUP_KEPT = 5
"""So many of them are left to reminders, however much is answered."""

GROUP_WINDOW_MS = MINUTE + SECOND
"""A minute as it is here: what leaves a minute apart may arrive closer together."""

CATCH_UP_MS = 5
"""A sender that wakes late may make up for at most this much: no burst after a stall."""

CHATS_KEPT = 1_000
"""Chats are forgotten once nothing holds them back any more, but not at every call."""


def carried(rate: float) -> float:
    """Messages a second that a limit of ``rate`` carries surely: 28.5 of 30, 991 of 1000.

    Messages that leave evenly arrive less evenly; a second in which more than ``rate`` arrive is answered by a 429.
    """
    return max(rate - 1.5 * sqrt(rate / 30), rate / 2)


@dataclass(slots=True)
class _Chat:
    """``reminder_at``: no reminder before. ``full_at``: when its allowance of ``ANSWER_BURST`` is whole again."""

    reminder_at: int
    full_at: int


class Pace:
    """When the next message may leave, to whom. Ask ``delay``; at 0 send, and say ``sent``.

    Answers and reminders share the overall rate. Answers have an allowance per chat that reminders draw on, too; it
    may be overdrawn by one reminder, so that no flood of questions keeps a chat's reminders back.
    """

    def __init__(self, rate: float, answer_burst: int = ANSWER_BURST) -> None:
        self._burst = answer_burst
        self.per_second = carried(rate)
        self._gap = SECOND / self.per_second
        self._free_at = -inf
        self._all_until = -inf
        self._paused: dict[int, int] = {}
        self._chats: dict[int, _Chat] = {}
        self._groups: dict[int, deque[int]] = {}
        self._forget_above = CHATS_KEPT

    def gap(self, mono: int) -> int:
        """Milliseconds until anything at all may leave."""
        return ceil(max(0.0, self._free_at - mono, self._all_until - mono))

    def pause(self, mono: int) -> int:
        """Milliseconds for which everything is paused."""
        return ceil(max(0.0, self._all_until - mono))

    def chat_delay(self, chat_id: int, mono: int, *, answer: bool) -> int:
        """Milliseconds until this chat may get a message, whatever the overall rate says."""
        free_at = self._paused.get(chat_id, mono)
        if chat := self._chats.get(chat_id):
            overdrawn = CHAT_GAP_MS * (self._burst - 1 if answer else self._burst)
            free_at = max(free_at, chat.full_at - overdrawn, mono if answer else chat.reminder_at)
        if (sent := self._groups.get(chat_id)) and len(sent) >= (most := _of_a_minute(answer=answer)):
            free_at = max(free_at, sent[-most] + GROUP_WINDOW_MS)
        return max(0, free_at - mono)

    def delay(self, chat_id: int, mono: int, *, answer: bool) -> int:
        """Milliseconds until a message may leave to this chat; 0 means now."""
        return max(self.gap(mono), self.chat_delay(chat_id, mono, answer=answer))

    def sent(self, chat_id: int, mono: int, *, answer: bool) -> None:
        """A message leaves now. Not for one that ``delay`` has not let go."""
        self._free_at = max(self._free_at, mono - CATCH_UP_MS) + self._gap
        chat = self._chats.get(chat_id)
        if chat is None:
            self._forget(mono)
            chat = self._chats[chat_id] = _Chat(mono, mono)
        chat.full_at = max(chat.full_at, mono) + CHAT_GAP_MS
        if not answer:
            chat.reminder_at = mono + CHAT_GAP_MS
        if chat_id < 0:
            self._groups.setdefault(chat_id, deque(maxlen=GROUP_PER_MINUTE)).append(mono)

    def refused(self, chat_id: int, retry_after_ms: int, mono: int) -> None:
        """Telegram answered 429: leave the chat alone, or everybody if another chat is being left alone already."""
        until = mono + retry_after_ms
        self._paused = {chat: end for chat, end in self._paused.items() if end > mono}
        if self._paused.keys() - {chat_id}:
            self._all_until = max(self._all_until, until)
        self._paused[chat_id] = max(until, self._paused.get(chat_id, until))

    def _forget(self, mono: int) -> None:
        if len(self._chats) < self._forget_above:
            return
        self._chats = {id_: chat for id_, chat in self._chats.items() if max(chat.full_at, chat.reminder_at) > mono}
        self._groups = {id_: sent for id_, sent in self._groups.items() if sent[-1] + GROUP_WINDOW_MS > mono}
        self._forget_above = max(CHATS_KEPT, 2 * len(self._chats))


def _of_a_minute(*, answer: bool) -> int:
    """How many messages a group may get within a minute, the last of them an answer or a reminder."""
    return GROUP_PER_MINUTE - GROUP_KEPT if answer else GROUP_PER_MINUTE
