"""Fetching a calendar's address: one small request where nothing has changed, and bounds on all that may come back."""

from __future__ import annotations

import asyncio
import logging
import ssl
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from tempfile import TemporaryFile
from typing import BinaryIO, NamedTuple, cast

import aiohttp
import certifi
from aiohttp.abc import AbstractResolver
from yarl import URL

import planner
from planner.clock import Clock
from planner.feeds.faults import (
    STORAGE,
    AddressError,
    StorageError,
    TooLargeError,
    elsewhere,
    fault_of,
    retry_after_s,
)
from planner.feeds.fetched import Body, Fault, Fetched, NotModified
from planner.feeds.guard import guarded
from planner.feeds.measured import Way, fetching, note_fetched
from planner.feeds.names import Names
from planner.feeds.unpack import ACCEPTED, PIECE_BYTES, Unpacker
from planner.model import SECOND, Outcome
from planner.telemetry import Telemetry

log = logging.getLogger(__name__)

TOTAL_S = 60.0
"""Redirects and the whole body included."""
BETWEEN_BYTES_S = 15.0
CONNECT_S = 10.0
"""Until there is a connection: name, TCP and TLS."""
REDIRECTS_MAX = 5
VALIDATOR_MAX = 1_024
"""Characters of an ETag or a date that are kept; with a longer one the next request is not conditional."""

NO_ROOM = "No calendar can be fetched: make room in the temporary folder (TMPDIR), or let the planner write to it."

_SCHEMES = {"http": "http", "https": "https", "webcal": "https", "webcals": "https"}
_PORTS = {"http": 80, "https": 443}
_BODIES = frozenset({200, 203})
_EMPTY = frozenset({204, 205})
_MOVED = frozenset({301, 302, 303, 307, 308})
_HEADERS = {
    "User-Agent": f"planner/{planner.__version__}",
    "Accept": "text/calendar, */*;q=0.5",
    "Accept-Encoding": ACCEPTED,
}


class Timeouts(NamedTuple):
    """In seconds."""

    total: float = TOTAL_S
    between_bytes: float = BETWEEN_BYTES_S
    connect: float = CONNECT_S


@dataclass(frozen=True, slots=True, repr=False)
class _Target:
    """Where a request goes: the address without its user and password, and those as a header."""

    url: URL
    authorization: str | None


