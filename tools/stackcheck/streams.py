"""LogQL against Loki's configuration: a stream can be chosen only by what is a label there, not by what a line has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tools.stackcheck import asked, provisioning, reading, stores
from tools.stackcheck.asked import Asked
from tools.stackcheck.found import Found

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|`[^`]*`')
_SELECTOR = re.compile(r"\{([^{}]*)\}")
_LABEL = re.compile(r"(\w+)\s*(?:=~|!~|!=|=)")


def check(queries: Sequence[Asked] | None = None, path: Path = stores.LOKI) -> Found:
    queries = [*asked.everything(), *provisioning.asked()] if queries is None else queries
    labels = _labels(reading.read(path))
    chosen = [query for query in queries if query.language == "logql"]
    found: dict[str, None] = {}
    for query in chosen:
        selectors = _SELECTOR.findall(_QUOTED.sub('""', query.text))
        used = {name for selector in selectors for name in _LABEL.findall(selector)}
        if not used:
            found[f"{query.place}: it chooses no streams: {query.text}"] = None
        for name in sorted(used - labels):
            found[f"{query.place}: {name} is no label of a stream in {reading.name(path)}: {query.text}"] = None
    return Found(
        f"{len(chosen)} queries of logql by the labels of Loki's streams: {', '.join(sorted(labels))}", [*found]
    )


def _labels(config: Any) -> set[str]:
    """As Loki writes them, see https://grafana.com/docs/loki/latest/send-data/otel/."""
    given = config["limits_config"]["otlp_config"]["resource_attributes"]["attributes_config"]
    return {name.replace(".", "_") for one in given if one["action"] == "index_label" for name in one["attributes"]}
