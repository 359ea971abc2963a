"""What has to be done again and again for the promises to hold: recover, judge, give up, look ahead, forget."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

from planner import due, messages, recur, service
from planner.catalogue import reminders
from planner.clock import Clock
from planner.i18n import words
from planner.model import DAY, HOUR, MINUTE, State, User
from planner.owing import SEEN_BACK_MS, SOON_MS, Ahead
from planner.scheduler import Job
from planner.store import Store, Tx
from planner.store.account import TO_SCRUB
from planner.store.db import StoreError
from planner.store.feeds import TO_EMPTY
from planner.telemetry import Telemetry, tracing

log = logging.getLogger(__name__)

LOOK_AHEAD_MS = due.HORIZON_MS - DAY // 2
"""What reaches less far than this is extended to the horizon."""
CHUNK = 200
"""Rows a transaction takes on, so that no other writer waits long."""
SHORT_MS = SOON_MS + HOUR
"""What reaches less far than this was too much for one transaction, and is extended within a minute."""
OWED_AT_ONCE = 5_000
"""Reminders that looking ahead owes in one transaction, about; the same reason."""
UPDATES_KEPT_MS = 2 * DAY
"""Telegram keeps an update for a day; numbers of handled ones stay twice that, so that none is done twice."""
TRIES_WITHIN_MS = 2 * MINUTE
"""While Telegram does not answer, each reminder is tried more often than this."""
NAMED_MAX = 20
"""Users whose numbers stand in one line of the log."""
UPDATE_ZONES = "update tzdata: until then their time is UTC"
PROBES_KEPT_MS = DAY
"""Of those that were well; why others were not stays as long as reminders do: reports say it."""
CHANGES_KEPT_MS = 2 * service.UNDO_MS
EVERY_MS = MINUTE
"""So often the planner notes that it is there, and does what cannot wait."""

Admits = Callable[[Tx, int], bool]
"""Whether a user, by their id, may use the bot."""
Reachable = Callable[[], bool]
"""Whether Telegram takes messages, as far as is known."""


class Housekeeping:
    """The recurring work on the database; each job is safe to run at any time and as often as one likes."""

    def __init__(self, store: Store, clock: Clock, keep_days: int, *, admits: Admits, reachable: Reachable,
                 telemetry: Telemetry | None = None) -> None:  # fmt: skip
        self._telemetry = telemetry or Telemetry()
        self._store = store
        self._clock = clock
        self._keep_ms = keep_days * DAY
        self._admits = admits
        self._reachable = reachable

    async def recover(self) -> None:
        """Before anything is sent: take over what a crash left, judge what came due meanwhile, owe what is lacking."""
        now = self._clock.now()
        await self._store.write(lambda tx: tx.counts.begin(now))
        reclaimed = await self._store.write(lambda tx: tx.reminders.reclaim(now))
        await self._store.write(lambda tx: tx.probes.reclaim(now))
        if reclaimed:
            self._telemetry.metrics.add(reminders.RECLAIMED, by=len(reclaimed))
        await self._store.write(self._freeze_dismissed)
        if lost := await self._store.read(_in_unknown_zones):
            log.error("users.zone_unknown", extra={
                "users": len(lost), "user": _some(lost), "do": UPDATE_ZONES})  # fmt: skip
        if zones := await self._store.read(_unknown_zones_of_events):
            log.warning("events.zone_unknown", extra={
                "events": sum(zones.values()), "zones": sorted(zones), "do": UPDATE_ZONES})  # fmt: skip
        await self.look_ahead(now)
        await self.minute(now)

    def _freeze_dismissed(self, tx: Tx) -> None:
        """Nothing is sent to those who may no longer use the bot; writing thaws whoever may again."""
        dismissed = [user_id for user_id in tx.users.awake() if not self._admits(tx, user_id)]
        if dismissed:
            tx.users.dismiss(dismissed)
            log.warning("users.dismissed", extra={
                "users": len(dismissed), "user": _some(dismissed),
                "do": "they get nothing more; PLANNER_USERS says who may use the bot"})  # fmt: skip

    def jobs(self) -> list[Job]:
        """All of it, for the scheduler."""
        return [Job("minute", self.minute), Job("look_ahead", self.look_ahead), Job("forget", self.forget)]

    async def minute(self, now: int) -> int:
        """Note that the planner is there, judge what is overdue, give up what no longer matters and tell its users.

        What many events at once still lack is owed, too.
        """
        idle, short = await self._store.read(lambda tx: (_idle(tx, now), tx.events.lacking(now + SHORT_MS, 1)))
        if short:
            await self.look_ahead(now)
        await self._store.write(lambda tx: _beat(tx, now), hurry=False)
        if idle:
            return now + EVERY_MS
        tracing.current().set(work=True)
        overdue = await self._store.read(lambda tx: _overdue(tx, now))
        while overdue:
            overdue = await self._store.write(lambda tx: _judge(tx, now)) >= CHUNK
        while await self._store.write(lambda tx: give_up(tx, now)) if await self._expired(now) else False:
            pass
        await self._tell(now)
        await self._scrub()
        return now + EVERY_MS

    async def _scrub(self) -> None:
        try:
            await self._store.scrub()
        except StoreError as error:
            log.error("db.not_scrubbed", extra={
                "cause": str(error), "do": "what was deleted may stand in the file until it works"})  # fmt: skip

    async def _tell(self, now: int) -> None:
        """Tell each user of all they have missed, in one summary, put into words when it can be sent."""
        if not self._reachable() and await self._store.read(lambda tx: tx.reminders.tried(now + TRIES_WITHIN_MS)):
            return  # these find out when Telegram is back, and all that is missed until then goes into one summary
        users = await self._store.read(lambda tx: [user.id for user in tx.missed.untold() if _may_tell(tx, user, now)])
        for user_id in users:
            await self._store.write(partial(tell_missed, user_id=user_id, now=now))

    async def look_ahead(self, now: int) -> int:
        """Owe the reminders of recurring events and the daily plans up to the horizon."""
        while await self._store.write(lambda tx: _extend(tx, now)):
            tracing.current().set(work=True)
        return now + 6 * HOUR

    async def forget(self, now: int) -> int:
        """Drop what is older than it is kept; counts stay."""
        await self._store.write(lambda tx: tx.inbox.forget(now - UPDATES_KEPT_MS))
        await self._store.write(lambda tx: tx.people.forget_invites(now))
        await self._store.write(lambda tx: tx.probes.forget(now - PROBES_KEPT_MS, now - self._keep_ms))
        await self._store.write(lambda tx: tx.events.forget_changes(now - CHANGES_KEPT_MS))
        await self._store.write(lambda tx: tx.events.forget_past_occurrences(now - SEEN_BACK_MS))
        while await self._store.write(lambda tx: tx.reminders.forget(now - self._keep_ms, CHUNK)) >= CHUNK:
            pass
        while await self._store.write(lambda tx: tx.syncs.forget(now - self._keep_ms, CHUNK)) >= CHUNK:
            pass
        await self._store.empty_log()
        return now + DAY

    async def _expired(self, now: int) -> bool:
        return bool(await self._store.read(lambda tx: tx.missed.expired(now, 1)))


def _beat(tx: Tx, now: int) -> None:
    tx.counts.beat(now)
    tx.hourly.note(now)


def _idle(tx: Tx, now: int) -> bool:
    """Whether there is nothing to do this minute: most minutes are like that, and cost one look."""
    deleted = tx.settings.get(TO_SCRUB) or tx.settings.get(TO_EMPTY)
    return not (deleted or tx.missed.expired(now, 1) or tx.missed.untold() or _overdue(tx, now))


def _some(user_ids: list[int]) -> str:
    return " ".join(map(str, user_ids[:NAMED_MAX]))


def _in_unknown_zones(tx: Tx) -> list[int]:
    return [user_id for user_id, zone in tx.users.zones() if not due.knows(zone)]


def _unknown_zones_of_events(tx: Tx) -> dict[str, int]:
    return {zone: events for zone, events in tx.events.zones() if not due.knows(zone)}


def _overdue(tx: Tx, now: int) -> bool:
    return tx.reminders.overdue(now) or tx.inbox.overdue(now, due.ANSWER_WITHIN_MS) or tx.probes.overdue(now)


def _judge(tx: Tx, now: int) -> int:
    return max(
        tx.reminders.judge_overdue(now, CHUNK),
        tx.inbox.judge_overdue(now, due.ANSWER_WITHIN_MS, CHUNK),
        tx.probes.judge_overdue(now, CHUNK),
    )


def give_up(tx: Tx, now: int) -> bool:
    """Mark what has expired of one user as missed; False when nobody has any."""
    first = tx.missed.expired(now, 1)
    if not first:
        return False
    user = first[0].user
    tx.reminders.end(tx.missed.expired_of(user.id, now), State.MISSED, now, "too late to matter")
    return True


def _may_tell(tx: Tx, user: User, now: int) -> bool:
    """Not in quiet hours, and not while an earlier summary still waits to be sent."""
    return (
        not user.frozen and due.quiet_around(now, user.quiet, user.zone) is None and not tx.inbox.noticed(user.chat_id)
    )


def tell_missed(tx: Tx, user_id: int, now: int) -> None:
    """Owe a user the summary of what they missed and have not been told of."""
    user = tx.users.get(user_id)
    missed = [one for one in map(tx.reminders.get, tx.missed.tell(user_id)) if one is not None]
    if user is None or not missed:
        return
    marks = tx.feed_events.marks(one.reminder.event_id for one in missed if one.reminder.event_id is not None)
    items = [
        messages.Item(service.title_of(tx, one), one.reminder.occurrence_at, one.reminder.due_at,
                      mark=marks.get(one.reminder.event_id or 0, ""))
        for one in missed
    ]  # fmt: skip
    for params in messages.missed(words(user.lang), user, items, now):
        tx.inbox.owe(None, user.chat_id, "sendMessage", params, now)


def _extend(tx: Tx, now: int) -> bool:
    events = tx.events.lacking(now + LOOK_AHEAD_MS, CHUNK)
    owed = 0
    for event, until in events:
        if owed >= OWED_AT_ONCE:
            break
        user = tx.users.get(event.user_id)
        if user is None:
            continue
        owed += service.extend_event(
            tx, event, user, since=until, until=now + due.HORIZON_MS, set_at=tx.events.set_at(event.id)
        )
        if recur.next_start(event, service.zone_of(event, user), now) is None:
            tx.events.set_ahead([Ahead(event, (), None)])
    plans = tx.users.lacking_plans(now + LOOK_AHEAD_MS, CHUNK)
    for user, until in plans:
        service.set_plans(tx, user, until, now)
    return bool(events or plans)
