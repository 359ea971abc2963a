"""Each request to the Bot API is counted, measured and a step of whatever asked; and nothing of it is a secret."""

from __future__ import annotations

from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.catalogue import outside, process, security
from planner.telegram.outcomes import Refused
from planner.telemetry.tracing import Kind
from tests.telegram.server import DROP, SILENT, TOKEN, Reply, free_port, http, ok, refused, serving, telegram_at
from tests.virtual import FakeClock, run
from tests.watched import Watched, named, told

MESSAGE = MappingProxyType({"chat_id": 1, "text": "dentist at the corner"})
REPLIES: dict[str, tuple[Reply, str, str, int]] = {
    "accepted": (ok({"message_id": 7}), "accepted", "", 200),
    "flood": (refused(429, "Too Many Requests", retry_after=35), "paused", "flood", 429),
    "refused": (refused(400, "Bad Request: chat not found"), "refused", "refused", 400),
    "moved": (refused(400, "Bad Request: upgraded", migrate_to_chat_id=-1001), "moved", "", 400),
    "halted": (refused(401, "Unauthorized"), "halted", "halted", 401),
    "blocked": (refused(403, "Forbidden: bot was blocked by the user"), "blocked", "", 403),
    "server": (refused(500, "Internal Server Error"), "unclear", "server", 500),
    "no answer of Telegram's": (http(502, "<html>"), "unclear", "server", 502),
    "hung up": (DROP, "unclear", "network", 0),
    "silent": (SILENT, "unclear", "timeout", 0),
}


@pytest.mark.parametrize("name", REPLIES)
async def test_a_request_is_counted_by_its_outcome_and_its_kind_of_error(name: str, clock: FakeClock) -> None:
    reply, outcome, kind, _ = REPLIES[name]
    watched = Watched(clock)
    async with serving(reply) as server, telegram_at(server.url, telemetry=watched.telemetry) as telegram:
        await telegram.call("sendMessage", MESSAGE)
    assert watched.counts(outside.REQUESTS) == {("sendMessage", outcome): 1}
    assert watched.counts(outside.DURATION) == {("sendMessage",): 1}
    assert watched.counts(outside.ERRORS) == ({(kind,): 1} if kind else {})
    assert watched.count(outside.RETRY_AFTER) == (kind == "flood")


@pytest.mark.parametrize("name", REPLIES)
async def test_a_request_is_a_step_of_whatever_asked_and_errors_are_kept(name: str, clock: FakeClock) -> None:
    reply, outcome, kind, status = REPLIES[name]
    watched = Watched(clock, sampled=False)
    async with serving(reply) as server, telegram_at(server.url, telemetry=watched.telemetry) as telegram:
        with watched.telemetry.tracer.begin("update") as update:
            await telegram.call("sendMessage", MESSAGE)
            update_kept = update.sampled
    assert update_kept == bool(kind)
    if not kind:
        assert watched.traces == []
        return
    span = named(watched.traces[0], "telegram sendMessage")
    assert (span.parent, span.kind, span.error) == (update.id, Kind.CLIENT, kind)
    assert span.fields["peer.service"] == "telegram"
    assert span.fields["outcome"] == outcome
    assert span.fields.get("status", 0) == status


async def test_how_long_it_took_is_measured(clock: FakeClock) -> None:
    watched = Watched(clock)
    async with serving(SILENT) as server, telegram_at(server.url, telemetry=watched.telemetry) as telegram:
        await telegram.call("getMe")
    (reading,) = watched.telemetry.metrics.read([outside.DURATION])
    assert [round(point.sum) for point in reading.points] == [20]


async def test_a_connection_that_is_refused_is_the_networks_fault(clock: FakeClock) -> None:
    watched = Watched(clock)
    address = f"http://127.0.0.1:{await free_port()}"
    async with telegram_at(address, telemetry=watched.telemetry) as telegram:
        await telegram.call("getMe")
    assert watched.counts(outside.REQUESTS) == {("getMe", "not_sent"): 1}
    assert watched.counts(outside.ERRORS) == {("network",): 1}


async def test_bytes_are_those_of_the_bodies(clock: FakeClock) -> None:
    watched = Watched(clock)
    reply = ok({"message_id": 7})
    async with serving(reply) as server, telegram_at(server.url, telemetry=watched.telemetry) as telegram:
        await telegram.call("sendMessage", MESSAGE)
        await telegram.call("sendDocument", {"chat_id": 1, "document": {"filename": "a.txt", "base64": "YWJj"}})
        sizes = {("sent",): sum(len(one.body) for one in server.asked),
                 ("received",): 2 * len(reply.partition(b"\r\n\r\n")[2])}  # fmt: skip
    assert watched.counts(outside.TRAFFIC) == sizes
    assert watched.counts(process.NETWORK) == sizes
    assert watched.counts(outside.TRAFFIC) == sizes, "reading counts nothing twice"


async def test_a_long_poll_is_counted_and_nothing_else(clock: FakeClock) -> None:
    watched = Watched(clock)
    async with serving(ok([])) as server, telegram_at(server.url, telemetry=watched.telemetry) as telegram:
        with watched.telemetry.tracer.begin("update"):
            await telegram.updates(0, 25)
    assert watched.counts(outside.REQUESTS) == {("getUpdates", "accepted"): 1}
    assert watched.counts(outside.DURATION) == {}
    assert [span.name for span in watched.traces[0].spans] == ["update"]


async def test_a_file_is_a_request_of_its_own(clock: FakeClock) -> None:
    watched = Watched(clock)
    found = ok({"file_path": "documents/secret name.ics"})
    replies = (found, http(200, b"abc"), found, http(404), found, http(200, b"x" * 10))
    async with serving(*replies) as server, telegram_at(server.url, telemetry=watched.telemetry) as telegram:
        with watched.telemetry.tracer.begin("errand"):
            assert await telegram.download("id", 9) == b"abc"
            await telegram.download("id", 9)
            assert isinstance(await telegram.download("id", 9), Refused)
    assert watched.counts(outside.REQUESTS) == {
        ("getFile", "accepted"): 3,
        ("file", "accepted"): 1,
        ("file", "refused"): 2,
    }
    assert watched.counts(security.REFUSALS) == {("oversized",): 1}
    spans = [span for span in watched.traces[0].spans if span.name == "telegram file"]
    assert [span.fields.get("status") for span in spans] == [200, 404, None]
    assert "secret" not in told(watched)


@settings(max_examples=40, deadline=None)
@given(text=st.text(min_size=9).map(lambda text: f"canary {text}"), status=st.sampled_from([200, 400, 401, 429, 500]))
def test_no_word_of_anybodys_is_told(text: str, status: int) -> None:
    async def main() -> None:
        watched = Watched(FakeClock())
        reply = refused(status, f"Bad Request: {text} at /bot{TOKEN}/sendMessage")
        async with serving(reply) as server, telegram_at(server.url, telemetry=watched.telemetry) as telegram:
            with watched.telemetry.tracer.begin("update"):
                await telegram.call("sendMessage", {"chat_id": 1, "text": text})
                await telegram.call("sendMessage", {"chat_id": text, "text": [text]})
        said = told(watched)
        assert "canary" not in said
        assert TOKEN not in said
        assert "127.0.0.1" not in said

    run(main())
