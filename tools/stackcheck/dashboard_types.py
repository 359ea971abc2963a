"""Dashboards by Grafana's own types (@grafana/schema): each as a literal that TypeScript's compiler is to accept.

A literal may have no property that its type does not, so what is misspelt, of another kind of panel, or gone from
Grafana is found; ``tools/node/grafana.ts`` says which types those are.
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools.stackcheck import dashboards
from tools.stackcheck.found import NO_NODE, NODE_MODULES, Found, node

PROJECT = NODE_MODULES.parent
_SAID = re.compile(r"^(?P<file>[^\s(]+)\.ts\((?P<line>\d+),\d+\): error (?P<what>.*(?:\n .*)*)", re.MULTILINE)
MOST = 400
"""Characters of one fault: the compiler likes to show a type whole."""


def check(boards: dict[str, Any] | None = None) -> Found:
    boards = dashboards.read() if boards is None else boards
    looked = f"{len(boards)} dashboards by the types of @grafana/schema, with TypeScript's compiler"
    return Found(looked, _faults(boards)) if node() else Found(looked, absent=NO_NODE)


def _faults(boards: dict[str, Any]) -> list[str]:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        titles: dict[tuple[str, int], str] = {}
        for name, board in boards.items():
            lines = list(_lines(board))
            path = folder / f"{Path(name).stem}.ts"
            path.write_text("\n".join(text for _, text in lines) + "\n")
            titles |= {(path.stem, number): title for number, (title, _) in enumerate(lines, start=1)}
        config = {"extends": f"{PROJECT}/tsconfig.json", "files": [f"{Path(name).stem}.ts" for name in boards]}
        (folder / "tsconfig.json").write_text(json.dumps(config))
        ran = subprocess.run([str(node()), str(NODE_MODULES / "typescript" / "bin" / "tsc"), "--project", made],
                             cwd=folder, capture_output=True, text=True, check=False)  # fmt: skip
    found = [_told(one, titles) for one in _SAID.finditer(ran.stdout)]
    return found or ([ran.stdout + ran.stderr] if ran.returncode else [])


def _told(said: re.Match[str], titles: dict[tuple[str, int], str]) -> str:
    name, what = Path(said["file"]).name, " ".join(said["what"].split())
    return f"{name}.json: {titles.get((name, int(said['line'])), '')} {what[:MOST]}"


def _lines(board: Any) -> Iterator[tuple[str, str]]:
    """A literal a line, each with the title of what it is: the frame, every row, every panel."""
    yield "", f"import type {{ Frame, Kinds, Row }} from '{PROJECT}/grafana';"
    frame = {name: value for name, value in board.items() if name != "panels"}
    yield "its frame:", _literal("Frame", frame)
    for row in board["panels"]:
        if row["type"] == "row":
            yield f"the row «{row['title']}»:", _literal("Row", {**row, "panels": []})
    for panel in dashboards.all_panels(board):
        yield f"«{panel['title']}»:", _literal(f"Kinds[{json.dumps(panel['type'])}]", panel)


def _literal(kind: str, value: Any) -> str:
    return f"(({json.dumps(value)}) satisfies {kind});"
