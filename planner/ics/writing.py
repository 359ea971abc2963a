"""Content lines of the iCalendar format (RFC 5545, section 3.1), written: escaped, and folded at 75 octets. Pure."""

from __future__ import annotations

from collections.abc import Iterable

LINE_MAX = 75
"""Octets of a line, its end left out."""

_CONTROLS = dict.fromkeys([*range(9), *range(11, 32), 127])
_ESCAPES: dict[int, str | None] = {**{ord(sign): "\\" + sign for sign in "\\;,"}, ord("\n"): "\\n"}
_NO_CONTROLS = dict.fromkeys([*range(32), 127])


def text(value: str) -> str:
    """A TEXT (section 3.3.11). What it may not hold is left out, and so is space around it."""
    held = value if value.isprintable() else value.translate(_CONTROLS)
    return held.strip().translate(_ESCAPES)


def uri(value: str) -> str:
    """A URI (section 3.3.13), which is not escaped."""
    return value.translate(_NO_CONTROLS)


def encoded(lines: Iterable[str]) -> bytes:
    """The lines as bytes, each folded where it is too long, and with its end."""
    folded = [line if len(line) <= LINE_MAX and line.isascii() else _folded(line) for line in lines]
    return "\r\n".join([*folded, ""]).encode("utf-8", "replace")


def _folded(line: str) -> str:
    raw = line.encode("utf-8", "replace")
    pieces, at, room = [], 0, LINE_MAX
    while len(raw) - at > room:
        end = at + room
        while raw[end] & 0xC0 == 0x80:  # a character is not torn apart
            end -= 1
        pieces.append(raw[at:end].decode())
        at, room = end, LINE_MAX - 1
    return "\r\n ".join([*pieces, raw[at:].decode()])
