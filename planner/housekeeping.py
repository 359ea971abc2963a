"""What has to be done again and again for the promises to hold: recover, judge, give up, look ahead, forget."""

from __future__ import annotations

import logging

from planner import due, messages, recur, service
from planner.clock import Clock
from planner.i18n import words
from planner.model import DAY, HOUR, MINUTE, Kind, State, User
from planner.scheduler import Job
from planner.store import Store, Tx
from planner.store.reminders import Owed

log = logging.getLogger(__name__)

LOOK_AHEAD_MS = due.HORIZON_MS - DAY // 2
"""What reaches less far than this is extended to the horizon."""
CHUNK = 200
"""Rows a transaction takes on, so that no other writer waits long."""
UPDATES_KEPT_MS = 2 * DAY
"""Telegram keeps an update for a day; numbers of handled ones stay twice that, so that none is done twice."""
CHANGES_KEPT_MS = 2 * service.UNDO_MS


class Housekeeping:
    """The recurring work on the database; each job is safe to run at any time and as often as one likes."""

    def __init__(self, store: Store, clock: Clock, keep_days: int) -> None:
        self._store = store
        self._clock = clock
        self._keep_ms = keep_days * DAY

    async def recover(self) -> None:
        """Before anything is sent: take over what a crash left, judge what came due meanwhile, owe what is lacking."""
        now = self._clock.now()
        reclaimed = await self._store.write(lambda tx: tx.reminders.reclaim(now))
        if reclaimed:
            log.warning(
                "reminders were in flight when the last run ended; they are sent again", extra={"reminders": reclaimed}
            )
        await self.look_ahead(now)
        await self.minute(now)

    def jobs(self) -> list[Job]:
        """All of it, for the scheduler."""
        return [Job("minute", self.minute), Job("look ahead", self.look_ahead), Job("forget", self.forget)]

    async def minute(self, now: int) -> int:
        """Judge what is overdue, and give up what no longer matters, telling its users once."""
        overdue = await self._store.read(lambda tx: _overdue(tx, now))
        while overdue:
            overdue = await self._store.write(lambda tx: _judge(tx, now)) >= CHUNK
        while await self._store.write(lambda tx: give_up(tx, now)) if await self._expired(now) else False:
            pass
        return now + MINUTE

    async def look_ahead(self, now: int) -> int:
        """Owe the reminders of recurring events and the daily plans up to the horizon."""
        while await self._store.write(lambda tx: _extend(tx, now)):
            pass
        return now + 6 * HOUR

    async def forget(self, now: int) -> int:
        """Drop what is older than it is kept; counts stay."""
        await self._store.write(lambda tx: tx.inbox.forget(now - UPDATES_KEPT_MS))
        await self._store.write(lambda tx: tx.events.forget_changes(now - CHANGES_KEPT_MS))
        await self._store.write(lambda tx: tx.events.forget_past_occurrences(now - service.SEEN_BACK_MS))
        while await self._store.write(lambda tx: tx.reminders.forget(now - self._keep_ms, CHUNK)) >= CHUNK:
            pass
        return now + DAY

    async def _expired(self, now: int) -> bool:
        return bool(await self._store.read(lambda tx: tx.reminders.expired(now, 1)))


def _overdue(tx: Tx, now: int) -> bool:
    return tx.reminders.overdue(now) or tx.inbox.overdue(now, due.ANSWER_WITHIN_MS)


def _judge(tx: Tx, now: int) -> int:
    return max(tx.reminders.judge_overdue(now, CHUNK), tx.inbox.judge_overdue(now, due.ANSWER_WITHIN_MS, CHUNK))


def give_up(tx: Tx, now: int) -> bool:
    """Mark a chunk of what has expired as missed; one summary a user, after their quiet hours. False when all is done.

    A user's rows come together, so that nobody gets two summaries of one outage.
    """
    first = tx.reminders.expired(now, 1)
    if not first:
        return False
    user = first[0].user
    missed = tx.reminders.expired_of(user.id, now)
    tx.reminders.end([one.reminder.id for one in missed], State.MISSED, now, "too late to matter")
    told = [one for one in missed if one.reminder.kind is not Kind.PLAN]
    log.error("reminders missed", extra={"user": user.id, "reminders": [one.reminder.id for one in missed]})
    if told and not user.frozen:
        _tell_missed(tx, user, told, now)
    return True


def _tell_missed(tx: Tx, user: User, missed: list[Owed], now: int) -> None:
    items = [
        messages.Item(service.title_of(tx, one), one.reminder.occurrence_at, one.reminder.due_at) for one in missed
    ]
    ready_at = due.after_quiet(now, user.quiet, user.zone)
    for params in messages.missed(words(user.lang), user, items, now):
        tx.inbox.owe(None, user.chat_id, "sendMessage", params, now, ready_at)


def _extend(tx: Tx, now: int) -> bool:
    events = tx.events.lacking(now + LOOK_AHEAD_MS, CHUNK)
    for event, until in events:
        user = tx.users.get(event.user_id)
        if user is None:
            continue
        service.extend_event(
            tx, event, user, since=until, until=now + due.HORIZON_MS, set_at=tx.events.set_at(event.id)
        )
        if recur.next_occurrence(event.start_local, service.zone_of(event, user), event.rrule, now) is None:
            tx.events.set_until(event, None, ())
    plans = tx.users.lacking_plans(now + LOOK_AHEAD_MS, CHUNK)
    for user, until in plans:
        service.set_plans(tx, user, until, now)
    return bool(events or plans)
