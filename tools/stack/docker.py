"""Docker's client, and its compose plugin, as they are run and read here."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.stack.settings import ROOT, STACK, Settings, as_environment

FILE = STACK / "compose.yaml"
PROJECT, DEMO = "planner", "planner-demo"
"""The first is ``compose.yaml``'s own name. The demo is another, so that its figures are never among the real ones."""
BOT_PROFILE, DEMO_PROFILE = "bot", "demo"
COMPOSE = {"COMPOSE_PROJECT_NAME": PROJECT, "COMPOSE_PROFILES": "", "COMPOSE_DISABLE_ENV_FILE": "1"}
"""So that nothing that somebody has set for other projects holds for this one."""
ASK_S = 60.0
"""Within which a question is answered; one to a daemon that hangs is not."""
SILENT = 124
"""What ``timeout`` exits with, too."""


@dataclass(frozen=True, slots=True)
class Answer:
    code: int
    out: str
    err: str

    @property
    def ok(self) -> bool:
        return self.code == 0


@dataclass(frozen=True, slots=True)
class Container:
    """One of a project's. ``health`` is "" where it has no check; ``code`` is what it exited with."""

    name: str
    service: str
    state: str
    health: str
    code: int
    project: str = ""
    ports: frozenset[int] = frozenset()
    """Those of this machine that lead to it."""


@dataclass(frozen=True, slots=True)
class Docker:
    """The client at ``program``, in this environment."""

    program: str
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)

    def ask(self, *arguments: str) -> Answer:
        """Run it, and read what it says."""
        try:
            done = subprocess.run([self.program, *arguments], env=self._environment(), cwd=ROOT, text=True, check=False,
                                  stdin=subprocess.DEVNULL, capture_output=True, timeout=ASK_S)  # fmt: skip
        except subprocess.TimeoutExpired:
            return Answer(SILENT, "", f"no answer within {ASK_S:.0f} s")
        return Answer(done.returncode, done.stdout, done.stderr)

    def show(self, *arguments: str) -> int:
        """Run it on this terminal, for as long as it takes."""
        return subprocess.run([self.program, *arguments], env=self._environment(), cwd=ROOT, check=False).returncode

    def _environment(self) -> dict[str, str]:
        return {**os.environ, **COMPOSE, **self.environment}

    def everywhere(self) -> list[Container]:
        """All that run, whosever they are; none where that cannot be known."""
        answer = self.ask("ps", "--no-trunc", "--format", "{{json .}}")
        return [_running(row) for row in _rows(answer.out)] if answer.ok else []


@dataclass(frozen=True, slots=True)
class Compose:
    """The stack as one project, with some profiles."""

    docker: Docker
    project: str = PROJECT
    profiles: Sequence[str] = ()

    @property
    def options(self) -> list[str]:
        named = [] if self.project == PROJECT else ["--project-name", self.project]
        profiles = [word for profile in self.profiles for word in ("--profile", profile)]
        return ["compose", "-f", str(_near(FILE)), *named, *profiles]

    def spelled(self, *arguments: str) -> str:
        """As a person would type it, from the repository's folder."""
        return " ".join(["docker", *self.options, *arguments])

    def ask(self, *arguments: str) -> Answer:
        return self.docker.ask(*self.options, *arguments)

    def show(self, *arguments: str) -> int:
        return self.docker.show(*self.options, *arguments)

    def containers(self) -> list[Container]:
        """Its own, stopped ones, too; none where that cannot be known."""
        answer = self.ask("ps", "--all", "--format", "json")
        return [_container(row) for row in _rows(answer.out)] if answer.ok else []

    def config(self) -> dict[str, Any] | None:
        """``compose.yaml`` as Docker reads it, of these profiles only; ``None``: it cannot."""
        answer = self.ask("config", "--format", "json")
        return json.loads(answer.out) if answer.ok else None


def ends(service: Mapping[str, Any]) -> bool:
    """Whether it does what it has to and is over; ``service`` as ``Compose.config`` has it."""
    return service.get("restart") == "no"


def client(settings: Settings, program: str) -> Docker:
    return Docker(program, as_environment(settings))


def _near(path: Path) -> Path:
    return path.relative_to(ROOT)


def _rows(text: str) -> Iterator[dict[str, Any]]:
    """A list, as compose wrote before 2.21, or an object a line."""
    if text.lstrip().startswith("["):
        yield from json.loads(text)
    else:
        yield from (json.loads(line) for line in text.splitlines() if line.strip())


def _container(row: Mapping[str, Any]) -> Container:
    return Container(row["Name"], row["Service"], row["State"], row.get("Health") or "", int(row.get("ExitCode") or 0))


def _running(row: Mapping[str, Any]) -> Container:
    labels = dict(part.partition("=")[::2] for part in row.get("Labels", "").split(","))
    return Container(
        row["Names"], labels.get("com.docker.compose.service", ""), row.get("State", ""), "", 0,
        labels.get("com.docker.compose.project", ""), frozenset(_published(row.get("Ports", ""))),
    )  # fmt: skip


def _published(ports: str) -> Iterator[int]:
    """Of ``127.0.0.1:3000->3000/tcp, [::]:9000-9001->9000-9001/tcp, 80/tcp``."""
    for part in ports.split(", "):
        outside, arrow, _ = part.partition("->")
        first, _, last = outside.rpartition(":")[2].partition("-")
        if arrow:
            yield from range(int(first), int(last or first) + 1)
