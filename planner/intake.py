"""What Telegram sends in: committed raw before its offset moves, then handled in order per chat, chats side by side.

An update's change, the mark that it is done, and the answers owed for it are one transaction.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol

from planner.catalogue import reminders, security, work
from planner.clock import Clock
from planner.i18n import pick, words
from planner.journeys import UNHANDLED, Handled, Journey, Journeys
from planner.model import HOUR, SECOND
from planner.store import Store, Tx
from planner.store.db import StoreError
from planner.store.inbox import Update as Row
from planner.telegram.incoming import Incoming, incoming
from planner.telegram.outcomes import Halted, NotSent, Outcome, Paused
from planner.telemetry import Telemetry
from planner.telemetry.shift import Shift
from planner.telemetry.tracing import within

log = logging.getLogger(__name__)

POLL_S = 25
TRIES = 3
"""Handlings of one update before its sender is told that it did not work."""
BACKOFF_MS = (1 * SECOND, 2 * SECOND, 4 * SECOND, 8 * SECOND, 15 * SECOND)
"""Waits between polls that failed; the last is repeated."""
STORE_RETRY_MS = 5 * SECOND
STOP_GRACE_MS = SECOND // 2
"""Handling takes milliseconds; longer than this only what waits for a disk that cannot be written."""
NOBODY = 0
"""The chat of updates that have none: handled in order among themselves. Groups have lower ids, people higher ones."""

WORKER = "intake"
POLLING = "polling"
REPEATED, UNSTORABLE = "repeated", "unstorable"
"""What handles an update that was handled before, and one that cannot be kept."""

Handler = Callable[[Tx, Incoming, int, Handled], None]
"""May be called again for the same update, where its transaction was rolled back; it tells what it did each time."""


class Arrived(NamedTuple):
    """An update to be handled: as it is kept, what it says, and its journey."""

    row: Row
    said: Incoming
    journey: Journey


class Source(Protocol):
    """Where updates come from; ``planner.telegram.client.Telegram`` is one."""

    async def updates(self, offset: int, timeout_s: int) -> list[dict[str, object]] | Outcome: ...

    async def call(self, method: str, params: Mapping[str, object]) -> Outcome: ...


class Gate(Protocol):
    """What is told when Telegram does not let this bot in or does not answer, and when it does again."""

    def halt(self, who: str, why: str) -> None: ...

    def resume(self, who: str) -> None: ...

    def unheard(self, who: str, cause: str) -> None: ...

    def heard(self, who: str) -> None: ...


class Intake:
    def __init__(
        self, store: Store, source: Source, clock: Clock, bot_id: int, handle: Handler, gate: Gate,
        poll_s: int = POLL_S, telemetry: Telemetry | None = None, journeys: Journeys | None = None,
    ) -> None:  # fmt: skip
        self._store = store
        self._source = source
        self._clock = clock
        telemetry = telemetry or Telemetry()
        self._metrics = telemetry.metrics
        self._shift = Shift(telemetry.metrics, WORKER)
        self._journeys = journeys or Journeys(telemetry)
        self._bot_id = bot_id
        self._handle = handle
        self._gate = gate
        self._poll_s = poll_s
        self._waiting: dict[int, deque[Arrived]] = {}
        self._unkept: dict[int, Journey] = {}
        self._left_out: set[int] = set()
        """What can never be kept, until Telegram sends it no more."""
        self._workers: set[asyncio.Task[None]] = set()
        self._told_at: dict[int, int] = {}
        self._failures = 0
        self._refused = False

    async def run(self) -> None:
        """Take over what an earlier run left, then poll for ever."""
        left = await self._store.read(lambda tx: tx.inbox.waiting(self._bot_id))
        self._dispatch([self._arrived(row) for row in left])
        offset = left[-1].update_id + 1 if left else 0
        while True:
            offset = await self._poll(offset)

    @property
    def reachable(self) -> bool:
        """Whether the last poll was answered."""
        return not self._failures

    async def stop(self) -> None:
        """Let what is being handled finish, if that takes no longer than a moment; what is left is in the database."""
        self._waiting.clear()
        if not self._workers:
            return
        _, stuck = await asyncio.wait(self._workers, timeout=STOP_GRACE_MS / SECOND)
        for worker in stuck:
            worker.cancel()
        await asyncio.gather(*stuck, return_exceptions=True)

    async def _poll(self, offset: int) -> int:
        wait_s = 0 if self._failures else self._poll_s  # that it works again is known at once
        got = await self._source.updates(offset, wait_s)
        if not isinstance(got, list):
            await self._fail(got)
            return offset
        self._worked()
        if not got:
            return offset
        rows = [_row(one) for one in got]
        came = [self._arrived(row) for row in rows if row.update_id not in self._left_out]
        with self._shift:
            kept = await self._keep(came) if came else []
        if kept is None:
            self._unkept = {one.row.update_id: one.journey for one in came if one.row.update_id not in self._left_out}
            await self._clock.sleep(STORE_RETRY_MS)
            return offset
        self._unkept = {}
        self._left_out.clear()
        if self._refused:
            log.info("updates.saved", extra={"updates": len(kept)})
            self._refused = False
        self._dispatch(kept)
        return max(row.update_id for row in rows) + 1

    def _arrived(self, row: Row) -> Arrived:
        """One that could not be kept when it came before is still on its way."""
        journey = self._unkept.pop(row.update_id, None) or self._journeys.begin(row.update_id)
        return Arrived(row, incoming(row.raw), journey)

    async def _keep(self, came: list[Arrived]) -> list[Arrived] | None:
        """Commit what came, and tell what is to be handled.

        ``None`` where the disk refuses: Telegram keeps it, for the offset stays, and its senders are told.
        """
        now = self._clock.now()
        rows = [one.row for one in came]
        steps = [one.journey.span.child("keep", together=len(came)) for one in came]
        try:
            with within(steps[0]):
                await self._store.write(lambda tx: tx.inbox.put(self._bot_id, rows, now))
        except StoreError as error:
            for step in steps:
                step.fail(type(error).__name__)
            if not self._refused:
                log.error("updates.unsaved", extra={"updates": len(came), "cause": str(error), "do": "make room for it,"
                          " or let it be written; Telegram keeps the updates until then"})  # fmt: skip
            self._refused = True
            await self._tell_unsaved(came)
            return None
        except Exception:
            if len(came) > 1:
                return await self._keep_each(came)
            log.exception("update.unstorable", extra={"update": rows[0].update_id})
            self._left_out.add(rows[0].update_id)
            self._settle(came[0], Handled(UNSTORABLE, "failed"))
            return []
        finally:
            for step in steps:
                step.end()
        return came

    async def _keep_each(self, came: list[Arrived]) -> list[Arrived] | None:
        kept = [await self._keep([one]) for one in came]
        there = [one for some in kept if some is not None for one in some]
        return None if None in kept else there

    async def _tell_unsaved(self, unsaved: list[Arrived]) -> None:
        now = self._clock.now()
        for row, update, _ in unsaved:
            if row.chat_id <= NOBODY or now - self._told_at.get(row.chat_id, -HOUR) < HOUR:
                continue
            self._told_at[row.chat_id] = now
            said = words(pick(update.language_code))
            text = said.t(
                "I cannot save anything right now. I have not lost your message, and will answer it as soon as I can."
            )
            await self._source.call("sendMessage", {"chat_id": row.chat_id, "text": text})

    def _dispatch(self, arrived: list[Arrived]) -> None:
        for one in arrived:
            chat_id = one.row.chat_id
            queue = self._waiting.get(chat_id)
            if queue is not None:
                queue.append(one)
                continue
            self._waiting[chat_id] = deque([one])
            worker = asyncio.get_running_loop().create_task(self._work(chat_id))
            self._workers.add(worker)
            worker.add_done_callback(self._workers.discard)

    async def _work(self, chat_id: int) -> None:
        queue = self._waiting.get(chat_id)  # gone where it was stopped before it began
        while queue and self._waiting.get(chat_id) is queue:
            with self._shift, within(queue[0].journey.span):
                await self._handle_one(queue[0])
            queue.popleft()
        if queue is not None and self._waiting.get(chat_id) is queue:
            del self._waiting[chat_id]

    async def _handle_one(self, one: Arrived) -> None:
        """Handle until it is done: a handler that fails is tried again, then given up; a full disk is waited out."""
        number, tries = one.row.update_id, one.row.tries
        handled, refused = Handled(), False
        while True:
            try:
                with one.journey.span.child("handle", attempt=tries + 1):
                    await self._store.write(lambda tx: self._in_transaction(tx, one, handled))
            except StoreError as error:
                if not refused:
                    log.error("update.unsaved", extra={"update": number, "cause": str(error)})
                refused = True
                await self._tell_unsaved([one])
                await self._clock.sleep(STORE_RETRY_MS)
            except Exception as error:  # noqa: BLE001  # it is told, tried again, then given up
                tries += 1
                _tell_failed(one, handled, error, tries)
                if await self._give_up(one, final=tries >= TRIES):
                    self._settle(one, Handled(handled.handler, "failed"))
                    return
            else:
                self._settle(one, handled)
                return

    def _in_transaction(self, tx: Tx, one: Arrived, handled: Handled) -> None:
        handled.begin()
        if not tx.inbox.waits(self._bot_id, one.row.update_id):
            handled.handler, handled.outcome = REPEATED, "ignored"
            return
        now = self._clock.now()
        self._handle(tx, one.said, now, handled)
        asked_at = (one.said.date_ms or now) if tx.news.answers else None
        tx.inbox.handled(self._bot_id, one.row.update_id, now, asked_at)

    def _settle(self, one: Arrived, handled: Handled) -> None:
        """It is committed, so now it counts."""
        journey, user_id = one.journey, one.said.user_id or 0
        if handled.handler == REPEATED:
            self._metrics.add(reminders.REPEATS_AVOIDED, "update")
        if handled.handler != REPEATED or journey.handler == UNHANDLED:
            journey.handler, journey.outcome = handled.handler, handled.outcome
        self._metrics.add(work.TASKS, WORKER, "failed" if handled.outcome == "failed" else "ok")
        journey.span.set(user=user_id)
        for kind in handled.refusals:
            self._metrics.add(security.REFUSALS, kind)
            said = {"update": one.row.update_id, "user": user_id}
            if kind == "stranger":
                log.info("stranger.refused", extra=said)
            else:
                log.info("input.refused", extra={"kind": kind, **said})
        took_ms = round(journey.seconds * SECOND, 1)
        log.info("update.handled", extra={"update": one.row.update_id, "handler": handled.handler,
                 "outcome": handled.outcome, "took_ms": took_ms, "user": user_id})  # fmt: skip
        self._journeys.release(one.row.update_id)

    async def _give_up(self, one: Arrived, *, final: bool) -> bool:
        now = self._clock.now()
        number, update = one.row.update_id, one.said

        def job(tx: Tx) -> None:
            if not final:
                tx.inbox.failed(self._bot_id, number)
                return
            if update.chat_id is not None:
                text = words(pick(update.language_code)).t("That did not work: it is my fault, and it is in my log.")
                tx.inbox.owe(number, update.chat_id, "sendMessage", {"text": text}, now)
            tx.inbox.handled(self._bot_id, number, now, update.date_ms or now)

        try:
            await self._store.write(job)
        except StoreError as error:
            log.error("update.failure_unsaved", extra={"update": number, "cause": str(error)})
            await self._clock.sleep(STORE_RETRY_MS)
            return False
        except Exception:
            log.exception("update.failure_unstorable", extra={"update": number})
            await self._clock.sleep(STORE_RETRY_MS)
            return False
        return final

    async def _fail(self, outcome: Outcome) -> None:
        """Tell the gate, and wait; a refused token or another poller halts all sending."""
        if isinstance(outcome, Halted):
            self._gate.halt("intake", f"getUpdates: {outcome.cause}")
        elif isinstance(outcome, Paused):
            log.warning("telegram.paused", extra={"method": "getUpdates", "seconds": outcome.retry_after_s})
        else:
            self._gate.unheard(POLLING, getattr(outcome, "cause", ""))
        wait = BACKOFF_MS[min(self._failures, len(BACKOFF_MS) - 1)]
        if isinstance(outcome, Paused):
            wait = max(wait, outcome.retry_after_s * SECOND)
        elif not isinstance(outcome, NotSent | Halted):
            wait = min(wait, BACKOFF_MS[2])
        self._failures += 1
        await self._clock.sleep(wait)

    def _worked(self) -> None:
        if self._failures:
            self._failures = 0
            self._gate.heard(POLLING)
        self._gate.resume("intake")


def _tell_failed(one: Arrived, handled: Handled, error: Exception, attempts: int) -> None:
    one.journey.span.fail(type(error).__name__)
    said = {"update": one.row.update_id, "handler": handled.handler, "attempts": attempts, "user": one.said.user_id}
    if attempts < TRIES:
        log.warning("update.failed", extra=said, exc_info=error)
    else:
        log.error("update.given_up", extra=said, exc_info=error)


def _row(raw: dict[str, object]) -> Row:
    update = incoming(raw)
    number = raw["update_id"]
    assert isinstance(number, int)
    return Row(number, update.chat_id or NOBODY, raw, 0)
