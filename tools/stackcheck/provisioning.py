"""What Grafana is provisioned with: every key of its data sources and dashboards' folders, and what they name is there.

The shapes follow https://grafana.com/docs/grafana/latest/administration/provisioning/ and each data source's own page
(…/datasources/prometheus|loki|tempo|alertmanager/configure/).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from tools.stackcheck import reading
from tools.stackcheck.asked import Asked
from tools.stackcheck.found import STACK, Found
from tools.stackcheck.shape import DAYS, Shape, Text, faults

FOLDER = STACK / "grafana" / "provisioning"
SHIFT = Text(r"-?\d+(?:ms|s|m|h|d)", "a shift in time")
TAGS = [{"key!": str, "value": str}]
URL = Text(r"http://[\w.-]+:\d+", "an address within the stack")
JSON_DATA: Mapping[str, Shape] = {
    "prometheus": {
        "httpMethod": {"POST", "GET"},
        "prometheusType": {"Prometheus", "Mimir", "Cortex", "Thanos"},
        "prometheusVersion": str,
        "cacheLevel": {"Low", "Medium", "High", "None"},
        "incrementalQuerying": bool,
        "timeInterval": DAYS,
        "queryTimeout": DAYS,
        "manageAlerts": bool,
        "allowAsRecordingRulesTarget": bool,
        "disableRecordingRules": bool,
        "alertmanagerUid": str,
        "exemplarTraceIdDestinations": [{"name!": str, "datasourceUid": str, "url": str, "urlDisplayLabel": str}],
    },
    "loki": {
        "maxLines": int,
        "timeout": int,
        "manageAlerts": bool,
        "alertmanagerUid": str,
        "derivedFields": [
            {
                "name!": str,
                "matcherType": {"label", "regex"},
                "matcherRegex!": str,
                "datasourceUid": str,
                "url": str,
                "urlDisplayLabel": str,
                "targetBlank": bool,
            }
        ],
    },
    "tempo": {
        "tracesToLogsV2": {
            "datasourceUid!": str,
            "spanStartTimeShift": SHIFT,
            "spanEndTimeShift": SHIFT,
            "tags": TAGS,
            "filterByTraceID": bool,
            "filterBySpanID": bool,
            "customQuery": bool,
            "query": str,
        },
        "tracesToMetrics": {
            "datasourceUid!": str,
            "spanStartTimeShift": SHIFT,
            "spanEndTimeShift": SHIFT,
            "tags": TAGS,
            "queries": [{"name": str, "query": str}],
        },
        "serviceMap": {"datasourceUid!": str},
        "nodeGraph": {"enabled": bool},
        "search": {"hide": bool, "filters": [dict]},
        "traceQuery": {"timeShiftEnabled": bool, "spanStartTimeShift": SHIFT, "spanEndTimeShift": SHIFT},
        "spanBar": {"type": {"None", "Duration", "Tag"}, "tag": str},
        "streamingEnabled": {"search": bool, "metrics": bool},
        "timeRangeForTags": int,
        "tagLimit": int,
    },
    "alertmanager": {"implementation!": {"prometheus", "mimir", "cortex"}, "handleGrafanaManagedAlerts": bool},
}
SOURCE = {
    "name!": str,
    "uid!": Text(r"[a-z][a-z0-9-]{0,39}", "a uid"),
    "type!": set(JSON_DATA),
    "access!": {"proxy"},
    "url!": URL,
    "isDefault": bool,
    "editable!": {False},
    "jsonData": dict,
    "correlations": [dict],
    "orgId": int,
    "version": int,
}
SOURCES = {
    "apiVersion!": {1},
    "prune": bool,
    "datasources!": [SOURCE],
    "deleteDatasources": [{"name!": str, "orgId": int}],
}
PROVIDERS = {
    "apiVersion!": {1},
    "providers!": [
        {
            "name!": str,
            "orgId": int,
            "folder": str,
            "folderUid": str,
            "type!": {"file"},
            "disableDeletion": bool,
            "allowUiUpdates!": {False},
            "updateIntervalSeconds": int,
            "options!": {"path!": {"/etc/grafana/dashboards/planner"}, "foldersFromFilesStructure": bool},
        }
    ],
}
SHAPES: Mapping[str, Shape] = {"datasources": SOURCES, "dashboards": PROVIDERS}


def check(folder: Path = FOLDER) -> Found:
    paths = sorted((*folder.glob("**/*.yaml"), *folder.glob("**/*.yml")))
    looked = f"{len(paths)} files in {reading.name(folder)}, by a list of all keys"
    missing = [f"{reading.name(folder)}/{kind} holds nothing" for kind in SHAPES if not list(_of_kind(paths, kind))]
    return Found(looked, [*missing, *(f"{reading.name(path)}: {fault}" for path in paths for fault in _faults(path))])


def _of_kind(paths: list[Path], kind: str) -> Iterator[Path]:
    return (path for path in paths if path.parent.name == kind)


def _faults(path: Path) -> Iterator[str]:
    if path.parent.name not in SHAPES:
        yield f"of {path.parent.name} nothing is known here"
        return
    try:
        config = reading.read(path)
    except yaml.YAMLError as error:
        yield str(error)
        return
    found = list(faults(config, SHAPES[path.parent.name]))
    yield from found
    if not found and path.parent.name == "datasources":
        yield from _sources(config["datasources"])


def _sources(sources: list[Any]) -> Iterator[str]:
    uids = [source["uid"] for source in sources]
    if len(set(uids)) < len(uids) or sum(source.get("isDefault", False) for source in sources) != 1:
        yield f"has a uid twice, or not one that is the default: {uids}"
    for source in sources:
        data = source.get("jsonData", {})
        yield from faults(data, JSON_DATA[source["type"]], source["name"])
        yield from (
            f"{source['name']} leads to {uid}, which is none of {uids}" for uid in _named(data) if uid not in uids
        )
        yield from (f"{source['name']}: {fault}" for fault in _derived(data.get("derivedFields", ())))
        for text in _texts(data):
            if "$" in text.replace("$$", ""):
                yield f"{source['name']} has a $ that Grafana takes for a variable of the environment: {text}"


def _derived(fields: Sequence[Any]) -> Iterator[str]:
    """With ``matcherType: label`` its expression is the label's whole name; else it has to catch something."""
    for field in fields:
        expression = field["matcherRegex"]
        try:
            groups = re.compile(expression).groups
        except re.error as error:
            yield f"the field {field['name']} has no regular expression ({error}): {expression}"
            continue
        if field.get("matcherType", "regex") == "regex" and not groups:
            yield f"the field {field['name']} catches nothing: {expression}"
        if not field.get("url"):
            yield f"the field {field['name']} leads nowhere"


def _named(data: Any) -> Iterator[str]:
    """The uids it leads to, wherever they stand in it."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key in {"datasourceUid", "alertmanagerUid"}:
                yield value
            yield from _named(value)
    elif isinstance(data, list):
        for one in data:
            yield from _named(one)


def _texts(data: Any) -> Iterator[str]:
    return (text for text in json.dumps(data).split('"') if "$" in text)


def asked(folder: Path = FOLDER) -> Iterator[Asked]:
    """The queries that lead from a trace to its lines and its metrics, with what Grafana would put into them."""
    for path in sorted(folder.glob("datasources/*.yaml")):
        for source in reading.read(path)["datasources"]:
            data = source.get("jsonData", {})
            place = f"{reading.name(path)}, {source['name']}"
            if text := data.get("tracesToLogsV2", {}).get("query"):
                yield Asked(place, "logql", _filled(text))
            for query in data.get("tracesToMetrics", {}).get("queries", ()):
                yield Asked(place, "promql", _filled(query["query"].replace("$$__tags", 'service="planner"')))


def _filled(text: str) -> str:
    return text.replace("$${__tags}", 'service_name="planner"').replace("$${__trace.traceId}", "0af7651916cd43dd")
