"""``make stack`` against a made-up Docker: it says at once what is missing, and of what does not come up the end."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sysconfig
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from planner import dashboards
from tests.stack import docking
from tests.stack.docking import GB, Docker, container, neighbour, page
from tools.stack import changes, command, listeners, needs, waiting
from tools.stack.docker import ends
from tools.stack.saying import hidden
from tools.stack.settings import PORTS, as_environment, read_settings
from tools.stack.waiting import Clock

TOKEN = "4242:alices-own-token"
PARTS = ("owners", "collector", "prometheus", "alertmanager", "loki", "tempo", "grafana")
NOT_MINE = f"Basic {b64encode(b'admin:not-mine').decode()}"
NO_DAEMON = "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?"
DENIED = (
    "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get"
    ' "http://%2Fvar%2Frun%2Fdocker.sock/v1.50/info": dial unix /var/run/docker.sock: connect: permission denied'
)


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


def alices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", TOKEN)
    monkeypatch.setenv("PLANNER_ADMINS", "1")


COMPOSE = Path(sysconfig.get_path("scripts")) / "docker-compose"


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


# What it needs.


def test_all_is_asked_before_anything_is_written_then_it_is_started_and_waited_for(site: Site) -> None:
    code, said = site.make("up")
    assert code == 0, said
    verbs = [next(word for word in call.split() if word in {"info", "version", "ps", "inspect", "config", "up"})
             for call in site.docker.calls]  # fmt: skip
    assert verbs == ["ps", "info", "version", "ps", "inspect", "config", "config", "up", "ps"]
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


def test_too_little_memory_is_told_with_what_there_is_and_what_may_be_used(site: Site) -> None:
    services = site.docker.reads(site.run)["services"]
    limits = sum(int(one["mem_limit"]) for name, one in services.items() if name != "owners")
    site.docker.says("info", json.dumps({**site.docker.info, "MemTotal": limits - 1}))
    said = site.refused()
    assert f"Docker has {(limits - 1) // 1_000_000} MB, and the containers may use {limits // 1_000_000} MB" in said
    assert "make stack-native" in said
    site.docker.says("info", json.dumps({**site.docker.info, "MemTotal": limits}))
    assert site.make("up")[0] == 0


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


# What does not come up.


def test_it_waits_until_every_part_is_well(site: Site) -> None:
    starting = container("grafana", health="starting")
    site.docker.has(*well(starting, container("owners", "running", "")))
    site.then = [lambda: site.docker.has(*well(starting)), lambda: site.docker.has(*well())]
    code, said = site.make("up")
    assert code == 0, said
    assert "owners is done (2 s)" in said
    assert "grafana is ready (4 s)" in said
    assert site.now == 4


def test_a_part_without_a_health_check_is_well_once_it_answers(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    monkeypatch.setattr(waiting, "LOOK_S", 60)
    good = waiting.pages(_ports(site))["collector"].url
    monkeypatch.setattr(
        waiting, "pages", lambda _: {"collector": waiting.Page(f"http://127.0.0.1:{port}/", strict=False)}
    )
    assert good.endswith("/")
    code, said = site.make("up")
    assert code == 1
    assert "collector runs, but it is not ready." in said
    assert site.now == waiting.DEADLINE_S


def _ports(site: Site) -> Any:
    return read_settings({"STACK_RUN": str(site.run)}, None).ports


def test_what_is_not_well_in_time_is_named_with_its_last_lines(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "LOOK_S", 60)
    site.docker.has(*well(container("tempo", health="unhealthy")))
    site.docker.says("logs", 'level=error msg="no space left on device"\n')
    code, said = site.make("up")
    assert code == 1
    assert "Not all of the stack came up within 240 s: tempo." in said
    assert "tempo runs, but its health check fails." in said
    assert '    | level=error msg="no space left on device"' in said
    assert "docker compose -f stack/compose.yaml logs tempo" in said
    assert "make stack-down" in said
    assert "All is well" not in said
    assert site.docker.asked("logs") == [
        "compose -f stack/compose.yaml logs --no-color --no-log-prefix --tail 20 tempo"
    ]


def test_what_ends_again_and_again_is_not_waited_for_to_the_last(site: Site) -> None:
    site.docker.has(*well(container("loki", "restarting", "", code=1)))
    code, said = site.make("up")
    assert code == 1
    assert site.now < 30
    assert "loki ends again and again, with exit code 1." in said
    assert "stack/loki/" in said


def test_what_was_killed_is_said_to_want_memory(site: Site) -> None:
    site.docker.has(*well(container("prometheus", "exited", "", code=137)))
    code, said = site.make("up")
    assert code == 1
    assert "prometheus has ended, with exit code 137." in said
    assert "want of memory" in said


def test_what_has_to_end_well_and_does_not_is_named(site: Site) -> None:
    site.docker.has(*well(container("owners", "exited", "", code=1)))
    code, said = site.make("up")
    assert code == 1
    assert "owners has ended, with exit code 1." in said


@pytest.mark.parametrize("there", [[], [container("grafana", "created", "")]])
def test_what_was_never_started_is_named(site: Site, there: list[dict[str, object]]) -> None:
    site.docker.has(*[row for row in well() if row["Service"] != "grafana"], *there)
    site.docker.says("up", "", "dependency failed to start", 1)
    code, said = site.make("up")
    assert code == 1
    assert "grafana was not started." in said
    assert site.now < 30


def test_where_an_image_cannot_be_pulled_docker_has_the_word(site: Site) -> None:
    site.docker.says("up", "", "failed to resolve reference: no route to host", 1)
    site.docker.has()
    code, said = site.make("up")
    assert code == 1
    assert "no route to host" in said
    assert "look at this machine's network" in said
    assert site.now == 0, "nothing is waited for"


def test_a_failure_of_dockers_is_not_hidden_by_what_was_up_before(site: Site) -> None:
    site.make("up")
    site.docker.says("up", "", "toomanyrequests: You have reached your pull rate limit", 1)
    code, said = site.make("up")
    assert code == 1
    assert "What was up before is well" in said
    assert "Docker could not start the stack" in said
    assert "All is well" not in said


def test_a_containers_last_lines_tell_no_secret(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    alices(monkeypatch)
    site.docker.has(*well(container("alertmanager", "restarting", "", code=1)))
    site.docker.says("logs", f'err="Post \\"https://api.telegram.org/bot{TOKEN}/sendMessage\\": refused"')
    _, said = site.make("up")
    assert "bot(hidden)/sendMessage" in said
    assert TOKEN not in said


def test_ctrl_c_says_that_what_was_started_goes_on(site: Site) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    site.docker.has(*well(container("tempo", health="starting")))
    site.then = [interrupt]
    code, said = site.make("up")
    assert code == 130
    assert "`make stack-down` ends it" in said


def test_an_older_composes_list_of_containers_is_read_too(site: Site) -> None:
    site.docker.says("ps", json.dumps(well()))
    assert site.make("up")[0] == 0


# What it says and leaves behind.


def test_it_says_where_everything_is_and_what_comes_next(site: Site, answering: dict[str, int]) -> None:
    _, said = site.make("up")
    password = (site.run / "grafana" / "admin-password").read_text()
    assert len(password) >= 20
    assert f"http://localhost:{answering['STACK_GRAFANA_PORT']}" in said
    assert f"user admin, password {password} (made now" in said
    assert f"OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:{answering['STACK_OTLP_HTTP_PORT']}" in said
    assert "PLANNER_ALERTS=stack" in said
    assert "make stack-down" in said


def test_a_second_time_nothing_changes(site: Site) -> None:
    _, first = site.make("up")
    before = {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in site.run.rglob("*") if path.is_file()}
    code, said = site.make("up")
    assert code == 0
    assert "nothing changed" in said
    assert before == {
        path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in site.run.rglob("*") if path.is_file()
    }
    password = (site.run / "grafana" / "admin-password").read_text()
    assert password in first
    assert password not in said
    assert str(site.run / "grafana" / "admin-password") in said
    assert not site.docker.asked("restart")


def test_a_part_whose_configuration_has_changed_is_started_anew(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.make("up")
    monkeypatch.setenv("STACK_SLACK_URL", "https://hooks.example.org/of-alice")
    code, said = site.make("up")
    assert code == 0
    assert "starting alertmanager anew" in said
    assert site.docker.asked("restart") == ["compose -f stack/compose.yaml restart alertmanager"]
    site.make("up")
    assert len(site.docker.asked("restart")) == 1


def test_a_bot_that_is_in_the_stack_stays_in_it(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    alices(monkeypatch)
    site.docker.reads(site.run, "bot")
    site.docker.has(*well(container("bot")))
    code, said = site.make("up")
    assert code == 0
    assert "bot is ready" in said
    assert site.docker.asked("up") == ["compose -f stack/compose.yaml --profile bot up --detach --build"]


def test_a_bot_in_the_stack_is_started_anew_when_its_promises_change(
    site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    alices(monkeypatch)
    slo = tmp_path / "alices.toml"
    slo.write_text((docking.STACK.parent / "slo.toml").read_text())
    monkeypatch.setenv("STACK_SLO", str(slo))
    config = site.docker.reads(site.run, "bot")
    [mount] = [one for one in config["services"]["bot"]["volumes"] if one["target"] == "/etc/planner/slo.toml"]
    mount["source"] = str(slo)
    site.docker.says("config", json.dumps(config))
    site.docker.has(*well(container("bot")))
    site.make("up", "--bot")
    slo.write_text(slo.read_text() + "# a word of alice's\n")
    code, said = site.make("up", "--bot")
    assert code == 0
    assert "starting bot anew" in said


def test_what_was_not_well_is_started_anew_the_next_time_too(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.make("up")
    monkeypatch.setenv("STACK_SLACK_URL", "https://hooks.example.org/of-alice")
    site.docker.has(*well(container("alertmanager", "restarting", "", code=1)))
    assert site.make("up")[0] == 1
    site.docker.has(*well())
    assert site.make("up")[0] == 0
    assert len(site.docker.asked("restart")) == 2


@pytest.mark.parametrize(("command", "project"), [("up", ""), ("demo", " --project-name planner-demo")])
def test_a_password_that_grafana_no_longer_takes_is_said_to_be_another(site: Site, command: str, project: str) -> None:
    site.docker.reads(site.run, *(["demo"] if command == "demo" else []))
    site.docker.has(*well(container("chat"), container("demo-bot"), container("demo", "exited", "")))
    site.make(command)
    path = site.run / "grafana" / "admin-password"
    path.chmod(0o600)
    path.write_text("not-mine")
    code, said = site.make(command)
    assert code == 0
    assert "Grafana has another one now" in said
    assert re.search(
        rf"`docker compose -f stack/compose.yaml{project}( --profile demo)? exec grafana .*reset-admin", said
    )


def test_no_secret_is_said(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    alices(monkeypatch)
    secrets = {
        "STACK_PAGERDUTY_KEY": "0123456789abcdef0123456789abcdef",
        "STACK_SLACK_URL": "https://hooks.example.org/slack-secret",
        "STACK_WEBHOOK_URL": "https://alice.example.org/webhook-secret",
        "STACK_HEARTBEAT_URL": "https://hc.example.org/heartbeat-secret",
        "PLANNER_SMTP_URL": "smtp://planner:mail-secret@mail.example.org",
    }
    for name, text in secrets.items():
        monkeypatch.setenv(name, text)
    monkeypatch.setenv("STACK_MAIL_TO", "alice@example.org")
    monkeypatch.setenv("PLANNER_MAIL_FROM", "planner@example.org")
    code, said = site.make("up", "--bot")
    assert code == 0
    for text in (TOKEN, "mail-secret", *secrets.values()):
        assert text not in said
        assert not any(text in call for call in site.docker.calls)


def test_with_the_bot_its_image_is_built_and_it_is_waited_for(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    alices(monkeypatch)
    site.docker.reads(site.run, "bot")
    site.docker.has(*well(container("bot", health="starting")))
    site.then = [lambda: site.docker.has(*well(container("bot")))]
    code, said = site.make("up", "--bot")
    assert code == 0, said
    assert "bot is ready (2 s)" in said
    assert site.docker.asked("up") == ["compose -f stack/compose.yaml --profile bot up --detach --build"]
    assert (site.run / "bot" / "token").read_text() == TOKEN
    assert "The bot runs in the stack; no other may run with its token." in said


def test_of_two_secrets_one_within_the_other_nothing_is_left() -> None:
    assert hidden("see https://x.example.org/abc", ["x.example.org", "https://x.example.org/abc"]) == "see (hidden)"


# The demo.


def test_the_demo_is_a_project_of_its_own_whose_alerts_reach_its_chat_alone(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    alices(monkeypatch)
    monkeypatch.setenv("STACK_SLACK_URL", "https://hooks.example.org/of-alice")
    site.docker.reads(site.run, "demo")
    site.docker.has(*well(container("chat"), container("demo-bot"), container("demo", "exited", "")))
    site.docker.says("logs", "09:00 alice plans her day\n")
    code, said = site.make("demo")
    assert code == 0, said
    prefix = "compose -f stack/compose.yaml --project-name planner-demo --profile demo"
    assert site.docker.asked("up") == [f"{prefix} up --detach --build"]
    assert site.docker.asked("logs") == ["logs --follow planner-demo-1"]  # Compose's would wait: it has ended already
    config = (site.run / "alertmanager" / "alertmanager.yml").read_text()
    assert "api_url: http://chat:8085" in config
    assert "slack" not in config
    assert (site.run / "alertmanager" / "secrets" / "telegram-token").read_text() == "1:demo"
    assert "http://localhost:8085/" in said
    assert "alice plans her day" in said
    assert "`make stack-down`, then `make stack`" in said


def test_the_demos_rules_are_those_of_its_own_promises(site: Site) -> None:
    site.make("up")
    real = (site.run / "rules" / "slo-reminders.rules.yml").read_text()
    site.docker.reads(site.run, "demo")
    site.docker.has(*well(container("chat"), container("demo-bot"), container("demo", "exited", "")))
    site.make("demo")
    assert (site.run / "rules" / "slo-reminders.rules.yml").read_text() != real


def test_a_day_that_did_not_happen_as_it_should_is_not_said_to_be_well(site: Site) -> None:
    site.docker.reads(site.run, "demo")
    site.docker.has(*well(container("chat"), container("demo-bot"), container("demo", "exited", "", code=1)))
    code, said = site.make("demo")
    assert code == 1
    assert "Not all of the day happened" in said


# The end.


def test_down_ends_the_stack_and_the_demo_and_keeps_what_they_have_kept(site: Site) -> None:
    site.make("up")
    code, said = site.make("down")
    assert code == 0
    assert "`make stack` begins with it again" in said
    downs = site.docker.asked("down")
    assert len(downs) == 2
    assert ["planner-demo" in call for call in downs] == [False, True]
    assert not any("volume" in call for call in downs)
    assert not (site.run / "seen.json").exists()
    assert (site.run / "grafana" / "admin-password").exists()


def test_down_says_when_docker_cannot(site: Site) -> None:
    site.docker.says("down", "", "error while removing network", 1)
    code, said = site.make("down")
    assert code == 1
    assert "could not end it" in said


VOLUMES = "planner_prometheus\tprometheus\nplanner_planner\tplanner\n"


def test_reset_asks_and_deletes_nothing_without_a_yes(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.docker.says("volumes", VOLUMES)
    monkeypatch.setattr("builtins.input", lambda _: "no")
    code, said = site.make("reset")
    assert code == 1
    assert "planner_prometheus" in said
    assert "Nothing was deleted." in said
    assert not site.docker.asked("down")
    assert not site.docker.asked("rm")


@pytest.mark.parametrize("arguments", [("reset",), ("reset", "--yes")])
def test_reset_deletes_what_the_stack_has_kept_and_never_the_bots_own_database(
    site: Site, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    site.make("up")
    site.docker.says("volumes", VOLUMES)
    site.docker.says("demo-volumes", "planner-demo_loki\tloki\n")
    monkeypatch.setattr("builtins.input", lambda _: "yes")
    code, said = site.make(*arguments)
    assert code == 0
    assert site.docker.asked("rm") == ["volume rm planner_prometheus planner-demo_loki"]
    assert len(site.docker.asked("down")) == 2
    assert not [path for path in site.run.rglob("*") if path.is_file()]
    assert "docker volume rm planner_planner" in said


def test_reset_does_not_take_silence_for_a_yes(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(_: str) -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", nobody)
    code, said = site.make("reset")
    assert code == 1
    assert "YES=1" in said
    assert not site.docker.asked("down")


def test_without_docker_there_is_nothing_to_end(site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    for arguments in (("down",), ("reset", "--yes")):
        code, said = site.make(*arguments)
        assert code == 1
        assert "Docker is not installed" in said


def test_a_wrong_setting_takes_a_line_and_nothing_is_begun(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STACK_KEEP_DAYS", "a month")
    code, said = site.make("up")
    assert code == 2
    assert said == "STACK_KEEP_DAYS: 'a month' is no whole number between 30 and 3650; an example: STACK_KEEP_DAYS=90\n"
    assert not site.docker.calls
