"""Many users who talk at once and do not wait: what they say, press and see, noted down as it happens."""

from __future__ import annotations

import asyncio
import json
import signal
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random

import aiohttp

USERS = 24
PAUSE_S = (0.3, 1.3)
"""Between two things one user does."""
SOON_S = (1, 6)
COMMANDS = ("/settings", "/help", "/cancel")
LETTERS = "bcdfghjk"


@dataclass(frozen=True)
class Said:
    """Something a user wrote. ``kind``: start, soon, far, or a command; ``token`` stands in nothing else."""

    user: int
    message_id: int
    kind: str
    token: str = ""


@dataclass(frozen=True)
class Press:
    """A button pressed: ``kind`` is the first word of its data, ``token`` of the message that it stands on."""

    user: int
    callback_id: int
    kind: str
    token: str


@dataclass
class Ledger:
    """Everything that the local chat has taken from the users."""

    said: list[Said] = field(default_factory=list)
    pressed: list[Press] = field(default_factory=list)

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self)))

    @staticmethod
    def read(path: Path) -> Ledger:
        kept = json.loads(path.read_text())
        return Ledger([Said(**one) for one in kept["said"]], [Press(**one) for one in kept["pressed"]])


def token(number: int) -> str:
    """A word of its own for a number, with no digit and nothing like a weekday or month in it."""
    word = ""
    for _ in range(6):
        number, letter = divmod(number, len(LETTERS))
        word += LETTERS[letter]
    return "zz" + word


class Talker:
    """One user."""

    def __init__(self, http: aiohttp.ClientSession, ledger: Ledger, user: int, random: Random) -> None:
        self._http = http
        self._ledger = ledger
        self._user = user
        self._random = random
        self._numbers = iter(range(user, 10**9, USERS))
        self._last = ""
        self._seen = 0
        self._buttons: list[tuple[int, str, str]] = []
        self._done: set[tuple[str, str]] = set()

    async def talk(self, stop: asyncio.Event) -> None:
        """Talk until ``stop``; what has been begun is finished and noted."""
        await self._say("/start", "start")
        while not stop.is_set():
            await self._look()
            await self._something()
            try:
                async with asyncio.timeout(self._random.uniform(*PAUSE_S)):
                    await stop.wait()
            except TimeoutError:
                pass

    async def _something(self) -> None:
        chance = self._random.random()
        if chance < 0.2 and self._buttons:
            await self._press(*self._buttons.pop(self._random.randrange(len(self._buttons))))
        elif chance < 0.35:
            command = self._random.choice([one for one in COMMANDS if one != self._last])
            await self._say(command, command)
        elif chance < 0.5:
            word = token(next(self._numbers))
            await self._say(f"walk {word} tomorrow at 10:00", "far", word)
        else:
            word = token(next(self._numbers))
            await self._say(f"tea {word} in {self._random.randint(*SOON_S)} seconds", "soon", word)

    async def _say(self, text: str, kind: str, word: str = "") -> None:
        who = {"id": self._user, "first_name": f"User {self._user}", "language_code": "en"}
        body = await self._post("/chat/messages", {"chat_id": self._user, "text": text, "from": who})
        self._last = kind
        self._ledger.said.append(Said(self._user, body["message_id"], kind, word))

    async def _press(self, message_id: int, data: str, word: str) -> None:
        kind = data.partition(":")[0]
        if (kind, word) in self._done:  # on another copy of the same message
            return
        self._done.add((kind, word))
        body = await self._post("/chat/callbacks", {"chat_id": self._user, "message_id": message_id, "data": data})
        self._ledger.pressed.append(Press(self._user, int(body["callback_id"]), kind, word))

    async def _look(self) -> None:
        """Read what is new, and note the buttons worth a press: undo a far event, put off or close a reminder."""
        async with self._http.get("/chat/messages", params={"chat_id": self._user, "after": self._seen}) as response:
            rows = await response.json()
        for row in rows:
            self._seen = max(self._seen, row["seq"])
            if row["from"] == "bot":
                self._note(row)

    def _note(self, row: dict) -> None:
        for button in (button for line in row["buttons"] for button in line):
            data, word = button["data"], word_in(row["text"])
            kind = data.partition(":")[0]
            far = row["text"].startswith("✅ walk")
            wanted = kind == "done" or (kind == "undo" and far) or (kind == "snooze" and data.endswith(":10"))
            if wanted and word and self._random.random() < 0.5:
                self._buttons.append((row["message_id"], data, word))

    async def _post(self, path: str, body: dict) -> dict:
        async with self._http.post(path, json=body) as response:
            assert response.status == 200, await response.text()
            return await response.json()


def word_in(text: str) -> str:
    """The token in a message of the bot, or nothing."""
    return next((word for word in text.split() if word.startswith("zz")), "")


def talk_until_told(url: str, seed: int, path: Path) -> None:
    """Talk until SIGTERM, then write the ledger down."""
    asyncio.run(_talk(url, seed, path))


async def _talk(url: str, seed: int, path: Path) -> None:
    stop, ledger = asyncio.Event(), Ledger()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with aiohttp.ClientSession(url, timeout=aiohttp.ClientTimeout(60)) as http, asyncio.TaskGroup() as users:
        for user in range(1, USERS + 1):
            users.create_task(Talker(http, ledger, user, Random(f"{seed}/{user}")).talk(stop))
    ledger.save(path)
