"""The rows of the table, one module a subject."""

from __future__ import annotations

from bench.rows import product, slo, timers
from bench.table import Row

ROWS: tuple[Row, ...] = (*timers.ROWS, *product.ROWS, *slo.ROWS)
