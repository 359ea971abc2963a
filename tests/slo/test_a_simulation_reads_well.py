"""``slo simulate`` in words: columns with heads, and each sign explained."""

from __future__ import annotations

import pytest

from planner import cli
from planner.slo.simulate import said
from planner.slo_commands.simulate import SCENARIOS


def played(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    assert cli.main(["slo", "simulate", *arguments]) == 0
    return capsys.readouterr().out.splitlines()


def test_every_row_stands_under_its_heads(capsys: pytest.CaptureFixture[str]) -> None:
    lines = played(capsys, "--scenario", "dead")
    heads = next(line for line in lines if line.split()[:1] == ["after"])
    rows = [line for line in lines if " critical " in line or " warning " in line]
    assert rows
    for row in rows:
        assert row[heads.index("told by") - 2 :].startswith("  ")
        assert row[heads.index("severity") :].startswith(("critical", "warning"))
        assert row[heads.index("alert") :].startswith(("Planner", "no heartbeat"))


def test_what_the_words_mean_is_said_below(capsys: pytest.CaptureFixture[str]) -> None:
    assert tuple(played(capsys, "--scenario", "blind")[-len(said.LEGEND) :]) == said.LEGEND
    assert any("both" in line for line in said.LEGEND)


def test_one_reminder_fails_at_once_and_not_for_a_time(capsys: pytest.CaptureFixture[str]) -> None:
    assert played(capsys, "--scenario", "single")[0] == "single: one reminder of a quiet week fails"


def test_help_says_what_each_scenario_is(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        cli.main(["slo", "simulate", "--help"])
    said_words = " ".join(capsys.readouterr().out.split())
    for name, what in SCENARIOS.items():
        assert f"{name}: {what}" in said_words
