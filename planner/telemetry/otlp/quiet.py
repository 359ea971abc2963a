"""The exporters' own loggers, heard but not repeated: with an endpoint that is gone they say some 20 lines a minute."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

LOGGER = "opentelemetry"
TRANSPORTS = ("urllib3", "requests")
"""What the exporters send with: below WARNING it only repeats addresses, which may hold keys."""
NO_ANSWER = "no answer"
_HTTP_ERRORS = range(400, 600)
_OF_ENDPOINT = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}
"""Of the 4xx, those that are told to whoever comes."""
_GRPC_OF_ENDPOINT = {"UNAVAILABLE", "DEADLINE_EXCEEDED", "RESOURCE_EXHAUSTED", "ABORTED", "CANCELLED", "INTERNAL"}
_REASONS = {status.phrase: status.value for status in HTTPStatus if status in _HTTP_ERRORS}
"""An error that may pass is told by its reason phrase alone."""


class Heard:
    """Why an export failed: a code or an exception's type, never its words, which may hold addresses.

    ``own`` says that it concerns what was sent, or who sent it, and not the endpoint.
    """

    def __init__(self) -> None:
        self.cause = NO_ANSWER
        self.own = False

    def http(self, status: int) -> None:
        self.cause = f"HTTP {status}"
        self.own = status < HTTPStatus.INTERNAL_SERVER_ERROR and status not in _OF_ENDPOINT

    def grpc(self, name: str) -> None:
        self.cause = f"gRPC {name}"
        self.own = name not in _GRPC_OF_ENDPOINT

    def error(self, error: BaseException) -> None:
        """A connection's is an ``OSError``, or urllib3's own; any other is that of the export."""
        self.cause = type(error).__name__
        self.own = not isinstance(error, OSError) and not type(error).__module__.startswith(TRANSPORTS)


class Quiet(logging.Handler):
    """In place of all other handlers of the exporters' loggers, unless everything is logged anyway."""

    def __init__(self) -> None:
        super().__init__()
        self._heard = threading.local()

    @classmethod
    def installed(cls) -> Quiet:
        """The one that is there, for good: what is left of a stop still talks."""
        logger = logging.getLogger(LOGGER)
        quiet = next((handler for handler in logger.handlers if isinstance(handler, cls)), None) or cls()
        for name in (LOGGER, *TRANSPORTS):
            one = logging.getLogger(name)
            one.propagate = logging.getLogger().level <= logging.DEBUG
            one.addHandler(quiet)
        for name in TRANSPORTS:
            logging.getLogger(name).setLevel(logging.WARNING)
        _unfiltered()
        return quiet

    @contextmanager
    def listening(self) -> Iterator[Heard]:
        """What is heard on this thread within the block."""
        heard = self._heard.now = Heard()
        try:
            yield heard
        finally:
            self._heard.now = None

    def emit(self, record: logging.LogRecord) -> None:
        heard: Heard | None = getattr(self._heard, "now", None)
        if heard is None or not isinstance(record.args, tuple):
            return
        for argument in record.args:
            if isinstance(argument, int) and argument in _HTTP_ERRORS:
                heard.http(argument)
            elif isinstance(argument, str) and argument in _REASONS:
                heard.http(_REASONS[argument])
            elif isinstance(argument, BaseException):
                heard.error(argument)
            elif type(argument).__name__ == "StatusCode":  # gRPC's
                heard.grpc(getattr(argument, "name", ""))


def _unfiltered() -> None:
    """Some say a thing once in 20 s only, so that a log does not fill: a cause that is not said cannot be heard."""
    for name, logger in list(logging.root.manager.loggerDict.items()):
        if isinstance(logger, logging.Logger) and name.startswith(f"{LOGGER}.exporter."):
            for one in [one for one in logger.filters if type(one).__name__ == "DuplicateFilter"]:
                logger.removeFilter(one)
