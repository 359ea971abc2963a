"""The Bot API's answers, over real HTTP, and what each says about a message: accepted, again, or never."""

from __future__ import annotations

import asyncio
import json
import ssl

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.telegram.answers import RETRY_AFTER_UNKNOWN_S, outcome_of, said
from planner.telegram.network import outcome_of_error
from planner.telegram.outcomes import Accepted, Blocked, Halted, Moved, NotSent, Outcome, Paused, Refused, Unclear
from planner.telegram.session import HttpSession
from tests.telegram.server import DROP, SILENT, Reply, free_port, http, ok, refused, serving, telegram_at
from tests.virtual import FakeClock

MESSAGE = {"message_id": 7, "date": 1_795_255_200, "chat": {"id": 1, "type": "private"}, "a_new_field": [{}]}
HTML = "<html><h1>502 Bad Gateway</h1></html>"

TABLE: dict[str, tuple[Reply, Outcome]] = {
    "accepted": (ok(MESSAGE), Accepted(7, MESSAGE)),
    "accepted without a message": (ok(True), Accepted(None, True)),
    "too many requests": (
        refused(429, "Too Many Requests: retry after 35", retry_after=35),
        Paused(35, "429 Too Many Requests: retry after 35"),
    ),
    "too many requests, no number": (
        refused(429, "Too Many Requests"),
        Paused(RETRY_AFTER_UNKNOWN_S, "429 Too Many Requests"),
    ),
    "too many requests, from a web server": (
        http(429, HTML),
        Paused(RETRY_AFTER_UNKNOWN_S, "429 without a Bot API answer"),
    ),
    "chat not found": (refused(400, "Bad Request: chat not found"), Refused("400 Bad Request: chat not found")),
    "migrated": (
        refused(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-1001),
        Moved(-1001, "400 Bad Request: group chat was upgraded"),
    ),
    "unauthorized": (refused(401, "Unauthorized"), Halted(401, "401 Unauthorized")),
    "blocked": (
        refused(403, "Forbidden: bot was blocked by the user"),
        Blocked("403 Forbidden: bot was blocked by the user"),
    ),
    "no such method or token": (refused(404, "Not Found"), Halted(404, "404 Not Found")),
    "another poller": (
        refused(409, "Conflict: terminated by other getUpdates request"),
        Halted(409, "409 Conflict: terminated by other getUpdates request"),
    ),
    "too large": (http(413, HTML), Refused("413 without a Bot API answer")),
    "server error": (refused(500, "Internal Server Error"), Unclear("500 Internal Server Error")),
    "bad gateway in HTML": (http(502, HTML), Unclear("502 without a Bot API answer")),
    "a firewall's 403": (http(403, HTML), Unclear("403 without a Bot API answer")),
    "another server's 404": (http(404, {"detail": "Not Found"}), Unclear("404 without a Bot API answer")),
    "a redirect": (
        http(302, headers="Location: http://127.0.0.1:1/login\r\n"),
        Unclear("302 without a Bot API answer"),
    ),
    "empty 200": (http(200), Unclear("200 without a Bot API answer")),
    "half an answer": (http(200, b'{"ok":true,"result":{"mess', length=400), Unclear("ClientPayloadError")),
    "half a JSON": (http(200, b'{"ok":true,"result":{"mess'), Unclear("200 without a Bot API answer")),
    "hung up": (DROP, Unclear("ServerDisconnectedError")),
    "no answer": (SILENT, Unclear("TimeoutError")),
    "not HTTP": (b"hello\r\n\r\n", Unclear("ClientResponseError")),
    "not ok, with status 200": (
        http(200, {"ok": False, "error_code": 400, "description": "Bad Request: no"}),
        Refused("400 Bad Request: no"),
    ),
    "ok, with status 500": (http(500, {"ok": True, "result": MESSAGE}), Unclear("500")),
}


@pytest.mark.parametrize("name", TABLE)
async def test_an_answer_becomes_its_outcome(name: str) -> None:
    reply, meant = TABLE[name]
    async with serving(reply) as server, telegram_at(server.url) as telegram:
        assert await telegram.call("sendMessage", {"chat_id": 1, "text": "dentist"}) == meant
        assert len(server.asked) == 1


