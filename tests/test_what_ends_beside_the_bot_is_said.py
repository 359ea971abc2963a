"""What goes on beside the bot, and nobody waits for: the clock's watch, the menus. The log says where it ends."""

from __future__ import annotations

import asyncio
import logging
import signal
from pathlib import Path

import pytest

from planner import app
from planner.bot import Planner
from planner.clock import SystemClock
from planner.promises import load
from tests.world import settings_for


def test_what_fails_beside_the_bot_does_not_do_so_in_silence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def stopped(planner: Planner) -> None:
        await asyncio.sleep(0)
        signal.raise_signal(signal.SIGTERM)
        await asyncio.Event().wait()

    async def no_watch(_: SystemClock) -> None:
        raise LookupError("watch")

    async def no_commands(*_: object) -> None:
        raise ZeroDivisionError("commands")

    monkeypatch.setattr(SystemClock, "watch", no_watch)
    monkeypatch.setattr(app.signon, "commands", no_commands)
    monkeypatch.setattr(app.pauses, "shorten", lambda: None)
    monkeypatch.setattr(Planner, "failed", stopped)
    with caplog.at_level(logging.ERROR):
        asyncio.run(app.run(settings_for(tmp_path, PLANNER_HTTP="127.0.0.1:0"), load().slos, lambda *_: None))
    failed = [one.exc_info for one in caplog.records if one.getMessage() == "oversight.failed"]
    assert {info[0] for info in failed if info} == {LookupError, ZeroDivisionError}
