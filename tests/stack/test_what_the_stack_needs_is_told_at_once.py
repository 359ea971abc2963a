"""``make stack`` against a made-up Docker: all that it lacks is told before anything is written or pulled."""

from __future__ import annotations

import json
import socket
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

import pytest

from tests.stack import docking
from tests.stack.docking import GB, Site, neighbour
from tools.stack import changes, listeners, needs
from tools.stack.docker import ends
from tools.stack.settings import as_environment, read_settings

COMPOSE = Path(sysconfig.get_path("scripts")) / "docker-compose"
NO_DAEMON = "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?"
DENIED = (
    "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get"
    ' "http://%2Fvar%2Frun%2Fdocker.sock/v1.50/info": dial unix /var/run/docker.sock: connect: permission denied'
)


@pytest.mark.skipif(not COMPOSE.is_file(), reason="docker-compose is installed on Linux on x86_64 only")
@pytest.mark.parametrize("profiles", [(), ("bot",), ("demo",)])
def test_the_made_up_docker_reads_the_file_as_the_real_one_does(profiles: tuple[str, ...], tmp_path: Path) -> None:
    settings = read_settings({"STACK_RUN": str(tmp_path / "run")}, None)
    options = [word for profile in profiles for word in ("--profile", profile)]
    done = subprocess.run(
        [COMPOSE, "-f", docking.STACK / "compose.yaml", *options, "config", "--format", "json"],
        env=as_environment(settings), capture_output=True, text=True, check=True,
    )  # fmt: skip
    real, ours = json.loads(done.stdout), docking.compose_file(settings.run, profiles)
    assert (real["name"], set(real["services"])) == (ours["name"], set(ours["services"]))
    for name, service in real["services"].items():
        made_up = ours["services"][name]
        assert service["mem_limit"] == made_up["mem_limit"]
        assert ends(service) == ends(made_up)
    assert changes.digests(real) == changes.digests(ours)


def test_all_is_asked_before_anything_is_written_then_it_is_started_and_waited_for(site: Site) -> None:
    code, said = site.make("up")
    assert code == 0, said
    verbs = [next(word for word in call.split() if word in {"info", "version", "ps", "inspect", "config", "up"})
             for call in site.docker.calls]  # fmt: skip
    assert verbs == ["ps", "info", "version", "ps", "inspect", "config", "config", "info", "config", "up", "ps"]
    assert site.docker.asked("up") == ["compose -f stack/compose.yaml up --detach"]


def test_without_docker_it_says_where_to_get_it_and_how_to_go_without(
    site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    said = site.refused()
    assert "Docker is not installed" in said
    assert needs.INSTALL in said
    assert "make stack-native" in said


def test_a_docker_that_is_not_running_is_to_be_started(site: Site) -> None:
    site.docker.says("info", '{"MemTotal":0,"DockerRootDir":""}', NO_DAEMON, 1)
    said = site.refused()
    assert f"Docker does not answer: {NO_DAEMON}" in said
    assert "sudo systemctl start docker" in said
    assert "memory" not in said
    assert not site.docker.asked("config")


def test_a_docker_that_one_may_not_use_is_told_apart_from_one_that_is_not_running(site: Site) -> None:
    site.docker.says("info", '{"MemTotal":0,"DockerRootDir":""}', DENIED, 1)
    said = site.refused()
    assert "you may not talk to it" in said
    assert "usermod -aG docker" in said
    assert "systemctl start" not in said


def test_without_the_compose_plugin_the_package_is_named(site: Site) -> None:
    site.docker.says("version", "", "unknown flag: --short", 125)
    said = site.refused()
    assert "no compose plugin" in said
    assert "docker-compose-plugin (2.24.0 or newer)" in said
    assert not site.docker.asked("config")


@pytest.mark.parametrize("version", ["2.23.3\n", "v2.9.0", "1.29.2"])
def test_an_older_compose_is_refused_with_the_reason(site: Site, version: str) -> None:
    site.docker.says("version", version)
    said = site.refused()
    assert f"Docker Compose is {version.strip().removeprefix('v')}, and must be 2.24.0 or newer" in said
    assert "env_file" in said


@pytest.mark.parametrize("version", ["2.24.0", "v2.39.1-desktop.1", "5.0.0"])
def test_a_new_enough_compose_will_do(site: Site, version: str) -> None:
    site.docker.says("version", version)
    assert site.make("up")[0] == 0


def test_the_oldest_compose_that_will_do_is_the_one_that_knows_what_the_file_asks() -> None:
    services = docking.compose_file(Path("/run"), ("bot", "demo"))["services"].values()
    assert any(one.get("required") is False for service in services for one in service.get("env_file", []))
    assert needs.COMPOSE_MIN == (2, 24, 0)


def test_a_taken_port_is_named_with_who_has_it_and_what_moves_it(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listeners, "taken", {3100, 9090}.__contains__)
    monkeypatch.setattr(listeners, "holder", {9090: "prometheus (process 42)"}.get)
    site.docker.runs(neighbour("bobs-loki", "127.0.0.1:3100->3100/tcp, :::3100->3100/tcp"))
    said = site.refused()
    assert "2 things stand in the way" in said
    assert "Port 3100 is taken by the container bobs-loki; it is the port of Loki." in said
    assert "STACK_LOKI_PORT=13100 in .env" in said
    assert "Port 9090 is taken by prometheus (process 42); it is the port of Prometheus." in said
    assert "STACK_PROMETHEUS_PORT=19090 in .env" in said


def test_a_port_that_another_user_has_is_said_to_be_taken_all_the_same(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listeners, "taken", {9093, 19093}.__contains__)
    monkeypatch.setattr(listeners, "holder", lambda _: "")
    said = site.refused()
    assert "Port 9093 is taken by a program that is not yours to see (`sudo ss -ltnp` shows it)" in said
    assert "STACK_ALERTMANAGER_PORT=19094" in said, "one that is free"


def test_the_stacks_own_containers_and_the_demos_chat_are_in_nobodys_way(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listeners, "taken", {9090, 8085}.__contains__)
    site.docker.runs(neighbour("planner-prometheus-1", "127.0.0.1:9090->9090/tcp", "planner"))
    assert site.make("up")[0] == 0


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="only Linux says who listens")
def test_a_port_is_taken_by_whoever_listens_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert listeners.taken(port)
        assert listeners.holder(port).endswith(")")
        assert "(process " in listeners.holder(port)
        with socket.create_connection(("127.0.0.1", port)), server.accept()[0]:
            server.close()
            assert listeners.holder(port) == "", "who has been answered there does not listen there"
    assert not listeners.taken(port)


