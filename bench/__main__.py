"""``python -m bench``: measure everything beside the peers and print the table."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from bench import machine
from bench.rows import ROWS
from bench.run import as_data, as_text, measure

RUNS = 5
QUICK_RUNS = 1


def main() -> int:
    """Exit 0 if every target was reached, 1 if not."""
    asked = _arguments()
    if asked.measure:
        name, subject = asked.measure
        row = next(row for row in ROWS if row.name == name)
        print(json.dumps(row.subjects[subject]()))
        return 0
    rows = [row for row in ROWS if asked.only in row.name and not (row.once and asked.quick)]
    if asked.list:
        print("\n".join(row.name for row in rows))
        return 0
    described = machine.describe()
    rounds = asked.runs or (QUICK_RUNS if asked.quick else RUNS)
    results = [(row, measure(row, 1 if row.once else rounds)) for row in rows]
    print(file=sys.stderr)
    print(", ".join(f"{what} {value}" for what, value in described.items()))
    print(f"medians of {rounds} rounds, one process a measurement\n")
    print(as_text(results))
    data = [as_data(row, result) for row, result in results]
    if asked.json:
        report = {"machine": described, "rounds": rounds, "rows": data}
        Path(asked.json).write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
    return 0 if all(target.reached(result) for row, result in results for target in row.targets) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_RUNS} round instead of {RUNS}, for development")
    parser.add_argument("--runs", type=int, metavar="N", help="so many rounds")
    parser.add_argument("--only", default="", metavar="WORDS", help="rows whose name contains these words")
    parser.add_argument("--json", metavar="FILE", help="write every figure there")
    parser.add_argument("--list", action="store_true", help="name the rows")
    parser.add_argument("--measure", nargs=2, metavar=("ROW", "SUBJECT"), help="one figure, in this process")
    return parser.parse_args()


sys.exit(main())
