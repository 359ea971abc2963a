"""A real Prometheus and a real Alertmanager around a real planner and its chat, and somebody who stands for PagerDuty.

The rules and the routes are generated, from a ``slo.toml`` whose windows are so short that nobody waits for hours.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from planner.model import ON_TIME, SECOND
from planner.slo.generate import routes, rules, yaml
from planner.slo.generate.routes import Addresses, Edition, Secret
from planner.slo.reading import read_slos
from tests.e2e.test_real_processes import ANSWER_S, START_S, TOKEN, Process, ask, free_port, say, until

PROMETHEUS, ALERTMANAGER = shutil.which("prometheus"), shutil.which("prometheus-alertmanager")
needs_watchers = pytest.mark.skipif(
    PROMETHEUS is None or ALERTMANAGER is None, reason="prometheus and prometheus-alertmanager are not both installed"
)
STACK = Path(__file__).parents[2] / "stack"
ALICE, BOB = 1, 2
"""Alice owns the bot and is told; bob is who hears too late."""
NOT_TO_BOB: dict[str, object] = {"methods": ["sendMessage"], "chats": [BOB], "status": 500}
SOON_S = 60.0
"""Within which an alert is told: a scrape, an evaluation, 5 s in which others may join it; and a busy machine."""

SLO_TOML = """
[defaults]
owner = "host"
window = "10m"
metric = "planner.sli.events"
tiers = ["fast"]
min_bad = 2
page_min_bad = 3
careful_below = 0.25

[tier.fast]
long = "4m"
short = "2m"
budget = 0.48
severity = "critical"
keep = "5s"

[route]
critical = ["pagerduty", "telegram"]
warning = ["slack", "telegram"]
info = ["email"]

[slo.reminders]
name = "On-time reminders"
description = "Reminders that Telegram accepted within 60 s of the time they were due."
counted = "reminder"
objective = 0.5
alert_below = 0.2
impact = "People hear of what they have to do too late."
policy = "Change nothing that is not a repair."
runbook = "stack/runbooks/slo-reminders.md"
"""
"""A burn rate of 1.2 of a budget of a half: it fires where more than 60 in 100 are late.

