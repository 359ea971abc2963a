"""What ``make stack-native`` runs: Debian's two programs, what they are given to read, and how they are called."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.stack import owners, render
from tools.stack.listeners import LOOPBACK
from tools.stack.render import Place, Rendering
from tools.stack.settings import STACK, Settings

CONFIG = "prometheus/prometheus.yml"


@dataclass(frozen=True, slots=True)
class Part:
    """One that runs. ``port`` is its setting's name in ``Ports``; ``package``: Debian's, and its service's, too."""

    name: str
    programs: tuple[str, ...]
    package: str
    port: str


PROMETHEUS = Part("Prometheus", ("prometheus",), "prometheus", "prometheus")
ALERTMANAGER = Part(
    "Alertmanager", ("prometheus-alertmanager", "alertmanager"), "prometheus-alertmanager", "alertmanager"
)
PARTS = (ALERTMANAGER, PROMETHEUS)
"""In the order in which they begin; they end the other way round."""


def port(part: Part, settings: Settings) -> int:
    return int(getattr(settings.ports, part.port))


def url(part: Part, settings: Settings) -> str:
    return f"http://{LOOPBACK}:{port(part, settings)}"


def rendered(settings: Settings, place: Place) -> Rendering:
    """As the stack's, with Prometheus' own configuration and the written rules."""
    agreed = render.linked(render.promised(settings), settings, place)
    at = render.addresses(settings, place, owners.beside(settings))
    given = render.rendered(agreed, at, place) | dict(_configured(settings))
    return Rendering(agreed, at, "", tuple(render.write(place.folder, given)))


def _configured(settings: Settings) -> Iterator[tuple[str, str]]:
    """Each file by its path below the place's folder."""
    for path in (STACK / "prometheus").glob("*.rules.yml"):
        yield f"prometheus/{path.name}", path.read_text()
    places = {
        "../generated/": "../rules/",
        "127.0.0.1:8085": owners.reached(settings.bot.http),
        "127.0.0.1:9090": f"{LOOPBACK}:{settings.ports.prometheus}",
        "127.0.0.1:9093": f"{LOOPBACK}:{settings.ports.alertmanager}",
    }
    usual = re.compile("|".join(map(re.escape, places)))
    yield CONFIG, usual.sub(lambda found: places[found[0]], (STACK / "prometheus" / "native.yml").read_text())


def command(part: Part, program: str, settings: Settings, folder: Path) -> list[str]:
    data = folder / "data" / part.port
    data.mkdir(parents=True, exist_ok=True)
    common = [f"--web.listen-address={LOOPBACK}:{port(part, settings)}",
              f"--web.external-url={url(part, settings)}/", "--log.level=warn"]  # fmt: skip
    if part is ALERTMANAGER:
        return [program, f"--config.file={folder / render.CONFIG}", f"--storage.path={data}",
                "--cluster.listen-address=", *common]  # fmt: skip
    return [program, f"--config.file={folder / CONFIG}", f"--storage.tsdb.path={data}",
            f"--storage.tsdb.retention.time={settings.keep_days}d", *common]  # fmt: skip
