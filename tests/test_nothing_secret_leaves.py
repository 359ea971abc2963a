"""No token, text, name or secret of an address leaves a real process, whatever fails; and the search would find them.

Two bots are run: one at which all sorts of things fail, and one that is made to leak at each door on purpose.
"""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, quote_plus

import pytest

from tests.e2e.calendar_server import CalendarServer, serving_calendars, soon
from tests.e2e.collector import Collector, Mood, collecting
from tests.e2e.test_files_come_in_and_go_out import send
from tests.e2e.test_real_processes import ANSWER_S, ROOT, START_S, Process, ask, environment, free_port, until
from tests.web import calendar, event

TOKEN = "7418529630:AAHbq3ZkPqx7vTnWd5_mYc-9rLsJ2eGfUoA"
HALF = TOKEN.partition(":")[2]
SECRETS = {
    "token": TOKEN,
    "half of the token": HALF,
    "text": "Kartoffelkanone",
    "title in a calendar": "Quittenpressung",
    "place in a calendar": "Geheimversteck",
    "name": "Zebulonia",
    "file's name": "Gehaltsliste",
    "feed's user": "hagebutte",
    "feed's password": "Gurkenpass-77",
    "feed's path": "privat-8f3kqX2",
    "feed's query": "Qz81TokQuery",
    "heartbeat": "3f9cb7d2-uuid-of-the-heartbeat",
    "header for the endpoint": "Sommerregen-9000",
}
ALICE = 1
SOON_S, ATTEMPTS, LOOK_S = 2.0, 5, 0.05
DOORS = ("/metrics", "/readyz", "/readyz?verbose", "/readyz?verbose=1", "/livez", "/slo", "/", f"/bot{TOKEN}/getMe",
         "/nowhere")  # fmt: skip

FAILING_DOWNLOADS = """
from planner.localchat.chat import LocalChat
async def gone(*_): return None
LocalChat.download = gone
"""

FAILING_HANDLER = f"""
from planner.chat.router import Router
handle = Router.__call__
def fail(self, tx, update, *more):
    if update.text.startswith("explode"):
        raise ValueError(f"no handler for {{update}}") from OSError("https://api.telegram.org/bot{TOKEN}/sendMessage")
    return handle(self, tx, update, *more)
Router.__call__ = fail
"""

LEAKING = f"""
import logging
from aiohttp import web as http
from planner import web
from planner.catalogue import chat
from planner.chat.router import Router
from planner.journeys import Journeys
from planner.telemetry import tracing
handle, begin = Router.__call__, Journeys.begin
def leak(self, tx, update, *more):
    logging.getLogger("planner.leak").warning("leak.logged", extra={{"said": update.text}})
    tracing.current().set(said=update.text)
    return handle(self, tx, update, *more)
def count(self, *given, **named):
    self._telemetry.metrics.add(chat.UPDATES, "Kartoffelkanone", "ok")
    return begin(self, *given, **named)
async def alive(self, request):
    return http.json_response({{"status": "ok", "token": "{TOKEN}"}})
Router.__call__, Journeys.begin, web.Pages._livez = leak, count, alive
print("{TOKEN}", flush=True)
"""


def forms(secret: str) -> set[bytes]:
    """How a secret may look on its way out: as it is, percent-encoded, as a part of something in base64."""
    raw = secret.encode()
    plain = {raw, raw.lower(), quote(secret, safe="").encode(), quote_plus(secret).encode(), raw.hex().encode()}
    return plain | {inner for shift in range(3) if (inner := _in_base64(raw, shift))}


