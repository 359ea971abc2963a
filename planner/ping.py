"""Calls to addresses that are secrets: PLANNER_HEARTBEAT_URL, as healthchecks.io has it, and the tickets' one.

https://healthchecks.io/docs/http_api/: the address itself means success; ``/start`` and ``/fail`` behind its path.
"""

from __future__ import annotations

from enum import StrEnum
from urllib.parse import urlsplit, urlunsplit

import aiohttp

TIMEOUT_S = 5.0
OK = range(200, 300)


class Ping(StrEnum):
    """What is told; the value is what stands behind the address."""

    START = "/start"
    SUCCESS = ""
    FAIL = "/fail"


class Pinger:
    """Whom the heartbeat is sent to."""

    def __init__(self, url: str, timeout_s: float = TIMEOUT_S) -> None:
        self._url = url
        self._timeout_s = timeout_s

    async def call(self, ping: Ping, body: str) -> str | None:
        """Tell it, with a few words; why that failed, in a code that shows no address, ``None`` where it did not."""
        return await post(_behind(self._url, ping), body.encode(), self._timeout_s)


async def post(url: str, body: bytes, timeout_s: float = TIMEOUT_S, content_type: str = "") -> str | None:
    """Send it there; why that failed, in a code that shows no address, ``None`` where it did not.

    Redirects are not followed: they would take the secret elsewhere.
    """
    headers = {"Content-Type": content_type} if content_type else None
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=timeout_s)) as session,
            session.post(url, data=body, headers=headers, allow_redirects=False) as answer,
        ):
            return None if answer.status in OK else f"HTTP {answer.status}"
    except TimeoutError:
        return "timeout"
    except (aiohttp.ClientError, OSError, ValueError) as error:
        return type(error).__name__


def _behind(url: str, ping: Ping) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=parts.path.rstrip("/") + ping))