async def test_a_refused_connection_is_known_not_to_have_been_sent() -> None:
    async with telegram_at(f"http://127.0.0.1:{await free_port()}") as telegram:
        assert await telegram.call("getMe") == NotSent("ClientConnectorError: Connection refused")


async def test_a_request_that_found_no_free_connection_is_known_not_to_have_been_sent(clock: FakeClock) -> None:
    async with serving(SILENT) as server, telegram_at(server.url, connections=1) as telegram:
        poll = asyncio.ensure_future(telegram.updates(0, 50))
        await clock.sleep(1_000)
        assert await telegram.call("getMe") == NotSent("ConnectionTimeoutError")
        assert clock.mono() < 10_000
        assert await poll == Unclear("TimeoutError")


async def test_a_server_that_speaks_no_tls_gets_no_token() -> None:
    async with serving(ok(True)) as server, telegram_at(server.url.replace("http:", "https:")) as telegram:
        assert await telegram.call("getMe") == NotSent("ConnectionTimeoutError")
    assert not server.asked


def test_a_certificate_must_be_right() -> None:
    tls = HttpSession(None, 0).tls()
    assert isinstance(tls, ssl.SSLContext)
    assert tls.verify_mode is ssl.CERT_REQUIRED
    assert tls.check_hostname


def test_a_wrong_certificate_is_known_not_to_have_been_sent() -> None:
    wrong = ssl.SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed")
    wrong.reason = "CERTIFICATE_VERIFY_FAILED"
    key = ConnectionKey("a.example", 443, is_ssl=True, ssl=True, proxy=None, proxy_auth=None, proxy_headers_hash=None)
    error = aiohttp.ClientConnectorCertificateError(key, wrong)
    assert outcome_of_error(error) == NotSent("ClientConnectorCertificateError: CERTIFICATE_VERIFY_FAILED")


async def test_after_closing_nothing_is_sent() -> None:
    async with serving(ok(True)) as server, telegram_at(server.url) as telegram:
        await telegram.close()
        assert await telegram.call("getMe") == NotSent("closed")
        assert await telegram.updates(0, 1) == NotSent("closed")
        assert not server.asked


async def test_parameters_that_cannot_be_are_refused_without_their_values() -> None:
    async with serving(ok(True)) as server, telegram_at(server.url) as telegram:
        outcome = await telegram.call("sendMessage", {"chat_id": [1], "text": {"private": "dentist"}})
        assert isinstance(outcome, Refused)
        assert "chat_id" in outcome.cause
        assert "text string_type" in outcome.cause
        assert "dentist" not in outcome.cause
        half_a_pair = await telegram.call("sendMessage", {"chat_id": 1, "text": "\ud83d"})
        assert half_a_pair == Refused("UnicodeEncodeError")
        assert not server.asked


@pytest.mark.parametrize(
    ("description", "shown"),
    [
        ('Bad Request: can\'t parse "my secret <b>" at offset 3', 'Bad Request: can\'t parse "..." at offset 3'),
        ("Bad Request: wrong URL 'https://a.example/my'", 'Bad Request: wrong URL "..."'),
        ("Bad Request: message can't be edited, isn't it", "Bad Request: message can't be edited, isn't it"),
        ("two\nlines \x1b[31m ж", "two lines  [31m  "),
        ("x" * 500, "x" * 200),
    ],
)
def test_a_cause_is_one_short_line_without_what_the_user_wrote(description: str, shown: str) -> None:
    assert said(description) == shown


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
ANSWER = st.fixed_dictionaries(
    {},
    optional={
        "ok": st.booleans() | JSON,
        "result": JSON,
        "error_code": JSON,
        "description": JSON,
        "parameters": st.fixed_dictionaries({}, optional={"retry_after": JSON, "migrate_to_chat_id": JSON}) | JSON,
    },
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(100, 599), st.binary(max_size=50) | ANSWER.map(lambda answer: json.dumps(answer).encode()))
def test_no_answer_is_too_odd(status: int, body: bytes) -> None:
    outcome = outcome_of(status, body)
    assert not isinstance(outcome, Accepted) or (status < 300 and json.loads(body)["ok"] is True)
    assert not isinstance(outcome, Paused) or outcome.retry_after_s > 0


def test_an_answer_nested_too_deeply_is_unclear() -> None:
    assert outcome_of(200, b'{"ok":true,"result":' + b"[" * 100_000) == Unclear("200 without a Bot API answer")
