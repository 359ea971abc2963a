"""Prometheus' configuration by promtool: the one for Debian's 2.42 as it is, the one for today's without what is newer.

What is taken out for it stands in ``NEWER``, key by key, and is looked at by our own list instead.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from tools.stackcheck import reading
from tools.stackcheck.found import STACK, Found, tool
from tools.stackcheck.shape import DAYS, Shape, faults

FOLDER = STACK / "prometheus"
TRANSLATIONS = {"UnderscoreEscapingWithSuffixes", "UnderscoreEscapingWithoutSuffixes", "NoUTF8EscapingWithSuffixes"}
NEWER: Mapping[str, Shape] = {
    # 2.55, https://prometheus.io/docs/prometheus/latest/configuration/configuration/#configuration-file
    "otlp": {
        "promote_resource_attributes": [str],
        "promote_all_resource_attributes": bool,
        "ignore_resource_attributes": [str],
        "keep_identifying_resource_attributes": bool,
        "translation_strategy": {*TRANSLATIONS, "NoTranslation"},
        "convert_histograms_to_nhcb": bool,
        "promote_scope_metadata": bool,
        "label_name_underscore_sanitization": bool,
        "label_name_preserve_multiple_underscores": bool,
    },
    # 2.53
    "runtime": {"gogc": int},
    # 3.0 and later
    "storage.tsdb.retention": {"time": DAYS, "size": str, "percentage": float},
    "storage.tsdb.stale_series_compaction_threshold": float,
    "global.metric_name_validation_scheme": {"utf8", "legacy"},
    "global.metric_name_escaping_scheme": {"allow-utf-8", "underscores", "dots", "values"},
    "global.scrape_protocols": [
        {
            "PrometheusProto",
            "PrometheusText0.0.4",
            "PrometheusText1.0.0",
            "OpenMetricsText0.0.1",
            "OpenMetricsText1.0.0",
        }
    ],
    "global.scrape_fallback_protocol": {"PrometheusText0.0.4", "PrometheusText1.0.0", "OpenMetricsText1.0.0"},
    "global.rule_query_offset": DAYS,
    "global.scrape_failure_log_file": str,
    "global.extra_scrape_metrics": bool,
    "global.scrape_native_histograms": bool,
    "global.always_scrape_classic_histograms": bool,
    "global.convert_classic_histograms_to_nhcb": bool,
}
"""What 2.42 does not know, by its path, with what it may hold."""


def check(paths: list[Path] | None = None) -> Found:
    paths = [FOLDER / "native.yml", FOLDER / "prometheus.yml"] if paths is None else paths
    looked = f"{', '.join(map(reading.name, paths))}, by promtool check config and a list of what is newer than 2.42"
    if missing := [f"{reading.name(path)} is not there" for path in paths if not path.is_file()]:
        return Found(looked, missing)
    found = [f"{reading.name(path)}: {fault}" for path in paths for fault in _faults(path)]
    return Found(looked, found, absent="" if tool("promtool") else "promtool")


def _faults(path: Path) -> Iterator[str]:
    try:
        config = reading.read(path)
    except yaml.YAMLError as error:
        yield str(error)
        return
    if path.name == "prometheus.yml":
        for dotted, shape in NEWER.items():
            for value in _taken(config, dotted.split(".")):
                yield from faults(value, shape, dotted)
    if promtool := tool("promtool"):
        yield from _refused(promtool, config)


def _taken(config: Any, keys: list[str]) -> Iterator[Any]:
    """What stood there, which is there no more; and no section that is left empty."""
    if not isinstance(config, dict) or keys[0] not in config:
        return
    if len(keys) == 1:
        yield config.pop(keys[0])
        return
    yield from _taken(config[keys[0]], keys[1:])
    if not config[keys[0]]:
        del config[keys[0]]


def _refused(promtool: str, config: Any) -> Iterator[str]:
    """Its rules are not here yet where it will look for them: they are checked by themselves."""
    rules = config.pop("rule_files", None)
    if not rules:
        yield "rule_files is missing: it has no rules"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "prometheus.yml"
        path.write_text(json.dumps(config))
        ran = subprocess.run([promtool, "check", "config", "--syntax-only", path],
                             capture_output=True, text=True, check=False)  # fmt: skip
    if ran.returncode:
        yield " ".join((ran.stdout + ran.stderr).replace(str(path), "it").split())
