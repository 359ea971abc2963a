"""OpenTelemetry's settings, checked before its SDK reads them: a wrong one takes one line, as any other setting does.

https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/ and .../protocol/exporter/
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from planner.config import SettingError

TIMEOUT_S = 2.0
"""How long an export may take if nothing is set. Short: with an endpoint that is gone, a stop waits for it."""
MILLISECONDS_FROM = 100
"""A timeout of so much or more is meant in milliseconds, as the specification says; the SDK alone reads seconds."""
QUEUE_MAX = 2048
"""Spans and log records that wait to be exported, if nothing is set: the specification's default."""

HTTP, GRPC = "http/protobuf", "grpc"
PROTOCOL = "OTEL_EXPORTER_OTLP_PROTOCOL"
AGGREGATION, EXPLICIT = "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION", "explicit_bucket_histogram"
"""Our histograms have the buckets that the catalogue gives them, which the promises are read from."""
RATIOS = ("traceidratio", "parentbased_traceidratio")

_SIGNALS = ("", "TRACES_", "METRICS_", "LOGS_")
_BATCHES = [f"OTEL_{kind}_{what}" for kind in ("BSP", "BLRP")
            for what in ("SCHEDULE_DELAY", "EXPORT_TIMEOUT", "MAX_QUEUE_SIZE", "MAX_EXPORT_BATCH_SIZE")]  # fmt: skip
_LIMITS = [f"OTEL_{what}_LIMIT" for what in (
    "ATTRIBUTE_COUNT", "ATTRIBUTE_VALUE_LENGTH", "SPAN_ATTRIBUTE_COUNT", "SPAN_ATTRIBUTE_VALUE_LENGTH",
    "SPAN_EVENT_COUNT", "SPAN_LINK_COUNT", "EVENT_ATTRIBUTE_COUNT", "LINK_ATTRIBUTE_COUNT",
    "LOGRECORD_ATTRIBUTE_COUNT", "LOGRECORD_ATTRIBUTE_VALUE_LENGTH")]  # fmt: skip

Check = Callable[[str], str | None]
"""Says what is wrong with a value, in words."""


def check(environ: Mapping[str, str]) -> None:
    """Raise ``SettingError`` with every value that is wrong; empty ones count as not set."""
    given = {name: value.strip() for name, value in environ.items() if value.strip()}
    faults = [
        f"{name}: {fault}; an example: {name}={example}"
        for name, (test, example) in _table()
        if name in given and (fault := test(given[name])) is not None
    ]
    faults += _faults_together(given)
    if faults:
        raise SettingError(*faults)


def without_effect(environ: Mapping[str, str]) -> list[str]:
    """Settings of OpenTelemetry's that are set and that nothing here can follow."""
    given = {name: value.strip().lower() for name, value in environ.items() if value.strip()}
    found = [name for name in ("OTEL_CONFIG_FILE",) if name in given]
    return found + [name for name in (AGGREGATION,) if given.get(name, EXPLICIT) != EXPLICIT]


def timeout_s(environ: Mapping[str, str], signal: str) -> float:
    """How long an export of ``signal`` may take, in seconds."""
    for name in (f"OTEL_EXPORTER_OTLP_{signal.upper()}_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT"):
        if text := environ.get(name, "").strip():
            value = float(text)
            return value / 1_000 if value >= MILLISECONDS_FROM else value
    return TIMEOUT_S


def protocol(environ: Mapping[str, str], signal: str) -> str:
    for name in (f"OTEL_EXPORTER_OTLP_{signal.upper()}_PROTOCOL", PROTOCOL):
        if text := environ.get(name, "").strip():
            return text
    return HTTP


def queue_size(environ: Mapping[str, str], kind: str) -> int:
    """How many may wait; ``kind`` is BSP (spans) or BLRP (log records)."""
    return int(environ.get(f"OTEL_{kind}_MAX_QUEUE_SIZE", "").strip() or QUEUE_MAX)


