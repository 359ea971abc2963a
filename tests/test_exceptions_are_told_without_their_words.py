"""An exception's words may be what a user wrote, so a log tells what kind it was, where, and what led to it."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import Callable

import pytest

from planner.telemetry.logs import set_up
from planner.telemetry.raised import DEPTH_MAX, told

WORDS = "Kartoffelkanone"
log = logging.getLogger("planner.some")


def raised(fail: Callable[[], object]) -> str:
    try:
        fail()
    except Exception as error:  # noqa: BLE001  # whatever it is
        return told(error)
    raise AssertionError("it did not fail")


def parse() -> None:
    int(WORDS)


def caused() -> None:
    try:
        parse()
    except ValueError as error:
        raise LookupError(WORDS) from error


def in_between() -> None:
    try:
        parse()
    except ValueError:
        raise LookupError(WORDS)  # noqa: B904  # that is what is tried


def hidden() -> None:
    try:
        parse()
    except ValueError:
        raise LookupError(WORDS) from None


def grouped() -> None:
    raise ExceptionGroup(WORDS, [ValueError(WORDS), ExceptionGroup(WORDS, [KeyError(WORDS)])])


def of_the_system() -> None:
    raise FileNotFoundError(2, "No such file", WORDS)


@pytest.mark.parametrize(
    ("fail", "kinds"),
    [
        (parse, ["ValueError"]),
        (caused, ["ValueError", "direct cause", "LookupError"]),
        (in_between, ["ValueError", "During handling", "LookupError"]),
        (hidden, ["LookupError"]),
        (grouped, ["ExceptionGroup", "ValueError", "ExceptionGroup", "KeyError"]),
        (of_the_system, ["FileNotFoundError: [Errno 2]"]),
    ],
)
def test_the_kinds_and_places_are_told_in_order_and_nothing_else(fail: Callable[[], None], kinds: list[str]) -> None:
    text = raised(fail)
    assert WORDS not in text
    assert text.startswith("Traceback (most recent call last):\n")
    assert f"in {fail.__name__}" in text
    place = 0
    for kind in kinds:
        place = text.index(kind, place) + len(kind)
    assert ("parse()" in text) == (fail in {caused, in_between}), "what is suppressed led to nothing"


def test_a_long_chain_of_causes_is_cut() -> None:
    error: Exception = ValueError()
    for _ in range(5_000):
        following = LookupError()
        following.__cause__ = error
        error = following
    assert told(error).count("LookupError") == DEPTH_MAX + 1


def test_what_asyncio_says_of_a_callback_or_task_shows_none_of_its_arguments() -> None:
    async def fail(_: str) -> None:
        raise ValueError(WORDS)

    async def run() -> None:
        asyncio.get_running_loop().call_soon(int, WORDS)
        task = asyncio.ensure_future(fail(WORDS))
        await asyncio.wait([task])
        del task

    stream = io.StringIO()
    logs = set_up("DEBUG", stream)
    try:
        asyncio.run(run())
    finally:
        logs.close()
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    said = [line["event"] for line in lines if "exception" in line]
    assert said == ["Exception in callback int", "Task exception was never retrieved"]
    assert WORDS not in stream.getvalue()
