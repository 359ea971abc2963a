"""The names of OpenTelemetry's settings, to find those that are misspelt.

It imports none of the SDK: such a slip may be the only reason why nothing is exported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from planner.telemetry.otlp import settings

ALIKE = 0.93
"""A letter or two of some twenty. What differs more is somebody else's: instrumentations and other languages have
hundreds of names, and we do not know them all."""
_TAKEN = ("OTEL_PYTHON_", "OTEL_INSTRUMENTATION_", "OTEL_EXPORTER_OTLP_PROFILES_", "OTEL_EXPORTER_OTLP_SPAN_",
          "OTEL_EXPORTER_OTLP_METRIC_")  # fmt: skip
"""Beginnings of names that are others', or were in use once."""
_FEW = ("OTEL_SERVICE_NAME", "OTEL_LOG_LEVEL", "OTEL_PROPAGATORS", "OTEL_CONFIG_FILE", "OTEL_ENTITIES",
        "OTEL_SEMCONV_STABILITY_OPT_IN", "OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG",
        "OTEL_EXPORTER_PROMETHEUS_HOST", "OTEL_EXPORTER_PROMETHEUS_PORT",
        "OTEL_EXPORTER_ZIPKIN_ENDPOINT", "OTEL_EXPORTER_ZIPKIN_TIMEOUT", settings.AGGREGATION)  # fmt: skip


def known() -> Iterator[str]:
    yield from settings.names()
    yield from _FEW
    for signal in ("", "TRACES_", "METRICS_", "LOGS_"):
        yield f"OTEL_EXPORTER_OTLP_{signal}INSECURE"
    for signal in ("TRACES", "METRICS", "LOGS"):
        yield f"OTEL_{signal}_EXPORTER"


def misspelt(environ: Mapping[str, str]) -> dict[str, str]:
    """By name, what is meant by each that is almost, but not quite, one of OpenTelemetry's."""
    names = sorted(set(known()))
    unknown = (name for name in sorted(environ) if name not in names and not name.startswith(_TAKEN))
    return {name: near[0] for name in unknown if (near := get_close_matches(name, names, 1, ALIKE))}
