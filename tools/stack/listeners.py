"""Whether a port of this machine is taken, and by whom, as far as that can be known without being root."""

from __future__ import annotations

import errno
import socket
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from planner.config import PORT_MAX

LOOPBACK = "127.0.0.1"
LISTENS = "0A"
"""The state of a socket that waits for others, in ``/proc/net/tcp`` (Linux, ``net/tcp_states.h``)."""
SOON_S = 0.5
APART = 10_000


def taken(port: int) -> bool:
    """Whether somebody listens there, on loopback or on all addresses."""
    with socket.socket() as ours:
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            ours.bind((LOOPBACK, port))
        except OSError as error:
            # A low port may be Docker's to take, and not ours.
            if error.errno == errno.EADDRINUSE:
                return True
    # Elsewhere than on Linux it can be bound beside one that listens on all addresses.
    with socket.socket() as other:
        other.settimeout(SOON_S)
        return other.connect_ex((LOOPBACK, port)) == 0


def another(port: int, besides: Collection[object] = ()) -> int:
    """One to propose in its place: free, none of these, and far from those that are usual."""
    first = port + APART if port + 2 * APART <= PORT_MAX else APART
    return next(one for one in range(first, PORT_MAX + 1) if one not in besides and not taken(one))


def holder(port: int, proc: Path = Path("/proc")) -> str:
    """The process that listens there, as ``nginx (process 42)``; "" if it is another user's, or cannot be known."""
    sockets = _sockets(port, proc)
    if not sockets:
        return ""
    for process in proc.glob("[0-9]*"):
        with suppress(OSError):
            if any(_link(one) in sockets for one in (process / "fd").iterdir()):
                return f"{(process / 'comm').read_text().strip()} (process {process.name})"
    return ""


def _link(path: Path) -> str:
    """Where it leads; nowhere, if it was closed just now."""
    try:
        return str(path.readlink())
    except OSError:
        return ""


def _sockets(port: int, proc: Path) -> set[str]:
    """Those that listen there, by the name that ``/proc/*/fd`` has for them."""
    found = set()
    for table in ("tcp", "tcp6"):
        with suppress(OSError):
            for line in (proc / "net" / table).read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == LISTENS and int(fields[1].rpartition(":")[2], 16) == port:
                    found.add(f"socket:[{fields[9]}]")
    return found
