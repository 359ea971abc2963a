"""Every command: ``--help``, exit 0, 1 or 2, results on stdout and all else on stderr, ``--json`` an object a line."""

from __future__ import annotations

import argparse
import io
import json
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from planner import __version__, cli
from planner.config import TABLE
from planner.model import DAY, HOUR, MINUTE
from planner.store import Store, Tx
from planner.store.lock import RunLock
from planner.store.schema import MIGRATIONS

TOKEN = "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"
NOON = 1_795_262_400_000


def _commands(parser: argparse.ArgumentParser, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield before
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, sub in action.choices.items():
                yield from _commands(sub, (*before, name))


COMMANDS = sorted(_commands(cli._parser()))


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for setting in TABLE.values():
        monkeypatch.delenv(setting.name, raising=False)
        monkeypatch.delenv(f"{setting.name}_FILE", raising=False)


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planner.clock.SystemClock.now", lambda _: NOON)


def _counted(good: int, bad: int, *, slo: str = "reminders", ago: int = HOUR) -> None:
    """A database with counts in it."""

    def job(tx: Tx) -> None:
        tx.counts.add_many([(slo, NOON - ago, True)] * good + [(slo, NOON - ago, False)] * bad)

    store = Store(Path("planner.db"), inline=True)
    with store._db._writer:
        store._db._writer.execute("BEGIN")
        job(Tx(store._db._writer))
    store.close()


def _lines(out: str) -> list[dict]:
    return [json.loads(line) for line in out.splitlines()]


# All of them


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_help(command: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([*command, "--help"])
    said = capsys.readouterr()
    assert ended.value.code == 0
    assert said.out.startswith("usage: planner.py")
    assert len(said.out.splitlines()) > 3
    assert said.err == ""


def test_the_commands_are_those_of_the_contract() -> None:
    named = {" ".join(command) for command in COMMANDS}
    assert named >= {"run", "parse", "expand", "localchat", "doctor", "backup", "restore"}
    assert named >= {f"slo {name}" for name in ("status", "report", "generate", "simulate", "forecast", "policy")}


def test_help_names_every_setting(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    said = capsys.readouterr().out
    assert all(setting.name in said for setting in TABLE.values())


def test_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.strip() == __version__


@pytest.mark.parametrize(
    "wrong",
    [["nonsense"], ["slo"], ["slo", "nonsense"], ["backup"], ["restore"], ["run", "x"], ["doctor", "--no"], ["--no"]],
    ids=" ".join,
)
def test_wrong_use_is_exit_2_and_says_so_on_stderr(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(wrong)
    said = capsys.readouterr()
    assert ended.value.code == 2
    assert said.out == ""
    assert "usage:" in said.err


@pytest.mark.parametrize(
    "command",
    [["run"], [], ["localchat"], ["slo", "status"], ["backup", "x"], ["restore", "x"], ["expand", "x"]],
    ids=" ".join,
)
def test_a_wrong_setting_stops_any_command_with_one_line_and_exit_2(
    command: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLANNER_SEND_RATE", "fast")
    assert cli.main(command) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "planner: PLANNER_SEND_RATE: 'fast' is no number; an example: PLANNER_SEND_RATE=30\n"


def test_settings_come_from_the_file_env_too(capsys: pytest.CaptureFixture[str]) -> None:
    Path(".env").write_text("PLANNER_HTTP=nowhere\n")
    assert cli.main(["run"]) == 2
    assert "PLANNER_HTTP: 'nowhere' is no host:port" in capsys.readouterr().err


def test_a_token_is_not_shown_by_any_refusal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_TOKEN", f"{TOKEN} ?")
    for command in ([], ["doctor"], ["slo", "status"]):
        assert cli.main(command) != 0
        said = capsys.readouterr()
        assert TOKEN not in said.out + said.err


# run


def test_a_second_run_on_the_same_file_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    lock = RunLock(Path("planner.db"))
    assert cli.main(["run"]) == 1
    lock.release()
    assert "planner: another planner runs on planner.db: stop that one first" in capsys.readouterr().err


def test_a_newer_database_is_refused_and_left_as_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    _counted(1, 0)
    with closing(sqlite3.connect("planner.db")) as connection:
        connection.execute(f"PRAGMA user_version={len(MIGRATIONS) + 1}")
    before = Path("planner.db").read_bytes()
    assert cli.main(["run"]) == 1
    assert "was written by a newer planner" in capsys.readouterr().err
    assert Path("planner.db").read_bytes() == before


def test_an_address_that_is_taken_is_said_in_a_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        monkeypatch.setenv("PLANNER_HTTP", address)
        for command in ("run", "localchat"):
            assert cli.main([command]) == 1
            assert f"cannot listen on {address}" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["run", "localchat"])
def test_a_local_chat_that_others_could_reach_is_refused(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLANNER_HTTP", "192.0.2.1:80")
    assert cli.main([command]) != 0
    said = capsys.readouterr().err
    assert said.startswith("planner: PLANNER_HTTP: 192.0.2.1 is open to other machines")
    assert len(said.splitlines()) == 1


# parse


def test_a_phrase_that_is_understood_is_exit_0(capsys: pytest.CaptureFixture[str]) -> None:
    at = ["--now", "2026-11-21T10:00", "--tz", "Europe/Berlin"]
    assert cli.main(["parse", *at, "--json", "dentist", "tomorrow", "at", "9:30"]) == 0
    (said,) = _lines(capsys.readouterr().out)
    assert said["title"] == "dentist"
    assert said["start"] == "2026-11-22T09:30:00+01:00"
    assert said["status"] == "ok"
    assert said.keys() >= {"title", "start", "end", "all_day", "rrule", "leads_s", "status", "choices", "why"}


def test_phrases_come_from_stdin_a_line_each_and_one_that_is_not_understood_is_exit_1(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("tea in 5 minutes\nnothing at all\nлюбой текст\n"))
    assert cli.main(["parse", "--json", "--now", "2026-11-21T10:00", "--tz", "UTC"]) == 1
    said = _lines(capsys.readouterr().out)
    assert [one["status"] for one in said] == ["ok", "refused", "refused"]
    assert said[1]["start"] is None


@pytest.mark.parametrize(
    "wrong",
    [
        ["--now", "yesterday"],
        ["--tz", "Nowhere"],
        ["--tz", "/etc/passwd"],
        ["--tz", "America"],
        ["--now", "2026-11-21T10:00+01:00", "--tz", "Nowhere"],
        ["--now", "99999999"],
    ],
    ids=" ".join,
)
def test_an_instant_or_a_zone_that_is_none_is_exit_2(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["parse", *wrong, "tea at 17:00"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "an example: --now 2026-11-21T10:00 --tz Europe/Berlin" in said.err
    assert len(said.err.splitlines()) == 1


# slo status


@pytest.mark.parametrize(
    ("good", "bad", "code", "verdict"),
    [(0, 0, 0, "idle"), (100, 0, 0, "kept"), (99, 1, 0, "kept"), (985, 15, 0, "below objective"), (97, 3, 1, "broken")],
)
@pytest.mark.usefixtures("noon")
def test_status_says_how_each_promise_stands_and_a_broken_one_is_exit_1(
    good: int, bad: int, code: int, verdict: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _counted(good, bad)
    assert cli.main(["slo", "status", "--json"]) == code
    said = {one["slo"]: one for one in _lines(capsys.readouterr().out)}
    assert said["reminders"]["verdict"] == verdict
    assert said["reminders"]["sli"] == (good / (good + bad) if good else None)
    assert (said["reminders"]["good"], said["reminders"]["bad"]) == (good, bad)
    assert said.keys() == {"reminders", "plans", "chat", "syncs", "feeds", "up", "probes", "heartbeat"}
    assert said["plans"]["verdict"] == "idle"

    assert cli.main(["slo", "status"]) == code
    lines = capsys.readouterr().out.splitlines()
    assert [line[:20].strip() for line in lines[1:9]] == [one["name"] for one in said.values()]
    assert verdict in lines[1]


@pytest.mark.usefixtures("noon")
def test_status_says_what_is_left_of_the_budget_and_how_fast_it_burns(capsys: pytest.CaptureFixture[str]) -> None:
    _counted(98, 2, ago=3 * HOUR)
    assert cli.main(["slo", "status", "--json"]) == 0
    said = {one["slo"]: one for one in _lines(capsys.readouterr().out)}
    assert said["reminders"]["budget_left"] == -1, "1 % may be late, and 2 % were"
    burns = said["reminders"]["burn_rate"]
    assert burns.pop("1h") is None, "nothing came due"
    assert burns == {"6h": 2, "1d": 2, "7d": 2}, "and no 2.0000000000000018"
    assert said["plans"]["budget_left"] is None


@pytest.mark.usefixtures("noon")
def test_a_rate_just_below_its_objective_does_not_read_as_kept(capsys: pytest.CaptureFixture[str]) -> None:
    _counted(98_999, 1_001)
    assert cli.main(["slo", "status"]) == 0
    line = capsys.readouterr().out.splitlines()[1]
    assert "98.99\xa0%" in line
    assert "below objective" in line


@pytest.mark.usefixtures("noon")
def test_only_the_window_counts(capsys: pytest.CaptureFixture[str]) -> None:
    _counted(10, 0)
    _counted(0, 50, ago=7 * DAY + 10 * MINUTE)
    assert cli.main(["slo", "status", "--json"]) == 0
    assert _lines(capsys.readouterr().out)[0]["bad"] == 0


def test_status_works_beside_a_running_planner(capsys: pytest.CaptureFixture[str]) -> None:
    lock = RunLock(Path("planner.db"))
    store = Store(Path("planner.db"), inline=True)
    assert cli.main(["slo", "status"]) == 0
    store.close()
    lock.release()
    assert capsys.readouterr().out.count(" idle ") == 8


@pytest.mark.parametrize("content", [None, b"", b"no database " * 100])
def test_without_a_database_it_says_so_in_a_line(content: bytes | None, capsys: pytest.CaptureFixture[str]) -> None:
    if content is not None:
        Path("planner.db").write_bytes(content)
    assert cli.main(["slo", "status"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("planner: planner.db")
    assert len(said.err.splitlines()) == 1


def test_before_the_first_start_it_says_that_there_is_no_database_yet(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["slo", "status"]) == 1
    line = "planner: planner.db is not there: start the planner once, or name its database in PLANNER_DB\n"
    assert capsys.readouterr().err == line


@pytest.mark.parametrize("command", [[], ["slo"], ["slo", "status"]], ids=" ".join)
def test_help_says_what_an_exit_code_means(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main([*command, "--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert "Exit 0" in said
    assert "2: wrong use or setting" in said


@pytest.mark.parametrize("text", ["x = ", "", "[slo]", '[slo.reminders]\nname = "x"\n', "[slo]\nx = 1"])
def test_promises_that_cannot_be_read_name_the_fault(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    _counted(1, 0)
    Path("slo.toml").write_text(text)
    assert cli.main(["slo", "status"]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"planner: {Path('slo.toml').absolute()}")
    assert len(said.splitlines()) == 1


# backup, restore, doctor


def test_a_backup_and_back(capsys: pytest.CaptureFixture[str]) -> None:
    _counted(1, 0)
    assert cli.main(["backup", "copy.db", "--json"]) == 0
    (said,) = _lines(capsys.readouterr().out)
    assert said == {"file": "copy.db", "bytes": Path("copy.db").stat().st_size}
    assert cli.main(["backup", "copy.db"]) == 1
    assert "exists already" in capsys.readouterr().err
    assert cli.main(["restore", "copy.db", "--json"]) == 0
    (said,) = _lines(capsys.readouterr().out)
    assert said == {"database": "planner.db", "aside": "planner.db.before-restore-1"}
    assert cli.main(["restore", "copy.db"]) == 0
    assert "what was there is in planner.db.before-restore-2" in capsys.readouterr().out


def test_nothing_is_restored_beneath_a_running_planner(capsys: pytest.CaptureFixture[str]) -> None:
    _counted(1, 0)
    assert cli.main(["backup", "copy.db"]) == 0
    lock = RunLock(Path("planner.db"))
    assert cli.main(["restore", "copy.db"]) == 1
    lock.release()
    assert "another planner runs" in capsys.readouterr().err


def test_the_doctor_finds_all_well_where_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["doctor", "--json"]) == 0
    found = {one["name"]: one for one in _lines(capsys.readouterr().out)}
    assert found.keys() >= {"settings", "database", "disk", "clock", "telegram"}
    assert all(one["ok"] and not one["do"] for one in found.values())


def test_the_doctor_says_what_is_wrong_and_what_to_do(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("planner.db").write_text("no database " * 100)
    monkeypatch.setattr("planner.clock.SystemClock.now", lambda _: 0)
    assert cli.main(["doctor", "--json"]) == 1
    found = {one["name"]: one for one in _lines(capsys.readouterr().out)}
    assert not found["database"]["ok"]
    assert not found["clock"]["ok"]
    assert found["disk"]["ok"], "one failure keeps nothing else from being looked at"
    assert all(one["do"] for one in found.values() if not one["ok"])
    assert cli.main(["doctor"]) == 1
    assert "FAIL" in capsys.readouterr().out


def test_the_doctor_reads_a_newer_database_and_a_wrong_setting(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _counted(1, 0)
    with closing(sqlite3.connect("planner.db")) as connection:
        connection.execute(f"PRAGMA user_version={len(MIGRATIONS) + 1}")
    assert cli.main(["doctor"]) == 1
    assert "update the planner" in capsys.readouterr().out
    monkeypatch.setenv("PLANNER_KEEP_DAYS", "never")
    assert cli.main(["doctor"]) == 1
    assert "PLANNER_KEEP_DAYS: 'never'" in capsys.readouterr().out


def test_the_doctor_and_the_start_name_every_wrong_setting(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLANNER_KEEP_DAYS", "never")
    monkeypatch.setenv("PLANNER_HTTP", "here")
    assert cli.main(["doctor", "--json"]) == 1
    found = _lines(capsys.readouterr().out)
    assert [one["seen"].partition(":")[0] for one in found] == ["PLANNER_HTTP", "PLANNER_KEEP_DAYS"]
    assert cli.main(["run"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert [line[:22] for line in lines] == ["planner: PLANNER_HTTP:", "planner: PLANNER_KEEP_"]


def test_a_reader_that_has_gone_is_no_crash() -> None:
    program = Path(__file__).parent.parent / "planner.py"
    asking = f"yes tea at 17:00 | head -3000 | {sys.executable} {program} parse --json | head -1"
    ended = subprocess.run(["/bin/sh", "-c", asking], check=False, capture_output=True, text=True)
    assert json.loads(ended.stdout)["title"] == "tea"
    assert ended.stderr == ""
