"""What a check found."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STACK = ROOT / "stack"
NODE_MODULES = ROOT / "tools" / "node" / "node_modules"


@dataclass(frozen=True, slots=True)
class Found:
    """``looked``: at what, and by which tool. ``absent``: a tool without which (part of) it could not be checked."""

    looked: str
    faults: Sequence[str] = ()
    absent: str = ""


def tool(name: str) -> str | None:
    return shutil.which(name)


def node() -> str | None:
    """Node, where it and what it is to run are both installed."""
    return shutil.which("node") if (NODE_MODULES / "ready").is_file() else None


NO_NODE = "node with tools/node/node_modules (make tools/node/node_modules/ready; Debian has nodejs and npm)"
