"""Of files of rules and their tests just what concerns one rule: less to evaluate, and the same to notice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tools.mutation.rules import RULE

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

Document = Mapping[str, Any]
RULES = "rules.yml"


@dataclass(frozen=True, slots=True)
class Rule:
    """``kind``: ``alert`` or ``record``."""

    kind: str
    name: str


def rule_at(text: str, at: int) -> Rule | None:
    """The rule that stands there; ``None``: what is there belongs to none."""
    inside = (found for found in RULE.finditer(text) if found.start() <= at < found.end())
    return next((Rule(found[1], found[2]) for found in inside), None)


def stages(rules: str, path: Path, rule: Rule | None) -> Iterator[dict[str, str]]:
    """Files for promtool, by name, the likeliest to notice a change of the rule first; they go on where it passes.

    ``rules``: those of ``path``, changed. Raises ``yaml.YAMLError``.
    """
    document, tests = _read(rules), _tests(path)
    if rule is None:
        yield _files(document, _asking(tests, _alerts(document)))
    elif rule.kind == "alert":
        yield _files(_with_alerts(document, {rule.name}), _asking(tests, {rule.name}))
    else:
        yield _files(_with_alerts(document, set()), _asking(tests, set()))
        yield _files(document, _asking(tests, _alerts(document)))


def _read(text: str) -> Any:
    return yaml.load(text, Loader=_Loader)


@cache
def _tests(path: Path) -> tuple[Document, ...]:
    """The files of tests that read a file of rules."""
    texts = (file.read_text(encoding="utf-8") for file in sorted(path.parent.glob("tests/*.test.yml")))
    return tuple(_read(text) for text in texts if f"../{path.name}" in text)


def _with_alerts(document: Document, names: set[str]) -> Document:
    groups = [
        {**group, "rules": [rule for rule in group["rules"] if "record" in rule or rule["alert"] in names]}
        for group in document["groups"]
    ]
    return {**document, "groups": groups}


def _alerts(document: Document) -> set[str]:
    return {rule["alert"] for group in document["groups"] for rule in group["rules"] if "alert" in rule}


def _asking(files: tuple[Document, ...], alerts: set[str]) -> tuple[Document, ...]:
    """What is asked of alerts; without any, of what is recorded."""
    return tuple({**file, "tests": asked} for file in files if (asked := list(_asked(file["tests"], alerts))))


def _asked(tests: list[Document], alerts: set[str]) -> Iterator[Document]:
    for test in tests:
        if not alerts and "promql_expr_test" in test:
            yield test
        looks = [look for look in test.get("alert_rule_test", ()) if look["alertname"] in alerts]
        if looks:
            yield {**test, "alert_rule_test": looks}


def _files(rules: Document, tests: tuple[Document, ...]) -> dict[str, str]:
    written = {RULES: _text(rules)}
    for number, file in enumerate(tests):
        written[f"{number}.test.yml"] = _text({**file, "rule_files": [RULES]})
    return written


def _text(document: Document) -> str:
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, width=1_000_000)
