"""The bot's token: in no log, no exception and no outcome, whatever fails. Formats and levels make no difference."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import sys
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

import pytest

from planner.telegram.client import Telegram
from planner.telemetry.logs import set_up
from planner.telemetry.redact import HIDDEN, Redactor, secrets_of_exporters
from tests.telegram.server import (
    DROP,
    SILENT,
    TOKEN,
    Reply,
    free_port,
    http,
    ok,
    refused,
    serving,
    telegram_at,
)
from tests.virtual import FakeClock

ODD_SECRET = 'päss"word/1'
URL = f"http://127.0.0.1/file/bot{TOKEN}/documents/a.ics"


def fail(text: str) -> None:
    raise ValueError(text) from OSError(text)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@contextmanager
def everything_logged(stream: io.StringIO, *secrets: str) -> Iterator[None]:
    root = logging.getLogger()
    before = root.level
    logs = set_up("DEBUG", stream, secrets=secrets)
    try:
        yield
    finally:
        logs.close()
        root.setLevel(before)


ANSWERS: dict[str, Reply] = {
    "accepted": ok({"message_id": 1, "file_path": "a"}),
    "echoing": refused(400, f"Bad Request: cannot POST /bot{TOKEN}/sendMessage"),
    "unauthorized": refused(401, "Unauthorized"),
    "not found": http(404, f"<html>/bot{TOKEN}/sendMessage</html>"),
    "server error": refused(500, "Internal Server Error"),
    "bad gateway": http(502, "<html>"),
    "redirect": http(302, headers=f"Location: {URL}\r\n"),
    "truncated": http(200, b"{", length=50),
    "dropped": DROP,
    "silent": SILENT,
    "not HTTP": b"hello\r\n\r\n",
}


@pytest.mark.parametrize("name", ANSWERS)
async def test_no_failure_of_the_bot_api_shows_it(name: str) -> None:
    stream = io.StringIO()
    with everything_logged(stream):
        async with serving(ANSWERS[name]) as server, telegram_at(server.url) as telegram:
            outcomes = [
                await telegram.call("sendMessage", {"chat_id": 1, "text": "dentist"}),
                await telegram.updates(0, 1),
                await telegram.download("F", 10),
            ]
    assert TOKEN not in repr(outcomes)
    assert TOKEN not in stream.getvalue()
    assert "dentist" not in stream.getvalue()
    assert "telegram.call" in stream.getvalue()


@pytest.mark.parametrize("reply", [http(404, "gone"), http(502, "<html>"), http(200, b"x", length=9), DROP, SILENT])
async def test_no_failed_download_shows_it(reply: Reply) -> None:
    stream = io.StringIO()
    with everything_logged(stream):
        async with serving(ok({"file_path": "documents/a.ics"}), reply) as server, telegram_at(server.url) as telegram:
            outcome = await telegram.download("F", 10)
    assert TOKEN not in repr(outcome) + stream.getvalue()


@pytest.mark.parametrize(
    "host", ["127.0.0.1:{port}", "nowhere.invalid", "[::1]:{port}", "-bad-.-host-:80", "127.0.0.1:0"]
)
async def test_no_unreachable_server_shows_it(host: str) -> None:
    stream = io.StringIO()
    with everything_logged(stream):
        async with telegram_at(f"http://{host.format(port=await free_port())}") as telegram:
            outcome = await telegram.call("getMe")
    assert TOKEN not in repr(outcome) + stream.getvalue()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nonsense",
        "ftp://a.example",
        "http://",
        "http://a b",
        "http://a:99999",
        "http://{x}",
        "http://a/?q=",
        "http://[::1",
    ],
)
def test_an_address_that_is_none_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(ValueError, match="the Bot API's address") as caught:
        Telegram(TOKEN, base_url=url, clock=FakeClock())
    assert TOKEN not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("token", ["", "no-colon", "12 3:abc", f"x{TOKEN}"])
def test_a_token_that_is_none_is_refused_without_showing_it(token: str) -> None:
    with pytest.raises(ValueError, match="the token must look like") as caught:
        Telegram(token, clock=FakeClock())
    shown = "".join(traceback.format_exception(caught.value))
    assert not token or token not in shown


async def test_nothing_that_holds_it_shows_it() -> None:
    async with telegram_at("http://127.0.0.1:9") as telegram:
        assert TOKEN not in repr(telegram) + repr(vars(telegram))


@pytest.mark.parametrize("stream", [io.StringIO(), Terminal()], ids=["json", "terminal"])
def test_a_log_line_is_cleaned_wherever_the_token_stands(stream: io.StringIO) -> None:
    log = logging.getLogger(f"planner.{TOKEN}")
    with everything_logged(stream):
        log.error("message %s", TOKEN)
        log.error(URL)
        log.error("args %(url)s", {"url": quote(URL, safe="")})
        log.error("extra", extra={"url": URL, "deep": {"list": [URL]}, TOKEN: 1})
        try:
            fail(URL)
        except ValueError:
            log.exception("exception", stack_info=True)
        sys.excepthook(ValueError, ValueError(URL), None)
        logging.getLogger("aiogram.event").error("Failed to fetch %s", URL)
        logging.getLogger("aiohttp.client").warning(URL)
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            logging.captureWarnings(capture=True)
            warnings.warn(URL, UserWarning, stacklevel=1)
    written = stream.getvalue()
    secret = TOKEN.partition(":")[2]
    assert secret not in written
    assert written.count(HIDDEN) >= 12


async def test_a_task_that_nobody_awaited_does_not_show_it() -> None:
    async def fail() -> None:
        raise ValueError(URL)

    stream = io.StringIO()
    with everything_logged(stream):
        task = asyncio.ensure_future(fail())
        await asyncio.sleep(1)
        del task
    assert TOKEN not in stream.getvalue()
    assert "never retrieved" in stream.getvalue()


def test_a_secret_of_another_shape_is_hidden_in_every_form_it_takes() -> None:
    stream = io.StringIO()
    with everything_logged(stream, ODD_SECRET, "short"):
        logging.getLogger("planner").error("%s %s %r", ODD_SECRET, quote(ODD_SECRET, safe=""), ODD_SECRET)
    assert json.loads(stream.getvalue())["event"] == f"{HIDDEN} {HIDDEN} '{HIDDEN}'"


@pytest.mark.parametrize(
    ("variable", "value", "secret"),
    [
        ("OTEL_EXPORTER_OTLP_HEADERS", "Authorization=Basic%20MTIzOmdsY19rZXk%3D", "MTIzOmdsY19rZXk="),
        ("OTEL_EXPORTER_OTLP_HEADERS", "x-scope=a, api-key=0123456789abcdef", "0123456789abcdef"),
        ("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "Authorization=Bearer glsa_0123456789", "glsa_0123456789"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "api-key: 0123456789abcdef", "0123456789abcdef"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "x=1,Basic MTIzOmdsY19rZXk==", "MTIzOmdsY19rZXk=="),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "https://me:p%40ssw0rd-long@otlp.example", "p@ssw0rd-long"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "https://0123456789abcdef@otlp.example", "0123456789abcdef"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "https://otlp.example/opentelemetry/?key=keykeykey", "keykeykey"),
        ("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "https://otlp.example/e/abcd-0123/v1/logs", "abcd-0123"),
    ],
)
def test_the_keys_of_an_endpoint_are_hidden_as_well(variable: str, value: str, secret: str) -> None:
    redact = Redactor(secrets_of_exporters({variable: value, "OTEL_SERVICE_NAME": "planner-at-home"}))
    told = f"{value} {secret} planner-at-home"
    assert secret not in redact(told)
    assert quote(secret, safe="") not in redact(told)
    assert redact("planner-at-home x-scope otlp.example") == "planner-at-home x-scope otlp.example"


@pytest.mark.parametrize(
    "text", ["", "chat 123456789: sent", "12:34:56 INFO", "2026-11-21T10:00:00Z", f"{'1' * 5}:{'a' * 34}"]
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert Redactor([TOKEN])(text) == text
