"""``python -m tools.boards``: whom it asks, with which promises, and what it says where nobody answers."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.e2e.test_real_processes import ROOT, free_port
from tools.boards import __main__ as boards
from tools.stack.settings import ENV_FILE


@pytest.fixture(autouse=True)
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of a host's own, with nothing in it."""
    monkeypatch.chdir(tmp_path)
    for name in ("STACK_PROMETHEUS_PORT", "STACK_SLO"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.mark.parametrize("where", ["environment", ".env"])
def test_nobody_there_is_told_with_what_to_start(
    where: str, host: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    port = str(free_port())
    if where == ".env":
        (host / ENV_FILE).write_text(f"STACK_PROMETHEUS_PORT={port}\n")
    else:
        monkeypatch.setenv("STACK_PROMETHEUS_PORT", port)
    assert boards.main([]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"http://127.0.0.1:{port} cannot be asked: [Errno 111] Connection refused\n")
    assert "make stack-native" in said
    assert "PROMETHEUS=http" in said


def test_whoever_is_named_is_asked_instead(host: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (host / ENV_FILE).write_text("STACK_PROMETHEUS_PORT=1\n")
    named = f"http://127.0.0.1:{free_port()}"
    assert boards.main(["--prometheus", named]) == 1
    assert capsys.readouterr().err.startswith(f"{named} cannot be asked: ")


def test_the_promises_are_those_of_the_stack(
    host: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept: list[object] = []
    monkeypatch.setattr(boards.dashboards, "boards", lambda promises: kept.append(promises.slos[0].window_ms) or ())
    shutil.copy(ROOT / "stack" / "demo" / "slo.toml", host / "alices.toml")
    assert boards.main([]) == 0
    (host / ENV_FILE).write_text("STACK_SLO=alices.toml\n")
    assert boards.main([]) == 0
    assert kept == [7 * 24 * 3_600_000, 600_000]
    (host / "alices.toml").write_text("no promises")
    assert boards.main([]) == boards.WRONG
    assert "alices.toml" in capsys.readouterr().err