class Fetcher:
    """Fetches calendars over one session, opened by the first fetch. Whatever happens is an answer, never an exception.

    ``private`` lets it reach this machine and its own network; ``max_bytes`` are counted unpacked.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        private: bool,
        max_bytes: int,
        timeouts: Timeouts | None = None,
        resolver: AbstractResolver | None = None,
        tls: ssl.SSLContext | None = None,
        telemetry: Telemetry | None = None,
    ) -> None:
        self._metrics = (telemetry or Telemetry()).metrics
        self._clock = clock
        self._private = private
        self._max_bytes = max_bytes
        self._timeouts = timeouts or Timeouts()
        self._resolver = resolver
        self._tls = tls
        self._client: aiohttp.ClientSession | None = None
        self._has_room = True

    async def fetch(self, url: str, *, etag: str | None = None, modified: str | None = None) -> Fetched:
        """The calendar at an address (http, https, webcal), or that it is as it was when it had these validators.

        A ``Body``'s file is the caller's to close.
        """
        conditions = {"If-None-Match": etag, "If-Modified-Since": modified}
        given = {name: value for name, value in conditions.items() if value is not None}
        way, started = Way(), self._clock.mono()
        with fetching() as span:
            try:
                async with asyncio.timeout(self._timeouts.total):
                    fetched = await self._followed(url, given, way)
            except Exception as error:  # noqa: BLE001  a feed's fault costs its own sync, nothing else
                fetched = fault_of(error)
            note_fetched(self._metrics, span, fetched, way, (self._clock.mono() - started) / SECOND)
        self._look_for_room(fetched)
        return fetched

    async def close(self) -> None:
        """End the session; the next fetch opens another."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    def _look_for_room(self, fetched: Fetched) -> None:
        """Say to the host, once an outage, that no calendar can be put into a file."""
        had_room = self._has_room
        if isinstance(fetched, Body):
            self._has_room = True
        elif isinstance(fetched, Fault) and fetched.code == STORAGE:
            self._has_room = False
            if had_room:
                log.error("feed.no_room", extra={"do": NO_ROOM})

    async def _followed(self, url: str, conditions: Mapping[str, str], way: Way) -> Fetched:
        first = target = _target(url)
        for _ in range(REDIRECTS_MAX + 1):
            try:
                answer = await self._asked(target, conditions, way)
            except Exception as error:  # noqa: BLE001  as in fetch
                return fault_of(error) if target.url.host == first.url.host else elsewhere(fault_of(error))
            if not isinstance(answer, _Target):
                return answer
            target = answer
        return Fault(Outcome.HTTP_ERROR, "redirects")

    async def _asked(self, target: _Target, conditions: Mapping[str, str], way: Way) -> Fetched | _Target:
        """One request; a target where the answer is a redirect."""
        way.requests, way.status = way.requests + 1, 0
        headers = {**_HEADERS, **conditions}
        if target.authorization is not None:
            headers["Authorization"] = target.authorization
        tls = await self._verifying() if target.url.scheme == "https" else True
        async with self._open().get(target.url, headers=headers, allow_redirects=False, ssl=tls) as response:
            way.status = response.status
            if response.status in _MOVED:
                location = response.headers.get("Location")
                return Fault(Outcome.HTTP_ERROR, "redirects") if location is None else _moved(target, location)
            if response.status == 304 and conditions:
                return NotModified()
            if response.status in _EMPTY:
                return Fault(Outcome.INVALID, "empty")
            if response.status not in _BODIES:
                wait = retry_after_s(response.headers.get("Retry-After"), self._clock.now())
                return Fault(Outcome.HTTP_ERROR, str(response.status), wait)
            return await self._body(response, way)

    async def _body(self, response: aiohttp.ClientResponse, way: Way) -> Body | Fault:
        if (response.content_length or 0) > self._max_bytes:
            raise TooLargeError
        with _storing():
            file = cast("BinaryIO", TemporaryFile())  # noqa: SIM115  whoever reads it closes it
        try:
            size, digest = await self._stored(response, file, way)
            if size == 0:
                file.close()
                return Fault(Outcome.INVALID, "empty")
            with _storing():
                file.seek(0)
        except BaseException:
            with suppress(OSError):  # what is yet to be written cannot be
                file.close()
            raise
        headers = response.headers
        return Body(file, size, digest, _validator(headers.get("ETag")), _validator(headers.get("Last-Modified")))

    async def _stored(self, response: aiohttp.ClientResponse, file: BinaryIO, way: Way) -> tuple[int, str]:
        """Write the body, unpacked, as it arrives; its size and digest."""
        unpacker = Unpacker(",".join(response.headers.getall("Content-Encoding", [])))
        came, size, digest = 0, 0, sha256()
        async for chunk in response.content.iter_chunked(PIECE_BYTES):
            came += len(chunk)
            way.came = came
            for piece in unpacker.pieces(chunk):
                size += len(piece)
                if max(came, size) > self._max_bytes:
                    raise TooLargeError
                digest.update(piece)
                with _storing():
                    file.write(piece)
                await self._clock.sleep(0)  # a bomb is a thousand pieces from one chunk
        if not unpacker.ended:
            raise aiohttp.ClientPayloadError
        return size, digest.hexdigest()

    def _open(self) -> aiohttp.ClientSession:
        if self._client is None:  # needs a running loop
            limits = self._timeouts
            self._client = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=0,
                    socket_factory=guarded(private=self._private),
                    resolver=self._resolver or Names(),
                    use_dns_cache=False,  # a feed is asked for every few minutes: longer than that would be kept
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None, connect=limits.connect, sock_read=limits.between_bytes),
                auto_decompress=False,
                trust_env=False,
            )
        return self._client

    async def _verifying(self) -> ssl.SSLContext:
        """Certificates are always verified. Reading those to trust takes a while: it is done once, in a thread."""
        if self._tls is None:
            self._tls = await asyncio.to_thread(_trusting)
        return self._tls


@contextmanager
def _storing() -> Iterator[None]:
    """In which an error is the planner's own, and not the network's."""
    try:
        yield
    except OSError:
        raise StorageError from None


def _trusting() -> ssl.SSLContext:
    """What this machine trusts (a home's own authority, too), and certifi's, so that a bare container can."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _target(address: str, before: URL | None = None) -> _Target:
    """What an address, or a redirect from another, asks for. Raises ``AddressError``, without a word of it."""
    try:
        url = URL(address, encoded=_is_encoded(address))
        if before is not None:
            url = before.join(url)
        scheme = _SCHEMES.get(url.scheme)
        if scheme is None:
            raise AddressError("scheme")
        if not url.host or url.explicit_port == 0:
            raise AddressError("address")
        authorization = None
        if url.user is not None or url.password is not None:
            secret = b64encode(f"{url.user or ''}:{url.password or ''}".encode())
            authorization = f"Basic {secret.decode()}"
        return _Target(url.with_user(None).with_scheme(scheme).with_fragment(None), authorization)
    except (ValueError, TypeError):
        raise AddressError("address") from None


def _is_encoded(address: str) -> bool:
    """Whether it can be asked for as it stands: quoting it anew might break what is signed in it."""
    return address.isascii() and address.isprintable() and not set(address) & set(' "<>\\^`{|}')


def _moved(target: _Target, location: str) -> _Target:
    """Where a redirect leads. Nobody else is told the password, nor anybody without TLS who was with it."""
    to = _target(location, target.url)
    if to.authorization is not None or not _is_same_place(target.url, to.url):
        return to
    return _Target(to.url, target.authorization)


def _is_same_place(one: URL, other: URL) -> bool:
    if one.origin() == other.origin():
        return True
    secured = one.scheme == "http" and other.scheme == "https" and one.host == other.host
    return secured and one.port == _PORTS["http"] and other.port == _PORTS["https"]


def _validator(header: str | None) -> str | None:
    usable = header is not None and len(header) <= VALIDATOR_MAX and header.isascii() and header.isprintable()
    return header if usable else None
