"""Which parts have to be started anew because what they read has changed: Docker looks at ``compose.yaml`` alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

SEEN = "seen.json"
"""In ``stack/run/``: what each part had to read when it was last well."""


def digests(config: Mapping[str, Any]) -> dict[str, str]:
    """Of each service, what all that it mounts from here holds; ``config`` as ``docker compose config`` gives it."""
    return {name: _digest(sorted(_sources(service))) for name, service in config["services"].items()}


def _sources(service: Mapping[str, Any]) -> Iterator[Path]:
    """The files and folders of this machine that it mounts."""
    for mount in service.get("volumes") or ():
        if mount["type"] == "bind":
            yield Path(mount["source"])


def _digest(sources: list[Path]) -> str:
    seen = sha256()
    for source in sources:
        for path in sorted(source.rglob("*")) if source.is_dir() else [source]:
            if path.is_file():
                seen.update(f"{path}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return seen.hexdigest()


def known(run: Path) -> dict[str, str]:
    """What was noted; nothing, if the stack is not up or never was."""
    with suppress(FileNotFoundError, ValueError):
        found = json.loads((run / SEEN).read_text())
        return found if isinstance(found, dict) else {}
    return {}


def note(run: Path, now: Mapping[str, str]) -> None:
    """All are well with these."""
    if known(run) != now:
        (run / SEEN).write_text(json.dumps(now, indent=1) + "\n")


def forget(run: Path) -> None:
    (run / SEEN).unlink(missing_ok=True)


def stale(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """The services that read something else when they were last well."""
    return [name for name, digest in now.items() if name in before and before[name] != digest]
