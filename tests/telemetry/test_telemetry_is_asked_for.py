"""OpenTelemetry's own settings decide what is exported; a wrong one takes one line, and without any nothing is."""

from __future__ import annotations

import logging
import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path
from random import Random

import opentelemetry.sdk
import pytest

from planner.cli import main
from planner.clock import SystemClock
from planner.config import SettingError, telemetry_settings
from planner.telemetry.otlp import settings
from planner.telemetry.otlp.names import misspelt
from planner.telemetry.otlp.sampling import UpTo
from planner.telemetry.redact import Redactor, secrets_of_exporters
from planner.telemetry.setup import Running, environment, exporters, instance, start
from tests.telemetry.sink import until

ROOT = Path(__file__).parents[2]
ENDPOINT = "http://127.0.0.1:4318"
KEY = "dG9wc2VjcmV0a2V5MTIz"
ALL = {"traces": ("otlp",), "metrics": ("otlp",), "logs": ("otlp",)}


def begin_with(**environ: str) -> Running:
    return start({"OTEL_LOGS_EXPORTER": "otlp", **environ}, wall=SystemClock(), random=Random(1))


@pytest.mark.parametrize(
    ("environ", "asked"),
    [
        ({}, {}),
        ({"OTEL_SERVICE_NAME": "planner"}, {}),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": " "}, {}),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": ENDPOINT}, ALL),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": ENDPOINT, "OTEL_SDK_DISABLED": "True"}, {}),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": ENDPOINT, "OTEL_SDK_DISABLED": "false"}, ALL),
        ({"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": ENDPOINT}, {"metrics": ("otlp",)}),
        ({"OTEL_LOGS_EXPORTER": "otlp"}, {"logs": ("otlp",)}),
        ({"OTEL_TRACES_EXPORTER": "console, otlp"}, {"traces": ("console", "otlp")}),
        (
            {"OTEL_EXPORTER_OTLP_ENDPOINT": ENDPOINT, "OTEL_TRACES_EXPORTER": "none"},
            {"metrics": ("otlp",), "logs": ("otlp",)},
        ),
    ],
)
def test_each_signal_is_exported_where_an_exporter_or_an_endpoint_is_named(
    environ: dict[str, str], asked: dict[str, tuple[str, ...]]
) -> None:
    assert exporters(environ) == asked


