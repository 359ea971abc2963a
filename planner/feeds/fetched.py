"""What became of fetching a calendar's address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from planner.model import Outcome


@dataclass(frozen=True, slots=True)
class Body:
    """The calendar's bytes, unpacked, in a file that is gone once it is closed; ``digest`` is their SHA-256."""

    file: BinaryIO
    size: int
    digest: str
    etag: str | None
    modified: str | None


@dataclass(frozen=True, slots=True)
class NotModified:
    """The server says that nothing has changed since (304)."""


@dataclass(frozen=True, slots=True)
class Fault:
    """No calendar. ``code`` says more than the outcome, without a word of the address.

    A status of HTTP (``"404"``), or ``dns``, ``refused``, ``tls``, ``lost``, ``redirects``, ``scheme``, ``address`` (it
    cannot be one), ``private``, ``link_local`` (or another that no calendar is at), ``elsewhere`` and
    ``elsewhere_private`` (the server sends on to one that cannot be reached, or is private), ``timeout``,
    ``too_large``, ``packed`` (compressed in a way that was not asked for), ``heavy`` (it takes more time or memory to
    read than a calendar may), ``crash`` (its reader failed by its own fault), ``storage`` (there is no room
    for it here), and those of :class:`planner.ics.entry.UnreadableError`.
    """

    outcome: Outcome
    code: str
    retry_after_s: int = 0


Fetched = Body | NotModified | Fault
