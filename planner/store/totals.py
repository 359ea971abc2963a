"""Totals: numbers that only grow, kept with what they count, so that a metric read from them never falls."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping


class Totals:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def add(self, amounts: Mapping[str, int]) -> None:
        """So much more of each name."""
        self._db.executemany(
            "INSERT INTO totals VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = value + excluded.value",
            amounts.items(),
        )

    def read(self) -> dict[str, int]:
        """Every total by its name; one that was never added to is not there."""
        return {row[0]: row[1] for row in self._db.execute("SELECT name, value FROM totals")}
