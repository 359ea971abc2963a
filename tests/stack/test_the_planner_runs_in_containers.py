"""The bot, the local chat and the demo in containers: their image, settings, secrets, and whom they send to."""

from __future__ import annotations

import re
import sys
from pathlib import Path, PurePosixPath

import pytest

from planner import config, promises
from planner.telemetry.otlp import settings as otlp
from planner.telemetry.otlp.names import misspelt
from tests.stack.parts import BOTS, OURS, ROOT, SERVICES, STACK, WATCHERS, filled, kept, mounts
from tools.stack.settings import BOT_TOKEN, IN_BOT, TABLE


@pytest.mark.parametrize("profile", ["bot", "demo"])
def test_the_planners_image_is_built_once_and_pulled_from_nowhere(profile: str) -> None:
    """Two builds of one tag at once can fail: https://github.com/docker/buildx/issues/3576."""
    ours = {name for name in OURS if SERVICES[name]["profiles"] == [profile]}
    assert [name for name in SERVICES if "build" in SERVICES[name] and name in ours] == [min(ours)]
    assert {SERVICES[name]["pull_policy"] for name in ours} == {"never"}
    assert not any("build" in SERVICES[name] for name in WATCHERS | {"owners"})


def test_the_demos_script_may_enter_where_its_image_works() -> None:
    """A tmpfs over a folder has its mode, and is root's: https://github.com/moby/moby/issues/40881."""
    assert "/data:uid=10001,gid=10001,mode=0700" in SERVICES["demo"]["tmpfs"]
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert {"USER 10001:10001", "WORKDIR /data"} <= set(lines)


@pytest.mark.parametrize("name", sorted(OURS - {"demo"}))
def test_the_planners_settings_are_ones_that_it_takes(name: str, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("42:alices-own-token")
    inside = {key: filled(value) for key, value in SERVICES[name]["environment"].items()}
    given = {key: value.replace(str(IN_BOT), str(tmp_path)) for key, value in inside.items()}
    assert config.unused(given) is None
    assert not misspelt(given)
    read = config.read_settings(given)
    assert read.alerts == ("stack" if name in BOTS else "process")
    assert read.localchat_any == (name == "chat")


def test_the_bot_reads_its_secrets_where_they_are_rendered_whatever_env_says() -> None:
    inside = {target: source for source, target, _ in mounts("bot")}
    assert inside[IN_BOT] == "./run/bot"
    given = SERVICES["bot"]["environment"]
    assert given["BOT_TOKEN_FILE"] == str(IN_BOT / PurePosixPath(BOT_TOKEN).name)
    assert given["PLANNER_HEARTBEAT_URL_FILE"] == "${STACK_BOT_HEARTBEAT_FILE:-}"
    for setting in config.TABLE.values():
        if setting.secret:
            assert f"{setting.name}_FILE" in given, "a path in .env is one of the host's"
    assert given["BOT_TOKEN"] == given["PLANNER_HEARTBEAT_URL"] == "", "or the file is not read"


def test_the_demos_bot_belongs_to_the_one_who_is_told() -> None:
    read = config.read_settings(SERVICES["demo-bot"]["environment"])
    assert read.users == read.admins == {1}
    assert read.private_feeds


def test_the_demos_script_understands_what_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(STACK)
    from demo.command import _options  # noqa: PLC0415  # its folder is none of the packages

    assert SERVICES["demo"]["entrypoint"] == ["python", "/stack/demo"]
    given = _options().parse_args(SERVICES["demo"]["command"])
    assert (given.chat, given.calendars) == ("http://chat:8085", "demo:8088")
    for name in [name for name in sys.modules if name.partition(".")[0] == "demo"]:
        monkeypatch.delitem(sys.modules, name)


@pytest.mark.parametrize("name", sorted(BOTS))
def test_a_bot_finds_the_promises_that_the_rules_are_made_of(name: str) -> None:
    inside = {str(target): source for source, target, _ in mounts(name)}
    assert promises.load(STACK / inside[f"{SERVICES[name]['working_dir']}/slo.toml"]).slos


@pytest.mark.parametrize("what", ["ENDPOINT", "PROTOCOL", "HEADERS"])
def test_the_stacks_bot_sends_to_the_stack_whatever_its_env_file_has_for_another(what: str) -> None:
    given = SERVICES["bot"]["environment"]
    assert {given[f"OTEL_EXPORTER_OTLP_{signal}_{what}"] for signal in ("TRACES", "METRICS", "LOGS")} == {""}
    assert f"OTEL_EXPORTER_OTLP_{what}" in given
    assert otlp.protocol(given, "metrics") == otlp.HTTP
    assert otlp.place(given, "metrics", "otlp") == "collector:4318"
    assert given["OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE"] == "cumulative"


def test_no_secret_of_the_env_file_is_in_the_bots_environment() -> None:
    secret = {one.name for one in (*config.TABLE.values(), *TABLE.values()) if one.secret}
    assert {name: SERVICES["bot"]["environment"].get(name) for name in secret} == dict.fromkeys(secret, "")


def test_the_image_holds_what_it_copies_and_nothing_else() -> None:
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert {name for line in copied for name in line.split()} == allowed
    assert all((ROOT / name).exists() for name in allowed)


def test_the_image_is_nobodys_and_may_be_written_to_in_one_place() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert re.search(r"^USER 10001:10001$", text, re.MULTILINE)
    assert text.index("install -d -o 10001 -g 10001 -m 0700 /data") < text.index("\nVOLUME /data")
    assert all(kept(name) == [PurePosixPath("/data")] for name in OURS - {"demo"})
