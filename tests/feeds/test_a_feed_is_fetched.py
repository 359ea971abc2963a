"""A calendar's address is fetched: as little as possible is asked for, and whatever goes wrong is an outcome."""

from __future__ import annotations

import asyncio
import errno
import gzip
import logging
import ssl
import zlib
from base64 import b64encode
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest

import planner
from planner.feeds import fetch
from planner.feeds.faults import RETRY_AFTER_MAX_S, retry_after_s
from planner.feeds.fetch import REDIRECTS_MAX, VALIDATOR_MAX, _moved, _target
from planner.feeds.fetched import Body, Fault, Fetched, NotModified
from planner.model import Outcome
from tests.feeds.server import CALENDAR, MAX_BYTES, Answer, Names, fetching, http, serving, unending
from tests.telegram.server import free_port
from tests.virtual import START

CERTIFICATE = Path(__file__).with_name("calendar.example.pem")
"""Nobody's authority has signed it."""


def read(fetched: Fetched) -> bytes:
    """The bytes of a body, which is closed."""
    assert isinstance(fetched, Body), fetched
    with fetched.file:
        return fetched.file.read()


async def test_a_calendar_comes_with_what_makes_the_next_request_small() -> None:
    answer = http(200, CALENDAR, 'ETag: W/"7"', "Last-Modified: Sat, 21 Nov 2026 09:00:00 GMT")
    async with serving(answer) as server, fetching() as fetcher:
        fetched = await fetcher.fetch(server.url)
    assert read(fetched) == CALENDAR
    assert isinstance(fetched, Body)
    assert (fetched.size, fetched.digest) == (len(CALENDAR), sha256(CALENDAR).hexdigest())
    assert (fetched.etag, fetched.modified) == ('W/"7"', "Sat, 21 Nov 2026 09:00:00 GMT")
    assert server.header("User-Agent") == f"planner/{planner.__version__}"
    assert str(server.header("Accept")).startswith("text/calendar")
    assert server.header("Authorization") is server.header("If-None-Match") is server.header("Cookie") is None


async def test_an_unchanged_calendar_costs_one_small_request() -> None:
    async with serving(http(304)) as server, fetching() as fetcher:
        assert await fetcher.fetch(server.url, etag='"7"', modified="then") == NotModified()
    assert (server.header("If-None-Match"), server.header("If-Modified-Since")) == ('"7"', "then")


async def test_unchanged_is_no_answer_to_who_has_nothing() -> None:
    async with serving(http(304)) as server, fetching() as fetcher:
        assert await fetcher.fetch(server.url) == Fault(Outcome.HTTP_ERROR, "304")


@pytest.mark.parametrize("tag", ["x" * (VALIDATOR_MAX + 1), "\xff", "a\tb"])
async def test_a_validator_that_cannot_be_sent_back_is_left(tag: str) -> None:
    async with serving(http(200, CALENDAR, f"ETag: {tag}")) as server, fetching() as fetcher:
        fetched = await fetcher.fetch(server.url)
    assert read(fetched) == CALENDAR
    assert isinstance(fetched, Body)
    assert fetched.etag is None


async def test_two_requests_share_a_connection_and_no_cookies() -> None:
    async with serving(http(200, CALENDAR, "Set-Cookie: a=b")) as server, fetching() as fetcher:
        for _ in range(2):
            assert read(await fetcher.fetch(server.url)) == CALENDAR
        assert len(server.tasks) == 1
    assert server.header("Cookie") is None


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(CALENDAR, mtime=0)),
        ("x-gzip", gzip.compress(CALENDAR, mtime=0)),
        ("deflate", zlib.compress(CALENDAR)),
        ("deflate", zlib.compress(CALENDAR)[2:-4]),
        ("identity", CALENDAR),
    ],
)
async def test_a_packed_calendar_is_unpacked(encoding: str, packed: bytes) -> None:
    async def drop_by_drop(writer: asyncio.StreamWriter) -> None:
        writer.write(unending(f"Content-Encoding: {encoding}"))
        for byte in packed:
            writer.write(bytes([byte]))
            await writer.drain()

    at_once = http(200, packed, f"Content-Encoding: {encoding}")
    async with serving(at_once, drop_by_drop) as server, fetching() as fetcher:
        assert read(await fetcher.fetch(server.url)) == CALENDAR
        fetched = await fetcher.fetch(server.url)
    assert read(fetched) == CALENDAR
    assert isinstance(fetched, Body)
    assert fetched.digest == sha256(CALENDAR).hexdigest()


async def test_large_calendars_are_unpacked_to_the_last_byte() -> None:
    content = bytes(range(256)) * 3_900
    async with serving(http(200, gzip.compress(content), "Content-Encoding: gzip")) as server, fetching() as fetcher:
        assert read(await fetcher.fetch(server.url)) == content


