"""Every alert has its page, whole and true: its queries parse, its events, settings, commands and tables are there."""

from __future__ import annotations

import argparse
import re
import shlex
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from planner import cli, dashboards, promises
from planner.catalogue.events import EVENTS
from planner.config import TABLE
from planner.slo.alerts import rules
from planner.store import Store
from tests.slo.written import OTHERS, RUNBOOKS, Alert, generated, metrics_in, ours, written
from tools import promtool

HEADINGS = (
    "Severity",
    "What it means",
    "What users feel",
    "How to look",
    "How to mend",
    "When to escalate",
    "How to keep it from coming back",
)
ALERTS = {alert.name: alert for alert in (*written(), *generated())}
OWN = {slo.id for slo in promises.load().slos if slo.counts == slo.id}
"""One that a host adds on the same counts has the page of the first, which need not name its alerts."""
SUBJECTS = {event.partition(".")[0] for event in EVENTS}
PAGES = {path.name: path for path in sorted(RUNBOOKS.glob("*.md"))}
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LOGQL = re.compile(r'\{service_name="planner"\} \|~ "\^\(([a-z_.|]+)\)\$"')
LINK = re.compile(r"\]\(([^)#]+)(?:#[\w-]+)?\)")
SETTING = re.compile(r"\bPLANNER_[A-Z_]+\b")
EVENT = re.compile(r"`([a-z]+)\.([a-z_.]+)`")
ROW = re.compile(r"^\| `(\w+)` \|", re.MULTILINE)
BOARD = re.compile(r"\*([A-Z][\w ]+)\*\s+\(`/d/([\w-]+)`\)")
BOARDS = {board.uid: board for board in dashboards.boards(promises.load())}
COMMAND = re.compile(r"\.venv/bin/python planner\.py ([\w -]+)")

page_of_each = pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)


def blocks(page: Path, language: str) -> list[str]:
    return [text for name, text in BLOCK.findall(page.read_text()) if name == language]


def queries(page: Path) -> list[str]:
    return [query for block in blocks(page, "promql") for query in block.strip().split("\n\n")]


def prose(page: Path) -> str:
    return BLOCK.sub("", page.read_text())


def shown(uid: str) -> set[str]:
    """The metrics that a dashboard asks for."""
    panels = [panel for row in BOARDS[uid].rows for panel in row.panels]
    return {metric for panel in panels for query in panel.queries for metric in metrics_in(query.expression)}


def test_there_is_as_much_to_look_at_as_these_tests_believe() -> None:
    """Each of them goes through something; where that was empty it would hold whatever the pages say."""
    assert (len(list(written())), len(list(generated()))) > (60, 30)
    assert len(PAGES) > 70
    assert len(OWN) == len({slo.counts for slo in promises.load().slos}) > 7

    def found(look: Callable[[Path], Sequence[object]]) -> int:
        return sum(map(len, map(look, PAGES.values())))

    assert found(queries) > 150
    assert found(lambda page: blocks(page, "logql")) > 50
    assert found(lambda page: LINK.findall(page.read_text())) > 200
    assert found(lambda page: SETTING.findall(page.read_text())) > 20
    assert found(lambda page: ROW.findall(page.read_text())) > 30
    assert found(lambda page: [one for one in EVENT.findall(prose(page)) if one[0] in SUBJECTS]) > 20


@pytest.mark.parametrize("alert", ALERTS.values(), ids=ALERTS)
def test_every_alert_has_a_page_that_names_it_and_how_grave_it_is(alert: Alert) -> None:
    page = Path(alert.annotations["runbook_url"])
    assert page.parent.as_posix() == "stack/runbooks"
    severity = PAGES[page.name].read_text().split("\n## ")[1]
    if page.stem == alert.name:
        assert f"**{alert.labels['severity']}.**" in severity
    elif alert.labels.get("slo") in {None, *OWN}:
        assert f"| `{alert.name}` | {alert.labels['severity']} |" in severity
    else:
        assert alert.labels["slo"] not in OWN


