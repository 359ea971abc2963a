"""What Telegram sends in: committed raw before its offset moves, then handled in order per chat, chats side by side.

An update's change, the mark that it is done, and the answers owed for it are one transaction.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping
from typing import Protocol

from planner.clock import Clock
from planner.i18n import pick, words
from planner.journeys import Journeys
from planner.model import HOUR, SECOND
from planner.store import Store, Tx
from planner.store.db import StoreError
from planner.store.inbox import Update as Row
from planner.telegram.incoming import Incoming, incoming
from planner.telegram.outcomes import Halted, NotSent, Outcome, Paused
from planner.telemetry import Telemetry

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

Handler = Callable[[Tx, Incoming, int], None]


class Source(Protocol):
    """Where updates come from; ``planner.telegram.client.Telegram`` is one."""

    async def updates(self, offset: int, timeout_s: int) -> list[dict[str, object]] | Outcome: ...

    async def call(self, method: str, params: Mapping[str, object]) -> Outcome: ...


class Gate(Protocol):
    """What is told when Telegram does not let this bot in, and when it does again."""

    def halt(self, who: str, why: str) -> None: ...

    def resume(self, who: str) -> None: ...


class Intake:
    def __init__(
        self, store: Store, source: Source, clock: Clock, bot_id: int, handle: Handler, gate: Gate,
        poll_s: int = POLL_S, telemetry: Telemetry | None = None, journeys: Journeys | None = None,
    ) -> None:  # fmt: skip
        self._store = store
        self._source = source
        self._clock = clock
        self._telemetry = telemetry or Telemetry()
        self._journeys = journeys or Journeys(self._telemetry)
        self._bot_id = bot_id
        self._handle = handle
        self._gate = gate
        self._poll_s = poll_s
        self._waiting: dict[int, deque[Row]] = {}
        self._workers: set[asyncio.Task[None]] = set()
        self._told_at: dict[int, int] = {}
        self._failures = 0

    async def run(self) -> None:
        """Take over what an earlier run left, then poll for ever."""
        left = await self._store.read(lambda tx: tx.inbox.waiting(self._bot_id))
        self._dispatch(left)
        offset = left[-1].update_id + 1 if left else 0
        while True:
            offset = await self._poll(offset)

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
        if not await self._keep(rows):
            return offset
        self._dispatch(rows)
        return max(row.update_id for row in rows) + 1

    async def _keep(self, rows: list[Row]) -> bool:
        """Commit what came. Where the disk refuses, Telegram keeps it: the offset stays, and its senders are told."""
        now = self._clock.now()
        try:
            await self._store.write(lambda tx: tx.inbox.put(self._bot_id, rows, now))
        except StoreError as error:
            log.error("updates cannot be saved; Telegram keeps them until they can be", extra={"cause": str(error)})
            await self._tell_unsaved(rows)
            await self._clock.sleep(STORE_RETRY_MS)
            return False
        except Exception:
            if len(rows) > 1:
                return all([await self._keep([row]) for row in rows])
            log.exception("an update can never be stored, so it is left out", extra={"update": rows[0].update_id})
        return True

    async def _tell_unsaved(self, rows: list[Row]) -> None:
        now = self._clock.now()
        for row in rows:
            if row.chat_id <= NOBODY or now - self._told_at.get(row.chat_id, -HOUR) < HOUR:
                continue
            self._told_at[row.chat_id] = now
            said = words(pick(incoming(row.raw).language_code))
            text = said.t(
                "I cannot save anything right now. I have not lost your message, and will answer it as soon as I can."
            )
            await self._source.call("sendMessage", {"chat_id": row.chat_id, "text": text})

    def _dispatch(self, rows: list[Row]) -> None:
        for row in rows:
            queue = self._waiting.get(row.chat_id)
            if queue is not None:
                queue.append(row)
                continue
            self._waiting[row.chat_id] = deque([row])
            worker = asyncio.get_running_loop().create_task(self._work(row.chat_id))
            self._workers.add(worker)
            worker.add_done_callback(self._workers.discard)

    async def _work(self, chat_id: int) -> None:
        queue = self._waiting.get(chat_id)  # gone where it was stopped before it began
        while queue and self._waiting.get(chat_id) is queue:
            await self._handle_one(queue[0])
            queue.popleft()
        if queue is not None and self._waiting.get(chat_id) is queue:
            del self._waiting[chat_id]

    async def _handle_one(self, row: Row) -> None:
        """Handle until it is done: a handler that fails is tried again, then given up; a full disk is waited out."""
        tries = row.tries
        while True:
            try:
                await self._store.write(lambda tx: self._in_transaction(tx, row))
            except StoreError as error:
                log.error("an update cannot be handled now", extra={"update": row.update_id, "cause": str(error)})
                await self._tell_unsaved([row])
                await self._clock.sleep(STORE_RETRY_MS)
            except Exception:
                tries += 1
                log.exception("an update could not be handled", extra={"update": row.update_id, "tries": tries})
                if await self._give_up(row, final=tries >= TRIES):
                    return
            else:
                return

    def _in_transaction(self, tx: Tx, row: Row) -> None:
        if not tx.inbox.waits(self._bot_id, row.update_id):
            return
        update, now = incoming(row.raw), self._clock.now()
        self._handle(tx, update, now)
        asked_at = (update.date_ms or now) if tx.news.answers else None
        tx.inbox.handled(self._bot_id, row.update_id, now, asked_at)

    async def _give_up(self, row: Row, *, final: bool) -> bool:
        now = self._clock.now()
        update = incoming(row.raw)

        def job(tx: Tx) -> None:
            if not final:
                tx.inbox.failed(self._bot_id, row.update_id)
                return
            if update.chat_id is not None:
                text = words(pick(update.language_code)).t("That did not work: it is my fault, and it is in my log.")
                tx.inbox.owe(row.update_id, update.chat_id, "sendMessage", {"text": text}, now)
            tx.inbox.handled(self._bot_id, row.update_id, now, update.date_ms or now)

        try:
            await self._store.write(job)
        except StoreError as error:
            log.error("an update's failure cannot be saved", extra={"update": row.update_id, "cause": str(error)})
            await self._clock.sleep(STORE_RETRY_MS)
            return False
        except Exception:
            log.exception("an update can be neither handled nor given up", extra={"update": row.update_id})
            await self._clock.sleep(STORE_RETRY_MS)
            return False
        return final

    async def _fail(self, outcome: Outcome) -> None:
        """Say once an outage that it began, and wait; a refused token or another poller halts all sending."""
        if isinstance(outcome, Halted):
            self._gate.halt("intake", f"getUpdates: {outcome.cause}")
        elif not self._failures:
            log.warning("Telegram cannot be reached; waiting", extra={"cause": getattr(outcome, "cause", "")})
        wait = BACKOFF_MS[min(self._failures, len(BACKOFF_MS) - 1)]
        if isinstance(outcome, Paused):
            wait = max(wait, outcome.retry_after_s * SECOND)
        elif not isinstance(outcome, NotSent | Halted):
            wait = min(wait, BACKOFF_MS[2])
        self._failures += 1
        await self._clock.sleep(wait)

    def _worked(self) -> None:
        if self._failures:
            log.warning("Telegram is reachable again", extra={"failed_polls": self._failures})
            self._failures = 0
        self._gate.resume("intake")


def _row(raw: dict[str, object]) -> Row:
    update = incoming(raw)
    number = raw["update_id"]
    assert isinstance(number, int)
    return Row(number, update.chat_id or NOBODY, raw, 0)
