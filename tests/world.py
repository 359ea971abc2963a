"""The whole planner in one process: its local chat called directly, a fake clock, real files, real SQL.

``alice`` owns the bot, ``bob`` is another user where the test lets him in, ``mallory`` is a stranger.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

from planner.bot import Planner
from planner.config import LOCAL_TOKEN, Settings, read_settings
from planner.health import Health
from planner.localchat import ConnectionLost, LocalChat, Upload, User, open_local_chat
from planner.localchat.show import BOT_USERNAME
from planner.model import DAY, HOUR, MINUTE, SECOND
from planner.promises import load
from planner.store import Store
from planner.telegram.client import Telegram
from planner.telegram.direct import DirectSession
from planner.telemetry import Telemetry
from planner.telemetry.tracing import Trace, Tracer
from tests.virtual import FakeClock
from tests.web import Web

ALICE, BOB = User(1, "Alice", language_code="en"), User(2, "Bob", language_code="en")
MALLORY = User(3, "Mallory", language_code="en")
BOT = "bot"
SLOS = load().slos


@dataclass(slots=True)
class Person:
    """Somebody with the local chat in hand. ``seen`` is how far they have read."""

    world: World
    user: User
    seen: int = 0
    group: int | None = None
    """The group they write in, in place of their own chat."""

    @property
    def chat(self) -> int:
        return self.user.id if self.group is None else self.group

    async def say(self, text: str, *, settle: int = SECOND, reply_to: int | None = None) -> list[str]:
        """Write; returns what the bot answers within ``settle`` ms."""
        if self.group is not None:
            await self.read(0)  # what others were told
        await self.world.chat.say(self.chat, text, self.user, reply_to=reply_to)
        return await self.read(settle)

    async def answer(self, text: str) -> list[str]:
        """Reply to the last message of the bot."""
        last = [row for row in await self.rows() if row["from"] == BOT][-1]
        return await self.say(text, reply_to=last["message_id"])

    async def press(self, label: str, *, settle: int = SECOND, among: int = -1) -> list[str]:
        """Press the button so labelled on the last message that has one; returns what the bot then shows."""
        message_id, data = await self.button(label)
        await self.world.chat.press(self.chat, message_id, data, self.user)
        return await self.read(settle)

    async def button(self, label: str) -> tuple[int, str]:
        """The latest message's button of that name: message id and data."""
        for row in reversed(await self.rows()):
            for line in row["buttons"]:
                for button in line:
                    if label in button["text"]:
                        return row["message_id"], button["data"]
        raise AssertionError(f"no button {label!r} in {[row['buttons'] for row in await self.rows()]}")

    async def read(self, settle: int = SECOND) -> list[str]:
        """What the bot has shown or changed since the last look, after ``settle`` ms."""
        await self.world.clock.sleep(settle)
        rows = await self.world.chat.messages(self.chat, self.seen)
        self.seen = max((row["seq"] for row in rows), default=self.seen)
        return [row["text"] for row in rows if row["from"] == BOT and not row["deleted"]]

    async def rows(self) -> list[dict]:
        """Everything in the chat in its latest form, in the order it was sent."""
        return sorted(await self.world.chat.messages(self.chat, 0), key=lambda row: row["message_id"])

    async def buttons(self) -> list[str]:
        """The labels under the last message of the bot."""
        last = [row for row in await self.rows() if row["from"] == BOT][-1]
        return [button["text"] for line in last["buttons"] for button in line]


