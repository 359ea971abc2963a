"""Who is told of an alert, and of which not: the generated configuration, read by Alertmanager's own tool."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from planner import promises
from planner.slo import lengths
from planner.slo.alerts import BELOW, rules
from planner.slo.generate import routes
from planner.slo.generate import yaml as written
from planner.slo.generate.routes import Addresses, Edition, Email, Secret
from planner.slo.objectives import RECEIVERS, Severity
from tools.stackcheck.alertmanager import TEXTS

AMTOOL = shutil.which("amtool")
needs_amtool = pytest.mark.skipif(AMTOOL is None, reason="prometheus-alertmanager (amtool) is not installed")

PROMISES = promises.load()
ALICE = Addresses(chats=(1,), token=Secret("/run/token", "42:alices-token"))
FULL = replace(
    ALICE,
    pagerduty=Secret("/run/pagerduty"),
    slack=Secret("/run/slack"),
    email=Email("alice@example.org", "planner@example.org", "mail.example.org:25", "planner", Secret("/run/password")),
    webhook=Secret("/run/webhook", "https://alice.example.org/hook"),
    heartbeat=Secret("/run/heartbeat", "https://hc.example.org/secret"),
    zone="Europe/Berlin",
)
STACK = Path(__file__).parents[1] / "stack"
DEAD = {"alertname": routes.DOWN, "severity": "critical"}


def receivers(addresses: Addresses, edition: Edition = Edition.TODAY) -> dict[str, list[str]]:
    """Each receiver's channels."""
    found: Any = routes.config(PROMISES, addresses, edition)["receivers"]
    return {one["name"]: [key.removesuffix("_configs") for key in one if key != "name"] for one in found}


