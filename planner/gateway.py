"""The way out to Telegram: what each answer says about Telegram itself, and whether anything may leave at all."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextvars import Context
from random import Random
from typing import Protocol

from planner.catalogue import outside, security, work
from planner.circuit import Circuit
from planner.clock import Clock
from planner.model import MINUTE, SECOND
from planner.pacing import Pace
from planner.silence import Silence
from planner.telegram.outcomes import Accepted, Halted, NotSent, Outcome, Paused, Unclear
from planner.telemetry import Telemetry

log = logging.getLogger(__name__)

ENTRY_MS = 30 * SECOND
ASKED_AGAIN_MS = MINUTE
SERVICE = "telegram"
WORKER = "delivery"
SENDING = "sending"


class Caller(Protocol):
    """Whoever can call the Bot API; ``planner.telegram.client.Telegram`` is one."""

    async def call(self, method: str, params: Mapping[str, object]) -> Outcome: ...


class Gateway:
    """``closed(why)`` is called when sending has to stop, ``opened()`` when it may go on.

    ``answers()`` is called when Telegram answers after an outage: whatever waits for its next try need wait no longer.
    """

    def __init__(self, caller: Caller, clock: Clock, pace: Pace, random: Random, telemetry: Telemetry, *,
                 closed: Callable[[str], None], opened: Callable[[], None],
                 answers: Callable[[], None] = lambda: None) -> None:  # fmt: skip
        self._caller = caller
        self._clock = clock
        self._pace = pace
        self._circuit = Circuit(random)
        self._metrics = telemetry.metrics
        self._closed = closed
        self._opened = opened
        self._answers = answers
        self._silence = Silence(clock)
        self._halts: dict[str, str] = {}
        self._calling = 0
        self._messages_unanswered = False
        self._asked_at: int | None = None
        self._there = False
        self._waiting_for_entry: asyncio.Task[None] | None = None
        self._metrics.set(outside.CIRCUIT, 0, SERVICE)
        self._metrics.set(outside.HALTED, 0)

    @property
    def halted(self) -> str | None:
        """Why all sending has stopped; ``None`` while it has not."""
        return next(iter(self._halts.values()), None)

    @property
    def careful(self) -> bool:
        """Whether the last requests had no answer: one at a time may try."""
        return self._circuit.open

    @property
    def busy(self) -> bool:
        """Whether some request is under way."""
        return self._calling > 0

    def wait(self, mono: int) -> int:
        """Milliseconds until anything may leave again."""
        return self._circuit.wait(mono)

    def halt(self, who: str, why: str) -> None:
        """Telegram does not let this bot in, as ``who`` has seen: nothing leaves until they ``resume``."""
        if not self._halts:
            log.error("telegram.halted", extra={
                "cause": why, "do": "check BOT_TOKEN, and that no other program polls with it"})  # fmt: skip
            self._metrics.set(outside.HALTED, 1)
        self._halts[who] = why
        self._closed("sending has stopped")

    def resume(self, who: str) -> None:
        """Telegram lets this bot in again, as ``who`` has seen."""
        if self._halts.pop(who, None) is not None and not self._halts:
            log.warning("telegram.resumed")
            self._metrics.set(outside.HALTED, 0)
            self._opened()

    def unheard(self, who: str, cause: str) -> None:
        """``who``, beside the sending, gets no answer from Telegram."""
        self._silence.noticed(who, cause)

    def heard(self, who: str) -> None:
        """``who`` gets an answer; if that is the first after an outage, sending may try at once, too."""
        if self._silence.broken(who):
            self._circuit.hopeful()
            self._answers()

    async def call(self, method: str, params: Mapping[str, object], chat_id: int) -> Outcome:
        """Call, and let the pace and the circuit know what the answer says about Telegram."""
        outcome = await self._ask(method, params)
        self._messages_unanswered = isinstance(outcome, Unclear | NotSent)
        self._learn(outcome, method, chat_id)
        return outcome

    async def probe(self) -> Outcome:
        """Ask Telegram who we are, in place of a message; the circuit learns from it as from one.

        But where messages had no answer, one of them has to have one before the others follow.
        """
        outcome = await self._ask("getMe", {})
        if self._messages_unanswered and isinstance(outcome, Accepted):
            self._circuit.hopeful()
        else:
            self._learn(outcome, "getMe", None)
        return outcome

    async def is_there(self) -> bool:
        """Whether Telegram answers anything at all; asked once a minute, while others ask."""
        mono = self._clock.mono()
        if self._asked_at is None or mono - self._asked_at >= ASKED_AGAIN_MS:
            self._asked_at = mono
            self._there = isinstance(await self.probe(), Accepted)
        return self._there

    async def _ask(self, method: str, params: Mapping[str, object]) -> Outcome:
        self._calling += 1
        try:
            outcome = await self._caller.call(method, params)
        finally:
            self._calling -= 1
        self._metrics.add(work.TASKS, WORKER, "ok" if isinstance(outcome, Accepted) else "failed")
        return outcome

    def _learn(self, outcome: Outcome, method: str, chat_id: int | None) -> None:
        """What an answer, or none, says about Telegram; ``chat_id``: the chat it was about, if any."""
        if isinstance(outcome, Accepted) and not self._circuit.troubled:
            return
        mono = self._clock.mono()
        if isinstance(outcome, Unclear | NotSent):
            if self._circuit.failed(mono):
                self._outage(outcome.cause)
            return
        if self._circuit.answered():
            self._metrics.set(outside.CIRCUIT, 0, SERVICE)
            self.heard(SENDING)
        if isinstance(outcome, Paused):
            log.warning("telegram.paused", extra={"method": method, "seconds": outcome.retry_after_s})
            self._metrics.add(security.REFUSALS, "limited_chat")
            if chat_id is not None:
                self._pace.refused(chat_id, outcome.retry_after_s * SECOND, mono)
        elif isinstance(outcome, Halted):
            self.halt(WORKER, f"{method}: {outcome.cause}")
            if self._waiting_for_entry is None or self._waiting_for_entry.done():
                self._waiting_for_entry = asyncio.get_running_loop().create_task(
                    self._wait_for_entry(), context=Context()
                )

    def stop(self) -> None:
        if self._waiting_for_entry is not None:
            self._waiting_for_entry.cancel()

    def _outage(self, cause: str) -> None:
        self._silence.noticed(SENDING, cause)
        self._metrics.set(outside.CIRCUIT, 1, SERVICE)
        self._metrics.add(outside.OUTAGES, SERVICE)
        self._closed("Telegram does not answer")

    async def _wait_for_entry(self) -> None:
        """Ask Telegram now and then whether it lets us in again."""
        while WORKER in self._halts:
            await self._clock.sleep(ENTRY_MS)
            if isinstance(await self._caller.call("getMe", {}), Accepted):
                self.resume(WORKER)
