"""``compose.yaml`` by Docker Compose itself, with every profile: no engine is needed to read one.

Compose knows its own schema and refuses what is not of it; what it would take and we would not is looked at after it,
in what it made of the file.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tools.stackcheck import grafana_settings, reading
from tools.stackcheck.found import STACK, Found, tool

FILE = STACK / "compose.yaml"
DOCKERFILE = STACK.parent / "Dockerfile"
OURS = "planner:stack"
"""Built from the Dockerfile here."""
LEFT = ("grafana/promtail", "grafana/agent", "prom/pushgateway", "jaegertracing/all-in-one")
"""Images of what the field has left."""
_UNITS = {"KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
_IMAGE = re.compile(r"(?P<name>[\w./-]+(?::\d+/[\w./-]+)?):(?P<tag>[\w.-]+)(?:@sha256:[0-9a-f]{64})?")


def check(path: Path = FILE) -> Found:
    looked = f"{reading.name(path)}, by Docker Compose's config"
    if not path.is_file():
        return Found(looked, [f"{reading.name(path)} is not there"])
    try:
        reading.read(path)
    except yaml.YAMLError as error:
        return Found(looked, [f"{reading.name(path)}: {error}"])
    program = _program()
    if program is None:
        return Found(looked, absent="docker-compose (make .venv has it; or Docker's plugin)")
    return Found(f"{looked} ({_version(program)}), images, ports, rights", list(_faults(program, path)))


def _program() -> list[str] | None:
    installed = Path(sysconfig.get_path("scripts")) / "docker-compose"
    if installed.is_file():
        return [str(installed)]
    docker = tool("docker")
    if docker and subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode == 0:
        return [docker, "compose"]
    return None


def _version(program: list[str]) -> str:
    return subprocess.run([*program, "version", "--short"], capture_output=True, text=True, check=True).stdout.strip()


def _faults(program: list[str], path: Path) -> Iterator[str]:
    """Without anything that is set here: each variable has to have a default."""
    bare = {"PATH": os.environ.get("PATH", ""), "HOME": os.environ.get("HOME", "/")}
    ran = subprocess.run(
        [*program, "--file", str(path), "--env-file", os.devnull, "--profile", "*", "config", "--format", "json"],
        env=bare, capture_output=True, text=True, check=False,
    )  # fmt: skip
    yield from (line for line in ran.stderr.splitlines() if line.strip())
    if ran.returncode == 0:
        made = json.loads(ran.stdout)
        for name, service in made["services"].items():
            yield from (f"{name} {fault}" for fault in _of_a_service(service))
        yield from _unused(made, reading.read(path))


def _of_a_service(service: Any) -> Iterator[str]:
    yield from _of_an_image(service.get("image", ""))
    if service.get("image") != OURS and "build" in service:
        yield "is built here and called otherwise"
    for port in service.get("ports", ()):
        if port.get("host_ip") != "127.0.0.1":
            yield f"listens beyond this machine: {port}"
    if service.get("privileged") or service.get("network_mode") == "host":
        yield "has the rights, or the network, of the machine itself"
    for mount in service.get("volumes", ()):
        if mount["type"] == "bind" and not mount.get("read_only"):
            yield f"may write to a folder of this machine: {mount['source']}"
    for key in ("restart", "mem_limit", "logging"):
        if key not in service:
            yield f"says nothing of {key}"
    for name, value in (service.get("environment") or {}).items():
        if re.search(r"(PASSWORD|TOKEN|SECRET)$", name) and value and value != "1:demo":
            yield f"has a secret in its environment: {name}"
        if name.startswith(grafana_settings.PREFIX) and not grafana_settings.known(name):
            yield f"sets what Grafana does not know: {name}"
    yield from _of_its_memory(service)


def _of_an_image(image: str) -> Iterator[str]:
    named = _IMAGE.fullmatch(image)
    if named is None or named["tag"] == "latest":
        yield f"has no image of one version: {image}"
    elif named["name"].startswith(LEFT):
        yield f"is of what the field has left: {named['name']}"


def _of_its_memory(service: Any) -> Iterator[str]:
    """Go begins to tidy up at its own limit; at the container's the kernel ends the process."""
    text = (service.get("environment") or {}).get("GOMEMLIMIT")
    if text is None:
        return
    own = re.fullmatch(r"(\d+)(KiB|MiB|GiB)", text)
    if own is None:
        yield f"has a GOMEMLIMIT that Go does not read, or without a unit: {text}"
    elif int(own[1]) * _UNITS[own[2]] >= int(service.get("mem_limit") or 0):
        yield f"has a GOMEMLIMIT that is not below its mem_limit: {text}"


def dockerfile(path: Path = DOCKERFILE) -> Found:
    """Every image that it begins with, or copies from."""
    looked = f"{reading.name(path)}: its images are of one version"
    if not path.is_file():
        return Found(looked, [f"{reading.name(path)} is not there"])
    text = path.read_text()
    stages = re.findall(r"(?mi)^FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?", text)
    own = {name for _, name in stages}
    images = dict.fromkeys([*(image for image, _ in stages), *re.findall(r"--from=(\S+)", text)])
    faults = [fault for image in images if image not in own for fault in _of_an_image(image)]
    return Found(looked, [f"{reading.name(path)} {fault}" for fault in faults or ([] if stages else ["has no image"])])


def _unused(made: Any, written: Any) -> Iterator[str]:
    """Compose leaves them out by itself."""
    used = {mount["source"] for service in made["services"].values()
            for mount in service.get("volumes", ()) if mount["type"] == "volume"}  # fmt: skip
    yield from (f"the volume {name} is used by nothing" for name in sorted(set(written.get("volumes", {})) - used))
