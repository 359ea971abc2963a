"""Each fetch and each reading of a calendar is counted, measured and a step of its sync; no word of its address is."""

from __future__ import annotations

import asyncio
from types import MappingProxyType, SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.catalogue import calendars, outside, process, security, work
from planner.chat import documents
from planner.chat.access import Access
from planner.clock import SystemClock
from planner.feeds.apart import Apart
from planner.feeds.fetched import Body, Fault
from planner.ics.entry import Limits
from planner.ics.prepare import Batch
from planner.telemetry.tracing import Kind
from tests.feeds.made import ORDER, calendar, event, held
from tests.feeds.server import CALENDAR, Answer, fetching, http, serving
from tests.virtual import START, FakeClock, run
from tests.watched import Watched, named, root, told

ANSWERS: MappingProxyType[str, tuple[Answer, str, str]] = MappingProxyType(
    {
        "gone": (http(404), "http_error", "404"),
        "no calendar": (http(200), "invalid", "empty"),
        "too large": (http(200, length=2_000_000), "too_large", "too_large"),
        "hung up": (b"", "network", "lost"),
        "for ever": (http(302, b"", "Location: /again?token=secret"), "http_error", "redirects"),
        "elsewhere": (http(302, b"", "Location: http://169.254.169.254/secret"), "blocked", "link_local"),
    }
)


async def fetched(watched: Watched, url: str, **how: str) -> Body | Fault | object:
    """What is at an address, in the middle of a sync."""
    async with fetching(telemetry=watched.telemetry) as fetcher:
        with watched.telemetry.tracer.begin("sync"):
            found = await fetcher.fetch(url, **how)
    if isinstance(found, Body):
        found.file.close()
    return found


async def test_a_fetch_is_counted_and_a_step_of_its_sync(clock: FakeClock) -> None:
    watched = Watched(clock)
    async with serving(http(302, b"", "Location: /elsewhere"), http(200, CALENDAR)) as server:
        await fetched(watched, server.url)
    assert watched.counts(outside.FEED_REQUESTS) == {("ok",): 1}
    assert watched.count(outside.FEED_DURATION) == 1
    assert watched.count(outside.FEED_TRAFFIC) == len(CALENDAR)
    assert watched.counts(process.NETWORK) == {("received",): len(CALENDAR)}
    span = named(watched.traces[0], "calendar fetch")
    assert (span.parent, span.kind, span.error) == (root(watched.traces[0]).id, Kind.CLIENT, "")
    assert span.fields == {
        "peer.service": "calendar",
        "outcome": "ok",
        "status": 200,
        "received_bytes": len(CALENDAR),
        "redirects": 1,
    }


async def test_what_has_not_changed_is_told_apart(clock: FakeClock) -> None:
    watched = Watched(clock)
    async with serving(http(304)) as server:
        await fetched(watched, server.url, etag='"a"')
    assert watched.counts(outside.FEED_REQUESTS) == {("not_modified",): 1}
    assert watched.counts(outside.FEED_ERRORS) == {}


@pytest.mark.parametrize("name", ANSWERS)
async def test_each_kind_of_fault_is_counted_and_kept(name: str, clock: FakeClock) -> None:
    answer, kind, code = ANSWERS[name]
    watched = Watched(clock, sampled=False)
    async with serving(answer) as server:
        await fetched(watched, server.url)
    assert watched.counts(outside.FEED_REQUESTS) == {("failed",): 1}
    assert watched.counts(outside.FEED_ERRORS) == {(kind,): 1}
    span = named(watched.traces[0], "calendar fetch")
    assert (span.error, span.fields["fault"], span.fields["outcome"]) == (code, code, kind)
    refusals = {"too_large": {("oversized",): 1}, "link_local": {("blocked_address",): 1}}
    assert watched.counts(security.REFUSALS) == refusals.get(code, {})
    assert "secret" not in told(watched)


async def test_an_address_that_is_none_is_no_attack(clock: FakeClock) -> None:
    watched = Watched(clock)
    await fetched(watched, "ftp://calendars.example/secret")
    assert watched.counts(outside.FEED_ERRORS) == {("blocked",): 1}
    assert watched.counts(security.REFUSALS) == {}