def test_every_alert_that_a_promise_can_raise_is_on_its_page() -> None:
    """Those that the process raises by itself, with no Prometheus."""
    for slo in promises.load().slos:
        page = PAGES[Path(slo.runbook).name].read_text()
        for rule in rules(slo) if slo.id in OWN else ():
            assert f"| `{rule.name}` | {rule.severity} |" in page


def test_no_page_is_left_of_an_alert_that_is_gone() -> None:
    assert set(PAGES) == {Path(alert.annotations["runbook_url"]).name for alert in ALERTS.values()}
    for name, page in PAGES.items():
        named = set(ROW.findall(page.read_text()))
        assert named <= set(ALERTS), f"{name} names {named - set(ALERTS)}"


@page_of_each
def test_a_page_has_all_its_parts(page: Path) -> None:
    parts = page.read_text().split("\n## ")
    assert parts[0].startswith("# ")
    assert tuple(part.partition("\n")[0] for part in parts[1:]) == HEADINGS
    assert all(part.partition("\n")[2].strip() for part in parts[1:])
    assert blocks(page, "promql")
    assert blocks(page, "sh")
    assert {name for name, _ in BLOCK.findall(page.read_text())} <= {"promql", "logql", "sh"}
    assert page.read_text().count("```") == 2 * len(BLOCK.findall(page.read_text()))


@page_of_each
def test_a_page_begins_with_what_every_host_has(page: Path) -> None:
    if page.name.startswith(("Planner", "slo-")):
        how = [name for name, _ in BLOCK.findall(page.read_text())]
        assert how == sorted(how, key=["sh", "promql", "logql"].index)
        assert "`/health`" in page.read_text()
    if page.name.startswith("slo-"):
        assert blocks(page, "sh")[0].startswith(".venv/bin/python planner.py slo status\n")


@page_of_each
def test_a_page_asks_for_metrics_that_there_are(page: Path) -> None:
    for query in queries(page):
        asked = metrics_in(query)
        assert asked, query
        assert asked <= ours() | OTHERS, asked - ours() - OTHERS


@pytest.mark.skipif(promtool.PROMTOOL is None, reason="promtool is not installed")
def test_every_query_parses(tmp_path: Path) -> None:
    wrapped = ["groups:", "  - name: queries", "    rules:"]
    for number, query in enumerate(query for page in PAGES.values() for query in queries(page)):
        wrapped += [f"      - record: query_{number}", "        expr: |", f"          {query}"]
    (tmp_path / "queries.yml").write_text("\n".join(wrapped) + "\n")
    assert len(wrapped) > 400
    assert promtool.check([tmp_path / "queries.yml"]) is None
    (tmp_path / "queries.yml").write_text("\n".join(wrapped) + " )\n")
    assert promtool.check([tmp_path / "queries.yml"]), "a query that does not parse is seen"


@page_of_each
def test_a_page_looks_for_events_that_are_logged(page: Path) -> None:
    for block in blocks(page, "logql"):
        found = LOGQL.fullmatch(block.strip())
        assert found, block
        assert set(found[1].split("|")) <= set(EVENTS)
        assert f"""grep -E '"event": "({found[1]})"' planner.log""" in page.read_text()
    for subject, rest in EVENT.findall(prose(page)):
        if subject in SUBJECTS and rest not in {"py", "db", "log", "db-wal", "toml"}:
            assert f"{subject}.{rest}" in EVENTS, f"{subject}.{rest}"


@page_of_each
def test_a_page_names_a_dashboard_that_shows_what_it_asks_for(page: Path) -> None:
    named = BOARD.findall(page.read_text().partition("\n## How to look\n")[2].partition("\n## ")[0])
    assert named
    asked = {metric for query in queries(page) for metric in metrics_in(query)}
    for title, uid in named:
        assert BOARDS[uid].title == " ".join(title.split())
    of_its_own = [uid for _, uid in named if (page.name.startswith("slo-"), uid) != (True, "planner-promises")]
    assert any(asked & shown(uid) for uid in of_its_own)
    assert (len(of_its_own) < len(named)) is page.name.startswith("slo-")