@dataclass(slots=True)
class World:
    folder: Path
    clock: FakeClock
    settings: Settings
    zone: str = "UTC"
    seed: int = 1
    local: bool = True
    bot_id: int = 1
    alerting: bool = False
    """Whether broken promises are told: a story that breaks one on purpose is not about that."""
    chat: LocalChat = field(init=False)
    store: Store = field(init=False)
    planner: Planner = field(init=False)
    telegram: Telegram = field(init=False)
    traces: list[Trace] = field(default_factory=list)
    """Every trace that is over."""
    telemetry: Telemetry = field(init=False)
    health: Health = field(init=False)
    """Looked at by whoever wants to: nothing does so by itself here."""
    web: Web = field(init=False)
    """Where linked calendars are: an address is what is put there."""

    def __post_init__(self) -> None:
        self.chat = open_local_chat(self.settings.db, self.clock, inline=True)
        self.web = Web(self.clock)
        self.telemetry = Telemetry(tracer=Tracer(self.clock, Random(self.seed), self.traces.append))
        self.health = Health(self.clock, self.telemetry)

    def person(self, user: User, group: int | None = None) -> Person:
        return Person(self, user, group=group)

    async def group(self, title: str, *members: User, chat_id: int = -5) -> list[Person]:
        """A group to which the first of its members has added the bot; each of them as they write there."""
        await self.chat.group(chat_id, title=title, by=members[0])
        await self.clock.sleep(SECOND)
        return [self.person(user, chat_id) for user in members]

    async def start(self) -> None:
        """Start the bot; the chat was there before."""
        self.store = Store(self.settings.db, inline=True, telemetry=self.telemetry)
        session = DirectSession(self._call, _upload, self._file)
        self.telegram = Telegram(LOCAL_TOKEN, clock=self.clock, session=session, telemetry=self.telemetry)
        self.planner = Planner(
            self.store,
            self.telegram,
            self.clock,
            self.settings,
            bot_id=self.bot_id,
            local=self.local,
            default_zone=self.zone,
            random=Random(self.seed),
            name=BOT_USERNAME,
            apart=at_once,
            fetcher=self.web,
            reader=self.web,
            telemetry=self.telemetry,
            slos=SLOS,
            health=self.health.known,
            alerting=self.alerting,
        )
        await self.planner.start()

    async def _file(self, token: str, path: str) -> bytes | None:
        found = await self.chat.download(token, path)
        return None if found is None else found[1]

    async def _call(self, token: str, method: str, params: dict[str, object]) -> tuple[int, bytes]:
        try:
            status, body = await self.chat.call(token, method, params)
        except ConnectionLost as lost:
            raise ConnectionResetError from lost
        return status, body if isinstance(body, bytes) else json.dumps(body).encode()

    async def stop(self) -> None:
        await self.planner.stop()
        await self.telegram.close()
        self.store.close()

    async def crash(self) -> None:
        """End at once: whatever was under way is lost, and only what is on disk is left."""
        mine = asyncio.current_task()
        tasks = [task for task in asyncio.all_tasks() if task is not mine]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.planner.scheduler.silence()
        self.store.close()

    async def restart(self, *, after: int = 0) -> None:
        """Crash, stay away for ``after`` ms, start again."""
        await self.crash()
        await self.clock.sleep(after)
        await self.start()

    async def query(self, sql: str, *parameters: object) -> list[dict[str, object]]:
        """Rows straight from the database."""
        return await self.store.read(lambda tx: [dict(row) for row in tx._db.execute(sql, parameters)])


def _upload(name: str, body: bytes) -> Upload:
    return Upload(name, "application/octet-stream", body)


async def at_once(function: Callable[[object], object], argument: object) -> object:
    """Instead of in a thread, whose time would not be the test's."""
    return function(argument)


def settings_for(folder: Path, **environ: str) -> Settings:
    return read_settings({"PLANNER_DB": str(folder / "planner.db"), **environ})


@asynccontextmanager
async def a_world(folder: Path, clock: FakeClock, *, zone: str = "UTC", local: bool = True, alerting: bool = False,
                  **environ: str) -> AsyncIterator[World]:  # fmt: skip
    """``local`` false: as it stands on Telegram, where being the first to write makes nobody the owner."""
    world = World(folder, clock, settings_for(folder, **environ), zone, local=local, alerting=alerting)
    await world.start()
    try:
        yield world
    finally:
        await world.stop()
        world.chat.close()


__all__ = [
    "ALICE",
    "BOB",
    "BOT",
    "DAY",
    "HOUR",
    "MALLORY",
    "MINUTE",
    "SECOND",
    "Person",
    "World",
    "a_world",
    "replace",
    "settings_for",
]
