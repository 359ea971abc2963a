"""How a request leaves and its answer comes back, below aiogram's ``Bot``.

aiogram's own session parses each answer into its models, where an unknown field's type or an error page becomes an
exception of the wrong kind. Here a session returns the answer as it is, and ``answers.outcome_of`` says what it means.
"""

from __future__ import annotations

import json
import ssl
from abc import abstractmethod
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import aiohttp
import certifi
from aiohttp.payload import Payload

import planner
from planner.telegram.answers import Body
from planner.telegram.lean import PRODUCTION, BaseSession, Bot, InputFile, TelegramAPIServer, TelegramMethod
from planner.telegram.network import FileStatusError

CONNECT_TIMEOUT_S = 6.0
"""Past this there is no connection, and nothing was sent: known, where a timeout later on would be unclear."""

DNS_CACHE_S = 300
CHUNK_BYTES = 65_536
_BODY = json.JSONEncoder(ensure_ascii=False)
_JSON = {"Content-Type": "application/json"}


class Answer(NamedTuple):
    """What came back: the HTTP status, and the body as it was. ``sent`` is how many bytes the request's body had."""

    status: int
    body: Body
    sent: int = 0


@dataclass(frozen=True, slots=True)
class Form:
    """A request as the Bot API takes it: plain fields, and files that they name as ``attach://KEY``."""

    fields: Mapping[str, str]
    files: Mapping[str, InputFile] = field(default_factory=dict)


class Session(BaseSession):
    """A session whose requests return an ``Answer`` instead of aiogram's models."""

    def form(self, bot: Bot, method: TelegramMethod[Any]) -> Form:
        """The fields that aiogram's own session would send, without what it would leave out anyway."""
        files: dict[str, InputFile] = {}
        fields = {
            name: prepared for name, value in given(method).items() if (prepared := self._prepared(value, bot, files))
        }
        return Form(fields, files)

    @staticmethod
    def plain_form(params: Mapping[str, object]) -> Form:
        """The same for parameters that aiogram's models would leave as they are, of which none is a file."""
        return Form({name: value if isinstance(value, str) else _BODY.encode(value)
                     for name, value in params.items() if value != ""})  # fmt: skip

    def _prepared(self, value: object, bot: Bot, files: dict[str, InputFile]) -> Any:
        """What aiogram prepares item by item; here it is asked only about items that JSON has no form for."""
        if not isinstance(value, dict | list):
            return self.prepare_value(value, bot=bot, files=files)
        unknown = partial(self.prepare_value, bot=bot, files=files, _dumps_json=False)
        return json.dumps(value, ensure_ascii=False, default=unknown)

    async def make_request(self, bot: Bot, method: TelegramMethod[Any], timeout: float | None = None) -> Any:  # noqa: ASYNC109  # aiogram's
        """Send it; an ``Answer``, or whatever the network raises."""
        return await self.post(bot, method.__api_method__, self.form(bot, method), timeout or self.timeout)

    @abstractmethod
    async def post(self, bot: Bot, method: str, form: Form, timeout_s: float) -> Answer:
        """Carry one request to the Bot API."""


def given(method: TelegramMethod[Any]) -> dict[str, Any]:
    """What a method was given, as aiogram sees it."""
    return method.model_dump(exclude_none=True, exclude_unset=True, warnings=False)


class HttpSession(Session):
    """Over HTTP, on connections that are kept; ``connections=0`` opens as many as there are requests under way."""

    def __init__(self, base_url: str | None, connections: int) -> None:
        super().__init__(PRODUCTION if base_url is None else TelegramAPIServer.from_base(checked(base_url)))
        self._connections = connections
        self._client: aiohttp.ClientSession | None = None

    async def post(self, bot: Bot, method: str, form: Form, timeout_s: float) -> Answer:
        url = self.api.api_url(bot.token, method)
        data: bytes | Payload
        if form.files:
            data = (await _multipart(form, bot))()
            sent = data.size or 0
        else:
            data = _BODY.encode(form.fields).encode()
            sent = len(data)
        # A redirect would carry the token to whoever is named there; the Bot API has none.
        async with self._open().post(
            url, data=data, headers=None if form.files else _JSON, allow_redirects=False, timeout=_limits(timeout_s)
        ) as response:
            return Answer(response.status, await response.read(), sent)

    async def stream_content(
        self,
        url: str,
        headers: dict[str, Any] | None = None,
        timeout: float = 30,  # noqa: ASYNC109  # aiogram's signature
        chunk_size: int = CHUNK_BYTES,
        raise_for_status: bool = True,
    ) -> AsyncGenerator[bytes, None]:
        async with self._open().get(url, headers=headers, allow_redirects=False, timeout=_limits(timeout)) as response:
            if raise_for_status and response.status != 200:
                raise FileStatusError(response.status)
            async for chunk in response.content.iter_chunked(chunk_size):
                yield chunk

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._client is None:  # needs a running loop, so not in __init__
            connector = aiohttp.TCPConnector(limit=self._connections, ttl_dns_cache=DNS_CACHE_S, ssl=self.tls())
            self._client = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": f"planner/{planner.__version__}"},
            )
        return self._client

    def tls(self) -> ssl.SSLContext | bool:
        """Certificates are always verified; certifi's, so that a bare container can."""
        if self.api.base.startswith("http://"):
            return True
        return ssl.create_default_context(cafile=certifi.where())


def checked(base_url: str) -> str:
    """A Bot API server's usable address; raises ``ValueError`` that says what is wrong, and not the address."""
    try:
        parts = urlsplit(base_url)
        _ = parts.port
    except ValueError:
        raise ValueError("the Bot API's address is malformed") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("the Bot API's address must look like http://HOST:PORT or https://HOST")
    if set(base_url) & set("{}?#") or any(char.isspace() for char in base_url):
        raise ValueError("the Bot API's address has a character that is none of an address")
    return base_url


def _limits(timeout_s: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=timeout_s, connect=min(CONNECT_TIMEOUT_S, timeout_s / 2))


async def _multipart(form: Form, bot: Bot) -> aiohttp.FormData:
    data = aiohttp.FormData(form.fields, quote_fields=False)
    for key, file in form.files.items():
        data.add_field(key, await content(file, bot), filename=file.filename or key)
    return data


async def content(file: InputFile, bot: Bot) -> bytes:
    """All of a file that is to be sent."""
    return b"".join([chunk async for chunk in file.read(bot)])
