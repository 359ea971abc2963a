"""While Telegram gives no answer, requests become rare; one answer opens the way again. On paper: no I/O."""

from __future__ import annotations

from random import Random

from planner.circuit import JITTER, LONGEST_PAUSE_MS, OPENS_AFTER, Circuit, backoff_ms
from planner.model import HOUR, SECOND


def _failing(times: int, mono: int = 0) -> Circuit:
    circuit = Circuit(Random(1))
    for _ in range(times):
        circuit.failed(mono)
    return circuit


def test_one_failure_stops_nothing() -> None:
    circuit = _failing(OPENS_AFTER - 1)
    assert not circuit.open
    assert circuit.wait(0) == 0


def test_several_in_a_row_open_it_and_that_is_said_once() -> None:
    circuit = Circuit(Random(1))
    assert [circuit.failed(0) for _ in range(OPENS_AFTER + 3)] == [False] * (OPENS_AFTER - 1) + [True] + [False] * 3
    assert circuit.open


def test_an_answer_between_failures_starts_the_count_anew() -> None:
    circuit = _failing(OPENS_AFTER - 1)
    assert not circuit.answered()
    circuit.failed(0)
    assert not circuit.open


def test_an_answer_closes_it_at_once_and_that_is_said_once() -> None:
    circuit = _failing(20)
    assert circuit.answered()
    assert not circuit.answered()
    assert not circuit.open
    assert circuit.wait(0) == 0


MEANT_S = (1, 2, 4, 8, 8, 8, 8, 8, 8, 8, 16, 32, 60, 60)


def test_pauses_grow_up_to_the_longest_with_jitter() -> None:
    circuit, mono, pauses = _failing(OPENS_AFTER - 1), 0, []
    for _ in range(20):
        circuit.failed(mono)
        pauses.append(circuit.wait(mono))
        mono += circuit.wait(mono)
    for pause, meant_s in zip(pauses, (*MEANT_S, *[60] * 6), strict=True):
        meant = min(meant_s * SECOND, LONGEST_PAUSE_MS)
        assert meant * (1 - JITTER) <= pause <= meant * (1 + JITTER)
    assert len(set(pauses[-5:])) == 5, "two planners do not knock in step"


def test_failures_of_requests_that_were_under_way_do_not_lengthen_the_pause() -> None:
    circuit = _failing(OPENS_AFTER)
    wait = circuit.wait(0)
    for _ in range(100):
        circuit.failed(0)
    assert circuit.wait(0) == wait
    circuit.failed(wait)
    assert circuit.wait(wait) <= 2 * SECOND * (1 + JITTER), "nor the next one"


def test_it_never_waits_longer_than_half_a_minute_or_so() -> None:
    circuit, mono = Circuit(Random(2)), 0
    for _ in range(10_000):
        circuit.failed(mono)
        assert circuit.wait(mono) <= LONGEST_PAUSE_MS * (1 + JITTER)
        mono += circuit.wait(mono)
    assert mono > HOUR


def test_backoff_grows_up_to_its_cap_and_is_never_nothing() -> None:
    random = Random(3)
    for attempts, meant_s in [(0, 1), (1_000_000, 60), *enumerate(MEANT_S, start=1)]:
        meant = meant_s * SECOND
        for _ in range(50):
            assert meant * (1 - JITTER) <= backoff_ms(attempts, random) <= meant * (1 + JITTER)


def test_retries_spread() -> None:
    random = Random(4)
    assert len({backoff_ms(5, random) for _ in range(100)}) > 50
