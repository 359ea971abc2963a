"""The parameters of one Bot API call, as they come: strings, JSON within strings, and files."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from planner.localchat.errors import bad

ATTACHED = "attach://"

_CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32)), " ") | {13: None}
_INTEGER = re.compile(r"-?[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file inside a request."""

    name: str
    mime: str
    body: bytes


Given = Mapping[str, "str | Upload"]


def cleaned(text: str) -> str:
    """Text as Telegram keeps it: no control characters; raises ``UnicodeError`` where it is no UTF-8."""
    text.encode()
    return text.translate(_CONTROLS)


class Params:
    """Typed access with the Bot API's own complaints."""

    def __init__(self, given: Given) -> None:
        self._given = given

    def text(self, name: str) -> str:
        """A string; absent is empty."""
        value = self._given.get(name, "")
        if not isinstance(value, str):
            return ""
        try:
            return cleaned(value)
        except UnicodeError:
            raise bad("strings must be encoded in UTF-8") from None

    def integer(self, name: str, default: int = 0) -> int:
        """An integer; what is none counts as absent, as with Telegram."""
        value = self.text(name).strip()
        return int(value) if _INTEGER.fullmatch(value) else default

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in {"true", "1", "yes", "y", "t"}

    def json(self, name: str, complaint: str) -> object:
        """A value in JSON, ``None`` when absent."""
        value = self.text(name)
        if not value:
            return None
        try:
            decoded: object = json.loads(value)
        except (ValueError, RecursionError):
            raise bad(complaint) from None
        return decoded

    def chat_id(self) -> int:
        """The chat that the call is about."""
        value = self.text("chat_id").strip()
        if not value:
            raise bad("chat_id is empty")
        if not _INTEGER.fullmatch(value):
            raise bad("chat not found")
        return int(value)

    def chat_id_or_none(self) -> int | None:
        value = self._given.get("chat_id")
        return int(value) if isinstance(value, str) and _INTEGER.fullmatch(value.strip()) else None

    def file(self, name: str) -> Upload | str:
        """A file in the request, or the id of one that is already here; empty when absent."""
        value = self._given.get(name, "")
        if isinstance(value, str) and value.startswith(ATTACHED):
            value = self._given.get(value.removeprefix(ATTACHED), "")
        return value