def amtool(folder: Path, addresses: Addresses, *arguments: str, check: bool = True) -> str:
    config = {
        **routes.config(PROMISES, addresses, Edition.DEBIAN),
        "templates": [str(STACK / "alertmanager" / "*.tmpl")],
    }
    (folder / "alertmanager.yml").write_text(written.text(config, "a test's"))
    done = subprocess.run([str(AMTOOL), *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert not check or done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@needs_amtool
@pytest.mark.parametrize(
    "addresses",
    [ALICE, replace(ALICE, chats=(1, 2)), FULL, replace(ALICE, chats=()), replace(FULL, quiet=None),
     replace(FULL, quiet=("13:00", "14:30")), replace(FULL, quiet=("21:00", "00:00"))],
    ids=["telegram", "two", "full", "nobody", "never quiet", "noon", "to midnight"],
)  # fmt: skip
def test_alertmanager_takes_it(addresses: Addresses, tmp_path: Path) -> None:
    assert "SUCCESS" in amtool(tmp_path, addresses, "check-config", "alertmanager.yml")


@needs_amtool
def test_alertmanager_takes_what_is_committed() -> None:
    generated = STACK / "generated" / "alertmanager-0.25.yml"
    done = subprocess.run([str(AMTOOL), "check-config", generated], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " - 1 templates" in done.stdout


@needs_amtool
@pytest.mark.parametrize("severity", Severity)
def test_every_alert_of_every_promise_reaches_the_receiver_of_its_severity(severity: Severity, tmp_path: Path) -> None:
    amtool(tmp_path, FULL, "check-config", "alertmanager.yml")
    named = {(rule.name, rule.slo.id) for slo in PROMISES.slos for rule in rules(slo)}
    for name, slo in sorted(named):
        labels = [f"alertname={name}", f"slo={slo}", f"severity={severity}"]
        command = [str(AMTOOL), "config", "routes", "test", "--config.file=alertmanager.yml",
                   f"--verify.receivers={severity}", *labels]  # fmt: skip
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout.strip()) == (0, str(severity)), done.stderr


@needs_amtool
@pytest.mark.parametrize(
    ("labels", "receiver"),
    [
        (["alertname=Watchdog", "severity=info"], "heartbeat"),
        (["alertname=PlannerDown", "severity=critical"], "critical"),
        (["alertname=Whatever"], "warning"),
    ],
)
def test_what_is_no_promises_alert_is_told_too(labels: list[str], receiver: str, tmp_path: Path) -> None:
    amtool(tmp_path, FULL, "check-config", "alertmanager.yml")
    said = amtool(tmp_path, FULL, "config", "routes", "test", "--config.file=alertmanager.yml", *labels)
    assert said.strip() == receiver


@pytest.mark.parametrize("edition", Edition)
def test_each_severity_is_told_by_the_channels_that_slo_toml_names(edition: Edition) -> None:
    assert receivers(FULL, edition) == {
        "critical": ["pagerduty", "telegram"],
        "warning": ["slack", "telegram"],
        "info": ["email"],
        "heartbeat": ["webhook"],
    }


@pytest.mark.parametrize("edition", Edition)
def test_a_channel_without_an_address_falls_back_to_telegrams_admins_once(edition: Edition) -> None:
    assert receivers(ALICE, edition) == {
        "critical": ["telegram"],
        "warning": ["telegram"],
        "info": ["telegram"],
        "heartbeat": [],
    }
    assert receivers(replace(FULL, email=None), edition)["info"] == ["telegram"]


@pytest.mark.parametrize("edition", Edition)
@pytest.mark.parametrize("nobody", [replace(ALICE, chats=()), replace(ALICE, token=None)], ids=["no chat", "no token"])
def test_without_an_admin_or_a_token_there_is_no_telegram_and_it_is_known_of_what_nobody_hears(
    nobody: Addresses, edition: Edition
) -> None:
    assert receivers(nobody, edition) == {"critical": [], "warning": [], "info": [], "heartbeat": []}
    assert routes.unheard(PROMISES, nobody) == list(Severity)
    paged = replace(nobody, pagerduty=FULL.pagerduty)
    assert routes.unheard(PROMISES, paged) == [Severity.WARNING, Severity.INFO]
    assert routes.told(PROMISES, paged)[Severity.CRITICAL] == ("pagerduty",)
    assert routes.unheard(PROMISES, ALICE) == []
    assert routes.told(PROMISES, replace(FULL, slack=None)) == {
        Severity.CRITICAL: ("pagerduty", "telegram"),
        Severity.WARNING: ("telegram",),
        Severity.INFO: ("email",),
    }


def test_each_admin_is_told() -> None:
    found: Any = routes.config(PROMISES, replace(ALICE, chats=(1, 2)))["receivers"]
    assert [one["chat_id"] for one in found[0]["telegram_configs"]] == [1, 2]


def test_whatever_slo_toml_may_name_is_told() -> None:
    for name in RECEIVERS:
        found: Any = routes.config(replace(PROMISES, routes={Severity.CRITICAL: (name,)}), FULL)["receivers"]
        assert found[0].keys() == {"name", f"{name}_configs"}


def test_no_secret_stands_in_todays_configuration_and_debians_has_only_those_that_it_must() -> None:
    secrets = {FULL.token.text, FULL.webhook.text, FULL.heartbeat.text}
    today = written.text(routes.config(PROMISES, FULL), "a test's")
    assert not [one for one in secrets if one in today]
    assert set(re.findall(r"(\w+_file): ", today)) == {
        "bot_token_file", "routing_key_file", "api_url_file", "auth_password_file", "url_file",
    }  # fmt: skip
    debian = written.text(routes.config(PROMISES, FULL, Edition.DEBIAN), "a test's")
    assert set(re.findall(r"(\w+_file): ", debian)) == {"routing_key_file", "api_url_file", "auth_password_file"}


def test_a_page_is_told_at_once_and_at_night_and_again_sooner_than_a_warning() -> None:
    config: Any = routes.config(PROMISES, FULL)
    by_receiver = {one["receiver"]: one for one in config["route"]["routes"]}
    critical, warning = by_receiver["critical"], by_receiver["warning"]
    assert critical["group_wait"] == "5s"
    assert "mute_time_intervals" not in critical
    assert (critical["repeat_interval"], warning["repeat_interval"]) == ("1h", "12h")
    assert warning["mute_time_intervals"] == ["quiet-hours"]
    assert config["route"]["group_by"] == ["alertname", "slo"]
    [quiet] = config["time_intervals"]
    assert quiet["time_intervals"] == [
        {
            "times": [
                {"start_time": "22:00", "end_time": "24:00"},
                {"start_time": "00:00", "end_time": "08:00"},
            ],
            "location": "Europe/Berlin",
        }
    ]


@pytest.mark.parametrize(
    ("quiet", "stretches"),
    [
        (("13:00", "14:30"), [("13:00", "14:30")]),
        (("23:30", "07:15"), [("23:30", "24:00"), ("00:00", "07:15")]),
        (("21:00", "00:00"), [("21:00", "24:00")]),
        (("00:00", "06:00"), [("00:00", "06:00")]),
    ],
)
def test_quiet_hours_are_those_that_a_host_sets(quiet: tuple[str, str], stretches: list[tuple[str, str]]) -> None:
    config: Any = routes.config(PROMISES, replace(FULL, quiet=quiet))
    [times] = config["time_intervals"][0]["time_intervals"]
    assert [(one["start_time"], one["end_time"]) for one in times["times"]] == stretches


def test_without_quiet_hours_nothing_waits_for_their_end() -> None:
    config = routes.config(PROMISES, replace(FULL, quiet=None))
    assert "time_intervals" not in config
    assert "quiet-hours" not in written.text(config, "a test's")


def test_messages_are_found_where_they_are_said_to_be() -> None:
    assert routes.config(PROMISES, ALICE)["templates"] == [routes.TEMPLATES]
    assert routes.config(PROMISES, ALICE, templates="*.tmpl")["templates"] == ["*.tmpl"]


def test_pagerduty_and_slack_are_told_how_grave_it_is() -> None:
    to_both = replace(PROMISES, routes=dict.fromkeys(Severity, ("pagerduty", "slack")))
    found: Any = routes.config(to_both, FULL)["receivers"]
    said = {one["name"]: one for one in found if one["name"] != "heartbeat"}
    assert [one["pagerduty_configs"][0]["severity"] for one in said.values()] == ["critical", "warning", "info"]
    colors = {name: one["slack_configs"][0]["color"] for name, one in said.items()}
    assert len(set(colors.values())) == len(Severity)
    assert all(f"good{{{{ else }}}}{routes.COLORS[Severity(name)]}" in color for name, color in colors.items())


@pytest.mark.parametrize("starttls", [True, False])
def test_a_mail_server_is_told_to_change_to_tls_unless_it_speaks_it_from_the_start(*, starttls: bool) -> None:
    addresses = replace(FULL, email=replace(FULL.email, starttls=starttls))
    info: Any = routes.config(PROMISES, addresses)["receivers"][2]
    assert info["email_configs"][0]["require_tls"] is starttls


def test_an_end_is_told_wherever_a_beginning_is() -> None:
    found: Any = routes.config(PROMISES, FULL)["receivers"]
    told = {
        (one["name"], kind): {block["send_resolved"] for block in blocks}
        for one in found for kind, blocks in one.items() if kind != "name"
    }  # fmt: skip
    assert told.pop(("heartbeat", "webhook_configs")) == {False}
    assert len(told) == 5
    assert all(both == {True} for both in told.values())


Labels = Mapping[str, str]


def hidden_by(source: Labels, target: Labels) -> bool:
    """Whether one alert keeps another from being told, as Alertmanager has it."""

    def match(labels: Labels, matchers: list[str]) -> bool:
        return all(_matches(labels, one) for one in matchers)

    config: Any = routes.config(PROMISES, ALICE)
    return any(
        match(source, one["source_matchers"]) and match(target, one["target_matchers"])
        and not (match(source, one["target_matchers"]) and match(target, one["source_matchers"]))
        and all(source.get(label, "") == target.get(label, "") for label in one.get("equal", ()))
        for one in config["inhibit_rules"]
    )  # fmt: skip


def _matches(labels: Labels, matcher: str) -> bool:
    name, how, value = re.fullmatch(r'(\w+)(=~|!~|!=|=)"(.*)"', matcher).groups()
    given = labels.get(name, "")
    found = given == value if how in {"=", "!="} else re.fullmatch(value, given) is not None
    return found != how.startswith("!")


def alert(slo: str, tier: str) -> Labels:
    rule = next(rule for one in PROMISES.slos if one.id == slo for rule in rules(one) if rule.tier == tier)
    return {"alertname": rule.name, "slo": slo, "tier": tier, "severity": rule.severity.value}


def test_the_gravest_of_a_promises_alerts_hides_the_lesser_and_no_others() -> None:
    for slo in PROMISES.slos:
        tiers = [tier.name for tier in slo.tiers] + [BELOW]
        for graver, lesser in pairwise(tiers):
            assert hidden_by(alert(slo.id, graver), alert(slo.id, lesser)), (slo.id, graver, lesser)
            assert not hidden_by(alert(slo.id, lesser), alert(slo.id, graver)), (slo.id, graver, lesser)
    assert not hidden_by(alert("reminders", "fast"), alert("chat", "fast"))
    assert not hidden_by(alert("reminders", "fast"), alert("chat", "slow"))


def test_no_alert_hides_one_that_hides_it_and_no_warning_hides_a_page() -> None:
    found = [DEAD, *(alert(slo.id, rule.tier) for slo in PROMISES.slos for rule in rules(slo))]
    for one in found:
        assert not hidden_by(one, one)
        for other in found:
            if hidden_by(one, other):
                assert not hidden_by(other, one), (one, other)
                assert one["severity"] == "critical" or other["severity"] != "critical", (one, other)


def test_a_dead_process_hides_what_follows_from_it_but_neither_why_it_died_nor_the_watchers() -> None:
    for alertname in ("PlannerSchedulerStopped", "PlannerTelegramUnreachable", "PlannerUnwell"):
        assert hidden_by(DEAD, {"alertname": alertname, "severity": "critical"})
    for slo in PROMISES.slos:
        assert all(hidden_by(DEAD, alert(slo.id, rule.tier)) for rule in rules(slo))
    for alertname in ("PlannerDatabaseRefusing", "PlannerDiskFull", "Watchdog", "PrometheusRulesFailing"):
        assert not hidden_by(DEAD, {"alertname": alertname, "severity": "critical"})


def test_the_rules_have_the_names_that_the_routes_know() -> None:
    written_rules = "".join(path.read_text() for path in (STACK / "prometheus").glob("*.rules.yml"))
    for alertname in (routes.DOWN, routes.WATCHDOG, routes.CAUSES):
        assert re.search(rf"alert: {alertname}\n", written_rules), alertname


def test_the_files_are_yaml_and_the_same_each_time() -> None:
    found = routes.files(PROMISES)
    assert found == routes.files(promises.load())
    for text, edition in zip(found.values(), Edition, strict=True):
        assert yaml.safe_load(text) == routes.config(PROMISES, routes.EXAMPLE, edition)


def test_every_text_that_receivers_say_is_one_that_the_checks_fill_in() -> None:
    said = set(re.findall(r'template "([\w.]+)"', str(routes.config(PROMISES, FULL)["receivers"])))
    assert said == {name for names in TEXTS for name in names}


@pytest.mark.parametrize("edition", Edition)
def test_the_dead_mans_switch_calls_once_a_minute(edition: Edition) -> None:
    """A group is looked at once an interval, and told again if it was last told at least ``repeat_interval`` before."""
    routed: Any = routes.config(PROMISES, FULL, edition)["route"]
    (route,) = (one for one in routed["routes"] if one["receiver"] == "heartbeat")
    look, again = (lengths.read(route[key]) for key in ("group_interval", "repeat_interval"))
    assert route["group_wait"] == "0s"
    assert look == 60_000
    assert 0 < again < look
