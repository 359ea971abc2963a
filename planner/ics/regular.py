"""Events as nearly every calendar has them, found without a look at each of their lines."""

from __future__ import annotations

import re
from typing import NamedTuple

_ODD = re.compile(rb"\n(?!(?:BEGIN|END):(?:VEVENT|VALARM)\n)(?i:BEGIN|END)[;:]")
_UID = re.compile(rb"\n(?i:UID)([;:][^\n]*)")
_BEGIN, _END = b"\nBEGIN:VEVENT", b"\nEND:VEVENT"


class Found(NamedTuple):
    """An event's lines, and its UID as it is written."""

    start: int
    end: int
    uid: bytes


def events(plain: bytes) -> list[Found]:
    """The first events, one right after the other, as far as each has a UID, before whatever alarms are in it.

    Nothing else begins or ends there, so that a pass over every line would find the same.
    """
    first = plain.find(_BEGIN + b"\n")
    found = _run(plain, first) if first >= 0 else []
    if not found:
        return []
    odd = _ODD.search(plain, first, found[-1].end + 1)
    while odd and found and found[-1].end > odd.start():
        found.pop()
    return found if found and plain.count(_BEGIN, first, found[-1].end) == len(found) else []


def _run(plain: bytes, at: int) -> list[Found]:
    found = []
    find, begin, to = plain.find, len(_BEGIN), len(_END)
    while plain.startswith(_BEGIN + b"\n", at):
        start = at + begin
        end = find(_END + b"\n", start)
        inner = find(b"\nBEGIN:", start, end)
        said = _UID.search(plain, start, inner if inner >= 0 else end)
        uid = value(said[1]) if said else b""
        if end < 0 or not uid:
            break
        found.append(Found(start, end, uid))
        at = end + to
    return found


def ends(found: list[Found]) -> tuple[int, int]:
    """Where the first of them begins, and where the last one's END has ended."""
    return found[0].start - len(_BEGIN), found[-1].end + len(_END)


def value(rest: bytes) -> bytes:
    """The value after a line's name; a parameter of those asked here never holds a colon."""
    return rest[1:].strip() if rest[:1] == b":" else rest.partition(b":")[2].strip()
