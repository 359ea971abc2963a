"""Answers on their way: each chat's in order and one at a time, notices held until their hour."""

from __future__ import annotations

import heapq
from collections import deque
from dataclasses import dataclass

from planner.pacing import Pace
from planner.store.news import Answer

FREE = frozenset({"answerCallbackQuery", "setMyCommands", "deleteMyCommands"})
"""Calls that show no message and so do not count against a pace."""


@dataclass(slots=True)
class Waiting:
    """An answer on its way, with the tries it took. ``withdrawn``: it is not tried again."""

    answer: Answer
    tries: int = 0
    withdrawn: bool = False


class Outbox:
    """``now`` is wall time, ``mono`` monotonic milliseconds."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._chats: dict[int, deque[Waiting]] = {}
        self._turn: deque[int] = deque()
        self._later: list[tuple[int, int, Answer]] = []

    def owe(self, answer: Answer, now: int) -> None:
        """Take an answer in, behind those that its chat waits for, or until it is ready."""
        if answer.ready_at > now:
            heapq.heappush(self._later, (answer.ready_at, answer.id, answer))
            return
        queue = self._chats.setdefault(answer.chat_id, deque())
        queue.append(Waiting(answer))
        if len(queue) == 1:
            self._turn.append(answer.chat_id)

    def take(self, now: int, mono: int, most: int | None = None) -> tuple[list[Waiting], int | None]:
        """What may leave now, counted as leaving; and milliseconds until more may, ``None`` if only news can help."""
        while self._later and self._later[0][0] <= now:
            self.owe(heapq.heappop(self._later)[2], now)
        leaving: list[Waiting] = []
        waits = [self._later[0][0] - now] if self._later else []
        for _ in range(len(self._turn)):
            if len(leaving) == most:
                break
            chat_id = self._turn.popleft()
            waiting = self._chats[chat_id][0]
            if wait := self._wait(waiting, mono):
                self._turn.append(chat_id)
                waits.append(wait)
            else:
                leaving.append(waiting)
        return leaving, min(waits, default=None)

    def again(self, chat_id: int) -> None:
        """The answer that was taken for this chat is to be tried again, unless it was withdrawn meanwhile."""
        if self._chats[chat_id][0].withdrawn:
            self.done(chat_id)
        else:
            self._turn.append(chat_id)

    def done(self, chat_id: int) -> None:
        """The answer that was taken for this chat is settled; the next one's turn."""
        queue = self._chats[chat_id]
        queue.popleft()
        if queue:
            self._turn.append(chat_id)
        else:
            del self._chats[chat_id]

    def forget(self, chat_id: int) -> list[Answer]:
        """Drop what a chat waits for, but for what may be on its way already; returns it."""
        queue = self._chats.get(chat_id, deque())
        dropped = [one[2] for one in self._later if one[2].chat_id == chat_id]
        while len(queue) > 1:
            dropped.append(queue.pop().answer)
        self._later = [one for one in self._later if one[2].chat_id != chat_id]
        heapq.heapify(self._later)
        return dropped

    def withdraw(self, answer_id: int) -> None:
        """Owe this answer no more; one that is on its way may arrive, and is not tried again."""
        self._later = [one for one in self._later if one[1] != answer_id]
        heapq.heapify(self._later)
        for chat_id, queue in list(self._chats.items()):
            for waiting in [one for one in queue if one.answer.id == answer_id]:
                waiting.withdrawn = True
                if waiting is not queue[0]:
                    queue.remove(waiting)
                elif chat_id in self._turn:
                    self._turn.remove(chat_id)
                    self.done(chat_id)

    @property
    def eager(self) -> bool:
        """Whether some answer waits for its turn."""
        return bool(self._turn)

    def _wait(self, waiting: Waiting, mono: int) -> int:
        if waiting.answer.method in FREE:
            return self._pace.pause(mono)
        wait = self._pace.delay(waiting.answer.chat_id, mono, answer=True)
        if not wait:
            self._pace.sent(waiting.answer.chat_id, mono, answer=True)
        return wait
