"""What a measurement says, and the figures that every one of them needs."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from math import ceil
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def say(row: str, values: Mapping[str, float]) -> None:
    """Print one JSON object: a value's unit is the end of its name."""
    print(json.dumps({"row": row, "values": {name: round(value, 4) for name, value in values.items()}}), flush=True)


def rss_mb(pid: int | str = "self") -> float:
    """What a process holds in memory, in MB (VmRSS)."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1_024


def cpu_s(pid: int | str = "self") -> float:
    """CPU that a process has used since it was started, all threads, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest of them that at least ``share`` do not exceed."""
    return sorted(values)[max(0, ceil(share * len(values)) - 1)]
