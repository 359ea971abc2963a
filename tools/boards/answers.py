"""What a Prometheus answers a panel: its targets with the board's variables filled in, as Grafana asks them."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import inf, isnan
from typing import Any

from tools.boards.variables import Variables

TIMEOUT_S = 30
NICE_S = (1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1_200, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400)
POINTS_A_COLUMN = 10
BARS_A_COLUMN = 5
MARKS_MAX = 240
"""So finely it is looked where something begins."""
_LABEL = re.compile(r"\{\{\s*(\w+)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Mark:
    """What began when, and its colour."""

    moment: float
    text: str
    color: str


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when, in seconds since 1970, and what happened in between."""

    begin: float
    end: float
    marks: tuple[Mark, ...] = ()

    @property
    def length(self) -> float:
        return self.end - self.begin


@dataclass(frozen=True, slots=True)
class Series:
    """A series' labels, and its points: when, in seconds since 1970, and what."""

    labels: Mapping[str, str]
    points: tuple[tuple[float, float], ...]

    @property
    def last(self) -> float | None:
        """The last that is a number."""
        return next((value for _, value in reversed(self.points) if not isnan(value)), None)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one target's query found; ``error`` is what Prometheus said where it could not be asked so."""

    target: Mapping[str, Any]
    expression: str
    series: tuple[Series, ...] = ()
    step: float = 0
    error: str = ""

    @property
    def is_empty(self) -> bool:
        """Nothing is, and so are numbers that are none."""
        return all(one.last is None for one in self.series)


class Prometheus:
    """One that listens at ``url``."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")

    def at(self, expression: str, moment: float) -> tuple[Series, ...]:
        """An instant query's series, a point each."""
        found = self._ask("query", query=expression, time=moment)
        if found["resultType"] == "scalar":
            return (_series({"metric": {}, "value": found["result"]}),)
        return tuple(map(_series, found["result"]))

    def over(self, expression: str, span: Span, step: float) -> tuple[Series, ...]:
        """A range query's series."""
        begin, end = (moment // step * step for moment in (span.begin, span.end))
        found = self._ask("query_range", query=expression, start=begin, end=end, step=step)
        return tuple(map(_series, found["result"]))

    def _ask(self, what: str, **parameters: object) -> Any:
        body = urllib.parse.urlencode(parameters).encode()
        try:
            with urllib.request.urlopen(f"{self._url}/api/v1/{what}", body, timeout=TIMEOUT_S) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as refused:
            raise RefusedError(_said(refused.read())) from None


class RefusedError(Exception):
    """Prometheus cannot be asked so; it says why."""


def _said(body: bytes) -> str:
    try:
        return str(json.loads(body)["error"])
    except (ValueError, KeyError):
        return body.decode(errors="replace")


def _series(found: Mapping[str, Any]) -> Series:
    points = found["values"] if "values" in found else [found["value"]]
    return Series(found["metric"], tuple((float(moment), float(value)) for moment, value in points))


@dataclass(frozen=True, slots=True)
class Asking:
    """Whom to ask about which time. ``scrape``: how many seconds lie between two looks at the bot."""

    prometheus: Prometheus
    span: Span
    scrape: float = 15

    def answers(self, panels: list[Mapping[str, Any]], variables: Variables) -> list[list[Answer]]:
        """Of each panel, in its targets' order; panels of other data sources have none."""
        with ThreadPoolExecutor(4) as threads:
            return list(threads.map(lambda panel: list(self._of(panel, variables)), panels))

    def marks(self, annotations: Iterable[Mapping[str, Any]], variables: Variables) -> Iterator[Mark]:
        """Where something begins that the board marks in its pictures; what cannot be asked is not marked."""
        step = max(self.scrape, self.span.length / MARKS_MAX)
        for one in annotations:
            try:
                found = self.prometheus.over(variables.into(one["expr"]), self.span, step)
            except RefusedError:
                continue
            for series in found:
                text = labelled(one["titleFormat"], series.labels)
                yield from (Mark(moment, text, one["iconColor"]) for moment in _beginnings(series, step))

    def _of(self, panel: Mapping[str, Any], variables: Variables) -> Iterator[Answer]:
        step = self._step(panel)
        filled = variables.of_time(self.span.length, step, self.scrape)
        for target in panel["targets"] if asks_prometheus(panel) else ():
            yield self._answer(target, filled.into(target["expr"]), step)

    def _answer(self, target: Mapping[str, Any], expression: str, step: float) -> Answer:
        try:
            if target.get("instant"):
                return Answer(target, expression, self.prometheus.at(expression, self.span.end))
            return Answer(target, expression, self.prometheus.over(expression, self.span, step), step)
        except RefusedError as refused:
            return Answer(target, expression, error=str(refused))

    def _step(self, panel: Mapping[str, Any]) -> float:
        """Seconds between two points, so that there are about as many as can be told apart."""
        custom = panel["fieldConfig"]["defaults"].get("custom", {})
        coarse = panel["type"] in {"heatmap", "state-timeline"} or custom.get("drawStyle") == "bars"
        points = panel["gridPos"]["w"] * (BARS_A_COLUMN if coarse else POINTS_A_COLUMN)
        least = max(self.scrape, self.span.length / points)
        return next((float(nice) for nice in NICE_S if nice >= least), least)


def labelled(text: str, labels: Mapping[str, str]) -> str:
    """With what the series has under each ``{{label}}``."""
    return _LABEL.sub(lambda found: labels.get(found[1], ""), text)


def _beginnings(series: Series, step: float) -> Iterator[float]:
    before = -inf
    for moment, _ in series.points:
        if moment - before > 1.5 * step:
            yield moment
        before = moment


def asks_prometheus(panel: Mapping[str, Any]) -> bool:
    return bool((panel.get("datasource") or {}).get("type") == "prometheus")
