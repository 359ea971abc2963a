"""``planner.py slo report``: which time, what goes where, and how it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import tests
from planner import cli
from planner.config import TABLE
from planner.model import HOUR
from planner.store.db import Database
from planner.store.schema import MIGRATIONS
from tests.slo import month

NOW = month.DECEMBER + 10 * HOUR
ASK = ("slo", "report", "--tz", month.ZONE)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("month")
    month.fill(folder / "planner.db")
    return folder


@pytest.fixture
def folder(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("planner.clock.SystemClock.now", lambda _: NOW)
    for setting in TABLE.values():
        monkeypatch.delenv(setting.name, raising=False)
        monkeypatch.delenv(f"{setting.name}_FILE", raising=False)
    monkeypatch.setenv("PLANNER_DB", str(filled / "planner.db"))
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_without_anything_it_is_the_last_week_that_is_over_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([*ASK]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("Promises: Week 48 of 2026\n")
    assert "Mon 23 Nov 2026 to Sun 29 Nov 2026, Europe/Berlin" in said.out
    assert said.err == ""


@pytest.mark.usefixtures("folder")
def test_a_report_that_was_made_ends_well_whatever_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([*ASK, "--month", "2026-11"]) == 0
    assert "Broken: Calendars fresh (87.52\xa0%)." in capsys.readouterr().out


@pytest.mark.usefixtures("folder")
def test_json_is_one_object_a_line_with_every_figure(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLANNER_PRICE_PER_BROKEN_MINUTE", "0.5")
    assert cli.main([*ASK, "--month", "2026-11", "--json"]) == 0
    [line] = capsys.readouterr().out.splitlines()
    found = json.loads(line)
    assert found["period"] == {
        "name": "November 2026",
        "from": "2026-11-01T00:00:00+01:00",
        "to": "2026-12-01T00:00:00+01:00",
        "before": "2026-10-01T00:00:00+02:00",
        "zone": "Europe/Berlin",
        "running": False,
    }
    assert (found["broken_min"], found["cost"]) == (315, 157.5)
    reminders = next(one for one in found["slos"] if one["slo"] == "reminders")
    assert (reminders["good"], reminders["bad"], reminders["verdict"]) == (1_280, 10, "kept")
    assert len(reminders["slices"]) == 30
    assert reminders["slices"][8] == {
        "from": "2026-11-09T00:00:00+01:00",
        "day": "2026-11-09",
        "good": 37,
        "bad": 6,
        "sli": 0.860465116,
        "budget_spent": 0.465116279,
    }
    assert sum(one["bad"] for one in reminders["causes"]) == 10
    chat = next(one for one in found["slos"] if one["slo"] == "chat")
    assert (chat["sli"], chat["budget_left"], chat["verdict"]) == (None, None, "idle")


@pytest.mark.usefixtures("folder")
def test_where_the_stack_tells_of_alerts_the_report_says_where_to_look(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cli.main([*ASK])
    assert "Alertmanager" not in capsys.readouterr().out
    monkeypatch.setenv("PLANNER_ALERTS", "stack")
    cli.main([*ASK])
    assert "see Alertmanager" in capsys.readouterr().out


def test_files_are_written_and_nothing_goes_to_stdout(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([*ASK, "--month", "2026-11", "--html", "r.html", "--pdf", "r.pdf"]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == ["planner: r.html is written", "planner: r.pdf is written"]
    assert (folder / "r.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert (folder / "r.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["--week", "47"], "'47' is no week; an example: --week 2026-W47"),
        (
            ["--month", "2026-11", "--week", "2026-W47"],
            "one of --week, --month, and --from with --to; an example: --month 2026-11",
        ),
        (["--from", "soon"], "'soon' is no date or time; an example: --from 2026-11-01 --to 2026-11-15T12:00"),
        (["--tz", "Mars/Base"], "no zone is called 'Mars/Base'; an example: --tz Europe/Berlin"),
    ],
)
def test_a_wrong_time_is_one_line_with_an_example_of_that_very_option(
    arguments: list[str], fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([*ASK, *arguments]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == f"planner: {fault}\n"


@pytest.mark.usefixtures("folder")
def test_a_database_that_is_not_there_is_a_negative_answer(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLANNER_DB", "nowhere.db")
    assert cli.main([*ASK]) == 1
    assert "nowhere.db is not there" in capsys.readouterr().err


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("asked", [("slo", "status"), ASK])
@pytest.mark.parametrize(
    ("migrations", "fault"),
    [(MIGRATIONS[:4], "start the planner once, it brings its database up to date"),
     ((*MIGRATIONS, "SELECT 1;"), "was written by a newer planner")],
)  # fmt: skip
def test_a_database_of_another_version_says_what_to_do(
    asked: tuple[str, ...], migrations: tuple[str, ...], fault: str, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    Database(Path("other.db"), migrations, inline=True).close()
    monkeypatch.setenv("PLANNER_DB", "other.db")
    assert cli.main([*asked]) == 1
    said = capsys.readouterr().err
    assert fault in said
    assert "no such table" not in said


@pytest.mark.usefixtures("folder")
def test_a_file_that_cannot_be_written_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([*ASK, "--html", "nowhere/r.html"]) == 1
    assert capsys.readouterr().err == (
        "planner: cannot write nowhere/r.html: No such file or directory; name another file\n"
    )


def test_the_report_changes_nothing(folder: Path, filled: Path) -> None:
    before = (filled / "planner.db").read_bytes()
    assert cli.main([*ASK, "--month", "2026-11", "--html", "r.html"]) == 0
    assert (filled / "planner.db").read_bytes() == before


def test_text_alone_costs_no_library_for_paper_or_mail(filled: Path) -> None:
    script = (
        "import sys, os\n"
        "from planner import cli\n"
        "cli.main(['slo', 'report', '--month', '2026-11'])\n"
        "heavy = {'fpdf', 'PIL', 'smtplib', 'aiogram', 'aiohttp', 'icalendar'}\n"
        "print(*sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    root = Path(tests.__file__).parents[1]
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=filled, capture_output=True, text=True, check=True,
        env={"PYTHONPATH": str(root), "PATH": "", "PLANNER_DB": "planner.db"},
    )  # fmt: skip
    assert ran.stderr == "\n"
    assert ran.stdout.startswith("Promises: November 2026")
