"""Rules and arithmetic that are broken on purpose are noticed by a test. A few here; ``make mutants`` tries all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools import mutants
from tools.mutation import arithmetic, rules
from tools.mutation.mutant import Mutant, mutant

needs_promtool = pytest.mark.skipif(mutants.PROMTOOL is None, reason="promtool is not installed")
COUNTS = "stack/generated/slo-counts.rules.yml"


@needs_promtool
def test_a_few_broken_rules_are_noticed(tmp_path: Path) -> None:
    """Of those whose tests are quick."""
    few = [one for one in mutants.generated() if one.path == COUNTS]
    assert len(few) >= 4
    assert list(mutants.survivors(few, tmp_path)) == []


@needs_promtool
def test_what_nothing_notices_is_named(tmp_path: Path) -> None:
    text = (mutants.ROOT / COUNTS).read_text()
    harmless = mutant(COUNTS, text, 0, text.index("\n"), "# A comment.")
    assert list(mutants.survivors([harmless], tmp_path)) == [harmless]
    assert str(harmless).startswith(f"{COUNTS}:1: ")


def test_there_are_many_of_each_kind() -> None:
    found = {kind: mutants.chosen([kind]) for kind in mutants.KINDS}
    assert {kind: len(every) >= 60 for kind, every in found.items()} == dict.fromkeys(mutants.KINDS, True)
    assert mutants.chosen(mutants.KINDS, 5, seed=7) == mutants.chosen(mutants.KINDS, 5, seed=7)
    assert len(mutants.chosen(mutants.KINDS, 5)) == 15


@pytest.mark.parametrize(
    "what",
    [
        r"ratio1h.*'>' -> '>='", r"'0.0336' -> '0.04032'", r"> 3 - 0.5: '3' -> '2'", r"keep_firing_for.*-> '900s'",
        r"severity: critical: 'critical' -> 'warning'", r"max\(planner_sli.*'max' -> 'sum'", r"ratio5m.*'5m' -> '30m'",
        r"offset.*'5m' -> '600s'", r"burn_rate|/ 0.01: '0.01' -> '0.008'", r"'min_over_time' -> 'max_over_time'",
    ],
)  # fmt: skip
def test_a_rule_is_broken_in_every_way_that_matters(what: str) -> None:
    path = "stack/generated/slo-reminders.rules.yml"
    found = map(str, rules.of_generated(path, (mutants.ROOT / path).read_text()))
    assert any(re.search(what, one) for one in found)


def test_a_mutant_changes_one_place_and_leaves_the_rest() -> None:
    source = "def f(a: int, b: int) -> bool:\n    return a + 1 > b and b > 0\n"
    changed = {one.applied(source).splitlines()[1].strip() for one in arithmetic.of_source("x.py", source)}
    assert changed == {
        "return a + 1 >= b and b > 0", "return a + 1 < b and b > 0", "return a - 1 > b and b > 0",
        "return a + 2 > b and b > 0", "return a + 1 > b or b > 0", "return a + 1 > b and b >= 0",
        "return a + 1 > b and b < 0", "return a + 1 > b and b > 1",
    }  # fmt: skip


def test_a_text_that_has_changed_is_not_broken_elsewhere() -> None:
    one = Mutant("x.py", 0, 1, "a", "b", 1, "a", 0)
    with pytest.raises(ValueError, match="changed"):
        one.applied("c")
