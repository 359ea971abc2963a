"""How tests run: ``async def`` tests on a loop with virtual time."""

from __future__ import annotations

import inspect
import logging
import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests.virtual import FakeClock, run

MEMORY = Path("/dev/shm")  # where there is such a folder, a commit costs no disk

WAITING = frozenset({"test_every_panel_is_filled.py", "test_the_native_path_end_to_end.py"})
"""Each takes minutes of real time, and little of a core's: others run meanwhile."""
LONGEST = Path(__file__).parent / "e2e"
LONG = frozenset(
    {
        "test_a_burst_ends_on_time.py",
        "test_an_outage_is_caught_up.py",
        "test_kill_at_random_moments.py",
        "test_one_file.py",
        "test_people_are_understood.py",
        "test_phrases_are_understood.py",
        "test_whatever_telegram_answers.py",
    }
)


def pytest_configure(config: pytest.Config) -> None:
    if config.option.basetemp is None and os.access(MEMORY, os.W_OK):
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


@pytest.hookimpl(wrapper=True, optionalhook=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """One more than there are cores: those whose tests wait for real processes leave theirs to the others."""
    return (yield) + 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What waits longest goes first, then what takes longest, so that no core is left with it; else at random.

    Sorting keeps the order within each: with ``--dist loadfile --no-loadscope-reorder`` files go out as they come here.
    """
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    if item.path.name in WAITING:
        return 0
    return 1 if item.path.is_relative_to(LONGEST) or item.path.name in LONG else 2


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    names = inspect.signature(pyfuncitem.obj).parameters
    run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}))
    return True


@pytest.fixture(autouse=True)
def levels() -> Iterator[None]:
    """What a test has set up of logging ends with it: a logger that stays at DEBUG speaks in somebody else's test."""
    known: list[logging.Logger] = [logging.getLogger(), *_loggers()]
    before = {logger: logger.level for logger in known}
    yield
    for logger in [logging.getLogger(), *_loggers()]:
        level = before.get(logger, logging.NOTSET)
        if logger.level != level:
            logger.setLevel(level)


def _loggers() -> list[logging.Logger]:
    named = logging.getLogger().manager.loggerDict.values()
    return [logger for logger in named if isinstance(logger, logging.Logger)]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()
