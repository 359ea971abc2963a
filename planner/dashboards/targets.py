"""What panels ask: a query, of which kind of data source, and how each kind is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None"
Block: TypeAlias = "dict[str, Json]"


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of data source. Which one it is, whoever looks chooses above."""

    kind: str

    @property
    def variable(self) -> str:
        return f"DS_{self.kind.upper()}"

    @property
    def json(self) -> Mapping[str, Json]:
        return {"type": self.kind, "uid": f"${{{self.variable}}}"}


LETTERS = "ABCDEFGHIJKLMNOP"
"""By which a panel names its queries, and a table their values."""
PROMETHEUS, LOKI, TEMPO = Source("prometheus"), Source("loki"), Source("tempo")


@dataclass(frozen=True, slots=True)
class Query:
    """PromQL, LogQL or TraceQL by its ``source``, and what its series are called. ``instant``: its value now."""

    expression: str
    legend: str = ""
    instant: bool = False
    table: bool = False
    source: Source = PROMETHEUS


def targets(queries: Sequence[Query]) -> list[Block]:
    """As a panel holds them, each by a letter."""
    return [_target(letter, query) for letter, query in zip(LETTERS, queries, strict=False)]


def _target(letter: str, query: Query) -> Block:
    return {"refId": letter, "datasource": query.source.json, **KINDS[query.source](query)}


def _promql(query: Query) -> Block:
    return {
        "expr": query.expression,
        "exemplar": BUCKETS in query.expression and not query.instant,
        "legendFormat": query.legend or "__auto",
        "instant": query.instant,
        "range": not query.instant,
        "format": "table" if query.table else "time_series",
    }


def _logql(query: Query) -> Block:
    return {
        "expr": query.expression,
        "legendFormat": query.legend,
        "queryType": "instant" if query.instant else "range",
    }


def _traceql(query: Query) -> Block:
    return {"query": query.expression, "queryType": "traceql", "limit": 50}


BUCKETS = "_bucket{"
"""Where a histogram is asked for, the traces of some of its values are shown with it."""
KINDS: Mapping[Source, Callable[[Query], Block]] = {PROMETHEUS: _promql, LOKI: _logql, TEMPO: _traceql}
"""How each data source is asked."""
