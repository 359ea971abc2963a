"""``make stack-down`` and ``make stack-reset`` against a made-up Docker: what they end, delete and leave alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stack.docking import Site


def test_down_ends_the_stack_and_the_demo_and_keeps_what_they_have_kept(site: Site) -> None:
    site.make("up")
    code, said = site.make("down")
    assert code == 0
    assert "`make stack` begins with it again" in said
    downs = site.docker.asked("down")
    assert len(downs) == 2
    assert ["planner-demo" in call for call in downs] == [False, True]
    assert not any("volume" in call for call in downs)
    assert not (site.run / "seen.json").exists()
    assert (site.run / "grafana" / "admin-password").exists()


def test_down_says_when_docker_cannot(site: Site) -> None:
    site.docker.says("down", "", "error while removing network", 1)
    code, said = site.make("down")
    assert code == 1
    assert "could not end it" in said


VOLUMES = "planner_prometheus\tprometheus\nplanner_planner\tplanner\n"


def test_reset_asks_and_deletes_nothing_without_a_yes(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.docker.says("volumes", VOLUMES)
    monkeypatch.setattr("builtins.input", lambda _: "no")
    code, said = site.make("reset")
    assert code == 1
    assert "planner_prometheus" in said
    assert "Nothing was deleted." in said
    assert not site.docker.asked("down")
    assert not site.docker.asked("rm")


@pytest.mark.parametrize("arguments", [("reset",), ("reset", "--yes")])
def test_reset_deletes_what_the_stack_has_kept_and_never_the_bots_own_database(
    site: Site, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    site.make("up")
    site.docker.says("volumes", VOLUMES)
    site.docker.says("demo-volumes", "planner-demo_loki\tloki\n")
    monkeypatch.setattr("builtins.input", lambda _: "yes")
    code, said = site.make(*arguments)
    assert code == 0
    assert site.docker.asked("rm") == ["volume rm planner_prometheus planner-demo_loki"]
    assert len(site.docker.asked("down")) == 2
    assert not [path for path in site.run.rglob("*") if path.is_file()]
    assert "docker volume rm planner_planner" in said


def test_reset_does_not_take_silence_for_a_yes(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(_: str) -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", nobody)
    code, said = site.make("reset")
    assert code == 1
    assert "YES=1" in said
    assert not site.docker.asked("down")


def test_without_docker_there_is_nothing_to_end(site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    for arguments in (("down",), ("reset", "--yes")):
        code, said = site.make(*arguments)
        assert code == 1
        assert "Docker is not installed" in said
