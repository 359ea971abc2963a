"""Rules, generated and written, with their tests: ``tools.promtool``."""

from __future__ import annotations

from tools import promtool
from tools.stackcheck.found import Found


def check() -> Found:
    looked = "rules and their tests, by promtool check rules and test rules"
    return Found(looked, absent="promtool") if promtool.PROMTOOL is None else Found(looked, promtool.all_faults())
