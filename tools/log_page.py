"""Write ``docs/logs.md``: every event that may stand in the log, as the code logs it, with the catalogue's meaning.

``make log-page``. What an event means stands in ``planner/catalogue/events.py``; its level, fields and places are read
from the code itself, so the page cannot say anything else than what is done.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from planner.catalogue.events import EVENTS, FIELDS

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "logs.md"

LEVELS = {"debug": "DEBUG", "info": "INFO", "warning": "WARNING", "error": "ERROR", "exception": "ERROR",
          "critical": "CRITICAL"}  # fmt: skip
ORDER = ("CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG")

_MEANING = {
    "CRITICAL": "The process itself is in trouble.",
    "ERROR": "A promise was broken, or is about to be, and someone should look.",
    "WARNING": "It will mend itself; worth knowing when it comes often.",
    "INFO": "What a support case needs.",
    "DEBUG": "Shown with `PLANNER_LOG_LEVEL=DEBUG` only.",
}

_HEAD = """\
# Every event in the log

Made by `make log-page` from what the code logs and from `planner/catalogue/events.py`, which says what each event
means; a test fails where they differ. How to read the log, and how to find a late reminder's cause in it, is said in
[observability.md](observability.md).

A line is one event: `ts` (UTC), `level`, `logger`, `event`, the event's fields, and `trace_id` and `span_id` where it
belongs to a trace. On a terminal the same is shown for people, with what to do about it at the end.
"""


@dataclass(frozen=True)
class Said:
    """A place that logs. ``event`` is ``None`` where its name cannot be read from the code; so is ``fields``."""

    module: str
    line: int
    event: str | None
    level: str | None
    fields: frozenset[str] | None
    do: str = ""
    traceback: bool = False


def everything() -> list[Said]:
    """Every place that logs."""
    found: list[Said] = []
    for path in sorted((ROOT / "planner").rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        if "getLogger" in source:
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            found.extend(said_by(module, ast.parse(source)))
    return found


def said_by(module: str, tree: ast.Module) -> Iterator[Said]:
    """Every log call of a module; a ``log.log`` stands for the ``Tell(event, level, do)`` of the table it logs from."""
    everywhere = _Names(tree)
    function_of = {
        call: function
        for function in ast.walk(tree)  # the outer ones first
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
        for call in ast.walk(function)
    }
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        function = function_of.get(call)
        names = everywhere if function is None else _Names(function, everywhere)
        if isinstance(call.func, ast.Name) and call.func.id == "Tell":
            yield _told(module, call, names)
        elif _log_method(call) in LEVELS:
            yield _logged(module, call, names)
        elif _log_method(call) == "log" and not ast.unparse(call.args[0]).startswith("tell."):
            yield Said(module, call.lineno, names.text(call.args[1]), None, frozenset())


def _told(module: str, call: ast.Call, names: _Names) -> Said:
    event, level, do, *_ = [*call.args, None, None]
    do = next((one.value for one in call.keywords if one.arg == "do"), do)
    levelname = level.attr if isinstance(level, ast.Attribute) else "INFO"
    return Said(module, call.lineno, names.text(event), levelname, names.all_keys(), names.text(do) or "")


def _logged(module: str, call: ast.Call, names: _Names) -> Said:
    given = {one.arg: one.value for one in call.keywords}
    extra, method = given.get("extra"), _log_method(call)
    return Said(
        module,
        call.lineno,
        names.text(call.args[0]) if len(call.args) == 1 else None,
        LEVELS[method],
        frozenset() if extra is None else names.keys(extra),
        names.text(_value(extra, "do")) or "",
        traceback=method == "exception" or "exc_info" in given,
    )


def _log_method(call: ast.Call) -> str:
    if not isinstance(call.func, ast.Attribute):
        return ""
    of = call.func.value
    is_log = (isinstance(of, ast.Name) and of.id in {"log", "logger"}) or (
        isinstance(of, ast.Call) and ast.unparse(of.func).endswith("getLogger")
    )
    return call.func.attr if is_log else ""


class _Names:
    """What can be known of the texts and dictionaries of a module or function without running it."""

    def __init__(self, tree: ast.AST, outside: _Names | None = None) -> None:
        self._outside = outside
        self._texts: dict[str, ast.expr] = {}
        self._dicts: dict[str, set[str]] = defaultdict(set)
        self._functions: dict[str, ast.FunctionDef] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    self._assigned(target, node.value)
            elif isinstance(node, (ast.AnnAssign, ast.AugAssign)) and node.value is not None:
                self._assigned(node.target, node.value)
            elif isinstance(node, ast.FunctionDef):
                self._functions[node.name] = node

    def _assigned(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self._texts[target.id] = value
            self._dicts[target.id] |= set(_keys(value))
        elif isinstance(target, ast.Tuple):
            parts = value.elts if isinstance(value, ast.Tuple) else [value] * len(target.elts)
            for one, its in zip(target.elts, parts, strict=False):
                self._assigned(one, its)
        elif isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
            self._dicts[ast.unparse(target.value)].add(str(target.slice.value))

    def text(self, node: ast.expr | None) -> str | None:
        """A text that stands there itself, or under a name."""
        if isinstance(node, ast.Name):
            if node.id in self._texts:
                return self.text(self._texts[node.id])
            return None if self._outside is None else self._outside.text(node)
        return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None

    def all_keys(self) -> frozenset[str]:
        """Of every dictionary that is put together somewhere here."""
        returned = (one for function in self._functions.values() for one in ast.walk(function))
        inside = [frozenset(_keys(one.value)) for one in returned if isinstance(one, ast.Return)]
        return frozenset().union(*self._dicts.values(), *inside)

    def keys(self, extra: ast.expr) -> frozenset[str] | None:
        """The names in a dictionary, with those of the ones it takes in; ``None`` where they are anybody's guess."""
        if isinstance(extra, ast.Dict):
            taken = [self.keys(value) for key, value in zip(extra.keys, extra.values, strict=True) if key is None]
            return _union([frozenset(_keys(extra)), *taken])
        if isinstance(extra, ast.BinOp):
            return _union([self.keys(extra.left), self.keys(extra.right)])
        if isinstance(extra, ast.IfExp):
            return _union([self.keys(extra.body), self.keys(extra.orelse)])
        if isinstance(extra, ast.Call) and isinstance(extra.func, ast.Name) and extra.func.id in self._functions:
            function = self._functions[extra.func.id]
            inside = _Names(ast.Module(function.body, []), self)
            returned = [one.value for one in ast.walk(function) if isinstance(one, ast.Return)]
            return _union([inside.keys(one) for one in returned if one is not None])
        if isinstance(extra, ast.Name) and (known := self._dicts.get(extra.id)):
            value = self._texts.get(extra.id)
            return _union([frozenset(known), self.keys(value) if isinstance(value, ast.Dict) else frozenset()])
        return None if self._outside is None else self._outside.keys(extra)