def test_settings_in_the_env_file_count_and_the_environment_wins(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("OTEL_SERVICE_NAME=one\nOTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:1\nPLANNER_DB=x\n")
    found = telemetry_settings({"OTEL_SERVICE_NAME": "two", "PATH": "/bin"}, file)
    assert found == {"OTEL_SERVICE_NAME": "two", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "127.0.0.1:4318"),
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://[::1"),
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "htp://127.0.0.1:x"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json"),
        ("OTEL_EXPORTER_OTLP_LOGS_PROTOCOL", "smoke"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "soon"),
        ("OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "0"),
        ("OTEL_EXPORTER_OTLP_COMPRESSION", "zip"),
        ("OTEL_EXPORTER_OTLP_CERTIFICATE", "/no/such/file"),
        ("OTEL_EXPORTER_OTLP_CERTIFICATE", __file__),
        ("OTEL_RESOURCE_ATTRIBUTES", "nonsense"),
        ("OTEL_RESOURCE_ATTRIBUTES", "a=b,=c"),
        ("OTEL_EXPERIMENTAL_RESOURCE_DETECTORS", "otel,nonsense"),
        ("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "both"),
        ("OTEL_BSP_MAX_QUEUE_SIZE", "many"),
        ("OTEL_BSP_MAX_QUEUE_SIZE", "100"),
        ("OTEL_BLRP_SCHEDULE_DELAY", "-1"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "nan"),
        ("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "x"),
        ("OTEL_TRACES_SAMPLER", "sometimes"),
        ("OTEL_TRACES_SAMPLER_ARG", "2"),
        ("OTEL_TRACES_EXPORTER", "pigeon"),
        ("OTEL_METRICS_EXEMPLAR_FILTER", "some"),
        ("OTEL_SDK_DISABLED", "perhaps"),
    ],
)
def test_a_wrong_value_takes_one_line_that_names_the_variable(name: str, value: str) -> None:
    threads = set(threading.enumerate())
    environ = {"OTEL_EXPORTER_OTLP_ENDPOINT": ENDPOINT, "OTEL_TRACES_SAMPLER": "traceidratio", name: value}
    with pytest.raises(SettingError) as refused:
        start(environ, wall=SystemClock(), random=Random(1))
    (line,) = refused.value.lines
    assert line.startswith(f"{name}: ")
    assert f"{name}=" in line.partition("; ")[2]
    assert set(threading.enumerate()) <= threads


@pytest.mark.parametrize("name", ["OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_LOGS_HEADERS"])
@pytest.mark.parametrize(
    "value",
    [
        f"api-key: {KEY}",
        f"Authorization: Basic {KEY}==",
        f"Authorization Basic {KEY}==",
        f"x=1,{KEY}",
        f"={KEY}",
        f"api-key={KEY}%0Ax",
    ],
)
def test_headers_that_are_none_take_one_line_without_the_key(
    name: str, value: str, caplog: pytest.LogCaptureFixture
) -> None:
    environ = {"OTEL_EXPORTER_OTLP_ENDPOINT": ENDPOINT, name: value}
    with pytest.raises(SettingError) as refused:
        start(environ, wall=SystemClock(), random=Random(1))
    (line,) = refused.value.lines
    assert line.startswith(f"{name}: ")
    assert KEY not in line + caplog.text
    assert KEY not in Redactor(secrets_of_exporters(environ))(value), "whoever reads it before may say it"


@pytest.mark.parametrize("value", ["", f"api-key={KEY}", f"Authorization=Basic {KEY}==, x-scope = a,", "x=%C3%A9"])
def test_headers_as_they_are_specified_and_as_they_are_written_are_taken(value: str) -> None:
    settings.check({"OTEL_EXPORTER_OTLP_HEADERS": value})


def test_what_is_wrong_is_said_once_and_not_by_the_sdk_too(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(SettingError):
        begin_with(OTEL_TRACES_SAMPLER="foo")
    begin_with(OTEL_PYTHON_CONTEXT="nonsense").stop()
    assert [record.getMessage() for record in caplog.records] == ["settings.unused"]
    assert caplog.records[0].cause == "OTEL_PYTHON_CONTEXT has no effect here"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("OTEL_EXPORTER_OTLP_ENDPIONT", "OTEL_EXPORTER_OTLP_ENDPOINT"),
        ("OTEL_EXPORTER_OTLP_HEADER", "OTEL_EXPORTER_OTLP_HEADERS"),
        ("OTEL_SERVICE_NAMES", "OTEL_SERVICE_NAME"),
        ("OTEL_TRACE_SAMPLER", "OTEL_TRACES_SAMPLER"),
        ("OTEL_METRICS_EXPORT_INTERVAL", "OTEL_METRIC_EXPORT_INTERVAL"),
    ],
)
def test_a_name_that_is_misspelt_is_named_also_where_nothing_is_exported_for_it(
    name: str, meant: str, caplog: pytest.LogCaptureFixture
) -> None:
    found = start({name: "1"}, wall=SystemClock(), random=Random(1))
    assert not found.exporting
    (record,) = caplog.records
    assert record.getMessage() == "settings.unused"
    assert record.cause == f"{name} is no setting of OpenTelemetry's: is it {meant}?"


def test_no_name_that_somebody_knows_is_called_misspelt() -> None:
    files = (file for file in Path(opentelemetry.sdk.__path__[0]).parent.rglob("*.py"))
    names = {name for file in files for name in re.findall(r'"(OTEL_[A-Z_]+[A-Z])"', file.read_text())}
    others = {"OTEL_EXPORTER_OTLP_PROFILES_ENDPOINT", "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT",
              "OTEL_EXPORTER_JAEGER_ENDPOINT", "OTEL_JAVAAGENT_ENABLED", "OTEL_NODE_RESOURCE_DETECTORS"}  # fmt: skip
    assert len(names) > 80
    assert misspelt(dict.fromkeys(names | others, "1")) == {}


def test_an_address_with_a_key_in_it_is_not_repeated() -> None:
    with pytest.raises(SettingError) as refused:
        start({"OTEL_EXPORTER_OTLP_ENDPOINT": "ftp://key@host"}, wall=SystemClock(), random=Random(1))
    assert "key" not in str(refused.value)


def test_grpc_without_its_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.grpc.trace_exporter", None)
    environ = {"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}
    with pytest.raises(SettingError) as refused:
        start(environ, wall=SystemClock(), random=Random(1))
    (line,) = refused.value.lines
    assert line.startswith("OTEL_EXPORTER_OTLP_PROTOCOL: ")
    assert "pip install opentelemetry-exporter-otlp-proto-grpc" in line


def test_the_command_line_ends_with_2_and_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OTEL_TRACES_EXPORTER", "otlp")
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "x")
    assert main(["run"]) == 2
    said = capsys.readouterr()
    assert said.err == (
        "planner: OTEL_BSP_SCHEDULE_DELAY: 'x' is no whole number from 1 on; an example: OTEL_BSP_SCHEDULE_DELAY=512\n"
    )
    assert said.out == ""


@pytest.mark.parametrize(
    ("environ", "seconds"),
    [
        ({}, 2),
        ({"OTEL_EXPORTER_OTLP_TIMEOUT": "5"}, 5),
        ({"OTEL_EXPORTER_OTLP_TIMEOUT": "99.5"}, 99.5),
        ({"OTEL_EXPORTER_OTLP_TIMEOUT": "5000"}, 5),
        ({"OTEL_EXPORTER_OTLP_TIMEOUT": "5000", "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT": "100"}, 0.1),
    ],
)
def test_a_timeout_is_meant_in_milliseconds_or_if_small_in_seconds(environ: dict[str, str], seconds: float) -> None:
    assert settings.timeout_s(environ, "traces") == seconds


def test_what_is_meant_for_others_stops_nothing() -> None:
    environ = {"OTEL_LOGS_EXPORTER": "otlp", "OTEL_PYTHON_METER_PROVIDER": "x", "OTEL_PROPAGATORS": "x",
               "OTEL_PYTHON_CONTEXT": "x"}  # fmt: skip
    found = start(environ, wall=SystemClock(), random=Random(1))
    found.stop()
    assert found.exporting


def test_what_has_no_effect_is_named(caplog: pytest.LogCaptureFixture) -> None:
    name = "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION"
    for value, lines in (("explicit_bucket_histogram", 0), ("base2_exponential_bucket_histogram", 1)):
        caplog.clear()
        start({"OTEL_LOGS_EXPORTER": "otlp", name: value}, wall=SystemClock(), random=Random(1)).stop()
        found = [record for record in caplog.records if record.getMessage() == "settings.unused"]
        assert len(found) == lines
    assert found[0].cause == f"{name} has no effect here"


def test_the_environment_is_left_as_it_was() -> None:
    before = dict(os.environ)
    found = start({"OTEL_TRACES_EXPORTER": "otlp", "OTEL_SERVICE_NAME": "mine", "OTEL_BSP_SCHEDULE_DELAY": ""},
                  wall=SystemClock(), random=Random(1))  # fmt: skip
    found.stop()
    assert dict(os.environ) == before


def test_so_many_traces_a_second_and_no_more() -> None:
    now = 0
    sampled = UpTo(10, 10, lambda: now)
    assert sum(sampled(1) for _ in range(100)) == 10
    now += 500_000_000
    assert sum(sampled(1) for _ in range(100)) == 5
    now += 3_600_000_000_000
    assert sum(sampled(1) for _ in range(100)) == 10


def test_an_instance_is_the_bot_or_else_its_host_and_database(tmp_path: Path) -> None:
    assert instance("123456:secret", tmp_path / "a.db") == "bot-123456"
    here, there = instance(None, tmp_path / "a.db"), instance(None, tmp_path / "b.db")
    assert here == instance(None, tmp_path / "a.db") != there


def test_a_bot_at_telegram_is_in_production_and_the_local_chat_is_not() -> None:
    assert (environment("123456:secret"), environment(None)) == ("production", "local")


def test_unasked_nothing_is_exported_begun_or_said() -> None:
    threads, handlers = set(threading.enumerate()), list(logging.getLogger().handlers)
    found = start({"OTEL_SERVICE_NAME": "planner"}, wall=SystemClock(), random=Random(1))
    assert not found.exporting
    assert not found.telemetry.tracer.begin("update")
    assert found.fault() is None
    assert set(threading.enumerate()) <= threads
    assert logging.getLogger().handlers == handlers
    found.stop()


def test_a_bot_that_exports_nothing_imports_no_opentelemetry(tmp_path: Path) -> None:
    out, err = tmp_path / "out", tmp_path / "err"
    environ = {"PATH": "/usr/bin:/bin", "PLANNER_HTTP": "127.0.0.1:0", "PLANNER_DB": str(tmp_path / "planner.db")}
    with out.open("w") as to, err.open("w") as errors:
        bot = subprocess.Popen([sys.executable, "-X", "importtime", str(ROOT / "planner.py")], cwd=tmp_path,
                               stdout=to, stderr=errors, env=environ)  # fmt: skip
    until(lambda: "planner.ready" in err.read_text(), "the bot at work")
    bot.send_signal(signal.SIGTERM)
    assert bot.wait(10) == 0
    lines = err.read_text().splitlines()
    imported = {line.rpartition("|")[2].strip() for line in lines if line.startswith("import time:")}
    assert "planner.telemetry.setup" in imported
    assert [name for name in imported if name.startswith(("opentelemetry", "google.protobuf", "requests"))] == []
    assert not [line for line in lines if "WARNING" in line]