@settings(max_examples=60, deadline=None)
@given(
    user=st.text(max_size=8),
    path=st.text(max_size=20),
    scheme=st.sampled_from(["http", "https", "webcal", "ftp", "javascript", ""]),
    host=st.sampled_from(["127.0.0.1:1", "[::1]:1", "169.254.169.254", "10.0.0.1:1", "canary.invalid:99999", ""]),
)
def test_no_part_of_an_address_is_told(user: str, path: str, scheme: str, host: str) -> None:
    async def main() -> None:
        watched = Watched(FakeClock())
        await fetched(watched, f"{scheme}://canary{user}:canary@{host}/canary{path}?canary#canary")
        said = told(watched)
        assert "canary" not in said
        assert not any(part in said for part in ("127.0.0.1", "169.254", "10.0.0.1", "::1"))

    run(main())


def read(watched: Watched, content: bytes, **how: object) -> Batch | Fault:
    """A calendar, read by a real process in the middle of a sync."""

    async def main() -> Batch | Fault:
        with watched.telemetry.tracer.begin("sync"):
            return await Apart(SystemClock(), telemetry=watched.telemetry, **how).read(file, ORDER)

    with held(content) as file:
        return asyncio.run(main())


def test_a_file_with_too_many_events_is_refused_once() -> None:
    watched = Watched(SystemClock())

    class Orders:
        async def read(self, _: object) -> object:
            return ORDER._replace(limits=Limits(1))

    async def main() -> None:
        apart = Apart(SystemClock(), telemetry=watched.telemetry)
        work = documents.work(Access(None, frozenset(), True, 1, 30), apart.read, watched.telemetry.metrics)
        prepared = work.prepare(calendar(event("a"), event("b")))
        ready = await work.further(Orders(), SimpleNamespace(progress={}), prepared, START)
        assert ready.fault == "too_many"

    asyncio.run(main())
    assert watched.counts(security.REFUSALS) == {("oversized",): 1}


def test_a_reading_is_measured_with_what_it_took() -> None:
    watched = Watched(SystemClock())
    assert isinstance(read(watched, calendar(event("a"), event("b"))), Batch)
    span = named(watched.traces[0], "calendar read")
    assert span.parent == root(watched.traces[0]).id
    assert span.fields["events"] == 2
    assert span.fields["outcome"] == "ok"
    assert int(span.fields["peak_kb"]) > 1_000
    assert watched.count(calendars.PARSE_DURATION) == 1
    assert watched.counts(work.TASKS) == {("calendars", "ok"): 1}
    assert watched.counts(work.RESTARTS) == {}
    assert watched.counts(work.BUSY)["calendars",] > 0


def test_what_is_no_calendar_is_the_calendars_fault() -> None:
    watched = Watched(SystemClock(), sampled=False)
    assert isinstance(read(watched, b"<html>secret"), Fault)
    assert named(watched.traces[0], "calendar read").error == "html"
    assert watched.counts(work.TASKS) == {("calendars", "ok"): 1}
    assert watched.counts(work.RESTARTS) == {}


@pytest.mark.parametrize("program", ["import os; os.abort()", "print('babble')"])
def test_a_process_that_dies_is_counted_as_begun_anew(program: str) -> None:
    watched = Watched(SystemClock(), sampled=False)
    assert isinstance(read(watched, calendar(event("a")), program=program), Fault)
    assert watched.counts(work.TASKS) == {("calendars", "failed"): 1}
    assert watched.counts(work.RESTARTS) == {("calendars",): 1}
    assert named(watched.traces[0], "calendar read").error == "crash"


def test_a_process_that_takes_too_long_is_counted_as_begun_anew() -> None:
    watched = Watched(SystemClock())
    assert isinstance(read(watched, b"", program="import time; time.sleep(99)", deadline_s=0.2), Fault)
    assert watched.counts(work.RESTARTS) == {("calendars",): 1}
    assert named(watched.traces[0], "calendar read").error == "heavy"
