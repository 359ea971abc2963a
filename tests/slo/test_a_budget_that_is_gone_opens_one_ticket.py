"""``slo policy``: ship, careful or freeze from the budget, exit 1 on freeze, and one ticket while a budget is gone."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner import cli, promises, tickets
from planner.config import TABLE
from planner.model import DAY, HOUR, MINUTE
from planner.slo import ticket
from planner.slo.history import STEPS, History, Step, back_since, gone, gone_since
from planner.slo.policy import Course, Decision, as_data, why
from planner.slo.status import Status
from planner.store import Store, Tx

NOW = 1_795_262_400_000
SLO = promises.load().slos[0]
GONE = [slo for slo in promises.load().slos if slo.counts == SLO.counts]
HUSH = "5ecret-of-the-hook"


def decision(good: int, bad: int, since: int | None = None, back: int | None = None) -> Decision:
    return Decision(Status(SLO, good, bad), since, back)


# What the budget allows


@pytest.mark.parametrize(
    ("good", "bad", "course"),
    [
        (0, 0, Course.SHIP),
        (1_000, 0, Course.SHIP),
        (9_925, 75, Course.SHIP),
        (9_924, 76, Course.CAREFUL),
        (9_901, 99, Course.CAREFUL),
        (9_900, 100, Course.FREEZE),
        (0, 1, Course.FREEZE),
    ],
)
def test_the_course_follows_from_the_budget(good: int, bad: int, course: Course) -> None:
    assert decision(good, bad).course is course


ORDER = list(Course)


@given(st.integers(0, 100_000), st.integers(0, 100_000))
def test_what_is_worse_allows_no_more(good: int, bad: int) -> None:
    one = ORDER.index(decision(good, bad).course)
    assert one <= ORDER.index(decision(good, bad + 1).course)
    if good + bad:
        assert one >= ORDER.index(decision(good + 1, bad).course)


def test_it_says_why_and_when_they_are_too_few_to_tell() -> None:
    assert why(decision(0, 0)) == "idle: nothing came due"
    assert why(decision(1_000, 0)) == "100\xa0% of the budget left, 0 bad of 1000"
    assert why(decision(69, 1, NOW)) == (
        "-43\xa0% of the budget left, 1 bad of 70, gone since 2026-11-21 12:00 UTC (too few to tell)"
    )
    said = as_data(decision(69, 1, NOW))
    assert (said["decision"], said["sure"], said["gone_since"]) == ("freeze", "too few to tell", "2026-11-21T12:00:00Z")


# Since when it is gone


def past(*bad: int, each: int = 10) -> History:
    """So many bad ones in the latest hours, and none before."""
    quiet = (Step(each, 0),) * (2 * STEPS - len(bad))
    return History(SLO, NOW, HOUR, (*quiet, *(Step(each - one, one) for one in bad)))


def test_a_budget_is_gone_from_the_hour_on_in_which_it_went() -> None:
    broken = past(9, 8, 7, 0, 0)
    assert gone(broken)[-6:] == [False, False, True, True, True, True], "16.8 of 1680 may be bad"
    assert gone_since(broken) == NOW - 3 * HOUR
    assert back_since(broken) is None


def test_it_is_back_when_what_was_bad_has_left_the_window() -> None:
    back = past(10, 10, *[0] * (STEPS - 1))
    assert gone_since(back) is None
    assert back_since(back) == NOW
    assert back_since(past(10, 10, *[0] * STEPS)) == NOW - HOUR
    assert gone_since(past(10, 10, *[0] * (STEPS - 2))) == NOW - (STEPS - 2) * HOUR
    assert back_since(past(1)) is None
    assert gone_since(past(each=0)) is None, "idle"


@pytest.mark.parametrize(
    "ago", [3 * MINUTE, 20 * MINUTE, 59 * MINUTE, 61 * MINUTE, 5 * HOUR, 3 * DAY + 11 * MINUTE, 6 * DAY]
)
def test_since_when_is_the_same_whenever_it_is_asked(tmp_path: Path, ago: int) -> None:
    store = Store(tmp_path / "planner.db", inline=True)
    with store._db._writer as writer:
        writer.execute("BEGIN")
        Tx(writer).counts.add_many([("reminders", NOW + 7 * MINUTE, False)] * 7)
        Tx(writer).counts.add_many([("reminders", NOW - 4 * DAY, True)] * 100)
    store.close()
    for later, gone_at, back_at in (
        (0, NOW + 5 * MINUTE, None),
        (7 * DAY + 5 * MINUTE, None, NOW + 7 * DAY + 10 * MINUTE),
    ):
        now = NOW + 7 * MINUTE + ago + later
        ((status, found),) = promises.read_histories(tmp_path / "planner.db", [SLO], now)
        assert gone_since(found) == gone_at
        assert back_since(found) == back_at
        assert bool(status.exhausted) is (gone_at is not None)


# Tickets in a folder


def kept(folder: Path, one: Decision, now: int = NOW) -> str:
    assert list(tickets.keep(str(folder), [one], now)) == []
    path = folder / "slo-reminders.md"
    return path.read_text() if path.exists() else ""


def test_no_ticket_is_opened_while_there_is_budget(tmp_path: Path) -> None:
    assert kept(tmp_path / "tickets", decision(100, 0)) == ""
    assert not (tmp_path / "tickets").exists()


def test_a_ticket_says_since_when_how_bad_and_what_to_do(tmp_path: Path) -> None:
    text = kept(tmp_path / "tickets", decision(97, 3, NOW - 5 * HOUR))
    assert text.startswith("# On-time reminders: the error budget is gone\n")
    assert "**Open.** Gone since 2026-11-21 07:00 UTC." in text
    for said in (
        "97\xa0%, 3 bad of 100",
        "-200\xa0%",
        SLO.policy,
        SLO.runbook,
        SLO.impact,
        "2026-11-21 12:00 UTC: opened",
    ):
        assert said in text


def test_the_same_again_leaves_it_untouched_and_what_is_new_is_added(tmp_path: Path) -> None:
    first = kept(tmp_path, decision(97, 3, NOW))
    before = (tmp_path / "slo-reminders.md").stat()
    assert kept(tmp_path, decision(97, 3, NOW), NOW + HOUR) == first
    assert (tmp_path / "slo-reminders.md").stat().st_mtime_ns == before.st_mtime_ns
    more = kept(tmp_path, decision(97, 4, NOW + HOUR), NOW + HOUR)
    assert "2026-11-21 13:00 UTC: updated; -296\xa0% of the budget left, 4 bad of 101" in more
    assert "Gone since 2026-11-21 12:00 UTC" in more, "it is one ticket, whatever the window still shows"
    better = kept(tmp_path, decision(200, 4, NOW), NOW + 2 * HOUR)
    assert "4 bad of 204" in better
    assert "14:00 UTC" not in better, "that all else goes well is no event"
    assert list(tmp_path.iterdir()) == [tmp_path / "slo-reminders.md"]


def test_it_is_closed_when_the_budget_is_back_and_opened_again_when_it_goes(tmp_path: Path) -> None:
    kept(tmp_path, decision(97, 3, NOW))
    closed = kept(tmp_path, decision(997, 3, back=NOW + DAY), NOW + DAY)
    assert closed.startswith("# On-time reminders: the error budget is back\n")
    assert "**Closed.** It was gone from 2026-11-21 12:00 UTC until 2026-11-22 12:00 UTC." in closed
    assert "2026-11-22 12:00 UTC: closed, the budget is back; 70\xa0% of the budget left" in closed
    assert kept(tmp_path, decision(2_000, 3), NOW + 2 * DAY) == closed
    again = kept(tmp_path, decision(90, 10, NOW + 3 * DAY), NOW + 3 * DAY)
    assert "**Open.** Gone since 2026-11-24 12:00 UTC." in again
    assert [line.partition("UTC: ")[2].partition(";")[0] for line in again.splitlines() if line.startswith("- ")] == [
        "opened",
        "closed, the budget is back",
        "opened again",
    ]


def test_what_people_write_below_stays(tmp_path: Path) -> None:
    path = tmp_path / "slo-reminders.md"
    path.write_text(
        kept(tmp_path, decision(97, 3, NOW)) + "\nThe router was broken.\n\n## Notes\n\n- new one ordered\n"
    )
    notes = path.read_text().partition("## Notes")[2]
    assert kept(tmp_path, decision(97, 4, NOW), NOW + HOUR).partition("## Notes")[2] == notes


def test_a_history_grows_no_further_than_people_read(tmp_path: Path) -> None:
    for bad in range(3, 3 + ticket.HISTORY_MAX + 20):
        text = kept(tmp_path, decision(97, bad, NOW))
    lines = [line for line in text.splitlines() if line.startswith("- ")]
    assert len(lines) == ticket.HISTORY_MAX
    assert "opened" in lines[0]


@pytest.mark.parametrize("text", ["", "# Shopping\n", "<!-- ticket {} -->\n## History\n\n", b"\xff"])
def test_what_is_no_ticket_is_left_alone(text: str | bytes, tmp_path: Path) -> None:
    path = tmp_path / "slo-reminders.md"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    before = path.read_bytes()
    (fault,) = tickets.keep(str(tmp_path), [decision(97, 3, NOW)], NOW)
    assert str(path) in fault
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (fault,) = tickets.keep(str(tmp_path / "file" / "tickets"), [decision(97, 3, NOW)], NOW)
    assert "cannot be written (NotADirectoryError)" in fault


# Tickets that are posted


@contextmanager
def hook(status: int = 200) -> Iterator[tuple[str, list[dict]]]:
    """An address that answers so, and what it was sent."""
    seen: list[dict] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.headers["Content-Type"] == "application/json"
            seen.append(json.loads(body))
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Hook) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/{HUSH}", seen
        finally:
            server.shutdown()
            thread.join()


def test_an_address_is_told_of_what_is_gone_and_of_what_is_back_and_of_nothing_else() -> None:
    with hook() as (url, seen):
        found = [decision(97, 3, NOW - HOUR), decision(1_000, 0, back=NOW - HOUR), decision(1_000, 0), decision(0, 0)]
        assert list(tickets.keep(url, found, NOW)) == []
    assert [(one["ticket"], one["state"]) for one in seen] == [("slo-reminders", "open"), ("slo-reminders", "closed")]
    assert (seen[0]["gone_since"], seen[0]["status"]["bad"]) == ("2026-11-21T11:00:00Z", 3)
    assert SLO.policy in seen[0]["text"]
    assert seen[1]["back_since"] == "2026-11-21T11:00:00Z"


@pytest.mark.parametrize("status", [302, 404, 500])
def test_an_address_that_does_not_take_it_is_said_without_showing_it(status: int) -> None:
    with hook(status) as (url, seen):
        (fault,) = tickets.keep(url, [decision(97, 3, NOW)], NOW)
    assert fault == f"the tickets' address did not take slo-reminders (HTTP {status})"
    assert len(seen) == 1, "no redirect is followed"


def test_an_address_where_nobody_answers_is_waited_for_so_long_and_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tickets, "TIMEOUT_S", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        (fault,) = tickets.keep(f"http://127.0.0.1:{silent.getsockname()[1]}/{HUSH}", [decision(97, 3, NOW)], NOW)
    assert fault.endswith("(timeout)")


# The command


@pytest.fixture
def counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a database in which 3 of 100 reminders were bad."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("planner.clock.SystemClock.now", lambda _: NOW)
    for setting in TABLE.values():
        monkeypatch.delenv(setting.name, raising=False)
        monkeypatch.delenv(f"{setting.name}_FILE", raising=False)
    store = Store(Path("planner.db"), inline=True)
    with store._db._writer as writer:
        writer.execute("BEGIN")
        for good, many in ((True, 97), (False, 3)):
            Tx(writer).counts.add_many([("reminders", NOW - 5 * HOUR, good)] * many)
    store.close()
    return tmp_path


@pytest.mark.usefixtures("counted")
def test_the_command_freezes_with_exit_1_and_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["slo", "policy"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[0] == "freeze"
    assert SLO.policy in lines[1]
    assert all(len(line) <= 110 for line in lines)
    assert cli.main(["slo", "policy", "--json"]) == 1
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["decision"] for one in said] == ["freeze" if slo in GONE else "ship" for slo in promises.load().slos]
    assert said[0]["gone_since"] == "2026-11-21T07:00:00Z"


@pytest.mark.usefixtures("counted")
def test_the_command_keeps_tickets_where_the_setting_says(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli.main(["slo", "policy", "--tickets", "one"]) == 1
    monkeypatch.setenv("PLANNER_TICKETS", "two")
    assert cli.main(["slo", "policy"]) == 1
    names = {f"slo-{slo.id}.md" for slo in GONE}
    assert [{path.name for path in Path(folder).iterdir()} for folder in ("one", "two")] == [names] * 2
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("counted")
def test_the_command_says_which_tickets_it_wrote_and_which_it_left(capsys: pytest.CaptureFixture[str]) -> None:
    for what in ("written", "left as it is, nothing is new"):
        assert cli.main(["slo", "policy", "--tickets", "one"]) == 1
        said = capsys.readouterr().out.splitlines()
        assert said[-len(GONE) :] == [f"{Path('one', f'slo-{slo.id}.md')}: {what}" for slo in GONE]


@pytest.mark.usefixtures("counted")
def test_times_are_those_of_the_zone_that_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("policy", "forecast"):
        assert cli.main(["slo", name, "--tz", "Europe/Berlin"]) == 1
        assert "gone since 2026-11-21 08:00 CET" in capsys.readouterr().out
        with pytest.raises(SystemExit, match="2"):
            cli.main(["slo", name, "--tz", "Mars/Base"])
        assert "no zone is called 'Mars/Base'" in capsys.readouterr().err


@pytest.mark.usefixtures("counted")
def test_a_hook_that_refuses_is_a_line_and_the_exit_code_stays_the_policys(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with hook(500) as (url, _):
        Path("hook").write_text(url)
        monkeypatch.setenv("PLANNER_TICKETS_FILE", "hook")
        assert cli.main(["slo", "policy"]) == 1
    said = capsys.readouterr()
    lines = [f"planner: the tickets' address did not take slo-{slo.id} (HTTP 500)\n" for slo in GONE]
    assert said.err == "".join(lines)
    assert HUSH not in said.out


@pytest.mark.parametrize("wrong", [f"ftp://example.org/{HUSH}", f"file:///{HUSH}", f"https:///{HUSH}"])
@pytest.mark.usefixtures("counted")
def test_no_other_kind_of_address_is_taken_and_none_is_shown(wrong: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["slo", "policy", "--tickets", wrong])
    said = capsys.readouterr()
    assert ended.value.code == 2
    assert "is no http or https address" in said.err
    assert HUSH not in said.err + said.out
