"""A ``docker`` on the PATH that answers as Docker 28 and Compose 2.39 do, and the stack's tool run against it."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from tools.stack import command
from tools.stack.waiting import Clock

STACK = Path(__file__).parents[2] / "stack"
GB = 1_000_000_000
UNITS = {"m": 1 << 20, "g": 1 << 30}
TOKEN = "4242:alices-own-token"
PARTS = ("owners", "collector", "prometheus", "alertmanager", "loki", "tempo", "grafana")
SCRIPT = """#!/bin/sh
# What it was asked is noted; what it says is in files that a test has written.
cd "{folder}" || exit 99
echo "$*" >> calls
case "$*" in
  info*) key=info ;;
  "compose version"*) key=version ;;
  "context inspect"*) key=context ;;
  "ps "*) key=everywhere ;;
  "logs "*) key=logs ;;
  "volume ls"*=planner\\ *) key=volumes ;;
  "volume ls"*) key=demo-volumes ;;
  "volume rm"*) key=rm ;;
  *" config "*) key=config ;;
  *" up "*) key=up ;;
  *" ps "*) key=ps ;;
  *" logs "*) key=logs ;;
  *" restart "*) key=restart ;;
  *" down "*) key=down ;;
  *) echo "docker: unknown command: docker $1" >&2; exit 1 ;;
esac
[ -f "$key.out" ] && /bin/cat "$key.out"
[ -f "$key.err" ] && /bin/cat "$key.err" >&2
[ -f "$key.code" ] && exit "$(/bin/cat "$key.code")"
exit 0
"""


class Docker:
    """What it says to each question, and what it was asked."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "docker's"
        self._folder.mkdir()
        self.bin = folder / "bin"
        self.bin.mkdir()
        (self.bin / "docker").write_text(SCRIPT.format(folder=self._folder))
        (self.bin / "docker").chmod(0o755)
        self.info = {"MemTotal": 16 * GB, "DockerRootDir": str(folder)}
        self.says("info", json.dumps(self.info))
        self.says("version", "2.39.1\n")
        self.says("context", "unix:///var/run/docker.sock\n")

    def says(self, key: str, out: str = "", err: str = "", code: int = 0) -> None:
        for name, text in (("out", out), ("err", err), ("code", str(code))):
            (self._folder / f"{key}.{name}").write_text(text)

    @property
    def calls(self) -> list[str]:
        path = self._folder / "calls"
        return path.read_text().splitlines() if path.exists() else []

    def asked(self, word: str) -> list[str]:
        return [call for call in self.calls if word in call.split()]

    def reads(self, run: Path, *profiles: str) -> dict[str, Any]:
        """``compose.yaml`` as ``docker compose config --format json`` would give it."""
        config = compose_file(run, profiles)
        self.says("config", json.dumps(config))
        return config

    def has(self, *rows: Mapping[str, object]) -> None:
        """The project's containers, an object a line."""
        self.says("ps", "".join(json.dumps(row) + "\n" for row in rows))

    def runs(self, *rows: Mapping[str, object]) -> None:
        """All containers that run on the machine."""
        self.says("everywhere", "".join(json.dumps(row) + "\n" for row in rows))


def compose_file(run: Path, profiles: tuple[str, ...] = ()) -> dict[str, Any]:
    """The services of these profiles, with sizes in bytes and mounts spelled out."""
    text = (STACK / "compose.yaml").read_text().replace("${STACK_RUN:-./run}", str(run))
    found: dict[str, Any] = yaml.safe_load(re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text))
    services = {}
    for name, service in found["services"].items():
        if set(service.get("profiles", profiles)) <= set(profiles):
            size = service["mem_limit"]
            mounts = [_mount(one) for one in service.get("volumes", [])]
            services[name] = {**service, "mem_limit": str(int(size[:-1]) * UNITS[size[-1]]), "volumes": mounts}
    return {"name": found["name"], "services": services}


def _mount(text: str) -> dict[str, object]:
    source, target = text.split(":")[:2]
    if not source.startswith((".", "/")):
        return {"type": "volume", "source": source, "target": target}
    return {"type": "bind", "source": str((STACK / source).resolve()), "target": target}


def container(service: str, state: str = "running", health: str = "healthy", code: int = 0) -> dict[str, object]:
    """A row of ``docker compose ps --all --format json``."""
    return {"Name": f"planner-{service}-1", "Service": service, "Project": "planner", "State": state, "Health": health,
            "ExitCode": code, "Status": "Up 2 minutes", "Publishers": []}  # fmt: skip


def neighbour(name: str, ports: str, project: str = "") -> dict[str, object]:
    """A row of ``docker ps --format json``."""
    labels = f"com.docker.compose.project={project},com.docker.compose.service={name}" if project else "maintainer=bob"
    return {"Names": name, "Ports": ports, "State": "running", "Labels": labels, "Status": "Up 2 minutes"}


def well(*other: dict[str, object]) -> list[dict[str, object]]:
    """All parts as they should be, but for these."""
    usual = {name: container(name) for name in PARTS}
    usual["owners"] = container("owners", "exited", "")
    usual["collector"] = container("collector", health="")
    return list({**usual, **{str(row["Service"]): row for row in other}}.values())


@dataclass
class Site:
    """One machine: its Docker, its folder, its clock, and what happens as time goes by."""

    docker: Docker
    run: Path
    capture: pytest.CaptureFixture[str]
    now: float = 0.0
    then: list[Callable[[], None]] = field(default_factory=list)

    def make(self, *arguments: str) -> tuple[int, str]:
        """The tool's exit code, and all that was printed."""
        code = command.main(arguments, Clock(lambda: self.now, self._sleep))
        said = self.capture.readouterr()
        return code, said.out + said.err

    def _sleep(self, seconds: float) -> None:
        self.now += seconds
        if self.then:
            self.then.pop(0)()

    def refused(self, *arguments: str) -> str:
        """Why nothing was begun: and nothing was."""
        code, said = self.make(*(arguments or ("up",)))
        assert code == 1
        assert "nothing was changed" in said
        assert not self.run.exists()
        assert not self.docker.asked("up")
        return " ".join(said.split())


def alices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", TOKEN)
    monkeypatch.setenv("PLANNER_ADMINS", "1")


@contextmanager
def page(status: Callable[[str, str], int]) -> Iterator[int]:
    """A server that answers with what ``status`` gives for a path and an ``Authorization``; gives its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status(self.path, self.headers.get("Authorization", "")))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
