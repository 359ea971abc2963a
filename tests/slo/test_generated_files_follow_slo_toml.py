"""Everything under ``stack/generated`` is what ``slo.toml`` gives, byte for byte, and is valid."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml as pyyaml
from hypothesis import given, settings
from hypothesis import strategies as st

from planner import promises
from planner.slo.generate import yaml as emitter
from planner.slo_commands.generate import differing, generated, left_over, write
from tools import promtool

ROOT = Path(__file__).parents[2]
GENERATED = ROOT / "stack" / "generated"
GIVEN = generated(promises.load())
WITHIN_S = 0.3


def generate(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "planner.py", "slo", "generate", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_what_is_committed_is_what_slo_toml_gives() -> None:
    assert differing(GENERATED, GIVEN) == []
    assert left_over(GENERATED, GIVEN) == []


def test_the_same_promises_give_the_same_bytes() -> None:
    command = (
        "from planner import promises; from planner.slo_commands.generate import generated;"
        "print(generated(promises.load()))"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", command], cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert said[0] == said[1]
    assert len(said[0]) > 100_000


def test_what_differs_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    write(tmp_path, GIVEN, GIVEN)
    changed, missing, over = tmp_path / "slo-up.rules.yml", tmp_path / "slo-counts.rules.yml", tmp_path / "my.notes"
    changed.write_text(changed.read_text().replace("0.005", "0.05"))
    missing.unlink()
    over.write_text("mine")
    ran = generate("--check", "--out", str(tmp_path))
    assert ran.returncode == 1
    assert [line.split()[0] for line in ran.stderr.splitlines()] == [str(changed), str(missing), str(over)]
    assert not missing.exists()


def test_what_differs_is_written_and_what_is_not_generated_stays(tmp_path: Path) -> None:
    over = tmp_path / "my.notes"
    over.write_text("mine")
    ran = generate("--out", str(tmp_path))
    assert ran.returncode == 0
    assert str(over) in ran.stderr
    assert over.read_text() == "mine"
    over.unlink()
    assert generate("--check", "--out", str(tmp_path)).returncode == 0


def test_it_is_generated_at_once() -> None:
    """What the processor was busy with it: what else runs on this machine is not what is measured."""
    spent = []
    for _ in range(3):
        before = os.times()
        assert generate("--check").returncode == 0
        after = os.times()
        spent.append(sum(after[2:4]) - sum(before[2:4]))
    assert min(spent) < WITHIN_S


def test_every_yaml_reads_back() -> None:
    read = {
        path: pyyaml.safe_load(text) for path, text in GIVEN.items() if path.endswith(".yml") and len(text) < 40_000
    }
    assert len(read) > 20
    assert all(isinstance(document, dict) for document in read.values())
    group = read["slo-reminders.rules.yml"]["groups"][0]
    assert group["name"] == "slo-reminders"
    assert {rule.get("record") or rule["alert"] for rule in group["rules"]} > {"PlannerRemindersFastBurn"}
    assert all(json.loads(text) for path, text in GIVEN.items() if path.endswith(".json"))


_text = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]))
_lines = st.lists(st.from_regex(r"[a-z#:{}\"' -]*[a-z]", fullmatch=True), min_size=2).map("\n".join)
_awkward = st.sampled_from(
    [
        *("no", "On", "1e3", "0x1f", "12:30", "~", "null", "1_000", "=", "<<", "2026-11-22", "'", '"', "{{a}}", ""),
        *("*a", "&a", "!a", "%a", "@a", "`a", "a:", "- a", "a: b", "a #b", " a", "a ", "a b"),
        *("a\n", "\na", " a\nb", "a\n b", "a\n\nb", "a\nb "),
    ]
)
_scalars = st.one_of(_text, _lines, _awkward, st.integers(), st.booleans(), st.floats(0.001, 1000))
_values = st.recursive(
    _scalars, lambda inside: st.lists(inside, max_size=4) | st.dictionaries(_awkward | _text, inside, max_size=4)
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(_text | _awkward, _values, max_size=5))
def test_yaml_of_ours_is_read_by_others_as_it_was_meant(value: dict[str, emitter.Value]) -> None:
    assert pyyaml.safe_load(emitter.text(value, "what it is")) == value


@pytest.mark.skipif(promtool.PROMTOOL is None, reason="promtool is not installed: make check says so, too")
def test_promtool_names_what_fails(tmp_path: Path) -> None:
    write(tmp_path, GIVEN, GIVEN)
    rules = tmp_path / "slo-counts.rules.yml"
    rules.write_text(rules.read_text().replace("> 600", "> 601"))
    assert promtool.tested(tmp_path / "tests" / "slo-counts.test.yml") is None, "the edge lies between whole minutes"
    rules.write_text(rules.read_text().replace("> 601", "> 660"))
    assert "PlannerCountsStale" in str(promtool.tested(tmp_path / "tests" / "slo-counts.test.yml"))
    rules.write_text(rules.read_text().replace("max(", "max["))
    assert "slo-counts" in str(promtool.check([rules]))
