"""The exporters' own loggers, heard but not repeated: with an endpoint that is gone they say some 20 lines a minute."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

LOGGER = "opentelemetry"
NO_ANSWER = "no answer"
_HTTP_ERRORS = range(400, 600)


class Heard:
    """Why an export failed: a code or an exception's type, never its words, which may hold addresses."""

    def __init__(self) -> None:
        self.cause = NO_ANSWER


class Quiet(logging.Handler):
    """In place of all other handlers of the exporters' loggers, unless everything is logged anyway."""

    def __init__(self) -> None:
        super().__init__()
        self._heard = threading.local()

    @classmethod
    def installed(cls) -> Quiet:
        """The one that is there, for good: what is left of a stop still talks."""
        logger = logging.getLogger(LOGGER)
        logger.propagate = logging.getLogger().level <= logging.DEBUG
        for handler in logger.handlers:
            if isinstance(handler, cls):
                return handler
        made = cls()
        logger.addHandler(made)
        return made

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
                heard.cause = f"HTTP {argument}"
            elif isinstance(argument, BaseException):
                heard.cause = type(argument).__name__
            elif type(argument).__name__ == "StatusCode":  # gRPC's
                heard.cause = f"gRPC {getattr(argument, 'name', '')}"
