"""Delivery: claim, send, record. What is owed leaves at Telegram's pace; nothing is called sent before it is on disk.

A reminder is claimed (``sending``, committed) before its request leaves, and settled when the answer has come. After a
crash in between it is owed again: at least once. Answers to what users said leave first and are sent at least once.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from random import Random
from typing import Protocol, TypeVar

from planner import claim, due, settle
from planner.backlog import Backlog, Owed
from planner.bursts import EARLIEST_MS
from planner.circuit import Circuit, backoff_ms
from planner.claim import Sending
from planner.clock import Clock
from planner.journeys import Journeys
from planner.model import DAY, MINUTE, SECOND
from planner.outbox import FREE, Outbox, Waiting
from planner.pacing import Pace
from planner.store import Store, Tx
from planner.store.db import UnavailableError
from planner.store.news import Answer, News
from planner.telegram.outcomes import Accepted, Halted, NotSent, Outcome, Paused, Unclear
from planner.telemetry import Telemetry

log = logging.getLogger(__name__)

T = TypeVar("T")

CLAIM_AHEAD_S = 0.5
"""So much sending is claimed in advance; DESIGN section 3 allows a second's."""
CLAIMED_AT_ONCE = 50
"""Messages put into words in one go: some 5 ms, in which Python lets the event loop do little; the pace catches up."""
ANSWER_KEPT_MS = DAY
"""An answer that could not be sent for so long is dropped: nobody waits for it any more."""
LOADED_AT_ONCE = 500
"""Reminders put into the backlog before the event loop may do something else."""
CLAIM_KEPT_MS = 2 * SECOND
"""A claimed reminder whose chat has to wait longer (a 429) is given back: it may change, or have to say it is late."""
RECORD_AGAIN_MS = 1 * SECOND
PROBE_MS = 30 * SECOND
STOP_GRACE_MS = 4 * SECOND
STOPPED = "stopped before it was sent"


class Caller(Protocol):
    """Whoever can call the Bot API; ``planner.telegram.client.Telegram`` is one."""

    async def call(self, method: str, params: Mapping[str, object]) -> Outcome: ...


