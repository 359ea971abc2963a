"""Delivery: claim, send, record. What is owed leaves at Telegram's pace; nothing is called sent before it is on disk.

A reminder is claimed (``sending``, committed) before its request leaves, and settled when the answer has come. After a
crash in between it is owed again: at least once. Answers to what users said leave first and are sent at least once.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Coroutine
from contextvars import Context
from functools import partial
from random import Random

from planner import claim, due
from planner.answering import Answering
from planner.backlog import Backlog, Owed
from planner.bursts import EARLIEST_MS
from planner.catalogue import reminders
from planner.circuit import backoff_ms
from planner.claim import Sending
from planner.clock import Clock, ticks
from planner.flights import Flights
from planner.gateway import WORKER, Caller, Gateway
from planner.hindrances import MATTERS_MS, STALLED, Hindrances
from planner.journeys import Journeys
from planner.model import MINUTE, SECOND
from planner.outbox import Outbox
from planner.pacing import Pace
from planner.probing import Probing
from planner.saving import Saving
from planner.settle import Landed
from planner.settling import GATHERED_MS, Settling
from planner.store import Store, Tx
from planner.store.news import News, What
from planner.telegram.outcomes import Accepted
from planner.telemetry import Telemetry
from planner.telemetry.shift import Shift
from planner.telemetry.tracing import Span, within
from planner.unanswered import Unanswered

log = logging.getLogger(__name__)

CLAIM_AHEAD_S = 0.5
"""So much sending is claimed in advance; DESIGN section 3 allows a second's."""
CLAIMED_AT_ONCE = 50
"""Messages put into words in one go: some 5 ms, in which Python lets the event loop do little; the pace catches up."""
LOADED_AT_ONCE = 500
"""Reminders put into the backlog before the event loop may do something else."""
HURRIED_AT_ONCE = 200
"""Reminders brought forward in one transaction: some 5 ms, in which nothing else is saved."""
CLAIM_KEPT_MS = 2 * SECOND
"""A claimed reminder whose chat has to wait longer (a 429) is given back: it may change, or have to say it is late."""
STOP_GRACE_MS = 4 * SECOND
STOPPED = "stopped before it was sent"

Flight = tuple[Sending, Span, Span]
"""A message that is claimed; its trace, and in it the wait for its turn."""


