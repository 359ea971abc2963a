"""Made-up histories of a promise, at even steps, as promtool's tests take them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate, groupby

from planner.model import SECOND
from planner.slo.generate import promql, yaml
from planner.slo.objectives import Slo

PAST = (500, 40)
"""What is good and bad before a history begins: a counter is rarely at 0 when Prometheus first sees it."""

Came = tuple[int, int]
"""How many came due at a step: good, bad."""


@dataclass(frozen=True, slots=True)
class History:
    """What came due at which step; at ``silent`` ones nobody reports, and it is seen at the next other one."""

    step_ms: int
    length: int
    came: Mapping[int, Came]
    silent: range = range(0)

    def at(self, step: int) -> str:
        """The instant of a step, as promtool takes it."""
        return f"{step * self.step_ms // SECOND}s"

    def counted(self, step: int, window_ms: int) -> Came:
        """What was seen to be good and bad within the window that ends with a step."""
        seen = ((self.silent.stop if at in self.silent else at, came) for at, came in self.came.items())
        inside = [came for at, came in seen if at <= step and (step - at) * self.step_ms < window_ms]
        return sum(good for good, _ in inside), sum(bad for _, bad in inside)

    def series(self, slo: Slo) -> list[yaml.Value]:
        return [series(slo, result, self.readings(index)) for index, result in enumerate(promql.RESULTS)]

    def readings(self, index: int) -> list[int | None]:
        """The counter of good (0) or bad (1) ones, at each step."""
        came = (self.came.get(step, (0, 0))[index] for step in range(1, self.length))
        counted = enumerate(accumulate(came, initial=PAST[index]))
        return [None if step in self.silent else value for step, value in counted]


def series(slo: Slo, result: promql.Result, readings: list[int | None], more: str = "") -> yaml.Value:
    """A counter's readings, one a step; ``None``: it is not reported."""
    name = f'{promql.counter(slo).prometheus}{{slo="{slo.id}",result="{result}"{more}}}'
    return {"series": name, "values": written(readings)}


def written(readings: Iterable[int | None]) -> str:
    """In promtool's notation: ``5x3`` is 5 and three more of it, ``_`` is no sample."""
    runs = ((value, len(list(alike))) for value, alike in groupby(readings))
    return " ".join(_run("_" if value is None else str(value), count) for value, count in runs)


def _run(value: str, count: int) -> str:
    if value == "_":
        return f"_x{count}"
    return f"{value}x{count - 1}" if count > 1 else value
