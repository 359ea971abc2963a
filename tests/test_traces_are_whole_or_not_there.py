"""A trace goes out as a whole when its first span ends, if it was sampled or something in it must not be lost."""

from __future__ import annotations

import asyncio
from contextvars import copy_context
from random import Random

import pytest

from planner.telemetry.tracing import CONTEXT_BYTES, NOTHING, SPANS_MAX, Trace, Tracer, current, step, within
from tests.virtual import START


class Wall:
    def now(self) -> int:
        return START


@pytest.fixture
def gone() -> list[Trace]:
    """What was exported."""
    return []


def tracer(gone: list[Trace], *, sampled: bool = True) -> Tracer:
    return Tracer(Wall(), Random(1), gone.append, lambda _: sampled)


def test_nothing_leaves_before_the_first_span_ends_and_then_all_does(gone: list[Trace]) -> None:
    root = tracer(gone).begin("update")
    with within(root), step("parse"), step("inner"):
        pass
    assert gone == []
    root.end()
    (trace,) = gone
    assert [span.name for span in trace.spans] == ["inner", "parse", "update"]
    inner, parse, first = trace.spans
    assert (first.parent, parse.parent, inner.parent) == (None, first.id, parse.id)
    assert len({first.id, parse.id, inner.id}) == 3
    assert {first.trace_id, parse.trace_id, inner.trace_id} == {trace.id}
    assert START * 1_000_000 <= first.start_ns <= parse.start_ns <= inner.start_ns
    assert inner.end_ns <= parse.end_ns <= first.end_ns


def test_what_is_not_sampled_stays_here(gone: list[Trace]) -> None:
    root = tracer(gone, sampled=False).begin("update")
    assert root.context == root.trace_id.to_bytes(16) + root.id.to_bytes(8), "a link to it leads to the log's lines"
    root.child("parse").end()
    root.end()
    assert gone == []


@pytest.mark.parametrize("how", ["fail", "keep", "raise"])
def test_what_went_wrong_is_kept_whatever_the_sampler_said(gone: list[Trace], how: str) -> None:
    root = tracer(gone, sampled=False).begin("reminder")
    before = root.child("claim")
    before.end()
    part = root.child("send")
    if how == "raise":
        with pytest.raises(ValueError, match="secret"), part:
            raise ValueError("a secret")
        assert part.error == "ValueError", "an error's words may hold anything"
    else:
        getattr(part, how)(*(["timeout"] if how == "fail" else []))
        part.end()
    root.end()
    assert [span.name for span in gone[0].spans] == ["claim", "send", "reminder"]


def test_a_cancelled_step_is_no_fault(gone: list[Trace]) -> None:
    part = tracer(gone, sampled=False).begin("sync")
    with pytest.raises(asyncio.CancelledError), part:
        raise asyncio.CancelledError
    assert (part.error, gone) == ("", [])


def test_a_span_ends_once(gone: list[Trace]) -> None:
    root = tracer(gone).begin("update")
    root.end()
    ended = root.end_ns
    root.end()
    assert (len(gone), root.end_ns) == (1, ended)


def test_a_trace_stays_small_and_keeps_its_first_span(gone: list[Trace]) -> None:
    root = tracer(gone).begin("sync")
    for number in range(SPANS_MAX + 10):
        root.child(f"{number}").end()
    root.end()
    assert len(gone[0].spans) == SPANS_MAX + 1
    assert gone[0].spans[-1] is root


def test_the_current_span_is_restored_and_crosses_no_context(gone: list[Trace]) -> None:
    assert current() is NOTHING
    root = tracer(gone).begin("update")
    with within(root):
        elsewhere = copy_context()
        with step("parse") as part:
            assert current() is part
        assert current() is root
        with within(NOTHING):
            assert not step("nothing")
    assert current() is NOTHING
    assert elsewhere.run(current) is root


def test_a_later_span_links_to_an_earlier_one(gone: list[Trace]) -> None:
    begin = tracer(gone).begin
    made = begin("update").context
    assert made is not None
    assert len(made) == CONTEXT_BYTES
    assert begin("reminder", links=(made,)).links == (made,)


def test_a_trace_may_begin_when_it_was_due(gone: list[Trace]) -> None:
    root = tracer(gone).begin("reminder", start_ms=START - 90_000)
    root.end()
    assert root.start_ns == (START - 90_000) * 1_000_000
    assert root.end_ns >= START * 1_000_000
    early = tracer(gone).begin("reminder", start_ms=START + 90_000)
    early.end()
    assert early.end_ns == early.start_ns, "never before it began"


def test_without_an_exporter_nothing_is_traced() -> None:
    root = Tracer(Wall(), Random(1)).begin("update", update=1)
    assert root is NOTHING
    with root, step("parse") as part:
        part.set(length=3)
        part.fail("timeout")
    assert part is NOTHING
    assert (NOTHING.fields, NOTHING.error, NOTHING.end_ns, NOTHING.context, bool(NOTHING)) == ({}, "", 0, None, False)
