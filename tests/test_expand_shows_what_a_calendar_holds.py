"""``expand``: a calendar's occurrences in order, from a file, an address or stdin; what is not read is said."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from planner import cli, expand
from planner.config import TABLE

NOON = 1_795_262_400_000
"""2026-11-21T12:00:00Z"""
PROGRAM = Path(__file__).parent.parent / "planner.py"
SECRET = "hush-hush"

SERIES = ("UID:standup", "SUMMARY:Standup", "DTSTART;TZID=Europe/Berlin:20261023T100000",
          "DTEND;TZID=Europe/Berlin:20261023T101500", "RRULE:FREQ=DAILY;COUNT=4",
          "EXDATE;TZID=Europe/Berlin:20261024T100000")  # fmt: skip
MOVED = ("UID:standup", "SUMMARY:Standup\\, later", "RECURRENCE-ID;TZID=Europe/Berlin:20261025T100000",
         "DTSTART;TZID=Europe/Berlin:20261025T143000", "DURATION:PT1H")  # fmt: skip
HOLIDAY = ("UID:holiday", "SUMMARY:Отпуск", "DTSTART;VALUE=DATE:20261025", "DTEND;VALUE=DATE:20261028")
BROKEN = ("UID:broken", "SUMMARY:Dentist", "DTSTART:20269999T100000Z")
OCTOBER = ["--from", "2026-10-01", "--to", "2026-11-01", "--tz", "Europe/Berlin"]


def calendar(*events: tuple[str, ...]) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN"]
    for event in events:
        lines += ["BEGIN:VEVENT", "DTSTAMP:20260101T000000Z", *event, "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TZ", "Europe/Berlin")
    monkeypatch.setattr("planner.clock.SystemClock.now", lambda _: NOON)
    for setting in TABLE.values():
        monkeypatch.delenv(setting.name, raising=False)


def kept(*events: tuple[str, ...]) -> str:
    Path("team.ics").write_bytes(calendar(*events))
    return "team.ics"


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_occurrences_come_in_order_across_the_change_of_the_clock(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["expand", kept(SERIES, MOVED, HOLIDAY), *OCTOBER, "--json"]) == 0
    said = capsys.readouterr()
    standup = {"uid": "standup", "all_day": False, "summary": "Standup"}
    assert lines(said.out) == [
        {**standup, "start": "2026-10-23T10:00:00+02:00", "end": "2026-10-23T10:15:00+02:00"},
        {"uid": "holiday", "all_day": True, "summary": "Отпуск", "start": "2026-10-25", "end": "2026-10-28"},
        {**standup, "summary": "Standup, later", "start": "2026-10-25T14:30:00+01:00",
         "end": "2026-10-25T15:30:00+01:00"},
        {**standup, "start": "2026-10-26T10:00:00+01:00", "end": "2026-10-26T10:15:00+01:00"},
    ]  # fmt: skip
    assert said.err == ""


def test_people_read_a_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["expand", kept(SERIES, HOLIDAY), "--from", "2026-10-26", "--to", "2026-10-27",
                     "--tz", "UTC"]) == 0  # fmt: skip
    assert capsys.readouterr().out.splitlines() == [
        "2026-10-25  2026-10-28  Отпуск",
        "2026-10-26T09:00:00+00:00  2026-10-26T09:15:00+00:00  Standup",
    ]


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        (["--from", "2026-10-23T10:15", "--to", "2026-10-23T12:00"], 0),
        (["--from", "2026-10-23T10:14:59", "--to", "2026-10-23T12:00"], 1),
        (["--from", "2026-10-23T08:14:59Z", "--to", "2026-10-23T12:00"], 1),
        (["--from", "2026-10-23T00:00", "--to", "2026-10-23T10:00+02:00"], 0),
        (["--from", "2026-10-23", "--to", "2026-10-23T10:00:01"], 1),
        (["--from", "2026-10-23"], 2),
        ([], 0),
    ],
    ids=str,
)
def test_the_window_takes_dates_and_times_with_and_without_an_offset(
    asked: list[str], shown: int, capsys: pytest.CaptureFixture[str]
) -> None:
    once = (*SERIES[:-2], "RRULE:FREQ=DAILY;COUNT=2")
    assert cli.main(["expand", kept(once), *asked]) == 0
    assert len(capsys.readouterr().out.splitlines()) == shown


def test_without_a_window_it_is_the_next_30_days_in_this_machines_zone(capsys: pytest.CaptureFixture[str]) -> None:
    daily = ("UID:tea", "SUMMARY:Tea", "DTSTART:20261121T125959Z", "RRULE:FREQ=DAILY")
    assert cli.main(["expand", kept(daily), "--json"]) == 0
    said = lines(capsys.readouterr().out)
    assert [said[0]["start"], said[-1]["start"], len(said)] == [
        "2026-11-21T13:59:59+01:00", "2026-12-20T13:59:59+01:00", 30,
    ]  # fmt: skip


def test_a_calendar_comes_from_stdin(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(calendar(SERIES))))
    assert cli.main(["expand", "-", *OCTOBER]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3


def test_events_that_cannot_be_read_are_named_the_others_are_shown_and_it_is_exit_1(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["expand", kept(BROKEN, SERIES), *OCTOBER]) == 1
    said = capsys.readouterr()
    assert len(said.out.splitlines()) == 3
    assert said.err.startswith("planner: 'Dentist': ")
    assert len(said.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "it has no content"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "it is a web page"),
        (b"Dear all,\n", "it is not a calendar"),
        (calendar(SERIES)[:-20], "it breaks off before its end"),
    ],
)
def test_what_is_no_calendar_is_said_in_a_line_and_is_exit_1(
    content: bytes, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("team.ics").write_bytes(content)
    assert cli.main(["expand", "team.ics"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"planner: that calendar cannot be read: {why}")
    assert len(said.err.splitlines()) == 1


def test_a_file_that_is_not_there_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["expand", "nowhere.ics"]) == 1
    assert capsys.readouterr().err == "planner: nowhere.ics: No such file or directory\n"


def test_more_than_is_taken_is_refused_and_names_the_setting(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLANNER_FEED_MAX_MB", "1")
    monkeypatch.setenv("PLANNER_FEED_MAX_EVENTS", "1")
    big = kept(("UID:big", f"DESCRIPTION:{'x' * 2**20}", "DTSTART:20261121T100000Z"))
    assert cli.main(["expand", big]) == 1
    assert "PLANNER_FEED_MAX_MB" in capsys.readouterr().err
    assert cli.main(["expand", kept(SERIES, HOLIDAY)]) == 1
    assert "PLANNER_FEED_MAX_EVENTS" in capsys.readouterr().err


@pytest.mark.parametrize(
    "wrong",
    [
        ["--from", "yesterday"],
        ["--tz", "Nowhere"],
        ["--tz", "/etc/passwd"],
        ["--from", "2026-10-02", "--to", "2026-10-02"],
        ["--from", "2026-10-02", "--to", "2026-10-01"],
        ["--from", "99999999"],
    ],
    ids=" ".join,
)
def test_a_window_or_a_zone_that_is_none_is_exit_2(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["expand", kept(SERIES), *wrong]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "an example: --from 2026-11-21 --to 2026-12-01T10:00 --tz Europe/Berlin" in said.err
    assert len(said.err.splitlines()) == 1


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York", "UTC"])
@pytest.mark.parametrize("ends", [["--from", "0001-01-01"], ["--to", "9999-12-31T23:59:59"]], ids=" ".join)
def test_from_the_first_to_the_last_of_all_days_is_no_crash(
    ends: list[str], zone: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["expand", kept(SERIES), *ends, "--tz", zone]) in {0, 2}
    assert "Traceback" not in capsys.readouterr().err


def test_only_so_many_are_shown_and_it_is_said_and_is_exit_1(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expand, "OCCURRENCES_MAX", 2)
    assert cli.main(["expand", kept(SERIES), *OCTOBER]) == 1
    said = capsys.readouterr()
    assert len(said.out.splitlines()) == 2
    assert said.err.startswith("planner: there are more than 2 occurrences")


def test_of_a_series_that_comes_too_often_the_first_are_shown_and_it_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expand, "EACH_MAX", 2)
    once = ("UID:once", "SUMMARY:Once", "DTSTART:20261031T100000Z")
    assert cli.main(["expand", kept(SERIES, once), *OCTOBER]) == 1
    said = capsys.readouterr()
    assert [line.rpartition("  ")[2] for line in said.out.splitlines()] == ["Standup", "Standup", "Once"]
    assert said.err == "planner: 'Standup': only its first 2 are shown\n"


def test_a_title_does_nothing_to_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    odd = ("UID:odd", "SUMMARY:a\x1b[2Jb\\nc\x9bd", "DTSTART:20261121T130000Z")
    assert cli.main(["expand", kept(odd)]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.isprintable()


@pytest.mark.parametrize("name", ["UID:x\r\nRRULE:FREQ=SECONDLY", "UID:x\r\nRRULE:FREQ=MINUTELY;INTERVAL=0"])
def test_a_rule_without_end_ends(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    hostile = (name, "SUMMARY:x", "DTSTART:19700101T000000Z")
    assert cli.main(["expand", kept(hostile, SERIES), "--from", "2026-01-01", "--to", "2027-01-01", "--json"]) in {0, 1}
    assert len([one for one in lines(capsys.readouterr().out) if one["uid"] == "standup"]) == 3


def test_a_calendar_that_takes_too_long_is_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expand, "CPU_S", 0.1)
    hostile = [(f"UID:{number}", "DTSTART:20200101T000000Z", "RRULE:FREQ=SECONDLY") for number in range(200)]
    assert cli.main(["expand", kept(*hostile)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "it takes more time or memory to read than a calendar may" in said.err


class _Served(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        found = self.path == "/team.ics"
        self.send_response(200 if found else 404)
        self.end_headers()
        self.wfile.write(calendar(SERIES) if found else b"no")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), _Served) as http:
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"alice:{SECRET}@127.0.0.1:{http.server_port}"
        http.shutdown()
        thread.join()


def test_a_calendar_comes_from_an_address_at_home_too(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["expand", f"http://{server}/team.ics", *OCTOBER]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3


def test_of_an_address_that_gives_none_nothing_is_shown(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["expand", f"http://{server}/{SECRET}.ics"]) == 1
    said = capsys.readouterr()
    assert said.err.startswith("planner: that calendar cannot be read: there is no calendar at that address")
    assert SECRET not in said.out + said.err


def test_a_reader_that_has_gone_is_no_crash() -> None:
    kept(("UID:tea", "SUMMARY:Tea", "DTSTART:20261121T125959Z", "RRULE:FREQ=DAILY"))
    asking = f"{sys.executable} {PROGRAM} expand team.ics --from 2027-01-01 --to 2037-01-01 --json | head -1"
    ended = subprocess.run(["/bin/sh", "-c", asking], check=False, capture_output=True, text=True)
    assert json.loads(ended.stdout)["summary"] == "Tea"
    assert ended.stderr == ""
