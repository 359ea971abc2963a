"""``doctor`` about calendars: how many are well, which are not since when and why, and what to do about it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from planner import doctor, service
from planner.config import TABLE
from planner.doctor import FAILING_SHOWN
from planner.finding import Finding
from planner.model import Outcome
from planner.store import Store, Tx
from planner.store.lock import RunLock
from planner.store.schema import MIGRATIONS
from tests.virtual import START, run

SECRET = "hush-hush"
URL = f"https://alice:{SECRET}@calendar.example.org/private-{SECRET}/basic.ics?token={SECRET}"


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TZ", "Europe/Berlin")
    for setting in TABLE.values():
        monkeypatch.delenv(setting.name, raising=False)


def found(name: str, **environ: str) -> list[Finding]:
    return [one for one in doctor.examine(environ, Path(".env")) if one.name == name]


def linked(tx: Tx, number: int, outcome: Outcome | None = None, fault: str = "", ok_at: int | None = START) -> None:
    feed = tx.feeds.add(1, f"{URL}&n={number}", "🟦", START)
    tx._db.execute(
        "UPDATE feeds SET linked_at = ?, ok_at = ?, failures = ?, outcome = ?, fault = ? WHERE id = ?",
        (START, ok_at, int(outcome is not None), outcome, fault, feed.id),
    )


def kept(job: Callable[[Tx], object]) -> None:
    """A database with alice and what ``job`` does in it."""

    def all_of_it(tx: Tx) -> None:
        service.welcome(tx, 1, 1, "Alice", "en", "UTC", START)
        job(tx)

    store = Store(Path("planner.db"), inline=True)
    run(store.write(all_of_it))
    store.close()


def test_before_the_first_start_none_is_linked() -> None:
    assert found("calendars") == [Finding("calendars", True, "none is linked")]
    assert found("calendar") == []


def test_in_the_database_of_an_older_planner_none_is_linked(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as older:
        older.setattr("planner.store.store.MIGRATIONS", MIGRATIONS[:2])
        Store(Path("planner.db"), inline=True).close()
    assert found("calendars") == [Finding("calendars", True, "none is linked")]


def test_it_counts_them_beside_a_running_planner() -> None:
    def job(tx: Tx) -> None:
        linked(tx, 1)
        linked(tx, 2)
        tx.feeds.add(1, f"{URL}&tried", "🟦", START)

    kept(job)
    lock = RunLock(Path("planner.db"))
    store = Store(Path("planner.db"), inline=True)
    (one,) = found("calendars")
    store.close()
    lock.release()
    assert one.ok
    assert one.seen == "2 linked: 2 active, 0 failing; last success 2026-11-21 11:00 (Europe/Berlin)"
    assert found("calendar") == []


@pytest.mark.parametrize(
    ("outcome", "code", "said", "do"),
    [
        (Outcome.HTTP_ERROR, "404", "no calendar at that address any more", "make a new address over there"),
        (Outcome.HTTP_ERROR, "401", "wants a user and a password", "USER:PASSWORD@HOST"),
        (Outcome.HTTP_ERROR, "503", "the server answers 503", "look at that server"),
        (Outcome.TIMEOUT, "timeout", "takes too long", "look at that server"),
        (Outcome.NETWORK, "dns", "no such server", "DNS"),
        (Outcome.TOO_LARGE, "too_large", "larger than is taken", "PLANNER_FEED_MAX_MB"),
        (Outcome.INVALID, "html", "a web page, not a calendar", "in a browser"),
        (Outcome.BLOCKED, "private", "in its own network", "PLANNER_PRIVATE_FEEDS=1"),
        (Outcome.INVALID, "crash", "its own fault", "its log says where"),
        (Outcome.INVALID, "of a later planner", "invalid", "look at that server"),
    ],
    ids=str,
)
def test_one_that_fails_is_named_by_its_host_with_the_fault_and_what_to_do(
    outcome: Outcome, code: str, said: str, do: str
) -> None:
    kept(lambda tx: linked(tx, 1, outcome, code))
    (one,) = found("calendar")
    assert not one.ok
    assert one.seen.startswith("calendar.example.org since 2026-11-21 11:00 (Europe/Berlin): ")
    assert said in one.seen
    assert do in one.do
    assert found("calendars")[0].seen.startswith("1 linked: 0 active, 1 failing")


def test_one_that_never_worked_fails_since_it_was_linked() -> None:
    kept(lambda tx: linked(tx, 1, Outcome.TIMEOUT, "timeout", ok_at=None))
    assert "since 2026-11-21 11:00" in found("calendar")[0].seen
    assert "last success" not in found("calendars")[0].seen


def test_no_more_of_an_address_is_shown_than_its_host() -> None:
    kept(lambda tx: linked(tx, 1, Outcome.HTTP_ERROR, "404"))
    everything = doctor.examine({}, Path(".env"))
    assert not any(SECRET in one.as_text() or "private-" in one.as_text() for one in everything)


def test_many_that_fail_are_not_all_named() -> None:
    def job(tx: Tx) -> None:
        for number in range(FAILING_SHOWN + 3):
            linked(tx, number, Outcome.TIMEOUT, "timeout")

    kept(job)
    shown = found("calendar")
    assert len(shown) == FAILING_SHOWN + 1
    assert shown[-1].seen == "3 more are failing"


def test_a_damaged_database_is_said_here_too() -> None:
    Path("planner.db").write_text("no database " * 100)
    (one,) = found("calendars")
    assert not one.ok
    assert one.do


def test_a_table_that_is_missing_keeps_nothing_else_from_being_looked_at() -> None:
    kept(lambda _: None)
    with closing(sqlite3.connect("planner.db")) as connection:
        connection.execute("DROP TABLE feeds")
    assert not found("calendars")[0].ok
    assert found("publishing")[0].ok


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"PLANNER_FEED_HTTP": "127.0.0.1:9000"}, "PLANNER_FEED_HTTP is set for nobody"),
        ({"PLANNER_PUBLIC_URL": "http://planner.example.org"}, "in the clear"),
        ({"PLANNER_PUBLIC_URL": "http://localhost:8086"}, "leads other machines to themselves"),
        ({"PLANNER_PUBLIC_URL": "https://127.0.0.1"}, "leads other machines to themselves"),
        ({"PLANNER_PUBLIC_URL": f"https://alice:{SECRET}@example.org"}, "more than host and path"),
        ({"PLANNER_PUBLIC_URL": f"https://example.org/?{SECRET}"}, "more than host and path"),
        ({"PLANNER_PUBLIC_URL": "https://example.org", "PLANNER_FEED_HTTP": "127.0.0.1:8085"}, "the health pages"),
    ],
    ids=str,
)
def test_settings_that_make_no_sense_together_are_said(environ: dict[str, str], said: str) -> None:
    everything = found("publishing", **environ)
    assert any(said in one.seen for one in everything)
    assert all(not one.ok and one.do for one in everything)
    assert not any(SECRET in one.as_text() for one in everything)


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"PLANNER_PUBLIC_URL": "https://planner.example.org/calendars"},
        {"PLANNER_PUBLIC_URL": "http://192.168.1.5:8086", "PLANNER_FEED_HTTP": "192.168.1.5:8086"},
    ],
    ids=str,
)
def test_settings_that_do_are_well(environ: dict[str, str]) -> None:
    (one,) = found("publishing", **environ)
    assert one.ok
    assert not one.do
