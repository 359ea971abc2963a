"""The second net under every secret: whatever reaches a log is cleaned of it. The first net is not to log any."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import parse_qsl, quote, unquote, urlsplit

HIDDEN = "[hidden]"

TOKEN_SHAPE = re.compile(r"\d{6,}(?::|%3A)[\w-]{35}", re.IGNORECASE | re.ASCII)
"""A bot's token, plain or percent-encoded (https://core.telegram.org/bots/api#authorizing-your-bot)."""

_PERHAPS = re.compile(r"[:%](?<=\d{6}.)", re.ASCII)
"""Cheaper by half than to look for the whole, and in every token."""

_KEY_SHAPE = re.compile(r"^(?=.*\d).{8,}|^.{20,}")
"""A part of a path that is no word, such as ``opentelemetry``, but may be a key."""

SHORTEST = 8
"""A secret shorter than this is not searched for: it would blank out half of every line."""


class Redactor:
    """Removes the given secrets, in each form that a URL or JSON gives them, and whatever looks like a bot's token."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        forms = {form for secret in secrets if len(secret) >= SHORTEST for form in _forms(secret)}
        self._longest_first = sorted(forms, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        for form in self._longest_first:
            text = text.replace(form, HIDDEN)
        return TOKEN_SHAPE.sub(HIDDEN, text) if _PERHAPS.search(text) else text


def secrets_of_exporters(environ: Mapping[str, str]) -> tuple[str, ...]:
    """What must not leave of OpenTelemetry's settings: headers' values (``Basic <this>``), and of addresses the keys.

    Those are passwords, all values of a query, and parts of the path that look like one. For headers see
    https://opentelemetry.io/docs/specs/otel/protocol/exporter/: ``name=value,name=value``, values URL-encoded.
    """
    found: list[str] = []
    for name, text in environ.items():
        if name.startswith("OTEL_") and name.endswith("_HEADERS"):
            found += (secret for pair in text.split(",") for secret in _of_header(pair.strip()))
        elif name.startswith("OTEL_") and name.endswith("_ENDPOINT"):
            found += _of_address(text.strip())
    return tuple(one for one in found if len(one) >= SHORTEST)


def _of_header(pair: str) -> Iterator[str]:
    """Of one that is written another way, such as ``name: value``, all of it."""
    name, equals, value = pair.partition("=")
    if not equals or ":" in name or len(name.split()) > 1:
        yield pair
        value = pair
    for form in (value, unquote(value)):
        yield from form.split()[-1:]


def _of_address(text: str) -> Iterator[str]:
    try:
        address = urlsplit(text)
    except ValueError:
        yield text
        return
    user, colon, password = address.netloc.rpartition("@")[0].partition(":")
    yield unquote(password if colon else user)
    yield from (value for _, value in parse_qsl(address.query))
    yield from filter(_KEY_SHAPE.search, map(unquote, address.path.split("/")))


def _forms(secret: str) -> Iterable[str]:
    in_json = (json.dumps(secret, ensure_ascii=ascii_only)[1:-1] for ascii_only in (True, False))
    return secret, quote(secret, safe=""), quote(secret), repr(secret)[1:-1], *in_json
