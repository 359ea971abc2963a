"""A bot that talks to a local chat directly, without sockets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from planner.clock import Clock
from planner.localchat import LocalChat, Upload, User, open_local_chat

TOKEN = "42:a-token_for-tests"
ALICE = User(1, "Alice", language_code="en")
BOB = User(2, "Bob", language_code="ru")


@contextmanager
def opened(folder: Path, clock: Clock) -> Iterator[LocalChat]:
    """The local chat of a folder, everything in the calling thread."""
    chat = open_local_chat(folder / "planner.db", clock, inline=True)
    try:
        yield chat
    finally:
        chat.close()


class Bot:
    """Calls methods by name; ``refused`` where an error is expected."""

    def __init__(self, chat: LocalChat, token: str = TOKEN) -> None:
        self.chat = chat
        self.token = token

    async def call(self, method: str, **params: Any) -> tuple[int, Any]:
        return await self.chat.call(
            self.token,
            method,
            {name: value if isinstance(value, str | Upload) else json.dumps(value) for name, value in params.items()},
        )

    async def done(self, method: str, **params: Any) -> Any:
        status, body = await self.call(method, **params)
        assert status == 200, body
        assert body["ok"] is True
        return body["result"]

    async def refused(self, method: str, **params: Any) -> str:
        """The description of the error, which stands with the same number in the body as in the status."""
        status, body = await self.call(method, **params)
        assert status >= 400, body
        assert body["ok"] is False
        assert body["error_code"] == status
        return str(body["description"])

    async def send(self, text: str = "hello", chat_id: int = 1, **params: Any) -> int:
        return int((await self.done("sendMessage", chat_id=chat_id, text=text, **params))["message_id"])

    async def updates(self, **params: Any) -> Any:
        return await self.done("getUpdates", **params)


async def acquainted(chat: LocalChat, *people: User) -> Bot:
    """A bot to which these people have said hello, and which has taken note."""
    for person in people or (ALICE,):
        await chat.say(person.id, "hello", person)
    bot = Bot(chat)
    found = await bot.updates()
    await bot.updates(offset=found[-1]["update_id"] + 1)
    return bot


def buttons(*rows: list[tuple[str, str]]) -> dict[str, object]:
    return {"inline_keyboard": [[{"text": text, "callback_data": data} for text, data in row] for row in rows]}
