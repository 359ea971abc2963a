"""``python planner.py`` as a host runs it: real processes, real signals, real time. Every wait is for a condition."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

T = TypeVar("T")

ROOT = Path(__file__).parents[2]
START_S, ANSWER_S, STOP_S = 30.0, 30.0, 5.0
TOKEN = "42:any-token-will-do"


class Process:
    """One ``planner.py COMMAND`` in a folder of its own."""

    def __init__(self, folder: Path, name: str, command: str, **environ: str) -> None:
        self._out, self._err = folder / f"{name}.out", folder / f"{name}.err"
        with self._out.open("w") as out, self._err.open("w") as err:
            self._process = subprocess.Popen([sys.executable, str(ROOT / "planner.py"), command], cwd=folder,
                                             stdout=out, stderr=err, env=environment(**environ))  # fmt: skip

    @property
    def out(self) -> str:
        return self._out.read_text()

    @property
    def err(self) -> str:
        return self._err.read_text()

    def printed(self, pattern: str) -> str:
        """What the pattern's group finds on stdout, once it is there."""
        found = until(lambda: self._alive() and re.search(pattern, self.out), START_S, f"{pattern!r} on stdout")
        return found[1]

    def logged(self, text: str, times: int = 1) -> None:
        until(lambda: self._alive() and self.err.count(text) >= times, START_S, f"{times} times {text!r} in the log")

    def ended(self, within_s: float = START_S) -> int:
        return self._process.wait(within_s)

    def stop(self) -> int:
        """SIGTERM; its exit code."""
        self._process.send_signal(signal.SIGTERM)
        return self.ended(STOP_S)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def _alive(self) -> bool:
        assert self._process.poll() is None, f"it ended: {self.out} {self.err}"
        return True


def environment(**environ: str) -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "PLANNER_HTTP": "127.0.0.1:0", "PLANNER_USERS": "*", **environ}


def until(look: Callable[[], T], within_s: float, what: str) -> T:
    """What ``look`` sees, as soon as that is something."""
    ends = time.monotonic() + within_s
    while not (seen := look()):
        assert time.monotonic() < ends, f"not within {within_s:g} s: {what}"
        time.sleep(0.02)
    return seen


def ask(url: str, body: object = None, method: str | None = None) -> object:
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, data, headers, method=method or ("POST" if data else "GET"))
    with urllib.request.urlopen(request, timeout=ANSWER_S) as answer:
        return json.load(answer)


def say(chat: str, text: str, *expected: str, user: int = 1) -> None:
    """Write to the bot, and wait until it has answered with each of ``expected``."""
    said = ask(f"{chat}/chat/messages", {"chat_id": user, "text": text, "from": {"id": user, "first_name": "Ann"}})
    for part in expected:
        until(lambda part=part: part in shown(chat, said["message_id"], user), ANSWER_S, f"the answer {part!r}")


def shown(chat: str, after: int = 0, user: int = 1) -> str:
    """What the bot has said to somebody after a message."""
    rows = ask(f"{chat}/chat/messages?chat_id={user}&after=0")
    return "\n".join(row["text"] for row in rows if row["from"] == "bot" and row["message_id"] > after)


def command(folder: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, str(ROOT / "planner.py"), *arguments], cwd=folder, capture_output=True,
                          env=environment(**environ), text=True, check=False, timeout=START_S)  # fmt: skip


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


