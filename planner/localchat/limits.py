"""Rate limits, enforced as Telegram does: a message too many is refused with 429, and does not count.

https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this: 30 messages a second in all, one a
second to a chat with short bursts let through, 20 a minute to a group. How long a burst may be Telegram does not say;
here a private chat takes ``chat_burst`` messages at once and earns one back each second.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

SECOND_MS = 1_000
MINUTE_MS = 60_000
CHATS_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Rates:
    """Messages: in any sliding second, at once to a private chat, in any sliding minute to a group."""

    per_second: int = 30
    chat_burst: int = 3
    group_per_minute: int = 20


class Limits:
    """Counts messages that go through. Instants are monotonic milliseconds."""

    def __init__(self, rates: Rates) -> None:
        self.rates = rates
        self.refused = 0
        self._all: deque[int] = deque()
        self._groups: dict[int, deque[int]] = {}
        self._chats: dict[int, int] = {}

    def admit(self, chat_id: int, now: int) -> int:
        """0 where the message may pass, else the whole seconds to wait, as ``retry_after`` has them."""
        wait = max(
            self._wait_all(now), self._wait_group(chat_id, now) if chat_id < 0 else self._wait_chat(chat_id, now)
        )
        if wait > 0:
            self.refused += 1
            return -(-wait // SECOND_MS)
        self._count(chat_id, now)
        return 0

    def _wait_all(self, now: int) -> int:
        return _wait(self._all, self.rates.per_second, SECOND_MS, now)

    def _wait_group(self, chat_id: int, now: int) -> int:
        return _wait(self._groups.setdefault(chat_id, deque()), self.rates.group_per_minute, MINUTE_MS, now)

    def _wait_chat(self, chat_id: int, now: int) -> int:
        """``_chats`` holds the instant at which the whole burst is there again."""
        full_at = max(self._chats.get(chat_id, now), now)
        return full_at - now - (self.rates.chat_burst - 1) * SECOND_MS

    def _count(self, chat_id: int, now: int) -> None:
        self._all.append(now)
        if chat_id < 0:
            self._groups[chat_id].append(now)
            return
        self._chats[chat_id] = max(self._chats.get(chat_id, now), now) + SECOND_MS
        if len(self._chats) > CHATS_KEPT:
            self._chats = {one: full_at for one, full_at in self._chats.items() if full_at > now}


def _wait(sent: deque[int], most: int, window_ms: int, now: int) -> int:
    while sent and sent[0] <= now - window_ms:
        sent.popleft()
    return sent[len(sent) - most] + window_ms - now if len(sent) >= most else 0
