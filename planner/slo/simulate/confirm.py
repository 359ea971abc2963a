"""A scenario as a unit test for promtool: Prometheus itself says whether the generated rules do what was reckoned here.

Prometheus sees the counters, and looks at its rules, once a minute, so what is asked is asked a little beside the
moments that were reckoned.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from planner.catalogue.slo import EVENTS, HEARTBEAT
from planner.model import DAY, MINUTE, SECOND
from planner.slo.generate.history import written
from planner.slo.objectives import Slo
from planner.slo.simulate.ledger import Ledger
from planner.slo.simulate.line import Line
from planner.slo.simulate.scenarios import Scenario
from planner.slo.simulate.watchers import PROCESS

BESIDE_MS = 4 * MINUTE
"""So long before and after a reckoned moment Prometheus may have it."""
EVERY_MS = MINUTE
BEFORE_MS = DAY
"""So long all was well before, in what promtool plays: it takes a minute for two days."""


def test_file(
    scenario: Scenario, slos: Sequence[Slo], kept: Mapping[str, Ledger], lines: Iterable[Line], rules: Sequence[str]
) -> str:
    """The test file's text (YAML, of which JSON is a part); ``rules``: the paths of the rules as it names them."""
    times = [at for slo in slos for at in kept[slo.id].times[:1] + kept[slo.id].times[-1:]]
    begin, ends = min(times) // MINUTE * MINUTE, max(times)
    steps = (ends - begin) // EVERY_MS + 2
    test = {
        "interval": f"{EVERY_MS // SECOND}s",
        "input_series": [*_series(scenario, slos, kept, begin, steps), _heartbeat(scenario, begin, steps)],
        "promql_expr_test": [_asked(*one, begin) for one in asked(lines, scenario) if one[1] < ends],
    }
    return json.dumps({"rule_files": list(rules), "evaluation_interval": "1m", "tests": [test]}, indent=1)


def at_leisure(rules: str) -> str:
    """The same rules, looked at once a minute: promtool would take an hour for what they say."""
    return re.sub(r"(?m)^( +interval:) .*$", r"\1 1m", rules)


def asked(lines: Iterable[Line], scenario: Scenario) -> Iterator[tuple[str, int, bool]]:
    """The alert, the instant (UTC ms), and whether it is to fire then: in its middle, and before it began."""
    known = [line for line in lines if line.spent is not None and line.by != PROCESS]
    for name, group in groupby(sorted(known, key=lambda line: (line.alert, line.at)), key=lambda line: line.alert):
        quiet_from = scenario.begin - BESIDE_MS
        for line in group:
            if line.at - BESIDE_MS > quiet_from:
                yield name, line.at - BESIDE_MS, False
            if line.resolved_at is None or line.resolved_at > line.at + 2 * BESIDE_MS:
                yield name, line.at + BESIDE_MS, True
            quiet_from = (line.resolved_at or line.at) + BESIDE_MS


def _asked(name: str, at: int, fires: bool, begin: int) -> dict[str, object]:
    expression = f'count(ALERTS{{alertname="{name}",alertstate="firing"}})'
    samples = [{"labels": "{}", "value": 1}] if fires else []
    return {"expr": expression, "eval_time": f"{(at - begin) // SECOND}s", "exp_samples": samples}


def _series(
    scenario: Scenario, slos: Sequence[Slo], kept: Mapping[str, Ledger], begin: int, steps: int
) -> Iterator[dict[str, str]]:
    for slo in slos:
        for result, bad in (("good", False), ("bad", True)):
            times = [at for at, was_bad in zip(kept[slo.id].times, kept[slo.id].bad, strict=True) if was_bad is bad]
            values = written(_sampled(scenario, times, begin, steps))
            yield {"series": f'{EVENTS.prometheus}{{slo="{slo.id}",result="{result}"}}', "values": values}


def _heartbeat(scenario: Scenario, begin: int, steps: int) -> dict[str, str]:
    """Seconds since the test's own beginning of time, as ``time()`` counts them there."""
    instants = (begin + number * EVERY_MS for number in range(steps))
    values = (None if _unseen(scenario, at) else (at - begin) // SECOND for at in instants)
    return {"series": HEARTBEAT.prometheus, "values": written(values)}


def _sampled(scenario: Scenario, times: Sequence[int], begin: int, steps: int) -> Iterator[int | None]:
    count = 0
    for number in range(steps):
        at = begin + number * EVERY_MS
        while count < len(times) and times[count] <= at:
            count += 1
        yield None if _unseen(scenario, at) else count


def _unseen(scenario: Scenario, at: int) -> bool:
    return scenario.dead(at) is not None or (scenario.hidden and scenario.begin <= at < scenario.end)
