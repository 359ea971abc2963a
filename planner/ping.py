"""Calls to PLANNER_HEARTBEAT_URL, as healthchecks.io and those who copy it have them. The address is a secret.

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
    """Whom the heartbeat is sent to. Redirects are not followed: they would take the secret elsewhere."""

    def __init__(self, url: str, timeout_s: float = TIMEOUT_S) -> None:
        self._url = url
        self._timeout = aiohttp.ClientTimeout(total=timeout_s)

    async def call(self, ping: Ping, body: str) -> str | None:
        """Tell it, with a few words; why that failed, in a code that shows no address, ``None`` where it did not."""
        try:
            async with (
                aiohttp.ClientSession(timeout=self._timeout) as session,
                session.post(_behind(self._url, ping), data=body.encode(), allow_redirects=False) as answer,
            ):
                return None if answer.status in OK else f"HTTP {answer.status}"
        except TimeoutError:
            return "timeout"
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return type(error).__name__


def _behind(url: str, ping: Ping) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=parts.path.rstrip("/") + ping))
