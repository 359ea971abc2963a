"""Errands: one after the other, each tried again after a fault, given up with a word, and no two at once."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from random import Random

import pytest

from planner import service
from planner.errands import FAULTS_MAX, Errands, Lost, Work
from planner.store import Store, Tx
from planner.store.errands import Errand
from planner.telegram.outcomes import Outcome, Refused, Unclear
from tests.virtual import START, FakeClock
from tests.world import HOUR, MINUTE, SECOND, at_once


class Source:
    """Gives what it was told to give, one after the other, and the last for ever."""

    def __init__(self, *given: bytes | Outcome) -> None:
        self.given = list(given)
        self.asked: list[tuple[str, int]] = []

    async def download(self, file_id: str, max_bytes: int) -> bytes | Outcome:
        self.asked.append((file_id, max_bytes))
        return self.given.pop(0) if len(self.given) > 1 else self.given[0]


class Done:
    """Notes what errands are finished with."""

    def __init__(self, parts: int = 1, faults: int = 0) -> None:
        self.parts, self.faults = parts, faults
        self.seen: list[object] = []

    def finish(self, tx: Tx, errand: Errand, ready: object, now: int) -> bool:
        if self.faults:
            self.faults -= 1
            raise RuntimeError("a fault of ours")
        self.seen.append(ready)
        at = errand.progress.get("at", 0) + 1
        tx.errands.keep(errand.id, {"at": at})
        return at >= self.parts or isinstance(ready, Lost)


async def a_store(folder: Path, files: int = 1) -> Store:
    store = Store(folder / "planner.db", inline=True)
    await store.write(lambda tx: service.welcome(tx, 1, 1, "Alice", "en", "UTC", START))
    for number in range(files):
        await store.write(
            lambda tx, number=number: tx.errands.add(1, 1, "file", 5 + number, START, START, f"file{number}")
        )
    return store


def upper(content: object) -> object:
    assert isinstance(content, bytes)
    return content.upper()


async def run(store: Store, clock: FakeClock, source: Source, done: Done, *, wait: int = MINUTE) -> None:
    works = {"file": Work(upper, done.finish, max_bytes=99)}
    errands = Errands(store, source, clock, 1, works, Random(1), at_once)
    store.listen(errands.changed)
    task = asyncio.get_running_loop().create_task(errands.run())
    await clock.sleep(wait)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_what_is_fetched_is_made_ready_and_taken_in_once(tmp_path: Path, clock: FakeClock) -> None:
    store, source, done = await a_store(tmp_path), Source(b"abc"), Done()
    await run(store, clock, source, done)
    assert source.asked == [("file0", 99)]
    assert done.seen == [b"ABC"]
    assert await store.read(lambda tx: tx.errands.next(1)) is None


async def test_a_large_one_is_taken_in_by_parts(tmp_path: Path, clock: FakeClock) -> None:
    store, source, done = await a_store(tmp_path), Source(b"abc"), Done(parts=4)
    await run(store, clock, source, done)
    assert done.seen == [b"ABC"] * 4
    assert len(source.asked) == 1


async def test_one_that_cannot_be_fetched_lets_the_next_one_pass(tmp_path: Path, clock: FakeClock) -> None:
    store, source, done = await a_store(tmp_path, files=2), Source(Unclear("502"), b"second", b"first"), Done()
    await run(store, clock, source, done)
    assert [file for file, _ in source.asked] == ["file0", "file1", "file0"]
    assert done.seen == [b"SECOND", b"FIRST"]


async def test_what_telegram_will_never_give_is_given_up_at_once(tmp_path: Path, clock: FakeClock) -> None:
    store, source, done = await a_store(tmp_path), Source(Refused("400")), Done()
    await run(store, clock, source, done)
    assert [type(one) for one in done.seen] == [Lost]
    assert len(source.asked) == 1


async def test_tries_grow_rarer(tmp_path: Path, clock: FakeClock) -> None:
    store, source, done = await a_store(tmp_path), Source(Unclear("502")), Done()
    await run(store, clock, source, done, wait=HOUR)
    assert 8 <= len(source.asked) <= 20
    assert done.seen == []


async def test_a_fault_of_ours_is_tried_again_and_then_said(
    tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, "planner.errands")
    store, source, done = await a_store(tmp_path), Source(b"abc"), Done(faults=FAULTS_MAX)
    await run(store, clock, source, done)
    assert [type(one) for one in done.seen] == [Lost]
    assert await store.read(lambda tx: tx.errands.next(1)) is None


async def test_one_that_fails_in_every_way_is_dropped(
    tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, "planner.errands")
    store, source, done = await a_store(tmp_path), Source(b"abc"), Done(faults=99)
    await run(store, clock, source, done)
    assert done.seen == []
    assert await store.read(lambda tx: tx.errands.next(1)) is None


async def test_another_bots_errands_are_left_to_it(tmp_path: Path, clock: FakeClock) -> None:
    store, source, done = await a_store(tmp_path, files=0), Source(b"abc"), Done()
    await store.write(lambda tx: tx.errands.add(2, 1, "file", 5, START, START, "file0"))
    await run(store, clock, source, done, wait=SECOND)
    assert source.asked == []
