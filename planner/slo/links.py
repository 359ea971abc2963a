"""The table ``[links]`` of ``slo.toml``: where what an alert points to can be read."""

from __future__ import annotations

import re

from planner.slo.fields import Table, WrongError, nearest
from planner.slo.objectives import Links

KEYS = ("runbooks", "dashboards")
ADDRESS = re.compile(r"https?://[^\s\"'<>{}|\\^`?#]{1,300}")
"""It stands within quotes, templates and messages, with a path behind it."""


def links(table: Table) -> Links:
    """Raises ``WrongError``."""
    return Links(**{key: _link(key, value) for key, value in table.items()})


def _link(key: str, value: object) -> str:
    place, example = f"links.{key}", 'runbooks = "https://example.org/planner"'
    if key not in KEYS:
        raise WrongError(place, f"is not known{nearest(key, KEYS)}", example)
    if value == "" and key == "runbooks":
        return ""
    if not isinstance(value, str) or not ADDRESS.fullmatch(value):
        fault = "is no address of 300 letters at most that begins with http:// or https:// and has neither ? nor #"
        raise WrongError(place, fault, example.replace("runbooks", key))
    return value