class Delivery:
    """``hand_over`` and ``changed`` may be called at any time; ``run`` does the work until it is cancelled."""

    def __init__(self, store: Store, caller: Caller, clock: Clock, *, rate: float, burst: int, bot_id: int,
                 random: Random, paid: bool = False, telemetry: Telemetry | None = None,
                 journeys: Journeys | None = None, hindrances: Hindrances | None = None) -> None:  # fmt: skip
        telemetry = telemetry or Telemetry()
        self._clock = clock
        self._random = random
        self._paid = paid
        self._metrics = telemetry.metrics
        self._pace = Pace(rate, burst)
        self._backlog = Backlog(self._pace)
        self._ahead = max(1, round(self._pace.per_second * CLAIM_AHEAD_S))
        self._claimed: deque[Flight] = deque()
        self._claiming = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._shift = Shift(telemetry.metrics, WORKER)
        self._wake = asyncio.Event()
        self._stopping = False
        self._hindrances = hindrances or Hindrances()
        self._saving = Saving(store, clock, self._hindrances)
        self._gateway = Gateway(caller, clock, self._pace, random, telemetry,
                                closed=self._give_back, opened=self._wake.set, answers=self._hurry)  # fmt: skip
        self._unanswered = Unanswered()
        self._outbox = Outbox(self._pace)
        self._answering = Answering(self._outbox, self._gateway, self._saving, clock, random, bot_id=bot_id,
                                    spawn=self._spawn, wake=self._wake.set, telemetry=telemetry,
                                    journeys=journeys or Journeys(telemetry))  # fmt: skip
        self.probing = Probing(
            store, self._saving, self._gateway, clock, random, spawn=self._spawn, wake=self._wake.set
        )
        self._flights = Flights(telemetry.tracer)
        self._settling = Settling(self._saving, clock, spawn=self._spawn, done=self._flights.settled)
        clock.on_jump(lambda _: self._wake.set())

    # What others tell it

    def hand_over(self, ids: list[int]) -> None:
        """These reminders are due soon; read them and hold them until it is time."""
        self._spawn(self._load(ids))

    def changed(self, news: News) -> None:
        """A transaction changed reminders or owes answers, or owes a chat none of the earlier ones any more."""
        for reminder_id in news.reminders:
            self._backlog.remove(reminder_id)
        for life in news.lives:
            if life.what is What.ARRIVED:
                self._metrics.add(reminders.REPEATS_AVOIDED, "reminder")
        self._unanswered.changed(news)
        self._flights.changed(news)
        self._answering.changed(news)
        self._wake.set()

    def halt(self, who: str, why: str) -> None:
        """Telegram does not let this bot in, as ``who`` has seen: nothing leaves until they ``resume``."""
        self._gateway.halt(who, why)

    def resume(self, who: str) -> None:
        """Telegram lets this bot in again, as ``who`` has seen."""
        self._gateway.resume(who)

    def unheard(self, who: str, cause: str) -> None:
        """Telegram does not answer, as ``who`` has seen: that is told once an outage."""
        self._gateway.unheard(who, cause)

    def heard(self, who: str) -> None:
        """Telegram answers ``who`` again; after an outage, what is owed is tried at once."""
        self._gateway.heard(who)

    @property
    def halted(self) -> str | None:
        """Why all sending has stopped; ``None`` while it has not."""
        return self._gateway.halted

    @property
    def reachable(self) -> bool:
        """Whether Telegram takes messages, as far as the last requests say."""
        return self._gateway.halted is None and not self._gateway.careful

    async def takes_messages(self) -> bool:
        """Whether Telegram does; where the last ones had no answer it is asked, for they may all be one chat's."""
        return self.halted is None and (self.reachable or await self._gateway.is_there())

    # The work

    async def take_over(self) -> None:
        """Owe the answers that an earlier run left. Before anything else owes one: those are told as news."""
        for answer in await self._saving.read(lambda tx: tx.inbox.owed(), "answers"):
            self._outbox.owe(answer, self._clock.now())

    async def run(self) -> None:
        """Send what is owed until cancelled; call ``stop`` then."""
        loop = asyncio.get_running_loop()
        while True:
            self._wake.clear()
            wait = self._step()
            if wait is None:
                await self._wake.wait()
                continue
            timer = loop.call_later(wait / SECOND, self._wake.set)
            try:
                await self._wake.wait()
            finally:
                timer.cancel()
            if (late := round((loop.time() - timer.when()) * SECOND)) >= MATTERS_MS:
                self._hindrances.note(STALLED, self._clock.now() - late, self._clock.now())

    async def stop(self) -> None:
        """Begin nothing more, give what is under way a few seconds, and give back what was only claimed."""
        self._stopping = True
        self._gateway.stop()
        self._give_back(STOPPED)
        ends = self._clock.mono() + STOP_GRACE_MS
        while self._tasks and (left := ends - self._clock.mono()) > 0:
            await asyncio.wait(self._tasks, timeout=left / SECOND)
        self._flights.close()

    def _hurry(self) -> None:
        """The outage is over: nothing need wait for a next try that was put off because of it."""
        self._answering.hurry()
        if ids := self._unanswered.take():
            self._spawn(self._bring_forward(ids))
        self._wake.set()

    async def _bring_forward(self, ids: list[int]) -> None:
        await self._clock.sleep(GATHERED_MS)  # what has just landed is written first
        for start in range(0, len(ids), HURRIED_AT_ONCE):
            await self._saving.write(partial(_hurry_on, ids[start : start + HURRIED_AT_ONCE], self._clock), "outcome")

    def _give_back(self, why: str) -> None:
        """What is claimed and has not left is owed as before: by the time it leaves it may have to say it is late."""
        flights, now = list(self._claimed), self._clock.now()
        self._claimed.clear()
        if flights:
            self._spawn(self._put_off(flights, now, why))

    async def _put_off(self, flights: list[Flight], until: int, why: str) -> None:
        for sending, span, waiting in flights:
            waiting.end()
            self._flights.hold(sending, span)
        ids = [one for sending, _, _ in flights for one in sending.ids]
        await self._saving.write(lambda tx: tx.reminders.retry(ids, until, why), "outcome")

    def _step(self) -> int | None:
        """Start all that may leave now; returns milliseconds until the next look, ``None`` if only news can help."""
        if self._stopping or self.halted is not None:
            return None
        now, mono = self._clock.now(), self._clock.mono()
        if wait := self._gateway.wait(mono):
            return wait
        if self._gateway.careful:
            return self._try_one(now, mono)
        _, answers = self._answering.start(now, mono)
        waits = [answers, self._start_reminders(mono), self._claim_more(now, mono)]
        self.probing.start()
        return min((wait for wait in waits if wait is not None), default=None)

    def _try_one(self, now: int, mono: int) -> int | None:
        """After an outage a single request tries; the others follow once it is answered."""
        if self._gateway.busy:
            return None
        leaving, wait = self._answering.start(now, mono, most=1)
        claimed = bool(self._claimed)
        waits = [wait] if leaving else [wait, self._start_reminders(mono), self._claim_more(now, mono)]
        if not (leaving or claimed or self._claiming):
            self.probing.start()
        return min((wait for wait in waits if wait is not None), default=None)

    def _start_reminders(self, mono: int) -> int | None:
        """What is claimed, in order; one whose chat has to wait lets others pass."""
        if self._outbox.eager and self._pace.gap(mono):
            return None
        soonest: int | None = None
        for _ in range(len(self._claimed)):
            if gap := self._pace.gap(mono):
                return gap
            flight = self._claimed.popleft()
            chat_id = flight[0].chat_id
            wait = self._pace.delay(chat_id, mono, answer=False)
            if wait > CLAIM_KEPT_MS:
                self._spawn(self._put_off([flight], self._clock.now() + wait, "its chat has to wait"))
                continue
            if wait:
                self._claimed.append(flight)
                soonest = wait if soonest is None else min(soonest, wait)
                continue
            self._pace.sent(chat_id, mono, answer=False)
            self._spawn(self._send(flight), wakes=self._gateway.careful)
        return soonest

    def _claim_more(self, now: int, mono: int) -> int | None:
        room = self._ahead - len(self._claimed)
        if self._gateway.careful:
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
        held = await self._saving.read(lambda tx: _held(tx, ids), "load")
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
        if self._stopping or self.halted is not None:
            self._give_back(STOPPED)

    async def _claimed_of(self, ids: list[int]) -> list[Flight]:
        """Claim in one transaction; where one of them cannot be, it waits and the others go."""
        began, now = ticks(), self._clock.now()
        try:
            sendings = await self._saving.write(lambda tx: claim.claim(tx, ids, self._clock.now()), "claim")
        except Exception:
            if len(ids) > 1:
                return [one for alone in ids for one in await self._claimed_of([alone])]
            log.exception("reminder.unspeakable", extra={
                "reminder": ids[0], "do": "report this as a bug; it is tried again in a minute"})  # fmt: skip
            later = self._clock.now() + MINUTE
            await self._saving.write(lambda tx: tx.reminders.postpone(ids, later, "could not be rendered"), "outcome")
            return []
        return [self._flight(sending, now, began) for sending in sendings]

    def _flight(self, sending: Sending, now: int, began: int) -> Flight:
        span = self._flights.claimed(sending, now, began)
        return sending, span, span.child("wait")

    async def _send(self, flight: Flight) -> None:
        sending, span, waiting = flight
        waiting.end()
        left_at = self._clock.now()
        params = {"chat_id": sending.chat_id, **sending.params}
        if self._paid:
            params["allow_paid_broadcast"] = True
        with within(span):
            outcome = await self._gateway.call("sendMessage", params, sending.chat_id)
        self._unanswered.landed(sending.ids, outcome)
        pause = backoff_ms(sending.attempts, self._random)
        if isinstance(outcome, Accepted):
            self._metrics.record(reminders.ATTEMPTS, sending.attempts, sending.kind)
        saving = self._flights.landed(sending, outcome, span)
        self._settling.add(Landed(sending, outcome, left_at, self._clock.now(), pause, span, saving, self._paid))

    def _spawn(self, work_: Coroutine[object, object, None], *, wakes: bool = True) -> None:
        """Begin what nobody waits for; it is no part of what is under way here, and so of no trace of that.

        ``wakes``: when it is over, there may be more to do.
        """
        self._shift.begin()
        task = asyncio.get_running_loop().create_task(work_, context=Context())
        self._tasks.add(task)
        task.add_done_callback(self._done if wakes else self._ended)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._wake.set()
        self._ended(task)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._shift.end()
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("delivery.failed", exc_info=error, extra={"do": "report this as a bug"})


def _hurry_on(ids: list[int], clock: Clock, tx: Tx) -> None:
    tx.reminders.hurry_on(ids, clock.now(), "Telegram answers again")


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
