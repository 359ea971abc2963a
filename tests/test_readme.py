"""The README tells the truth about the settings."""

from __future__ import annotations

import re
from pathlib import Path

import tests
from planner.config import TABLE

README = (Path(tests.__file__).parents[1] / "README.md").read_text()
ROWS = dict(re.findall(r"^\| `([A-Z_]+)` \|(?: `(.*?)`)? \|", README, re.MULTILINE))


def test_every_setting_is_named_with_its_default() -> None:
    files = {f"{one.name}_FILE": "" for one in TABLE.values() if one.secret}
    assert {**{one.name: one.default for one in TABLE.values()}, **files} == ROWS
