"""Sending answers: each chat's in order, at least once, as the last step of the update that it answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from random import Random

from planner import settle
from planner.catalogue import chat
from planner.circuit import backoff_ms
from planner.clock import Clock
from planner.gateway import Gateway
from planner.journeys import Journeys
from planner.model import DAY, SECOND
from planner.outbox import FREE, Outbox, Waiting
from planner.saving import Saving
from planner.store.news import Answer, News
from planner.telegram.outcomes import Accepted, Halted, NotSent, Outcome, Paused, Unclear
from planner.telemetry import Telemetry
from planner.telemetry.tracing import within

KEPT_MS = DAY
"""An answer that could not be sent for so long is dropped: nobody waits for it any more."""

Spawn = Callable[[Coroutine[object, object, None]], None]
"""Begins work that nobody waits for."""


class Answering:
    """``wake`` is called when there may be more to send."""

    def __init__(self, outbox: Outbox, gateway: Gateway, saving: Saving, clock: Clock, random: Random, *, bot_id: int,
                 spawn: Spawn, wake: Callable[[], None], telemetry: Telemetry, journeys: Journeys) -> None:  # fmt: skip
        self._outbox = outbox
        self._gateway = gateway
        self._saving = saving
        self._clock = clock
        self._random = random
        self._bot_id = bot_id
        self._spawn = spawn
        self._wake = wake
        self._metrics = telemetry.metrics
        self._journeys = journeys
        self._unanswered: dict[int, asyncio.TimerHandle] = {}

    def changed(self, news: News) -> None:
        """Answers are owed, or what a chat was owed until now is not."""
        for chat_id in news.forgotten:
            for answer in self._outbox.forget(chat_id):
                self._journeys.release(answer.update_id)
        for answer_id in news.withdrawn:
            self._outbox.withdraw(answer_id)
        for answer in news.answers:
            self._journeys.hold(answer.update_id)
            self._outbox.owe(answer, self._clock.now())

    def start(self, now: int, mono: int, most: int | None = None) -> tuple[int, int | None]:
        """Send what may leave now; returns how many that is, and milliseconds until more may."""
        leaving, wait = self._outbox.take(now, mono, most)
        for waiting in leaving:
            self._spawn(self._send(waiting))
        return len(leaving), wait

    def hurry(self) -> None:
        """Telegram answers again: what waits because it did not may leave at once."""
        for chat_id, timer in list(self._unanswered.items()):
            timer.cancel()
            self._again(chat_id)

    async def _send(self, waiting: Waiting) -> None:
        with within(self._journeys.span(waiting.answer.update_id)):
            await self._try(waiting)

    async def _try(self, waiting: Waiting) -> None:
        answer = waiting.answer
        params = answer.params if answer.method in FREE else {"chat_id": answer.chat_id, **answer.params}
        waiting.tries += 1
        left_at = self._clock.now()
        outcome = await self._gateway.call(answer.method, params, answer.chat_id)
        now = self._clock.now()
        if isinstance(outcome, Unclear | NotSent | Paused | Halted) and _is_kept(answer, now):
            pause = _pause_ms(outcome, waiting.tries, self._random)
            timer = asyncio.get_running_loop().call_later(pause / SECOND, self._again, answer.chat_id)
            if isinstance(outcome, Unclear | NotSent):
                self._unanswered[answer.chat_id] = timer
            return
        self._count(answer, outcome)
        try:
            await self._saving.write(
                lambda tx: settle.answer(tx, self._bot_id, answer, outcome, left_at, now), "answer"
            )
        finally:
            self._outbox.done(answer.chat_id)
            self._journeys.release(answer.update_id)

    def _count(self, answer: Answer, outcome: Outcome) -> None:
        given_up = isinstance(outcome, Unclear | NotSent | Paused | Halted)
        self._metrics.add(chat.ANSWERS, answer.method, "given_up" if given_up else type(outcome).__name__.lower())
        text = answer.params.get("text")
        if isinstance(outcome, Accepted) and isinstance(text, str):
            self._metrics.record(chat.ANSWER_SIZE, len(text.encode()))

    def _again(self, chat_id: int) -> None:
        self._unanswered.pop(chat_id, None)
        self._outbox.again(chat_id)
        self._wake()


def _is_kept(answer: Answer, now: int) -> bool:
    """A notice, which answers nothing, is never too old."""
    return answer.update_id is None or now - answer.ready_at < KEPT_MS


def _pause_ms(outcome: Outcome, tries: int, random: Random) -> int:
    """How long an answer waits for its next try, whatever its chat's pace says: free calls ask that of nobody."""
    if isinstance(outcome, Paused):
        return outcome.retry_after_s * SECOND
    return backoff_ms(tries, random) if isinstance(outcome, Unclear | NotSent) else 0
