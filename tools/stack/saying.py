"""How the tool speaks to whoever runs it: lines on the terminal, and troubles with what to do about each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from textwrap import fill, indent

WIDTH = 100
HIDDEN = "(hidden)"
COMMAND = re.compile("`[^`]+`")
GLUE = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Need:
    """Something that stands in the way, and what to do about it."""

    fault: str
    do: str


class Trouble(Exception):
    """It cannot go on; the text says why, and what to do."""


def say(text: str = "") -> None:
    """At once, for a child that writes to the same terminal may be next."""
    print(text, flush=True)


def wrapped(text: str, first: str = "", rest: str = "") -> str:
    """In lines that are read at a glance; words and `commands` stay whole, to be copied."""
    whole = COMMAND.sub(lambda found: found[0].replace(" ", GLUE), text)
    lines = fill(whole, WIDTH, initial_indent=first, subsequent_indent=rest or " " * len(first),
                 break_long_words=False, break_on_hyphens=False)  # fmt: skip
    return lines.replace(GLUE, " ")


def listed(needs: Sequence[Need]) -> str:
    """All of them, numbered where there are more."""
    count = len(needs)
    head = "The stack was not started, and nothing was changed. "
    lines = [head + ("One thing stands in the way:" if count == 1 else f"{count} things stand in the way:")]
    for number, need in enumerate(needs, start=1):
        lines += ["", wrapped(need.fault, f"{number}. " if count > 1 else "   "), wrapped(need.do, "   → ")]
    return "\n".join(lines)


def quoted(text: str) -> str:
    """What somebody else said."""
    return indent(text.rstrip() or "(nothing)", "    | ")


def hidden(text: str, secrets: Iterable[str]) -> str:
    """Without these; the longest first, for one may be within another."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return text
