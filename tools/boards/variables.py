"""A board's variables, and texts with their values filled in as Grafana fills them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ALL = "$__all"
_NAMED = re.compile(r"\$\{(\w+)(?::\w+)?\}|\$(\w+)")
LEAST_SCRAPES = 4
"""A rate is taken over so many looks at least; https://grafana.com/docs/grafana/latest/datasources/prometheus/."""


@dataclass(frozen=True, slots=True)
class Variables:
    """Their values by their names."""

    values: Mapping[str, str]

    def into(self, text: str) -> str:
        """The text with what is known filled in; what is not stays as it is."""
        return _NAMED.sub(lambda found: self.values.get(found[1] or found[2], found[0]), text)

    def of_time(self, length: float, step: float, scrape: float) -> Variables:
        """With those that hang on the time that is looked at, and on how finely."""
        over = max(step + scrape, LEAST_SCRAPES * scrape)
        return Variables({
            **self.values,
            "__range": f"{length:.0f}s", "__range_s": f"{length:.0f}", "__range_ms": f"{length * 1_000:.0f}",
            "__interval": f"{step:.0f}s", "__interval_ms": f"{step * 1_000:.0f}", "__rate_interval": f"{over:.0f}s",
        })  # fmt: skip


def variables(board: Mapping[str, Any], chosen: Mapping[str, str]) -> Variables:
    """As somebody finds them who opens the board, but for what is ``chosen``."""
    found = {one["name"]: _value(one) for one in board["templating"]["list"]}
    return Variables({**found, **{name: value for name, value in chosen.items() if name in found}})


def _value(variable: Mapping[str, Any]) -> str:
    value = str(variable.get("current", {}).get("value", ""))
    return str(variable.get("allValue") or ".*") if value == ALL else value