Start = Callable[..., Process]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start processes; what the test leaves running is killed."""
    started: list[Process] = []

    def begin(name: str, what: str = "run", **environ: str) -> Process:
        started.append(Process(tmp_path, name, what, **environ))
        return started[-1]

    yield begin
    for process in started:
        process.kill()


def test_it_names_its_page_answers_reminds_and_stops_at_once_when_told(start: Start) -> None:
    bot = start("bot")
    chat = bot.printed(r"(http://127\.0\.0\.1:\d+)")
    with urllib.request.urlopen(chat, timeout=ANSWER_S) as page:
        assert page.headers["Content-Type"].startswith("text/html")
    say(chat, "/start", "Hello")
    say(chat, "tea in 2 seconds", "✅ tea", "⏰ tea")
    assert {one["slo"]: one["bad"] for one in ask(f"{chat}/slo")} == {
        "reminders": 0,
        "plans": 0,
        "chat": 0,
        "syncs": 0,
        "feeds": 0,
        "up": 0,
        "probes": 0,
        "heartbeat": 0,
    }
    assert ask(f"{chat}/readyz")["status"] == "ok"
    assert bot.stop() == 0


def test_a_second_one_on_the_same_database_is_refused_and_other_commands_are_not(start: Start, tmp_path: Path) -> None:
    bot = start("bot")
    chat = bot.printed(r"(http://127\.0\.0\.1:\d+)")
    say(chat, "dentist tomorrow at 9:30", "✅ dentist")
    second = command(tmp_path, "run")
    assert second.returncode == 1
    assert second.stdout == ""
    assert second.stderr.splitlines() == [
        "planner: another planner runs on planner.db: stop that one first, or name another file in PLANNER_DB"
    ]
    status = command(tmp_path, "slo", "status", "--json")
    assert status.returncode == 0, status.stderr
    assert {one["slo"]: one["good"] for one in map(json.loads, status.stdout.splitlines())}["chat"] == 1
    assert command(tmp_path, "backup", "copy.db").returncode == 0
    assert (tmp_path / "copy.db").stat().st_size > 0
    doctor = command(tmp_path, "doctor", "--json")
    assert len(doctor.stdout.splitlines()) > 2
    say(chat, "/today", "Nothing is planned.")
    assert bot.stop() == 0


def test_what_was_promised_before_kill_9_is_kept_by_the_next_one(start: Start) -> None:
    bot = start("bot")
    chat = bot.printed(r"(http://127\.0\.0\.1:\d+)")
    say(chat, "tea in 3 seconds", "✅ tea")
    bot.kill()
    chat = start("again").printed(r"(http://127\.0\.0\.1:\d+)")
    until(lambda: "⏰ tea" in shown(chat), ANSWER_S, "the reminder")
    assert shown(chat).count("⏰ tea") == 1


def test_a_bot_of_another_process_waits_for_the_local_chat_and_yields_to_a_second_poller(start: Start) -> None:
    port = free_port()
    chat = f"http://127.0.0.1:{port}"
    bot = start("bot", BOT_TOKEN=TOKEN, PLANNER_BOT_API=chat)
    bot.logged('"telegram.unreachable"')
    server = start("chat", "localchat", PLANNER_HTTP=f"127.0.0.1:{port}", PLANNER_DB="chat.db")
    assert server.printed(r"PLANNER_BOT_API=(\S+)") == chat
    bot.logged('"planner.ready"')
    say(chat, "dentist tomorrow at 9:30", "✅ dentist")

    second = ask(f"{chat}/bot{TOKEN}/getUpdates", {"timeout": 0})
    assert second == {"ok": True, "result": []}
    bot.logged('"telegram.halted"')
    bot.logged('"telegram.resumed"')
    say(chat, "milk tomorrow at 10:30", "✅ milk")
    assert bot.err.count('"telegram.halted"') == 1
    assert TOKEN not in bot.err + bot.out
    assert bot.stop() == 0
    assert server.stop() == 0


def test_a_token_that_telegram_refuses_ends_the_start_with_one_line(start: Start, tmp_path: Path) -> None:
    chat = start("chat", "localchat", PLANNER_DB="chat.db").printed(r"PLANNER_BOT_API=(\S+)")
    ask(f"{chat}/chat/faults", {"status": 401, "description": "Unauthorized"}, "PUT")
    refused = command(tmp_path, "run", BOT_TOKEN=TOKEN, PLANNER_BOT_API=chat)
    assert refused.returncode == 2, "only a person can put that right: systemd shall not try again"
    assert refused.stdout == ""
    assert refused.stderr.splitlines() == [
        "planner: Telegram refuses the token (401 Unauthorized): copy it anew from @BotFather to BOT_TOKEN"
    ]


@pytest.mark.parametrize("fault", [{"method": "sendMessage", "hang": True}, {"hang": True}], ids=["sending", "all"])
def test_it_stops_within_5_seconds_though_telegram_does_not_answer(fault: dict[str, object], start: Start) -> None:
    chat = start("chat", "localchat", PLANNER_DB="chat.db").printed(r"PLANNER_BOT_API=(\S+)")
    bot = start("bot", BOT_TOKEN=TOKEN, PLANNER_BOT_API=chat)
    bot.logged('"planner.ready"')
    ask(f"{chat}/chat/faults", fault, "PUT")
    ask(f"{chat}/chat/messages", {"chat_id": 1, "text": "/help"})
    until(lambda: any(rule["hits"] for rule in ask(f"{chat}/chat/faults")["rules"]), ANSWER_S, "a request that hangs")
    assert bot.stop() == 0


def test_it_stops_at_once_while_it_waits_for_telegram(start: Start) -> None:
    bot = start("bot", BOT_TOKEN=TOKEN, PLANNER_BOT_API=f"http://127.0.0.1:{free_port()}")
    bot.logged('"telegram.unreachable"')
    assert bot.stop() == 0


@pytest.mark.parametrize("what", ["run", "localchat"])
def test_the_local_chat_does_not_start_where_other_machines_reach_it(what: str, tmp_path: Path) -> None:
    refused = command(tmp_path, what, PLANNER_HTTP="0.0.0.0:0")
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert len(refused.stderr.splitlines()) == 1
    assert refused.stderr.startswith("planner: PLANNER_HTTP: 0.0.0.0 is open to other machines")


def test_in_a_container_it_starts_there_when_told_to(start: Start) -> None:
    bot = start("bot", PLANNER_HTTP="0.0.0.0:0", PLANNER_LOCALCHAT_ANY="1")
    chat = bot.printed(r"(http://0\.0\.0\.0:\d+)")
    say(chat, "/help", "What I can do")
    assert bot.stop() == 0