async def silent(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(1_000)


async def stuck(writer: asyncio.StreamWriter) -> None:
    writer.write(http(200, b"BEGIN", length=500))
    await asyncio.sleep(1_000)


async def torn(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (http(404, b"gone"), Fault(Outcome.HTTP_ERROR, "404")),
        (http(401, b"", 'WWW-Authenticate: Basic realm="x"'), Fault(Outcome.HTTP_ERROR, "401")),
        (http(410), Fault(Outcome.HTTP_ERROR, "410")),
        (http(500), Fault(Outcome.HTTP_ERROR, "500")),
        (http(429, b"", "Retry-After: 120"), Fault(Outcome.HTTP_ERROR, "429", 120)),
        (http(503, b"", "Retry-After: Sat, 21 Nov 2026 10:05:00 GMT"), Fault(Outcome.HTTP_ERROR, "503", 299)),
        (http(206, CALENDAR), Fault(Outcome.HTTP_ERROR, "206")),
        (http(300, b"", "Location: /"), Fault(Outcome.HTTP_ERROR, "300")),
        (http(302), Fault(Outcome.HTTP_ERROR, "redirects")),
        (http(204), Fault(Outcome.INVALID, "empty")),
        (http(200), Fault(Outcome.INVALID, "empty")),
        (http(200, gzip.compress(b"", mtime=0), "Content-Encoding: gzip"), Fault(Outcome.INVALID, "empty")),
        (http(200, CALENDAR, "Content-Encoding: gzip"), Fault(Outcome.INVALID, "packed")),
        (http(200, CALENDAR, "Content-Encoding: br"), Fault(Outcome.INVALID, "packed")),
        (
            http(200, gzip.compress(CALENDAR, mtime=0) + b"more", "Content-Encoding: gzip"),
            Fault(Outcome.INVALID, "packed"),
        ),
        (http(200, gzip.compress(CALENDAR, mtime=0)[:-9], "Content-Encoding: gzip"), Fault(Outcome.NETWORK, "lost")),
        (http(200, CALENDAR, length=500)[:-9], Fault(Outcome.NETWORK, "lost")),
        (b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n", Fault(Outcome.NETWORK, "lost")),
        (b"220 ready for mail\r\n\r\n", Fault(Outcome.NETWORK, "lost")),
        (b"", Fault(Outcome.NETWORK, "lost")),
        (torn, Fault(Outcome.NETWORK, "lost")),
        (silent, Fault(Outcome.TIMEOUT, "timeout")),
        (stuck, Fault(Outcome.TIMEOUT, "timeout")),
    ],
)
async def test_what_does_not_come_is_an_outcome(answer: Answer, fault: Fault) -> None:
    async def cut(writer: asyncio.StreamWriter) -> None:
        assert isinstance(answer, bytes)
        writer.write(answer)

    broken = isinstance(answer, bytes) and b"Content-Length: 500" in answer
    async with serving(cut if broken else answer) as server, fetching() as fetcher:
        fetched = await fetcher.fetch(server.url)
    if isinstance(fetched, Fault) and fault.retry_after_s:
        assert abs(fetched.retry_after_s - fault.retry_after_s) <= 1
        fetched = Fault(fetched.outcome, fetched.code, fault.retry_after_s)
    assert fetched == fault


async def test_nobody_there_is_an_outcome() -> None:
    async with fetching() as fetcher:
        assert await fetcher.fetch(f"http://127.0.0.1:{await free_port()}/") == Fault(Outcome.NETWORK, "refused")
    unknown = Names(OSError(errno.ENOENT, "no such name"))
    async with fetching(resolver=unknown) as fetcher:
        assert await fetcher.fetch("http://calendar.invalid/") == Fault(Outcome.NETWORK, "dns")


@pytest.mark.parametrize("name", ["a" * 64 + ".example", "a..example", "a b", "x\u0000y"])
def test_a_name_that_is_none_is_an_outcome(name: str) -> None:
    async def main() -> Fetched:
        async with fetching() as fetcher:
            return await fetcher.fetch(f"http://{name}/")

    fault = asyncio.run(main())
    assert fault in {Fault(Outcome.NETWORK, "dns"), Fault(Outcome.BLOCKED, "address")}


def tls(purpose: ssl.Purpose, *, trusting: bool = False) -> ssl.SSLContext:
    context = ssl.create_default_context(purpose)
    if purpose is ssl.Purpose.CLIENT_AUTH:
        context.load_cert_chain(CERTIFICATE)
    elif trusting:
        context.load_verify_locations(CERTIFICATE)
    return context


@pytest.mark.parametrize(
    ("host", "trusting", "fault"),
    [
        ("calendar.example", True, None),
        ("webcal://calendar.example", True, None),
        ("calendar.example", False, Fault(Outcome.NETWORK, "tls")),
        ("other.example", True, Fault(Outcome.NETWORK, "tls")),
    ],
)
async def test_certificates_are_verified(host: str, trusting: bool, fault: Fault | None) -> None:
    async with serving(http(200, CALENDAR), tls=tls(ssl.Purpose.CLIENT_AUTH)) as server:
        client = tls(ssl.Purpose.SERVER_AUTH, trusting=trusting)
        async with fetching(resolver=Names("127.0.0.1"), tls=client) as fetcher:
            url = host if "://" in host else f"https://{host}"
            fetched = await fetcher.fetch(f"{url}:{server.port}/")
    assert fetched == fault if fault is not None else read(fetched) == CALENDAR


async def test_a_server_without_tls_is_an_outcome() -> None:
    async with serving(http(400), greeting=b"220 ready for mail\r\n") as server, fetching() as fetcher:
        url = server.url.replace("http:", "https:")
        fetcher._tls = tls(ssl.Purpose.SERVER_AUTH)
        assert await fetcher.fetch(url) == Fault(Outcome.NETWORK, "tls")


def test_the_certificates_to_trust_are_found() -> None:
    async def main() -> Fetched:
        async with serving(http(200, CALENDAR), tls=tls(ssl.Purpose.CLIENT_AUTH)) as server, fetching() as fetcher:
            return await fetcher.fetch(server.url.replace("http:", "https:"))

    assert asyncio.run(main()) == Fault(Outcome.NETWORK, "tls")


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("30", 30),
        (" 30 ", 30),
        ("99999999999999999999999999999999", RETRY_AFTER_MAX_S),
        ("Sat, 21 Nov 2026 10:01:00 GMT", 60),
        ("Sat, 21 Nov 2026 09:00:00 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 -2300", RETRY_AFTER_MAX_S),
        ("-5", 0),
        ("soon", 0),
        ("٣", 0),
        (None, 0),
    ],
)
def test_a_server_is_left_alone_as_long_as_it_asks_within_reason(header: str | None, wait: int) -> None:
    assert retry_after_s(header, START) == wait


