"""A sync is one trace with all that it did; one that failed is kept, and none names an address. So are errands."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner import sync
from planner.catalogue import calendars, work
from planner.errands import FAULTS_MAX, Errands, Work
from planner.errands import log as errands_log
from planner.feeds.fetched import Fault
from planner.model import Feed, Outcome
from planner.store import Tx
from planner.store.db import UnavailableError
from planner.store.errands import Errand
from planner.store.feeds import Held
from planner.sync import said
from planner.sync.record import Came, Recorded
from planner.telegram.outcomes import Refused, Unclear
from planner.telemetry.logs import _Json
from planner.telemetry.tracing import current
from tests.syncing import Syncing, syncing
from tests.test_errands_are_run import Done, Source, a_store, upper
from tests.virtual import START, FakeClock
from tests.watched import Watched, root, told
from tests.web import calendar, event
from tests.world import HOUR, MINUTE, at_once

URL = "https://canary:canary@calendars.example/canary/basic.ics?token=canary"
FULL = calendar(event("a@x", "Canary", "20261121T120000Z"), event("b@x", "Canary", "20261122T120000Z"))


@contextmanager
def lines(log: logging.Logger) -> Iterator[list[str]]:
    """What is logged within the block, as it leaves."""
    found: list[str] = []
    form, handler = _Json(), logging.Handler()
    handler.emit = lambda record: found.append(form(record))  # type: ignore[method-assign]  # all that is logged
    before = log.level
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)
    try:
        yield found
    finally:
        log.removeHandler(handler)
        log.setLevel(before)


async def linked(one: Syncing, found: str | Fault | Exception, **fields: object) -> Feed:
    """Alice's calendar, which has just been synced for the first time."""
    one.web[URL] = found
    (feed,) = await one.linked(await one.user(), [URL], **fields)
    await one.clock.sleep(MINUTE)
    return feed


def tasks(watched: Watched, worker: str) -> dict[str, float]:
    """A worker's tasks by how they ended."""
    return {outcome: count for (of, outcome), count in watched.counts(work.TASKS).items() if of == worker}


async def again(one: Syncing, found: str | Fault | Exception | None = None) -> None:
    """Let it be synced once more."""
    if found is not None:
        one.web[URL] = found
    (feed,) = await one.feeds()
    await one.clock.sleep(max(0, feed.next_at - one.clock.now()) + MINUTE)


async def test_a_sync_is_a_trace_that_says_what_it_changed(tmp_path: Path, clock: FakeClock) -> None:
    async with syncing(tmp_path, clock) as one:
        feed = await linked(one, FULL)
    (trace,) = one.watched.of("sync")
    span = root(trace)
    assert span.fields == {
        "feed": feed.id,
        "user": 1,
        "asked_for": False,
        "tried": False,
        "outcome": "ok",
        "bytes": len(FULL.encode()),
        "added": 2,
        "changed": 0,
        "gone": 0,
        "skipped": 0,
    }
    assert span.error == ""
    assert "canary" not in told(one.watched).lower()


async def test_what_it_does_are_its_steps(tmp_path: Path, clock: FakeClock) -> None:
    async with syncing(tmp_path, clock) as one:
        seen: list[int] = []
        fetch = one.web.fetch

        async def fetch_within(*args: object, **how: object) -> object:
            seen.append(current().id)
            return await fetch(*args, **how)

        one.web.fetch = fetch_within  # type: ignore[method-assign]  # to look at the span from inside
        await linked(one, FULL)
    (trace,) = one.watched.of("sync")
    assert seen == [root(trace).id]
    steps = [span for span in trace.spans if span.name.startswith("db")]
    assert {span.name for span in steps} >= {"db read", "db write"}
    assert {span.parent for span in steps} <= {span.id for span in trace.spans}


async def test_reminders_are_linked_to_the_sync_that_made_them(tmp_path: Path, clock: FakeClock) -> None:
    async with syncing(tmp_path, clock) as one:
        await linked(one, FULL)
        traces = {bytes(row["trace"])[:16] for row in await one.query("SELECT trace FROM reminders")}
    (trace,) = one.watched.of("sync")
    assert traces == {trace.id.to_bytes(16)}


