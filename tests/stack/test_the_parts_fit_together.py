"""What Docker Compose is told, and what each part of the stack is: read together, for nobody else reads them so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import urlsplit

import pytest

from planner.telemetry.redact import TOKEN_SHAPE
from tests.stack.parts import (
    BOTS,
    COLLECTOR,
    COMPOSE,
    LOKI,
    NATIVE,
    OURS,
    PROMETHEUS,
    ROOT,
    SERVICES,
    SOURCES,
    STACK,
    TEMPO,
    WATCHERS,
    filled,
    kept,
    mounts,
    read,
)
from tools.stack import render
from tools.stack.settings import KEEP_DAYS_MIN, PORTS

FILES = [path for path in STACK.rglob("*") if path.is_file() and "run" not in path.relative_to(STACK).parts[:1]]


def port_of(endpoint: str) -> int:
    return int(endpoint.rpartition(":")[2])


def listens() -> dict[str, set[int]]:
    """The ports of each service, as its configuration or, without a word there, its image has them."""
    otlp = COLLECTOR["receivers"]["otlp"]["protocols"]
    own = COLLECTOR["service"]["telemetry"]["metrics"]["readers"][0]["pull"]["exporter"]["prometheus"]["port"]
    tempo = TEMPO["distributor"]["receivers"]["otlp"]["protocols"]
    return {
        "collector": {*(port_of(one["endpoint"]) for one in otlp.values()), own,
                      port_of(COLLECTOR["extensions"]["health_check"]["endpoint"])},
        "prometheus": {9090},
        "alertmanager": {9093},
        "loki": {LOKI["server"]["http_listen_port"]},
        "tempo": {TEMPO["server"]["http_listen_port"], *(port_of(one["endpoint"]) for one in tempo.values())},
        "grafana": {3000},
        "chat": {port_of(SERVICES["chat"]["environment"]["PLANNER_HTTP"])},
        "demo": {8088},
    }  # fmt: skip


def addresses() -> Iterator[tuple[str, str]]:
    """Every address by which a part is told of another: in which file or service, and ``host:port``."""
    for name, exporter in COLLECTOR["exporters"].items():
        yield f"collector: {name}", urlsplit(exporter["endpoint"]).netloc
    for write in TEMPO["metrics_generator"]["storage"]["remote_write"]:
        yield "tempo", urlsplit(write["url"]).netloc
    for job in PROMETHEUS["scrape_configs"]:
        yield from (
            (f"prometheus: {job['job_name']}", target) for one in job["static_configs"] for target in one["targets"]
        )
    for group in PROMETHEUS["alerting"]["alertmanagers"]:
        yield from (("prometheus", target) for one in group["static_configs"] for target in one["targets"])
    yield from ((f"grafana: {uid}", urlsplit(one["url"]).netloc) for uid, one in SOURCES.items())
    for name, service in SERVICES.items():
        for key, value in service.get("environment", {}).items():
            if str(value).startswith("http://") and "localhost" not in value:
                yield f"{name}: {key}", urlsplit(value).netloc
    options = SERVICES["demo"]["command"]
    yield "demo: --chat", urlsplit(options[options.index("--chat") + 1]).netloc
    yield "demo: --calendars", options[options.index("--calendars") + 1]


@pytest.mark.parametrize(("who", "address"), list(addresses()))
def test_whoever_is_told_of_another_finds_somebody_listening_there(who: str, address: str) -> None:
    host, _, port = address.rpartition(":")
    host = "prometheus" if (who, host) == ("prometheus: prometheus", "localhost") else host
    assert int(port) in listens()[host]


@pytest.mark.parametrize("name", SERVICES)
def test_every_image_has_a_version(name: str) -> None:
    _, _, tag = SERVICES[name]["image"].partition(":")
    assert tag == "stack" if name in OURS else re.fullmatch(r"v?\d+\.\d+\.\d+(@sha256:[0-9a-f]{64})?", tag)


OF_IMAGES = {"owners": "/prometheus", "prometheus": "/prometheus", "alertmanager": "/alertmanager"}
"""Each VOLUME of an image that is not ours."""


@pytest.mark.parametrize(("name", "folder"), [*OF_IMAGES.items(), *((one, "/data") for one in sorted(OURS))])
def test_no_volume_without_a_name_is_left_behind(name: str, folder: str) -> None:
    """Docker makes one for each VOLUME of an image at which nothing else is mounted."""
    assert folder in {*map(str, kept(name)), *(one.partition(":")[0] for one in SERVICES[name]["tmpfs"])}


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_has_its_limits(name: str) -> None:
    service = SERVICES[name]
    assert service["restart"] == ("no" if name in {"owners", "demo"} else "unless-stopped")
    assert re.fullmatch(r"\d+[mg]", service["mem_limit"])
    assert set(service["logging"]["options"]) == {"max-size", "max-file"}
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not {"privileged", "network_mode", "pid", "devices"} & set(service) or name == "owners"
    assert "user" not in service or name == "owners"


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_asked_after_its_health_or_says_why_not(name: str) -> None:
    service, check = SERVICES[name], SERVICES[name].get("healthcheck", {})
    asked = bool(check.get("test")) or (name in OURS and "HEALTHCHECK" in (ROOT / "Dockerfile").read_text())
    if check.get("disable") or not asked:
        assert service["x-health"]
    else:
        assert "x-health" not in service
        assert check["retries"] >= 3


def test_what_has_no_shell_asks_itself_by_its_own_program() -> None:
    for name in ("loki", "tempo"):
        assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"
        assert SERVICES[name]["healthcheck"]["test"][-1] == "-health"


def test_ports_are_open_on_loopback_alone_each_by_its_setting() -> None:
    found = {}
    for name, service in SERVICES.items():
        for published in service.get("ports", ()):
            host, variable, default, inside = re.fullmatch(r"([\d.]+):\$\{(\w+):-(\d+)\}:(\d+)", published).groups()
            assert host == "127.0.0.1"
            assert int(inside) in listens()[name]
            found[variable] = default
    assert found == {setting.name: setting.default for setting in PORTS.values()}


@pytest.mark.parametrize("name", SERVICES)
def test_whatever_is_mounted_is_there_and_is_not_written_to(name: str) -> None:
    for source, _, how in mounts(name):
        if source in COMPOSE["volumes"]:
            assert not how
            continue
        assert how == "ro"
        if source.startswith("./run/"):
            assert source.removeprefix("./run/") in render.FOLDERS
        elif source != "/dev/null":
            assert (STACK / source).exists(), source


@pytest.mark.parametrize(
    ("name", "flag"),
    [
        ("collector", "--config="),
        ("prometheus", "--config.file="),
        ("loki", "-config.file="),
        ("tempo", "-config.file="),
    ],
)
def test_each_part_reads_the_configuration_that_is_here(name: str, flag: str) -> None:
    path = PurePosixPath(next(one for one in SERVICES[name]["command"] if one.startswith(flag)).removeprefix(flag))
    source, target, _ = next(one for one in mounts(name) if one[1] in path.parents)
    assert (STACK / source / path.relative_to(target)).is_file()


def test_alertmanager_reads_what_is_rendered() -> None:
    assert (
        f"--config.file=/etc/alertmanager/run/{PurePosixPath(render.CONFIG).name}"
        in SERVICES["alertmanager"]["command"]
    )
    inside = {target: source for source, target, _ in mounts("alertmanager")}
    assert inside[PurePosixPath("/etc/alertmanager/run")] == f"./run/{PurePosixPath(render.CONFIG).parent}"
    assert PurePosixPath("/etc/alertmanager/run") in render.IN_CONTAINER.parents


def test_prometheus_reads_both_kinds_of_rules() -> None:
    inside = {str(target): source for source, target, _ in mounts("prometheus")}
    assert inside["/etc/prometheus/stack"] == "./prometheus"
    assert inside["/etc/prometheus/rules"] == "./run/rules"
    assert PROMETHEUS["rule_files"] == ["*.rules.yml", "../rules/*.rules.yml"]
    assert list((STACK / "prometheus").glob("*.rules.yml"))


def test_what_has_to_outlive_a_container_is_on_a_volume() -> None:
    wal = [TEMPO["live_store"]["wal"]["path"], TEMPO["live_store"]["shutdown_marker_dir"]]
    trace = TEMPO["storage"]["trace"]
    writes = {
        "collector": [COLLECTOR["extensions"]["file_storage"]["directory"]],
        "prometheus": [flag(one, "--storage.tsdb.path=") for one in SERVICES["prometheus"]["command"]],
        "alertmanager": [flag(one, "--storage.path=") for one in SERVICES["alertmanager"]["command"]],
        "loki": [LOKI["common"]["path_prefix"], LOKI["compactor"]["working_directory"]],
        "tempo": [*wal, trace["wal"]["path"], trace["local"]["path"], TEMPO["backend_scheduler"]["local_work_path"],
                  TEMPO["metrics_generator"]["storage"]["path"]],
        **{name: [SERVICES[name]["environment"]["PLANNER_DB"]] for name in ("bot", "chat", "demo-bot")},
    }  # fmt: skip
    for name, paths in writes.items():
        for path in filter(None, paths):
            assert any(PurePosixPath(path).is_relative_to(place) for place in kept(name)), (name, path)
    assert kept("grafana") == [PurePosixPath("/var/lib/grafana")]


def flag(argument: str, name: str) -> str:
    return argument.removeprefix(name) if argument.startswith(name) else ""


def test_each_volume_is_one_services() -> None:
    users = [
        source for name in SERVICES if name != "owners" for source, _, _ in mounts(name) if source in COMPOSE["volumes"]
    ]
    assert sorted(users) == sorted(COMPOSE["volumes"])
    assert all(value is None for value in COMPOSE["volumes"].values())


def test_who_is_not_root_is_given_its_folder_first() -> None:
    given = {source for source, _, _ in mounts("owners")}
    assert {str(target) for _, target, _ in mounts("owners")} == set(SERVICES["owners"]["command"])
    assert given == {"collector", "loki", "tempo"}
    for name in given:
        assert SERVICES[name]["depends_on"] == {"owners": {"condition": "service_completed_successfully"}}
    assert SERVICES["owners"]["cap_add"] == ["CHOWN"]


def test_whom_one_waits_for_is_there() -> None:
    for name, service in SERVICES.items():
        for other, how in service.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                assert other in OURS or SERVICES[other]["healthcheck"]["test"]
            profiles = set(SERVICES[other].get("profiles", ()))
            assert not profiles or profiles == set(service["profiles"]), (name, other)


def test_the_bot_and_the_demo_start_only_when_asked_for() -> None:
    found = {name: service.get("profiles", []) for name, service in SERVICES.items()}
    assert {name for name, profiles in found.items() if not profiles} == WATCHERS | {"owners"}
    assert found["bot"] == ["bot"]
    assert {name for name, profiles in found.items() if profiles == ["demo"]} == {"chat", "demo-bot", "demo"}


def test_metrics_of_a_bot_come_by_one_way_alone() -> None:
    jobs = {job["job_name"]: [target for one in job["static_configs"] for target in one["targets"]]
            for job in PROMETHEUS["scrape_configs"]}  # fmt: skip
    assert set(jobs) == WATCHERS
    asked = {target.partition(":")[0] for targets in jobs.values() for target in targets}
    assert not asked & OURS
    assert "otlp" in PROMETHEUS
    assert "otlp" not in NATIVE
    for name in BOTS:
        assert SERVICES[name]["environment"]["OTEL_EXPORTER_OTLP_ENDPOINT"] == "http://collector:4318"
        assert SERVICES[name]["environment"]["PLANNER_HTTP"].startswith("127.0.0.1:")
        assert "ports" not in SERVICES[name]


def test_a_watcher_that_is_down_is_told_of() -> None:
    rules = read("prometheus/watchers.rules.yml")["groups"][0]["rules"]
    expression = next(rule["expr"] for rule in rules if rule.get("alert") == "WatcherDown")
    jobs = re.search(r'job=~"([^"]+)"', expression)[1]
    assert all(re.fullmatch(jobs, job["job_name"]) for job in PROMETHEUS["scrape_configs"])


def test_names_are_as_on_the_metrics_page_and_no_label_begins_a_series_anew() -> None:
    assert PROMETHEUS["otlp"] == {
        "translation_strategy": "UnderscoreEscapingWithSuffixes", "promote_resource_attributes": [],
    }  # fmt: skip


def test_prometheus_takes_what_it_is_sent() -> None:
    flags = SERVICES["prometheus"]["command"]
    assert "--web.enable-otlp-receiver" in flags
    assert "--web.enable-remote-write-receiver" in flags
    assert any(one.startswith("--enable-feature=") and "exemplar-storage" in one for one in flags)
    assert COLLECTOR["exporters"]["otlp_http/metrics"]["endpoint"].endswith("/api/v1/otlp")
    assert TEMPO["metrics_generator"]["storage"]["remote_write"][0]["send_exemplars"] is True


def test_everything_is_kept_for_as_long_as_is_set_and_a_month_at_least() -> None:
    days, hours = f"{KEEP_DAYS_MIN}", f"{KEEP_DAYS_MIN * 24}"
    for given, kept_days, kept_hours in (
        ({}, days, hours),
        ({"STACK_KEEP_DAYS": "90", "STACK_KEEP_HOURS": "2160"}, "90", "2160"),
    ):
        prometheus = [filled(one, **given) for one in SERVICES["prometheus"]["command"]]
        loki = [filled(one, **given) for one in SERVICES["loki"]["command"]]
        assert f"--storage.tsdb.retention.time={kept_days}d" in prometheus
        assert f"-store.retention={kept_days}d" in loki
        hours_inside = filled(SERVICES["tempo"]["environment"]["STACK_KEEP_HOURS"], **given)
        planned = TEMPO["backend_scheduler"]["provider"]["compaction"]["compaction"]["block_retention"]
        done = TEMPO["backend_worker"]["compaction"]["block_retention"]
        assert filled(planned, STACK_KEEP_HOURS=hours_inside) == filled(done, **given) == f"{kept_hours}h"
    assert "-config.expand-env=true" in SERVICES["tempo"]["command"]
    assert LOKI["compactor"]["retention_enabled"] is True


def test_nobody_tells_its_maker_anything() -> None:
    given = SERVICES["grafana"]["environment"]
    for off in ("ANALYTICS_REPORTING_ENABLED", "ANALYTICS_CHECK_FOR_UPDATES", "ANALYTICS_CHECK_FOR_PLUGIN_UPDATES",
                "NEWS_NEWS_FEED_ENABLED", "SNAPSHOTS_EXTERNAL_ENABLED", "PLUGINS_PREINSTALL_AUTO_UPDATE"):  # fmt: skip
        assert given[f"GF_{off}"] == "false"
    assert given["GF_PLUGINS_PREINSTALL_DISABLED"] == given["GF_SECURITY_DISABLE_GRAVATAR"] == "true"
    assert LOKI["analytics"]["reporting_enabled"] is False
    assert TEMPO["usage_report"]["reporting_enabled"] is False


def test_no_secret_is_in_the_repository() -> None:
    for path in FILES:
        text = path.read_text(encoding="utf-8", errors="replace")
        assert not TOKEN_SHAPE.search(text), path
        assert not re.search(r"https://hooks\.slack\.com/services/T|hc-ping\.com/[0-9a-f]{8}-", text), path


def test_lokis_schema_can_hold_what_a_line_has_beside_it() -> None:
    (schema,) = LOKI["schema_config"]["configs"]
    assert (schema["store"], schema["schema"]) == ("tsdb", "v13")
    assert LOKI["limits_config"]["allow_structured_metadata"] is True


def test_nothing_is_used_that_the_field_has_left() -> None:
    """Promtail has ended; the collector has renamed or dropped these; Loki's old index; what Tempo 3 refuses."""
    assert not [name for name in SERVICES if name in {"promtail", "jaeger", "agent"}]
    kinds = {name.partition("/")[0] for kind in ("exporters", "receivers", "processors") for name in COLLECTOR[kind]}
    assert not kinds & {"otlphttp", "otlp_http_json", "loki", "jaeger", "logging", "debug"}
    assert not {"table_manager", "chunk_store_config", "boltdb_shipper"} & set(LOKI)
    assert not {"ingester", "ingester_client", "compactor", "metrics_generator_client"} & set(TEMPO)