class Delivery:
    """``hand_over`` and ``changed`` may be called at any time; ``run`` does the work until it is cancelled."""

    def __init__(self, store: Store, caller: Caller, clock: Clock, *, rate: float, burst: int, bot_id: int,
                 random: Random, telemetry: Telemetry | None = None,
                 journeys: Journeys | None = None) -> None:  # fmt: skip
        self._store = store
        self._caller = caller
        self._clock = clock
        self._telemetry = telemetry or Telemetry()
        self._journeys = journeys or Journeys(self._telemetry)
        self._bot_id = bot_id
        self._random = random
        self._pace = Pace(rate, burst)
        self._backlog = Backlog(self._pace)
        self._circuit = Circuit(random)
        self._ahead = max(1, round(self._pace.per_second * CLAIM_AHEAD_S))
        self._claimed: deque[Sending] = deque()
        self._outbox = Outbox(self._pace)
        self._halts: dict[str, str] = {}
        self._claiming = False
        self._calling = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._probing: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        self._stopping = False
        clock.on_jump(lambda _: self._wake.set())

    # What others tell it

    def hand_over(self, ids: list[int]) -> None:
        """These reminders are due soon; read them and hold them until it is time."""
        self._spawn(self._load(ids))

    def changed(self, news: News) -> None:
        """A transaction changed reminders or owes answers, or owes a chat none of the earlier ones any more."""
        for chat_id in news.forgotten:
            self._outbox.forget(chat_id)
        for reminder_id in news.reminders:
            self._backlog.remove(reminder_id)
        for answer in news.answers:
            self._outbox.owe(answer, self._clock.now())
        self._wake.set()

    def halt(self, who: str, why: str) -> None:
        """Telegram does not let this bot in, as ``who`` has seen: nothing leaves until they ``resume``."""
        if not self._halts:
            log.error("all sending has stopped: check BOT_TOKEN, and that no other program polls with it",
                      extra={"cause": why})  # fmt: skip
        self._halts[who] = why
        self._give_back("sending has stopped")

    def resume(self, who: str) -> None:
        """Telegram lets this bot in again, as ``who`` has seen."""
        if self._halts.pop(who, None) is not None and not self._halts:
            log.warning("sending goes on")
            self._wake.set()

    @property
    def halted(self) -> str | None:
        """Why all sending has stopped; ``None`` while it has not."""
        return next(iter(self._halts.values()), None)

    @property
    def reachable(self) -> bool:
        """Whether Telegram takes messages, as far as the last requests say."""
        return not self._halts and not self._circuit.open

    # The work

    async def take_over(self) -> None:
        """Owe the answers that an earlier run left. Before anything else owes one: those are told as news."""
        for answer in await self._store.read(lambda tx: tx.inbox.owed()):
            self._outbox.owe(answer, self._clock.now())

    async def run(self) -> None:
        """Send what is owed until cancelled; call ``stop`` then."""
        while True:
            self._wake.clear()
            wait = self._step()
            try:
                async with asyncio.timeout(None if wait is None else wait / SECOND):
                    await self._wake.wait()
            except TimeoutError:
                pass

    async def stop(self) -> None:
        """Begin nothing more, give what is under way a few seconds, and give back what was only claimed."""
        self._stopping = True
        if self._probing is not None:
            self._probing.cancel()
        self._give_back(STOPPED)
        ends = self._clock.mono() + STOP_GRACE_MS
        while self._tasks and (left := ends - self._clock.mono()) > 0:
            await asyncio.wait(self._tasks, timeout=left / SECOND)

    def _give_back(self, why: str) -> None:
        """What is claimed and has not left is owed as before: by the time it leaves it may have to say it is late."""
        ids = [one for sending in self._claimed for one in sending.ids]
        self._claimed.clear()
        now = self._clock.now()
        if ids:
            self._spawn(self._record(lambda tx: tx.reminders.retry(ids, now, why)))

    def _step(self) -> int | None:
        """Start all that may leave now; returns milliseconds until the next look, ``None`` if only news can help."""
        if self._stopping or self._halts:
            return None
        now, mono = self._clock.now(), self._clock.mono()
        if wait := self._circuit.wait(mono):
            return wait
        if self._circuit.open:
            return self._try_one(now, mono)
        waits = [self._start_answers(now, mono), self._start_reminders(mono), self._claim_more(now, mono)]
        return min((wait for wait in waits if wait is not None), default=None)

    def _try_one(self, now: int, mono: int) -> int | None:
        """After an outage a single request tries; the others follow once it is answered."""
        if self._calling:
            return None
        leaving, wait = self._outbox.take(now, mono, most=1)
        for waiting in leaving:
            self._spawn(self._send_answer(waiting))
        waits = [wait] if leaving else [wait, self._start_reminders(mono), self._claim_more(now, mono)]
        return min((wait for wait in waits if wait is not None), default=None)

    def _start_answers(self, now: int, mono: int) -> int | None:
        leaving, wait = self._outbox.take(now, mono)
        for waiting in leaving:
            self._spawn(self._send_answer(waiting))
        return wait

    def _start_reminders(self, mono: int) -> int | None:
        """What is claimed, in order; one whose chat has to wait lets others pass."""
        if self._outbox.eager and self._pace.gap(mono):
            return None
        soonest: int | None = None
        for _ in range(len(self._claimed)):
            if gap := self._pace.gap(mono):
                return gap
            sending = self._claimed.popleft()
            wait = self._pace.delay(sending.chat_id, mono, answer=False)
            if wait > CLAIM_KEPT_MS:
                later = self._clock.now() + wait
                self._spawn(self._put_off(sending, later))
                continue
            if wait:
                self._claimed.append(sending)
                soonest = wait if soonest is None else min(soonest, wait)
                continue
            self._pace.sent(sending.chat_id, mono, answer=False)
            self._spawn(self._send(sending))
        return soonest

    async def _put_off(self, sending: Sending, later: int) -> None:
        await self._record(lambda tx: tx.reminders.retry(sending.ids, later, "its chat has to wait"))

    def _claim_more(self, now: int, mono: int) -> int | None:
        room = self._ahead - len(self._claimed)
        if self._circuit.open:
            room = 1 - len(self._claimed)
        if self._claiming or room <= 0 or (self._claimed and room <= min(self._ahead // 4, CLAIMED_AT_ONCE)):
            return None
        taken = self._backlog.take(now, mono, min(room, CLAIMED_AT_ONCE))
        if not taken:
            return self._backlog.wait(now, mono)
        self._claiming = True
        self._spawn(self._claim([owed.id for owed in taken]))
        return None

    async def _load(self, ids: list[int]) -> None:
        held = await self._insist(lambda: self._store.read(lambda tx: _held(tx, ids)), "reminders cannot be read")
        for number, owed in enumerate(held, start=1):
            self._backlog.add(owed)
            if number % LOADED_AT_ONCE == 0:
                await self._clock.sleep(0)
        self._wake.set()

    async def _claim(self, ids: list[int]) -> None:
        try:
            self._claimed.extend(await self._claimed_of(ids))
        finally:
            self._claiming = False
        if self._stopping or self._halts:
            self._give_back(STOPPED)

    async def _claimed_of(self, ids: list[int]) -> list[Sending]:
        """Claim in one transaction; where one of them cannot be, it waits and the others go."""

        def attempt() -> Awaitable[list[Sending]]:
            now = self._clock.now()
            return self._store.write(lambda tx: claim.claim(tx, ids, now))

        try:
            return await self._insist(attempt, "reminders cannot be claimed")
        except Exception:
            if len(ids) > 1:
                return [one for alone in ids for one in await self._claimed_of([alone])]
            log.exception("a reminder cannot be put into words; it is tried again", extra={"reminders": ids})
            later = self._clock.now() + MINUTE
            await self._record(lambda tx: tx.reminders.postpone(ids, later, "could not be rendered"))
            return []

    async def _send(self, sending: Sending) -> None:
        left_at = self._clock.now()
        outcome = await self._call("sendMessage", {"chat_id": sending.chat_id, **sending.params}, sending.chat_id)
        now = self._clock.now()
        pause = backoff_ms(sending.attempts, self._random)
        await self._record(lambda tx: settle.reminders(tx, sending, outcome, left_at, now, pause), hurry=False)

    async def _record(self, job: Callable[[Tx], None], *, hurry: bool = True) -> None:
        """Write an outcome down, however long the disk takes to let us: sending again would be the worse answer."""
        await self._insist(lambda: self._store.write(job, hurry=hurry), "an outcome cannot be saved")

    async def _insist(self, attempt: Callable[[], Awaitable[T]], what: str) -> T:
        """Again and again while the database refuses: full, locked, or gone. Said once, however long it takes."""
        refused = False
        while True:
            try:
                return await attempt()
            except UnavailableError as error:
                if not refused:
                    log.error("%s; trying again", what, extra={"cause": str(error)})
                refused = True
                await self._clock.sleep(RECORD_AGAIN_MS)

    async def _send_answer(self, waiting: Waiting) -> None:
        answer = waiting.answer
        params = answer.params if answer.method in FREE else {"chat_id": answer.chat_id, **answer.params}
        waiting.tries += 1
        left_at = self._clock.now()
        outcome = await self._call(answer.method, params, answer.chat_id)
        now = self._clock.now()
        if isinstance(outcome, Unclear | NotSent | Paused | Halted) and _is_kept(answer, now):
            pause = _pause_ms(outcome, waiting.tries, self._random)
            asyncio.get_running_loop().call_later(pause / SECOND, self._again, answer.chat_id)
            return
        try:
            await self._record(lambda tx: settle.answer(tx, self._bot_id, answer, outcome, left_at, now))
        finally:
            self._outbox.done(answer.chat_id)

    def _again(self, chat_id: int) -> None:
        self._outbox.again(chat_id)
        self._wake.set()

    # Telegram

    async def _call(self, method: str, params: Mapping[str, object], chat_id: int) -> Outcome:
        """Call, and let the pace and the circuit know what the answer says about Telegram."""
        self._calling += 1
        try:
            outcome = await self._caller.call(method, params)
        finally:
            self._calling -= 1
        mono = self._clock.mono()
        if isinstance(outcome, Unclear | NotSent):
            if self._circuit.failed(mono):
                log.warning("Telegram does not answer; sending waits", extra={"cause": outcome.cause})
                self._give_back("Telegram does not answer")
            return outcome
        if self._circuit.answered():
            log.warning("Telegram answers again")
        if isinstance(outcome, Paused):
            log.warning("Telegram asks to wait", extra={"seconds": outcome.retry_after_s})
            self._pace.refused(chat_id, outcome.retry_after_s * SECOND, mono)
        elif isinstance(outcome, Halted):
            self.halt("delivery", f"{method}: {outcome.cause}")
            if self._probing is None or self._probing.done():
                self._probing = asyncio.get_running_loop().create_task(self._probe())
        return outcome

    async def _probe(self) -> None:
        """Ask Telegram now and then whether it lets us in again."""
        while "delivery" in self._halts:
            await self._clock.sleep(PROBE_MS)
            if isinstance(await self._caller.call("getMe", {}), Accepted):
                self.resume("delivery")

    def _spawn(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._wake.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("delivery failed at something it should not have", exc_info=error)


def _held(tx: Tx, ids: list[int]) -> list[Owed]:
    """Pending reminders as the backlog takes them; the first instant that quiet hours allow is reckoned here."""
    found = []
    for row in tx.reminders.pending(ids):
        reminder, user = row.reminder, row.user
        earliest = due.not_before(reminder.due_at, EARLIEST_MS, user.quiet, user.zone)
        if reminder.ready_at > reminder.due_at:
            earliest = reminder.ready_at
        found.append(Owed(reminder.id, reminder.chat_id, reminder.due_at, earliest))
    return found


def _is_kept(answer: Answer, now: int) -> bool:
    """A notice, which answers nothing, is never too old."""
    return answer.update_id is None or now - answer.ready_at < ANSWER_KEPT_MS


def _pause_ms(outcome: Outcome, tries: int, random: Random) -> int:
    """How long an answer waits for its next try, whatever its chat's pace says: free calls ask that of nobody."""
    if isinstance(outcome, Paused):
        return outcome.retry_after_s * SECOND
    return backoff_ms(tries, random) if isinstance(outcome, Unclear | NotSent) else 0
