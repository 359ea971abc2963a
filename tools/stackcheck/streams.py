"""LogQL beyond its grammar: what Loki refuses only once it has read a query.

A stream can be chosen only by what is a label in Loki's configuration, not by what a line has; expressions are RE2's,
templates Go's; a quantile needs to be told which.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tools.stackcheck import asked, provisioning, reading, stores
from tools.stackcheck.asked import Asked
from tools.stackcheck.found import Found

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|`[^`]*`')
_SELECTOR = re.compile(r"\{([^{}]*)\}")
_STRING = r'("(?:[^"\\]|\\.)*"|`[^`]*`)'
_EXPRESSION = re.compile(r"(?:\|~|!~|=~|\|\s*regexp)\s*" + _STRING)
_TEMPLATE = re.compile(r"(?:\|\s*line_format\s*|\|\s*label_format\s+\w+\s*=\s*)" + _STRING)
_ACTION = re.compile(r"\{\{((?:[^{}\"`]|\"(?:[^\"\\]|\\.)*\"|`[^`]*`)*)\}\}")
_LABEL = re.compile(r"(\w+)\s*(?:=~|!~|!=|=)")


def check(queries: Sequence[Asked] | None = None, path: Path = stores.LOKI) -> Found:
    queries = [*asked.everything(), *provisioning.asked()] if queries is None else queries
    labels = _labels(reading.read(path))
    chosen = [query for query in queries if query.language == "logql"]
    found: dict[str, None] = {}
    for query in chosen:
        found |= dict.fromkeys(f"{query.place}: {fault}: {query.text}" for fault in refused(query.text))
        selectors = _SELECTOR.findall(_QUOTED.sub('""', query.text))
        used = {name for selector in selectors for name in _LABEL.findall(selector)}
        if not used:
            found[f"{query.place}: it chooses no streams: {query.text}"] = None
        for name in sorted(used - labels):
            found[f"{query.place}: {name} is no label of a stream in {reading.name(path)}: {query.text}"] = None
    return Found(
        f"{len(chosen)} queries of logql by their expressions, templates, and the labels of Loki's streams:"
        f" {', '.join(sorted(labels))}",
        [*found],
    )


def refused(text: str) -> Iterator[str]:
    """What is wrong in it, streams apart."""
    for found in _EXPRESSION.finditer(text):
        yield from _expression(_plain(found[1]))
    for found in _TEMPLATE.finditer(text):
        yield from _template(_plain(found[1]))
    bare = _QUOTED.sub('""', text)
    for found in re.finditer(r"\b(\w+_over_time)\s*\(\s*([\d.]+\s*,)?", bare):
        if (found[1] == "quantile_over_time") != bool(found[2]):
            yield f"{found[1]} is told which quantile" if found[2] else f"{found[1]} is not told which quantile"


def _plain(quoted: str) -> str:
    return quoted[1:-1] if quoted.startswith("`") else re.sub(r"\\(.)", _unescaped, quoted[1:-1])


def _unescaped(found: re.Match[str]) -> str:
    return {"n": "\n", "t": "\t"}.get(found[1], found[1])


def _expression(text: str) -> Iterator[str]:
    """As near to RE2 as Python comes: it lacks what looks around, and refers back."""
    try:
        re.compile(text)
    except re.error as error:
        yield f"«{text}» is no regular expression ({error})"
        return
    if re.search(r"\(\?(?:[=!>]|<[=!])|\\[1-9]", text):
        yield f"«{text}» looks around or back, which RE2 cannot"


def _template(text: str) -> Iterator[str]:
    """Go's: each action is closed, is not empty, and each block ends."""
    actions = [one.strip("- \n\t") for one in _ACTION.findall(text)]
    if "{{" in _ACTION.sub("", text) or "}}" in _ACTION.sub("", text):
        yield f"«{text}» has an action that is open"
    blocks = sum(one.split()[:1] in (["if"], ["range"], ["with"]) for one in actions)
    if blocks != sum(one == "end" for one in actions):
        yield f"«{text}» has a block without its end"
    for one in actions:
        bare = _QUOTED.sub('""', one)
        if not re.match(r"[.$(\w\"`]|/\*", one) or bare.count("(") != bare.count(")") or '"' in bare.replace('""', ""):
            yield f"«{text}» has an action that says nothing: {{{{{one}}}}}"


def _labels(config: Any) -> set[str]:
    """As Loki writes them, see https://grafana.com/docs/loki/latest/send-data/otel/."""
    given = config["limits_config"]["otlp_config"]["resource_attributes"]["attributes_config"]
    return {name.replace(".", "_") for one in given if one["action"] == "index_label" for name in one["attributes"]}
