"""A server object in this process instead of HTTP: the same fields, the same outcomes."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pytest

from planner.localchat import ConnectionLost, Upload, open_local_chat
from planner.telegram.client import Telegram
from planner.telegram.direct import DirectSession
from planner.telegram.incoming import Update, incoming
from planner.telegram.outcomes import Accepted, Outcome, Refused, Unclear
from tests.telegram.server import TOKEN, ok, serving, telegram_at
from tests.virtual import FakeClock

File = tuple[str, bytes]
BEGIN = {"filename": "a.ics", "base64": b64encode(b"BEGIN").decode()}
BUTTONS = {"inline_keyboard": [[{"text": "Готово", "callback_data": "done:1"}]]}
PARAMS = {
    "chat_id": 1,
    "text": "dentist & co = 9:30 ☂",
    "reply_markup": BUTTONS,
    "disable_notification": False,
    "entities": [{"type": "bold", "offset": 0, "length": 7}],
    "parse_mode": None,
}


class FakeServer:
    """Answers as told, and remembers."""

    def __init__(self, status: int = 200, body: bytes = b'{"ok":true,"result":{"message_id":7}}') -> None:
        self.answer = (status, body)
        self.asked: list[tuple[str, str, dict[str, str | File]]] = []
        self.fault: Exception | None = None
        self.waits_s = 0.0

    async def call(self, token: str, method: str, params: Mapping[str, str | File]) -> tuple[int, bytes]:
        self.asked.append((token, method, dict(params)))
        await asyncio.sleep(self.waits_s)
        if self.fault is not None:
            raise self.fault
        return self.answer

    async def read_file(self, _token: str, path: str) -> bytes | None:
        return b"x" * 100_000 if path == "documents/a.ics" else None


def telegram_on(server: FakeServer) -> Telegram:
    return Telegram(TOKEN, clock=FakeClock(), session=DirectSession(server.call, lambda *file: file, server.read_file))


async def test_the_fields_are_those_that_http_carries() -> None:
    direct = FakeServer()
    assert await telegram_on(direct).call("sendMessage", PARAMS) == Accepted(7, {"message_id": 7})
    async with serving(ok({"message_id": 7})) as server, telegram_at(server.url) as telegram:
        await telegram.call("sendMessage", PARAMS)
    assert direct.asked == [(TOKEN, "sendMessage", server.asked[0].fields)]
    fields = server.asked[0].fields
    assert fields["text"] == "dentist & co = 9:30 ☂"
    assert fields["disable_notification"] == "false"
    assert json.loads(fields["reply_markup"]) == BUTTONS
    assert fields.keys() == PARAMS.keys() - {"parse_mode"}


async def test_a_file_is_handed_over_as_the_server_takes_it() -> None:
    server = FakeServer()
    await telegram_on(server).call("sendDocument", {"chat_id": 1, "document": BEGIN})
    params = server.asked[0][2]
    named = params["document"]
    assert isinstance(named, str)
    assert params == {"chat_id": "1", "document": named, named.removeprefix("attach://"): ("a.ics", b"BEGIN")}


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (400, b'{"ok":false,"description":"Bad Request: chat not found"}', Refused("400 Bad Request: chat not found")),
        (502, b"<html>", Unclear("502 without a Bot API answer")),
    ],
)
async def test_answers_mean_the_same(status: int, body: bytes, outcome: Outcome) -> None:
    assert await telegram_on(FakeServer(status, body)).call("getMe") == outcome


async def test_a_lost_connection_and_a_timeout_are_unclear() -> None:
    lost, slow = FakeServer(), FakeServer()
    lost.fault, slow.waits_s = ConnectionResetError(104, "reset"), 3_600
    assert await telegram_on(lost).call("getMe") == Unclear("ConnectionResetError")
    assert await telegram_on(slow).call("getMe") == Unclear("TimeoutError")


async def test_a_file_is_fetched_within_its_limit() -> None:
    server = FakeServer(body=b'{"ok":true,"result":{"file_path":"documents/a.ics"}}')
    assert await telegram_on(server).download("F", 100_000) == b"x" * 100_000
    assert await telegram_on(server).download("F", 99_999) == Refused("the file is larger than 99999 bytes")
    server.answer = (200, b'{"ok":true,"result":{"file_path":"gone"}}')
    assert await telegram_on(server).download("F", 100_000) == Refused("404 for the file")


async def test_the_local_chat_can_be_asked_directly(tmp_path: Path, clock: FakeClock) -> None:
    chat = open_local_chat(tmp_path / "planner.db", clock, inline=True)

    async def read_file(token: str, path: str) -> bytes | None:
        found = await chat.download(token, path)
        return found[1] if found else None

    session = DirectSession(
        chat.call, lambda name, body: Upload(name, "text/calendar", body), read_file, ConnectionLost
    )
    telegram = Telegram(TOKEN, clock=clock, session=session)
    try:
        said = await chat.say(11, "dentist tomorrow at 9:30")
        [update] = cast("list[dict[str, object]]", await telegram.updates(0, 1))
        read = incoming(update)
        assert (read.kind, read.chat_id, read.text) == (Update.MESSAGE, 11, "dentist tomorrow at 9:30")
        assert read.message_id == said[0].message_id
        answered = await telegram.call("sendMessage", {"chat_id": 11, "text": "Noted.", "reply_markup": BUTTONS})
        assert isinstance(answered, Accepted)
        assert answered.message_id == said[0].message_id + 1
        sent = await telegram.call("sendDocument", {"chat_id": 11, "document": BEGIN})
        assert isinstance(sent, Accepted)
        document = cast("dict[str, dict[str, str]]", sent.result)["document"]
        assert await telegram.download(document["file_id"], 10) == b"BEGIN"
        chat.faults.set({"refuse": True})
        assert await telegram.call("getMe") == Unclear("ConnectionResetError")
    finally:
        chat.close()
