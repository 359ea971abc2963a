"""Break rules and arithmetic in every way that matters, one at a time, and count what no test notices.

    python -m tools.mutants [generated] [written] [arithmetic] [--full] [--few 20] [--seed 1] [--list]

Exit 0: each was noticed; 1: some were not, and are named. Each is shown only to the tests of what it changes, and they
must pass while it is whole.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

import yaml

from tools.mutation import arithmetic, rules, slices
from tools.mutation.mutant import Mutant
from tools.promtool import PROMTOOL, SPARING

ROOT = Path(__file__).resolve().parents[1]
SOME = ("slo-reminders", "slo-probes", "slo-counts")
"""Of the generated files: all tiers, and what is no promise's own. The others are made in the same way."""
COPIED = ("planner",)
LINKED = ("tests", "tools", "bench", "conftest.py", "planner.py", "pyproject.toml", "slo.toml", "docs", "stack")
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


def generated(*, full: bool = False) -> Iterator[Mutant]:
    for file in sorted((ROOT / "stack" / "generated").glob("*.rules.yml")):
        if full or file.name.removesuffix(".rules.yml") in SOME:
            path = file.relative_to(ROOT).as_posix()
            yield from rules.of_generated(path, file.read_text(encoding="utf-8"))


def written() -> Iterator[Mutant]:
    for file in sorted((ROOT / "stack" / "prometheus").glob("*.rules.yml")):
        yield from rules.of_written(file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8"))


def counted() -> Iterator[Mutant]:
    for path in arithmetic.FILES:
        yield from arithmetic.of_source(path, (ROOT / path).read_text(encoding="utf-8"))


KINDS = {"generated": generated, "written": written, "arithmetic": counted}


class Workshop:
    """A copy of the program, and beside it what notices that something is broken in it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for name in COPIED:
            shutil.copytree(ROOT / name, folder / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
        for name in LINKED:
            (folder / name).symlink_to(ROOT / name)

    def notices(self, mutant: Mutant) -> bool:
        whole = _whole(mutant.path)
        return not self._passes(mutant, mutant.applied(whole))

    def is_sound(self, mutant: Mutant) -> bool:
        """Whether the tests pass that the mutant is shown to, while nothing is broken."""
        return self._passes(mutant, _whole(mutant.path))

    def _passes(self, mutant: Mutant, text: str) -> bool:
        if mutant.path.endswith(".py"):
            return self._program_passes(mutant.path, text)
        try:
            stages = slices.stages(text, ROOT / mutant.path, _rule(mutant))
            return all(self._rules_pass(files) for files in stages)
        except yaml.YAMLError:
            return False

    def _program_passes(self, path: str, text: str) -> bool:
        file = self._folder / path
        file.write_text(text, encoding="utf-8")
        try:
            return self._succeeds((*PYTEST, *ARITHMETIC_TESTS), self._folder)
        finally:
            file.write_text(_whole(path), encoding="utf-8")

    def _rules_pass(self, files: dict[str, str]) -> bool:
        tests = [name for name in files if name != slices.RULES]
        if not tests:
            raise ValueError("no test looks at it")
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                (Path(folder) / name).write_text(text, encoding="utf-8")
            return self._succeeds((str(PROMTOOL), "test", "rules", *tests), Path(folder))

    def _succeeds(self, command: Sequence[str], folder: Path) -> bool:
        environment = {**os.environ, **SPARING, "PYTHONDONTWRITEBYTECODE": "1"}
        try:
            ran = subprocess.run(
                command, cwd=folder, env=environment, capture_output=True, check=False, timeout=LONGEST_S
            )
        except subprocess.TimeoutExpired:
            return False
        return ran.returncode == 0


def _whole(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def _rule(mutant: Mutant) -> slices.Rule | None:
    return slices.rule_at(_whole(mutant.path), mutant.begin)


def survivors(chosen: Sequence[Mutant], folder: Path) -> Iterator[Mutant]:
    """Those that no test notices, as they are found. Raises ``ValueError`` where a test fails anyway."""
    cores = os.cpu_count() or 1
    free: SimpleQueue[Workshop] = SimpleQueue()
    for number in range(cores):
        free.put(Workshop(folder / str(number)))

    def is_sound(mutant: Mutant) -> bool:
        workshop = free.get()
        try:
            return workshop.is_sound(mutant)
        finally:
            free.put(workshop)

    def survives(mutant: Mutant) -> bool:
        workshop = free.get()
        try:
            return not workshop.notices(mutant)
        finally:
            free.put(workshop)

    first = {(one.path, None if one.path.endswith(".py") else _rule(one)): one for one in chosen}
    with ThreadPoolExecutor(cores) as threads:
        for one, sound in zip(first.values(), threads.map(is_sound, first.values()), strict=True):
            if not sound:
                raise ValueError(f"the tests of {one} fail while nothing is broken")
        yield from (mutant for mutant, alive in zip(chosen, threads.map(survives, chosen), strict=True) if alive)


def chosen(kinds: Iterable[str], few: int | None = None, seed: int = 1, *, full: bool = False) -> list[Mutant]:
    """All that can be noticed, or a few of each kind, drawn with a seed."""
    drawn: list[Mutant] = []
    for kind in kinds:
        found = generated(full=full) if kind == "generated" else KINDS[kind]()
        every = [mutant for mutant in found if not is_equivalent(mutant)]
        drawn += every if few is None else random.Random(seed).sample(every, min(few, len(every)))
    return drawn


def is_equivalent(mutant: Mutant) -> bool:
    known = ((before, new) for before, old, new in EQUIVALENT if old == mutant.old)
    return any(mutant.before.endswith(before) and new == mutant.new for before, new in known)


def table(mutants: Sequence[Mutant], alive: Sequence[Mutant]) -> Iterator[str]:
    """How many of what were there, were noticed and were not."""
    every, left = Counter(map(_row, mutants)), Counter(map(_row, alive))
    rows = [
        *((*row, number, left[row]) for row, number in sorted(every.items())),
        ("all", "", len(mutants), len(alive)),
    ]
    yield f"{'what':<12}{'changed':<14}{'mutants':>9}{'killed':>9}{'survived':>10}"
    yield from (f"{what:<12}{kind:<14}{all_:>9}{all_ - alive_:>9}{alive_:>10}" for what, kind, all_, alive_ in rows)


def _row(mutant: Mutant) -> tuple[str, str]:
    kinds = {"planner/": "arithmetic", "stack/generated/": "generated", "stack/prometheus/": "written"}
    return next(kind for place, kind in kinds.items() if mutant.path.startswith(place)), mutant.kind


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="tools.mutants", description=__doc__.splitlines()[0])
    parser.add_argument("kinds", nargs="*", choices=[[], *KINDS], metavar="KIND", help=", ".join(KINDS))
    parser.add_argument(
        "--full", action="store_true", help="of the generated rules every promise's, not two that have all tiers"
    )
    parser.add_argument("--few", type=int, help="so many of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--list", action="store_true", help="say only which there are")
    given = parser.parse_args(arguments)
    if PROMTOOL is None:
        print("promtool is not installed; Debian has it in its package prometheus", file=sys.stderr)
        return 2
    found = chosen(given.kinds or KINDS, given.few, given.seed, full=given.full)
    if given.list:
        print(*found, sep="\n")
        return 0
    alive: list[Mutant] = []
    with tempfile.TemporaryDirectory() as folder:
        for one in survivors(found, Path(folder)):
            alive.append(one)
            print(f"survived: {one}", flush=True)
    print(*table(found, alive), sep="\n")
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main())
