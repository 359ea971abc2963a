"""``make stack`` and ``make stack-demo`` against a made-up Docker: what they say, leave behind, and start anew."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.stack import docking
from tests.stack.docking import TOKEN, Site, alices, container, well
from tools.stack.saying import hidden


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
