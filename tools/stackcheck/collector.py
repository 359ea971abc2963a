"""``collector.yaml``: every key of every component that it uses, as 0.162 documents them, and no other.

The collector is in no package that can be had here (the one on the package index is of 0.135, and has neither OTLP's
receiver nor any of these processors). So the shapes are ours; each component's page is
https://github.com/open-telemetry/opentelemetry-collector(-contrib)/tree/main/<kind>/<name>, its keys those of its
``config.schema.yaml``. What may be set there and is not used here is mostly left out: then it is added here first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from tools.stackcheck import ottl, reading
from tools.stackcheck.found import STACK, Found
from tools.stackcheck.shape import ADDRESS, DURATION, URL, Shape, Text, faults

FILE = STACK / "collector" / "collector.yaml"
LEFT: Mapping[str, str] = {
    "loki": "Loki takes OTLP itself: otlp_http",
    "jaeger": "Jaeger and Tempo take OTLP themselves: otlp_http",
    "logging": "it is called debug now",
    "otlphttp": "it is called otlp_http now",
    "otlp": "as an exporter it is called otlp_grpc now",
    "opencensus": "it is OTLP's forerunner",
}
"""Exporters that are gone, or have another name."""
NAME = Text(r"[a-z_]+(?:/[\w-]+)?", "a component's name")
TLS = {"ca_file": str, "cert_file": str, "key_file": str, "insecure": bool, "insecure_skip_verify": bool}
QUEUE = {
    "enabled": bool,
    "num_consumers": int,
    "queue_size": int,
    "sizer": {"requests", "items", "bytes"},
    "block_on_overflow": bool,
    "wait_for_result": bool,
    "storage": NAME,
    "batch": {"flush_timeout": DURATION, "min_size": int, "max_size": int, "sizer": {"items", "bytes"}},
}
RETRY = {
    "enabled": bool,
    "initial_interval": DURATION,
    "randomization_factor": float,
    "multiplier": float,
    "max_interval": DURATION,
    "max_elapsed_time": DURATION,
}
ERROR_MODE = {"ignore", "silent", "propagate"}
OTTL = {"context!": str, "conditions": [str], "statements!": [str], "error_mode": ERROR_MODE}
POLICY: Mapping[str, Shape] = {
    "always_sample": {},
    "latency": {"threshold_ms!": int, "upper_threshold_ms": int},
    "status_code": {"status_codes!": [{"OK", "ERROR", "UNSET"}]},
    "probabilistic": {"sampling_percentage!": float, "hash_salt": str},
    "numeric_attribute": {"key!": str, "min_value": int, "max_value": int, "invert_match": bool},
    "boolean_attribute": {"key!": str, "value!": bool, "invert_match": bool},
    "string_attribute": {
        "key!": str,
        "values!": [str],
        "enabled_regex_matching": bool,
        "cache_max_size": int,
        "invert_match": bool,
    },
    "ottl_condition": {"error_mode": ERROR_MODE, "span": [str], "spanevent": [str]},
    "rate_limiting": {"spans_per_second!": int},
    "span_count": {"min_spans!": int, "max_spans": int},
}


def _policy(value: object) -> str:
    """A policy has the section of its type, and no other."""
    if not isinstance(value, dict) or value.get("type") not in POLICY:
        return f"is no policy of a known type: {value}"
    kind = value["type"]
    own = {} if kind == "always_sample" else {f"{kind}!": POLICY[kind]}
    return "; ".join(faults(value, {"name!": str, "type!": {kind}, **own}, "policy"))


COMPONENTS: Mapping[str, Mapping[str, Shape]] = {
    "extensions": {
        "health_check": {"endpoint": ADDRESS, "path": str, "tls": TLS},
        "file_storage": {
            "directory": str,
            "create_directory": bool,
            "directory_permissions": str,
            "timeout": DURATION,
            "fsync": bool,
            "recreate": bool,
            "max_size": int,
            "compaction": {
                "directory": str,
                "on_start": bool,
                "on_rebound": bool,
                "cleanup_on_start": bool,
                "max_transaction_size": int,
                "rebound_needed_threshold_mib": int,
                "rebound_trigger_threshold_mib": int,
                "check_interval": DURATION,
            },
        },
    },
    "receivers": {
        "otlp": {
            "protocols!": {
                "grpc": {"endpoint": ADDRESS, "max_recv_msg_size_mib": int, "tls": TLS},
                "http": {"endpoint": ADDRESS, "max_request_body_size": int, "tls": TLS},
            }
        }
    },
    "processors": {
        "memory_limiter": {
            "check_interval!": DURATION,
            "limit_mib": int,
            "spike_limit_mib": int,
            "limit_percentage": int,
            "spike_limit_percentage": int,
            "min_gc_interval_when_soft_limited": DURATION,
            "min_gc_interval_when_hard_limited": DURATION,
        },
        "batch": {
            "timeout": DURATION,
            "send_batch_size": int,
            "send_batch_max_size": int,
            "metadata_keys": [str],
            "metadata_cardinality_limit": int,
        },
        "filter": {
            "error_mode": ERROR_MODE,
            "trace_conditions": [{"context!": {"resource", "scope", "span", "spanevent"}, "conditions!": [str]}],
            "metric_conditions": [{"context!": {"resource", "scope", "metric", "datapoint"}, "conditions!": [str]}],
            "log_conditions": [{"context!": {"resource", "scope", "log"}, "conditions!": [str]}],
        },
        "transform": {
            "error_mode": ERROR_MODE,
            "trace_statements": [{**OTTL, "context!": {"resource", "scope", "span", "spanevent"}}],
            "metric_statements": [{**OTTL, "context!": {"resource", "scope", "metric", "datapoint"}}],
            "log_statements": [{**OTTL, "context!": {"resource", "scope", "log"}}],
        },
        "tail_sampling": {
            "decision_wait": DURATION,
            "decision_wait_after_root_received": DURATION,
            "num_traces": int,
            "expected_new_traces_per_sec": int,
            "decision_cache": {"sampled_cache_size": int, "non_sampled_cache_size": int},
            "sample_on_first_match": bool,
            "drop_pending_traces_on_shutdown": bool,
            "block_on_overflow": bool,
            "policies!": [_policy],
        },
    },
    "exporters": {
        "otlp_http": {
            "endpoint": URL,
            "traces_endpoint": URL,
            "metrics_endpoint": URL,
            "logs_endpoint": URL,
            "encoding": {"proto", "json"},
            "compression": {"gzip", "zstd", "snappy", "none"},
            "timeout": DURATION,
            "tls": TLS,
            "sending_queue": QUEUE,
            "retry_on_failure": RETRY,
        },
        "otlp_grpc": {"endpoint": ADDRESS, "tls": TLS, "timeout": DURATION, "sending_queue": QUEUE,
                      "retry_on_failure": RETRY, "compression": {"gzip", "zstd", "snappy", "none"}},
        "debug": {"verbosity": {"basic", "normal", "detailed"}, "sampling_initial": int, "sampling_thereafter": int},
    },
    "connectors": {},
}  # fmt: skip
PIPELINE = {"receivers!": [NAME], "processors": [NAME], "exporters!": [NAME]}
SERVICE = {
    "extensions": [NAME],
    "pipelines!": {"traces": PIPELINE, "metrics": PIPELINE, "logs": PIPELINE},
    "telemetry": {
        "logs": {"level": {"debug", "info", "warn", "error"}, "encoding": {"console", "json"}, "development": bool},
        "metrics": {
            "level": {"none", "basic", "normal", "detailed"},
            "readers": [{"pull!": {"exporter!": {"prometheus!": {
                "host!": str, "port!": int, "without_scope_info": bool, "without_units": bool,
                "without_type_suffix": bool,
            }}}}],
        },
    },
}  # fmt: skip
FIRST = "memory_limiter"


def check(path: Path = FILE) -> Found:
    looked = f"{reading.name(path)}, by a list of all keys that its components have"
    try:
        return Found(looked, [f"{reading.name(path)}: {fault}" for fault in of(reading.read(path))])
    except (OSError, yaml.YAMLError) as error:
        return Found(looked, [f"{reading.name(path)}: {error}"])


def of(config: Any) -> Iterator[str]:
    top = dict.fromkeys(COMPONENTS, dict) | {"service!": SERVICE}
    yield from faults(config, top)
    for kind, known in COMPONENTS.items():
        for name, settings in (config.get(kind) or {}).items():
            yield from _component(kind, known, name, settings)
    yield from _wired(config)
    yield from ottl.of(config)
    yield from _remembered(config)


def _component(kind: str, known: Mapping[str, Shape], name: str, settings: Any) -> Iterator[str]:
    base = name.partition("/")[0]
    if kind == "exporters" and base in LEFT:
        yield f"{kind}.{name} is of what the field has left: {LEFT[base]}"
    elif base not in known:
        yield f"{kind}.{name} is not known; known are {', '.join(sorted(known))}"
    else:
        yield from faults(settings or {}, known[base], f"{kind}.{name}")


def _wired(config: Any) -> Iterator[str]:
    """What a pipeline names is there, what is there is named, and a pipeline begins with the limit of memory."""
    service = config.get("service", {})
    pipelines = service.get("pipelines", {})
    named = {kind: {name for pipeline in pipelines.values() for name in pipeline.get(kind) or ()}
             for kind in ("receivers", "processors", "exporters")}  # fmt: skip
    named["extensions"] = set(service.get("extensions") or ())
    for kind, names in named.items():
        there = set(config.get(kind) or {})
        yield from (f"{kind}.{name} is named and not there" for name in sorted(names - there))
        yield from (f"{kind}.{name} is there and never named" for name in sorted(there - names))
    for signal, pipeline in pipelines.items():
        processors = pipeline.get("processors") or []
        if processors[:1] != [FIRST] or processors[-1:] != ["batch"]:
            yield f"the pipeline of {signal} does not begin with {FIRST} and end with batch: {processors}"
    for name, exporter in (config.get("exporters") or {}).items():
        storage = (exporter.get("sending_queue") or {}).get("storage")
        if storage is not None and storage not in named["extensions"]:
            yield f"exporters.{name} keeps its queue in {storage}, which is no extension that runs"
        if re.match(r"otlp", name) and storage is None:
            yield f"exporters.{name} keeps what it cannot deliver in memory alone"


def _remembered(config: Any) -> Iterator[str]:
    """The processor's page: a cache of decisions is of use if it holds many more than there are traces in memory."""
    for name, settings in (config.get("processors") or {}).items():
        held = (settings or {}).get("num_traces", 50_000)
        for cache, size in ((settings or {}).get("decision_cache") or {}).items():
            if size < held:
                yield f"processors.{name} remembers fewer decisions ({cache}: {size}) than it holds traces ({held})"
