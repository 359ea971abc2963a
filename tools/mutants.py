"""Break rules and arithmetic in every way that matters, one at a time, and count what no test notices.

    python -m tools.mutants [generated] [written] [arithmetic] [--few 20] [--seed 1] [--list]

Exit 0: each was noticed; 1: some were not, and are named.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from tools.mutation import arithmetic, rules
from tools.mutation.mutant import Mutant
from tools.promtool import PROMTOOL

ROOT = Path(__file__).resolve().parents[1]
GENERATED = ("slo-reminders", "slo-probes", "slo-counts")
"""Of the generated files: all tiers, and what is no promise's own. The others are made in the same way."""
COPIED = ("planner", "stack")
LINKED = ("tests", "tools", "bench", "conftest.py", "planner.py", "pyproject.toml", "slo.toml", "docs")
ARITHMETIC_TESTS = (
    "tests/slo/test_budgets_are_counted_right.py",
    "tests/slo/test_few_events_say_little.py",
    "tests/slo/test_alerts_come_and_go.py",
    "tests/slo/test_arithmetic_holds_at_its_edges.py",
)
PYTEST = (sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", "-p", "no:randomly", "-p", "no:cacheprovider")
LONGEST_S = 120
"""What takes longer has noticed it, too."""

EQUIVALENT = {
    ("DIGITS = ", "12", "13"): "a thirteenth digit is as much without noise as a twelfth",
    ("else min(", "1.0", "1.01"): "the interval ends below 1 but for what rounding adds",
}
"""What changes nothing that could be noticed: what stands just before it, the old and the new; and why."""


def generated() -> Iterator[Mutant]:
    for name in GENERATED:
        path = f"stack/generated/{name}.rules.yml"
        yield from rules.of_generated(path, (ROOT / path).read_text(encoding="utf-8"))


def written() -> Iterator[Mutant]:
    for file in sorted((ROOT / "stack" / "prometheus").glob("*.rules.yml")):
        yield from rules.of_written(file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8"))


def counted() -> Iterator[Mutant]:
    for path in arithmetic.FILES:
        yield from arithmetic.of_source(path, (ROOT / path).read_text(encoding="utf-8"))


KINDS = {"generated": generated, "written": written, "arithmetic": counted}


class Workshop:
    """A copy of what is broken, and beside it what notices."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for name in COPIED:
            shutil.copytree(ROOT / name, folder / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
        for name in LINKED:
            (folder / name).symlink_to(ROOT / name)

    def notices(self, mutant: Mutant) -> bool:
        file = self._folder / mutant.path
        whole = file.read_text(encoding="utf-8")
        file.write_text(mutant.applied(whole), encoding="utf-8")
        try:
            return not all(self._passes(command) for command in tests_of(mutant.path))
        finally:
            file.write_text(whole, encoding="utf-8")

    def is_sound(self, path: str) -> bool:
        """Whether its tests pass while nothing is broken."""
        return all(self._passes(command) for command in tests_of(path))

    def _passes(self, command: Sequence[str]) -> bool:
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        try:
            ran = subprocess.run(
                command, cwd=self._folder, env=environment, capture_output=True, check=False, timeout=LONGEST_S
            )
        except subprocess.TimeoutExpired:
            return False
        return ran.returncode == 0


def tests_of(path: str) -> list[Sequence[str]]:
    """The commands that test a file, the quickest first."""
    if path.endswith(".py"):
        return [(*PYTEST, *ARITHMETIC_TESTS)]
    folder, name = Path(path).parent, Path(path).name
    found = [file for file in (ROOT / folder).glob("tests/*.test.yml") if f"../{name}" in file.read_text("utf-8")]
    found.sort(key=lambda file: (file.name == "slo-absent.test.yml", file.stat().st_size))
    return [(str(PROMTOOL), "test", "rules", file.relative_to(ROOT).as_posix()) for file in found]


def survivors(chosen: Sequence[Mutant], folder: Path) -> Iterator[Mutant]:
    """Those that no test notices, as they are found. Raises ``ValueError`` where a test fails anyway."""
    cores = os.cpu_count() or 1
    free: SimpleQueue[Workshop] = SimpleQueue()
    for number in range(cores):
        free.put(Workshop(folder / str(number)))

    def survives(mutant: Mutant) -> bool:
        workshop = free.get()
        try:
            return not workshop.notices(mutant)
        finally:
            free.put(workshop)

    first = free.get()
    for path in dict.fromkeys(mutant.path for mutant in chosen):
        if not first.is_sound(path):
            raise ValueError(f"the tests of {path} fail while nothing is broken")
    free.put(first)
    with ThreadPoolExecutor(cores) as threads:
        yield from (mutant for mutant, alive in zip(chosen, threads.map(survives, chosen), strict=True) if alive)


def chosen(kinds: Iterable[str], few: int | None = None, seed: int = 1) -> list[Mutant]:
    """All that can be noticed, or a few of each kind, drawn with a seed."""
    drawn: list[Mutant] = []
    for kind in kinds:
        every = [mutant for mutant in KINDS[kind]() if not is_equivalent(mutant)]
        drawn += every if few is None else random.Random(seed).sample(every, min(few, len(every)))
    return drawn


def is_equivalent(mutant: Mutant) -> bool:
    known = ((before, new) for before, old, new in EQUIVALENT if old == mutant.old)
    return any(mutant.before.endswith(before) and new == mutant.new for before, new in known)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="tools.mutants", description=__doc__.splitlines()[0])
    parser.add_argument("kinds", nargs="*", choices=[[], *KINDS], metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("--few", type=int, help="so many of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--list", action="store_true", help="say only which there are")
    given = parser.parse_args(arguments)
    if PROMTOOL is None:
        print("promtool is not installed; Debian has it in its package prometheus", file=sys.stderr)
        return 2
    found = chosen(given.kinds or KINDS, given.few, given.seed)
    if given.list:
        print(*found, sep="\n")
        return 0
    alive = 0
    with tempfile.TemporaryDirectory() as folder:
        for one in survivors(found, Path(folder)):
            alive += 1
            print(f"survived: {one}", flush=True)
    print(f"{len(found)} mutants, {alive} survived")
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main())
