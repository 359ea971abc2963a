"""Writing plain dictionaries and lists as YAML 1.1, read by Prometheus, promtool and Alertmanager alike."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

Value: TypeAlias = "str | int | float | bool | Mapping[str, Value] | Sequence[Value]"

_STEP = "  "
_PLAIN = re.compile(r"[A-Za-z_/](?:[\w ./()%+=-]|:(?! |$))*(?<! )", re.ASCII)
_LINES = re.compile(r"(?:[!-~][ -~]*\n)(?:[ -~]*\n)*[ -~]*[!-~]")
"""What can stand as it is, a line a line: more than one, and no space at either end of it all."""
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
"""Plain words that YAML 1.1 takes for something else."""


def text(value: Value, about: str) -> str:
    """A whole document under ``about`` as its comment; keys stay in their order."""
    return "\n".join([*(f"# {line}".rstrip() for line in about.splitlines()), *_block(value, "")]) + "\n"


def _block(value: Value, indent: str) -> Iterator[str]:
    if isinstance(value, str | int | float) or not value:
        yield indent + _scalar(value)
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from _entry(f"{indent}{_scalar(key)}:", one, indent)
    else:
        for one in value:
            inside = list(_block(one, indent + _STEP))
            yield f"{indent}- {inside[0].lstrip(' ')}"
            yield from inside[1:]


def _entry(head: str, value: Value, indent: str) -> Iterator[str]:
    if isinstance(value, str) and _LINES.fullmatch(value):
        yield f"{head} |-"
        yield from (indent + _STEP + line for line in value.split("\n"))
    elif isinstance(value, str | int | float) or not value:
        yield f"{head} {_scalar(value)}"
    else:
        yield head
        yield from _block(value, indent + _STEP)


def _scalar(value: Value) -> str:
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return value
    return json.dumps(value, ensure_ascii=False)
