"""Files: sent as multipart with the bytes unchanged, fetched within a limit, each failure an outcome."""

from __future__ import annotations

from base64 import b64encode

import pytest

from planner.telegram.outcomes import Accepted, Halted, Outcome, Paused, Refused, Unclear
from tests.telegram.server import DROP, SILENT, TOKEN, Reply, http, ok, refused, serving, telegram_at

FOUND = ok({"file_id": "F", "file_path": "documents/a.ics"})


async def test_a_file_is_sent_with_its_name_and_its_bytes() -> None:
    async with serving(ok({"message_id": 7})) as server, telegram_at(server.url) as telegram:
        params = {
            "chat_id": 1,
            "caption": "all of it",
            "document": {"filename": "мой план.ics", "base64": b64encode(b"\x00\xffB\r\n").decode()},
        }
        assert await telegram.call("sendDocument", params) == Accepted(7, {"message_id": 7})
    body = server.asked[0].body
    key = body.partition(b"attach://")[2].partition(b"\r\n")[0]
    assert b'name="caption"\r\n\r\nall of it\r\n' in body
    assert b'name="%s"; filename="%s"' % (key, "мой план.ics".encode()) in body
    assert b"\r\n\r\n\x00\xffB\r\n\r\n--" in body


async def test_a_file_is_fetched() -> None:
    async with serving(FOUND, http(200, b"BEGIN:VCALENDAR")) as server, telegram_at(server.url) as telegram:
        assert await telegram.download("F", 15) == b"BEGIN:VCALENDAR"
    assert [asked.path for asked in server.asked] == [f"/bot{TOKEN}/getFile", f"/file/bot{TOKEN}/documents/a.ics"]


async def test_a_file_that_is_too_large_is_not_read_to_its_end() -> None:
    async with serving(FOUND, http(200, b"x" * 200_000)) as server, telegram_at(server.url) as telegram:
        assert await telegram.download("F", 100_000) == Refused("the file is larger than 100000 bytes")


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (http(401, "no"), Halted(401, "401 for the file")),
        (http(404, "gone"), Refused("404 for the file")),
        (http(429, "slow"), Paused(5, "429 for the file")),
        (http(502, "<html>"), Unclear("502 for the file")),
        (http(302, headers="Location: http://127.0.0.1:1/\r\n"), Unclear("302 for the file")),
        (http(200, b"BEGIN", length=400), Unclear("ClientPayloadError")),
        (DROP, Unclear("ServerDisconnectedError")),
        (SILENT, Unclear("TimeoutError")),
    ],
)
async def test_a_file_that_does_not_come_is_an_outcome(reply: Reply, outcome: Outcome) -> None:
    # aiohttp asks once more after a GET's connection was lost, so the reply stays the same from then on.
    async with serving(FOUND, reply) as server, telegram_at(server.url) as telegram:
        assert await telegram.download("F", 1_000) == outcome


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (refused(400, "Bad Request: file is too big"), Refused("400 Bad Request: file is too big")),
        (ok({"file_id": "F"}), Refused("getFile named no path")),
        (ok(None), Refused("getFile named no path")),
    ],
)
async def test_a_file_that_telegram_does_not_give_is_an_outcome(reply: Reply, outcome: Outcome) -> None:
    async with serving(reply) as server, telegram_at(server.url) as telegram:
        assert await telegram.download("F", 1_000) == outcome
