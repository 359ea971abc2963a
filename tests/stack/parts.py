"""What Docker Compose is told, and what each part of the stack is, as the files have it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
STACK = ROOT / "stack"


def read(path: str) -> Any:
    return yaml.safe_load((STACK / path).read_text(encoding="utf-8"))


COMPOSE = read("compose.yaml")
SERVICES: dict[str, Any] = COMPOSE["services"]
COLLECTOR, LOKI, TEMPO = read("collector/collector.yaml"), read("loki/loki.yaml"), read("tempo/tempo.yaml")
PROMETHEUS, NATIVE = read("prometheus/prometheus.yml"), read("prometheus/native.yml")
SOURCES = {one["uid"]: one for one in read("grafana/provisioning/datasources/stack.yaml")["datasources"]}
PROVIDER = read("grafana/provisioning/dashboards/planner.yaml")["providers"][0]["options"]["path"]
OURS = {"bot", "chat", "demo-bot", "demo"}
"""What runs the planner's own image."""
BOTS = {"bot", "demo-bot"}
WATCHERS = {"collector", "prometheus", "alertmanager", "loki", "tempo", "grafana"}


def filled(text: str, **given: str) -> str:
    """As Compose fills in ``${NAME:-without}`` and ``${NAME:+with}``."""

    def value(found: re.Match[str]) -> str:
        name, sign, other = found.groups()
        return given.get(name) or other if sign == "-" else (other if given.get(name) else "")

    return re.sub(r"\$\{(\w+):([-+])([^}]*)\}", value, text)


def mounts(name: str) -> Iterator[tuple[str, PurePosixPath, str]]:
    """Of a service, each as where from, where to, how."""
    for volume in SERVICES[name].get("volumes", ()):
        source, target, *how = filled(volume).split(":")
        yield source, PurePosixPath(target), how[0] if how else ""


def kept(name: str) -> list[PurePosixPath]:
    """Where a service can write what outlives it."""
    return [target for source, target, _ in mounts(name) if source in COMPOSE["volumes"]]
