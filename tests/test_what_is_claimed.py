"""At the moment of sending: what still goes out, what waits, what has ended, and what goes out together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from planner import claim, service
from planner.model import DAY, HOUR, MINUTE, SECOND, Event, Kind, Quiet, User
from planner.render import MAX_ENTITIES, MAX_UNITS
from planner.store import Store, Tx
from tests.virtual import START


@pytest.fixture
def tx(tmp_path: Path) -> Iterator[Tx]:
    store = Store(tmp_path / "planner.db", inline=True)
    store._db._writer.execute("BEGIN")
    yield Tx(store._db._writer)
    store._db._writer.execute("ROLLBACK")
    store.close()


@pytest.fixture
def alice(tx: Tx) -> User:
    return service.welcome(tx, 1, 11, "Alice", "en", "UTC", START)


def owe(tx: Tx, due_at: int, *, kind: Kind = Kind.EVENT, asked_for: bool = False, expires_at: int | None = None) -> int:
    at = {"occurrence_at": due_at, "due_at": due_at, "asked_for": asked_for, "expires_at": expires_at}
    owed = tx.reminders.add(kind, 1, None, **at)
    assert owed is not None
    return owed


def row(tx: Tx, number: int) -> tuple[object, ...]:
    return tuple(tx._db.execute("SELECT state, ready_at, verdict FROM reminders WHERE id = ?", (number,)).fetchone())


@pytest.mark.usefixtures("alice")
def test_what_is_due_is_marked_as_being_sent(tx: Tx) -> None:
    number = owe(tx, START)
    (sending,) = claim.claim(tx, [number], START)
    assert (sending.ids, sending.chat_id, sending.attempts) == ((number,), 11, 1)
    assert row(tx, number)[0] == "sending"
    assert claim.claim(tx, [number], START) == [], "not twice"
    assert tx.reminders.get(number).reminder.attempts == 1


@pytest.mark.usefixtures("alice")
def test_the_marks_of_all_that_goes_out_are_looked_up_at_once(tx: Tx) -> None:
    feed = tx.feeds.add(1, "https://calendars.example/x.ics", "🟦", START)
    numbers = []
    for title in "abc":
        event = tx.events.add(
            Event(0, 1, title, "2026-11-22T10:00:00", START, 0, False, None, None, False, None, feed_id=feed.id), START
        )
        at = {"occurrence_at": START, "due_at": START, "asked_for": False, "expires_at": None}
        numbers.append(tx.reminders.add(Kind.EVENT, 1, event.id, **at))
    asked: list[str] = []
    tx._db.set_trace_callback(asked.append)
    sendings = claim.claim(tx, numbers, START)
    tx._db.set_trace_callback(None)
    assert [str(one.params["text"]).splitlines()[0] for one in sendings] == [f"⏰ 🟦 {title}" for title in "abc"]
    assert sum("feeds" in query for query in asked) == 1


@pytest.mark.usefixtures("alice")
def test_what_no_longer_matters_is_not_sent(tx: Tx) -> None:
    number = owe(tx, START - HOUR, kind=Kind.PLAN, expires_at=START)
    assert len(claim.claim(tx, [number], START - 1)) == 1
    tx.reminders.retry([number], START, "x")
    assert claim.claim(tx, [number], START) == []
    assert row(tx, number)[0] == "pending", "the upkeep ends it, and tells its user"


@pytest.mark.usefixtures("alice")
def test_what_has_moved_since_it_was_handed_over_waits(tx: Tx) -> None:
    number = owe(tx, START)
    tx.reminders.postpone([number], START + 2 * MINUTE, "x")
    assert claim.claim(tx, [number], START) == []
    assert len(claim.claim(tx, [number], START + MINUTE)) == 1, "an early start is no move"


def test_for_a_user_who_has_blocked_the_bot_it_ends(tx: Tx, alice: User) -> None:
    number = owe(tx, START)
    tx.users.save(replace(alice, frozen=True))
    assert claim.claim(tx, [number], START) == []
    assert row(tx, number) == ("undeliverable", START, "excluded")


def test_the_database_says_why_somebody_was_sent_nothing(tx: Tx, alice: User) -> None:
    def reason() -> str:
        number = owe(tx, START)
        assert claim.claim(tx, [number], START) == []
        return str(tx._db.execute("SELECT reason FROM reminders WHERE id = ?", (number,)).fetchone()[0])

    tx.users.freeze(11)
    assert reason() == "the user has blocked the bot"
    tx.users.save(alice)
    tx.users.dismiss([1])
    assert reason() == "the user may not use the bot"
    tx.users.serve(7)
    tx.users.save(alice)
    tx.users.serve(8)
    assert reason() == "the user talks to another bot"


@pytest.mark.parametrize("other", ["bot", "chat"])
@pytest.mark.usefixtures("alice")
def test_the_numbers_of_messages_mean_nothing_elsewhere(tx: Tx, other: str) -> None:
    tx.users.serve(7)
    number = owe(tx, START)
    tx.reminders.claim([number], START)
    tx.reminders.sent([number], START, 5)
    tx.users.serve(7)
    assert tx.standing.by_message(1, 5) == [number]
    if other == "bot":
        tx.users.serve(8)
    else:
        tx.users.move_chat(11, -100)
    assert tx.standing.by_message(1, 5) == []


def test_what_is_late_waits_for_the_end_of_quiet_hours_and_what_was_asked_for_does_not(tx: Tx, alice: User) -> None:
    tx.users.save(replace(alice, quiet=Quiet(9 * 60, 12 * 60)))
    late, in_time, asked_for = (
        owe(tx, START - 61 * SECOND),
        owe(tx, START - MINUTE),
        owe(tx, START - 2 * MINUTE, asked_for=True),
    )
    sent = claim.claim(tx, [late, in_time, asked_for], START)
    assert [sending.ids for sending in sent] == [(in_time,), (asked_for,)]
    assert row(tx, late)[:2] == ("pending", START + 2 * HOUR)


@pytest.mark.usefixtures("alice")
def test_several_very_late_ones_are_one_message_also_with_those_not_handed_over(tx: Tx) -> None:
    first, second, third = owe(tx, START - 5 * HOUR), owe(tx, START - 3 * HOUR), owe(tx, START - 11 * MINUTE)
    nearly, plan = owe(tx, START - 10 * MINUTE), owe(tx, START - HOUR, kind=Kind.PLAN, expires_at=START + HOUR)
    sent = claim.claim(tx, [second, nearly, plan], START)
    assert [sending.ids for sending in sent] == [(first, second, third), (nearly,), (plan,)]
    assert "3 reminders come late" in str(sent[0].params["text"])


@pytest.mark.usefixtures("alice")
def test_one_that_is_very_late_alone_keeps_its_buttons(tx: Tx) -> None:
    (sending,) = claim.claim(tx, [owe(tx, START - 5 * HOUR)], START)
    assert "reply_markup" in sending.params
    assert "Late: this was due" in str(sending.params["text"])


@pytest.mark.parametrize("title", ["x", "😀" * 150, "report " * 100])
def test_more_than_fits_a_message_goes_in_several_and_nothing_twice(tx: Tx, alice: User, title: str) -> None:
    at = START - 20 * HOUR
    draft = Event(0, alice.id, title, "2026-11-20T14:00:00", at, 0, False, None, None, False, ())
    event, _ = service.add_event(tx, alice, draft, at)
    numbers = [
        tx.reminders.add(Kind.EVENT, 1, event.id, occurrence_at=at, due_at=at + number, asked_for=False) or 0
        for number in range(1, 131)
    ]
    sent = claim.claim(tx, numbers[:1], START) + claim.claim(tx, numbers, START)
    assert sorted(one for sending in sent for one in sending.ids) == sorted(numbers), "each of them, once"
    for sending in sent:
        entities = sending.params["entities"]
        assert isinstance(entities, list)
        assert len(str(sending.params["text"]).encode("utf-16-le")) // 2 <= MAX_UNITS
        assert len(entities) <= MAX_ENTITIES
    assert len(sent) < 20, "as many in one as fit"


def test_quiet_hours_hold_for_those_that_would_go_out_with_another(tx: Tx, alice: User) -> None:
    tx.users.save(replace(alice, quiet=Quiet(9 * 60, 12 * 60)))
    late, asked_for = owe(tx, START - 3 * HOUR), owe(tx, START - 2 * HOUR, asked_for=True)
    assert [sending.ids for sending in claim.claim(tx, [asked_for], START)] == [(asked_for,)]
    assert row(tx, late)[:2] == ("pending", START + 2 * HOUR)


@pytest.mark.usefixtures("alice")
def test_what_is_over_a_day_late_is_in_no_list(tx: Tx) -> None:
    missed, late, later = owe(tx, START - DAY - MINUTE), owe(tx, START - 2 * HOUR), owe(tx, START - HOUR)
    sent = claim.claim(tx, [missed, late, later], START)
    assert [sending.ids for sending in sent] == [(late, later)]
