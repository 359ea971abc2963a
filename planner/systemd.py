"""systemd hears that the planner is ready, works and stops: sd_notify(3) by a datagram; without systemd, nothing."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import Awaitable, Callable, Mapping

from planner.clock import Clock

log = logging.getLogger(__name__)

Works = Callable[[], Awaitable[object]]
"""Returns when what must not hang has answered."""


class Systemd:
    """``environ`` holds NOTIFY_SOCKET and WATCHDOG_USEC where systemd has started this process."""

    def __init__(self, environ: Mapping[str, str], pid: int) -> None:
        path = environ.get("NOTIFY_SOCKET", "")
        self._address = "\0" + path[1:] if path.startswith("@") else path
        self.watchdog_ms = _watchdog_ms(environ, pid)
        """How long systemd waits for a sign of life; 0 where it waits for none."""

    @classmethod
    def of_this_process(cls) -> Systemd:
        return cls(os.environ, os.getpid())

    @property
    def there(self) -> bool:
        """Whether systemd has started this process, and listens."""
        return bool(self._address)

    def status(self, text: str) -> None:
        """A line for ``systemctl status``."""
        self._tell(f"STATUS={text}")

    def ready(self) -> None:
        self._tell("READY=1\nSTATUS=ready")

    def stopping(self) -> None:
        self._tell("STOPPING=1\nSTATUS=stopping")

    async def watch(self, works: Works, clock: Clock) -> None:
        """Give a sign of life twice as often as asked for, for ever, while ``works`` answers within that time.

        A process of which the event loop or the database hangs gives none, and is begun anew by systemd.
        """
        half_ms = self.watchdog_ms // 2
        while self._address and half_ms:
            began = clock.mono()
            try:
                async with asyncio.timeout(half_ms / 1_000):
                    await works()
            except TimeoutError:
                log.error("watchdog.silent", extra={"do": "the database hangs: look at the disk", "for_ms": half_ms})
                continue
            self._tell("WATCHDOG=1")
            await clock.sleep(max(0, began + half_ms - clock.mono()))

    def _tell(self, state: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK) as one:
                one.sendto(state.encode(), self._address)
        except OSError as error:
            log.warning("systemd.unreachable", extra={"cause": error.strerror or type(error).__name__})


def _watchdog_ms(environ: Mapping[str, str], pid: int) -> int:
    """sd_watchdog_enabled(3): it is meant for the process of WATCHDOG_PID alone, where that is named."""
    asked, whom = environ.get("WATCHDOG_USEC", ""), environ.get("WATCHDOG_PID", str(pid))
    return int(asked) // 1_000 if asked.isdecimal() and whom == str(pid) else 0