async def test_each_sync_is_a_trace_of_its_own(tmp_path: Path, clock: FakeClock) -> None:
    async with syncing(tmp_path, clock) as one:
        user = await one.user()
        urls = [f"https://{host}.example/{number}" for host in "abcde" for number in range(4)]
        for url in urls:
            one.web[url] = FULL
        one.web.takes_ms = 10_000
        await one.linked(user, urls)
        await clock.sleep(3 * MINUTE)
    traces = one.watched.of("sync")
    assert len(traces) == len({trace.id for trace in traces}) == len(urls)
    assert len({root(trace).fields["feed"] for trace in traces}) == len(urls)
    assert tasks(one.watched, "sync") == {"ok": len(urls)}


@pytest.mark.parametrize(
    ("found", "outcome", "code"),
    [
        (Fault(Outcome.HTTP_ERROR, "404"), "http_error", "404"),
        (Fault(Outcome.TIMEOUT, "timeout"), "timeout", "timeout"),
        (Fault(Outcome.BLOCKED, "private"), "blocked", "private"),
        ("<html>canary</html>", "invalid", "html"),
        (ValueError(URL), "invalid", "ours"),
    ],
)
async def test_a_sync_that_failed_is_kept_with_its_fault(
    found: str | Fault | Exception, outcome: str, code: str, tmp_path: Path, clock: FakeClock
) -> None:
    async with syncing(tmp_path, clock, sampled=False) as one:
        await linked(one, found)
    (trace,) = one.watched.of("sync")
    assert (root(trace).error, root(trace).fields["outcome"], root(trace).fields["fault"]) == (code, outcome, code)
    ours = code == "ours"
    assert tasks(one.watched, "sync") == {"failed" if ours else "ok": 1}
    assert "canary" not in told(one.watched).lower()


async def test_one_that_went_well_is_kept_only_if_sampled(tmp_path: Path, clock: FakeClock) -> None:
    async with syncing(tmp_path, clock, sampled=False) as one:
        await linked(one, FULL)
        assert one.watched.traces == []
        assert tasks(one.watched, "sync") == {"ok": 1}


async def test_syncs_that_found_nothing_new_are_told_apart(tmp_path: Path, clock: FakeClock) -> None:
    async with syncing(tmp_path, clock) as one:
        await linked(one, FULL)
        assert one.watched.counts(calendars.UNCHANGED) == {}
        await again(one)
        assert one.watched.counts(calendars.UNCHANGED) == {("not_modified",): 1}
        one.web.etags = False
        await again(one)
        assert one.watched.counts(calendars.UNCHANGED) == {("not_modified",): 1, ("same_bytes",): 1}


async def test_the_log_of_a_sync_says_what_it_changed(
    tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "planner.sync")
    async with syncing(tmp_path, clock) as one:
        feed = await linked(one, FULL)
        await again(one)
        await again(one, Fault(Outcome.HTTP_ERROR, "503"))
    done, failed = caplog.records
    assert (done.getMessage(), done.feed, done.added, done.outcome) == ("sync.done", feed.id, 2, "ok")
    assert (failed.getMessage(), failed.levelname, failed.fault) == ("sync.failed", "WARNING", "503")
    assert not any("canary" in str(vars(line)).lower() for line in caplog.records)


async def test_an_address_that_is_no_calendar_is_no_sync_that_failed(
    tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "planner.sync")
    async with syncing(tmp_path, clock) as one:
        one.web[URL] = Fault(Outcome.HTTP_ERROR, "404")
        await one.linked(await one.user(), [URL], linked_at=None)
        await one.clock.sleep(MINUTE)
    (line,) = caplog.records
    assert (line.getMessage(), line.levelname, line.fault) == ("feed.not_linked", "INFO", "404")


