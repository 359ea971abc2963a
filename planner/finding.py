"""What ``doctor`` has found."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, whether it is well, what was seen, and what to do if not."""

    name: str
    ok: bool
    seen: str
    do: str = ""

    def as_json(self) -> dict[str, object]:
        return asdict(self)

    def as_text(self) -> str:
        mark = "ok  " if self.ok else "FAIL"
        return f"{mark}  {self.name:10} {self.seen}" + (f"\n      → {self.do}" if self.do else "")
