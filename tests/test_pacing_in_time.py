"""Bursts are carried in time: sending begins early where it must, in the right order, and never otherwise."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.backlog import HAND_OVER_MS, Backlog, Owed
from planner.bursts import AHEAD_MS, EARLIEST_MS, MARGIN_MS, Bursts, latest_starts
from planner.model import ON_TIME
from planner.pacing import CHAT_GAP_MS, Pace
from tests.pacing import DUE, Delivery, Sent, burst, most_in_a_second


def late(sent: list[Sent]) -> list[Sent]:
    return [one for one in sent if abs(one.lateness) > ON_TIME]


def test_3200_reminders_to_3200_chats_at_one_instant_are_all_on_time() -> None:
    sent = Delivery().run(burst(3_200))
    assert len(sent) == 3_200
    assert not late(sent)
    assert max(one.left_early for one in sent) <= EARLIEST_MS
    assert most_in_a_second([one.left_at for one in sent]) <= 30


def test_179_chats_with_10_reminders_each_are_served_within_62_seconds() -> None:
    sent = Delivery().run(burst(1_790, per_chat=10))
    assert not late(sent)
    assert max(one.lateness for one in sent) <= 62_000


def test_60000_reminders_at_1000_a_second_are_on_time() -> None:
    sent = Delivery(rate=1_000).run(burst(60_000))
    assert not late(sent)
    assert most_in_a_second([one.left_at for one in sent]) <= 1_000
    assert 60_000 / (sent[-1].left_at - sent[0].left_at) * 1_000 >= 950


def test_bursts_half_a_minute_apart_are_planned_together() -> None:
    sent = Delivery(hand_over=HAND_OVER_MS).run(burst(2_000) + burst(2_000, due=DUE + 30_000, first_id=10_000))
    assert not late(sent)


@pytest.mark.parametrize(("count", "per_chat"), [(1, 1), (57, 57), (1_000, 1), (1_600, 20)])
def test_what_can_wait_for_its_time_is_never_sent_early(count: int, per_chat: int) -> None:
    sent = Delivery().run(burst(count, per_chat))
    assert max(one.left_early for one in sent) <= 0
    assert not late(sent)


@pytest.mark.parametrize("count", [1_700, 2_000, 2_800])
def test_a_burst_begins_no_earlier_than_it_needs(count: int) -> None:
    delivery = Delivery()
    sent = delivery.run(burst(count))
    needed = count / delivery.pace.per_second * 1_000 - ON_TIME
    assert needed < sent[0].left_early <= needed + MARGIN_MS + AHEAD_MS
    assert not late(sent)


def test_one_chat_with_80_reminders_at_one_instant_begins_early() -> None:
    sent = Delivery().run(burst(80, per_chat=80))
    assert not late(sent)
    assert 22_500 <= sent[0].left_early <= 24_000


def test_a_chat_with_many_reminders_begins_in_time_though_others_are_due_before_it() -> None:
    sent = Delivery().run(burst(1_500) + burst(80, per_chat=80, due=DUE + 1_000, first_id=10_000))
    assert not late(sent)


def test_within_an_instant_the_chat_with_most_left_goes_first() -> None:
    backlog = Backlog(Pace(30))
    for owed in [*burst(2, per_chat=1), *burst(3, per_chat=3, first_id=10), *burst(2, per_chat=2, first_id=20)]:
        backlog.add(owed)
    assert [owed.chat_id for owed in backlog.take(DUE, 0, 10)] == [10, 20, 0, 1]
    assert [owed.chat_id for owed in backlog.take(DUE + 1_000, 1_000, 10)] == [10, 20]


def test_quiet_hours_hold_back_their_share_of_a_burst_until_they_end() -> None:
    quiet = burst(800, not_before=DUE)
    sent = Delivery().run(quiet + burst(2_400, first_id=10_000))
    assert not late(sent)
    assert min(one.left_at for one in sent if one.owed.not_before) >= DUE


def test_a_burst_that_is_all_in_quiet_hours_starts_nobody_early() -> None:
    lone = Owed(1, 1, DUE)
    sent = Delivery().run([lone, *burst(1_650, first_id=10, not_before=DUE)])
    assert max(one.left_early for one in sent) <= 0


def test_reminders_that_can_be_on_time_go_before_those_already_late_which_follow_oldest_first() -> None:
    old = [Owed(nth, nth, DUE - 3_600_000 + nth * 60_000) for nth in range(50)]
    sent = Delivery().run(old + burst(500, first_id=1_000), start=DUE)
    assert [one.owed.id for one in sent[500:]] == list(range(50))
    assert len(late(sent)) == 50


def test_more_than_can_be_carried_for_minutes_leaves_most_of_them_on_time() -> None:
    """Were the most urgent always sent first, each would be sent just too late."""
    sent = Delivery().run([Owed(nth, nth, DUE + nth * 25) for nth in range(9_000)])  # 40 a second for 225 s
    assert len(late(sent)) <= 9_000 - 225 * 28.5 * 0.97


def test_a_failed_reminder_waits_for_its_next_try_and_holds_up_nothing() -> None:
    backlog = Backlog(Pace(30))
    backlog.add(Owed(1, 1, DUE, not_before=DUE + 30_000))
    backlog.add(Owed(2, 1, DUE + 10_000))
    assert backlog.take(DUE, 0, 9) == []
    assert [owed.id for owed in backlog.take(DUE + 10_000, 10_000, 9)] == [2]
    assert backlog.wait(DUE + 10_600, 10_600) == 19_400
    assert [owed.id for owed in backlog.take(DUE + 30_000, 30_000, 9)] == [1]
    assert backlog.wait(DUE + 30_000, 30_000) is None


def test_a_removed_reminder_is_not_taken_and_a_second_add_replaces_the_first() -> None:
    backlog = Backlog(Pace(30))
    backlog.add(Owed(1, 1, DUE))
    backlog.add(Owed(2, 2, DUE))
    backlog.add(Owed(2, 2, DUE + 60_000))
    assert backlog.remove(1)
    assert not backlog.remove(1)
    assert 1 not in backlog
    assert 2 in backlog
    assert len(backlog) == 1
    assert backlog.take(DUE, 0, 9) == []
    assert backlog.wait(DUE, 0) == 5_000  # when a burst could first need it
    assert [owed.due_at for owed in backlog.take(DUE + 60_000, 60_000, 9)] == [DUE + 60_000]


def test_no_call_sorts_more_than_a_slice_of_a_large_burst() -> None:
    backlog = Backlog(Pace(30))
    for owed in burst(2_500):
        backlog.add(owed)
    assert backlog.wait(DUE - 100_000, 0) == 1
    assert backlog.wait(DUE - 100_000, 1) == 1
    assert backlog.wait(DUE - 100_000, 2) == 100_000 - EARLIEST_MS
    assert len(backlog.take(DUE, 100_000, 2_500)) == 1_000


def test_reminders_wait_while_their_chat_or_everything_is_paused() -> None:
    pace = Pace(30)
    backlog = Backlog(pace)
    for owed in burst(3):
        backlog.add(owed)
    pace.refused(0, 7_000, 0)
    assert [owed.chat_id for owed in backlog.take(DUE, 0, 1)] == [1]
    pace.refused(1, 3_000, 0)
    assert backlog.take(DUE, 0, 9) == []
    assert backlog.wait(DUE, 0) == 3_000
    assert [owed.chat_id for owed in backlog.take(DUE + 3_000, 3_000, 9)] == [2]
    assert backlog.wait(DUE + 3_000, 3_000) == 3_500
    assert [owed.chat_id for owed in backlog.take(DUE + 7_000, 7_000, 9)] == [0]


def test_a_wall_clock_that_jumps_back_and_forth_loses_nothing() -> None:
    backlog = Backlog(Pace(30))
    for nth in range(20):
        backlog.add(Owed(nth, nth % 5, DUE + nth * 100))
    taken: list[Owed] = []
    for step in range(100):
        jump = (0, 3_600_000, -3_600_000, 90_000)[step % 4]
        taken += backlog.take(DUE + step * 500 + jump, step * 500, 3)
        backlog.wait(DUE + step * 500 + jump, step * 500)
    assert sorted(owed.id for owed in taken) == list(range(20))


def test_a_burst_that_is_called_off_starts_nobody_early_any_more() -> None:
    backlog = Backlog(Pace(30))
    for owed in burst(900) + burst(900, first_id=10_000) + burst(900, first_id=20_000):
        backlog.add(owed)
    at = DUE - 37_000
    assert [backlog.take(at, 0, 1) for _ in range(4)][-1]  # what is needed at once, sorted over several calls
    for nth in range(900):
        backlog.remove(10_000 + nth)
        backlog.remove(20_000 + nth)
    assert backlog.take(at + 100, 100, 9) == []


def test_time_is_planned_backwards_from_the_last_limit() -> None:
    limit = ON_TIME - MARGIN_MS
    groups = {(0, -55_000): 10, (1_000, -54_000): 60_000, (400_000, 345_000): 5}
    assert latest_starts(groups, 1.0) == {
        (0, -55_000): 1_000 + limit - 60_000 - 10,
        (1_000, -54_000): 1_000 + limit - 60_000,
        (400_000, 345_000): 400_000 + limit - 5,
    }


def test_a_group_that_is_not_yet_allowed_pushes_the_others_before_it() -> None:
    limit = ON_TIME - MARGIN_MS
    groups = {(0, 0): limit - 1_000, (1_000, -54_000): 10_000}
    assert latest_starts(groups, 1.0) == {(0, 0): 1_000, (1_000, -54_000): -8_000}


def test_a_group_that_cannot_all_be_in_time_begins_when_it_may_and_not_before() -> None:
    groups = {(0, -55_000): 10, (100_000, 45_000): 200_000}
    assert latest_starts(groups, 1.0) == {(0, -55_000): 44_990, (100_000, 45_000): 45_000}


def test_an_early_start_is_kept_up_until_it_is_clearly_not_needed() -> None:
    bursts = Bursts(1_000)
    bursts.count(DUE, DUE - EARLIEST_MS, 70_000)
    start = DUE + ON_TIME - MARGIN_MS - 70_000 - AHEAD_MS
    assert bursts.reach(start - 1) == start - 1
    assert bursts.next_start(start - 1) == start
    assert bursts.reach(start) == DUE + 999
    bursts.count(DUE, DUE - EARLIEST_MS, -4_000)
    assert bursts.reach(start) == DUE + 999
    bursts.count(DUE, DUE - EARLIEST_MS, -4_000)
    assert bursts.reach(start) == start
    assert bursts.reach(DUE + 10_000) == DUE + 10_000


def test_a_chat_is_taken_from_once_a_second_however_often_it_is_asked_for() -> None:
    backlog = Backlog(Pace(30))
    for owed in burst(9, per_chat=9):
        backlog.add(owed)
    taken = [len(backlog.take(DUE + mono, mono, 9)) for mono in range(0, 4_000, 100)]
    assert [mono * 100 for mono, count in enumerate(taken) if count] == [0, 500, 1_500, 2_500, 3_500]


@st.composite
def crowds(draw: st.DrawFn) -> list[Owed]:
    """Some dozens of reminders within two minutes, to few chats, some of them held back for a while."""
    return [
        Owed(id_, draw(st.integers(1, 6)), DUE + due * 500, DUE + held * 1_000 if held > -60 else 0)
        for id_, (due, held) in enumerate(
            draw(st.lists(st.tuples(st.integers(0, 240), st.integers(-120, 200)), min_size=1, max_size=150))
        )
    ]


@settings(max_examples=60, deadline=None)
@given(reminders=crowds(), rate=st.sampled_from([1, 2, 5, 30]), refusals=st.sets(st.integers(0, 400), max_size=5))
def test_whatever_is_owed_the_pace_is_kept_nothing_leaves_too_early_and_nothing_is_lost(
    reminders: list[Owed], rate: int, refusals: set[int]
) -> None:
    paused: list[tuple[int, int]] = []
    answered: set[int] = set()

    def refuse(delivery: Delivery, now: int) -> None:
        for nth in refusals - answered:
            if len(delivery.sent) > nth:
                answered.add(nth)
                chat_id = delivery.sent[nth].owed.chat_id
                delivery.pace.refused(chat_id, 4_000, now - start)
                paused.append((chat_id, now))

    start = DUE - 57_000
    sent = Delivery(rate=rate, on_step=refuse).run(reminders, start=start)
    assert sorted(one.owed.id for one in sent) == [owed.id for owed in reminders]
    assert most_in_a_second([one.left_at for one in sent]) <= rate
    by_chat: dict[int, list[int]] = defaultdict(list)
    for one in sent:
        assert one.left_at >= one.owed.not_before
        assert one.left_early <= EARLIEST_MS
        by_chat[one.owed.chat_id].append(one.left_at)
    for instants in by_chat.values():
        assert all(later - earlier >= CHAT_GAP_MS for earlier, later in pairwise(instants))
    for chat_id, at in paused:
        assert not [left for left in by_chat[chat_id] if at < left < at + 4_000]


@settings(max_examples=40, deadline=None)
@given(counts=st.lists(st.integers(1, 95), min_size=1, max_size=40).filter(lambda counts: sum(counts) <= 160))
def test_every_burst_at_one_instant_that_fits_into_its_two_minutes_is_on_time(counts: list[int]) -> None:
    """At a rate of 2 a second 180 reminders fit into the 112 s that are left after margins."""
    reminders = [Owed(chat * 100 + nth, chat, DUE) for chat, count in enumerate(counts) for nth in range(count)]
    assert not late(Delivery(rate=2).run(reminders))