@settings(max_examples=80, deadline=None)
@given(
    parts=st.tuples(*[st.text(max_size=12)] * 4),
    scheme=st.sampled_from(["http://", "https://", "webcal:", "", "//"]),
    outcome=st.sampled_from(list(Outcome)),
)
def test_no_odd_address_is_told(parts: tuple[str, ...], scheme: str, outcome: Outcome) -> None:
    watched = Watched(_Still())
    user, host, path, query = parts
    # with what ends an authority in it, the name of a user would be the host's
    url = f"{scheme}canary{quote(user, safe='')}:canary@{host}/canary{path}?canary={query}#canary"
    feed = Feed(id=1, user_id=2, url=url, name="canary", renamed=False, mark="", linked_at=START, leads_s=None,
                alarms=False, muted=False, in_plan=False, tell_days=0, every_min=15, next_at=START, asked_at=None,
                ok_at=None, failures=0, outcome=None, fault="", told_at=None)  # fmt: skip
    came = Came(feed, Held(None, None, None, None, ""), START, 5, outcome, "" if outcome.good else "404")
    with lines(said.log) as logged, said.begun(watched.telemetry, feed) as span:
        said.recorded(watched.telemetry, span, came, Recorded(came.fault, 1))
        said.failed(feed, outcome, "404")
        said.crashed(feed, ValueError(url))
        said.not_kept(feed, "full")
    assert len(logged) >= 3
    assert "canary" not in told(watched) + " ".join(logged)


@pytest.mark.parametrize(
    ("fault", "event"), [(UnavailableError("full"), "sync.not_kept"), (ValueError("canary"), "sync.crashed")]
)
async def test_what_cannot_even_be_written_down_is_said_within_its_trace(
    fault: Exception, event: str, tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise fault

    async with syncing(tmp_path, clock, sampled=False) as one:
        with lines(said.log) as logged:
            monkeypatch.setattr(sync, "record", fails)
            await linked(one, FULL)
            monkeypatch.undo()
            await again(one)
        assert (await one.feeds())[0].outcome is Outcome.OK
    told = [line for line in map(json.loads, logged) if line["event"] == event]
    assert told
    assert {line.get("trace_id") for line in told} <= {f"{trace.id:032x}" for trace in one.watched.of("sync")}
    assert {root(trace).error for trace in one.watched.of("sync")} == {type(fault).__name__}
    assert "canary" not in " ".join(logged)


class _Still:
    def now(self) -> int:
        return START


class Talkative(Done):
    """Fails with words that may come out of a file."""

    def finish(self, tx: Tx, errand: Errand, ready: object, now: int) -> bool:
        try:
            return super().finish(tx, errand, ready, now)
        except RuntimeError:
            words = "canary"
            raise RuntimeError(words) from None


async def errand_at_work(
    folder: Path, clock: FakeClock, watched: Watched, source: Source, done: Done, *, wait: int = MINUTE
) -> None:
    store = await a_store(folder)
    errands = Errands(store, source, clock, 1, {"file": Work(upper, done.finish, max_bytes=99)}, Random(1), at_once,
                      watched.telemetry)  # fmt: skip
    task = asyncio.get_running_loop().create_task(errands.run())
    await clock.sleep(wait)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    store.close()


async def test_an_errand_is_a_trace(tmp_path: Path, clock: FakeClock) -> None:
    watched = Watched(clock)
    await errand_at_work(tmp_path, clock, watched, Source(b"abc"), Done())
    (trace,) = watched.of("errand")
    assert root(trace).fields == {"errand": 1, "update": 5, "user": 1, "kind": "file", "tries": 1, "outcome": "done"}
    assert watched.counts(work.TASKS) == {("errands", "ok"): 1}


@pytest.mark.parametrize(
    ("source", "faults", "outcomes"),
    [
        (Source(Unclear("502"), b"abc"), 0, ["postponed", "done"]),
        (Source(Refused("400")), 0, ["lost"]),
        (Source(b"abc"), FAULTS_MAX, ["retried", "retried", "given_up"]),
    ],
)
async def test_each_try_of_an_errand_says_how_it_ended(
    source: Source, faults: int, outcomes: list[str], tmp_path: Path, clock: FakeClock
) -> None:
    watched = Watched(clock, sampled=False)
    with lines(errands_log) as logged:
        await errand_at_work(tmp_path, clock, watched, source, Talkative(faults=faults), wait=HOUR)
    said = [json.loads(line) for line in logged]
    assert [line["outcome"] for line in said if line["event"] == "errand.done"] == outcomes
    assert all("trace_id" in line for line in said), "whoever reads one finds the trace"
    assert [root(trace).error for trace in watched.of("errand")] == ["RuntimeError"] * faults
    assert watched.counts(work.TASKS).get(("errands", "failed"), 0) == faults
    assert "canary" not in " ".join(logged)
    assert all("in finish" in line["exception"] for line in said if line["event"] == "errand.crashed")
