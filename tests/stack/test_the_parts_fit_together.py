"""What Docker Compose is told, and what each part of the stack is: read together, for nobody else reads them so."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from planner import config, promises
from planner.model import ON_TIME
from planner.telemetry.otlp import settings as otlp
from planner.telemetry.otlp.names import misspelt
from planner.telemetry.otlp.resource import resource
from planner.telemetry.redact import TOKEN_SHAPE
from tests.stack.boards import BOARDS
from tools.stack import render
from tools.stack.settings import BOT_TOKEN, IN_BOT, KEEP_DAYS_MIN, PORTS, TABLE

ROOT = Path(__file__).resolve().parents[2]
STACK = ROOT / "stack"


def read(path: str) -> Any:
    return yaml.safe_load((STACK / path).read_text(encoding="utf-8"))


COMPOSE = read("compose.yaml")
SERVICES: dict[str, Any] = COMPOSE["services"]
COLLECTOR, LOKI, TEMPO = read("collector/collector.yaml"), read("loki/loki.yaml"), read("tempo/tempo.yaml")
PROMETHEUS, NATIVE = read("prometheus/prometheus.yml"), read("prometheus/native.yml")
SOURCES = {one["uid"]: one for one in read("grafana/provisioning/datasources/stack.yaml")["datasources"]}
PROVIDER = read("grafana/provisioning/dashboards/planner.yaml")["providers"][0]["options"]["path"]
OURS = {"bot", "chat", "demo-bot", "demo"}
"""What runs the planner's own image."""
BOTS = {"bot", "demo-bot"}
WATCHERS = {"collector", "prometheus", "alertmanager", "loki", "tempo", "grafana"}
TOKENS = ("123456789:" + "AAH-_x" * 5 + "abcde", "123456789%3A" + "B" * 35, "123456%3a" + "c" * 35)
FILES = [path for path in STACK.rglob("*") if path.is_file() and "run" not in path.relative_to(STACK).parts[:1]]


def filled(text: str, **given: str) -> str:
    """As Compose fills in ``${NAME:-without}`` and ``${NAME:+with}``."""

    def value(found: re.Match[str]) -> str:
        name, sign, other = found.groups()
        return given.get(name) or other if sign == "-" else (other if given.get(name) else "")

    return re.sub(r"\$\{(\w+):([-+])([^}]*)\}", value, text)


def mounts(name: str) -> Iterator[tuple[str, PurePosixPath, str]]:
    """Of a service, each as where from, where to, how."""
    for volume in SERVICES[name].get("volumes", ()):
        source, target, *how = filled(volume).split(":")
        yield source, PurePosixPath(target), how[0] if how else ""


def kept(name: str) -> list[PurePosixPath]:
    """Where a service can write what outlives it."""
    return [target for source, target, _ in mounts(name) if source in COMPOSE["volumes"]]


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


@pytest.mark.parametrize("profile", ["bot", "demo"])
def test_the_planners_image_is_built_once_and_pulled_from_nowhere(profile: str) -> None:
    """Two builds of one tag at once can fail: https://github.com/docker/buildx/issues/3576."""
    ours = {name for name in OURS if SERVICES[name]["profiles"] == [profile]}
    assert [name for name in SERVICES if "build" in SERVICES[name] and name in ours] == [min(ours)]
    assert {SERVICES[name]["pull_policy"] for name in ours} == {"never"}
    assert not any("build" in SERVICES[name] for name in WATCHERS | {"owners"})


OF_IMAGES = {"owners": "/prometheus", "prometheus": "/prometheus", "alertmanager": "/alertmanager"}
"""Each VOLUME of an image that is not ours."""


@pytest.mark.parametrize(("name", "folder"), [*OF_IMAGES.items(), *((one, "/data") for one in sorted(OURS))])
def test_no_volume_without_a_name_is_left_behind(name: str, folder: str) -> None:
    """Docker makes one for each VOLUME of an image at which nothing else is mounted."""
    assert folder in {*map(str, kept(name)), *(one.partition(":")[0] for one in SERVICES[name]["tmpfs"])}


def test_the_demos_script_may_enter_where_its_image_works() -> None:
    """A tmpfs over a folder has its mode, and is root's: https://github.com/moby/moby/issues/40881."""
    assert "/data:uid=10001,gid=10001,mode=0700" in SERVICES["demo"]["tmpfs"]
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert {"USER 10001:10001", "WORKDIR /data"} <= set(lines)


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


