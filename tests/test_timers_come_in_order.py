"""The heap of timers against a plain dict that is searched from end to end."""

from __future__ import annotations

import tracemalloc
from random import Random

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from planner.timers import STALE_SPARED, TimerHeap

BYTES_A_TIMER = 250

keys = st.integers(0, 20)
instants = st.integers(0, 50)


class TimersAgainstADict(RuleBasedStateMachine):
    """Few keys and few instants, so that timers meet, move back and forth, and are set again after they fired."""

    def __init__(self) -> None:
        super().__init__()
        self.heap: TimerHeap[int] = TimerHeap()
        self.model: dict[int, int] = {}

    @rule(key=keys, due=instants)
    def add(self, key: int, due: int) -> None:
        self.heap.add(key, due)
        self.model[key] = due

    @rule(key=keys)
    def cancel(self, key: int) -> None:
        assert self.heap.cancel(key) == (self.model.pop(key, None) is not None)

    @rule(now=instants)
    def pop_due(self, now: int) -> None:
        expected = sorted((due, key) for key, due in self.model.items() if due <= now)
        assert self.heap.pop_due(now) == [key for _, key in expected]
        for _, key in expected:
            del self.model[key]

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def add_again_as_it_is(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.model)))
        self.heap.add(key, self.model[key])

    @rule(seed=st.integers(0, 1_000))
    def move_often_enough_to_compact(self, seed: int) -> None:
        dice = Random(seed)
        for _ in range(dice.randint(2 * STALE_SPARED, 3 * STALE_SPARED)):
            self.add(dice.randint(0, 20), dice.randint(0, 50))

    @invariant()
    def agrees(self) -> None:
        assert len(self.heap) == len(self.model)
        assert self.heap.head() == min(self.model.values(), default=None)
        assert self.heap.first() == min(self.model, key=lambda key: (self.model[key], key), default=None)
        assert {key: self.heap.due(key) for key in range(21) if key in self.heap} == self.model


TestTimersAgainstADict = TimersAgainstADict.TestCase
TestTimersAgainstADict.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


def test_timers_of_one_instant_come_in_the_order_of_their_keys() -> None:
    heap: TimerHeap[tuple[str, int]] = TimerHeap()
    for key in [("reminder", 9), ("feed", 3), ("reminder", 1)]:
        heap.add(key, 1_000)
    assert heap.pop_due(999) == []
    assert heap.pop_due(1_000) == [("feed", 3), ("reminder", 1), ("reminder", 9)]
    assert heap.head() is None


def test_a_moved_timer_fires_once_at_its_last_instant() -> None:
    heap: TimerHeap[int] = TimerHeap()
    for due in (10, 20, 10, 30):
        heap.add(7, due)
    assert heap.pop_due(29) == []
    assert heap.pop_due(30) == [7]
    assert heap.pop_due(1_000) == []


def test_timers_moved_over_and_over_take_no_more_memory() -> None:
    heap: TimerHeap[int] = TimerHeap()
    for due in range(100_000):
        heap.add(due % 100, due)
    assert len(heap) == 100
    assert len(heap._heap) <= 2 * 100 + STALE_SPARED + 1  # the promise is about what stays inside


def test_a_held_timer_takes_at_most_250_bytes() -> None:
    count = 50_000
    tracemalloc.start()
    try:
        heap: TimerHeap[int] = TimerHeap()
        for number in range(count):
            heap.add(1_000_000 + number, 1_795_255_200_000 + number * 7_919 % 2_592_000_000)
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held / count <= BYTES_A_TIMER