async def test_user_and_password_go_in_a_header_and_nowhere_else(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with serving(http(200, CALENDAR), http(404), b"") as server, fetching() as fetcher:
        url = server.url.replace("http://", "http://alice:p%40ss%20wörd@")
        found = [await fetcher.fetch(url) for _ in range(3)]
    assert read(found[0]) == CALENDAR
    assert server.header("Authorization", 0) == "Basic " + b64encode("alice:p@ss wörd".encode()).decode()
    assert server.asked[0].startswith("GET /secret-path/basic.ics HTTP/1.1\r\n")
    said = caplog.text + repr(found) + repr(fetcher)
    assert not any(word in said for word in ("alice", "p%40", "p@ss", "secret-path", "127.0.0.1"))


@pytest.mark.parametrize("path", ["/a%2Fb/c%40d?sig=a%2Bb%2f+c&x=%zz", "/%D0%B0?q=[1]"])
async def test_an_address_is_asked_for_as_it_stands(path: str) -> None:
    async with serving(http(200, CALENDAR)) as server, fetching() as fetcher:
        assert read(await fetcher.fetch(f"http://127.0.0.1:{server.port}{path}#part")) == CALENDAR
    assert server.asked[0].split()[1] == path


async def test_an_address_with_letters_of_any_language_is_asked_for() -> None:
    async with serving(http(200, CALENDAR)) as server, fetching() as fetcher:
        assert read(await fetcher.fetch(f"http://127.0.0.1:{server.port}/мой план.ics")) == CALENDAR
    assert server.asked[0].split()[1] == "/%D0%BC%D0%BE%D0%B9%20%D0%BF%D0%BB%D0%B0%D0%BD.ics"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_followed(status: int) -> None:
    moved = http(status, b"", "Location: ../there?a=b")
    async with serving(moved, http(200, CALENDAR)) as server, fetching() as fetcher:
        assert read(await fetcher.fetch(server.url, etag='"7"')) == CALENDAR
    assert server.asked[1].startswith("GET /there?a=b HTTP/1.1\r\n")
    assert server.header("If-None-Match") == '"7"'


async def test_redirects_end() -> None:
    async with serving(http(302, b"", "Location: /again")) as server, fetching() as fetcher:
        assert await fetcher.fetch(server.url) == Fault(Outcome.HTTP_ERROR, "redirects")
    assert len(server.asked) == REDIRECTS_MAX + 1


@pytest.mark.parametrize("where", ["file:///etc/passwd", "ftp://127.0.0.1/", "javascript:1", "data:,x"])
async def test_a_redirect_leads_to_no_other_scheme(where: str) -> None:
    async with serving(http(302, b"", f"Location: {where}")) as server, fetching() as fetcher:
        assert await fetcher.fetch(server.url) == Fault(Outcome.BLOCKED, "scheme")
        assert await fetcher.fetch(where) == Fault(Outcome.BLOCKED, "scheme")


async def test_a_password_stays_with_its_host() -> None:
    async with serving(http(200, CALENDAR)) as other, serving(b"") as server, fetching() as fetcher:
        server.answers = [http(302, b"", "Location: /moved"), http(302, b"", f"Location: {other.url}")]
        url = server.url.replace("http://", "http://alice:secret@")
        assert read(await fetcher.fetch(url)) == CALENDAR
    assert server.header("Authorization", 0) == server.header("Authorization", 1) is not None
    assert other.header("Authorization") is None


@pytest.mark.parametrize(
    ("location", "is_told"),
    [
        ("/elsewhere", True),
        ("https://calendar.example/a", True),
        ("https://calendar.example:444/a", False),
        ("http://calendar.example:8080/a", False),
        ("https://www.calendar.example/a", False),
        ("https://calendar.example.org/a", False),
    ],
)
def test_a_password_goes_on_to_its_own_host_and_to_tls_only(location: str, is_told: bool) -> None:
    moved = _moved(_target("http://alice:secret@calendar.example/a"), location)
    assert (moved.authorization is not None) == is_told


def test_a_password_never_leaves_tls() -> None:
    assert _moved(_target("https://alice:secret@calendar.example/a"), "http://calendar.example/a").authorization is None


def test_a_redirect_may_bring_a_password_of_its_own() -> None:
    moved = _moved(_target("http://a.example/"), "http://bob:other@b.example/")
    assert moved.authorization == "Basic " + b64encode(b"bob:other").decode()
    assert str(moved.url) == "http://b.example/"


async def test_a_body_that_says_it_is_too_large_is_not_read() -> None:
    async with serving(http(200, b"x", length=MAX_BYTES + 1)) as server, fetching() as fetcher:
        assert await fetcher.fetch(server.url) == Fault(Outcome.TOO_LARGE, "too_large")


async def test_a_body_of_just_the_limit_is_taken() -> None:
    async with serving(http(200, b"x" * MAX_BYTES)) as server, fetching() as fetcher:
        assert len(read(await fetcher.fetch(server.url))) == MAX_BYTES


async def test_a_fetch_that_is_cancelled_leaves_nothing_open() -> None:
    async with serving(stuck) as server, fetching() as fetcher:
        fetch = asyncio.ensure_future(fetcher.fetch(server.url))
        await asyncio.sleep(1)
        assert len(server.asked) == 1
        fetch.cancel()
        with pytest.raises(asyncio.CancelledError):
            await fetch


async def test_a_closed_fetcher_opens_again() -> None:
    async with serving(http(200, CALENDAR)) as server, fetching() as fetcher:
        for _ in range(2):
            assert read(await fetcher.fetch(server.url)) == CALENDAR
            await fetcher.close()


def test_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        async with serving(http(200, CALENDAR)) as server, serving(http(200, b"proxy")) as proxy:
            monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
            async with fetching() as fetcher:
                assert read(await fetcher.fetch(server.url)) == CALENDAR
            assert proxy.asked == []

    asyncio.run(main())


class Full(BytesIO):
    """A file for which there is no room."""

    def write(self, _piece: object) -> int:
        raise OSError(errno.ENOSPC, "no space left on device")


@pytest.mark.parametrize("nowhere", [FileNotFoundError(errno.ENOENT, "no usable temporary directory"), Full()])
async def test_having_nowhere_to_put_it_is_a_fault_of_ours_and_said_once(
    nowhere: BytesIO | OSError, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def make() -> BytesIO:
        if isinstance(nowhere, OSError):
            raise nowhere
        return nowhere

    def told() -> int:
        return sum(record.levelno == logging.ERROR for record in caplog.records)

    async with serving(http(200, CALENDAR)) as server, fetching() as fetcher:
        for outage in (1, 2):
            with monkeypatch.context() as patch:
                patch.setattr(fetch, "TemporaryFile", make)
                for _ in range(3):
                    assert await fetcher.fetch(server.url) == Fault(Outcome.INVALID, "storage")
                    assert told() == outage
            body = await fetcher.fetch(server.url)
            assert isinstance(body, Body)
            body.file.close()
    assert "secret" not in caplog.text