@pytest.mark.parametrize(
    ("first", "running", "what"),
    [("up", "planner-demo", "The demo's stack runs"), ("demo", "planner", "The stack runs")],
)
def test_the_demo_and_the_stack_are_not_there_at_once(
    site: Site, monkeypatch: pytest.MonkeyPatch, first: str, running: str, what: str
) -> None:
    monkeypatch.setattr(listeners, "taken", lambda _: True)
    site.docker.reads(site.run, "demo")
    site.docker.runs(neighbour("x", "127.0.0.1:3000->3000/tcp", running))
    said = site.refused(first)
    assert f"{what}, and has the ports." in said
    assert "make stack-down" in said
    assert "Port " not in said, "one reason, and not seven"


def test_too_little_memory_to_run_in_is_refused(site: Site) -> None:
    site.docker.says("info", json.dumps({**site.docker.info, "MemTotal": needs.MEMORY_LEAST - 1}))
    said = site.refused()
    assert f"Docker has 1499 MB, and needs {needs.MEMORY_LEAST // 1_000_000} MB" in said
    assert "make stack-native" in said


def test_less_memory_than_the_limits_together_is_told_and_it_starts(site: Site) -> None:
    services = site.docker.reads(site.run)["services"]
    limits = sum(int(one["mem_limit"]) for name, one in services.items() if name != "owners")
    assert limits > needs.MEMORY_LEAST
    told = f"the containers may use {limits // 1_000_000} MB"
    for there, tight in ((needs.MEMORY_LEAST, True), (limits - 1, True), (limits, False)):
        site.docker.says("info", json.dumps({**site.docker.info, "MemTotal": there}))
        code, said = site.make("up")[:2]
        assert code == 0
        assert (told in " ".join(said.split())) is tight


def test_too_little_space_is_told_where_docker_keeps_what_it_has(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needs.shutil, "disk_usage", lambda _: _usage(needs.DISK_FIRST - 1))
    said = site.refused()
    assert "6.0 GB are free at" in said
    assert "6 GB are needed" in said
    assert "docker system df" in said
    site.docker.runs(neighbour("planner-loki-1", "", "planner"))
    assert site.make("up")[0] == 0, "the images are there"


def _usage(free: int) -> Any:
    return type("usage", (), {"free": free})()


def test_space_that_is_not_this_machines_is_not_guessed_at(site: Site) -> None:
    site.docker.says("info", json.dumps({"MemTotal": 16 * GB, "DockerRootDir": "/nowhere/in/desktop"}))
    assert site.make("up")[0] == 0


def test_a_docker_on_another_machine_is_refused(site: Site) -> None:
    site.docker.says("context", "ssh://alice@example.org\n")
    assert "Docker runs on another machine" in site.refused()


def test_a_compose_file_that_cannot_be_read_is_not_begun_with(site: Site) -> None:
    site.docker.says("config", "", "yaml: line 3: mapping values are not allowed in this context", 15)
    said = site.refused()
    assert "cannot read stack/compose.yaml" in said
    assert "docker compose -f stack/compose.yaml config --quiet" in said


def test_a_folder_that_is_roots_is_named(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.run.mkdir()
    (site.run / "rules").mkdir()
    mine = needs.os.access
    monkeypatch.setattr(needs.os, "access", lambda path, how: Path(path).name != "rules" and mine(path, how))
    code, said = site.make("up")
    assert code == 1
    assert f"Nothing can be written to {site.run / 'rules'}" in " ".join(said.split())
    assert "sudo chown -R" in said
    assert not site.docker.asked("up")


def test_a_bot_without_a_token_is_not_started(site: Site) -> None:
    said = site.refused("up", "--bot")
    assert "it has no token" in said
    assert "make stack-demo" in said


def test_everything_that_stands_in_the_way_is_told_at_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listeners, "taken", {3100}.__contains__)
    monkeypatch.setattr(listeners, "holder", lambda _: "")
    site.docker.says("info", "{}", NO_DAEMON, 1)
    site.docker.says("version", "2.20.0")
    said = site.refused("up", "--bot")
    assert "4 things stand in the way" in said
    for number, what in enumerate(("it has no token", "Docker does not answer", "2.20.0", "Port 3100"), start=1):
        assert said.index(f" {number}. ") < said.index(what)
    assert said.count("→") == 4


def test_a_wrong_setting_takes_a_line_and_nothing_is_begun(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STACK_KEEP_DAYS", "a month")
    code, said = site.make("up")
    assert code == 2
    assert said == "STACK_KEEP_DAYS: 'a month' is no whole number between 30 and 3650; an example: STACK_KEEP_DAYS=90\n"
    assert not site.docker.calls
