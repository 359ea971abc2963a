"""Transactions, with all that can be asked and changed in them; their news is told once they are on disk."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from planner.clock import ticks
from planner.store.account import TO_SCRUB, Account
from planner.store.alert_messages import AlertMessages
from planner.store.alerts import Alerts
from planner.store.census import FREE_NS, SHARE, Census, census
from planner.store.counts import Counts
from planner.store.db import Database, Refused
from planner.store.errands import Errands
from planner.store.events import Events
from planner.store.feed_events import FeedEvents
from planner.store.feeds import TO_EMPTY, Feeds
from planner.store.figures import Figures
from planner.store.hourly import Hourly
from planner.store.inbox import Inbox
from planner.store.jobs import empty_log, rewrite
from planner.store.missed import Missed
from planner.store.news import News
from planner.store.people import People
from planner.store.probes import Probes
from planner.store.published import Published
from planner.store.pulse import Pulse
from planner.store.reminders import Reminders
from planner.store.report import Evidences
from planner.store.schema import MIGRATIONS
from planner.store.settings import Settings
from planner.store.standing import Standing
from planner.store.syncs import Syncs
from planner.store.totals import Totals
from planner.store.users import Users
from planner.telemetry import Telemetry

SQLITE_VERSION = sqlite3.sqlite_version

T = TypeVar("T")
Listener = Callable[[News], None]


class Tx:
    """One transaction: what can be asked and changed in it, a subject an attribute."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self.news = News()

    @cached_property
    def users(self) -> Users:
        return Users(self._db)

    @cached_property
    def events(self) -> Events:
        return Events(self._db)

    @cached_property
    def reminders(self) -> Reminders:
        return Reminders(self._db, self.counts, self.news)

    @cached_property
    def missed(self) -> Missed:
        return Missed(self._db)

    @cached_property
    def inbox(self) -> Inbox:
        return Inbox(self._db, self.counts, self.news)

    @cached_property
    def people(self) -> People:
        return People(self._db)

    @cached_property
    def errands(self) -> Errands:
        return Errands(self._db, self.news)

    @cached_property
    def feeds(self) -> Feeds:
        return Feeds(self._db, self.news)

    @cached_property
    def figures(self) -> Figures:
        return Figures(self._db)

    @cached_property
    def feed_events(self) -> FeedEvents:
        return FeedEvents(self._db, self.news)

    @cached_property
    def syncs(self) -> Syncs:
        return Syncs(self._db, self.counts, self.totals)

    @cached_property
    def probes(self) -> Probes:
        return Probes(self._db, self.counts, self.news)

    @cached_property
    def published(self) -> Published:
        return Published(self._db)

    @cached_property
    def account(self) -> Account:
        return Account(self._db, self.counts, self.news)

    @cached_property
    def standing(self) -> Standing:
        return Standing(self._db, self.news)

    @cached_property
    def counts(self) -> Counts:
        return Counts(self._db)

    @cached_property
    def hourly(self) -> Hourly:
        return Hourly(self._db)

    @cached_property
    def pulse(self) -> Pulse:
        return Pulse(self._db)

    @cached_property
    def totals(self) -> Totals:
        return Totals(self._db)

    @cached_property
    def evidence(self) -> Evidences:
        return Evidences(self._db, self.counts)

    @cached_property
    def alerts(self) -> Alerts:
        return Alerts(self._db)

    @cached_property
    def alert_messages(self) -> AlertMessages:
        return AlertMessages(self._db)

    @cached_property
    def settings(self) -> Settings:
        return Settings(self._db)


class Store:
    """The planner's database. ``listen`` before the first write; listeners run in the event loop's thread."""

    def __init__(self, path: Path, *, inline: bool = False, telemetry: Telemetry | None = None) -> None:
        self._db = Database(path, MIGRATIONS, inline=inline, telemetry=telemetry)
        self._listeners: list[Listener] = []
        self._path = path
        self._counted: Census | None = None
        self._count_again = 0

    def listen(self, listener: Listener) -> None:
        """Tell ``listener`` what each transaction changed, once it is committed."""
        self._listeners.append(listener)

    async def write(self, job: Callable[[Tx], T], *, hurry: bool = True, patient: bool = True) -> T:
        """Run ``job`` in a transaction; returns when that is on disk. ``job`` may be run twice.

        What is in no ``hurry`` is committed together with others of its kind, a few milliseconds later. What is not
        ``patient`` fails at once where another program has the lock.
        """

        def run(connection: sqlite3.Connection) -> tuple[T, News]:
            tx = Tx(connection)
            return job(tx), tx.news

        result, _ = await self._db.write(run, self._tell, hurry=hurry, patient=patient)
        return result

    async def read(self, job: Callable[[Tx], T]) -> T:
        """Run ``job`` on a snapshot of what is committed; it cannot write."""
        return await self._db.read(lambda connection: job(Tx(connection)))

    @property
    def refused(self) -> Refused | None:
        """Why nothing can be written, and since when; ``None`` where the last that was to be changed was saved."""
        return self._db.refused

    async def census(self) -> Census:
        """What is counted row by row: as it is, or as it was a while ago where counting takes long."""
        if self._counted is None or ticks() >= self._count_again:
            began = ticks()
            self._counted = await self._db.read(census)
            took = ticks() - began
            self._count_again = ticks() + (took * SHARE if took > FREE_NS else 0)
        return self._counted

    def sizes(self) -> dict[str, int]:
        """Bytes of the file (``main``) and of its write-ahead log (``wal``)."""
        paths = {"main": self._path, "wal": self._path.with_name(self._path.name + "-wal")}
        return {name: path.stat().st_size if path.exists() else 0 for name, path in paths.items()}

    def disk(self) -> dict[str, int]:
        """Bytes of the disk that the file is on: what is left (``free``), and what there is (``all``)."""
        disk = os.statvfs(self._path.absolute().parent)
        return {"free": disk.f_bavail * disk.f_frsize, "all": disk.f_blocks * disk.f_frsize}

    async def empty_log(self) -> None:
        """Leave nothing of what was deleted in the write-ahead log, unless a reader is in the way."""
        await self._db.scrub(empty_log)

    async def scrub(self) -> None:
        """Leave nothing in the files of those who were forgotten, and of addresses, if any were since the last time."""
        if await self.read(lambda tx: tx.settings.get(TO_SCRUB)) and await self._db.scrub(rewrite):
            await self.write(lambda tx: tx.settings.drop(TO_SCRUB))
        if await self.read(lambda tx: tx.settings.get(TO_EMPTY)) and await self._db.scrub(empty_log):
            await self.write(lambda tx: tx.settings.drop(TO_EMPTY))

    def close(self) -> None:
        self._db.close()

    def _tell(self, done: tuple[object, News]) -> None:
        _, news = done
        if news:
            faults = [fault for listener in self._listeners if (fault := _told(listener, news)) is not None]
            if faults:
                raise ExceptionGroup("listeners", faults)


def _told(listener: Listener, news: News) -> Exception | None:
    """One that fails keeps the news from no other."""
    try:
        listener(news)
    except Exception as fault:  # noqa: BLE001  # whoever tells them all says so
        return fault
    return None
