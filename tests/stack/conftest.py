"""What several files ask for: a machine with a made-up Docker, and the filled day.

The day is played once for all tests that ask for it. They all live in one file, ``test_every_panel_is_filled.py``: with
``--dist loadfile`` another file may run in another process, which would play a day of its own.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest

from planner import dashboards
from tests.e2e.watchers import ALERTMANAGER, PROMETHEUS
from tests.stack.docking import Docker, Site, page, well
from tests.stack.filled import Filled, a_filled_site
from tools.stack import listeners
from tools.stack.settings import PORTS

NOT_MINE = f"Basic {b64encode(b'admin:not-mine').decode()}"


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    """A Prometheus that a day of the demo has filled."""
    if PROMETHEUS is None or ALERTMANAGER is None:
        pytest.skip("prometheus and prometheus-alertmanager are not both installed")
    with a_filled_site(tmp_path_factory.mktemp("filled")) as site:
        yield site


@pytest.fixture(scope="module")
def answering() -> Iterator[dict[str, int]]:
    """Pages of the collector and of Grafana, which lets alice in with any password but one."""
    with (
        page(lambda *_: 404) as collector,
        page(lambda _, word: 401 if word == NOT_MINE else 200) as grafana,
    ):
        yield {"STACK_OTLP_HTTP_PORT": collector, "STACK_GRAFANA_PORT": grafana}


@pytest.fixture
def site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], answering: dict[str, int]
) -> Site:
    docker, run = Docker(tmp_path), tmp_path / "run"
    for name in [*PORTS.values()]:
        monkeypatch.delenv(name.name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(docker.bin))
    monkeypatch.setenv("STACK_RUN", str(run))
    for variable, port in answering.items():
        monkeypatch.setenv(variable, str(port))
    monkeypatch.setattr(listeners, "taken", lambda _: False)
    # What is drawn is other tests' to look at, and it is much.
    monkeypatch.setattr(dashboards, "files", lambda _: {"dashboards/promises.json": "{}"})
    docker.reads(run)
    docker.has(*well())
    return Site(docker, run, capfd)
