"""Exceptions as a log tells them: what kind, where, what led to them; never in their words, which may be a user's."""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Iterator

DEPTH_MAX = 20
"""Exceptions that led to one another; what lies further back is left out."""

_CAUSE = "\nThe above exception was the direct cause of the following exception:\n\n"
_CONTEXT = "\nDuring handling of the above exception, another exception occurred:\n\n"
_ONE_OF = "\nOne of its group:\n\n"
_OBJECTS = re.compile(r"[(\n].*", re.DOTALL)


def told(error: BaseException) -> str:
    """As Python prints it, without its words. Of the system's errors the number is kept."""
    return "".join(_chain(error, 0)).rstrip("\n")


def message(record: logging.LogRecord) -> str:
    """What a record says. asyncio would show the task or callback that failed, with its exception and arguments."""
    said = record.getMessage()
    return _OBJECTS.sub("", said) if record.name == "asyncio" and record.exc_info else said


def _chain(error: BaseException, depth: int) -> Iterator[str]:
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and depth < DEPTH_MAX:
        yield from _chain(before, depth + 1)
        yield _CAUSE if error.__cause__ is not None else _CONTEXT
    if error.__traceback__ is not None:
        yield "Traceback (most recent call last):\n"
        yield from traceback.format_tb(error.__traceback__)
    number = error.errno if isinstance(error, OSError) else None
    yield type(error).__qualname__ + ("" if number is None else f": [Errno {number}]") + "\n"
    if isinstance(error, BaseExceptionGroup) and depth < DEPTH_MAX:
        for one in error.exceptions:
            yield _ONE_OF
            yield from _chain(one, depth + 1)
