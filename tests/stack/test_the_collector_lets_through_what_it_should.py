"""The collector: every signal is bounded, cleaned and waits on disk; of traces those are kept that tell something."""

from __future__ import annotations

import re
from typing import Any

import pytest

from planner.model import ON_TIME
from planner.telemetry.redact import TOKEN_SHAPE
from tests.stack.parts import COLLECTOR, ROOT

TOKENS = ("123456789:" + "AAH-_x" * 5 + "abcde", "123456789%3A" + "B" * 35, "123456%3a" + "c" * 35)


def pipelines() -> dict[str, Any]:
    return COLLECTOR["service"]["pipelines"]


@pytest.mark.parametrize("kind", ["receivers", "processors", "exporters"])
def test_the_collector_uses_all_that_it_is_given_and_nothing_else(kind: str) -> None:
    assert {name for one in pipelines().values() for name in one[kind]} == set(COLLECTOR[kind])
    assert set(COLLECTOR["service"]["extensions"]) == set(COLLECTOR["extensions"])


@pytest.mark.parametrize("signal", ["metrics", "logs", "traces"])
def test_every_signal_is_bounded_cleaned_and_waits_on_disk(signal: str) -> None:
    first, *_, last = pipelines()[signal]["processors"]
    assert (first, last) == ("memory_limiter", "batch")
    assert "transform/redact" in pipelines()[signal]["processors"]
    assert pipelines()[signal]["exporters"] == [f"otlp_http/{signal}"]
    exporter = COLLECTOR["exporters"][f"otlp_http/{signal}"]
    assert exporter["sending_queue"]["storage"] in COLLECTOR["extensions"]
    assert exporter["retry_on_failure"]["enabled"] is True
    assert exporter["sending_queue"]["enabled"] is True


def test_points_arrive_in_their_order() -> None:
    assert COLLECTOR["exporters"]["otlp_http/metrics"]["sending_queue"]["num_consumers"] == 1


def statements() -> list[str]:
    groups = COLLECTOR["processors"]["transform/redact"]
    kinds = ("trace_statements", "log_statements", "metric_statements")
    return [line for kind in kinds for group in groups[kind] for line in group["statements"]]


def test_what_looks_like_a_bots_token_goes_no_further() -> None:
    (shape,) = {re.search(r', "([^"]+)", "\[hidden\]"\)$', line)[1] for line in statements()}
    for token in TOKENS:
        assert TOKEN_SHAPE.search(token), "and so it is to the planner itself"
        assert re.sub(shape, "[hidden]", f"GET /bot{token}/getMe") == "GET /bot[hidden]/getMe"
    assert (
        re.sub(shape, "[hidden]", "12:34 trace 9802f8a1d88dedcd03da7bd0b76aeaf2")
        == "12:34 trace 9802f8a1d88dedcd03da7bd0b76aeaf2"
    )
    assert COLLECTOR["processors"]["transform/redact"]["error_mode"] == "propagate"


@pytest.mark.parametrize(
    "part",
    ["resource.attributes", "span.name", "span.status.message", "span.attributes", "spanevent.name",
     "spanevent.attributes", "log.body", "log.attributes", "datapoint.attributes"],
)  # fmt: skip
def test_every_part_that_holds_words_is_cleaned(part: str) -> None:
    assert any(f"({part}, " in line for line in statements())


def test_health_checks_leave_no_traces() -> None:
    (group,) = COLLECTOR["processors"]["filter/health"]["trace_conditions"]
    assert group["context"] == "span"
    for line in group["conditions"]:
        shape = re.search(r'"(\^[^"]*)"', line)[1].replace(r"\\", "\\")
        for page in ("/livez", "/readyz?verbose", "/metrics", "/slo"):
            assert re.search(shape, page)
        assert not re.search(shape, "/chat/messages")
        assert not re.search(shape, "/sloth")
    order = pipelines()["traces"]["processors"]
    assert order.index("filter/health") < order.index("tail_sampling")


def test_traces_of_what_went_wrong_are_kept_and_a_tenth_of_the_rest() -> None:
    policies = {one["type"]: one[one["type"]] for one in COLLECTOR["processors"]["tail_sampling"]["policies"]}
    assert set(policies) == {"status_code", "latency", "numeric_attribute", "string_attribute", "probabilistic"}
    assert policies["status_code"] == {"status_codes": ["ERROR"]}
    assert policies["latency"]["threshold_ms"] == 5_000
    late = policies["numeric_attribute"]
    assert (late["key"], late["min_value"]) == ("lateness_ms", ON_TIME + 1)
    assert policies["string_attribute"] == {"key": "outcome", "values": ["missed"]}
    assert policies["probabilistic"] == {"sampling_percentage": 10}
    flights = (ROOT / "planner/flights.py").read_text()
    assert "lateness_ms=" in flights
    assert "outcome=" in flights
