"""People on the local chat: they write, press what they are shown, send files, and wait for the answer."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

ANSWER_S = 90.0
"""Longer than a planner takes that is started anew, or whose sending waits for chats that do not answer."""
LOOK_EVERY_S = 0.2
BOUNDARY = "a-line-that-no-file-of-the-demo-holds"

Row = dict[str, Any]
"""A message as ``GET /chat/messages`` shows it."""


class MissedError(Exception):
    """What should have happened did not."""


def until(look: Callable[[], Any], what: str, within_s: float = ANSWER_S) -> Any:
    """What ``look`` sees, as soon as that is something. Raises ``MissedError``."""
    ends = time.monotonic() + within_s
    while not (seen := look()):
        if time.monotonic() > ends:
            raise MissedError(f"not within {within_s:.0f} s: {what}")
        time.sleep(LOOK_EVERY_S)
    return seen


class Chat:
    """The local chat's calls. Raises ``MissedError`` where it refuses, ``OSError`` where it is not there."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")

    def ask(self, path: str, body: object = None, method: str | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        return self._ask(path, data, "application/json", method)

    def send_file(self, chat_id: int, name: str, content: bytes, sender: Mapping[str, object], **more: str) -> Any:
        fields = {"chat_id": str(chat_id), "from": json.dumps(sender), **more}
        parts = [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
                 for key, value in fields.items()]  # fmt: skip
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = "".join(parts).encode() + head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
        return self._ask("/chat/files", body, f"multipart/form-data; boundary={BOUNDARY}")

    def rows(self, chat_id: int) -> list[Row]:
        found: list[Row] = self.ask(f"/chat/messages?chat_id={chat_id}&after=0")
        return found

    def _ask(self, path: str, data: bytes | None, mime: str, method: str | None = None) -> Any:
        request = urllib.request.Request(
            f"{self.url}{path}", data, {"Content-Type": mime}, method=method or ("GET" if data is None else "POST")
        )
        try:
            with urllib.request.urlopen(request, timeout=ANSWER_S) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise MissedError(f"{path.partition('?')[0]}: {error.read().decode(errors='replace')[:200]}") from None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a chat with the bot; ``group``: what they say goes there instead."""

    chat: Chat
    id: int
    name: str
    lang: str
    group: int = 0

    @property
    def chat_id(self) -> int:
        return self.group or self.id

    @property
    def sender(self) -> Mapping[str, object]:
        return {"id": self.id, "first_name": self.name, "language_code": self.lang}

    def tell(self, text: str, **more: object) -> int:
        """Write, and wait for nothing; the number of the (last) message that it became."""
        body = {"chat_id": self.chat_id, "text": text, "from": self.sender, **more}
        sent: int = self.chat.ask("/chat/messages", body)["message_id"]
        return sent

    def say(self, text: str, *parts: str, **more: object) -> Row:
        """Write, and wait for an answer that holds these; without any, for any answer."""
        since = self.seq()
        self.tell(text, **more)
        return self.see(*parts, since=since)

    def send(self, name: str, content: bytes, *parts: str, **more: str) -> Row:
        """Send a file, and wait for an answer that holds these."""
        since = self.seq()
        self.chat.send_file(self.chat_id, name, content, self.sender, **more)
        return self.see(*parts, since=since)

    def press(self, data: str, *parts: str) -> Row | None:
        """Press the newest button whose data begins with these words, and wait for what the bot then shows, if said."""
        row, pressed = self.button(data)
        since = self.seq()
        self.force(row["message_id"], pressed)
        return self.see(*parts, since=since) if parts else None

    def force(self, message_id: int, data: str) -> Any:
        """Press a button that there may not be, and wait until the bot has answered that."""
        body = {"chat_id": self.chat_id, "message_id": message_id, "data": data, "from": self.sender, "wait": ANSWER_S}
        return self.chat.ask("/chat/callbacks", body).get("answer")

    def button(self, data: str) -> tuple[Row, str]:
        """The newest message with such a button, once there is one, and all of its data."""

        def look() -> tuple[Row, str] | None:
            for row in reversed(self.bot_rows()):
                for line in row["buttons"]:
                    for one in line:
                        pressed: str = one.get("data") or ""
                        if pressed == data or pressed.startswith(f"{data}:"):
                            return row, pressed
            return None

        found: tuple[Row, str] = until(look, f"a button “{data}” for {self.name}")
        return found

    def see(self, *parts: str, since: int = 0, within_s: float = ANSWER_S) -> Row:
        """The newest message of the bot's that holds these and is new, or was changed, after ``since``."""

        def look() -> Row | None:
            for row in reversed(self.bot_rows()):
                if row["seq"] > since and all(part in row["text"] for part in parts):
                    return row
            return None

        wanted = ", ".join(f"“{part}”" for part in parts) or "an answer"
        found: Row = until(look, f"{wanted} for {self.name}", within_s)
        return found

    def see_one(self, *parts: str, since: int) -> Row:
        """The newest message of the bot's that holds one of these and is new, or was changed, after ``since``."""

        def look() -> Row | None:
            rows = [row for row in self.bot_rows() if row["seq"] > since and any(part in row["text"] for part in parts)]
            return rows[-1] if rows else None

        found: Row = until(look, f"an answer to {self.name} with one of {', '.join(f'“{part}”' for part in parts)}")
        return found

    def bot_rows(self) -> list[Row]:
        """What the bot shows, the last changed last."""
        return [row for row in self.chat.rows(self.chat_id) if row["from"] == "bot" and not row["deleted"]]

    def seq(self) -> int:
        """Of the last change in this chat."""
        return max((row["seq"] for row in self.chat.rows(self.chat_id)), default=0)
