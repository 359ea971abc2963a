"""``make dist`` makes one file that runs by itself, with everything the planner reads inside."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import tests
from planner.i18n import LANGS

ROOT = Path(tests.__file__).parents[1]
UNPACKED_ONCE_S = 60


@pytest.fixture(scope="module")
def pyz() -> Path:
    """The file as it stands for this tree; built unless it is up to date."""
    subprocess.run(["make", "--silent", "dist"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL, timeout=110)
    return ROOT / "dist" / "planner.pyz"


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the file unpacks itself; one place for all tests, since it costs seconds."""
    return tmp_path_factory.mktemp("shiv")


def run(pyz: Path, unpacked: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", str(pyz), *arguments],
        cwd=unpacked,
        env={"PATH": "/usr/bin:/bin", "SHIV_ROOT": str(unpacked), "HOME": str(unpacked), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=UNPACKED_ONCE_S,
    )


def test_the_one_file_says_what_it_can_do(pyz: Path, unpacked: Path) -> None:
    done = run(pyz, unpacked, "--help")
    assert done.returncode == 0, done.stderr
    assert {"run", "parse", "doctor", "backup", "restore", "localchat", "slo"} <= set(
        done.stdout.replace(",", " ").split()
    )


def test_the_one_file_understands_both_languages(pyz: Path, unpacked: Path) -> None:
    settings = ("--now", "2026-11-21T11:00:00+01:00", "--tz", "Europe/Berlin", "--json")
    for lang, phrase, title in (("en", "dentist tomorrow at 9:30", "dentist"), ("ru", "завтра в 9:30 врач", "врач")):
        done = run(pyz, unpacked, "parse", phrase, *settings, "--lang", lang)
        assert done.returncode == 0, done.stderr
        understood = json.loads(done.stdout)
        assert understood["title"] == title
        assert understood["start"].startswith("2026-11-22T09:30:00")


READS = """
import asyncio, sys, tempfile
from planner.clock import SystemClock
from planner.feeds.apart import Apart
from planner.ics.entry import Limits
from planner.ics.prepare import Order
from planner.owing import Owner
order = Order(1, 2, Owner("Europe/Berlin", (), None), None, False, False, {}, 0, Limits())
with tempfile.TemporaryFile() as file:
    file.write(b"BEGIN:VCALENDAR\\nBEGIN:VEVENT\\nUID:a\\nDTSTART:20261125T090000Z\\nEND:VEVENT\\nEND:VCALENDAR\\n")
    file.flush()
    print(asyncio.run(Apart(SystemClock()).read(file, order)).present)
"""


def test_the_one_file_reads_calendars_in_a_process_of_their_own(pyz: Path, unpacked: Path) -> None:
    script = unpacked / "reads.py"
    script.write_text(READS)
    done = run(pyz, unpacked, str(script), SHIV_INTERPRETER="1")
    assert done.stdout == "{'a'}\n", done.stderr


def test_the_one_file_holds_every_file_the_planner_reads(pyz: Path) -> None:
    with zipfile.ZipFile(pyz) as archive:
        names = set(archive.namelist())
    resources = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "planner").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    assert {f"site-packages/{name}" for name in resources} <= names
    for lang in LANGS[1:]:
        assert f"site-packages/planner/locale/{lang}/LC_MESSAGES/planner.mo" in names
    assert "site-packages/planner/LICENSE" in names


def test_the_one_file_holds_nothing_of_the_machine_it_was_made_on(pyz: Path) -> None:
    with zipfile.ZipFile(pyz) as archive:
        assert not [name for name in archive.namelist() if name.endswith((".pyc", "direct_url.json", ".env", ".db"))]
        made = json.loads(archive.read("environment.json"))
        assert {one.date_time[0] for one in archive.infolist()} == {1980}
    assert made["built_at"].startswith("1980")
    assert str(ROOT).encode() not in pyz.read_bytes()


def test_an_installed_planner_holds_every_file_it_reads() -> None:
    """What ``pip install .`` takes along is named in ``pyproject.toml``; whatever is no module has to match."""
    data = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]["planner"]
    matched = {path for pattern in data for path in (ROOT / "planner").glob(pattern)}
    others = {
        path
        for path in (ROOT / "planner").rglob("*")
        if path.is_file() and path.suffix not in {".py", ".po"} and "__pycache__" not in path.parts
    }
    assert others - matched == set()
