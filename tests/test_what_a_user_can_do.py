"""The use cases: whatever changes an event or a setting moves its reminders in the same transaction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from planner import due, happenings, owing, recur, service
from planner.agenda import slot
from planner.model import DAY, HOUR, MINUTE, SECOND, Event, Kind, Quiet, User
from planner.store import Store, Tx
from tests.virtual import START

SEVEN_PM = START + 9 * HOUR


@pytest.fixture
def tx(tmp_path: Path) -> Iterator[Tx]:
    store = Store(tmp_path / "planner.db", inline=True)
    store._db._writer.execute("BEGIN")
    yield Tx(store._db._writer)
    store._db._writer.execute("ROLLBACK")
    store.close()


@pytest.fixture
def alice(tx: Tx) -> User:
    return service.welcome(tx, 1, 1, "Alice", "en", "UTC", START)


def event(tx: Tx, user: User, start: str = "2026-11-21T19:00:00", rrule: str | None = None, **fields: object) -> Event:
    draft = Event(0, user.id, "gym", start, service.start_of(start, user.zone), 0, False, None, rrule, False, None)
    return service.add_event(tx, user, replace(draft, **fields), START)[0]


def owed(tx: Tx, state: str = "pending") -> list[int]:
    rows = tx._db.execute("SELECT due_at FROM reminders WHERE state = ? ORDER BY due_at", (state,))
    return [row[0] for row in rows]


def starts(tx: Tx, user: User, after: int, before: int, now: int = START) -> list[int]:
    found, total = happenings.agenda(tx, user, after, before, now, limit=1_000)
    assert total == len(found)
    return [one.start_at for one in found]


def test_a_new_user_has_one_lead_and_a_zone_that_is_assumed(tx: Tx, alice: User) -> None:
    assert tx.users.get(1) == alice
    assert alice.leads_s == service.DEFAULT_LEADS_S == (900,)
    assert alice.zone_assumed
    assert alice.quiet is None
    assert alice.plan_minute is None


def test_a_new_event_owes_its_reminder_in_the_same_transaction(tx: Tx, alice: User) -> None:
    event(tx, alice)
    assert owed(tx) == [SEVEN_PM - 15 * MINUTE]
    assert tx.news.reminders == {1: SEVEN_PM - 15 * MINUTE}


def test_what_recurs_is_owed_up_to_the_horizon_and_at_least_the_next(tx: Tx, alice: User) -> None:
    event(tx, alice, rrule="FREQ=DAILY")
    assert len(owed(tx)) == due.HORIZON_MS // DAY
    yearly = event(tx, alice, start="2026-11-20T19:00:00", rrule="FREQ=YEARLY")
    assert tx.reminders.ahead_of(yearly.id)[0][0] == SEVEN_PM + 364 * DAY - 15 * MINUTE


def test_an_event_moved_forward_is_reminded_at_its_new_time_only(tx: Tx, alice: User) -> None:
    gym = event(tx, alice)
    service.change_event(tx, alice, replace(gym, start_local="2026-11-21T20:00:00", start_at=SEVEN_PM + HOUR), START)
    assert owed(tx) == [SEVEN_PM + 45 * MINUTE]
    assert owed(tx, "cancelled") == [SEVEN_PM - 15 * MINUTE]


def test_an_event_that_was_reminded_and_moves_is_reminded_of_its_new_time(tx: Tx, alice: User) -> None:
    gym = event(tx, alice)
    tx.reminders.claim([1], SEVEN_PM)
    tx.reminders.sent([1], SEVEN_PM, 5)
    later = replace(gym, start_local="2026-11-21T20:00:00", start_at=SEVEN_PM + HOUR)
    service.change_event(tx, alice, later, SEVEN_PM)
    assert owed(tx) == [SEVEN_PM + 45 * MINUTE]


def test_a_changed_title_reminds_nobody_twice(tx: Tx, alice: User) -> None:
    gym = event(tx, alice)
    tx.reminders.claim([1], SEVEN_PM - 15 * MINUTE)
    tx.reminders.sent([1], SEVEN_PM - 15 * MINUTE, 5)
    service.change_event(tx, alice, replace(gym, title="swim"), SEVEN_PM - 10 * MINUTE)
    assert owed(tx) == []


def test_once_may_become_daily_and_daily_once(tx: Tx, alice: User) -> None:
    gym = event(tx, alice)
    service.change_event(tx, alice, replace(gym, rrule="FREQ=DAILY"), START)
    assert len(owed(tx)) == 8
    assert len(starts(tx, alice, START, START + 7 * DAY)) == 7
    service.change_event(tx, alice, gym, START)
    assert owed(tx) == [SEVEN_PM - 15 * MINUTE]
    assert starts(tx, alice, START, START + 7 * DAY) == [SEVEN_PM]


def test_deleting_cancels_and_undoing_owes_again(tx: Tx, alice: User) -> None:
    gym = event(tx, alice, rrule="FREQ=DAILY")
    before = owed(tx)
    change = service.delete_event(tx, alice, gym, START + MINUTE)
    assert owed(tx) == []
    assert starts(tx, alice, START, START + DAY) == []
    assert tx.events.get(gym.id) is None
    assert service.undo(tx, alice, change, START + 2 * MINUTE) == gym
    assert owed(tx) == before
    assert starts(tx, alice, START, START + DAY) == [SEVEN_PM]


@pytest.mark.parametrize(("after", "works"), [(0, True), (DAY, True), (DAY + 1, False)])
def test_undo_works_for_a_day(tx: Tx, alice: User, after: int, works: bool) -> None:
    gym = event(tx, alice, start="2026-12-21T19:00:00")
    change = service.change_event(tx, alice, replace(gym, title="swim"), START)
    undone = service.undo(tx, alice, change, START + after)
    assert (undone is not None) == works
    kept = tx.events.get(gym.id)
    assert kept is not None
    assert kept.title == ("gym" if works else "swim")


def test_undo_is_for_the_last_change_once_and_by_its_owner(tx: Tx, alice: User) -> None:
    bob = service.welcome(tx, 2, 2, "Bob", "en", "UTC", START)
    gym = event(tx, alice)
    first = service.change_event(tx, alice, replace(gym, title="swim"), START)
    second = service.change_event(tx, alice, replace(gym, title="run"), START)
    assert service.undo(tx, alice, first, START) is None
    assert service.undo(tx, bob, second, START) is None
    assert service.undo(tx, alice, second, START) is not None
    assert service.undo(tx, alice, second, START) is None
    assert service.undo(tx, alice, 999, START) is None


@pytest.mark.parametrize(
    "change",
    [{"lang": "ru"}, {"name": "Al"}, {"frozen": True}, {"zone_assumed": False}, {"chat_id": 7}],
    ids=lambda change: next(iter(change)),
)
def test_a_setting_that_moves_nothing_moves_nothing(tx: Tx, alice: User, change: dict) -> None:
    event(tx, alice, rrule="FREQ=DAILY")
    tx.news.reminders.clear()
    service.change_user(tx, replace(alice, **change), START)
    assert tx.news.reminders == {}
    assert owed(tx, "cancelled") == []


def test_a_new_zone_moves_the_wall_clock_and_leaves_events_with_a_zone_of_their_own(tx: Tx, alice: User) -> None:
    event(tx, alice)
    event(tx, alice, zone="Europe/Berlin")
    tea = event(tx, alice, instant=True)
    service.change_user(tx, replace(alice, zone="Asia/Tokyo"), START - 12 * HOUR)
    assert [one.start_at for one in tx.events.current(1, 0)] == [SEVEN_PM - 9 * HOUR, SEVEN_PM, SEVEN_PM]
    assert owed(tx) == [SEVEN_PM - 9 * HOUR - 15 * MINUTE, SEVEN_PM - 15 * MINUTE, SEVEN_PM]
    assert tx.reminders.ahead_of(tea.id)[0][0] == SEVEN_PM


def test_quiet_hours_are_those_of_the_user_whatever_zone_an_event_has(tx: Tx, alice: User) -> None:
    event(tx, alice, zone="Asia/Tokyo")
    service.change_user(tx, replace(alice, quiet=Quiet(18 * 60 + 40, 18 * 60 + 50)), START)
    assert owed(tx) == [START + 8 * HOUR + 50 * MINUTE]


def test_a_plan_hour_owes_a_plan_a_day_and_never_takes_them_back(tx: Tx, alice: User) -> None:
    with_plan = replace(alice, plan_minute=420)
    service.change_user(tx, with_plan, START)
    assert owed(tx) == [START - 3 * HOUR + day * DAY for day in range(1, 9)]
    service.change_user(tx, replace(with_plan, plan_minute=None), START)
    assert owed(tx) == []
    service.change_user(tx, with_plan, START)
    assert len(owed(tx)) == 8


def test_a_past_event_of_long_ago_is_left_alone_by_settings(tx: Tx, alice: User) -> None:
    event(tx, alice)
    service.change_user(tx, replace(alice, leads_s=(60,)), START + 3 * DAY)
    assert owed(tx) == [SEVEN_PM - 15 * MINUTE], "it is the past's business whether that was sent"


def test_what_a_user_has_is_in_order_with_all_day_first(tx: Tx, alice: User) -> None:
    midnight = START + 14 * HOUR
    late = event(tx, alice, start="2026-11-22T00:00:00")
    day = event(tx, alice, start="2026-11-22T00:00:00", all_day=True)
    daily = event(tx, alice, start="2026-11-20T08:00:00", rrule="FREQ=DAILY")
    for now in (START, START - 30 * DAY):
        found, total = happenings.agenda(tx, alice, midnight, midnight + DAY, now, limit=10)
        assert [one.event.id for one in found] == [day.id, late.id, daily.id]
        assert total == 3
        found, total = happenings.agenda(tx, alice, midnight, midnight + DAY, now, limit=1)
        assert [one.event.id for one in found] == [day.id]
        assert total == 3


def test_a_new_zone_moves_what_has_none_of_its_own_by_its_wall_clock(tx: Tx, alice: User) -> None:
    long_ago, soon = "2024-07-01T08:00:00", "2026-11-21T19:00:00"
    series, single = event(tx, alice, long_ago, rrule="FREQ=DAILY"), event(tx, alice, soon)
    zoned, instant = event(tx, alice, soon, zone="Asia/Tokyo"), event(tx, alice, soon, instant=True)
    service.change_user(tx, replace(alice, zone="Europe/Berlin"), START)
    starts = [tx.events.get(one.id).start_at for one in (series, single, zoned, instant)]
    assert starts == [series.start_at - 2 * HOUR, single.start_at - HOUR, zoned.start_at, instant.start_at]


def test_what_a_list_does_not_show_is_read_without_its_event(tx: Tx, alice: User) -> None:
    for rrule in ("FREQ=DAILY", None, "FREQ=HOURLY;INTERVAL=6"):
        event(tx, alice, rrule=rrule, duration_s=90 * 60, all_day=rrule is None)
    for now in (START, START - 30 * DAY):
        for after in (START, START + DAY + HOUR):
            found, _ = happenings.agenda(tx, alice, after, after + 2 * DAY, now, limit=7)
            slots = happenings.slots(tx, alice, after, after + 2 * DAY, now, limit=7)
            assert slots == [slot(one) for one in found]
            assert {type(one.all_day) for one in slots} == {bool}


def test_some_feeds_can_be_left_out_of_a_list_and_its_count(tx: Tx, alice: User) -> None:
    feed = tx.feeds.add(alice.id, "https://calendars.example/x.ics", "🟦", START)
    event(tx, alice)
    for rrule in (None, "FREQ=DAILY"):
        draft = Event(0, 1, "fair", "2026-11-21T19:00:00", SEVEN_PM - DAY, 2 * 86_400, False, None, rrule, False, None,
                      feed_id=feed.id)  # fmt: skip
        service.set_reminders(tx, tx.events.add(draft, START), alice, START, START)
    for now in (START, START - 30 * DAY):
        assert happenings.agenda(tx, alice, START, START + DAY, now, limit=1)[1] >= 3
        for limit in (1, 10):
            found, total = happenings.agenda(tx, alice, START, START + DAY, now, limit=limit, without=[feed.id])
            assert [one.event.title for one in found] == ["gym"]
            assert total == 1


def test_a_list_is_the_same_within_the_horizon_and_by_reckoning_anew(tx: Tx, alice: User) -> None:
    for rrule in ("FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,WE", "FREQ=DAILY;COUNT=3", "FREQ=HOURLY;INTERVAL=6"):
        event(tx, alice, rrule=rrule)
    within = starts(tx, alice, START - DAY, START + 6 * DAY)
    anew = starts(tx, alice, START - DAY, START + 6 * DAY, now=START + 30 * DAY)
    assert within == anew
    assert len(within) > 25


def test_todays_past_is_shown_too(tx: Tx, alice: User) -> None:
    event(tx, alice, start="2026-11-01T08:00:00", rrule="FREQ=DAILY")
    assert starts(tx, alice, START - 10 * HOUR, START) == [START - 2 * HOUR]
    assert owed(tx)[0] == START - 2 * HOUR + DAY - 15 * MINUTE, "and not reminded of"


def test_done_cancels_the_occurrence_and_its_snoozes_only(tx: Tx, alice: User) -> None:
    gym = event(tx, alice, rrule="FREQ=DAILY", leads_s=(3_600, 900))
    first = tx.reminders.get(1)
    assert first is not None
    snoozed = service.snooze(tx, first, SEVEN_PM + DAY)
    assert snoozed is not None
    service.done(tx, first, START)
    assert all(due_at > SEVEN_PM for due_at in owed(tx))
    assert len(owed(tx)) == 2 * 7
    assert tx.reminders.ahead_of(gym.id)[0][0] == SEVEN_PM + DAY - HOUR


def test_a_snooze_is_asked_for_and_made_once(tx: Tx, alice: User) -> None:
    event(tx, alice)
    one = tx.reminders.get(1)
    assert one is not None
    first = service.snooze(tx, one, SEVEN_PM)
    assert first is not None
    assert service.snooze(tx, one, SEVEN_PM + MINUTE) is None
    snoozed = tx.reminders.get(first)
    assert snoozed is not None
    assert snoozed.asked_for
    assert snoozed.reminder.kind is Kind.SNOOZE
    assert service.title_of(tx, snoozed) == "gym"


def test_an_all_day_event_is_reminded_before_nine_of_its_day(tx: Tx, alice: User) -> None:
    event(tx, alice, start="2026-11-22T00:00:00", all_day=True)
    assert owed(tx) == [START + 23 * HOUR - 15 * MINUTE]


def test_an_event_every_hour_is_bounded(tx: Tx, alice: User) -> None:
    event(tx, alice, rrule="FREQ=HOURLY")
    assert len(owed(tx)) <= owing.OCCURRENCES_MAX
    assert len(starts(tx, alice, START, START + 7 * DAY)) == 7 * 24 - 9


def test_leads_beyond_the_horizon_are_owed_in_time(tx: Tx, alice: User) -> None:
    twenty_days = 20 * DAY
    event(tx, alice, rrule="FREQ=WEEKLY", leads_s=(twenty_days // SECOND,))
    rows = tx._db.execute("SELECT occurrence_at, due_at FROM reminders ORDER BY occurrence_at").fetchall()
    assert [row[0] for row in rows] == [SEVEN_PM + week * 7 * DAY for week in range(4)]
    assert [row[0] - row[1] for row in rows] == [0, 0, 0, twenty_days], "the first three leads had passed"


@pytest.mark.parametrize(("zone", "leads_s"), [("America/New_York", (900,)), ("UTC", (DAY // SECOND, 900))])
def test_a_new_setting_sets_all_events_at_once_and_looks_at_each_rule_once(
    tx: Tx, alice: User, monkeypatch: pytest.MonkeyPatch, zone: str, leads_s: tuple[int, ...]
) -> None:
    for hour in range(10, 22):
        event(tx, alice, f"2026-11-21T{hour}:00:00", "FREQ=WEEKLY")
        event(tx, alice, f"2026-11-22T{hour}:00:00")
    asked = counted(monkeypatch, recur, "occurrences")
    stored = counted(monkeypatch, tx.reminders, "add_all")
    service.change_user(tx, replace(alice, zone=zone, leads_s=leads_s), START + MINUTE)
    assert (len(asked), len(stored)) == (12, 1)


def counted(monkeypatch: pytest.MonkeyPatch, whose: object, name: str) -> list[str]:
    """A list that grows with every call of a function."""
    calls: list[str] = []
    called = getattr(whose, name)

    def call(*args: object, **kept: object) -> object:
        calls.append(name)
        return called(*args, **kept)

    monkeypatch.setattr(whose, name, call)
    return calls
