"""The second net under every secret: whatever reaches a log is cleaned of it. The first net is not to log any."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote, unquote

HIDDEN = "[hidden]"

TOKEN_SHAPE = re.compile(r"\d{6,}(?::|%3A)[\w-]{35}", re.IGNORECASE | re.ASCII)
"""A bot's token, plain or percent-encoded (https://core.telegram.org/bots/api#authorizing-your-bot)."""

_PERHAPS = re.compile(r"[:%](?<=\d{6}.)", re.ASCII)
"""Cheaper by half than to look for the whole, and in every token."""

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
    """What must not leave of OpenTelemetry's settings: headers' values (``Basic <this>``), passwords in addresses.

    https://opentelemetry.io/docs/specs/otel/protocol/exporter/: ``name=value,name=value``, values URL-encoded.
    """
    found = []
    for name, text in environ.items():
        if name.startswith("OTEL_") and name.endswith("_HEADERS"):
            values = (unquote(pair.partition("=")[2]).split() for pair in text.split(","))
            found += [words[-1] for words in values if words]
        elif name.startswith("OTEL_") and name.endswith("_ENDPOINT"):
            found += [unquote(text.rpartition("@")[0].rpartition(":")[2])]
    return tuple(one for one in found if len(one) >= SHORTEST)


def _forms(secret: str) -> Iterable[str]:
    in_json = (json.dumps(secret, ensure_ascii=ascii_only)[1:-1] for ascii_only in (True, False))
    return secret, quote(secret, safe=""), quote(secret), repr(secret)[1:-1], *in_json