def _in_base64(raw: bytes, shift: int) -> bytes:
    """What base64 makes of it wherever it stands within three bytes, without what its neighbours have a part in."""
    encoded = b64encode(bytes(shift) + raw).rstrip(b"=")
    return encoded[(shift * 8 + 5) // 6 : len(encoded) - 1]


def found_in(content: bytes, names: object = SECRETS) -> set[str]:
    """The names of the secrets that are in it."""
    return {name for name in SECRETS if name in names and any(form in content for form in forms(SECRETS[name]))}


class Patched(Process):
    """``planner.py`` with something of it replaced."""

    def __init__(self, folder: Path, name: str, command: str, patch: str, **environ: str) -> None:
        self._out, self._err = folder / f"{name}.out", folder / f"{name}.err"
        program = folder / f"{name}.py"
        program.write_text(f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n{patch}\n"
                           "from planner.cli import main\nsys.exit(main())\n")  # fmt: skip
        with self._out.open("w") as out, self._err.open("w") as err:
            self._process = subprocess.Popen([sys.executable, str(program), command], cwd=folder, stdout=out,
                                             stderr=err, env=environment(**environ))  # fmt: skip


class Site:
    """A bot, a calendar's server, whoever gets telemetry, and a local chat, in another process if it ``is_apart``."""

    def __init__(self, folder: Path, stack: ExitStack, patch: str, *, is_apart: bool, **environ: str) -> None:
        self.folder = folder
        self.collector: Collector = stack.enter_context(collecting())
        self.server: CalendarServer = stack.enter_context(serving_calendars())
        self.port = free_port()
        self.chat = f"http://127.0.0.1:{self.port}"
        environ |= {
            "PLANNER_HTTP": f"127.0.0.1:{self.port}",
            "PLANNER_METRICS": "1",
            "PLANNER_PRIVATE_FEEDS": "1",
            "PLANNER_HEARTBEAT_URL": f"http://127.0.0.1:{self.server.port}/ping/{SECRETS['heartbeat']}",
            "OTEL_EXPORTER_OTLP_ENDPOINT": self.collector.url,
            "OTEL_EXPORTER_OTLP_HEADERS": f"authorization=Bearer%20{SECRETS['header for the endpoint']}",
            "OTEL_METRIC_EXPORT_INTERVAL": "300",
            "OTEL_BSP_SCHEDULE_DELAY": "100",
            "OTEL_BLRP_SCHEDULE_DELAY": "100",
        }
        if is_apart:
            self.localchat = Patched(folder, "chat", "localchat", FAILING_DOWNLOADS, PLANNER_DB="chat.db")
            stack.callback(self.localchat.kill)
            self.chat = self.localchat.printed(r"PLANNER_BOT_API=(\S+)")
            environ |= {"BOT_TOKEN": TOKEN, "PLANNER_BOT_API": self.chat}
        self.bot = Patched(folder, "bot", "run", patch, **environ)
        stack.callback(self.bot.kill)

    def ready(self) -> None:
        until(lambda: self.page("/readyz").startswith(b"200"), START_S, "readiness")

    def address(self, port: int | None = None) -> str:
        """A calendar's address that is full of secrets."""
        user, password, path, query = (SECRETS[f"feed's {part}"] for part in ("user", "password", "path", "query"))
        return f"http://{user}:{password}@127.0.0.1:{port or self.server.port}/{path}/cal.ics?token={query}"

    def say(self, text: str, expected: str = "") -> None:
        who = {"id": ALICE, "first_name": SECRETS["name"]}
        said = ask(f"{self.chat}/chat/messages", {"chat_id": ALICE, "text": text, "from": who})
        after = said["message_id"]
        if expected:
            until(lambda: expected in self.shown(after), ANSWER_S, f"the answer {expected!r} to {text!r}")

    def shown(self, after: int = 0) -> str:
        rows = ask(f"{self.chat}/chat/messages?chat_id={ALICE}&after=0")
        return "\n".join(row["text"] for row in rows if row["from"] == "bot" and row["message_id"] > after)

    def fault(self, **fault: object) -> None:
        ask(f"{self.chat}/chat/faults", fault, "PUT")

    def page(self, path: str) -> bytes:
        """A page's status, headers and body, whatever it is."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=ANSWER_S) as answer:
                return f"{answer.status} {answer.headers}".encode() + answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return f"{error.code} {error.headers}".encode() + error.read()
        except OSError:
            return b""

    def pages(self) -> bytes:
        return b"".join(self.page(path) for path in DOORS)

    def exported(self, path: str) -> bytes:
        return b"".join(request.raw for request in self.collector.requests if request.path == path)

    def arrived(self, path: str, text: bytes) -> None:
        ends = time.monotonic() + ANSWER_S
        while text not in self.exported(path):
            assert time.monotonic() < ends, f"{text!r} never came to {path}"
            self.collector.wait(ANSWER_S)

    def files(self, pattern: str) -> bytes:
        return b"".join(file.read_bytes() for file in sorted(self.folder.glob(pattern)))


class Came(NamedTuple):
    """What has come out of each bot, by the door it came through."""

    left: Mapping[str, bytes]
    leaked: Mapping[str, bytes]


@pytest.fixture(scope="module")
def came(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Came]:
    with ExitStack() as stack:
        failing = Site(
            tmp_path_factory.mktemp("failing"), stack, FAILING_HANDLER, is_apart=True, PLANNER_LOG_LEVEL="DEBUG"
        )
        leaking = Site(tmp_path_factory.mktemp("leaking"), stack, LEAKING, is_apart=False)  # they start side by side
        failing.ready()
        failed = fail_in_every_way(failing)
        left = {
            **through_every_door(failing),
            "pages": failed,
            "the database": failing.files("planner.db*"),
            "requests": "".join(f"{headers}{body}" for _, headers, body in failing.server.asked).encode(),
        }
        leaking.ready()
        leak(leaking)
        pages = {"pages": leaking.pages(), "the page of metrics": leaking.page("/metrics")}
        yield Came(left, {**through_every_door(leaking), **pages})


@pytest.fixture
def left(came: Came) -> Mapping[str, bytes]:
    return came.left


@pytest.fixture
def leaked(came: Came) -> Mapping[str, bytes]:
    return came.leaked


def through_every_door(site: Site) -> dict[str, bytes]:
    return {
        "stdout": site.bot.out.encode(),
        "the log": site.bot.err.encode(),
        "traces": site.exported("/v1/traces"),
        "metrics": site.exported("/v1/metrics"),
        "logs": site.exported("/v1/logs"),
    }


def leak(site: Site) -> None:
    site.say("/start", "Hello")
    site.say(f"{SECRETS['text']} tomorrow at 9:30", f"✅ {SECRETS['text']}")
    for path in ("/v1/traces", "/v1/metrics", "/v1/logs"):
        site.arrived(path, SECRETS["text"].encode())


def linked_in_time(site: Site, attempt: int) -> bool:
    """Link a calendar with an event that begins at once, and be reminded of it: not where linking was too slow."""
    title = SECRETS["title in a calendar"]
    place = f"LOCATION:{SECRETS['place in a calendar']}"
    site.server.body = calendar(event(f"{attempt}@x", title, soon(SOON_S), place))
    site.say(f"{site.address()}&attempt={attempt}", "is linked: 1 event")
    ends = time.monotonic() + 2 * SOON_S
    while (missing := f"⏰ 🟦 {title}" not in site.shown()) and time.monotonic() < ends:
        time.sleep(LOOK_S)
    return not missing


def fail_in_every_way(site: Site) -> bytes:
    """The pages on the way."""
    text = SECRETS["text"]
    site.say("/start", "Hello")
    assert any(linked_in_time(site, attempt) for attempt in range(ATTEMPTS)), "no reminder of the calendar"
    site.say(f"{text} in 1 second", f"✅ {text}")
    send(site.chat, SECRETS["file's name"] + ".ics", calendar(), "That did not work")
    site.say(f"explode {text}", "That did not work")
    site.server.status = 401
    site.say(site.address() + "&again=1", "password")
    site.server.status = 500
    site.say(site.address() + "&again=2", "500")
    site.say(site.address(free_port()), "not linked")
    site.fault(method="sendMessage", status=400, times=1, description=f"Bad Request: /bot{TOKEN}/sendMessage")
    site.say(f"/find {text}")
    until(lambda: f"⏰ {text}" in site.shown(), ANSWER_S, "the reminder")
    pages = site.pages()
    site.arrived("/v1/logs", b"reminder.sent")
    site.collector.become(Mood.UNAVAILABLE)
    site.fault(status=401, description=f"Unauthorized: {TOKEN}")
    site.say(text)
    until(lambda: site.page("/readyz").startswith(b"503"), ANSWER_S, "a halt")
    pages += site.pages()
    site.localchat.kill()
    site.collector.become(Mood.WELL)
    pages += site.pages()
    assert site.bot.stop() == 0
    return pages


DOORS_OUT = ("stdout", "the log", "traces", "metrics", "logs", "pages")


@pytest.mark.parametrize("door", DOORS_OUT)
def test_nothing_secret_leaves_however_much_fails(door: str, left: Mapping[str, bytes]) -> None:
    assert found_in(left[door]) == set()


def test_the_database_holds_no_token_and_nothing_of_the_hosts(left: Mapping[str, bytes]) -> None:
    hosts = {"token", "half of the token", "heartbeat", "header for the endpoint"}
    assert found_in(left["the database"], hosts) == set()
    assert found_in(left["the database"], {"text"}) == {"text"}, "what users said has to be there"


def test_other_servers_are_told_nothing_that_is_not_theirs(left: Mapping[str, bytes]) -> None:
    assert found_in(left["requests"], SECRETS.keys() - {"feed's user", "feed's password"}) == set()


@pytest.mark.parametrize(
    ("door", "sign"),
    [
        ("the log", b"reminder.sent"),
        ("the log", b"ValueError"),
        ("the log", b"401"),
        ("traces", b"telegram sendMessage"),
        ("traces", b"calendar fetch"),
        ("metrics", b"planner.updates"),
        ("logs", b"reminder.sent"),
        ("pages", b"planner_updates_total"),
        ("pages", b"503"),
        ("pages", b"Unauthorized"),
        ("requests", b"Authorization: Basic"),
    ],
)
def test_what_was_searched_has_really_happened(door: str, sign: bytes, left: Mapping[str, bytes]) -> None:
    assert sign in left[door]


@pytest.mark.parametrize(
    ("door", "what"),
    [
        ("stdout", {"token", "half of the token"}),
        ("the log", {"text"}),
        ("traces", {"text"}),
        ("metrics", {"text"}),
        ("logs", {"text"}),
        ("pages", {"token", "half of the token", "text"}),
        ("the page of metrics", {"text"}),
    ],
)
def test_the_search_finds_what_is_put_in_on_purpose(door: str, what: set[str], leaked: Mapping[str, bytes]) -> None:
    assert found_in(leaked[door]) == what


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("shift", range(3))
def test_the_search_knows_a_secret_in_any_form(name: str, shift: int) -> None:
    secret = SECRETS[name]
    around = "x" * shift
    for content in (
        f"{around}{secret}{around}",
        quote(f"http://host/?q={around}{secret} ", safe=""),
        b64encode(f"{around}{secret} and more".encode()).decode(),
        b64encode(f"user:{around}{secret}".encode()).decode(),
        secret.encode().hex(),
    ):
        assert name in found_in(content.encode()), content


def test_the_search_finds_nothing_in_what_holds_nothing() -> None:
    assert found_in(b"reminder.sent 7418529630 Kartoffel hagebuche https://api.telegram.org/bot/getMe") == set()
