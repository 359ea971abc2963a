"""Every metric stands in the catalogue, all that stands there is recorded, and the page says the same."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest

from planner.catalogue import GROUPS, all_metrics, chat, metrics_of
from planner.catalogue.metric import Kind, Label, Metric, counter, histogram
from planner.model import Outcome
from planner.telegram import outcomes
from planner.telegram.outcomes import Halted, NotSent, Paused, Unclear
from planner.telemetry.registry import OPEN_VALUES_MAX
from tools import metrics_page

PACKAGE = Path(__file__).parents[1] / "planner"
CATALOGUE = PACKAGE / "catalogue"

CODE = {
    f"{group.__name__.rpartition('.')[2]}.{name}": metric
    for _, group in GROUPS
    for name, metric in vars(group).items()
    if isinstance(metric, Metric)
}
"""Every metric by how code names it: ``chat.UPDATES``."""

UNITS = re.compile(r"s|By|1|\{[a-z]+\}")
"""UCUM: seconds, bytes, a ratio, and what is counted in braces."""

OPEN = {
    ("planner.sli.events", "slo"),
    ("planner.slo.sli.ratio", "slo"),
    ("planner.slo.objective.ratio", "slo"),
    ("planner.slo.budget.ratio", "slo"),
    ("planner.slo.burn_rate", "slo"),
    ("planner.alerts", "slo"),
    ("planner.alerts", "tier"),  # as many as slo.toml has
    ("planner.updates", "handler"),
    ("planner.update.duration", "handler"),  # as many as the chat has routes
    ("planner.answers", "method"),
    ("planner.telegram.requests", "method"),
    ("planner.telegram.duration", "method"),  # the methods we call
    ("planner.db.query.duration", "table"),
    ("planner.db.query.slow", "table"),
    ("planner.db.rows", "table"),  # the tables of our schema
    ("planner.users.languages", "language"),
    ("planner.users.regions", "region"),  # the first part of a zone's name
    ("planner.build.info", "version"),
    ("planner.build.info", "python"),
    ("planner.build.info", "sqlite"),  # one of each
}
"""Labels whose values the catalogue does not name. A new one here has to be one with few values."""

CONTRACT: dict[str, tuple[Kind, tuple[Label, ...]]] = {
    "planner_sli_events_total": (Kind.COUNTER, (Label("slo"), Label("result", ("good", "bad")))),
    "planner_reminders_total": (
        Kind.COUNTER,
        (Label("kind", ("event", "plan", "snooze")), Label("outcome", ("on_time", "late", "failed"))),
    ),
    "planner_reminder_lateness_seconds": (Kind.HISTOGRAM, (Label("kind", ("event", "plan", "snooze")),)),
    "planner_syncs_total": (Kind.COUNTER, (Label("outcome", tuple(Outcome)),)),
    "planner_heartbeat_timestamp_seconds": (Kind.GAUGE, ()),
}
"""What others' dashboards and alerts rely on, to the letter."""

ABOUT_UPDATES = {"planner_updates_total": Kind.COUNTER, "planner_update_duration_seconds": Kind.HISTOGRAM}

LATENESS_BOUNDS = {-60.0, -30.0, -15.0, -5.0, -1.0, 0.0, 1.0, 5.0, 15.0, 30.0, 60.0, 90.0, 120.0, 180.0, 300.0}
"""Around these a reminder's lateness is told apart, early ones too."""

MAKERS = {"Metric", "counter", "gauge", "histogram"}
SDK_MAKERS = re.compile(r"create_(observable_)?(counter|up_down_counter|gauge|histogram)")
RECORDERS = {"add": 1, "set": 2, "record": 2}
"""How the registry records, and after how many arguments the labels come."""


