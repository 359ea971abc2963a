"""The bot and its local chat in one process, joined by real HTTP on loopback, in virtual time; and people with a phone.

A ``Phone`` knows only the calls that DESIGN section 7 names, and ``GET /slo``.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import chain, repeat
from pathlib import Path
from random import Random
from typing import Any, Protocol

import aiohttp

from planner import checks, metrics, promises, web
from planner.bot import Planner
from planner.config import Address, Settings, read_settings
from planner.health import Health
from planner.localchat import open_local_chat, serve
from planner.localchat.show import BOT_USERNAME
from planner.model import MINUTE, SECOND
from planner.store import Store
from planner.sync import Fetcher, Reader
from planner.telegram.client import Telegram
from planner.telemetry import Telemetry
from planner.telemetry.tracing import Trace, Tracer
from tests.virtual import FakeClock
from tests.world import at_once

TOKEN = "42:any-token-will-do"
LOOK_MS = (100, 200, 400, 800, 1_600, 3_200)
"""How often a phone is looked at while something is waited for; the last is repeated."""

LATE = ("Late:", "С опозданием:")
"""How a late reminder says so."""

Json = dict[str, object]


class Feeds(Fetcher, Reader, Protocol):
    """Fetches calendars and reads them."""


class Site:
    """One bot on one local chat. Each can be taken away and brought back."""

    def __init__(self, folder: Path, clock: FakeClock, settings: Settings, feeds: Feeds | None = None) -> None:
        self.clock = clock
        self._feeds = feeds
        self._folder = folder
        self._settings = settings
        self._chat = AsyncExitStack()
        self._bot = AsyncExitStack()
        self._port = 0
        self.url = ""
        self.traces: list[Trace] = []
        self.telemetry: Telemetry
        self.store: Store
        self.http: aiohttp.ClientSession
        self.health = ""
        self.checks: Health

    async def open_chat(self) -> None:
        """Start the local chat's server, on the same port as before."""
        chat = open_local_chat(self._settings.db, self.clock, inline=True)
        self._chat.callback(chat.close)
        self.url = await self._chat.enter_async_context(serve(chat, "127.0.0.1", self._port))
        self._port = int(self.url.rpartition(":")[2])
        self.http = await self._chat.enter_async_context(aiohttp.ClientSession(self.url))

    async def close_chat(self) -> None:
        """The server is gone: whoever connects is refused."""
        await self._chat.aclose()

    async def start_bot(self) -> None:
        self.telemetry = Telemetry(tracer=Tracer(self.clock, Random(1), self.traces.append))
        store = self.store = Store(self._settings.db, inline=True, telemetry=self.telemetry)
        self._bot.callback(store.close)
        telegram = Telegram(TOKEN, base_url=self.url, connections=0, clock=self.clock, telemetry=self.telemetry)
        self._bot.push_async_callback(telegram.close)
        planner = Planner(store, telegram, self.clock, self._settings, bot_id=42, local=False, default_zone="UTC",
                          random=Random(1), name=BOT_USERNAME, apart=at_once, fetcher=self._feeds,
                          reader=self._feeds, telemetry=self.telemetry)  # fmt: skip
        await planner.start()
        self._bot.push_async_callback(planner.stop)
        health = self.checks = Health(self.clock, self.telemetry)
        health.put([checks.telegram(planner.delivery, planner.intake, self.clock)])
        self._bot.callback(health.close)
        slos = promises.load().slos
        pages = web.Pages(
            health,
            lambda: promises.read(store, slos, self.clock.now()),
            lambda: metrics.text(store, slos, self.clock.now(), self.telemetry.metrics),
        )
        self.health = await self._bot.enter_async_context(
            web.listening([pages.attach], Address("127.0.0.1", 0), needed=True)
        )

    async def stop_bot(self) -> None:
        await self._bot.aclose()

    def disk(self, *, full: bool) -> None:
        """Whether the bot's database can be written."""
        self.store._db._writer.execute(f"PRAGMA query_only = {int(full)}")

    async def count(self, rows: str) -> int:
        """How many rows the bot's database has of these, as SQL names them."""
        return await self.store.read(lambda tx: tx._db.execute(f"SELECT count(*) FROM {rows}").fetchone()[0])

    async def faults(self, *rules: Json, **order: object) -> None:
        """Misbehave from now on; nothing: behave again."""
        await self.put({"rules": list(rules), **order})

    async def put(self, order: object) -> None:
        async with self.http.put("/chat/faults", json=order) as response:
            assert response.status == 200, await response.text()

    async def change_group(self, chat_id: int, **how: object) -> None:
        """What happens to a group; see docs/localchat.md."""
        async with self.http.put("/chat/groups", json={"chat_id": chat_id, **how}) as response:
            assert response.status == 200, await response.text()

    async def hits(self) -> list[int]:
        """How often each rule has struck."""
        async with self.http.get("/chat/faults") as response:
            return [rule["hits"] for rule in (await response.json()).get("rules", ())]

    async def slo(self) -> dict[str, tuple[int, int]]:
        """Good and bad of each promise."""
        async with self.http.get(f"{self.health}/slo") as response:
            return {one["slo"]: (one["good"], one["bad"]) for one in await response.json()}

    async def ready(self) -> bool:
        async with self.http.get(f"{self.health}/readyz") as response:
            return response.status == 200

    async def pass_until(self, instant: int) -> None:
        await self.clock.sleep(max(0, instant - self.clock.now()))


