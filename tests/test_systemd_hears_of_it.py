"""Under systemd: ready, alive, stopping, by sd_notify(3)'s datagrams; elsewhere nothing at all."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from planner import checks
from planner.store import Store
from planner.store.opening import StoreError
from planner.systemd import Systemd
from tests.virtual import FakeClock, run

PID = os.getpid()


@pytest.fixture(params=["a path", "abstract"])
def listener(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[socket.socket, str]]:
    """systemd's end, and its name in NOTIFY_SOCKET."""
    name = str(tmp_path / "notify") if request.param == "a path" else f"@planner-test-{PID}-{id(request)}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as one:
        one.bind("\0" + name[1:] if name.startswith("@") else name)
        one.setblocking(False)  # the standard library's own
        yield one, name


def heard(one: socket.socket) -> list[str]:
    found = []
    while True:
        try:
            found.append(one.recv(4096).decode())
        except BlockingIOError:
            return found


def test_it_hears_that_the_planner_is_ready_and_that_it_stops(listener: tuple[socket.socket, str]) -> None:
    ear, name = listener
    systemd = Systemd({"NOTIFY_SOCKET": name}, PID)
    systemd.status("starting")
    systemd.ready()
    systemd.stopping()
    assert heard(ear) == ["STATUS=starting", "READY=1\nSTATUS=ready", "STOPPING=1\nSTATUS=stopping"]


def test_it_gets_a_sign_of_life_twice_as_often_as_it_asks_for(listener: tuple[socket.socket, str]) -> None:
    ear, name = listener

    async def story() -> None:
        clock = FakeClock()
        systemd = Systemd({"NOTIFY_SOCKET": name, "WATCHDOG_USEC": "30000000", "WATCHDOG_PID": str(PID)}, PID)
        watching = asyncio.get_running_loop().create_task(systemd.watch(lambda: clock.sleep(100), clock))
        await clock.sleep(61_000)
        watching.cancel()

    run(story())
    assert heard(ear) == ["WATCHDOG=1"] * 5


def test_what_hangs_gives_no_sign_of_life_until_it_answers_again(
    listener: tuple[socket.socket, str], caplog: pytest.LogCaptureFixture
) -> None:
    ear, name = listener

    async def story() -> None:
        clock = FakeClock()
        answers = asyncio.Event()
        systemd = Systemd({"NOTIFY_SOCKET": name, "WATCHDOG_USEC": "30000000"}, PID)
        watching = asyncio.get_running_loop().create_task(systemd.watch(answers.wait, clock))
        await clock.sleep(60_000)
        assert heard(ear) == []
        answers.set()
        await clock.sleep(1_000)
        assert heard(ear) == ["WATCHDOG=1"]
        watching.cancel()

    run(story())
    assert "watchdog.silent" in caplog.messages


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"WATCHDOG_USEC": "30000000"},
        {"NOTIFY_SOCKET": "/run/x"},
        {"NOTIFY_SOCKET": "/run/x", "WATCHDOG_USEC": "soon"},
        {"NOTIFY_SOCKET": "/run/x", "WATCHDOG_USEC": "30000000", "WATCHDOG_PID": str(PID + 1)},
    ],
)
def test_nobody_who_does_not_ask_for_it_gets_one(environ: dict[str, str], caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        clock = FakeClock()
        systemd = Systemd(environ, PID)
        await asyncio.wait_for(systemd.watch(lambda: clock.sleep(0), clock), 1)

    run(story())
    if "NOTIFY_SOCKET" not in environ:
        Systemd(environ, PID).ready()
    assert not caplog.records


def test_a_systemd_that_is_gone_is_a_warning_and_no_more(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    Systemd({"NOTIFY_SOCKET": str(tmp_path / "gone")}, PID).ready()
    assert [(one.levelno, one.msg) for one in caplog.records] == [(logging.WARNING, "systemd.unreachable")]


def test_a_database_that_refuses_is_no_database_that_hangs(tmp_path: Path) -> None:
    """Begun anew it would refuse again: a full disk is no reason to be killed."""

    async def story() -> None:
        clock = FakeClock()
        store = Store(tmp_path / "planner.db", inline=True)
        database = checks.Database(store, clock)
        await database.works()

        async def refused(_: object) -> None:
            raise StoreError("full")

        store.read = store.write = refused
        await database.works()
        store.close()

    run(story())
