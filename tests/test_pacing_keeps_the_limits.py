"""Telegram's limits are kept: overall, per chat, and what a 429 asks for."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.pacing import (
    ANSWER_BURST,
    CATCH_UP_MS,
    CHAT_GAP_MS,
    CHATS_KEPT,
    GROUP_KEPT,
    GROUP_PER_MINUTE,
    Pace,
    carried,
)
from tests.pacing import most_in_a_second

ALICE, BOB, MALLORY = 1, 2, 3
FAMILY = -5
MINUTE = 60_000


def leave_all(pace: Pace, chats: list[int], mono: int = 0, *, answer: bool = False, oversleep: int = 0) -> list[int]:
    """Send one message after the other as soon as each may leave; when they left."""
    random = Random(len(chats))
    left = []
    for chat_id in chats:
        while delay := pace.delay(chat_id, mono, answer=answer):
            mono += delay + random.randint(0, oversleep)
        pace.sent(chat_id, mono, answer=answer)
        left.append(mono)
    return left


@pytest.mark.parametrize(("rate", "at_least"), [(30, 28.4), (1_000, 985), (1, 0.7)])
def test_the_rate_is_used_but_never_exceeded(rate: int, at_least: float) -> None:
    left = leave_all(Pace(rate), list(range(rate * 20)))
    assert most_in_a_second(left) <= rate
    assert (len(left) - 1) / (left[-1] - left[0]) * 1_000 >= at_least


def test_a_sender_that_wakes_some_milliseconds_late_keeps_its_pace() -> None:
    left = leave_all(Pace(1_000), list(range(10_000)), oversleep=3)
    assert most_in_a_second(left) <= 1_000
    assert len(left) / (left[-1] - left[0]) * 1_000 >= 950


@pytest.mark.parametrize("rate", [30, 1_000])
def test_after_a_stall_no_burst_makes_up_for_it(rate: int) -> None:
    pace = Pace(rate)
    leave_all(pace, list(range(10)))
    left = leave_all(pace, list(range(100, 200)), mono=60_000)
    assert sum(at == 60_000 for at in left) <= 1 + CATCH_UP_MS * rate / 1_000


def test_what_is_carried_leaves_room_for_a_jittery_network() -> None:
    assert carried(30) == 28.5
    assert 950 < carried(1_000) < 1_000
    assert 0 < carried(0.01) < 0.01


def test_one_chat_gets_one_reminder_a_second_and_others_do_not_wait_for_it() -> None:
    pace = Pace(30)
    pace.sent(ALICE, 0, answer=False)
    assert pace.delay(ALICE, 0, answer=False) == CHAT_GAP_MS
    assert pace.delay(BOB, 0, answer=False) == pace.gap(0) < 40
    assert pace.delay(ALICE, CHAT_GAP_MS, answer=False) == 0


def test_answers_may_come_in_a_burst_and_then_one_a_second() -> None:
    pace = Pace(30)
    left = leave_all(pace, [ALICE] * (ANSWER_BURST + 5), answer=True)
    assert left[ANSWER_BURST - 1] < 1_000
    assert left[-1] >= 5_000
    assert pace.delay(BOB, left[-1] + 40, answer=True) == 0


def test_a_flood_of_questions_does_not_hold_back_the_chats_reminder() -> None:
    pace = Pace(30)
    last = leave_all(pace, [MALLORY] * 30, answer=True)[-1]
    assert pace.chat_delay(MALLORY, last, answer=True) > 0
    assert pace.chat_delay(MALLORY, last, answer=False) == 0


def test_a_group_gets_no_more_than_20_messages_in_any_minute() -> None:
    left = leave_all(Pace(30, answer_burst=100), [FAMILY] * 90)
    assert all(later - earlier > MINUTE for earlier, later in zip(left, left[GROUP_PER_MINUTE:], strict=False))
    assert left[-1] < 5 * MINUTE, "and not much fewer"


def test_a_flood_of_questions_in_a_group_leaves_room_for_its_reminders() -> None:
    pace = Pace(30, answer_burst=100)
    last = leave_all(pace, [FAMILY] * (GROUP_PER_MINUTE - GROUP_KEPT), answer=True)[-1]
    assert pace.chat_delay(FAMILY, last, answer=True) > 50_000
    left = leave_all(pace, [FAMILY] * (GROUP_KEPT + 1), last)
    assert left[GROUP_KEPT - 1] < 6_000 + last
    assert left[-1] > MINUTE
    assert pace.chat_delay(BOB, last, answer=True) == 0


def test_answers_and_reminders_share_the_overall_rate() -> None:
    pace = Pace(30)
    pace.sent(ALICE, 0, answer=True)
    assert 30 <= pace.delay(BOB, 0, answer=False) <= 36


def test_a_429_pauses_its_chat_and_a_second_chats_429_pauses_all() -> None:
    pace = Pace(30)
    pace.refused(ALICE, 5_000, 0)
    pace.refused(ALICE, 5_000, 100)
    assert pace.pause(100) == 0
    assert pace.delay(ALICE, 100, answer=True) == pace.delay(ALICE, 100, answer=False) == 5_000
    assert pace.delay(BOB, 100, answer=True) == 0
    pace.refused(BOB, 2_000, 1_000)
    assert pace.pause(1_000) == pace.delay(MALLORY, 1_000, answer=True) == 2_000
    assert pace.delay(MALLORY, 3_000, answer=False) == 0
    assert pace.delay(ALICE, 3_000, answer=False) == 2_100


def test_a_429_after_another_chats_pause_has_ended_pauses_its_chat_only() -> None:
    pace = Pace(30)
    pace.refused(ALICE, 1_000, 0)
    pace.refused(BOB, 1_000, 1_000)
    assert pace.delay(MALLORY, 1_000, answer=False) == 0


def test_a_shorter_429_does_not_end_a_longer_pause() -> None:
    pace = Pace(30)
    pace.refused(ALICE, 10_000, 0)
    pace.refused(ALICE, 1_000, 0)
    assert pace.delay(ALICE, 0, answer=False) == 10_000
    pace.refused(BOB, 8_000, 0)
    pace.refused(MALLORY, 2_000, 0)
    assert pace.pause(0) == 8_000


def test_chats_that_are_free_again_take_no_memory() -> None:
    pace = Pace(1_000)
    leave_all(pace, list(range(20_000)))
    assert len(pace._chats) <= 2 * CHATS_KEPT + 2


@settings(max_examples=100, deadline=None)
@given(
    rate=st.sampled_from([1, 2, 3, 10, 30, 200]),
    asks=st.lists(st.tuples(st.integers(1, 4), st.booleans(), st.integers(0, 1_500)), max_size=150),
)
def test_no_second_sees_more_than_the_rate_nor_two_reminders_to_one_chat(
    rate: int, asks: list[tuple[int, bool, int]]
) -> None:
    pace, mono = Pace(rate), 0
    left: list[tuple[int, int, bool]] = []
    for chat_id, answer, passed in asks:
        mono += passed // rate
        if pace.delay(chat_id, mono, answer=answer) == 0:
            pace.sent(chat_id, mono, answer=answer)
            left.append((mono, chat_id, answer))
    assert most_in_a_second([at for at, _, _ in left]) <= rate
    for chat in range(1, 5):
        reminders = [at for at, chat_id, answer in left if chat_id == chat and not answer]
        assert most_in_a_second(reminders) <= 1
