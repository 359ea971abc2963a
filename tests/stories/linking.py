"""Linking a calendar without the words around it: an address as the chat hands it on, and what is kept of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from planner import calendars
from planner.model import Feed, User
from planner.store import Tx
from tests.world import SECOND, Person, World

T = TypeVar("T")
URL = "https://cloud.example/secret/work.ics"


async def link(person: Person, text: str, url: str = URL) -> list[str]:
    """Put a calendar at an address and link it; what its user is told."""
    person.world.web[url] = text
    await act(person, lambda tx, user: calendars.link(tx, user, url, person.world.clock.now()))
    return await person.read(5 * SECOND)


async def act(person: Person, job: Callable[[Tx, User], T]) -> T:
    """Something that a user does, in one transaction."""

    def run(tx: Tx) -> T:
        user = tx.users.get(person.user.id)
        assert user is not None
        return job(tx, user)

    return await person.world.store.write(run)


async def feed(world: World, number: int = 0) -> Feed:
    """A linked calendar."""
    found = await world.store.read(lambda tx: [one for user in tx.users.ids() for one in tx.feeds.of_user(user)])
    return found[number]


async def changed(person: Person, job: Callable[[Feed], Feed]) -> None:
    """A setting of the first calendar is another one."""
    now = await feed(person.world)
    await act(person, lambda tx, _: tx.feeds.save(job(now)))


async def sync(person: Person, text: str | None = None, url: str = URL) -> list[str]:
    """The calendar has changed, and is synced because its user asks for it; what they are told."""
    if text is not None:
        person.world.web[url] = text
    now = person.world.clock.now()
    found = next(one for one in await act(person, lambda tx, user: tx.feeds.of_user(user.id)) if one.url == url)
    await act(person, lambda tx, _: calendars.ask(tx, found, now))
    return await person.read(5 * SECOND)


async def held(world: World) -> list[tuple[object, ...]]:
    """The events of linked calendars that are there: id, title, start, rule, part."""
    rows = await world.query("SELECT id, title, start_local, rrule, part FROM events WHERE feed_id IS NOT NULL"
                             " AND deleted_at IS NULL ORDER BY id")  # fmt: skip
    return [tuple(row.values()) for row in rows]


__all__ = ["URL", "act", "changed", "feed", "held", "link", "sync"]