@page_of_each
def test_a_page_tells_of_the_log_or_says_that_none_does(page: Path) -> None:
    assert blocks(page, "logql") or re.search(r"tells of it|No log", page.read_text())


@page_of_each
def test_a_page_names_settings_that_there_are(page: Path) -> None:
    known = {setting.name for setting in TABLE.values()}
    known |= {f"{name}_FILE" for name in known}
    for name in SETTING.findall(page.read_text()):
        assert name in known, name


@page_of_each
def test_what_a_page_links_to_is_there(page: Path) -> None:
    found = LINK.findall(page.read_text())
    assert found, "at least the file in which its rule stands, or the pages of its causes"
    for target in found:
        assert (page.parent / target).resolve().is_file(), target


def _commands(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                yield name
                yield from (f"{name} {rest}" for rest in _commands(below))


def test_every_command_of_the_planner_is_one() -> None:
    known = set(_commands(cli._parser()))
    named = {line.strip() for page in PAGES.values() for line in COMMAND.findall(page.read_text())}
    assert named
    for one in named:
        words = one.split()
        assert one in known or " ".join(words[:2]) in known or words[0] in {"backup", "expand"}, one


ELSEWHERE = re.compile(
    r"docker compose (?!--file stack/compose\.yaml )|-u prometheus|/etc/prometheus/(prometheus|alertmanager)\.yml"
    r"|systemctl \w+ (prometheus|alertmanager)|/var/lib/prometheus\b"
)
"""Of Debian's own services, which are not the stack's, and of a Compose file that is not where a host stands. Where the
stack's own files are within its containers is no such place."""
WATCHERS = {"AlertmanagerCannotNotify", "AlertmanagerConfigStale", "PrometheusCannotNotify", "PrometheusConfigStale",
            "PrometheusNoAlertmanager", "PrometheusRulesFailing", "PrometheusStorageFaulty", "WatcherDown"}  # fmt: skip
"""Of what runs both in containers and without Docker."""


@page_of_each
def test_a_page_looks_at_this_stack_and_at_no_other(page: Path) -> None:
    found = [line for line in page.read_text().splitlines() if ELSEWHERE.search(line)]
    assert not found
    looks = "\n".join(blocks(page, "sh"))
    if page.stem in WATCHERS:
        assert "docker compose --file stack/compose.yaml logs " in looks
        assert "journalctl -u planner-stack " in looks


def test_another_stacks_places_are_seen() -> None:
    for line in ("docker compose ps", "docker compose logs loki", "journalctl -u prometheus-alertmanager",
                 "amtool check-config /etc/prometheus/alertmanager.yml", "systemctl reload prometheus",
                 "systemctl status prometheus-alertmanager", "df -h /var/lib/prometheus"):  # fmt: skip
        assert ELSEWHERE.search(line), line


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_every_line_for_the_shell_is_one() -> None:
    lines = [line for page in PAGES.values() for block in blocks(page, "sh") for line in block.splitlines()]
    ran = subprocess.run(["bash", "-n"], input="\n".join(lines), text=True, capture_output=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_every_look_at_the_database_works_and_only_reads(tmp_path: Path) -> None:
    Store(tmp_path / "planner.db", inline=True).close()
    asked = [shlex.split(line) for page in PAGES.values() for block in blocks(page, "sh")
             for line in block.splitlines() if line.startswith("sqlite3")]  # fmt: skip
    assert len(asked) > 20
    with closing(sqlite3.connect(f"file:{tmp_path / 'planner.db'}?mode=ro", uri=True)) as db:
        for program, how, file, statement in asked:
            assert (program, how, file) == ("sqlite3", "-readonly", "planner.db")
            db.execute(statement).fetchall()
