"""The dashboards as Grafana gets them, for tests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from planner import dashboards, promises
from tools.stackcheck.dashboards import all_panels

PROMISES = promises.load()
BOARDS: dict[str, Any] = {path: json.loads(text) for path, text in dashboards.files(PROMISES).items()}
"""By path, as they are written."""


def asking(board: Any) -> Iterator[Any]:
    """Panels that ask for something: all but lines of words."""
    return (panel for panel in all_panels(board) if panel["type"] != "text")


def variables(board: Any) -> dict[str, Any]:
    return {one["name"]: one for one in board["templating"]["list"]}
