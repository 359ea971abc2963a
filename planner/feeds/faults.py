"""What went wrong with a fetch, as an outcome and a code. Nothing here holds a word of the address."""

from __future__ import annotations

import logging
import ssl
import traceback
from email.utils import parsedate_to_datetime
from pathlib import PurePath

import aiohttp

from planner.feeds.fetched import Fault
from planner.feeds.guard import BlockedError
from planner.feeds.unpack import PackedError
from planner.model import SECOND, Outcome

RETRY_AFTER_MAX_S = 6 * 3_600
"""A server may ask to be left alone for so long; longer than a failing feed backs off is not believed."""

STORAGE = "storage"
"""The code of a fault that is the planner's own: it has nowhere to put what comes."""

log = logging.getLogger(__name__)


ELSEWHERE = {"dns": "elsewhere", "refused": "elsewhere", "tls": "elsewhere", "lost": "elsewhere",
             "private": "elsewhere_private"}  # fmt: skip
"""What a fault is called where another server than the one that was asked for is to blame."""


class AddressError(Exception):
    """No address of a kind that is fetched; its argument is the fault's code."""


class TooLargeError(Exception):
    """More bytes than are taken."""


class StorageError(Exception):
    """What came could not be put into a temporary file."""


def fault_of(error: Exception) -> Fault:
    """What an exception means. Its text may hold the address and goes nowhere."""
    match error:
        case AddressError():
            return Fault(Outcome.BLOCKED, str(error.args[0]))
        case TooLargeError():
            return Fault(Outcome.TOO_LARGE, "too_large")
        case StorageError():
            return Fault(Outcome.INVALID, STORAGE)
        case PackedError():
            return Fault(Outcome.INVALID, "packed")
        case TimeoutError():
            return Fault(Outcome.TIMEOUT, "timeout")
        case aiohttp.ClientSSLError() | ssl.SSLError():
            return Fault(Outcome.NETWORK, "tls")
        case aiohttp.ClientConnectorDNSError():
            return Fault(Outcome.NETWORK, "dns")
        case aiohttp.ClientConnectorError():
            if isinstance(error.os_error, BlockedError):
                return Fault(Outcome.BLOCKED, "private" if error.os_error.home else "link_local")
            return Fault(Outcome.NETWORK, "refused")
        case aiohttp.InvalidURL():
            return Fault(Outcome.BLOCKED, "address")
        case UnicodeError():  # a host's name that no resolver can be asked for
            return Fault(Outcome.NETWORK, "dns")
        case aiohttp.ClientError() | ConnectionError():
            return Fault(Outcome.NETWORK, "lost")
    log.error(
        "feed.unexpected",
        extra={"error": type(error).__name__, "at": _place(error), "do": "Please report it, with this line."},
    )
    return Fault(Outcome.NETWORK, "lost")


def elsewhere(fault: Fault) -> Fault:
    """A fault that befell a redirect to another server."""
    return Fault(fault.outcome, ELSEWHERE.get(fault.code, fault.code), fault.retry_after_s)


def retry_after_s(header: str | None, now: int) -> int:
    """Seconds that a server asks to wait (RFC 9110, section 10.2.3): a number, or a date; 0 where it says neither."""
    if header is None:
        return 0
    text = header.strip()
    if text.isascii() and text.isdigit():
        return min(int(text[:9]), RETRY_AFTER_MAX_S)
    try:
        wait = parsedate_to_datetime(text).timestamp() - now / SECOND
    except (ValueError, TypeError, OverflowError):
        return 0
    return int(min(max(wait, 0), RETRY_AFTER_MAX_S))


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