def _table() -> Iterator[tuple[str, tuple[Check, str]]]:
    yield "OTEL_SDK_DISABLED", (_one_of("true", "false"), "true")
    for name in _BATCHES:
        yield name, (_whole(1), "512")
    for name in ("OTEL_METRIC_EXPORT_INTERVAL", "OTEL_METRIC_EXPORT_TIMEOUT"):
        yield name, (_positive, "60000")
    for name in _LIMITS:
        yield name, (_whole(0), "128")
    yield "OTEL_METRICS_EXEMPLAR_FILTER", (_one_of("trace_based", "always_on", "always_off"), "trace_based")
    yield "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", (_one_of("cumulative", "delta", "lowmemory"), "delta")
    for signal in _SIGNALS:
        prefix = f"OTEL_EXPORTER_OTLP_{signal}"
        yield f"{prefix}ENDPOINT", (_address, "http://127.0.0.1:4318")
        yield f"{prefix}PROTOCOL", (_one_of(HTTP, GRPC), HTTP)
        yield f"{prefix}TIMEOUT", (_positive, "2000")
        yield f"{prefix}COMPRESSION", (_one_of("none", "gzip", "deflate"), "gzip")
        for what in ("CERTIFICATE", "CLIENT_KEY", "CLIENT_CERTIFICATE"):
            yield f"{prefix}{what}", (_file, "/etc/ssl/certs/ca-certificates.crt")


def _faults_together(given: Mapping[str, str]) -> Iterator[str]:
    for kind in ("BSP", "BLRP"):
        batch, queue = f"OTEL_{kind}_MAX_EXPORT_BATCH_SIZE", f"OTEL_{kind}_MAX_QUEUE_SIZE"
        sizes = given.get(batch, "512"), given.get(queue, str(QUEUE_MAX))
        if all(size.isdecimal() for size in sizes) and int(sizes[0]) > int(sizes[1]):
            yield f"{queue}: {sizes[1]} is less than the {sizes[0]} of a batch; an example: {queue}={QUEUE_MAX}"
    if given.get("OTEL_TRACES_SAMPLER") in RATIOS and not _is_share(given.get("OTEL_TRACES_SAMPLER_ARG", "1")):
        text = given["OTEL_TRACES_SAMPLER_ARG"]
        yield f"OTEL_TRACES_SAMPLER_ARG: {text!r} is no share from 0 to 1; an example: OTEL_TRACES_SAMPLER_ARG=0.1"
    for signal in _SIGNALS:
        name = f"OTEL_EXPORTER_OTLP_{signal}ENDPOINT"
        http = given.get(f"OTEL_EXPORTER_OTLP_{signal}PROTOCOL", given.get(PROTOCOL, HTTP)) == HTTP
        if http and name in given and not given[name].lower().startswith(("http://", "https://")):
            yield f"{name}: its value is no http or https address; an example: {name}=http://127.0.0.1:4318"


def _one_of(*values: str) -> Check:
    wanted = " or ".join([", ".join(values[:-1]), values[-1]])
    return lambda text: None if text.lower() in values else f"{text[:80]!r} is not {wanted}"


def _whole(low: int) -> Check:
    return lambda text: (
        None if text.isdecimal() and int(text) >= low else f"{text[:80]!r} is no whole number from {low} on"
    )


def _positive(text: str) -> str | None:
    return None if 0 < _number(text) < math.inf else f"{text[:80]!r} is no number above 0"


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _is_share(text: str) -> bool:
    return 0 <= _number(text) <= 1


def _address(text: str) -> str | None:
    """Without its value: it may hold a key."""
    try:
        urlsplit(text).port  # noqa: B018  # it raises
    except ValueError:
        return "its value is no address"
    return None


def _file(text: str) -> str | None:
    return None if Path(text).is_file() else f"there is no file {text[:80]!r}"
