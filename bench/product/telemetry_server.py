"""A Bot API server whose users talk: it hands out updates at an even pace and notes when each has its answer.

``GET /talk?per_s=100&for_s=60&chats=1200&first=2800`` lets the users of these chats talk, one after the other;
``GET /heard`` says how long each waited, from the update's arrival here until its answer's, how many have none, and how
many messages nobody had asked for. Otherwise it is the plain server, answering at once.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections import deque
from collections.abc import Callable
from itertools import count
from urllib.parse import parse_qsl

from bench.plain_server import LONGEST_POLL_S, Connection, Taken, fields_of

SAID = ("/today", "milk tomorrow at 9:30", "/week", "call the plumber on friday at 18:00")
AT_ONCE_MS = (0.0, 0.0)


class Users:
    """They talk, wait for their answers, and are reminded."""

    def __init__(self) -> None:
        self.waits_ms: list[float] = []
        self.unasked = 0
        self._asked: dict[int, float] = {}
        self._waiting: deque[dict[str, object]] = deque()
        self._poll: Callable[[list[dict[str, object]]], None] | None = None
        self._numbers = count(1)
        self._talking: asyncio.Task[None] | None = None

    def talk(self, per_s: int, for_s: int, chats: int, first: int) -> None:
        self._talking = asyncio.get_running_loop().create_task(self._talk(per_s, for_s, chats, first))

    async def _talk(self, per_s: int, for_s: int, chats: int, first: int) -> None:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        for number in range(per_s * for_s):
            await asyncio.sleep(begun + number / per_s - loop.time())
            self._say(first + number % chats, SAID[number % len(SAID)])

    def _say(self, user: int, text: str) -> None:
        number = next(self._numbers)
        who = {"id": user, "is_bot": False, "first_name": "user", "language_code": "en"}
        chat = {"id": user, "type": "private", "first_name": "user"}
        message = {"message_id": number, "date": int(time.time()), "chat": chat, "from": who, "text": text}
        if text.startswith("/"):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text)}]
        self._asked[user] = time.perf_counter()
        self._waiting.append({"update_id": number, "message": message})
        if self._poll is not None:
            self._poll(list(self._waiting))

    def poll(self, offset: int, timeout_s: float, answer: Callable[[list[dict[str, object]]], None]) -> None:
        """Give what has been said since ``offset``, as soon as there is some."""
        while self._waiting and int(str(self._waiting[0]["update_id"])) < offset:
            self._waiting.popleft()
        if self._waiting:
            answer(list(self._waiting))
            return
        loop = asyncio.get_running_loop()

        def once(updates: list[dict[str, object]]) -> None:
            if self._poll is once:
                self._poll = None
                timer.cancel()
                answer(updates)

        timer = loop.call_later(min(timeout_s, LONGEST_POLL_S), once, [])
        self._poll = once

    def told(self, chat_id: int) -> None:
        asked = self._asked.pop(chat_id, None)
        if asked is None:
            self.unasked += 1
        else:
            self.waits_ms.append((time.perf_counter() - asked) * 1e3)

    def heard(self) -> dict[str, object]:
        return {"waits_ms": self.waits_ms, "unanswered": len(self._asked), "unasked": self.unasked}


class TalkingConnection(Connection):
    def __init__(self, users: Users) -> None:
        super().__init__(Taken(), AT_ONCE_MS)
        self._users = users

    def _answer(self, path: str, kind: str, body: bytes) -> None:
        place, _, query = path.partition("?")
        match place.rpartition("/")[2]:
            case "getUpdates":
                given = fields_of(kind, body)
                self._users.poll(int(str(given.get("offset", 0))), float(str(given.get("timeout", 0))), self._write)
            case "talk":
                self._users.talk(**{name: int(value) for name, value in parse_qsl(query)})
                self._write(True)
            case "heard":
                self._write(self._users.heard())
            case "sendMessage":
                self._users.told(int(str(fields_of(kind, body)["chat_id"])))
                super()._answer(path, kind, body)
            case _:
                super()._answer(path, kind, body)


async def serve() -> None:
    """Until standard input ends, which it does when whoever started this does."""
    loop, users = asyncio.get_running_loop(), Users()
    server = await loop.create_server(lambda: TalkingConnection(users), "127.0.0.1", 0, backlog=2_000)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    async with server:
        await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve())
