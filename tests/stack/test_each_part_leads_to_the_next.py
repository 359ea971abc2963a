"""How one part of the stack leads to the next: from where, to where, by which path, label or word.

Each file by itself is right with any of these changed; only the way is broken, and nobody would be told.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.stack.parts import COLLECTOR, LOKI, PROMETHEUS, SERVICES, SOURCES, TEMPO, WATCHERS, read

TRACE_ID = "trace_id"
"""The label of exemplars that come by OTLP, and the field beside a line that does: as Prometheus and Loki name both."""
SERVICE = "service.name"

TAKES = {
    ("prometheus", "metrics"): ("prometheus", 9090, "/api/v1/otlp"),
    ("loki", "logs"): ("loki", 3100, "/otlp"),
    ("tempo", "traces"): ("tempo", 4318, ""),
}
"""Where each store takes OTLP; to the last /v1/<signal> is added, by whoever sends."""
HEALTH = {
    "prometheus": ["CMD", "promtool", "check", "ready", "--url=http://localhost:9090"],
    "alertmanager": ["CMD", "amtool", "--alertmanager.url=http://localhost:9093", "cluster", "show"],
    "loki": ["CMD", "/usr/bin/loki", "-health"],
    "tempo": ["CMD", "/tempo", "-health"],
    "grafana": ["CMD", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:3000/api/health"],
}
"""By programs that are in the images, at their places there."""
GRAFANA_READS = {
    "prometheus": "http://prometheus:9090",
    "loki": "http://loki:3100",
    "tempo": "http://tempo:3200",
    "alertmanager": "http://alertmanager:9093",
}


def data(uid: str) -> Any:
    return SOURCES[uid]["jsonData"]


@pytest.mark.parametrize(("store", "signal"), TAKES)
def test_the_collector_hands_each_signal_to_its_store_where_that_takes_it(store: str, signal: str) -> None:
    host, port, path = TAKES[store, signal]
    (name,) = COLLECTOR["service"]["pipelines"][signal]["exporters"]
    address = urlsplit(COLLECTOR["exporters"][name]["endpoint"])
    assert (address.scheme, address.hostname, address.port, address.path) == ("http", host, port, path)


def test_tempo_writes_the_service_map_where_prometheus_takes_it() -> None:
    (write,) = TEMPO["metrics_generator"]["storage"]["remote_write"]
    assert write["url"] == "http://prometheus:9090/api/v1/write"
    assert "--web.enable-remote-write-receiver" in SERVICES["prometheus"]["command"]


def test_grafana_reads_each_of_the_others_where_it_answers() -> None:
    assert {uid: one["url"] for uid, one in SOURCES.items()} == GRAFANA_READS
    assert {uid: one["type"] for uid, one in SOURCES.items()} == {uid: uid for uid in GRAFANA_READS}


def test_a_point_leads_to_its_trace() -> None:
    places = data("prometheus")["exemplarTraceIdDestinations"]
    assert [one["datasourceUid"] for one in places if one["name"] == TRACE_ID] == ["tempo"]
    assert any("exemplar-storage" in one for one in SERVICES["prometheus"]["command"])
    (write,) = TEMPO["metrics_generator"]["storage"]["remote_write"]
    assert write["send_exemplars"] is True
    assert TEMPO["overrides"]["defaults"]["metrics_generator"]["trace_id_label_name"] == TRACE_ID
    assert PROMETHEUS["storage"]["exemplars"]["max_exemplars"] > 0


def test_a_line_leads_to_its_trace() -> None:
    (field,) = [one for one in data("loki")["derivedFields"] if one.get("datasourceUid") == "tempo"]
    assert (field["matcherType"], field["matcherRegex"], field["url"]) == ("label", TRACE_ID, "$${__value.raw}")
    assert LOKI["limits_config"]["allow_structured_metadata"] is True


def test_a_line_leads_to_all_that_happened_to_its_reminder() -> None:
    (field,) = [one for one in data("loki")["derivedFields"] if "datasourceUid" not in one]
    assert (field["matcherType"], field["matcherRegex"]) == ("label", "reminder")
    uid, variable, value = re.fullmatch(r"/d/([\w-]+)\?var-(\w+)=(.+)", field["url"]).groups()
    board = read(f"generated/dashboards/{uid.removeprefix('planner-')}.json")
    assert board["uid"] == uid
    assert variable in {one["name"] for one in board["templating"]["list"]}
    assert value == "$${__value.raw}"


def test_a_trace_leads_to_its_lines() -> None:
    way = data("tempo")["tracesToLogsV2"]
    assert way["datasourceUid"] == "loki"
    assert way["customQuery"] is True
    assert way["query"] == f'{{$${{__tags}}}} | {TRACE_ID} = "$${{__trace.traceId}}"'
    labels = [
        name
        for one in LOKI["limits_config"]["otlp_config"]["resource_attributes"]["attributes_config"]
        if one["action"] == "index_label"
        for name in one["attributes"]
    ]
    (tag,) = way["tags"]
    assert tag == {"key": SERVICE, "value": SERVICE.replace(".", "_")}
    assert SERVICE in labels


def test_a_trace_leads_to_its_metrics() -> None:
    way = data("tempo")["tracesToMetrics"]
    assert way["datasourceUid"] == "prometheus"
    assert way["tags"] == [{"key": SERVICE, "value": "service"}]
    assert way["queries"]
    assert all("traces_spanmetrics_" in one["query"] and "{$$__tags}" in one["query"] for one in way["queries"])
    assert "span-metrics" in TEMPO["overrides"]["defaults"]["metrics_generator"]["processors"]


def test_the_service_map_is_made_and_found() -> None:
    assert data("tempo")["serviceMap"] == {"datasourceUid": "prometheus"}
    assert data("tempo")["nodeGraph"] == {"enabled": True}
    assert "service-graphs" in TEMPO["overrides"]["defaults"]["metrics_generator"]["processors"]


def test_firing_rules_lead_to_alertmanager() -> None:
    assert data("prometheus")["alertmanagerUid"] == "alertmanager"
    (way,) = PROMETHEUS["alerting"]["alertmanagers"]
    assert way["static_configs"] == [{"targets": ["alertmanager:9093"]}]


@pytest.mark.parametrize("name", sorted(WATCHERS - {"collector"}))
def test_each_is_asked_after_its_health_by_what_its_image_has(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"] == HEALTH[name]
