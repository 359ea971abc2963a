"""Every query that stands in dashboards, runbooks and docs, with what a reader would put in for its variables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tools.stackcheck import dashboards, reading
from tools.stackcheck.found import ROOT, STACK

LANGUAGES = {"prometheus": "promql", "loki": "logql", "tempo": "traceql"}
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TYPED = ("", "4711")
"""What may be typed into a box: nothing, or something."""
_LABEL_VALUES = re.compile(r"label_values\((.+), *\w+\)", re.DOTALL)
_QUERY_RESULT = re.compile(r"query_result\((.+)\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Asked:
    """``language``: promql, logql, traceql or sh. ``counts``: it uses a metric; what stands in docs does not."""

    place: str
    language: str
    text: str
    counts: bool = True


def everything() -> list[Asked]:
    return [*in_dashboards(dashboards.read()), *in_pages(STACK / "runbooks"), *in_pages(ROOT / "docs", counts=False),
            *in_page(ROOT / "README.md", counts=False)]  # fmt: skip


RULES = (STACK / "generated", STACK / "prometheus")


def rules_of(path: Path) -> Iterator[Any]:
    """The rules of one file."""
    return (rule for group in reading.read(path)["groups"] for rule in group["rules"])


@cache
def _rules(folders: tuple[Path, ...]) -> tuple[tuple[str, Any], ...]:
    """Each with its file's name."""
    return tuple((reading.name(path), rule) for folder in folders for path in sorted(folder.glob("*.rules.yml"))
                 for rule in rules_of(path))  # fmt: skip


def in_rules(folders: tuple[Path, ...] = RULES) -> Iterator[Asked]:
    """What rules ask; whether they parse is promtool's affair, see ``rules``."""
    for name, rule in _rules(folders):
        yield Asked(f"{name}, {rule.get('alert') or rule['record']}", "promql", str(rule["expr"]))


def alerts(folders: tuple[Path, ...] = RULES) -> list[dict[str, str]]:
    """The labels of every alert that a rule raises, but for those that only its query knows."""
    return [{"alertname": rule["alert"], **{name: value for name, value in rule["labels"].items() if "{{" not in value}}
            for _, rule in _rules(folders) if "alert" in rule]  # fmt: skip


def recorded(folders: tuple[Path, ...] = RULES) -> set[str]:
    """The names that rules record."""
    return {rule["record"] for _, rule in _rules(folders) if "record" in rule}


def in_dashboards(boards: Mapping[str, Any]) -> Iterator[Asked]:
    for name, board in boards.items():
        yield from _of_a_board(name.removesuffix(".json"), board)


def _of_a_board(name: str, board: Any) -> Iterator[Asked]:
    for panel in dashboards.all_panels(board):
        for target in panel.get("targets", ()):
            text = target.get("expr") or target.get("query") or target.get("serviceMapQuery") or ""
            language = "promql" if "serviceMapQuery" in target else LANGUAGES[target["datasource"]["type"]]
            yield from _filled(f"{name} «{panel['title']}»", language, text, board)
    for mark in board["annotations"]["list"]:
        yield from _filled(f"{name}, the marks «{mark['name']}»", "promql", mark["expr"], board)
    for variable in board["templating"]["list"]:
        if variable["type"] == "query" and variable["datasource"]["type"] == "prometheus":
            asked = variable["query"]["query"]
            inside = _LABEL_VALUES.fullmatch(asked) or _QUERY_RESULT.fullmatch(asked)
            yield from _filled(
                f"{name}, the variable {variable['name']}", "promql", inside[1] if inside else asked, board
            )


def _filled(place: str, language: str, text: str, board: Any) -> Iterator[Asked]:
    """Once for each value of a custom variable that stands in it; a variable that is none stays, and does not parse."""
    texts = [text]
    for name, values in _values(board).items():
        used = re.compile(rf"\$(?:\{{{name}(?:[.:]\w+)?\}}|{name}\b)")
        texts = [used.sub(lambda _, value=value: value, one)  # type: ignore[misc]
                 for one in texts for value in (values if used.search(one) else values[:1])]  # fmt: skip
    yield from (Asked(place, language, one) for one in texts)


def _values(board: Any) -> dict[str, list[str]]:
    found = {name: [value] for name, value in dashboards.BY_GRAFANA.items() if value}
    for variable in board["templating"]["list"]:
        match variable["type"]:
            case "custom" if variable.get("multi"):
                found[variable["name"]] = [".*"]
            case "custom" | "interval":
                found[variable["name"]] = [one.split(" : ")[-1].strip() for one in variable["query"].split(",")]
            case "textbox":
                found[variable["name"]] = [*TYPED]
            case "query":
                found[variable["name"]] = [".*"]
    return dict(sorted(found.items(), reverse=True))


def in_pages(folder: Path, *, counts: bool = True) -> Iterator[Asked]:
    for path in sorted(folder.glob("*.md")):
        yield from in_page(path, counts=counts)


def in_page(path: Path, *, counts: bool = True) -> Iterator[Asked]:
    """Blocks of a language; several queries in one are parted by an empty line."""
    for language, block in BLOCK.findall(path.read_text()):
        if language in {*LANGUAGES.values()}:
            for text in block.strip().split("\n\n"):
                yield Asked(reading.name(path), language, text, counts)
        elif language in {"sh", "bash"}:
            yield Asked(reading.name(path), "sh", block, counts)
