"""Every unit that Grafana knows by name.

``units.txt`` has the ids of ``valueFormats/categories`` of @grafana/data 13.2.3,
a package that comes with half of Grafana.
"""

from __future__ import annotations

from pathlib import Path

UNITS = frozenset(Path(__file__).with_suffix(".txt").read_text().split())
PREFIXES = ("currency:", "time:", "si:", "count:", "suffix:", "prefix:", "bool:")
"""What may stand before a unit of one's own (``getValueFormat`` in the same package)."""
