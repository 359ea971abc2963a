"""What an exception says about a request: that it never left, or that nobody knows."""

from __future__ import annotations

import logging
import os
import ssl
import traceback
from pathlib import PurePath

import aiohttp

from planner.telegram.answers import RETRY_AFTER_UNKNOWN_S
from planner.telegram.outcomes import Halted, NotSent, Outcome, Paused, Refused, Unclear

log = logging.getLogger(__name__)

_NEVER_LEFT = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
    aiohttp.ServerFingerprintMismatch,
)
_NETWORK = (aiohttp.ClientError, TimeoutError, OSError)


class FileStatusError(Exception):
    """A file was asked for and another status than 200 came. aiohttp's own exception would hold the URL."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


def outcome_of_error(error: Exception) -> Outcome:
    """An exception's text may hold the URL, and with it the token: its type and the system's reason are kept."""
    if isinstance(error, _NEVER_LEFT):
        return NotSent(_named(error))
    if isinstance(error, UnicodeEncodeError):  # half a surrogate pair in the parameters: it can never be sent
        return Refused(_named(error))
    if not isinstance(error, _NETWORK):
        log.error(
            "telegram.unexpected",
            extra={"error": type(error).__name__, "at": _place(error), "do": "Please report it, with this line."},
        )
    return Unclear(_named(error))


def outcome_of_file_error(error: FileStatusError) -> Outcome:
    """The same for a file, whose server answers with a bare status and no JSON."""
    cause = f"{error.status} for the file"
    if error.status == 401:
        return Halted(error.status, cause)
    if error.status == 429:
        return Paused(RETRY_AFTER_UNKNOWN_S, cause)
    return Refused(cause) if 400 <= error.status < 500 else Unclear(cause)


def _named(error: Exception) -> str:
    reason = _reason(error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error)
    return f"{type(error).__name__}: {reason}" if reason else type(error).__name__


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return error.reason or ""
    number = error.errno if isinstance(error, OSError) else None
    return os.strerror(number) if number is not None and number > 0 else ""


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
