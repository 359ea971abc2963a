"""promtool's unit tests of the generated rules: a file a promise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from planner.catalogue.slo import HEARTBEAT
from planner.model import MINUTE, SECOND
from planner.slo.alerts import Rule, rules
from planner.slo.generate import alerting, yaml
from planner.slo.generate.cases import Case, Look, cases
from planner.slo.generate.computed import computed
from planner.slo.generate.history import series
from planner.slo.generate.rules import ABOUT, COUNTS, path
from planner.slo.lengths import named
from planner.slo.objectives import Links, Promises, Slo

Labels = Mapping[str, str]

ABSENT_EVERY_MS = 150 * SECOND


def files(promises: Promises) -> dict[str, str]:
    """In one file stands what is evaluated equally often, since promtool takes that from the file."""
    return {
        **{name: text for slo in promises.slos for name, text in _promise(slo).items()},
        "tests/slo-counts.test.yml": _file([COUNTS], MINUTE, list(_stale(promises.links))),
        "tests/slo-absent.test.yml": _file(
            [path(slo) for slo in promises.slos], ABSENT_EVERY_MS, list(_absent(promises.slos))
        ),
    }


def _promise(slo: Slo) -> dict[str, str]:
    by_interval: dict[int, list[yaml.Value]] = {}
    for every_ms, test in _tests(slo):
        by_interval.setdefault(every_ms, []).append(test)
    return {
        f"tests/slo-{slo.id}-{named(every_ms)}.test.yml": _file([path(slo)], every_ms, tests)
        for every_ms, tests in by_interval.items()
    }


def _file(rules_files: list[str], every_ms: int, tests: list[yaml.Value]) -> str:
    rule_files = [f"../{one}" for one in rules_files]
    return yaml.text({"rule_files": rule_files, "evaluation_interval": named(every_ms), "tests": tests}, ABOUT)


def _tests(slo: Slo) -> Iterator[tuple[int, yaml.Value]]:
    for rule in rules(slo):
        for case in cases(rule):
            yield case.history.step_ms, _test(rule, case)
    yield from computed(slo)


def _test(rule: Rule, case: Case) -> yaml.Value:
    history = case.history
    return {
        "name": f"{rule.name}: {case.what}",
        "interval": named(history.step_ms),
        "input_series": history.series(rule.slo),
        "alert_rule_test": [_look(rule, look, history.at(look.step)) for look in case.looks],
    }


def _look(rule: Rule, look: Look, at: str) -> yaml.Value:
    if look.fires is None:
        return expected(rule.name, at)
    good, bad = look.fires
    said = alerting.said_of(rule, alerting.figures(rule, bad, good + bad))
    return expected(rule.name, at, alerting.labels(rule), said)


def expected(name: str, at: str, labels: Labels | None = None, annotations: Labels | None = None) -> yaml.Value:
    """An alert that is there at an instant; without labels, one that is not."""
    if labels is None or annotations is None:
        return {"alertname": name, "eval_time": at}
    return {
        "alertname": name,
        "eval_time": at,
        "exp_alerts": [{"exp_labels": labels, "exp_annotations": annotations}],
    }


def _absent(slos: Sequence[Slo]) -> Iterator[yaml.Value]:
    """Looked at away from the instants at which Prometheus 2 and 3 differ."""
    yield _reporting(slos, "0 is not absent", [0] * 31, quiet=(4, 12, 30), fires=())
    yield _reporting(slos, "seen once", [None] * 6 + [0] + [None] * 24, quiet=(4, 8, 15), fires=(18, 30))
    yield _reporting(slos, "gone", [0] * 6 + [None] * 25, quiet=(4, 14), fires=(18, 30))


def _reporting(
    slos: Sequence[Slo], what: str, readings: list[int | None], *, quiet: Sequence[int], fires: Sequence[int]
) -> yaml.Value:
    looks: list[yaml.Value] = []
    for slo in slos:
        name, said = alerting.absent_name(slo), alerting.absent_annotations(slo)
        looks += [expected(name, f"{minute}m") for minute in quiet]
        looks += [expected(name, f"{minute}m", alerting.absent_labels(slo), said) for minute in fires]
    return {
        "name": f"Absent: {what}",
        "interval": named(MINUTE),
        "input_series": [series(slo, "good", readings) for slo in slos],
        "alert_rule_test": looks,
    }


def _stale(links: Links) -> Iterator[yaml.Value]:
    limit = alerting.STALE_MS // MINUTE
    beats = [minute * MINUTE // SECOND for minute in range(5)]
    yield _beating(links, "noted every minute", [minute * MINUTE // SECOND for minute in range(20)], {19: None})
    yield _beating(
        links, "old, but not too old", [*beats, *[beats[-1]] * 20], {4 + limit: None, 5 + limit: f"{limit + 1}m 0s"}
    )
    yield _beating(
        links, "noted again", [*beats, *[beats[-1]] * 12, *[17 * MINUTE // SECOND] * 3], {16: "12m 0s", 17: None}
    )
    yield _beating(
        links, "told in two ways", [*beats, *[beats[-1]] * 20], {5 + limit: None, 7 + limit: f"{limit + 1}m 0s"},
        [*beats, 5 * MINUTE // SECOND, *[6 * MINUTE // SECOND] * 20],
    )  # fmt: skip
    yield _beating(links, "not reported at all", [*beats, *[None] * 20], {24: None})


def _beating(
    links: Links, what: str, readings: Sequence[int | None], looks: Mapping[int, str | None], more: Sequence[int] = ()
) -> yaml.Value:
    given = {HEARTBEAT.prometheus: readings, f'{HEARTBEAT.prometheus}{{instance="b"}}': more}
    return {
        "name": f"{alerting.STALE}: {what}",
        "interval": named(MINUTE),
        "input_series": [
            {"series": name, "values": " ".join(map(_reading, values))} for name, values in given.items() if values
        ],
        "alert_rule_test": [
            expected(alerting.STALE, f"{minute}m")
            if age is None
            else expected(alerting.STALE, f"{minute}m", alerting.STALE_LABELS, alerting.stale_annotations(age, links))
            for minute, age in looks.items()
        ],
    }


def _reading(value: int | None) -> str:
    return "_" if value is None else str(value)
