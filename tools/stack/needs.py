"""What the stack needs, looked for before anything is written or pulled, and told all at once."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.stack import listeners
from tools.stack.docker import BOT_PROFILE, DEMO, DEMO_PROFILE, PROJECT, Answer, Compose, Container, Docker, ends
from tools.stack.saying import Need
from tools.stack.settings import PORTS, Settings

COMPOSE_MIN = (2, 24, 0)
COMPOSE_WHY = "stack/compose.yaml reads .env only where there is one (env_file with required: false)"
"""https://docs.docker.com/reference/compose-file/services/#required."""
MB, GB = 1_000_000, 1_000_000_000
DISK_FIRST, DISK_AGAIN = 6 * GB, 1 * GB
"""Free bytes: for the images, unpacked, and what is written in the first weeks; and to go on where they are there."""
MEMORY_LEAST = 1_500 * MB
"""Bytes: what the parts use together with one planner's telemetry, reckoned at 1.3 GB, and some for the machine. The
limits in ``compose.yaml`` are ceilings, which they do not reach at once."""
INSTALL = "https://docs.docker.com/engine/install/"
NATIVELY = "Without Docker there is `make stack-native`: Prometheus and Alertmanager alone, from Debian's packages."


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be started."""

    settings: Settings
    compose: Compose

    @property
    def demo(self) -> bool:
        return DEMO_PROFILE in self.compose.profiles

    @property
    def bot(self) -> bool:
        return BOT_PROFILE in self.compose.profiles


def missing(wanted: Wanted) -> list[Need]:
    """All that stands in the way; what only Docker knows is not asked where there is none."""
    docker = wanted.compose.docker
    found = [*_folder(wanted.settings.run), *_bot(wanted)]
    if shutil.which(docker.program) is None:
        do = f"Install Docker with its compose plugin: {INSTALL}. {NATIVELY}"
        return [Need("Docker is not installed: there is no docker on the PATH.", do), *found, *_ports(wanted, [])]
    info, plugin = docker.ask("info", "--format", "{{json .}}"), docker.ask("compose", "version", "--short")
    daemon, old = [*_daemon(info)], [*_plugin(plugin)]
    running = [] if daemon else docker.everywhere()
    other = [*_other(wanted, running)]
    found += [*daemon, *old, *other, *([] if other else _ports(wanted, running))]
    if not daemon:
        known = json.loads(info.out)
        found += [*_remote(docker), *_disk(known, wanted, running), *([] if old else _memory(known, wanted.compose))]
    return found


def _folder(run: Path) -> Iterator[Need]:
    """Docker makes a folder that it mounts and does not find, as root."""
    there = next(one for one in (run, *run.parents) if one.exists())
    for one in (there, *(there.iterdir() if there == run and os.access(run, os.R_OK | os.X_OK) else ())):
        if one.is_dir() and not os.access(one, os.W_OK | os.X_OK):
            do = f"It may be root's. Make it yours: `sudo chown -R $(id -u) {one}`. Or set STACK_RUN to another folder."
            yield Need(f"Nothing can be written to {one}.", do)


def _bot(wanted: Wanted) -> Iterator[Need]:
    if wanted.bot and wanted.settings.bot.token is None:
        do = (
            "Set BOT_TOKEN in .env to what @BotFather gave you. Without the bot: `make stack`, after `make stack-down`"
            " if it was there before; or `make stack-demo`, which brings one of its own."
        )
        yield Need("The bot is to run in a container (BOT=1), and it has no token.", do)


def _daemon(info: Answer) -> Iterator[Need]:
    """``docker info`` prints JSON even where nobody answered; only then it exits 1."""
    if info.ok:
        return
    if "permission denied" in info.err.lower():
        do = (
            "Add yourself to the group docker, and log in anew: `sudo usermod -aG docker $USER`."
            " Whoever is in it can do what root can. Or use rootless Docker: https://docs.docker.com/engine/security/rootless/"
        )
        yield Need("Docker runs, but you may not talk to it (permission denied on its socket).", do)
        return
    do = f"Start it: `sudo systemctl start docker`, or open Docker Desktop. {NATIVELY}"
    yield Need(f"Docker does not answer: {_last(info.err)}", do)


def _last(text: str) -> str:
    """The line that says it."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it says nothing about why."


