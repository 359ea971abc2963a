"""The ladder holds: a module imports from lower rungs only, and only the one that owns a library names it."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "planner"

LADDER = (
    {"model", "when", "places", "rrule", "recur",
     "scopes", "due", "render", "messages", "slo", "timers", "pacing",
     "bursts", "backlog", "circuit", "archive", "agenda", "marks", "lists", "stems",
     "owing", "ics", "providers", "guides", "advice", "notices",
     "exposition", "faults", "catalogue", "dashboards"},
    {"clock", "config", "i18n", "telemetry", "picture", "pdf", "pauses", "process", "systemd"},
    {"store", "telegram", "feeds", "ping", "mail"},
    {"promises", "metrics", "nag", "standing", "claim", "settle", "outbox", "scheduler", "delivery", "intake",
     "reporting", "service", "housekeeping", "sync", "calendars", "alerts", "alert_texts", "errands", "search",
     "happenings", "importing", "journeys",
     "journal", "saving", "gateway", "answering", "settling", "flights", "health", "checks", "heartbeat",
     "silence", "unanswered", "hindrances", "probing"},
    {"chat", "localchat", "web", "doctor", "cli", "app", "expand", "publish", "__main__",
     "bot", "tickets", "command", "slo_commands", "offer", "signon", "oversight", "finding", "endpoints"},
)  # fmt: skip
PURE, _FOUNDATIONS, ADAPTERS, _ENGINES, _EDGE = LADDER
RUNG = {unit: rung for rung, units in enumerate(LADDER) for unit in units}

OWNERS = {
    "sqlite3": {"store", "localchat"},
    "aiogram": {"telegram"},
    "pydantic": {"telegram"},
    "aiohttp": {"telegram", "localchat", "web", "feeds", "publish", "ping"},
    "opentelemetry": {"telemetry"},
    "PIL": {"picture"},
    "fpdf": {"pdf"},
    "smtplib": {"mail"},
    "time": {"clock"},
}
"""Who may import what; what is not listed is open to all but pure modules."""

OUTSIDE = {
    "asyncio", "concurrent", "http", "io", "logging", "multiprocessing", "os", "pathlib", "queue", "secrets",
    "selectors", "shutil", "signal", "socket", "ssl", "subprocess", "tempfile", "threading",
}  # fmt: skip
"""The outside world, which pure modules do not know."""

CLOCKWORK = {("asyncio", "sleep"), ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"),
             ("date", "today")}  # fmt: skip

MODULE_LINES = 400
FUNCTION_LINES = 60
FUNCTION_LINES_MEDIAN = 10
LONG = {"planner.store.schema", "planner.when.en", "planner.when.ru"}
"""Data: it grows with every migration, and a language is one file of words."""


def sources() -> dict[str, str]:
    """Every module of the planner by its dotted name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path.read_text()
    return found


def unit(module: str) -> str:
    """The part that a module belongs to: ``planner.store.db`` to ``store``; the package itself to none."""
    return module.partition(".")[2].partition(".")[0]