It ends when so many more are on time; a window that is over in seconds would be too short for what is bad only a minute
after it was due, and by that minute's count.
"""


class Watcher:
    """A process of the stack, ready once its page says so."""

    def __init__(self, folder: Path, name: str, command: list[str], port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        with (folder / f"{name}.log").open("w") as log:
            self._process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


class PagerDuty:
    """Whoever takes its events, as https://developer.pagerduty.com/docs/events-api-v2/trigger-events/ has them."""

    def __init__(self) -> None:
        heard: list[dict[str, Any]] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(202)
                self.end_headers()
                self.wfile.write(b'{"status": "success"}')

            def log_message(self, *_: object) -> None:
                pass

        self.heard = heard
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/v2/enqueue"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def events(self, action: str) -> list[str]:
        """What it was told: of something that begins (``trigger``), or ends (``resolve``)."""
        return [one.get("payload", {}).get("summary", "") for one in self.heard if one["event_action"] == action]

    def kill(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Site:
    """All of it, in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._running: list[Any] = []
        self._starts = 0
        self._port = free_port()
        (folder / "slo.toml").write_text(SLO_TOML)
        self.pagerduty = self._begun(PagerDuty())
        chat = self._begun(Process(folder, "chat", "localchat", PLANNER_DB="chat.db"))
        self.chat = chat.printed(r"PLANNER_BOT_API=(\S+)")

    def start_bot(self, **environ: str) -> Process:
        self._starts += 1
        bot = Process(self.folder, f"bot{self._starts}", "run", BOT_TOKEN=TOKEN, PLANNER_BOT_API=self.chat,
                      PLANNER_HTTP=f"127.0.0.1:{self._port}", PLANNER_ADMINS=str(ALICE), **environ)  # fmt: skip
        self._begun(bot).logged('"planner.ready"')
        return bot

    def start_watchers(self, *written: Path) -> None:
        """Prometheus with the generated rules and with these, and the Alertmanager that it tells."""
        alertmanager, prometheus = free_port(), free_port()
        self._alertmanager(alertmanager)
        self._prometheus(prometheus, alertmanager, written)
        self.alertmanager = f"http://127.0.0.1:{alertmanager}"
        self.prometheus = f"http://127.0.0.1:{prometheus}"

    def watched(self) -> None:
        """Wait until the watchers are up, and have seen a bot."""
        for url in (self.alertmanager, self.prometheus):
            until(lambda url=url: _is_ready(url), START_S, f"readiness of {url}")
        until(lambda: self.query("slo:planner_sli_events_bad:last == 0"), START_S, "a scrape, and a rule's result")

    def _alertmanager(self, port: int) -> None:
        """As generated, but that a change is told at once: nobody waits for half a minute."""
        for name in ("pagerduty", "token"):
            (self.folder / name).write_text(TOKEN)
        addresses = Addresses(
            chats=(ALICE,),
            token=Secret("token", TOKEN),
            pagerduty=Secret(str(self.folder / "pagerduty")),
            telegram_api=self.chat,
            pagerduty_api=self.pagerduty.url,
        )
        config: Any = routes.config(read_slos(SLO_TOML), addresses, Edition.DEBIAN)
        for route in config["route"]["routes"]:
            route["group_interval"] = "1s"
            route.pop("mute_time_intervals", None)
        config["templates"] = [str(STACK / "alertmanager" / "*.tmpl")]
        (self.folder / "alertmanager.yml").write_text(yaml.text(config, "a test's"))
        self._begin("alertmanager", port, str(ALERTMANAGER), "--config.file=alertmanager.yml",
                    f"--storage.path={self.folder / 'alertmanager'}", "--cluster.listen-address=",
                    f"--web.listen-address=127.0.0.1:{port}")  # fmt: skip

    def _prometheus(self, port: int, alertmanager: int, written: tuple[Path, ...]) -> None:
        generated = self.folder / "generated"
        generated.mkdir()
        for name, text in rules.files(read_slos(SLO_TOML)).items():
            (generated / name).write_text(text)
        config = {
            "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
            "rule_files": [f"{generated}/*.rules.yml", *map(str, written)],
            "alerting": {"alertmanagers": [{"static_configs": [{"targets": [f"127.0.0.1:{alertmanager}"]}]}]},
            "scrape_configs": [{"job_name": "any", "static_configs": [{"targets": [f"127.0.0.1:{self._port}"]}]}],
        }
        (self.folder / "prometheus.yml").write_text(yaml.text(config, "a test's"))
        self._begin("prometheus", port, str(PROMETHEUS), "--config.file=prometheus.yml",
                    f"--storage.tsdb.path={self.folder / 'tsdb'}",
                    f"--web.listen-address=127.0.0.1:{port}")  # fmt: skip

    def _begin(self, name: str, port: int, *command: str) -> None:
        self._begun(Watcher(self.folder, name, list(command), port))

    def _begun(self, one: Any) -> Any:
        self._running.append(one)
        return one

    def faults(self, *rules: dict[str, object]) -> None:
        ask(f"{self.chat}/chat/faults", {"rules": list(rules)}, "PUT")

    def told(self, *parts: str) -> list[dict[str, Any]]:
        """The bot's messages to alice that hold all of these."""
        rows: Any = ask(f"{self.chat}/chat/messages?chat_id={ALICE}&after=0")
        return [row for row in rows if row["from"] == "bot" and all(part in row["text"] for part in parts)]

    def hears(self, *parts: str, within_s: float) -> dict[str, Any]:
        """Alice's message that holds these, once it is there."""
        return until(lambda: self.told(*parts), within_s, f"{parts} in the chat")[0]

    def query(self, promql: str) -> list[Any]:
        quoted = "".join(letter if letter.isalnum() else f"%{ord(letter):02X}" for letter in promql)
        found: Any = ask(f"{self.prometheus}/api/v1/query?query={quoted}")
        return found["data"]["result"]

    def raise_by_hand(self, **labels: str) -> None:
        """An alert, as Prometheus raises one."""
        body = json.dumps([{"labels": labels, "annotations": {"summary": labels["alertname"]}}]).encode()
        request = urllib.request.Request(
            f"{self.alertmanager}/api/v2/alerts", body, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=ANSWER_S) as answer:
            assert answer.status == 200

    def plan(self, user: int, count: int) -> None:
        """So many reminders of somebody, in 20 minutes."""
        for number in range(count):
            self.say(user, f"tea {number} in 20 minutes", f"✅ tea {number}")

    def say(self, user: int, text: str, *expected: str) -> None:
        say(self.chat, text, *expected, user=user)

    def bring_due(self, ago_ms: int) -> int:
        """While the bot is not there: all that is planned was due so long ago. Gives when, UTC ms."""
        due_at = time.time_ns() // 1_000_000 - ago_ms
        with closing(sqlite3.connect(self.folder / "planner.db", isolation_level=None)) as db:
            changed = db.execute(
                "UPDATE reminders SET due_at = ?1, ready_at = ?1 WHERE state = 'pending'", (due_at,)
            ).rowcount
        assert changed
        return due_at

    def break_the_promise(self, **environ: str) -> float:
        """Three of bob's reminders are not sent in time. Gives when they have become late, UTC seconds."""
        self.start_watchers()
        bot = self.start_bot(**environ)
        self.say(ALICE, "/start", "Hello")
        self.say(BOB, "/start", "Hello")
        self.plan(BOB, 3)
        self.watched()
        assert bot.stop() == 0
        self.faults(NOT_TO_BOB)
        due_at = self.bring_due(ON_TIME - 3 * SECOND)
        self.start_bot(**environ)
        return (due_at + ON_TIME) / 1_000

    def close(self) -> None:
        for one in reversed(self._running):
            one.kill()


def _is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/-/ready", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


@contextmanager
def a_watched_site(folder: Path) -> Iterator[Site]:
    site = Site(folder)
    try:
        yield site
    finally:
        site.close()
