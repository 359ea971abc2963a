"""OpenTelemetry's settings, checked before its SDK reads them: a wrong one takes one line, as any other setting does.

https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/ and .../protocol/exporter/
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import entry_points
from pathlib import Path
from urllib.parse import unquote, urlsplit

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
CONTEXT = "OTEL_PYTHON_CONTEXT"
RATIOS = ("traceidratio", "parentbased_traceidratio")

_SIGNALS = ("", "TRACES_", "METRICS_", "LOGS_")
_BATCHES = [f"OTEL_{kind}_{what}" for kind in ("BSP", "BLRP")
            for what in ("SCHEDULE_DELAY", "EXPORT_TIMEOUT", "MAX_QUEUE_SIZE", "MAX_EXPORT_BATCH_SIZE")]  # fmt: skip
_LIMITS = [f"OTEL_{what}_LIMIT" for what in (
    "ATTRIBUTE_COUNT", "ATTRIBUTE_VALUE_LENGTH", "SPAN_ATTRIBUTE_COUNT", "SPAN_ATTRIBUTE_VALUE_LENGTH",
    "SPAN_EVENT_COUNT", "SPAN_LINK_COUNT", "EVENT_ATTRIBUTE_COUNT", "LINK_ATTRIBUTE_COUNT",
    "LOGRECORD_ATTRIBUTE_COUNT", "LOGRECORD_ATTRIBUTE_VALUE_LENGTH")]  # fmt: skip
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+[ \t]*=([^,;\\]*)")
_HEADER_VALUE = re.compile(r"[\t -~\xa0-\xff]*")
_ATTRIBUTE = re.compile(r"[^=]*[^=\s][^=]*=.*")
_ALL_DETECTORS = "*"

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


def names() -> list[str]:
    """Those that are checked here."""
    return [name for name, _ in _table()]


def without_effect(environ: Mapping[str, str]) -> list[str]:
    """Settings of OpenTelemetry's that are set and that nothing here can follow."""
    given = {name: value.strip().lower() for name, value in environ.items() if value.strip()}
    found = [name for name in ("OTEL_CONFIG_FILE", CONTEXT) if name in given]
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


def place(environ: Mapping[str, str], signal: str, asked: str) -> str:
    """Where an exporter sends, told apart from others; never to be shown."""
    if asked != "otlp":
        return asked
    for name in (f"OTEL_EXPORTER_OTLP_{signal.upper()}_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"):
        if text := environ.get(name, "").strip():
            return urlsplit(text).netloc or text
    return ""


def queue_size(environ: Mapping[str, str], kind: str) -> int:
    """How many may wait; ``kind`` is BSP (spans) or BLRP (log records)."""
    return int(environ.get(f"OTEL_{kind}_MAX_QUEUE_SIZE", "").strip() or QUEUE_MAX)


def _table() -> Iterator[tuple[str, tuple[Check, str]]]:
    yield "OTEL_SDK_DISABLED", (_one_of("true", "false"), "true")
    yield "OTEL_RESOURCE_ATTRIBUTES", (_attributes, "deployment.environment.name=production,host.name=box")
    yield "OTEL_EXPERIMENTAL_RESOURCE_DETECTORS", (_detectors, "otel")
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
        yield f"{prefix}HEADERS", (_headers, "api-key=<key>")
        yield f"{prefix}COMPRESSION", (_one_of("none", "gzip", "deflate"), "gzip")
        yield f"{prefix}CERTIFICATE", (_authorities, "/etc/ssl/certs/ca-certificates.crt")
        for what in ("CLIENT_KEY", "CLIENT_CERTIFICATE"):
            yield f"{prefix}{what}", (_file, f"/etc/ssl/private/{what.lower()}.pem")


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
        if (
            http
            and name in given
            and _address(given[name]) is None
            and not given[name].lower().startswith(("http://", "https://"))
        ):
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


def _headers(text: str) -> str | None:
    """Without its value: it is a key."""
    for pair in filter(None, map(str.strip, text.split(","))):
        found = _HEADER.fullmatch(pair)
        if found is None:
            return "its value is no list of name=value with commas between"
        if _HEADER_VALUE.fullmatch(unquote(found[1])) is None:
            return "a header in it has characters that no header may have"
    return None


def _attributes(text: str) -> str | None:
    """A key may be among these as well."""
    good = all(_ATTRIBUTE.fullmatch(pair) for pair in text.split(","))
    return None if good else "its value is no list of name=value with commas between"


def _detectors(text: str) -> str | None:
    for name in filter(None, map(str.strip, text.split(","))):
        if name != _ALL_DETECTORS and not entry_points(group="opentelemetry_resource_detector", name=name):
            return f"there is no detector {name[:80]!r}"
    return None


def _authorities(text: str) -> str | None:
    if (fault := _file(text)) is not None:
        return fault
    import ssl  # noqa: PLC0415  # only for those who name a certificate

    try:
        ssl.create_default_context(cafile=text)
    except (ssl.SSLError, OSError):
        return f"there is no certificate in {text[:80]!r}"
    return None


def _file(text: str) -> str | None:
    return None if Path(text).is_file() else f"there is no file {text[:80]!r}"