def _plugin(version: Answer) -> Iterator[Need]:
    least = ".".join(map(str, COMPOSE_MIN))
    do = f"Install the package docker-compose-plugin ({least} or newer): https://docs.docker.com/compose/install/linux/"
    found = re.search(r"(\d+)\.(\d+)\.(\d+)", version.out) if version.ok else None
    if found is None:
        yield Need("Docker has no compose plugin: `docker compose version` does not work.", do)
    elif tuple(map(int, found.groups())) < COMPOSE_MIN:
        yield Need(f"Docker Compose is {found[0]}, and must be {least} or newer: {COMPOSE_WHY}.", do)


def _remote(docker: Docker) -> Iterator[Need]:
    host = docker.ask("context", "inspect", "--format", "{{.Endpoints.docker.Host}}").out.strip()
    if host.startswith(("tcp:", "ssh:", "http")):
        fault = "Docker runs on another machine: its containers would not see this folder, nor answer on this loopback."
        yield Need(fault, "Run `make stack` on that machine, or choose one here: `docker context use default`.")


def _other(wanted: Wanted, running: Sequence[Container]) -> Iterator[Need]:
    """The demo and the stack have the same ports, and only one of them can be there."""
    other = PROJECT if wanted.demo else DEMO
    if any(one.project == other for one in running):
        what = "The stack runs" if wanted.demo else "The demo's stack runs"
        yield Need(f"{what}, and has the ports.", "End it first: `make stack-down`. What it has kept stays.")


def _ports(wanted: Wanted, running: Sequence[Container]) -> Iterator[Need]:
    ours = {port for one in running if one.project == wanted.compose.project for port in one.ports}
    for name, setting in PORTS.items():
        port = getattr(wanted.settings.ports, name)
        if port in ours or (name == "chat" and not wanted.demo) or not listeners.taken(port):
            continue
        yield Need(
            f"Port {port} is taken by {_holder(port, running)}; it is {setting.about}.",
            f"End that, or choose another port: {setting.name}={listeners.another(port)} in .env.",
        )


def _holder(port: int, running: Sequence[Container]) -> str:
    container = next((one.name for one in running if port in one.ports), "")
    if container:
        return f"the container {container}"
    return listeners.holder(port) or "a program that is not yours to see (`sudo ss -ltnp` shows it)"


def _memory(info: Mapping[str, Any], compose: Compose) -> Iterator[Need]:
    config = compose.config()
    if config is None:
        fault = "Docker Compose cannot read stack/compose.yaml."
        yield Need(fault, f"See what it says: `{compose.spelled('config', '--quiet')}`")
        return
    there = int(info.get("MemTotal") or 0)
    if there and there < MEMORY_LEAST:
        yield Need(
            f"There is too little memory: Docker has {there // MB} MB, and needs {MEMORY_LEAST // MB} MB.",
            f"Give Docker more (Docker Desktop: Settings, Resources), or take a bigger machine. {NATIVELY}",
        )


def tight(wanted: Wanted) -> str:
    """What is said where it starts, and may be short of memory later; empty if it will not be."""
    docker, config = wanted.compose.docker, wanted.compose.config()
    info = docker.ask("info", "--format", "{{json .}}")
    there = int(json.loads(info.out).get("MemTotal") or 0) if info.ok else 0
    limits = sum(_limit(service) for service in (config or {"services": {}})["services"].values() if not ends(service))
    if not there or limits <= there:
        return ""
    return (
        f"Docker has {there // MB} MB of memory, and the containers may use {limits // MB} MB. They seldom use half of"
        " it; if one ends again and again, give Docker more."
    )


def _limit(service: Mapping[str, Any]) -> int:
    """In bytes, wherever in a service it stands."""
    own = service.get("deploy", {}).get("resources", {}).get("limits", {}).get("memory")
    return int(service.get("mem_limit") or own or 0)


def _disk(info: Mapping[str, Any], wanted: Wanted, running: Sequence[Container]) -> Iterator[Need]:
    """Where Docker keeps images and volumes, if that is a folder of this machine and not of Docker Desktop's."""
    root = Path(info.get("DockerRootDir") or "/nowhere")
    try:
        free = shutil.disk_usage(root).free
    except OSError:
        return
    again = any(one.project == wanted.compose.project for one in running)
    least = DISK_AGAIN if again else DISK_FIRST
    if free < least:
        yield Need(
            f"There is too little space: {free / GB:.1f} GB are free at {root}, and {least / GB:.0f} GB are needed.",
            "Make room: `docker system df` shows what takes it, `docker image prune` removes images that nothing uses.",
        )
