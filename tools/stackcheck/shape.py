"""What a configuration may hold, as plain dictionaries: every key with its type, and no other.

A shape is ``str``, ``bool``, ``int`` or ``float`` (whole or not); a ``Text``; a set of words, one of which it is;
``[shape]``, a list; ``{"key": shape}``, a mapping with these keys alone, all optional but those that end in ``!``;
``Keys``, one whose keys its author names; ``Either``; ``ANY``; or a function that says what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Shape: TypeAlias = Any
ANY = object()


@dataclass(frozen=True, slots=True)
class Keys:
    """A mapping with whatever keys, each value of the shape; ``named``: what a key looks like."""

    values: Shape
    named: str = ".+"


@dataclass(frozen=True, slots=True)
class Either:
    """Any one of these."""

    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A text of this form, which ``about`` names."""

    pattern: str
    about: str


DURATION = Text(r"0|(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+", "a duration as Go reads one")
DAYS = Text(r"0|(?:\d+(?:\.\d+)?(?:ms|s|m|h|d|w|y))+", "a duration as Prometheus reads one")
ADDRESS = Text(r"[\w.-]+:\d{1,5}", "a host and a port")
URL = Text(r"https?://[\w.-]+(?::\d+)?(?:/[\w./-]*)?", "an address")


def faults(value: object, shape: Shape, at: str = "") -> Iterator[str]:
    """What is wrong with it, each with where."""
    where = at or "the file"
    if shape is ANY:
        return
    if isinstance(shape, Mapping):
        yield from _mapping(value, shape, at)
    elif isinstance(shape, Keys):
        yield from _named(value, shape, at)
    elif isinstance(shape, list):
        if not isinstance(value, list):
            yield f"{where} is {_kind(value)}, not a list"
            return
        for place, one in enumerate(value):
            yield from faults(one, shape[0], f"{at}[{place}]")
    elif isinstance(shape, Either):
        tried = [list(faults(value, one, at)) for one in shape.shapes]
        if all(tried):
            yield from min(tried, key=len)
    elif isinstance(shape, Text):
        if not isinstance(value, str | int) or not re.fullmatch(shape.pattern, str(value)):
            yield f"{where} is {value!r}, not {shape.about}"
    elif isinstance(shape, frozenset | set):
        if value not in shape:
            yield f"{where} is {value!r}, not one of {', '.join(sorted(map(str, shape)))}"
    elif isinstance(shape, type):
        if not _is(value, shape):
            yield f"{where} is {_kind(value)}, not {shape.__name__}"
    else:
        told: Callable[[object], str] = shape
        if said := told(value):
            yield f"{where} {said}"


def _is(value: object, kind: type) -> bool:
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return type(value) is kind


def _mapping(value: object, shape: Mapping[str, Shape], at: str) -> Iterator[str]:
    known = {key.removesuffix("!"): one for key, one in shape.items()}
    if not isinstance(value, Mapping):
        yield f"{at or 'the file'} is {_kind(value)}, not a mapping"
        return
    for key, one in value.items():
        if key in known:
            yield from faults(one, known[key], _below(at, key))
        else:
            yield f"{_below(at, key)} is not known; known are {', '.join(sorted(known))}"
    for key in shape:
        if key.endswith("!") and key.removesuffix("!") not in value:
            yield f"{_below(at, key.removesuffix('!'))} is missing"


def _named(value: object, shape: Keys, at: str) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{at or 'the file'} is {_kind(value)}, not a mapping"
        return
    for key, one in value.items():
        if not re.fullmatch(shape.named, str(key)):
            yield f"{_below(at, key)} is not known"
        else:
            yield from faults(one, shape.values, _below(at, key))


def _below(at: str, key: object) -> str:
    return f"{at}.{key}" if at else str(key)


def _kind(value: object) -> str:
    return {dict: "a mapping", list: "a list", type(None): "empty"}.get(type(value), repr(value))
