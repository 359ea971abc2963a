"""The same over HTTP, as aiogram and other programs call it; and no one from elsewhere."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from planner.localchat import serve
from tests.localchat.bot import TOKEN, opened
from tests.virtual import FakeClock

ANN = {"id": 1, "first_name": "Ann", "language_code": "en"}


class Client:
    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self.session = session
        self.url = url

    async def ask(self, verb: str, path: str, **options: Any) -> tuple[int, Any]:
        async with self.session.request(verb, self.url + path, **options) as response:
            return response.status, json.loads(await response.read())

    async def bot(self, method: str, **options: Any) -> Any:
        status, body = await self.ask("POST", f"/bot{TOKEN}/{method}", **options)
        assert status == 200, body
        return body["result"]


@asynccontextmanager
async def served(folder: Path, clock: FakeClock, **options: Any) -> AsyncIterator[Client]:
    with opened(folder, clock) as chat:
        async with serve(chat, "127.0.0.1", 0, **options) as url, aiohttp.ClientSession() as session:
            yield Client(session, url)


async def test_the_calls_of_the_contract(tmp_path: Path, clock: FakeClock) -> None:
    async with served(tmp_path, clock) as client:
        status, said = await client.ask("POST", "/chat/messages", json={"chat_id": 1, "text": "/start", "from": ANN})
        assert (status, said["message_id"]) == (200, 1)
        [update] = await client.bot("getUpdates", data={"timeout": "25"})
        assert update["update_id"] == said["update_id"]
        assert update["message"]["from"] == {**ANN, "is_bot": False}
        markup = {"inline_keyboard": [[{"text": "Done", "callback_data": "d"}]]}
        sent = await client.bot("sendMessage", data={"chat_id": "1", "text": "hi", "reply_markup": json.dumps(markup)})
        status, rows = await client.ask("GET", "/chat/messages?chat_id=1&after=1")
        assert [(row["message_id"], row["buttons"]) for row in rows] == [(2, [[{"text": "Done", "data": "d"}]])]
        status, pressed = await client.ask(
            "POST", "/chat/callbacks", json={"chat_id": 1, "message_id": sent["message_id"], "data": "d"}
        )
        assert (status, pressed["answer"]) == (200, None)
        form = aiohttp.FormData({"chat_id": "1"})
        form.add_field("file", b"BEGIN", filename="a.ics", content_type="text/calendar")
        assert (await client.ask("POST", "/chat/files", data=form))[0] == 200
        updates = await client.bot("getUpdates", data={"offset": str(said["update_id"] + 1)})
        assert updates[0]["callback_query"]["data"] == "d"
        file = await client.bot("getFile", json={"file_id": updates[1]["message"]["document"]["file_id"]})
        async with client.session.get(f"{client.url}/file/bot{TOKEN}/{file['file_path']}") as response:
            assert await response.read() == b"BEGIN"
        assert await client.ask("PUT", "/chat/faults", json={"status": 500}) == (
            200,
            {"rules": [{"status": 500, "hits": 0}]},
        )
        assert (await client.ask("POST", f"/bot{TOKEN}/getMe"))[0] == 500
        assert await client.ask("PUT", "/chat/faults", json={}) == (200, {})


@pytest.mark.parametrize("how", ["params", "data", "json", "multipart"])
async def test_parameters_come_by_query_form_multipart_or_json(how: str, tmp_path: Path, clock: FakeClock) -> None:
    async with served(tmp_path, clock) as client:
        await client.ask("POST", "/chat/messages", json={"chat_id": 1, "text": "/start", "from": ANN})
        given: dict[str, Any] = {"chat_id": 1 if how == "json" else "1", "text": "привет 😀"}
        if how == "multipart":
            form = aiohttp.FormData(given)
            form.add_field("unused", b"x", filename="x.bin")
            how, given = "data", form  # type: ignore[assignment]  # aiohttp's form in place of a dict
        assert (await client.bot("sendMessage", **{how: given}))["text"] == "привет 😀"


async def test_a_pressed_button_can_wait_for_its_answer(tmp_path: Path, clock: FakeClock) -> None:
    async with served(tmp_path, clock) as client:
        await client.ask("POST", "/chat/messages", json={"chat_id": 1, "text": "/start", "from": ANN})
        sent = await client.bot("sendMessage", json={"chat_id": 1, "text": "hi"})
        pressing = asyncio.create_task(
            client.ask(
                "POST",
                "/chat/callbacks",
                json={"chat_id": 1, "message_id": sent["message_id"], "data": "d", "wait": 10},
            )
        )
        updates = await client.bot("getUpdates", json={"timeout": 5})
        if "callback_query" not in updates[-1]:
            updates = await client.bot("getUpdates", json={"timeout": 5, "offset": updates[-1]["update_id"] + 1})
        await client.bot(
            "answerCallbackQuery", json={"callback_query_id": updates[-1]["callback_query"]["id"], "text": "Done"}
        )
        assert (await pressing)[1]["answer"] == {"text": "Done", "alert": False, "url": ""}


@pytest.mark.parametrize(
    ("rule", "error"),
    [
        ({"lose_answer": True}, aiohttp.ServerDisconnectedError),
        ({"refuse": True}, aiohttp.ServerDisconnectedError),
        ({"truncate": True}, aiohttp.ClientPayloadError),
    ],
)
async def test_a_lost_connection_is_one_on_the_wire(
    rule: dict[str, Any], error: type[Exception], tmp_path: Path, clock: FakeClock
) -> None:
    async with served(tmp_path, clock) as client:
        await client.ask("POST", "/chat/messages", json={"chat_id": 1, "text": "/start", "from": ANN})
        await client.ask("PUT", "/chat/faults", json={**rule, "methods": ["sendMessage"]})
        with pytest.raises(error):
            await client.bot("sendMessage", json={"chat_id": 1, "text": "x"})
        assert len((await client.ask("GET", "/chat/messages?chat_id=1"))[1]) == (1 if rule == {"refuse": True} else 2)


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8085", "10.0.0.1", "127.0.0.1.evil.example", "[::2]", ""]
)
async def test_a_name_that_is_no_loopback_is_refused(host: str, tmp_path: Path, clock: FakeClock) -> None:
    async with served(tmp_path, clock) as client:
        for path in ("/", "/chat/messages?chat_id=1", f"/bot{TOKEN}/getMe", "/chat/view?chat_id=1"):
            async with client.session.get(client.url + path, headers={"Host": host}) as response:
                assert response.status in {400, 403}


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8085", "127.0.0.1", "127.8.9.1:80", "[::1]:8085", "planner.localhost"]
)
async def test_every_loopback_name_is_let_in(host: str, tmp_path: Path, clock: FakeClock) -> None:
    async with served(tmp_path, clock) as client:
        assert (await client.ask("GET", "/chat/messages?chat_id=1", headers={"Host": host}))[0] == 200


async def test_whoever_asks_after_its_health_hears_of_it_whatever_name_was_asked_for(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with served(tmp_path, clock) as client:
        for host in ("127.0.0.1:8085", "chat:8085", "0.0.0.0:8085"):
            assert await client.ask("GET", "/livez", headers={"Host": host}) == (200, {"status": "ok"})


async def test_another_sites_page_cannot_write(tmp_path: Path, clock: FakeClock) -> None:
    async with served(tmp_path, clock) as client:
        said = {"chat_id": 1, "text": "spam"}
        for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
            assert (await client.ask("POST", "/chat/messages", json=said, headers=headers))[0] == 403
        assert (await client.ask("POST", "/chat/messages", json=said, headers={"Origin": client.url}))[0] == 200


async def test_in_a_container_other_names_are_let_in_but_no_other_sites_pages(tmp_path: Path, clock: FakeClock) -> None:
    async with served(tmp_path, clock, any_host=True) as client:
        assert (await client.ask("GET", "/chat/messages?chat_id=1", headers={"Host": "planner:8085"}))[0] == 200
        assert (
            await client.ask(
                "POST", "/chat/messages", json={"chat_id": 1, "text": "spam"}, headers={"Sec-Fetch-Site": "cross-site"}
            )
        )[0] == 403


WRONG: list[tuple[str, str, Any]] = [
    ("POST", "/chat/messages", {}),
    ("POST", "/chat/messages", {"chat_id": 1}),
    ("POST", "/chat/messages", []),
    ("POST", "/chat/messages", {"chat_id": 1, "text": ""}),
    ("POST", "/chat/messages", {"chat_id": "x", "text": "x"}),
    ("POST", "/chat/messages", {"chat_id": 2**60, "text": "x"}),
    ("POST", "/chat/messages", {"chat_id": 1, "text": "x", "from": 5}),
    ("POST", "/chat/messages", {"chat_id": 1, "text": "x", "edit": 99}),
    ("POST", "/chat/callbacks", {"chat_id": 1, "message_id": 99, "data": "x"}),
    ("POST", "/chat/callbacks", {"chat_id": 1, "message_id": 1, "data": "x", "wait": "long"}),
    ("POST", "/chat/files", {"chat_id": 1}),
    ("POST", "/chat/chats", {"ids": 5}),
    ("GET", "/chat/messages", None),
    ("GET", "/chat/messages?chat_id=1&after=x", None),
    ("PUT", "/chat/faults", {"surprise": 1}),
]


@pytest.mark.parametrize(("verb", "path", "body"), WRONG)
async def test_a_wrong_request_gets_a_sentence(
    verb: str, path: str, body: Any, tmp_path: Path, clock: FakeClock
) -> None:
    async with served(tmp_path, clock) as client:
        status, answer = await client.ask(verb, path, **({} if body is None else {"json": body}))
        assert (status, list(answer)) == (400, ["error"])


async def test_the_page_runs_nothing_but_its_own_files(tmp_path: Path, clock: FakeClock) -> None:
    async with served(tmp_path, clock) as client, client.session.get(client.url) as response:
        page = await response.text()
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http:" not in page
        assert "https:" not in page
        assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_file_that_a_user_sent_cannot_run_as_a_page(tmp_path: Path, clock: FakeClock) -> None:
    async with served(tmp_path, clock) as client:
        for name, kind in (("a.html", "text/html"), ("a.svg", "image/svg+xml"), ("a.png", "image/png")):
            form = aiohttp.FormData({"chat_id": "1"})
            form.add_field("file", b"<script>alert(1)</script>", filename=name, content_type=kind)
            await client.ask("POST", "/chat/files", data=form)
        for number in (1, 2, 3):
            async with client.session.get(f"{client.url}/chat/files/{number}") as response:
                assert response.content_type == "application/octet-stream"
                assert response.headers["Content-Disposition"].startswith("attachment")
                assert "default-src 'none'" in response.headers["Content-Security-Policy"]


async def test_the_token_stands_in_no_log(tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        async with served(tmp_path, clock) as client:
            await client.bot("getMe")
            await client.ask("PUT", "/chat/faults", json={"truncate": True})
            with pytest.raises(aiohttp.ClientPayloadError):
                await client.bot("getMe")
    assert TOKEN not in caplog.text


async def test_stopping_answers_who_waits(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        async with aiohttp.ClientSession() as session:
            async with serve(chat, "127.0.0.1", 0) as url:
                polling = asyncio.create_task(Client(session, url).bot("getUpdates", json={"timeout": 50}))
                looking = asyncio.create_task(Client(session, url).ask("GET", "/chat/messages?chat_id=1&wait=50"))
                await clock.sleep(500)
            assert await polling == []
            assert await looking == (200, [])
            assert clock.mono() < 5_000