@dataclass(frozen=True, slots=True)
class Row:
    """A message of the bot: when it was sent (UTC ms), what it said when first seen, and what it says now."""

    message_id: int
    sent_at: int
    at_first: str
    seq: int
    text: str
    buttons: dict[str, str]


@dataclass
class Phone:
    """Somebody's Telegram. ``patience`` is how long they wait for an answer, in virtual milliseconds.

    ``group``: the one they write in, in place of their own chat.
    """

    site: Site
    user: int = 1
    name: str = "Ann"
    lang: str = "en"
    patience: int = 5 * SECOND
    group: int | None = None
    rows: dict[int, Row] = field(default_factory=dict)
    done: int = 0
    said: int = 0
    """Their own last message."""
    _seen: int = 0
    _since: int = 0

    @property
    def chat(self) -> int:
        return self.user if self.group is None else self.group

    @property
    def who(self) -> Json:
        return {"id": self.user, "first_name": self.name, "language_code": self.lang}

    async def say(self, text: str, *expected: str, **more: object) -> str:
        """Write, and wait for one answer for each of ``expected`` that holds it; returns the last.

        ``more``: ``reply_to``, ``edit``, ``forward_from`` and the like, as docs/localchat.md has them.
        """
        return await self._do(
            "/chat/messages", {"chat_id": self.chat, "text": text, "from": self.who, **more}, expected
        )

    async def press(self, label: str, *expected: str) -> str:
        """Press a button on the latest message that has it, and wait for what the bot then shows."""
        await self.look()
        having = [row for row in self.rows.values() if any(label in text for text in row.buttons)]
        assert having, f"no button {label!r} in {[list(row.buttons) for row in self.rows.values()]}"
        row = max(having, key=lambda row: row.message_id)
        data = next(data for text, data in row.buttons.items() if label in text)
        return await self._do(
            "/chat/callbacks",
            {"chat_id": self.chat, "message_id": row.message_id, "data": data, "from": self.who},
            expected,
        )

    async def send(self, name: str, content: bytes, *expected: str) -> str:
        """Send a file, and wait as after ``say``."""
        form = aiohttp.FormData({"chat_id": str(self.chat), "from": json.dumps(self.who)})
        form.add_field("file", content, filename=name)
        return await self._do("/chat/files", form, expected)

    async def file(self, name: str) -> bytes:
        """The last file of that name in the chat."""
        urls = [row["file"]["url"] for row in await self._all() if row.get("file", {}).get("name") == name]
        async with self.site.http.get(urls[-1]) as response:
            return await response.read()

    async def links(self) -> list[str]:
        """Where words of the messages lead."""
        return [one["url"] for row in await self._all() for one in row["entities"] if "url" in one]

    async def _all(self) -> list[dict[str, Any]]:
        async with self.site.http.get("/chat/messages", params={"chat_id": self.chat}) as response:
            return await response.json()

    async def see(self, *parts: str) -> Row:
        """Wait for a message, new or changed since the last thing done, that holds all of these."""
        return await self._wait(lambda row: row.seq > self._since and all(part in row.text for part in parts))

    async def reminded(self, due_at: int, *parts: str, by: int | None = None) -> Row:
        """Wait until then for a reminder that holds these: on time, or it says that it is late.

        ``by``: the latest instant that it can have been due at, where a press was handled at no known moment.
        """
        await self.site.pass_until(due_at)
        row = await self._wait(lambda row: row.sent_at >= due_at - SECOND and row.at_first.startswith("⏰")
                               and all(part in row.at_first for part in parts))  # fmt: skip
        late = any(said in row.at_first for said in LATE)
        assert late or row.sent_at - (by or due_at) <= MINUTE
        assert not late or row.sent_at - due_at > MINUTE
        return row

    async def look(self) -> None:
        """Take in what has changed in the chat."""
        query = {"chat_id": self.chat, "after": self._seen}
        async with self.site.http.get("/chat/messages", params=query) as response:
            changed = await response.json()
        for one in changed:
            self._seen = max(self._seen, one["seq"])
            if one["from"] == "bot":
                self._keep(one)

    def _keep(self, one: dict) -> None:
        known, message_id = self.rows.get(one["message_id"]), one["message_id"]
        at_first = known.at_first if known else one["text"]
        buttons = {button["text"]: button["data"] for line in one["buttons"] for button in line}
        self.rows[message_id] = Row(message_id, one["date_ms"], at_first, one["seq"], one["text"], buttons)

    async def settled(self) -> None:
        """Wait until nothing has changed for a while."""
        quiet_since, seen = self.site.clock.now(), -1
        while self.site.clock.now() - quiet_since < 2 * MINUTE:
            await self.look()
            if self._seen != seen:
                quiet_since, seen = self.site.clock.now(), self._seen
            await self.site.clock.sleep(10 * SECOND)

    def texts(self) -> list[str]:
        """The bot's messages as they came, in order."""
        return [self.rows[message_id].at_first for message_id in sorted(self.rows)]

    async def _do(self, path: str, body: Json | aiohttp.FormData, expected: Sequence[str]) -> str:
        await self.look()
        self._since = self._seen
        self.done += 1
        how: Any = {"json": body} if isinstance(body, dict) else {"data": body}
        async with self.site.http.post(path, **how) as response:
            assert response.status == 200, await response.text()
            self.said = (await response.json()).get("message_id", self.said)
        return [(await self.see(part)).text for part in expected][-1] if expected else ""

    async def _wait(self, wanted: Callable[[Row], bool]) -> Row:
        ends = self.site.clock.now() + self.patience
        for look_ms in chain(LOOK_MS, repeat(LOOK_MS[-1])):
            await self.look()
            if found := next((row for row in self.rows.values() if wanted(row)), None):
                return found
            last = [row.text for row in self.rows.values()][-3:]
            assert self.site.clock.now() < ends, f"not within {self.patience / SECOND:g} s; what came last: {last}"
            await self.site.clock.sleep(look_ms)
        raise AssertionError


@asynccontextmanager
async def a_site(folder: Path, clock: FakeClock, feeds: Feeds | None = None, **environ: str) -> AsyncIterator[Site]:
    """A bot that is up, for anybody. ``feeds`` fetches and reads calendars in place of the planner's own."""
    settings = read_settings(
        {"PLANNER_DB": str(folder / "planner.db"), "PLANNER_USERS": "*", "BOT_TOKEN": TOKEN, **environ}
    )
    site = Site(folder, clock, settings, feeds)
    await site.open_chat()
    try:
        await site.start_bot()
        yield site
    finally:
        await site.stop_bot()
        await site.close_chat()