@pytest.mark.parametrize("name", sorted(OURS - {"demo"}))
def test_the_planners_settings_are_ones_that_it_takes(name: str, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("42:alices-own-token")
    inside = {key: filled(value) for key, value in SERVICES[name]["environment"].items()}
    given = {key: value.replace(str(IN_BOT), str(tmp_path)) for key, value in inside.items()}
    assert config.unused(given) is None
    assert not misspelt(given)
    read = config.read_settings(given)
    assert read.alerts == ("stack" if name in BOTS else "process")
    assert read.localchat_any == (name == "chat")


def test_the_bot_reads_its_secrets_where_they_are_rendered_whatever_env_says() -> None:
    inside = {target: source for source, target, _ in mounts("bot")}
    assert inside[IN_BOT] == "./run/bot"
    given = SERVICES["bot"]["environment"]
    assert given["BOT_TOKEN_FILE"] == str(IN_BOT / PurePosixPath(BOT_TOKEN).name)
    assert given["PLANNER_HEARTBEAT_URL_FILE"] == "${STACK_BOT_HEARTBEAT_FILE:-}"
    for setting in config.TABLE.values():
        if setting.secret:
            assert f"{setting.name}_FILE" in given, "a path in .env is one of the host's"
    assert given["BOT_TOKEN"] == given["PLANNER_HEARTBEAT_URL"] == "", "or the file is not read"


def test_the_demos_bot_belongs_to_the_one_who_is_told() -> None:
    read = config.read_settings(SERVICES["demo-bot"]["environment"])
    assert read.users == read.admins == {1}
    assert read.private_feeds


def test_the_demos_script_understands_what_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(STACK)
    from demo.command import _options  # noqa: PLC0415  # its folder is none of the packages

    assert SERVICES["demo"]["entrypoint"] == ["python", "/stack/demo"]
    given = _options().parse_args(SERVICES["demo"]["command"])
    assert (given.chat, given.calendars) == ("http://chat:8085", "demo:8088")
    for name in [name for name in sys.modules if name.partition(".")[0] == "demo"]:
        monkeypatch.delitem(sys.modules, name)


@pytest.mark.parametrize("name", sorted(BOTS))
def test_a_bot_finds_the_promises_that_the_rules_are_made_of(name: str) -> None:
    inside = {str(target): source for source, target, _ in mounts(name)}
    assert promises.load(STACK / inside[f"{SERVICES[name]['working_dir']}/slo.toml"]).slos


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


@pytest.mark.parametrize("what", ["ENDPOINT", "PROTOCOL", "HEADERS"])
def test_the_stacks_bot_sends_to_the_stack_whatever_its_env_file_has_for_another(what: str) -> None:
    given = SERVICES["bot"]["environment"]
    assert {given[f"OTEL_EXPORTER_OTLP_{signal}_{what}"] for signal in ("TRACES", "METRICS", "LOGS")} == {""}
    assert f"OTEL_EXPORTER_OTLP_{what}" in given
    assert otlp.protocol(given, "metrics") == otlp.HTTP
    assert otlp.place(given, "metrics", "otlp") == "collector:4318"
    assert given["OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE"] == "cumulative"


def test_no_secret_of_the_env_file_is_in_the_bots_environment() -> None:
    secret = {one.name for one in (*config.TABLE.values(), *TABLE.values()) if one.secret}
    assert {name: SERVICES["bot"]["environment"].get(name) for name in secret} == dict.fromkeys(secret, "")


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


def test_grafana_has_no_password_that_somebody_could_know() -> None:
    given = SERVICES["grafana"]["environment"]
    inside = {str(target): source for source, target, _ in mounts("grafana")}
    folder, _, name = given["GF_SECURITY_ADMIN_PASSWORD__FILE"].rpartition("/")
    assert f"{inside[folder]}/{name}" == f"./run/{render.PASSWORD}"
    assert "GF_SECURITY_ADMIN_PASSWORD" not in given
    assert given["GF_AUTH_ANONYMOUS_ENABLED"] == given["GF_USERS_ALLOW_SIGN_UP"] == "false"


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


def test_grafana_begins_with_the_promises() -> None:
    home = PurePosixPath(SERVICES["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"])
    inside = {str(target): source for source, target, _ in mounts("grafana")}
    assert str(home.parent) == PROVIDER
    assert inside[PROVIDER] == "./run/dashboards"
    assert BOARDS[f"dashboards/{home.name}"]["uid"] == "planner-promises"


def uids(value: Any) -> Iterator[str]:
    """Every data source that another names."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key.lower().endswith("uid") and key != "uid":
                yield inner
            else:
                yield from uids(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from uids(inner)


def test_data_sources_lead_to_each_other() -> None:
    assert set(uids([one["jsonData"] for one in SOURCES.values()])) == {"prometheus", "loki", "tempo", "alertmanager"}
    assert set(SOURCES) == {"prometheus", "loki", "tempo", "alertmanager"}
    assert [uid for uid, one in SOURCES.items() if one.get("isDefault")] == ["prometheus"]
    assert all(one["type"] == uid for uid, one in SOURCES.items())


def test_a_line_leads_to_all_that_happened_to_its_reminder() -> None:
    fields = {one["name"]: one for one in SOURCES["loki"]["jsonData"]["derivedFields"]}
    assert all(one["matcherType"] == "label" for one in fields.values()), "they stand beside the line"
    page, variable = re.fullmatch(r"/d/([\w-]+)\?var-(\w+)=\$\$\{__value\.raw\}", fields["reminder"]["url"]).groups()
    board = next(board for board in BOARDS.values() if board["uid"] == page)
    assert any(one["name"] == variable and one["type"] == "textbox" for one in board["templating"]["list"])


def test_dashboards_find_a_data_source_of_each_kind_that_they_ask_for() -> None:
    for board in BOARDS.values():
        for variable in board["templating"]["list"]:
            if variable["type"] == "datasource":
                assert variable["query"] in {one["type"] for one in SOURCES.values()}
    assert not re.findall(r'"uid": "(?!\$\{DS_|planner-)[^"]+"', str(BOARDS).replace("'", '"'))


def test_what_is_written_for_grafana_is_not_taken_for_its_environment() -> None:
    """Grafana fills in ``$NAME`` in these files; ``$$`` is a ``$``."""
    for path in (STACK / "grafana").rglob("*.yaml"):
        lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
        assert not [line for line in lines if re.search(r"(?<!\$)\$(?!\$)", line)], path


def test_lines_are_found_by_what_the_planner_says_of_itself() -> None:
    own = set(resource("1.0", "here", "production").attributes)
    chosen = {one["action"]: set(one["attributes"])
              for one in LOKI["limits_config"]["otlp_config"]["resource_attributes"]["attributes_config"]}  # fmt: skip
    assert chosen["index_label"] - own == {"service.namespace"}
    assert {"service.instance.id"} < chosen["structured_metadata"] <= own
    assert not chosen["index_label"] & {"service.instance.id", "service.version"}
    tags = SOURCES["tempo"]["jsonData"]["tracesToLogsV2"]["tags"]
    assert {one["key"]: one["value"] for one in tags} == {"service.name": "service_name"}
    assert "service.name" in chosen["index_label"]


def test_lokis_schema_can_hold_what_a_line_has_beside_it() -> None:
    (schema,) = LOKI["schema_config"]["configs"]
    assert (schema["store"], schema["schema"]) == ("tsdb", "v13")
    assert LOKI["limits_config"]["allow_structured_metadata"] is True


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


def test_nothing_is_used_that_the_field_has_left() -> None:
    """Promtail has ended; the collector has renamed or dropped these; Loki's old index; what Tempo 3 refuses."""
    assert not [name for name in SERVICES if name in {"promtail", "jaeger", "agent"}]
    kinds = {name.partition("/")[0] for kind in ("exporters", "receivers", "processors") for name in COLLECTOR[kind]}
    assert not kinds & {"otlphttp", "otlp_http_json", "loki", "jaeger", "logging", "debug"}
    assert not {"table_manager", "chunk_store_config", "boltdb_shipper"} & set(LOKI)
    assert not {"ingester", "ingester_client", "compactor", "metrics_generator_client"} & set(TEMPO)


def test_the_image_holds_what_it_copies_and_nothing_else() -> None:
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert {name for line in copied for name in line.split()} == allowed
    assert all((ROOT / name).exists() for name in allowed)


def test_the_image_is_nobodys_and_may_be_written_to_in_one_place() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert re.search(r"^USER 10001:10001$", text, re.MULTILINE)
    assert text.index("install -d -o 10001 -g 10001 -m 0700 /data") < text.index("\nVOLUME /data")
    assert all(kept(name) == [PurePosixPath("/data")] for name in OURS - {"demo"})
