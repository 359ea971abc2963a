"""How tests run: ``async def`` tests on a loop with virtual time."""

from __future__ import annotations

import inspect
import os
from pathlib import Path

import pytest

from tests.virtual import FakeClock, run

MEMORY = Path("/dev/shm")  # where there is such a folder, a commit costs no disk


def pytest_configure(config: pytest.Config) -> None:
    if config.option.basetemp is None and os.access(MEMORY, os.W_OK):
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    names = inspect.signature(pyfuncitem.obj).parameters
    run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}))
    return True


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()
