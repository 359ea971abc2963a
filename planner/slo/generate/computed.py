"""What the recorded series of a promise are worth after a history: compared with a plain count of what came due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from planner.model import DAY, HOUR, SECOND
from planner.slo.generate import promql, yaml
from planner.slo.generate.history import PAST, History, series
from planner.slo.lengths import named
from planner.slo.objectives import Slo

COARSE_MS = 11 * HOUR
"""No part of a day, so that what is remembered from before a window differs from its first value."""
STEPS = 36
GAP = range(29, 33)
TAKEN_OVER = 20
"""At this step another process, which a scrape labels otherwise, takes over; the first one's last word lingers on."""
LINGERS = 3
PARTS = 6
"""Into so many a window is cut that is neither short nor days long."""


def computed(slo: Slo) -> Iterator[tuple[int, yaml.Value]]:
    """Tests, and how often they evaluate, in ms."""
    windows = promql.windows(slo)
    fine = promql.part_ms(windows[0], 2)
    yield fine, _handed_over(slo, fine)
    for result in promql.RESULTS:
        yield fine, _begun_late(slo, fine, result)
    for window in windows[:2]:
        yield fine, _fallen(slo, fine, window)
    if DAY in windows:
        yield COARSE_MS, _fallen(slo, COARSE_MS, DAY)
    for window in windows:
        if STEPS * fine <= window <= COARSE_MS:
            step_ms = promql.part_ms(window, PARTS)
            yield step_ms, _alone(slo, step_ms, window)
    yield fine, _idle(slo, fine)
    yield COARSE_MS, _idle(slo, COARSE_MS)
    yield COARSE_MS, _seldom(slo)


def _varied(step_ms: int, length: int, silent: range = range(0)) -> History:
    """No two windows hold the same."""
    return History(step_ms, length, {at: (at * 37 % 19 + 1, at * at % 7) for at in range(1, length)}, silent)


