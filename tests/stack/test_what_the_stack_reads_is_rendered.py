"""``stack/run/``: written whole, for the right eyes, with nothing left of what was; and who is told is said."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from planner import dashboards
from planner.config import SettingError
from tools.stack import listeners, native_parts, owners, render, silence, told
from tools.stack.render import Place
from tools.stack.settings import STACK, TABLE, Settings, as_environment, read_settings, unused

AMTOOL, PROMTOOL = shutil.which("amtool"), shutil.which("promtool")
TOKEN = "4242:alices-own-token"
ALICE = {"BOT_TOKEN": TOKEN, "PLANNER_ADMINS": "1"}
FULL = {
    **ALICE,
    "STACK_PAGERDUTY_KEY": "0123456789abcdef0123456789abcdef",
    "STACK_SLACK_URL": "https://hooks.example.org/slack-secret",
    "STACK_WEBHOOK_URL": "https://alice.example.org/webhook-secret",
    "STACK_HEARTBEAT_URL": "https://hc.example.org/heartbeat-secret",
    "STACK_MAIL_TO": "alice@example.org",
    "PLANNER_SMTP_URL": "smtp://planner:mail-secret@mail.example.org",
    "PLANNER_MAIL_FROM": "planner@example.org",
    "PLANNER_HEARTBEAT_URL": "https://hc.example.org/bots-own",
    "STACK_ZONE": "Europe/Berlin",
    "STACK_QUIET_HOURS": "23:30-07:15",
}
HEAD = "an example: "


@pytest.fixture
def rendered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[str, ...]]:
    """What changes below ``tmp_path / "run"`` by rendering with these settings."""
    monkeypatch.chdir(tmp_path)

    def render_with(given: dict[str, str], place: Callable[[Settings], Place] = render.compose) -> tuple[str, ...]:
        settings = settings_of(given, tmp_path)
        return render.run(settings, place(settings), owners.contained(settings)).changed

    return render_with


def settings_of(given: dict[str, str], folder: Path) -> Settings:
    return read_settings({"STACK_RUN": str(folder / "run"), **given}, None)


def config(folder: Path) -> Any:
    return yaml.safe_load((folder / "run" / render.CONFIG).read_text())


def words(given: dict[str, str], folder: Path) -> str:
    """Who is told, as it is said."""
    settings = settings_of(given, folder)
    agreed = render.promised(settings)
    at = render.addresses(settings, render.compose(settings), owners.contained(settings))
    why = silence.of(settings, contained=True)
    return " ".join(" ".join([*told.lines(agreed, at, why), *told.warnings(agreed, at, why, contained=True)]).split())


# Whole, and for the right eyes.


def test_only_who_runs_it_enters_the_folder_and_a_containers_user_reads_what_is_mounted(
    rendered: Callable[..., Any], tmp_path: Path
) -> None:
    before = os.umask(0o077)
    try:
        rendered(FULL)
    finally:
        os.umask(before)
    run = tmp_path / "run"
    assert run.stat().st_mode & 0o777 == 0o700
    inside = list(run.rglob("*"))
    assert {path.stat().st_mode & 0o777 for path in inside if path.is_file()} == {0o444}
    assert {path.stat().st_mode & 0o777 for path in inside if path.is_dir()} == {0o755}


def test_a_secret_stands_in_a_file_of_its_own_and_nowhere_else(rendered: Callable[..., Any], tmp_path: Path) -> None:
    rendered(FULL)
    files = {path.relative_to(tmp_path / "run").as_posix(): path.read_text()
             for path in (tmp_path / "run").rglob("*") if path.is_file()}  # fmt: skip
    for secret, name in {
        TOKEN: "telegram-token",
        FULL["STACK_PAGERDUTY_KEY"]: "pagerduty-key",
        FULL["STACK_SLACK_URL"]: "slack-url",
        FULL["STACK_WEBHOOK_URL"]: "webhook-url",
        FULL["STACK_HEARTBEAT_URL"]: "heartbeat-url",
        "mail-secret": "mail-password",
    }.items():
        holders = {path for path, text in files.items() if secret in text} - {"bot/token"}
        assert holders == {f"alertmanager/secrets/{name}"}
        assert files[f"alertmanager/secrets/{name}"] == secret
    assert files["bot/token"] == TOKEN
    assert files["bot/heartbeat"] == FULL["PLANNER_HEARTBEAT_URL"]


def test_every_file_that_alertmanager_is_pointed_at_is_there(rendered: Callable[..., Any], tmp_path: Path) -> None:
    rendered(FULL)

    def files(of: Any) -> list[str]:
        if isinstance(of, dict):
            return [one for key, value in of.items()
                    for one in ([value] if key.endswith("_file") else files(value))]  # fmt: skip
        return [one for value in of for one in files(value)] if isinstance(of, list) else []

    named = files(config(tmp_path))
    assert len(set(named)) == 5, "Telegram, PagerDuty, Slack, the mail's password, the heartbeat"
    for path in named:
        assert path.startswith("/etc/alertmanager/run/secrets/")
        assert (tmp_path / "run" / "alertmanager" / "secrets" / Path(path).name).is_file()
    assert config(tmp_path)["templates"] == ["*.tmpl"]
    assert (tmp_path / "run" / "alertmanager" / "planner.tmpl").is_file()


def test_rendering_twice_is_rendering_once(rendered: Callable[..., Any]) -> None:
    assert rendered(FULL)
    assert rendered(FULL) == ()


def test_what_is_not_set_any_more_is_gone(rendered: Callable[..., Any], tmp_path: Path) -> None:
    rendered(FULL)
    (tmp_path / "run" / "rules" / "slo-of-old.rules.yml").write_text("groups: []")
    changed = rendered(ALICE)
    assert "alertmanager/secrets/slack-url" in changed
    assert "rules/slo-of-old.rules.yml" in changed
    assert [path.name for path in (tmp_path / "run" / "alertmanager" / "secrets").iterdir()] == ["telegram-token"]
    assert not (tmp_path / "run" / "rules" / "slo-of-old.rules.yml").exists()


def test_what_is_not_ours_in_the_folder_is_left_alone(rendered: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "notes.txt").write_text("bob's")
    rendered(ALICE)
    assert (tmp_path / "run" / "notes.txt").read_text() == "bob's"


def test_grafanas_password_is_made_once_and_kept(rendered: Callable[..., Any], tmp_path: Path) -> None:
    rendered(ALICE)
    password = (tmp_path / "run" / render.PASSWORD).read_text()
    rendered(FULL)
    assert (tmp_path / "run" / render.PASSWORD).read_text() == password
    shutil.rmtree(tmp_path / "run")
    rendered(ALICE)
    assert (tmp_path / "run" / render.PASSWORD).read_text() != password


def test_a_full_disk_leaves_everything_as_it_was(
    rendered: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered(ALICE)
    before = {path: path.read_bytes() for path in (tmp_path / "run").rglob("*") if path.is_file()}
    put = render._put

    def full(path: Path, text: str) -> None:
        if path.name == "webhook-url":
            raise OSError(28, "No space left on device", str(path))
        put(path, text)

    monkeypatch.setattr(render, "_put", full)
    with pytest.raises(OSError, match="No space left"):
        rendered(FULL)
    assert before == {path: path.read_bytes() for path in (tmp_path / "run").rglob("*") if path.is_file()}


def test_what_a_killed_run_left_is_swept(rendered: Callable[..., Any], tmp_path: Path) -> None:
    left = tmp_path / "run" / ".new-abc" / "alertmanager" / "secrets"
    left.mkdir(parents=True)
    (left / "telegram-token").write_text(TOKEN)
    rendered({})
    assert not any(TOKEN in path.read_text() for path in (tmp_path / "run").rglob("*") if path.is_file())


def test_folders_that_containers_mount_stay_the_same_ones(rendered: Callable[..., Any], tmp_path: Path) -> None:
    rendered(ALICE)
    folders = {path: path.stat().st_ino for path in (tmp_path / "run").rglob("*") if path.is_dir()}
    rendered({**FULL, "STACK_SLO": str(STACK / "demo" / "slo.toml")})
    assert folders == {path: path.stat().st_ino for path in folders}


def test_rules_and_dashboards_are_those_of_the_promises_in_use(rendered: Callable[..., Any], tmp_path: Path) -> None:
    slo = tmp_path / "alices.toml"
    slo.write_text((STACK.parent / "slo.toml").read_text().replace("objective = 0.995", "objective = 0.992"))
    rendered(ALICE)
    before = (tmp_path / "run" / "rules" / "slo-up.rules.yml").read_text()
    changed = rendered({**ALICE, "STACK_SLO": str(slo)})
    assert "rules/slo-up.rules.yml" in changed
    assert "dashboards/promises.json" in changed
    assert (tmp_path / "run" / "rules" / "slo-up.rules.yml").read_text() != before
    agreed = render.promised(settings_of({"STACK_SLO": str(slo)}, tmp_path))
    for name, text in dashboards.files(agreed).items():
        assert (tmp_path / "run" / name).read_text() == text


def dashboards_of(folder: Path) -> set[str]:
    """Where the rendered alerts lead, but for which promise."""
    groups = [
        group for path in folder.glob("rules/*.rules.yml") for group in yaml.safe_load(path.read_text())["groups"]
    ]
    said = [rule["annotations"] for group in groups for rule in group["rules"] if "alert" in rule]
    assert said
    return {one.get("dashboard_url", "").partition("?")[0] for one in said}


def test_alerts_lead_to_where_grafana_is(rendered: Callable[..., Any], tmp_path: Path) -> None:
    rendered({**ALICE, "STACK_GRAFANA_PORT": "13000"})
    assert dashboards_of(tmp_path / "run") == {"http://localhost:13000/d/planner-promises"}
    slo = tmp_path / "alices.toml"
    text = (STACK.parent / "slo.toml").read_text()
    slo.write_text(text.replace("http://localhost:3000", "https://grafana.example.org"))
    rendered({**ALICE, "STACK_GRAFANA_PORT": "13000", "STACK_SLO": str(slo)})
    assert dashboards_of(tmp_path / "run") == {"https://grafana.example.org/d/planner-promises"}


def test_natively_alerts_lead_to_no_grafana_but_to_one_that_a_host_named(tmp_path: Path) -> None:
    slo = tmp_path / "alices.toml"
    text = (STACK.parent / "slo.toml").read_text()
    for dashboards_at, expected in {
        "http://localhost:3000": "",
        "https://grafana.example.org": "https://grafana.example.org/d/planner-promises",
    }.items():
        slo.write_text(text.replace("http://localhost:3000", dashboards_at))
        settings = settings_of({**ALICE, "STACK_SLO": str(slo)}, tmp_path)
        native_parts.rendered(settings, render.native(settings))
        assert dashboards_of(tmp_path / "run" / "native") == {expected}


@pytest.mark.skipif(AMTOOL is None or PROMTOOL is None, reason="promtool and amtool are not both installed")
def test_what_is_rendered_natively_is_taken_by_those_who_read_it(rendered: Callable[..., Any], tmp_path: Path) -> None:
    rendered(FULL, render.native)
    native = tmp_path / "run" / "native"
    assert native.stat().st_mode & 0o777 == 0o700
    for tool in (
        [AMTOOL, "check-config", native / "alertmanager" / "alertmanager.yml"],
        [PROMTOOL, "check", "rules", *(native / "rules").glob("*.rules.yml")],
    ):
        done = subprocess.run([str(word) for word in tool], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    assert not (native / "dashboards").exists()
    assert not (native / "bot").exists()


# Who is told.


def test_with_all_addresses_nothing_falls_back(tmp_path: Path) -> None:
    said = words(FULL, tmp_path)
    assert "critical PagerDuty and Telegram warning Slack and Telegram info e-mail" in said
    assert "from 23:30 to 07:15 (Europe/Berlin) only what is critical is told" in said
    assert "STACK_HEARTBEAT_URL misses its calls" in said
    assert "NOBODY" not in said


def test_what_has_no_address_falls_back_to_telegram_and_says_why(tmp_path: Path) -> None:
    said = words(ALICE, tmp_path)
    assert "critical Telegram: PagerDuty has no address (STACK_PAGERDUTY_KEY)" in said
    assert "warning Telegram: Slack has no address (STACK_SLACK_URL)" in said
    assert "info Telegram: e-mail has no address (STACK_MAIL_TO)" in said
    assert "nobody notices: STACK_HEARTBEAT_URL is not set" in said
    assert "NOBODY" not in said


@pytest.mark.parametrize(
    ("given", "lacks"),
    [
        ({}, "Set BOT_TOKEN in .env, and PLANNER_ADMINS"),
        ({"BOT_TOKEN": TOKEN}, "Set PLANNER_ADMINS in .env"),
        ({"PLANNER_ADMINS": "1"}, "Set BOT_TOKEN in .env, then `make stack`"),
    ],
)
def test_it_is_loud_when_nobody_would_be_told_and_says_only_what_is_missing(
    given: dict[str, str], lacks: str, tmp_path: Path
) -> None:
    said = words({**given, "PLANNER_DB": str(tmp_path / "none.db")}, tmp_path)
    assert "NOBODY IS TOLD of alerts that are critical or warning or info" in said
    assert lacks in said
    missing = " and ".join(name for name in ("BOT_TOKEN", "PLANNER_ADMINS") if name not in given)
    assert f"Telegram has no address ({missing})" in said


def test_where_others_are_told_it_still_says_that_telegram_is_silent_if_it_is_meant(tmp_path: Path) -> None:
    elsewhere = {name: text for name, text in FULL.items() if name not in {"BOT_TOKEN", "PLANNER_ADMINS"}}
    elsewhere["PLANNER_DB"] = str(tmp_path / "none.db")
    assert "NOBODY IS TOLD IN TELEGRAM. Set BOT_TOKEN" in words(elsewhere, tmp_path)
    slo = tmp_path / "slo.toml"
    slo.write_text((STACK.parent / "slo.toml").read_text().replace(', "telegram"]', "]"))
    assert "NOBODY" not in words({**elsewhere, "STACK_SLO": str(slo)}, tmp_path)


def test_a_token_in_a_file_is_not_asked_for(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(TOKEN)
    said = words({"BOT_TOKEN_FILE": str(tmp_path / "token"), "PLANNER_DB": str(tmp_path / "none.db")}, tmp_path)
    assert "NOBODY IS TOLD" in said
    assert "Set PLANNER_ADMINS in .env" in said
    assert "BOT_TOKEN" not in said


def test_it_is_loud_about_what_alone_nobody_would_be_told_of(tmp_path: Path) -> None:
    said = words({"STACK_SLACK_URL": FULL["STACK_SLACK_URL"], "STACK_QUIET_HOURS": "off"}, tmp_path)
    assert "warning Slack: Telegram has no address" in said
    assert "NOBODY IS TOLD of alerts that are critical or info" in said
    assert "only what is critical" not in said


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_a_bot_api_that_a_container_cannot_reach_is_loud(host: str, tmp_path: Path) -> None:
    loopback = {**ALICE, "PLANNER_BOT_API": f"http://{host}:8081"}
    assert "ALERTS WILL NOT REACH TELEGRAM" in words(loopback, tmp_path)
    assert "WILL NOT" not in words({**ALICE, "PLANNER_BOT_API": "http://192.0.2.7:8081"}, tmp_path)
    nobody = {**loopback, "PLANNER_ADMINS": "", "PLANNER_DB": str(tmp_path / "none.db")}
    assert "WILL NOT" not in words(nobody, tmp_path), "there is nobody to reach"


# The settings.


def test_every_setting_has_an_example_that_it_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(STACK.parent)
    mail = {key: FULL[key] for key in ("PLANNER_SMTP_URL", "PLANNER_MAIL_FROM")}
    for setting in TABLE.values():
        read_settings({**mail, setting.name: setting.example.replace("…", "x")}, None)


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("STACK_PAGERDUTY_KEY", "short", "is no integration key"),
        ("STACK_SLACK_URL", "ftp://x", "is no http or https address"),
        ("STACK_HEARTBEAT_URL", "alice.example.org", "is no http or https address"),
        ("STACK_MAIL_TO", "alice", "is no mail address"),
        ("STACK_ZONE", "Berlin", "is no zone that is known here"),
        ("STACK_QUIET_HOURS", "22-8", "are no hours from-to"),
        ("STACK_QUIET_HOURS", "24:00-08:00", "are no hours from-to"),
        ("STACK_QUIET_HOURS", "08:00-08:00", "are no hours from-to"),
        ("STACK_KEEP_DAYS", "7", "is no whole number between 30 and 3650"),
        ("STACK_GRAFANA_PORT", "0", "is no whole number between 1 and 65535"),
        ("STACK_GRAFANA_PORT", "70000", "is no whole number between 1 and 65535"),
        ("STACK_SLO", "/none/slo.toml", "is no file"),
        ("BOT_TOKEN", "hello", "is no bot token"),
    ],
)
def test_a_wrong_setting_names_itself_its_fault_and_an_example(name: str, value: str, fault: str) -> None:
    with pytest.raises(SettingError) as refused:
        read_settings({name: value}, None)
    [line] = refused.value.lines
    assert line.startswith(f"{name}: ")
    assert fault in line
    assert f"{HEAD}{name}=" in line
    secret = name in {"STACK_PAGERDUTY_KEY", "STACK_SLACK_URL", "STACK_HEARTBEAT_URL", "BOT_TOKEN"}
    assert (value in line) != secret


def test_two_parts_on_one_port_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listeners, "taken", lambda _: False)
    with pytest.raises(SettingError) as refused:
        read_settings({"STACK_GRAFANA_PORT": "9090"}, None)
    assert refused.value.lines == (
        "STACK_GRAFANA_PORT: 9090 is STACK_PROMETHEUS_PORT, too; an example: STACK_GRAFANA_PORT=13000",
    )


def test_all_wrong_settings_are_told_at_once() -> None:
    with pytest.raises(SettingError) as refused:
        read_settings({"STACK_ZONE": "x", "STACK_KEEP_DAYS": "x", "PLANNER_ADMINS": "alice"}, None)
    assert [line.partition(":")[0] for line in refused.value.lines] == [
        "PLANNER_ADMINS",
        "STACK_ZONE",
        "STACK_KEEP_DAYS",
    ]


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ({}, "STACK_MAIL_TO: nothing can be sent without PLANNER_SMTP_URL"),
        ({"PLANNER_SMTP_URL": "smtp://mail.example.org"}, "STACK_MAIL_TO: nobody would be its sender"),
        ({"PLANNER_SMTP_URL": "smtps://alice%40example.org:x@mail.example.org:466"}, "at port 465 alone"),
    ],
)
def test_mail_that_could_not_be_sent_is_refused(given: dict[str, str], line: str) -> None:
    with pytest.raises(SettingError, match=line):
        read_settings({"STACK_MAIL_TO": "alice@example.org", **given}, None)


def test_mail_comes_from_the_servers_user_if_that_is_an_address(rendered: Callable[..., Any], tmp_path: Path) -> None:
    rendered({"STACK_MAIL_TO": "alice@example.org", "PLANNER_SMTP_URL": "smtps://bob%40example.org:x@mail.example.org"})
    [info] = [one for one in config(tmp_path)["receivers"] if one["name"] == "info"]
    [mail] = info["email_configs"]
    assert (mail["from"], mail["smarthost"], mail["require_tls"]) == ("bob@example.org", "mail.example.org:465", False)


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("0123456789abcdef0123456789abcdef\n")
    settings = read_settings({"STACK_PAGERDUTY_KEY_FILE": str(tmp_path / "key")}, None)
    assert settings.pagerduty == "0123456789abcdef0123456789abcdef"
    with pytest.raises(SettingError, match="STACK_SLACK_URL_FILE: cannot read"):
        read_settings({"STACK_SLACK_URL_FILE": str(tmp_path / "none")}, None)


def test_what_the_environment_lacks_is_in_env(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("STACK_ZONE=Europe/Berlin\nSTACK_KEEP_DAYS=60\n")
    settings = read_settings({"STACK_KEEP_DAYS": "90"}, tmp_path / ".env")
    assert (settings.zone, settings.keep_days) == ("Europe/Berlin", 90)


def test_a_misspelt_setting_is_named() -> None:
    given = {"STACK_SLACK_URL_FILE": "x", "STACK_ZONE": "UTC", "PLANNER_DB": "x"}
    line, other = unused({**given, "STACK_SLACK": "x", "STACK_ZONE_FILE": "x"}, None)
    assert other.startswith("STACK_ZONE_FILE is no setting"), "a zone is no secret"
    assert line.startswith("STACK_SLACK is no setting; there are ")
    assert "STACK_SLACK_URL" in line


def test_docker_compose_is_told_no_secret(tmp_path: Path) -> None:
    settings = settings_of(FULL, tmp_path)
    told = as_environment(replace(settings, keep_days=90))
    assert told["STACK_KEEP_HOURS"] == "2160"
    assert told["STACK_RUN"] == str(tmp_path / "run")
    assert told["STACK_BOT_HEARTBEAT_FILE"] == "/run/planner/heartbeat"
    assert not any(secret in text for secret in settings.secrets for text in told.values())
