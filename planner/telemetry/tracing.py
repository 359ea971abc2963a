"""Spans: what led to what, and how long each step took. No SDK: a span is one small object until it is exported.

A trace is kept in memory until its first span ends; then it goes to the exporter as a whole, or nowhere. So it can be
kept for how it ended: errors and late reminders always are, whatever the sampler said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from enum import StrEnum
from random import Random
from typing import Protocol, Self

from planner.clock import NS_A_MS, ticks

SPANS_MAX = 200
"""Spans that a trace may have; what comes beyond is left out."""
CONTEXT_BYTES = 24
"""How long a span's ``context`` is: 16 bytes of its trace's id, 8 of its own."""

Value = str | int | float | bool
DATABASE: Mapping[str, str] = {"db.system.name": "sqlite", "db.namespace": "planner-db"}
"""What a step that waits for the database says of it (OpenTelemetry's conventions for databases)."""


class Kind(StrEnum):
    """As OpenTelemetry has them."""

    INTERNAL = "internal"
    SERVER = "server"
    CLIENT = "client"
    CONSUMER = "consumer"


class Wall(Protocol):
    def now(self) -> int: ...


class Trace:
    """All spans of one journey."""

    __slots__ = ("id", "kept", "random", "sampled", "sink", "spans", "wall_ns")

    def __init__(self, id_: int, now_ms: int, random: Random, sink: Callable[[Trace], None], *, sampled: bool) -> None:
        self.id = id_
        self.wall_ns = now_ms * NS_A_MS - ticks()
        self.random = random
        self.sink = sink
        self.sampled = sampled
        self.kept = sampled
        """Whether it is exported; set for what must not be lost, whatever the sampler said."""
        self.spans: list[Span] = []


class Span:
    """One step. Falsy where nothing is traced, and then everything costs next to nothing.

    ``fields`` says what is known of it: ids, sizes, outcomes; no text of a user's, no address, no token.
    """

    __slots__ = ("_before", "_trace", "end_ns", "error", "fields", "id", "kind", "links", "name", "parent", "start_ns")

    def __init__(
        self,
        trace: Trace | None,
        name: str,
        kind: Kind,
        parent: int | None,
        fields: dict[str, Value],
        *,
        start_ns: int | None = None,
        links: tuple[bytes, ...] = (),
    ) -> None:
        self._trace = trace
        self._before: Span | None = None
        self.name = name
        self.kind = kind
        self.parent = parent
        self.fields = fields
        self.links = links
        self.error = ""
        self.end_ns = 0
        self.id = 0 if trace is None else trace.random.getrandbits(64) or 1
        self.start_ns = start_ns if start_ns is not None else self.now_ns()

    def __bool__(self) -> bool:
        return self._trace is not None

    @property
    def trace_id(self) -> int:
        return 0 if self._trace is None else self._trace.id

    @property
    def sampled(self) -> bool:
        """Whether its trace is going to be exported, as far as is known."""
        return self._trace is not None and self._trace.kept

    @property
    def context(self) -> bytes | None:
        """What a later span needs to link to this one; where no trace is exported, the log's lines have its id."""
        trace = self._trace
        return None if trace is None else trace.id.to_bytes(16) + self.id.to_bytes(8)

    def now_ns(self) -> int:
        """UTC ns, in step with the other spans of its trace however the clock jumps."""
        return 0 if self._trace is None else self._trace.wall_ns + ticks()

    def child(self, name: str, kind: Kind = Kind.INTERNAL, **fields: Value) -> Span:
        """Begin a step of this one."""
        return self if self._trace is None else Span(self._trace, name, kind, self.id, fields)

    def set(self, **fields: Value) -> None:
        if self._trace is not None:
            self.fields.update(fields)

    def keep(self) -> None:
        """Export its trace, whatever the sampler said."""
        if self._trace is not None:
            self._trace.kept = True

    def fail(self, error: str) -> None:
        """It went wrong: ``error`` is a code or an exception's type, never its words."""
        if self._trace is not None:
            self.error = error
            self._trace.kept = True

    def end(self) -> None:
        """It is over; the end of a trace's first span ends the trace. Once is enough."""
        trace = self._trace
        if trace is None or self.end_ns:
            return
        self.end_ns = max(self.start_ns, self.now_ns())
        if len(trace.spans) < SPANS_MAX or self.parent is None:
            trace.spans.append(self)
        if self.parent is None and trace.kept:
            trace.sink(trace)

    def __enter__(self) -> Self:
        """Begin and end with a block, as the current span."""
        if self._trace is not None:
            self._before = _current.get()
            _current.set(self)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._trace is None:
            return
        _current.set(self._before or NOTHING)
        if kind is not None and issubclass(kind, Exception):
            self.fail(kind.__name__)
        self.end()


NOTHING = Span(None, "", Kind.INTERNAL, None, {})
"""The span of what is not traced."""

_current: ContextVar[Span] = ContextVar("span", default=NOTHING)


current: Callable[[], Span] = _current.get
"""The span that is under way here; ``NOTHING`` where there is none."""


def step(name: str, kind: Kind = Kind.INTERNAL, **fields: Value) -> Span:
    """Begin a part of the current span, for a ``with`` block; nothing where nothing is traced."""
    return _current.get().child(name, kind, **fields)


class Within:
    """A block in which a span is the current one."""

    __slots__ = ("_span", "_token")

    def __init__(self, span: Span) -> None:
        self._span = span

    def __enter__(self) -> Span:
        self._token = _current.set(self._span)
        return self._span

    def __exit__(self, *_: object) -> None:
        _current.reset(self._token)


def within(span: Span) -> Within:
    """Make a span the current one for a block, and leave it open."""
    return Within(span)


class Tracer:
    """Begins traces. ``sampled`` says of a trace's id whether it is exported if nothing happens; ``sink`` gets them.

    Without a sink nothing is traced.
    """

    def __init__(
        self,
        wall: Wall,
        random: Random,
        sink: Callable[[Trace], None] | None = None,
        sampled: Callable[[int], bool] = lambda _: True,
    ) -> None:
        self._wall = wall
        self._random = random
        self._sink = sink
        self._sampled = sampled

    def begin(
        self,
        name: str,
        kind: Kind = Kind.INTERNAL,
        *,
        start_ms: int | None = None,
        links: tuple[bytes, ...] = (),
        **fields: Value,
    ) -> Span:
        """Begin a trace with its first span: since ``start_ms`` (UTC ms), if that is not now."""
        if self._sink is None:
            return NOTHING
        id_ = self._random.getrandbits(128) or 1
        trace = Trace(id_, self._wall.now(), self._random, self._sink, sampled=self._sampled(id_))
        start_ns = None if start_ms is None else start_ms * NS_A_MS
        return Span(trace, name, kind, None, fields, start_ns=start_ns, links=links)