def imports(tree: ast.Module) -> Iterator[str]:
    """The dotted names a module imports, wherever it does so."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            name = node.module or ""
            yield "." * node.level + name
            if name == "planner":
                yield from (f"planner.{alias.name}" for alias in node.names if alias.name in RUNG)


def faults(module: str, source: str) -> list[str]:
    """What a module does that its rung forbids."""
    tree, own = ast.parse(source), unit(module)
    found = [fault for name in imports(tree) for fault in _import_faults(module, own, name)]
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(ast.Name(owner), name) if (owner, name) in CLOCKWORK and own != "clock":
                found.append(f"{module}:{node.lineno} asks the system: {owner}.{name}")
            case ast.Call(ast.Name("open")) if own in PURE:
                found.append(f"{module}:{node.lineno} is pure and opens a file")
    return found


def _import_faults(module: str, own: str, name: str) -> Iterator[str]:
    top = name.partition(".")[0]
    if name.startswith("."):
        yield f"{module} imports relatively: {name}"
    elif top == "planner":
        other = unit(name)
        if RUNG.get(other, 0) > RUNG.get(own, 0):
            yield f"{module} imports from a higher rung: {name}"
        if other != own and {own, other} <= ADAPTERS:
            yield f"{module} imports another adapter: {name}"
        if other in {"app", "bot"} and own not in {"app", "oversight", "cli", "__main__"}:
            yield f"{module} imports the composition root"
    elif own not in OWNERS.get(top, {own}):
        yield f"{module} imports {name}, which belongs to {', '.join(sorted(OWNERS[top]))}"
    elif own in PURE and top in OUTSIDE:
        yield f"{module} is pure and imports {name}"


def functions(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Every function's name and length in lines, its docstring left out."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
            doc = node.body[0] if ast.get_docstring(node) is not None else None
            inside = doc.end_lineno - doc.lineno + 1 if doc is not None and doc.end_lineno is not None else 0
            yield node.name, node.end_lineno - node.lineno + 1 - inside


def test_every_module_stands_on_a_rung() -> None:
    assert {unit(module) for module in sources()} - {""} <= set(RUNG)


def test_modules_import_from_lower_rungs_only() -> None:
    assert [fault for module, source in sources().items() for fault in faults(module, source)] == []


def test_parts_do_not_import_in_circles() -> None:
    graph: dict[str, set[str]] = {}
    for module, source in sources().items():
        others = {unit(name) for name in imports(ast.parse(source)) if name.startswith("planner.")}
        graph.setdefault(unit(module), set()).update(others - {unit(module), ""})
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"a circle: {' imports '.join(reversed(error.args[1]))}")


def test_modules_and_functions_stay_small() -> None:
    lengths = []
    for module, source in sources().items():
        assert module in LONG or len(source.splitlines()) <= MODULE_LINES, module
        for name, lines in functions(ast.parse(source)):
            assert lines <= FUNCTION_LINES, f"{module}.{name} has {lines} lines"
            lengths.append(lines)
    assert statistics.median(lengths) <= FUNCTION_LINES_MEDIAN


@pytest.mark.parametrize(
    ("module", "source", "said"),
    [
        ("planner.render.text", "from planner.store import Store", "higher rung"),
        ("planner.render.text", "from planner import service", "higher rung"),
        ("planner.due", "import asyncio", "is pure"),
        ("planner.due", "import time", "belongs to clock"),
        ("planner.due", "open('x')", "opens a file"),
        ("planner.recur", "def f():\n from os import environ", "is pure"),
        ("planner.store.db", "import planner.telegram.client", "another adapter"),
        ("planner.store.db", "from ..telegram import client", "relatively"),
        ("planner.service", "import sqlite3", "belongs to"),
        ("planner.delivery", "from aiogram.types import Message", "belongs to telegram"),
        ("planner.delivery", "import aiohttp", "belongs to"),
        ("planner.delivery", "import asyncio\nasync def f(): await asyncio.sleep(1)", "asks the system"),
        ("planner.chat.start", "from datetime import datetime\ndatetime.now()", "asks the system"),
        ("planner.chat.start", "from planner.app import run", "composition root"),
        ("planner.web", "from opentelemetry import trace", "belongs to telemetry"),
    ],
)
def test_an_offence_is_seen(module: str, source: str, said: str) -> None:
    assert [fault for fault in faults(module, source) if said in fault]


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("planner.render.text", "from planner.model import Event"),
        ("planner.store.db", "import asyncio, sqlite3"),
        ("planner.clock", "import time\ntime.time_ns()"),
        ("planner.cli", "from planner.app import run"),
        ("planner.telegram.session", "import planner"),
    ],
)
def test_what_is_allowed_is_left_alone(module: str, source: str) -> None:
    assert faults(module, source) == []
