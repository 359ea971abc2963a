"""In which line of ``slo.toml`` something stands: ``tomllib`` does not say, and people look for it."""

from __future__ import annotations

import re

_HEADER = re.compile(r"\s*\[+\s*([A-Za-z0-9_.-]+)\s*\]+")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=")


def line_of(text: str, place: str) -> int | None:
    """The line, from 1, of ``table.key``, else of its table's header; ``None`` where it is written in another way.

    Of texts of several lines nothing is said: what looks like a key there may be none.
    """
    if '"""' in text or "'''" in text:
        return None
    table, _, key = place.rpartition(".")
    header, inside = None, ""
    for number, line in enumerate(text.splitlines(), start=1):
        if found := _HEADER.match(line):
            inside = found[1]
            if inside == place:
                return number
            if inside == table:
                header = number
        elif inside == table and (found := _KEY.match(line)) and found[1] == key:
            return number
    return header