def _handed_over(slo: Slo, step_ms: int) -> yaml.Value:
    history = _varied(step_ms, STEPS, GAP)
    first, second = range(TAKEN_OVER, STEPS), range(TAKEN_OVER)
    given: list[yaml.Value] = []
    for index, result in enumerate(promql.RESULTS):
        readings = history.readings(index)
        old = [*readings[:TAKEN_OVER], *[readings[TAKEN_OVER - 1]] * LINGERS, *[None] * (len(first) - LINGERS)]
        given.append(series(slo, result, old, ',instance="a",job="x"'))
        given.append(series(slo, result, [*[None] * len(second), *readings[TAKEN_OVER:]], ',instance="b"'))
    there = [window for window in promql.windows(slo) if window < STEPS * step_ms]
    young = [(window * 4 // 5 // step_ms, [window]) for window in there]
    looks = [*young, (TAKEN_OVER + 1, there[:2]), (GAP[-2], there[2:3]), (STEPS - 1, there)]
    return _test(
        slo, "every window, from one process to the next and over a gap", step_ms, given,
        [
            *(one for step, windows in looks for one in _windows(slo, history, step, windows)),
            _sample(slo, promql.objective(slo), history.at(0), slo.objective),
        ],
    )  # fmt: skip


def _windows(slo: Slo, history: History, step: int, windows: Iterable[int]) -> Iterator[yaml.Value]:
    at = history.at(step)
    for window in windows:
        good, bad = history.counted(step, window)
        yield _sample(slo, promql.increase(slo, "good", window), at, good)
        yield _sample(slo, promql.increase(slo, "bad", window), at, bad)
        yield _sample(slo, promql.ratio(slo, window), at, bad / (good + bad))
        yield _sample(slo, promql.burn_rate(slo, window), at, bad / (good + bad) / promql.allowed(slo))


def _alone(slo: Slo, step_ms: int, window: int) -> yaml.Value:
    length = (window - 1) // step_ms + 4
    history = _varied(step_ms, length)
    looks = list(_windows(slo, history, length - 1, [window]))
    return _test(slo, f"over {named(window)}", step_ms, history.series(slo), looks)


def _begun_late(slo: Slo, step_ms: int, result: promql.Result) -> yaml.Value:
    """A result's series is not there until it first occurs, and that one counts."""
    first, share = promql.windows(slo)[0], float(result == "bad")
    readings: dict[promql.Result, list[int | None]] = {one: [7, 7, 7] for one in promql.RESULTS}
    return _test(
        slo, f"{result} ones, of which there was none before", step_ms,
        [series(slo, one, there) for one, there in {**readings, result: [None, None, 1]}.items()],
        [
            _sample(slo, promql.increase(slo, result, first), _at(1, step_ms), 0),
            *(_sample(slo, promql.increase(slo, result, one), _at(2, step_ms), 1) for one in promql.windows(slo)),
            *(_sample(slo, promql.ratio(slo, one), _at(2, step_ms), share) for one in promql.windows(slo)),
        ],
    )  # fmt: skip


def _fallen(slo: Slo, step_ms: int, window: int) -> yaml.Value:
    """Another database, begun anew, whose counts soon are higher than the first one's: what it counts is known."""
    steps = (window - 1) // step_ms + 1
    last = steps + 3
    given: list[yaml.Value] = []
    expected: list[yaml.Value] = []
    for result, (high, low) in zip(promql.RESULTS, ((900, 200), (90, 0)), strict=True):
        climbed = [low + high * number for number in range(steps - 1)]
        given.append(series(slo, result, [*[high] * (last - steps + 1), high + 5, *climbed]))
        expected.append(_sample(slo, promql.increase(slo, result, window), _at(last, step_ms), climbed[-1] - low))
    return _test(slo, f"another database takes the place of the first, {named(window)}", step_ms, given, expected)


def _at(step: int, step_ms: int) -> str:
    return f"{step * step_ms // SECOND}s"


def _idle(slo: Slo, step_ms: int) -> yaml.Value:
    """Where nothing came due there is no rate: neither 0, nor 1, nor NaN. More were bad than good."""
    at = _at(3, step_ms)
    given = [series(slo, result, [PAST[1 - index]] * 4) for index, result in enumerate(promql.RESULTS)]
    window = slo.window_ms
    ratios = [promql.ratio(slo, one) for one in promql.windows(slo)]
    nothing = [*ratios, promql.burn_rate(slo, window), promql.budget_left(slo)]
    return _test(
        slo, "nothing came due", step_ms, given,
        [
            *(_sample(slo, promql.increase(slo, "bad", one), at, 0) for one in promql.windows(slo)),
            _sample(slo, promql.objective(slo), at, slo.objective),
            *(_sample(slo, name, at, None) for name in nothing),
        ],
    )  # fmt: skip


def _seldom(slo: Slo) -> yaml.Value:
    """Days; and windows that begin while Prometheus was away itself."""
    length = slo.window_ms // COARSE_MS + 3
    history = _varied(COARSE_MS, length)
    last = length - 1
    days = [window for window in promql.windows(slo) if window > COARSE_MS]
    good, bad = history.counted(last, slo.window_ms)
    burnt = bad / (good + bad) / promql.allowed(slo)
    return _test(
        slo, "days, looked at about twice a day", COARSE_MS, history.series(slo),
        [
            *_windows(slo, history, last, days),
            *(
                _sample(slo, promql.increase(slo, "good", window), history.at(last), history.counted(last, window)[0])
                for window in promql.windows(slo) if window <= COARSE_MS
            ),
            _sample(slo, promql.budget_left(slo), history.at(last), 1 - burnt),
        ],
    )  # fmt: skip


def _test(slo: Slo, what: str, step_ms: int, given: Sequence[yaml.Value], looks: Sequence[yaml.Value]) -> yaml.Value:
    return {
        "name": f"{slo.id}: {what}",
        "interval": named(step_ms),
        "input_series": given,
        "promql_expr_test": looks,
    }


def _sample(slo: Slo, name: str, at: str, value: float | None) -> yaml.Value:
    """A recorded series' only sample at an instant; ``None``: it has none."""
    series_name = promql.of(name, slo)
    samples: list[yaml.Value] = [] if value is None else [{"labels": series_name, "value": value}]
    return {"expr": series_name, "eval_time": at, "exp_samples": samples}
