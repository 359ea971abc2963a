"""YAML, read strictly: a key that stands twice in one mapping is refused, where YAML's own reader takes the last."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from tools.stackcheck.found import ROOT

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The quick one, where PyYAML was built with it."""


class _Strict(_Loader):  # type: ignore[misc]  # which of the two it is, is known when it runs
    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[object] = set()
        for key, _ in node.value:
            if key.tag == "tag:yaml.org,2002:merge":
                continue
            name = self.construct_object(key, deep=True)
            if name in seen:
                raise yaml.constructor.ConstructorError(None, None, f"the key {name!r} stands twice", key.start_mark)
            seen.add(name)
        found: dict[Hashable, Any] = super().construct_mapping(node, deep)
        return found


def parsed(text: str) -> Any:
    """Raises ``yaml.YAMLError``."""
    return yaml.load(text, _Strict)


def read(path: Path) -> Any:
    return parsed(path.read_text())


def name(path: Path) -> str:
    """Its path within the project, as faults name it."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else path.name
