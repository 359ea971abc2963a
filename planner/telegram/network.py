"""What an exception says about a request: that it never left, or that nobody knows."""

from __future__ import annotations

import logging
import os
import traceback

import aiohttp

from planner.telegram.outcomes import Halted, NotSent, Outcome, Paused, Refused, Unclear
from planner.telegram.answers import RETRY_AFTER_UNKNOWN_S

log = logging.getLogger(__name__)

_NEVER_LEFT = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
    aiohttp.ServerFingerprintMismatch,
)
_NETWORK = (aiohttp.ClientError, TimeoutError, OSError)


def outcome_of_error(error: Exception) -> Outcome:
    """The text of an exception may hold the URL, and with it the token: only its type and the system's reason are kept."""
    if isinstance(error, _NEVER_LEFT):
        return NotSent(_named(error))
    if not isinstance(error, _NETWORK):
        log.error("telegram.unexpected", extra={"error": type(error).__name__, "at": _place(error)})
    return Unclear(_named(error))


def outcome_of_file_error(error: Exception) -> Outcome:
    """The same for a file, whose server answers with a bare status and no JSON."""
    if not isinstance(error, aiohttp.ClientResponseError):
        return outcome_of_error(error)
    cause = f"{error.status} for the file"
    if error.status == 401:
        return Halted(error.status, cause)
    if error.status == 429:
        return Paused(RETRY_AFTER_UNKNOWN_S, cause)
    return Refused(cause) if 400 <= error.status < 500 else Unclear(cause)


def _named(error: Exception) -> str:
    inner = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    number = inner.errno if isinstance(inner, OSError) else None
    reason = f": {os.strerror(number)}" if number is not None and number > 0 else ""
    return type(error).__name__ + reason


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{os.path.basename(frames[-1].filename)}:{frames[-1].lineno}" if frames else ""
