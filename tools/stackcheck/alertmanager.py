"""Alertmanager's configuration, routes and texts by amtool, which asks the same code as Alertmanager itself.

Of the two editions Debian's is checked as it is; in today's, what 0.25 does not know is swapped for what it does.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from typing import Any

import yaml

from planner import promises
from planner.slo.alerts import rules
from planner.slo.generate import routes
from planner.slo.objectives import Severity
from tools.stackcheck import asked, reading
from tools.stackcheck.found import STACK, Found, tool

EDITIONS = (STACK / "generated" / "alertmanager-0.25.yml", STACK / "generated" / "alertmanager.yml")
TEMPLATES = STACK / "alertmanager"
NEWER = {"bot_token_file": ("bot_token", "1:a-token"), "url_file": ("url", "https://example.org/a")}
"""What 0.25 does not know of, with what it has instead; and with what it may be tried."""
TEXTS = (
    ("planner.telegram",),
    ("planner.subject", "planner.text"),
    ("planner.subject", "planner.html"),
    ("planner.slack.subject", "planner.slack"),
)
"""What ``routes`` has receivers say, each as it is read: a title, and what stands below it."""


def check(paths: Sequence[Path] = EDITIONS) -> Found:
    """By amtool check-config, with the templates."""
    looked = f"{', '.join(map(reading.name, paths))} and stack/alertmanager/*.tmpl, by amtool check-config"
    amtool = tool("amtool")
    if amtool is None:
        return Found(looked, absent="amtool")
    return Found(looked, [f"{reading.name(path)}: {fault}" for path in paths for fault in _faults(amtool, path)])


def _faults(amtool: str, path: Path) -> Iterator[str]:
    try:
        config = reading.read(path)
    except (OSError, yaml.YAMLError) as error:
        yield str(error)
        return
    if path.name != EDITIONS[0].name:
        config = swapped(config)
    found = len(list(TEMPLATES.glob("*.tmpl")))
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "alertmanager.yml").write_text(json.dumps(config | {"templates": [f"{TEMPLATES}/*.tmpl"]}))
        said, failed = _ran([amtool, "check-config", "alertmanager.yml"], folder)
    if failed:
        yield said
    elif f" - {found} templates" not in said or not found:
        yield f"its templates are not found: {said}"


def swapped(config: Any) -> Any:
    """Without what is newer than 0.25."""
    if isinstance(config, list):
        return [swapped(one) for one in config]
    if not isinstance(config, dict):
        return config
    return dict(NEWER.get(key, (key, swapped(value))) for key, value in config.items())


def routing(path: Path = EDITIONS[0], wanted: Sequence[tuple[dict[str, str], str]] = ()) -> Found:
    """Who hears of what: every alert of every promise in every severity, every alert that a rule raises, and others."""
    wanted = wanted or ways()
    looked = f"{len(wanted)} alerts' ways through {reading.name(path)}, by amtool config routes test"
    amtool = tool("amtool")
    if amtool is None:
        return Found(looked, absent="amtool")
    with ThreadPoolExecutor(2) as threads:
        said = threads.map(lambda one: _astray(amtool, path, *one), wanted)
    return Found(looked, [one for one in said if one])


def ways() -> list[tuple[dict[str, str], str]]:
    """Labels, and the receiver they must come to."""
    every: list[tuple[dict[str, str], str]] = []
    for slo in promises.load().slos:
        for rule, severity in product(rules(slo), Severity):
            labels = {"alertname": rule.name, "slo": slo.id, "tier": rule.tier, "severity": str(severity)}
            every.append((labels, str(severity)))
    every += [(labels, _receiver(labels)) for labels in asked.alerts()]
    watchdog = {"alertname": routes.WATCHDOG}
    every += [(watchdog | {"severity": severity}, "heartbeat") for severity in ("none", "info", "critical")]
    return [*every, (watchdog, "heartbeat"), ({"alertname": "Whatever"}, "warning"),
            ({"alertname": "Whatever", "severity": "unheard-of"}, "warning")]  # fmt: skip


def _receiver(labels: dict[str, str]) -> str:
    return "heartbeat" if labels["alertname"] == routes.WATCHDOG else labels["severity"]


def _astray(amtool: str, path: Path, labels: dict[str, str], receiver: str) -> str:
    pairs = [f"{name}={value}" for name, value in labels.items()]
    said, failed = _ran([amtool, "config", "routes", "test", f"--config.file={path}", *pairs], path.parent)
    return f"{' '.join(pairs)} comes to {said}, not to {receiver}" if failed or said != receiver else ""


def texts(folder: Path = TEMPLATES) -> Found:
    """Every template that receivers name, of one alert and of several, that begin and that end, in each severity."""
    looked = f"{len(TEXTS)} texts of {reading.name(folder)}, for {len(EXAMPLES)} examples, by amtool template render"
    amtool = tool("amtool")
    if amtool is None:
        return Found(looked, absent="amtool")
    cases = [(names, *example) for names, example in product(TEXTS, EXAMPLES.items())]
    with ThreadPoolExecutor(2) as threads:
        said = threads.map(lambda one: _unsaid(amtool, folder, *one), cases)
    return Found(looked, [one for one in said if one])


def _alert(status: str, severity: str, **annotations: str) -> dict[str, Any]:
    labels = {"alertname": "PlannerRemindersFastBurn", "slo": "reminders", "tier": "fast"}
    return {
        "status": status,
        "labels": labels | ({"severity": severity} if severity else {}),
        "annotations": annotations,
        "startsAt": "2026-11-21T22:05:00+01:00",
        "endsAt": "2026-11-21T23:10:00+01:00" if status == "resolved" else "0001-01-01T00:00:00Z",
    }


_WHOLE = {
    "summary": "On-time reminders: 3 of 70 bad within 1h",
    "subject": "On-time reminders: too many bad within 1h",
    "description": "Bad in the last hour: 3 of 70 reminders (4%). Promised: 99% good over 7 days.",
    "impact": "People hear of what they have to do too late.",
    "runbook_url": "https://example.org/slo-reminders.md",
    "dashboard_url": "https://grafana.example.org/d/planner-promises?var-slo=reminders",
}
EXAMPLES: dict[str, list[dict[str, Any]]] = {
    f"{status}, {severity or 'no severity'}, {about}": alerts
    for status in ("firing", "resolved")
    for severity in (*map(str, Severity), "")
    for about, alerts in {
        "whole": [_alert(status, severity, **_WHOLE)],
        "bare": [_alert(status, severity)],
        "several": [_alert(status, severity, **_WHOLE), _alert("resolved", severity, **_WHOLE)] * 7,
    }.items()
}


def _unsaid(amtool: str, folder: Path, names: Sequence[str], about: str, alerts: list[dict[str, Any]]) -> str:
    with tempfile.TemporaryDirectory() as made:
        data = Path(made) / "data.json"
        data.write_text(json.dumps({"status": alerts[0]["status"], "alerts": alerts}))
        wanted = "".join(f'{{{{ template "{name}" . }}}}' for name in names)
        said, failed = _ran([amtool, "template", "render", f"--template.glob={folder}/*.tmpl",
                             f"--template.data={data}", f"--template.text={wanted}"], made)  # fmt: skip
    if failed or "<no value>" in said or _title(alerts[0]) not in said:
        return f"{' with '.join(names)} of {about}: {said}"
    return ""


def _ran(command: list[str], folder: Path | str) -> tuple[str, bool]:
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return (ran.stdout + (ran.stderr if ran.returncode else "")).strip(), ran.returncode != 0


def _title(alert: dict[str, Any]) -> str:
    """What it is called: at its end without the figure that it began with."""
    annotations: dict[str, str] = alert["annotations"]
    ended = annotations.get("subject", "") if alert["status"] == "resolved" else ""
    return ended or annotations.get("summary", str(alert["labels"]["alertname"]))
