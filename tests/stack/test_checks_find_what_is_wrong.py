"""No check of the stack is blind: each finds what is broken on purpose, and says where; what is committed passes."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from planner import dashboards as planners_boards
from planner.catalogue import all_metrics
from planner.catalogue.metric import gauge
from planner.slo.generate import rules
from planner.slo.reading import read_slos
from tools.stackcheck import (
    __main__,
    alertmanager,
    asked,
    collector,
    compose,
    dashboard_types,
    dashboards,
    found,
    prometheus,
    provisioning,
    queries,
    reading,
    stores,
    streams,
    used,
)
from tools.stackcheck.asked import Asked
from tools.stackcheck.found import STACK, Found

needs_node = pytest.mark.skipif(found.node() is None, reason=f"there is no {found.NO_NODE}")
needs_promtool = pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")
needs_amtool = pytest.mark.skipif(shutil.which("amtool") is None, reason="amtool is not installed")
needs_compose = pytest.mark.skipif(compose._program() is None, reason="Docker Compose is not installed")
Change = Callable[[Any], object]


def one_fault(checked: Found, *parts: str) -> None:
    """Exactly one, and it says all of these."""
    assert not checked.absent
    (fault,) = checked.faults
    for part in parts:
        assert part in fault, fault


def changed(path: Path, folder: Path, change: Change) -> Path:
    """A copy of a configuration, in which one thing is another."""
    config = reading.read(path)
    change(config)
    copied = folder / path.name
    copied.write_text(yaml.safe_dump(config, sort_keys=False))
    return copied


# -- dashboards


def small_board() -> Any:
    """One of each kind of panel that *Promises* has."""
    whole = dashboards.read()["promises.json"]
    kinds: dict[str, Any] = {}
    for panel in dashboards.all_panels(whole):
        if panel.get("targets"):
            kinds.setdefault(panel["type"], panel)
    row = next(panel for panel in whole["panels"] if panel["type"] == "row")
    panels = [{**panel, "id": number, "gridPos": {"x": 0, "y": 10 * number, "w": 24, "h": 10}}
              for number, panel in enumerate(kinds.values(), start=2)]  # fmt: skip
    return copy.deepcopy(whole | {"panels": [{**row, "id": 1, "panels": []}, *panels]})


@pytest.fixture
def board() -> Any:
    return small_board()


def the(board: Any, kind: str) -> Any:
    return next(panel for panel in board["panels"] if panel["type"] == kind)


@needs_node
def test_a_board_that_grafana_takes_has_no_faults(board: Any) -> None:
    assert {"row", "stat", "timeseries", "state-timeline", "table"} <= {panel["type"] for panel in board["panels"]}
    assert dashboards.check({"a.json": board}).faults == []
    assert dashboard_types.check({"a.json": board}).faults == []


WRONG_TYPES: dict[str, tuple[Change, str]] = {
    "an option of another kind": (lambda board: the(board, "stat")["options"].update(showHeader=True), "showHeader"),
    "a word that is none": (lambda board: the(board, "stat")["options"].update(colorMode="colour"), "colour"),
    "what is gone": (lambda board: the(board, "table")["options"].update(footer={"show": False}), "footer"),
    "a field that is misspelt": (
        lambda board: the(board, "timeseries")["fieldConfig"]["defaults"]["custom"].update(fillOpacty=8),
        "fillOpacty",
    ),
    "a setting of all fields": (
        lambda board: the(board, "stat")["fieldConfig"]["defaults"].update(decimal=2),
        "decimal",
    ),
    "an override of nothing": (
        lambda board: the(board, "timeseries")["fieldConfig"]["overrides"].append(
            {"matcher": {"id": "byName", "options": "a"}, "properties": [{"id": "custom.fillOpacty", "value": 8}]}
        ),
        "custom.fillOpacty",
    ),
    "an override of another type": (
        lambda board: the(board, "timeseries")["fieldConfig"]["overrides"].append(
            {"matcher": {"id": "byName", "options": "a"}, "properties": [{"id": "decimals", "value": "two"}]}
        ),
        "decimals",
    ),
    "a transformation that is none": (
        lambda board: the(board, "table")["transformations"].append({"id": "sortedBy", "options": {}}),
        "sortedBy",
    ),
    "a query's own": (lambda board: the(board, "stat")["targets"][0].update(legend="a"), "legend"),
    "a kind of panel": (lambda board: the(board, "stat").update(type="singlestat"), "singlestat"),
    "the frame": (lambda board: board.update(refreshes="30s"), "refreshes"),
    "a variable": (lambda board: board["templating"]["list"][0].update(type="data"), '"data"'),
    "a mark": (lambda board: board["annotations"]["list"][0].update(colour="red"), "colour"),
    "a row": (lambda board: board["panels"][0].update(fold=True), "fold"),
}


@needs_node
def test_what_is_not_of_grafanas_types_is_found() -> None:
    """All at once, since the compiler is one that takes a while to start."""
    boards = {}
    for about, (change, _) in WRONG_TYPES.items():
        made = small_board()
        change(made)
        boards[f"{about.replace(' ', '-').replace(chr(39), '')}.json"] = made
    faults = dashboard_types.check(boards).faults
    for name, (_, says) in zip(boards, WRONG_TYPES.values(), strict=True):
        told = [fault for fault in faults if fault.startswith(f"{name}:")]
        assert told, f"{name} is not found"
        assert any(says in fault for fault in told), told


WRONG_BOARDS: dict[str, tuple[Change, str]] = {
    "the same id": (lambda board: the(board, "stat").update(id=1), "the id 1"),
    "upon another": (lambda board: the(board, "table").update(gridPos={"x": 12, "y": 5, "w": 12, "h": 40}), "upon"),
    "too wide": (lambda board: the(board, "stat")["gridPos"].update(x=12), "24 columns"),
    "a unit": (lambda board: the(board, "stat")["fieldConfig"]["defaults"].update(unit="seconds"), "seconds"),
    "a data source": (lambda board: the(board, "stat")["datasource"].update(uid="prometheus"), "no variable"),
    "a target's data source": (
        lambda board: the(board, "stat")["targets"][0].update(datasource={"type": "loki", "uid": "${DS_PROMETHEUS}"}),
        "no variable of its kind",
    ),
    "the same refId": (
        lambda board: the(board, "stat")["targets"].append(the(board, "stat")["targets"][0]),
        "refId twice",
    ),
    "nothing asked": (lambda board: the(board, "stat").update(targets=[]), "asks for nothing"),
    "no description": (lambda board: the(board, "stat").update(description=" "), "says nothing"),
    "no such variable": (lambda board: the(board, "stat")["targets"][0].update(expr="a{b=~'$users'}"), "$users"),
}


@pytest.mark.parametrize(("change", "says"), WRONG_BOARDS.values(), ids=WRONG_BOARDS)
def test_what_is_wrong_with_a_board_is_found(change: Change, says: str, board: Any) -> None:
    change(board)
    faults = dashboards.check({"a.json": board}).faults
    assert any(says in fault for fault in faults), faults


def test_the_same_uid_and_no_boards_are_found(board: Any) -> None:
    assert any("several dashboards" in fault for fault in dashboards.check({"a.json": board, "b.json": board}).faults)
    assert dashboards.check({}).faults


def test_the_demos_boards_are_as_sound_and_ask_for_what_its_rules_record(tmp_path: Path) -> None:
    """They are made of its own promises, whose windows are short."""
    demo = read_slos((STACK / "demo" / "slo.toml").read_text())
    boards = {Path(name).name: json.loads(text) for name, text in planners_boards.files(demo).items()}
    for name, text in rules.files(demo).items():
        (tmp_path / Path(name).name).write_text(text)
    assert dashboards.check(boards).faults == []
    recorded = asked.recorded((tmp_path, STACK / "prometheus"))
    assert any(name.endswith(":ratio30s") for name in recorded)
    ours = {name for metric in all_metrics() for name in used.series_of(metric)}
    assert used.check(list(asked.in_dashboards(boards)), [], recorded | ours).faults == []


# -- queries


@needs_node
@pytest.mark.parametrize(
    ("language", "good", "bad"),
    [
        ("promql", "sum by (a) (rate(b[5m]))", "sum by (a (rate(b[5m]))"),
        ("promql", "a{b=~'c'} offset 1h", "a{b=~'$c'}[$__unknown]"),
        ("logql", '{service_name="planner"} |= "x" | json | a="b"', '{service_name="planner"} |= x'),
        ("logql", 'sum by (event) (count_over_time({a="b"} [5m]))', 'sum by (event) (count_over_time({a="b"}))'),
        ("traceql", "{ span.lateness_ms > 60000 && status = error }", "{ span.lateness_ms >> 60000 }"),
    ],
)
def test_a_query_that_is_none_is_found_by_its_grammar(language: str, good: str, bad: str) -> None:
    assert queries.by_grammar([Asked("a", language, good)]).faults == []
    one_fault(queries.by_grammar([Asked("a", language, good), Asked("b", language, bad)]), "b: not", bad)


@needs_promtool
def test_promql_that_has_wrong_types_is_found_by_promtool() -> None:
    wrong = [Asked("a", "promql", "rate(b[5m])"), Asked("c", "promql", "rate(d)"), Asked("e", "promql", "no_such(f)")]
    faults = queries.by_promtool(wrong).faults
    assert [fault.partition(":")[0] for fault in faults] == ["c", "e"]


def test_a_stream_that_is_chosen_by_what_is_no_label_is_found() -> None:
    good = 'sum by (event) (count_over_time({service_name="planner"} | event=~"a.b|c{2}" [5m]))'
    assert streams.check([Asked("a", "logql", good)]).faults == []
    one_fault(streams.check([Asked("b", "logql", '{service_name="planner", event="a"}')]), "b: event is no label")
    one_fault(streams.check([Asked("c", "logql", "{} |= `a`")]), "c: it chooses no streams")


def test_a_line_that_is_not_for_the_shell_is_found() -> None:
    blocks = [Asked("a", "sh", "echo 'b'\n"), Asked("c", "sh", "echo 'd\n")]
    one_fault(queries.by_bash(blocks), "c:", "unexpected EOF")
    assert queries.by_bash([Asked("a page of docs", "sh", "A=<your key>\n", counts=False)]).faults == []


def test_every_value_that_may_be_chosen_is_asked_for(board: Any) -> None:
    texts = {one.text for one in asked.in_dashboards({"promises.json": board})}
    windows = next(one for one in board["templating"]["list"] if one["name"] == "window")["query"].split(", ")
    assert len(windows) > 2
    assert not [text for text in texts if "$" in text]
    recorded = {name for text in texts for name in used.names_in(text)}
    assert {window for window in windows if any(name.endswith(f":burn_rate{window}") for name in recorded)} == {
        *windows
    }


# -- what is counted and what is asked for


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("sum by (kind) (rate(a_total{b='c_total'}[5m]))", {"a_total"}),
        ("a and on (b) c or d unless ignoring (e) f", {"a", "c", "d", "f"}),
        ("a * on (b) group_left (c) d offset 5m", {"a", "d"}),
        ("histogram_quantile(0.9, sum(rate(a_bucket[5m])) by (le))", {"a_bucket"}),
        ('slo:a_bad:ratio1h{slo="x"} > bool 1e-3', {"slo:a_bad:ratio1h"}),
        ('increase({__name__=~"a(_total)?"}[15m])', {"a", "a_total"}),
        ('{__name__="b"}', {"b"}),
        ("# c is what counts\na", {"a"}),
        ("vector(1)", set()),
    ],
)
def test_the_metrics_of_a_query_are_seen(query: str, names: set[str]) -> None:
    assert used.names_in(query, {"a", "a_total", "b", "ab"}) == names


def test_a_metric_that_nobody_uses_and_a_name_that_nobody_has_are_found() -> None:
    metrics = all_metrics()
    every = [Asked("a panel", "promql", name) for metric in metrics for name in used.series_of(metric)]
    assert used.check(every, metrics, set()).faults == []
    lonely = gauge("planner.lonely", "s", "about", "use")
    one_fault(used.check(every, [*metrics, lonely], set()), "planner_lonely_seconds (planner.lonely) is used by no")
    only_in_docs = Asked("docs", "promql", "planner_lonely_seconds", counts=False)
    one_fault(used.check([*every, only_in_docs], [*metrics, lonely], set()), "planner.lonely")
    for name, says in (("planner_gone_total", "not in the catalogue"), ("slo:gone:ratio1h", "recorded by no rule"),
                       ("loki_gone_total", "nobody's"), ("gone", "nobody's")):  # fmt: skip
        one_fault(used.check([*every, Asked("b", "promql", name)], metrics, set()), f"b: {name}", says)
    assert used.check([*every, Asked("b", "promql", "slo:there")], metrics, {"slo:there"}).faults == []


# -- configurations


def test_a_key_that_stands_twice_is_found() -> None:
    with pytest.raises(yaml.YAMLError, match="'a' stands twice"):
        reading.parsed("a: 1\nb: 2\na: 3\n")


@needs_promtool
@pytest.mark.parametrize(
    ("file", "change", "says"),
    [
        ("native.yml", lambda config: config.update(otlp={}), "otlp"),
        ("native.yml", lambda config: config["global"].update(scrape_intervall="15s"), "scrape_intervall"),
        ("native.yml", lambda config: config.pop("rule_files"), "rule_files"),
        ("prometheus.yml", lambda config: config["otlp"].update(translation="x"), "otlp.translation is not known"),
        ("prometheus.yml", lambda config: config["otlp"].update(translation_strategy="x"), "otlp.translation_strategy"),
        ("prometheus.yml", lambda config: config["scrape_configs"].append({"job_name": "loki"}), "loki"),
    ],
)
def test_what_prometheus_would_refuse_is_found(file: str, change: Change, says: str, tmp_path: Path) -> None:
    assert prometheus.check([STACK / "prometheus" / file]).faults == []
    one_fault(prometheus.check([changed(STACK / "prometheus" / file, tmp_path, change)]), file, says)


@needs_amtool
@pytest.mark.parametrize("edition", alertmanager.EDITIONS)
def test_what_alertmanager_would_refuse_is_found(edition: Path, tmp_path: Path) -> None:
    assert alertmanager.check([edition]).faults == []
    wrong = changed(edition, tmp_path, lambda config: config["receivers"][0].update(slak_configs=[]))
    one_fault(alertmanager.check([wrong]), "slak_configs")
    gone = changed(edition, tmp_path, lambda config: config["route"].update(receiver="nobody"))
    one_fault(alertmanager.check([gone]), "nobody")


@needs_amtool
def test_an_alert_that_goes_astray_is_found(tmp_path: Path) -> None:
    def swap(config: Any) -> None:
        for route in config["route"]["routes"]:
            route["receiver"] = {"info": "warning"}.get(route["receiver"], route["receiver"])

    ways = alertmanager.ways()
    named = {labels["alertname"] for labels, _ in ways}
    assert {"Watchdog", "PlannerRemindersFastBurn", "PlannerTelemetryDropped", "Whatever"} <= named
    some = [way for way in ways if way[0]["alertname"] in {"PlannerRemindersFastBurn", "PlannerTelemetryDropped"}]
    faults = alertmanager.routing(changed(alertmanager.EDITIONS[0], tmp_path, swap), some).faults
    assert any("alertname=PlannerTelemetryDropped" in fault for fault in faults)
    assert any("slo=reminders tier=fast" in fault for fault in faults)
    assert all("severity=info" in fault and "comes to warning, not to info" in fault for fault in faults)


@needs_amtool
def test_a_text_that_cannot_be_filled_in_is_found(tmp_path: Path) -> None:
    text = (alertmanager.TEMPLATES / "planner.tmpl").read_text()
    for *_, name in alertmanager.TEXTS:
        text = text.replace(f'define "{name}"', f'define "{name}.gone"')
    (tmp_path / "planner.tmpl").write_text(text)
    found = {fault.partition(" of ")[0] for fault in alertmanager.texts(tmp_path).faults}
    assert found == {" with ".join(names) for names in alertmanager.TEXTS}


WRONG_COMPOSE: dict[str, tuple[Change, str]] = {
    "a key": (lambda made: made["services"]["loki"].update(imaeg="x"), "imaeg"),
    "a top key": (lambda made: made.update(service={}), "service"),
    "an undefined volume": (lambda made: made["services"]["loki"]["volumes"].append("gone:/gone"), "gone"),
    "latest": (lambda made: made["services"]["loki"].update(image="grafana/loki:latest"), "of one version"),
    "no tag": (lambda made: made["services"]["loki"].update(image="grafana/loki"), "of one version"),
    "promtail": (lambda made: made["services"]["loki"].update(image="grafana/promtail:3.6.0"), "has left"),
    "all addresses": (lambda made: made["services"]["loki"].update(ports=["3100:3100"]), "beyond this machine"),
    "privileged": (lambda made: made["services"]["loki"].update(privileged=True), "rights"),
    "a folder to write to": (
        lambda made: made["services"]["loki"]["volumes"].append("./loki:/a"),
        "may write to a folder",
    ),
    "no limit": (lambda made: made["services"]["loki"].pop("mem_limit"), "mem_limit"),
    "a variable": (lambda made: made["services"]["loki"].update(hostname="${NOWHERE}"), "NOWHERE"),
    "a password": (
        lambda made: made["services"]["grafana"]["environment"].update(GF_SECURITY_ADMIN_PASSWORD="a"),
        "GF_SECURITY_ADMIN_PASSWORD",
    ),
    "a volume for nobody": (lambda made: made["volumes"].update(spare=None), "spare is used by nothing"),
}


@needs_compose
@pytest.mark.parametrize(("change", "says"), WRONG_COMPOSE.values(), ids=WRONG_COMPOSE)
def test_what_compose_or_we_would_refuse_is_found(change: Change, says: str, tmp_path: Path) -> None:
    made = reading.read(compose.FILE)
    change(made)
    (tmp_path / "compose.yaml").write_text(yaml.safe_dump(made, sort_keys=False))
    faults = compose.check(tmp_path / "compose.yaml").faults
    assert len(faults) in {1, 2}
    assert any(says in fault for fault in faults), faults


EXPORTER = {"endpoint": "http://loki:3100/otlp", "sending_queue": {"storage": "file_storage"}}
WRONG_COLLECTOR: dict[str, tuple[Change, str]] = {
    "a key": (lambda made: made["processors"]["batch"].update(time_out="1s"), "processors.batch.time_out"),
    "a length": (lambda made: made["processors"]["batch"].update(timeout="2 s"), "processors.batch.timeout"),
    "a component": (lambda made: made["processors"].update(bath={}), "processors.bath is not known"),
    "the old loki": (lambda made: made["exporters"].update(loki={}), "exporters.loki is of what"),
    "the old jaeger": (lambda made: made["exporters"].update({"jaeger/a": {}}), "exporters.jaeger/a is of what"),
    "the old logging": (lambda made: made["exporters"].update(logging={}), "it is called debug"),
    "the old name": (lambda made: made["exporters"].update({"otlphttp/logs": EXPORTER}), "otlp_http now"),
    "a pipeline's": (
        lambda made: made["service"]["pipelines"]["logs"]["exporters"].append("otlp_http/gone"),
        "exporters.otlp_http/gone is named and not there",
    ),
    "for nobody": (lambda made: made["processors"].update({"batch/b": {}}), "processors.batch/b is there and never"),
    "no limit first": (
        lambda made: made["service"]["pipelines"]["logs"]["processors"].pop(0),
        "does not begin with memory_limiter",
    ),
    "a policy": (
        lambda made: made["processors"]["tail_sampling"]["policies"][1]["latency"].update(treshold_ms=1),
        "treshold_ms",
    ),
    "in memory": (
        lambda made: made["exporters"]["otlp_http/logs"]["sending_queue"].pop("storage"),
        "in memory alone",
    ),
}


@pytest.mark.parametrize(("change", "says"), WRONG_COLLECTOR.values(), ids=WRONG_COLLECTOR)
def test_what_the_collector_would_refuse_is_found(change: Change, says: str, tmp_path: Path) -> None:
    assert collector.check().faults == []
    faults = collector.check(changed(collector.FILE, tmp_path, change)).faults
    assert len(faults) in {1, 2}
    assert any(says in fault for fault in faults), faults


WRONG_LOKI: dict[str, tuple[Change, str]] = {
    "a key": (lambda made: made["limits_config"].update(retention="30d"), "limits_config.retention is not known"),
    "table_manager": (lambda made: made.update(table_manager={"retention_period": "1d"}), "table_manager is of what"),
    "boltdb": (lambda made: made.update(storage_config={"boltdb_shipper": {}}), "storage_config.boltdb_shipper is"),
    "shared_store": (lambda made: made["compactor"].update(shared_store="filesystem"), "compactor.shared_store is of"),
    "an old schema": (lambda made: made["schema_config"]["configs"][0].update(schema="v12"), "'v12'"),
    "an old store": (lambda made: made["schema_config"]["configs"][0].update(store="boltdb-shipper"), "boltdb-shipper"),
    "no retention": (lambda made: made["compactor"].update(retention_enabled=False), "compactor.retention_enabled"),
    "usage is told": (lambda made: made["analytics"].update(reporting_enabled=True), "analytics.reporting_enabled"),
}
WRONG_TEMPO: dict[str, tuple[Change, str]] = {
    "a key": (lambda made: made["server"].update(port=3200), "server.port is not known"),
    "the ingester": (lambda made: made.update(ingester={"max_block_duration": "5m"}), "ingester is of what"),
    "the compactor": (lambda made: made.update(compactor={"compaction": {}}), "compactor is of what"),
    "two retentions": (lambda made: made["backend_worker"]["compaction"].update(block_retention="1h"), "by the worker"),
    "usage is told": (lambda made: made.pop("usage_report"), "usage_report is missing"),
}


@pytest.mark.parametrize(("change", "says"), WRONG_LOKI.values(), ids=WRONG_LOKI)
def test_what_loki_would_refuse_is_found(change: Change, says: str, tmp_path: Path) -> None:
    assert stores.loki().faults == []
    one_fault(stores.loki(changed(stores.LOKI, tmp_path, change)), says)


@pytest.mark.parametrize(("change", "says"), WRONG_TEMPO.values(), ids=WRONG_TEMPO)
def test_what_tempo_would_refuse_is_found(change: Change, says: str, tmp_path: Path) -> None:
    assert stores.tempo().faults == []
    one_fault(stores.tempo(changed(stores.TEMPO, tmp_path, change)), says)


WRONG_SOURCES: dict[str, tuple[Change, str]] = {
    "a key": (lambda made: made["datasources"][0].update(default=True), "datasources[0].default is not known"),
    "a key of its own": (lambda made: made["datasources"][0]["jsonData"].update(timeInterwal="1m"), "timeInterwal"),
    "a uid": (
        lambda made: made["datasources"][0]["jsonData"].update(alertmanagerUid="gone"),
        "Prometheus leads to gone",
    ),
    "a dollar": (
        lambda made: made["datasources"][1]["jsonData"]["derivedFields"][0].update(url="${__value.raw}"),
        "a variable of the environment",
    ),
    "a kind": (lambda made: made["datasources"][0].update(type="promtheus"), "promtheus"),
}


@pytest.mark.parametrize(("change", "says"), WRONG_SOURCES.values(), ids=WRONG_SOURCES)
def test_what_grafana_would_not_understand_is_found(change: Change, says: str, tmp_path: Path) -> None:
    folder = tmp_path / "provisioning"
    shutil.copytree(provisioning.FOLDER, folder)
    assert provisioning.check(folder).faults == []
    (path,) = folder.glob("datasources/*.yaml")
    changed(path, path.parent, change)
    one_fault(provisioning.check(folder), says)


# -- all of it


def test_a_missing_tool_is_said_and_is_a_failure_in_ci(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CI", raising=False)
    absent = [lambda: Found("a file", absent="a tool")]
    assert __main__.main(absent) == 0
    assert "there is no a tool" in capsys.readouterr().out
    monkeypatch.setenv("CI", "true")
    assert __main__.main(absent) == 1
    monkeypatch.delenv("CI")
    assert __main__.main([lambda: Found("a file", ["a fault"])]) == 1
    assert __main__.main([lambda: Found("a file")]) == 0
    assert "    a fault" in capsys.readouterr().out


def test_every_check_is_made() -> None:
    modules = {path.stem for path in Path(str(__main__.__file__)).parent.glob("*.py")}
    called = {check.__module__.rpartition(".")[2] for check in __main__.CHECKS}
    assert modules - called == {
        "__init__", "__main__", "asked", "found", "grafana_settings", "others", "ottl", "reading", "shape", "units",
    }  # fmt: skip


def test_the_lock_of_nodes_packages_has_hashes_and_names_no_registry() -> None:
    lock = json.loads((found.ROOT / "tools" / "node" / "package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert len(packages) > 8
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert "resolved" not in json.dumps(lock)
