"""The planner stays light: four dependencies, and only what runs the bot pays for them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import tomllib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path

import pytest

import planner as package
import tests
from tests.e2e.test_real_processes import Process

ROOT = Path(tests.__file__).parents[1]
HEAVY = {"aiogram", "aiohttp", "pydantic", "opentelemetry", "icalendar", "requests", "google.protobuf"}


def python(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_planner_needs_these_four_and_no_more() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert [re.split(r"[<>=]", one)[0] for one in project["dependencies"]] == [
        "aiogram",
        "tzdata",
        "opentelemetry-sdk",
        "opentelemetry-exporter-otlp-proto-http",
    ]


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_locks_pin_by_hash_and_name_no_index(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert not re.search(r"^\s*-", re.sub(r"\s+--hash=sha256:[0-9a-f]{64}", "", text), re.MULTILINE)
    for requirement in re.sub(r"\\\n", " ", text).splitlines():
        if requirement and not requirement.lstrip().startswith("#"):
            assert re.match(r"\S+==\S+ .*--hash=sha256:", requirement), requirement


def test_help_imports_nothing_heavy() -> None:
    done = python("-X", "importtime", "planner.py", "--help")
    assert done.returncode == 0, done.stderr
    names = imported(done.stderr)
    assert "planner.cli" in names
    assert names & HEAVY == set()


def imported(said: str) -> set[str]:
    """What ``-X importtime`` has told of."""
    return {line.rpartition("|")[2].strip() for line in said.splitlines() if "import time:" in line}


def test_a_bot_that_runs_has_none_of_what_only_the_stack_is_made_of(tmp_path: Path) -> None:
    bot = Process(tmp_path, "bot", "run", PYTHONPROFILEIMPORTTIME="1")
    try:
        bot.logged('"planner.ready"')
        assert bot.stop() == 0
    finally:
        bot.kill()
    names = imported(bot.err)
    assert "planner.app" in names
    assert not [name for name in names if name.startswith(("planner.dashboards", "planner.slo.generate"))]


def test_a_checkout_without_the_dependencies_says_what_to_type() -> None:
    done = python("-I", "-S", str(ROOT / "planner.py"))
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "make run" in done.stderr
    assert "requirements.lock" in done.stderr


def test_what_planner_py_looks_for_is_what_is_installed() -> None:
    names = re.search(r"^NEEDED = \((.*)\)$", (ROOT / "planner.py").read_text(), re.MULTILINE)
    assert names is not None
    assert all(find_spec(name.strip(' "')) is not None for name in names[1].split(","))


@pytest.mark.parametrize("version", [(3, 10), (3, 8)])
def test_an_older_python_is_told_apart(version: tuple[int, int]) -> None:
    done = python("-c", f"import sys; sys.version_info = {version}; sys.path.insert(0, '.');"
                  "import importlib.util as u; s = u.spec_from_file_location('start', 'planner.py');"
                  "m = u.module_from_spec(s); s.loader.exec_module(m); sys.exit(m.main())")  # fmt: skip
    assert done.returncode == 2
    assert done.stderr == f"planner needs Python 3.11 or newer, and this is {version[0]}.{version[1]}\n"


def test_the_package_is_found_before_the_script_of_the_same_name() -> None:
    assert Path(package.__file__).name == "__init__.py"


def health_check() -> list[str]:
    """The command that the image asks after its health with."""
    line = (ROOT / "Dockerfile").read_text().partition("HEALTHCHECK")[2].partition("CMD ")[2].splitlines()[0]
    return json.loads(line)


class Health(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(self.server.status if self.path == "/livez" else 404)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.mark.parametrize(("status", "exit_code"), [(200, 0), (503, 1), (404, 1)])
def test_the_containers_health_check_asks_livez_with_nothing_but_the_standard_library(
    status: int, exit_code: int
) -> None:
    command = health_check()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Health)
    server.status = status
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        done = python("-I", "-S", *command[1:], PLANNER_HTTP=f"127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        server.server_close()
    assert done.returncode == exit_code, done.stderr


def test_the_health_check_fails_when_nobody_answers() -> None:
    command = health_check()
    assert python("-I", "-S", *command[1:], PLANNER_HTTP="127.0.0.1:9").returncode == 1
