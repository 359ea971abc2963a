"""``make stack`` against a made-up Docker: it waits until all is well, and names what is not."""

from __future__ import annotations

import json
import socket
from typing import Any

import pytest

from tests.stack.docking import TOKEN, Site, alices, container, well
from tools.stack import waiting
from tools.stack.settings import read_settings


def test_it_waits_until_every_part_is_well(site: Site) -> None:
    starting = container("grafana", health="starting")
    site.docker.has(*well(starting, container("owners", "running", "")))
    site.then = [lambda: site.docker.has(*well(starting)), lambda: site.docker.has(*well())]
    code, said = site.make("up")
    assert code == 0, said
    assert "owners is done (2 s)" in said
    assert "grafana is ready (4 s)" in said
    assert site.now == 4


def test_a_part_without_a_health_check_is_well_once_it_answers(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    monkeypatch.setattr(waiting, "LOOK_S", 60)
    good = waiting.pages(_ports(site))["collector"].url
    monkeypatch.setattr(
        waiting, "pages", lambda _: {"collector": waiting.Page(f"http://127.0.0.1:{port}/", strict=False)}
    )
    assert good.endswith("/")
    code, said = site.make("up")
    assert code == 1
    assert "collector runs, but it is not ready." in said
    assert site.now == waiting.DEADLINE_S


def _ports(site: Site) -> Any:
    return read_settings({"STACK_RUN": str(site.run)}, None).ports


def test_what_is_not_well_in_time_is_named_with_its_last_lines(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "LOOK_S", 60)
    site.docker.has(*well(container("tempo", health="unhealthy")))
    site.docker.says("logs", 'level=error msg="no space left on device"\n')
    code, said = site.make("up")
    assert code == 1
    assert "Not all of the stack came up within 240 s: tempo." in said
    assert "tempo runs, but its health check fails." in said
    assert '    | level=error msg="no space left on device"' in said
    assert "docker compose -f stack/compose.yaml logs tempo" in said
    assert "make stack-down" in said
    assert "All is well" not in said
    assert site.docker.asked("logs") == [
        "compose -f stack/compose.yaml logs --no-color --no-log-prefix --tail 20 tempo"
    ]


def test_what_ends_again_and_again_is_not_waited_for_to_the_last(site: Site) -> None:
    site.docker.has(*well(container("loki", "restarting", "", code=1)))
    code, said = site.make("up")
    assert code == 1
    assert site.now < 30
    assert "loki ends again and again, with exit code 1." in said
    assert "stack/loki/" in said


def test_what_was_killed_is_said_to_want_memory(site: Site) -> None:
    site.docker.has(*well(container("prometheus", "exited", "", code=137)))
    code, said = site.make("up")
    assert code == 1
    assert "prometheus has ended, with exit code 137." in said
    assert "want of memory" in said


def test_what_has_to_end_well_and_does_not_is_named(site: Site) -> None:
    site.docker.has(*well(container("owners", "exited", "", code=1)))
    code, said = site.make("up")
    assert code == 1
    assert "owners has ended, with exit code 1." in said


@pytest.mark.parametrize("there", [[], [container("grafana", "created", "")]])
def test_what_was_never_started_is_named(site: Site, there: list[dict[str, object]]) -> None:
    site.docker.has(*[row for row in well() if row["Service"] != "grafana"], *there)
    site.docker.says("up", "", "dependency failed to start", 1)
    code, said = site.make("up")
    assert code == 1
    assert "grafana was not started." in said
    assert site.now < 30


def test_where_an_image_cannot_be_pulled_docker_has_the_word(site: Site) -> None:
    site.docker.says("up", "", "failed to resolve reference: no route to host", 1)
    site.docker.has()
    code, said = site.make("up")
    assert code == 1
    assert "no route to host" in said
    assert "look at this machine's network" in said
    assert site.now == 0, "nothing is waited for"


def test_a_failure_of_dockers_is_not_hidden_by_what_was_up_before(site: Site) -> None:
    site.make("up")
    site.docker.says("up", "", "toomanyrequests: You have reached your pull rate limit", 1)
    code, said = site.make("up")
    assert code == 1
    assert "What was up before is well" in said
    assert "Docker could not start the stack" in said
    assert "All is well" not in said


def test_a_containers_last_lines_tell_no_secret(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    alices(monkeypatch)
    site.docker.has(*well(container("alertmanager", "restarting", "", code=1)))
    site.docker.says("logs", f'err="Post \\"https://api.telegram.org/bot{TOKEN}/sendMessage\\": refused"')
    _, said = site.make("up")
    assert "bot(hidden)/sendMessage" in said
    assert TOKEN not in said


def test_ctrl_c_says_that_what_was_started_goes_on(site: Site) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    site.docker.has(*well(container("tempo", health="starting")))
    site.then = [interrupt]
    code, said = site.make("up")
    assert code == 130
    assert "`make stack-down` ends it" in said


def test_an_older_composes_list_of_containers_is_read_too(site: Site) -> None:
    site.docker.says("ps", json.dumps(well()))
    assert site.make("up")[0] == 0
