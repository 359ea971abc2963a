"""``loki.yaml`` and ``tempo.yaml``: the keys that they use, as 3.7 and 3.0 document them, and no other.

Neither is in any package that can be had here. The shapes follow https://grafana.com/docs/loki/latest/configure/ and
https://grafana.com/docs/tempo/latest/configuration/manifest/; what may be set there and is not used here is mostly left
out: then it is added here first. What a newer version took away, or the field has left, is named, so that it is refused
with its reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from tools.stackcheck import reading
from tools.stackcheck.found import STACK, Found
from tools.stackcheck.shape import ADDRESS, ANY, DAYS, DURATION, URL, Shape, Text, faults

LOKI = STACK / "loki" / "loki.yaml"
TEMPO = STACK / "tempo" / "tempo.yaml"
LEFT_BY_LOKI: Mapping[str, str] = {
    "table_manager": "the compactor keeps and deletes",
    "ingester.max_transfer_retries": "lines are flushed, not handed over",
    "storage_config.boltdb": "tsdb took its place",
    "storage_config.boltdb_shipper": "tsdb took its place",
    "storage_config.tsdb_shipper.shared_store": "the schema's object_store says it",
    "compactor.shared_store": "delete_request_store says it",
    "limits_config.enforce_metric_name": "it is gone since 3.0",
    "chunk_store_config.max_look_back_period": "limits_config.max_query_lookback says it",
    "ruler_config": "it is called ruler",
}
LEFT_BY_TEMPO: Mapping[str, str] = {
    "ingester": "live_store took its place in 3.0",
    "ingester_client": "live_store_client took its place in 3.0",
    "compactor": "backend_scheduler and backend_worker took its place in 3.0",
    "metrics_generator_client": "it is gone since 3.0",
    "search_enabled": "it is always so",
    "overrides.metrics_generator_processors": "it stands under overrides.defaults",
}
DAY_OF_SCHEMA = Text(r"\d{4}-\d\d-\d\d", "a day")
SERVER = {
    "http_listen_address": str,
    "http_listen_port": int,
    "grpc_listen_address": str,
    "grpc_listen_port": int,
    "grpc_server_max_recv_msg_size": int,
    "grpc_server_max_send_msg_size": int,
    "graceful_shutdown_timeout": DURATION,
    "http_server_read_timeout": DURATION,
    "http_server_write_timeout": DURATION,
    "log_format": {"logfmt", "json"},
    "log_level": {"debug", "info", "warn", "error"},
}
RING = {"kvstore": {"store": {"inmemory", "memberlist"}}, "instance_addr": str, "replication_factor": int}
OTLP_ACTION = {"index_label", "structured_metadata", "drop"}
ATTRIBUTES = [{"action!": OTLP_ACTION, "attributes": [str], "regex": str}]

SHAPE_OF_LOKI: Mapping[str, Shape] = {
    "auth_enabled!": bool,
    "target": {"all"},
    "server!": SERVER,
    "common!": {
        "instance_addr": str,
        "path_prefix!": str,
        "replication_factor": int,
        "storage!": {"filesystem!": {"chunks_directory!": str, "rules_directory": str}},
        "ring": RING,
    },
    "schema_config!": {
        "configs!": [
            {
                "from!": DAY_OF_SCHEMA,
                "store!": {"tsdb"},
                "object_store!": {"filesystem"},
                "schema!": {"v13"},
                "index!": {"prefix!": str, "period!": {"24h"}},
            }
        ]
    },
    "storage_config": {
        "filesystem": {"directory": str},
        "tsdb_shipper": {"active_index_directory": str, "cache_location": str, "cache_ttl": DURATION},
    },
    "ingester": {
        "chunk_idle_period": DURATION,
        "max_chunk_age": DURATION,
        "chunk_retain_period": DURATION,
        "chunk_encoding": {"none", "gzip", "snappy", "lz4", "zstd"},
        "lifecycler": {"min_ready_duration": DURATION, "final_sleep": DURATION, "ring": RING},
        "wal": {"enabled": bool, "dir": str, "replay_memory_ceiling": str, "flush_on_shutdown": bool},
    },
    "compactor!": {
        "working_directory!": str,
        "compaction_interval": DURATION,
        "retention_enabled!": {True},
        "retention_delete_delay": DURATION,
        "retention_delete_worker_count": int,
        "delete_request_store!": {"filesystem"},
        "delete_request_cancel_period": DURATION,
    },
    "limits_config": {
        "allow_structured_metadata": {True},
        "retention_period": DAYS,
        "volume_enabled": bool,
        "discover_log_levels": bool,
        "max_query_lookback": DAYS,
        "max_query_length": DAYS,
        "max_query_series": int,
        "max_entries_limit_per_query": int,
        "max_global_streams_per_user": int,
        "max_label_names_per_series": int,
        "max_line_size": str,
        "max_line_size_truncate": bool,
        "ingestion_rate_mb": float,
        "ingestion_burst_size_mb": float,
        "per_stream_rate_limit": str,
        "per_stream_rate_limit_burst": str,
        "reject_old_samples": bool,
        "reject_old_samples_max_age": DAYS,
        "creation_grace_period": DAYS,
        "unordered_writes": bool,
        "otlp_config": {
            "resource_attributes": {"ignore_defaults": bool, "attributes_config": ATTRIBUTES},
            "scope_attributes": ATTRIBUTES,
            "log_attributes": ATTRIBUTES,
            "severity_text_as_label": bool,
        },
    },
    "query_range": {"align_queries_with_step": bool, "cache_results": bool},
    "frontend": {"encoding": {"json", "protobuf"}, "max_outstanding_per_tenant": int},
    "querier": {"max_concurrent": int},
    "pattern_ingester": {"enabled": bool},
    "analytics!": {"reporting_enabled!": {False}},
}

COMPACTION = {
    "block_retention": DURATION,
    "compacted_block_retention": DURATION,
    "compaction_window": DURATION,
    "compaction_cycle": DURATION,
    "max_block_bytes": int,
    "max_compaction_objects": int,
}
SHAPE_OF_TEMPO: Mapping[str, Shape] = {
    "target": {"all"},
    "stream_over_http_enabled": bool,
    "memory": {"automemlimit_enabled": bool, "automemlimit_ratio": float},
    "server!": SERVER,
    "distributor!": {
        "receivers!": {"otlp!": {"protocols!": {"grpc": {"endpoint!": ADDRESS}, "http": {"endpoint!": ADDRESS}}}},
        "max_attribute_bytes": int,
    },
    "live_store": {
        "wal": {"path": str, "version": {"vParquet4", "vParquet5"}, "ingestion_time_range_slack": DURATION},
        "shutdown_marker_dir": str,
        "max_trace_live": DURATION,
        "max_trace_idle": DURATION,
        "max_block_duration": DURATION,
        "max_block_bytes": int,
        "complete_block_timeout": DURATION,
        "flush_check_period": DURATION,
    },
    "storage!": {
        "trace!": {
            "backend!": {"local"},
            "local!": {"path!": str},
            "wal!": {"path!": str},
            "block": {"version": {"vParquet4", "vParquet5"}, "bloom_filter_false_positive": float},
            "blocklist_poll": DURATION,
        }
    },
    "backend_scheduler!": {
        "local_work_path": str,
        "maintenance_interval": DURATION,
        "provider": {
            "retention": {"interval": DURATION},
            "compaction": {"measure_interval": DURATION, "compaction": COMPACTION},
        },
    },
    "backend_worker!": {"backend_scheduler_addr": ADDRESS, "compaction!": COMPACTION},
    "query_frontend": {
        "search": {"default_result_limit": int, "max_duration": DURATION},
        "metrics": {"max_duration": DURATION},
        "max_retries": int,
        "mcp_server": {"enabled": bool},
    },
    "metrics_generator": {
        "registry": {"collection_interval": DURATION, "stale_duration": DURATION, "external_labels": ANY},
        "processor": {
            "service_graphs": {"wait": DURATION, "max_items": int, "dimensions": [str], "histogram_buckets": [float],
                               "enable_virtual_node_label": bool, "peer_attributes": [str]},
            "span_metrics": {"dimensions": [str], "histogram_buckets": [float], "enable_target_info": bool},
        },
        "storage!": {
            "path!": str,
            "remote_write!": [{"url!": URL, "send_exemplars": bool, "send_native_histograms": bool, "name": str}],
        },
    },
    "overrides": {
        "defaults": {
            "metrics_generator": {
                "processors": [{"service-graphs", "span-metrics", "local-blocks", "host-info"}],
                "max_active_series": int,
                "collection_interval": DURATION,
                "trace_id_label_name": str,
                "generate_native_histograms": {"classic", "native", "both"},
                "processor": {
                    "service_graphs": {"dimensions": [str], "histogram_buckets": [float], "peer_attributes": [str],
                                       "enable_virtual_node_label": bool},
                    "span_metrics": {"dimensions": [str], "histogram_buckets": [float]},
                },
            },
            "ingestion": {"rate_limit_bytes": int, "burst_size_bytes": int, "max_traces_per_user": int},
            "global": {"max_bytes_per_trace": int},
        }
    },
    "memberlist": {"bind_addr": [str], "bind_port": int, "join_members": [str]},
    "usage_report!": {"reporting_enabled!": {False}},
}  # fmt: skip
_VARIABLE = re.compile(r"\$\{\w+:-([^}]*)\}")


def loki(path: Path = LOKI) -> Found:
    return _check(path, SHAPE_OF_LOKI, LEFT_BY_LOKI, _as_is)


def tempo(path: Path = TEMPO) -> Found:
    return _check(path, SHAPE_OF_TEMPO, LEFT_BY_TEMPO, _kept_alike)


def _as_is(_: Any) -> Iterator[str]:
    return iter(())


def _kept_alike(config: Any) -> Iterator[str]:
    """Who plans what is deleted and who does it agree on when."""
    planned = config["backend_scheduler"].get("provider", {}).get("compaction", {}).get("compaction", {})
    done = config["backend_worker"]["compaction"]
    if planned.get("block_retention") != done.get("block_retention"):
        yield f"traces are kept for {planned.get('block_retention')} by the scheduler, not as long by the worker"


def _check(path: Path, shape: Shape, left: Mapping[str, str], more: Callable[[Any], Iterator[str]]) -> Found:
    looked = f"{reading.name(path)}, by a list of all keys that it uses"
    try:
        config = reading.parsed(_VARIABLE.sub(r"\1", path.read_text()))
    except (OSError, yaml.YAMLError) as error:
        return Found(looked, [f"{reading.name(path)}: {error}"])
    gone = {dotted: why for dotted, why in left.items() if _is_there(config, dotted.split("."))}
    found = [f"{dotted} is of what the field has left: {why}" for dotted, why in gone.items()]
    found += [fault for fault in faults(config, shape) if not fault.startswith(tuple(f"{one} " for one in gone))]
    found = found or list(more(config))
    return Found(looked, [f"{reading.name(path)}: {fault}" for fault in found])


def _is_there(config: Any, keys: list[str]) -> bool:
    inside = isinstance(config, dict) and keys[0] in config
    return inside and (len(keys) == 1 or _is_there(config[keys[0]], keys[1:]))