class Source:
    """A module of the planner, as text: what of the catalogue it names."""

    def __init__(self, text: str) -> None:
        self.tree = ast.parse(text)
        self._modules: dict[str, str] = {}
        self._names: dict[str, str] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and node.module == "planner.catalogue":
                self._modules |= {alias.asname or alias.name: alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("planner.catalogue."):
                group = str(node.module).rpartition(".")[2]
                self._names |= {alias.asname or alias.name: f"{group}.{alias.name}" for alias in node.names}

    def named(self, node: ast.expr) -> Metric | None:
        """The metric that an expression is."""
        match node:
            case ast.Attribute(ast.Name(group), name) if group in self._modules:
                return CODE.get(f"{self._modules[group]}.{name}")
            case ast.Name(name) if name in self._names:
                return CODE.get(self._names[name])
        return None

    def metrics(self) -> set[Metric]:
        """Those that it uses."""
        found = (self.named(node) for node in ast.walk(self.tree) if isinstance(node, ast.expr))
        return {metric for metric in found if metric is not None}

    def faults(self) -> Iterator[str]:
        """What it does past the catalogue, and labels that are not what their metric declares."""
        docs = {id(node.value) for node in ast.walk(self.tree) if isinstance(node, ast.Expr)}
        names = {metric.name for metric in CODE.values()} | {metric.prometheus for metric in CODE.values()}
        for node in ast.walk(self.tree):
            match node:
                case ast.ImportFrom(module="planner.catalogue.metric", names=imported):
                    for alias in imported:
                        if alias.name in MAKERS - {"Metric"}:
                            yield f"line {node.lineno}: a metric is made outside the catalogue"
                case ast.Call(ast.Name("Metric")):
                    yield f"line {node.lineno}: a metric is made outside the catalogue"
                case ast.Attribute(attr=name) if SDK_MAKERS.fullmatch(name):
                    yield f"line {node.lineno}: {name}: a metric is made past the catalogue"
                case ast.Constant(str(text)) if text in names and id(node) not in docs:
                    yield f"line {node.lineno}: {text!r}: a metric is named by a string"
                case ast.Call(ast.Attribute(attr=verb), [first, *_]) if verb in RECORDERS:
                    metric = self.named(first)
                    if metric is not None:
                        yield from _label_faults(metric, node, node.args[RECORDERS[verb] :])


def _label_faults(metric: Metric, call: ast.Call, given: list[ast.expr]) -> Iterator[str]:
    if any(isinstance(one, ast.Starred) for one in given):
        return
    if len(given) != len(metric.labels):
        yield f"line {call.lineno}: {metric.name} is given {len(given)} labels and has {len(metric.labels)}"
        return
    for label, value in zip(metric.labels, given, strict=True):
        for said in _constants(value):
            if label.values and said not in label.values:
                yield f"line {call.lineno}: {metric.name} has no {label.name}={said!r}"


def _constants(value: ast.expr) -> list[object]:
    """What an argument may be, as far as that is written there."""
    match value:
        case ast.Constant(said):
            return [said]
        case ast.IfExp(body=one, orelse=other):
            return [*_constants(one), *_constants(other)]
    return []


@cache
def sources() -> list[tuple[str, Source]]:
    paths = [path for path in sorted(PACKAGE.rglob("*.py")) if not path.is_relative_to(CATALOGUE)]
    return [(str(path.relative_to(PACKAGE.parent)), Source(path.read_text())) for path in paths]


def test_every_metric_that_is_declared_is_recorded() -> None:
    used = {metric for _, source in sources() for metric in source.metrics()}
    assert {name for name, metric in CODE.items() if metric not in used} == set()


def test_nothing_is_recorded_that_is_not_declared_and_labels_are_those_of_the_catalogue() -> None:
    assert [f"{place}, {fault}" for place, source in sources() for fault in source.faults()] == []


@pytest.mark.parametrize(
    "code",
    [
        "from planner.catalogue.metric import counter",
        "Metric('planner.x')",
        "meter.create_counter('planner.x')",
        "meter.create_observable_gauge('planner.x')",
        "add('planner.updates')",
        "x = 'planner_updates_total'",
        "from planner.catalogue import chat\nmetrics.add(chat.UPDATES, 'add')",
        "from planner.catalogue import chat as told\nmetrics.add(told.UPDATES, 'add', 'fine')",
        "from planner.catalogue import chat\nmetrics.add(chat.UPDATES, 'add', 'ok' if well else 'bad')",
        "from planner.catalogue import chat\nmetrics.record(chat.ANSWER_SIZE, 1, 'short')",
        "from planner.catalogue.chat import UPDATES_ACTIVE\nmetrics.set(UPDATES_ACTIVE, 1, 'short')",
    ],
)
def test_what_goes_past_the_catalogue_is_found(code: str) -> None:
    assert len(list(Source(code).faults())) == 1


@pytest.mark.parametrize(
    "code",
    [
        "from planner.catalogue import chat\nmetrics.add(chat.UPDATES, handler, 'ok')",
        "from planner.catalogue import chat\nmetrics.add(chat.UPDATES, *labels)",
        "from planner.catalogue import chat\nmetrics.add(chat.UPDATES, handler, 'ok' if tries == 0 else outcome)",
        "from planner.catalogue.chat import UPDATES as SEEN\nmetrics.add(SEEN, handler, 'ok' if well else 'failed')",
    ],
)
def test_what_keeps_to_the_catalogue_is_recognized(code: str) -> None:
    assert Source(code).metrics() == {CODE["chat.UPDATES"]}
    assert list(Source(code).faults()) == []


def test_no_metric_stands_twice_in_the_catalogue_not_even_as_a_part_of_another() -> None:
    exported = [name for metric in all_metrics() for name in _series_names(metric)]
    assert sorted(set(exported)) == sorted(exported)
    assert len({metric.name for metric in all_metrics()}) == len(all_metrics()) == len(CODE)


def _series_names(metric: Metric) -> list[str]:
    parts = ("_bucket", "_sum", "_count") if metric.kind is Kind.HISTOGRAM else ()
    return [metric.prometheus, *(metric.prometheus + part for part in parts)]


@pytest.mark.parametrize("metric", all_metrics(), ids=lambda metric: metric.name)
def test_a_metric_is_well_formed(metric: Metric) -> None:
    assert re.fullmatch(r"planner(\.[a-z][a-z_]*){1,4}", metric.name)
    assert UNITS.fullmatch(metric.unit)
    assert (metric.unit == "1") == metric.name.endswith("ratio")
    assert not re.search(r"(total|seconds|bytes|count|sum|bucket)$", metric.name), "that is for Prometheus to add"
    assert re.fullmatch(r"[a-zA-Z_:][a-zA-Z0-9_:]*", metric.prometheus)
    assert metric.about.endswith(".")
    assert metric.use.endswith(".")
    assert (metric.kind is Kind.HISTOGRAM) == bool(metric.bounds)
    assert all(low < high for low, high in pairwise(metric.bounds))


@pytest.mark.parametrize("metric", all_metrics(), ids=lambda metric: metric.name)
def test_labels_are_few_and_known(metric: Metric) -> None:
    names = [label.name for label in metric.labels]
    assert len(set(names)) == len(names)
    assert not {"le", "quantile", "job", "instance"} & set(names), "Prometheus has those for itself"
    for label in metric.labels:
        assert re.fullmatch(r"[a-z_]+", label.name)
        assert len(set(label.values)) == len(label.values)
        assert bool(label.values) != ((metric.name, label.name) in OPEN)
    assert len(metric.series) <= OPEN_VALUES_MAX


def test_every_label_that_may_be_open_is_one() -> None:
    assert {
        (metric.name, label.name) for metric in all_metrics() for label in metric.labels if not label.values
    } == OPEN


@pytest.mark.parametrize("name", CONTRACT)
def test_what_others_rely_on_has_its_name_and_labels(name: str) -> None:
    kind, labels = CONTRACT[name]
    found = next(metric for metric in all_metrics() if metric.prometheus == name)
    assert (found.kind, found.labels) == (kind, labels)
    assert found.kept


@pytest.mark.parametrize("name", ABOUT_UPDATES)
def test_updates_are_told_by_handler_and_outcome(name: str) -> None:
    found = next(metric for metric in all_metrics() if metric.prometheus == name)
    assert (found.kind, [label.name for label in found.labels]) == (ABOUT_UPDATES[name], ["handler", "outcome"])


def test_an_answer_ends_in_one_of_the_ways_that_stand_there() -> None:
    (known,) = [label.values for label in CODE["chat.ANSWERS"].labels if label.name == "outcome"]
    unanswered = {Unclear, NotSent, Paused, Halted}
    final = {one.__name__.lower() for one in get_args(outcomes.Outcome) if one not in unanswered}
    assert set(known) == final | {"given_up"}


def test_lateness_is_told_apart_where_it_matters() -> None:
    assert set(CODE["reminders.LATENESS"].bounds) >= LATENESS_BOUNDS


def test_every_group_stands_in_the_catalogue_once() -> None:
    modules = {path.stem for path in CATALOGUE.glob("*.py") if _makes_metrics(path.read_text())}
    assert sorted(group.__name__.rpartition(".")[2] for _, group in GROUPS) == sorted(modules)
    assert all(metrics_of(group) and group.__doc__ for _, group in GROUPS)


def _makes_metrics(text: str) -> bool:
    calls = (node.func for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
    return any(isinstance(made, ast.Name) and made.id in MAKERS - {"Metric"} for made in calls)


def test_the_page_says_what_the_catalogue_says() -> None:
    assert metrics_page.PAGE.read_text(encoding="utf-8") == metrics_page.page(), "run `make metrics-page`"


def test_the_page_names_every_metric_in_both_ways_and_every_value_of_its_labels() -> None:
    page = metrics_page.page()
    for metric in all_metrics():
        row = next(line for line in page.splitlines() if line.startswith(f"| `{metric.prometheus}`<br>"))
        assert f"`{metric.name}`" in row
        assert all(value in row for label in metric.labels for value in (label.name, *label.values))


def test_a_page_of_another_catalogue_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    before = metrics_page.page()
    monkeypatch.setattr(chat, "NEW", counter("planner.new", "{one}", "New.", "To be seen."), raising=False)
    assert metrics_page.page() != before
    monkeypatch.setattr(chat, "NEW", histogram("planner.new", "s", "New.", "To be seen.", bounds=(1.0, 2.0)))
    assert "Buckets of `planner_new_seconds` end at 1, 2 (`s`)." in metrics_page.page()
