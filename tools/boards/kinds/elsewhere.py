"""What asks Loki or Tempo: not drawn, and said to be so."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from tools.boards.drawn import Drawn


def draw(panel: Mapping[str, Any]) -> Drawn:
    """What it would ask, and whom."""
    whom = str(panel["datasource"]["type"]).title()
    asked = "".join(f"<code>{escape(str(one.get('expr', one.get('query'))))}</code>" for one in panel["targets"])
    said = f"Needs {whom}: not drawn here."
    return Drawn(f'<div class="elsewhere"><p>{said}</p>{asked}</div>', words=(said,))