def _union(found: list[frozenset[str] | None]) -> frozenset[str] | None:
    return None if None in found else frozenset().union(*(one for one in found if one is not None))


def _value(extra: ast.expr | None, name: str) -> ast.expr | None:
    if isinstance(extra, ast.BinOp):
        return _value(extra.left, name) or _value(extra.right, name)
    pairs = zip(extra.keys, extra.values, strict=True) if isinstance(extra, ast.Dict) else ()
    return next((value for key, value in pairs if isinstance(key, ast.Constant) and key.value == name), None)


def _keys(node: ast.expr | None) -> Iterable[str]:
    for one in ast.walk(node) if node is not None else ():
        if isinstance(one, ast.Dict):
            yield from (
                str(key.value) for key in one.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)
            )


def page(everything_said: Iterable[Said]) -> str:
    """The whole page."""
    found: dict[str, list[Said]] = defaultdict(list)
    for said in everything_said:
        found[str(said.event)].append(said)
    levels = {event: said[0].level for event, said in found.items()}
    parts = [_HEAD]
    for level in ORDER:
        rows = [_row(event, found[event]) for event in EVENTS if levels.get(event) == level]
        if rows:
            parts += [f"## {level}\n\n{_MEANING[level]}\n", "| event | what it means | fields | from |",
                      "| --- | --- | --- | --- |", *rows, ""]  # fmt: skip
    parts += ["## Fields\n", "| field | what it is |", "| --- | --- |"]
    parts += [f"| `{name}` | {about} |" for name, about in FIELDS.items()]
    return "\n".join(parts) + "\n"


def _row(event: str, places: list[Said]) -> str:
    fields = sorted({name for one in places for name in one.fields or () if name != "do"})
    shown = ", ".join(f"`{name}`" for name in fields)
    if any(one.traceback for one in places):
        shown = ", ".join([*([shown] if shown else []), "a traceback"])
    where = "<br>".join(f"`{name}`" for name in sorted({one.module.removeprefix("planner.") for one in places}))
    do = next((f" **Do:** {one.do[:1].upper()}{one.do[1:].rstrip('.')}." for one in places if one.do), "")
    about = f"{EVENTS[event]}{do}".replace("|", "\\|")
    return f"| `{event}` | {about} | {shown or '–'} | {where} |"


if __name__ == "__main__":
    PAGE.write_text(page(everything()), encoding="utf-8")
