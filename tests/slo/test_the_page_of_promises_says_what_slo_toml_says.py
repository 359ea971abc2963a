"""``docs/slo.md`` and ``slo.toml`` say the same of every promise and every tier."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner import promises
from planner.model import DAY
from planner.slo.alerts import rules
from planner.slo.generate import files
from planner.slo.objectives import Promises, Slo, Tier
from planner.slo.reading import read_slos

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "slo.md").read_text()
TEXT = (ROOT / promises.SLO_FILE).read_text()
SLOS = read_slos(TEXT).slos
EXAMPLE = PAGE.partition("```toml\n")[2].partition("```")[0]
TIERS = {tier.name: tier for slo in SLOS for tier in slo.tiers}


def cells(name: str) -> list[str]:
    """The row of a table that begins with it."""
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{name}`"))
    return [cell.strip() for cell in row.strip("|").split("|")]


def test_the_promise_more_is_one_and_tells_of_the_same_reminder_once() -> None:
    slos = read_slos(f"{TEXT}\n{EXAMPLE.replace('[slo.', '[slo.an_example_')}").slos
    example = slos[-1]
    assert EXAMPLE.count("\n") <= 13
    assert (example.counts, example.window_ms) == ("reminders", 30 * DAY)
    assert [(rule.tier, rule.severity) for rule in rules(example)] == [("below", "warning")]
    assert files(Promises(slos))


@pytest.mark.parametrize("slo", [slo for slo in SLOS if slo.counts == slo.id], ids=lambda slo: slo.id)
def test_every_promise_stands_in_the_table_as_it_is(slo: Slo) -> None:
    """One that a host adds on the same counts needs no row."""
    _, _, objective, below, wakes = cells(slo.id)
    assert objective == f"{slo.objective * 100:g} %"
    assert below == f"{slo.alert_below * 100:g} %"
    assert wakes == ("yes" if slo.pages else "no")
    assert slo.window_ms == 7 * DAY, "as the page says of all"


@pytest.mark.parametrize("tier", TIERS.values(), ids=lambda tier: tier.name)
def test_every_tier_stands_in_the_table_with_its_factor_and_its_limits(tier: Tier) -> None:
    _, _, _, share, factor, limit, lower, tells = cells(tier.name)
    assert share == f"{tier.budget * 100:g} %"
    assert float(factor) == pytest.approx(tier.factor(7 * DAY))
    assert limit in {f"{tier.factor(7 * DAY):.4g} %", ""}
    assert lower == f"{5 * tier.factor(7 * DAY):.4g} %"
    assert tells.startswith(tier.severity)
    assert ("early" in tells) == tier.early
