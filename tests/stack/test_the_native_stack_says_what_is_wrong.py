"""``make stack-native`` without its programs, without its ports, beside another one, and when one of its two dies."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from dataclasses import replace
from io import StringIO
from pathlib import Path
from unittest import mock

import pytest

from planner.chat.access import Access
from planner.config import LOCAL_TOKEN
from planner.store import Store
from planner.store.settings import OWNER, of_bot
from tests.e2e.test_real_processes import ROOT, START_S, TOKEN, until
from tests.e2e.watchers import ALICE, BOB, needs_watchers
from tests.stack.natively import Native, ports
from tools.stack import listeners, native, native_parts, owners, render, silence
from tools.stack.settings import Settings, read_settings

SLACK = "https://hooks.slack.example.org/services/secret-of-slack"
READY = f"""#!{sys.executable}
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
class Ready(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *_):
        pass
port = next(one for one in sys.argv if one.startswith("--web.listen-address=")).rpartition(":")[2]
HTTPServer(("127.0.0.1", int(port)), Ready).serve_forever()
"""
BROKEN = "#!/bin/sh\necho 'level=error msg=\"the disk is full\"' >&2\nexit 3\n"
YES, NO = "#!/bin/sh\nexit 0\n", "#!/bin/sh\nexit 3\n"


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A PATH of its own, to be filled."""
    folder = tmp_path / "bin"
    folder.mkdir()
    return folder


def put(folder: Path, **scripts: str) -> None:
    for name, script in scripts.items():
        path = folder / name.replace("_", "-")
        path.write_text(script)
        path.chmod(0o755)


def environment(folder: Path, programs: Path | None = None, **environ: str) -> dict[str, str]:
    found = {"STACK_RUN": str(folder / "run"), "PLANNER_DB": str(folder / "planner.db"), **ports(), **environ}
    return found if programs is None else {"PATH": str(programs), **found}


def refused(folder: Path, **environ: str) -> str:
    """What it says on stderr, having done nothing."""
    with mock.patch.dict(os.environ, environ, clear=True), redirect_stderr(StringIO()) as said:
        assert native.run(read_settings(environ, None)) == 1
    assert not (folder / "run" / "native" / "prometheus").exists()
    return " ".join(said.getvalue().split())


@contextmanager
def started(folder: Path, **environ: str) -> Iterator[Native]:
    one = Native(ROOT, folder, environ)
    try:
        yield one
    finally:
        one.kill()


def children(pid: int) -> dict[str, int]:
    """The processes that it has begun, by their program's name."""
    pids = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {Path(f"/proc/{one}/exe").readlink().name: int(one) for one in pids}


def free(port: str) -> bool:
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return one.connect_ex(("127.0.0.1", int(port))) != 0


def test_what_is_not_installed_is_named_with_its_package_and_how_to_install_it(tmp_path: Path, programs: Path) -> None:
    said = refused(tmp_path, **environment(tmp_path, programs))
    assert "Alertmanager and Prometheus are not installed" in said
    assert "apt-get install --no-install-recommends prometheus-alertmanager prometheus" in said
    assert "systemctl disable --now prometheus-alertmanager prometheus" in said
    put(programs, prometheus=READY)
    said = refused(tmp_path, **environment(tmp_path, programs))
    assert "Alertmanager is not installed" in said
    assert "apt-get install --no-install-recommends prometheus-alertmanager &&" in said


def test_a_port_that_is_taken_is_named_with_who_has_it_and_the_setting_of_another(
    tmp_path: Path, programs: Path
) -> None:
    put(programs, prometheus=READY, alertmanager=READY)
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        taken = {"STACK_PROMETHEUS_PORT": one.getsockname()[1], "STACK_ALERTMANAGER_PORT": other.getsockname()[1]}
        said = refused(tmp_path, **environment(tmp_path, programs, **{name: str(port) for name, port in taken.items()}))
    assert "2 things stand in the way" in said
    for name, port in taken.items():
        assert f"Port {port}" in said
        assert f"{name}=" in said
    assert said.count(f"(process {os.getpid()})") == 2


@pytest.mark.parametrize(("answer", "named"), [(YES, True), (NO, False)], ids=["its service runs", "it does not"])
def test_debians_own_service_is_told_from_others(tmp_path: Path, programs: Path, answer: str, *, named: bool) -> None:
    put(programs, prometheus=READY, prometheus_alertmanager=READY, systemctl=answer)
    with socket.create_server(("127.0.0.1", 0)) as one:
        port = str(one.getsockname()[1])
        said = refused(tmp_path, **environment(tmp_path, programs, STACK_PROMETHEUS_PORT=port))
    assert ("systemctl disable --now prometheus" in said) is named
    assert f"Port {port}" in said


def test_a_bot_on_any_free_port_would_not_be_found(tmp_path: Path, programs: Path) -> None:
    put(programs, prometheus=READY, alertmanager=READY)
    said = refused(tmp_path, **environment(tmp_path, programs, PLANNER_HTTP="127.0.0.1:0"))
    assert "PLANNER_HTTP" in said


def test_one_that_cannot_begin_is_told_with_its_last_lines_and_the_other_is_ended(
    tmp_path: Path, programs: Path
) -> None:
    put(programs, prometheus=BROKEN, alertmanager=READY)
    given = environment(tmp_path, programs)
    with started(tmp_path, **given) as one:
        assert one.ended() == 1
        assert "Prometheus has ended by itself (exit code 3)" in one.err
        assert '    | level=error msg="the disk is full"' in one.err
        assert "Both are ready" not in one.out
    assert free(given["STACK_ALERTMANAGER_PORT"])


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT], ids=lambda one: one.name)
def test_it_ends_while_it_waits_for_one_that_is_never_ready(
    how: signal.Signals, tmp_path: Path, programs: Path
) -> None:
    put(programs, prometheus="#!/bin/sh\nexec /bin/sleep 1000\n", alertmanager=READY)
    given = environment(tmp_path, programs)
    with started(tmp_path, **given) as one:
        until(lambda: not free(given["STACK_ALERTMANAGER_PORT"]), START_S, "Alertmanager's answer")
        assert one.stop(how) == 0
    assert free(given["STACK_ALERTMANAGER_PORT"])


@needs_watchers
def test_the_real_ones_run_until_ctrl_c_beside_no_other_and_read_what_has_changed(tmp_path: Path) -> None:
    slo = tmp_path / "slo.toml"
    shutil.copy(ROOT / "slo.toml", slo)
    given = environment(tmp_path, BOT_TOKEN=TOKEN, PLANNER_ADMINS="1,2", STACK_SLACK_URL=SLACK, STACK_SLO=str(slo),
                        STACK_KEEP_DAYS="45")  # fmt: skip
    with started(tmp_path, **given) as one:
        one.ready()
        until(lambda: "Ctrl-C ends both." in one.out, START_S, "the whole of what it says")
        for part in (
            f"http://127.0.0.1:{given['STACK_PROMETHEUS_PORT']}", f"http://127.0.0.1:{given['STACK_ALERTMANAGER_PORT']}",
            "http://127.0.0.1:8085/metrics", "45 days", "1, 2", "PLANNER_ALERTS=stack", "PLANNER_METRICS=1", "Slack",
            str(slo),
        ):  # fmt: skip
            assert part in one.out, part
        assert stat.S_IMODE((tmp_path / "run" / "native").stat().st_mode) == 0o700
        assert set(children(one.pid)) == {"prometheus", "prometheus-alertmanager"}

        second = subprocess.run([sys.executable, "-m", "tools.stack", "native"], cwd=ROOT, text=True, check=False,
                                capture_output=True, env={"PATH": os.environ["PATH"], **given})  # fmt: skip
        assert second.returncode == 1
        assert f"It runs already, as process {one.pid}" in second.stderr

        slo.write_text("no promises\n")
        os.kill(one.pid, signal.SIGHUP)
        until(lambda: "Nothing is read again" in one.out, START_S, "a refusal")
        slo.write_text((ROOT / "slo.toml").read_text().replace("objective = 0.995", "objective = 0.99"))
        os.kill(one.pid, signal.SIGHUP)
        until(lambda: "Read again: rules/slo-up.rules.yml\n" in one.out, START_S, "another reading")

        assert one.stop(signal.SIGINT) == 0, one.err
        assert one.out.endswith("Both are ended.\n")
        last = {name: (tmp_path / f"native.{name}").stat().st_mtime_ns for name in ("out", "err")}
        assert last["out"] >= last["err"], "what they say is said before"
        assert TOKEN not in one.out + one.err
        assert SLACK not in one.out + one.err
    assert free(given["STACK_PROMETHEUS_PORT"])
    assert free(given["STACK_ALERTMANAGER_PORT"])


@needs_watchers
def test_a_death_of_one_ends_the_other_and_a_killed_one_leaves_none_behind(tmp_path: Path) -> None:
    given = environment(tmp_path)
    with started(tmp_path, **given) as one:
        one.ready()
        assert "NOBODY" in one.out
        os.kill(children(one.pid)["prometheus"], signal.SIGKILL)
        assert one.ended() == 1
        assert "Prometheus has ended by itself (SIGKILL)" in one.err
    assert free(given["STACK_ALERTMANAGER_PORT"])
    with started(tmp_path, **given) as one:
        one.ready()
        one.kill()
        for port in (given["STACK_PROMETHEUS_PORT"], given["STACK_ALERTMANAGER_PORT"]):
            until(lambda port=port: free(port), START_S, "the end of what it had begun")


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")
def test_prometheus_takes_what_is_rendered_with_the_hosts_addresses_and_all_rules(tmp_path: Path) -> None:
    settings = settled(tmp_path, PLANNER_HTTP="[::]:8099", STACK_PROMETHEUS_PORT="9099", STACK_ALERTMANAGER_PORT="9098")
    native_parts.rendered(settings, render.native(settings))
    config = tmp_path / "run" / "native" / native_parts.CONFIG
    done = subprocess.run(["promtool", "check", "config", config], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    written = len(list((ROOT / "stack" / "prometheus").glob("*.rules.yml")))
    generated = len(list((ROOT / "stack" / "generated").glob("*.rules.yml")))
    assert f"SUCCESS: {written + generated} rule files found" in done.stdout
    text = config.read_text()
    assert [text.count(one) for one in ("[::1]:8099", "127.0.0.1:9099", "127.0.0.1:9098")] == [1, 1, 2]


def settled(folder: Path, **environ: str) -> Settings:
    return read_settings({**environment(folder), **environ}, None)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"PLANNER_ADMINS": "5"},
        {"PLANNER_ADMINS": "5,6", "PLANNER_USERS": "7"},
        {"PLANNER_USERS": "7,8"},
        {"PLANNER_USERS": "*"},
        {"PLANNER_USERS": "*", "PLANNER_ADMINS": "5"},
    ],
    ids=str,
)
@pytest.mark.parametrize("token", [TOKEN, None], ids=["telegram", "local chat"])
async def test_those_are_told_who_own_the_bot(given: dict[str, str], token: str | None, tmp_path: Path) -> None:
    settings = settled(tmp_path, **given, **({"BOT_TOKEN": token} if token else {}))
    number = int((token or LOCAL_TOKEN).partition(":")[0])
    access = Access(settings.bot.users, settings.bot.admins, local=token is None, bot_id=number, keep_days=400)
    store = Store(tmp_path / "planner.db", inline=True)
    await store.write(lambda tx: tx.settings.put(of_bot(OWNER, number), str(ALICE)))
    await store.write(lambda tx: tx.settings.put(of_bot(OWNER, number + 1), str(BOB)))
    expected = await store.read(access.owners)
    store.close()
    told = owners.beside(settings)
    assert set(told.chats) == expected
    assert (told.token, told.api) == (
        (token, "https://api.telegram.org") if token else (LOCAL_TOKEN, "http://127.0.0.1:8085")
    )
    assert set(owners.beside(replace(settings, bot=replace(settings.bot, db=tmp_path / "none.db"))).chats) == (
        expected - {ALICE}
    )


SILENT = {
    "a token, and a database that is not there": (
        {"BOT_TOKEN": TOKEN},
        ["Whose the bot is cannot be read", "planner.db is not there", "one-time link", "Or set PLANNER_ADMINS"],
    ),
    "a local chat, and no database": (
        {},
        ["Whose the bot is cannot be read", "planner.db is not there", "in its chat at http://127.0.0.1:8085"],
    ),
    "a token, and everybody may come in": (
        {"BOT_TOKEN": TOKEN, "PLANNER_USERS": "*"},
        ["Set PLANNER_ADMINS in .env", "start this again"],
    ),
}


@pytest.mark.parametrize(("given", "says"), SILENT.values(), ids=SILENT)
def test_it_says_why_nobody_is_told_and_only_what_is_missing(
    given: dict[str, str], says: list[str], tmp_path: Path
) -> None:
    why = silence.of(settled(tmp_path, **given), contained=False)
    assert why is not None
    for part in says:
        assert part in why.do
    assert "BOT_TOKEN" not in why.do + why.lacks
    assert ("PLANNER_USERS" in given) is ("kill -HUP" not in why.do)
    assert ("BOT_TOKEN" in given) or ("link" not in why.do)


@pytest.mark.parametrize(
    ("token", "do"),
    [(TOKEN, "opened the one-time link"), (None, "has written anything in its chat at http://127.0.0.1:8085")],
    ids=["telegram", "local chat"],
)
def test_a_bot_that_is_nobodys_is_told_apart_from_a_database_that_cannot_be_read(
    token: str | None, do: str, tmp_path: Path
) -> None:
    Store(tmp_path / "planner.db", inline=True).close()
    settings = settled(tmp_path, **({"BOT_TOKEN": token} if token else {}))
    why = silence.of(settings, contained=False)
    assert why is not None
    assert why.do.startswith("The bot is nobody's yet. Once somebody ")
    assert do in why.do
    assert f"`kill -HUP {os.getpid()}`" in why.do
    assert (token is None) is ("link" not in why.do)
    assert "cannot be read" not in why.do
    (tmp_path / "planner.db").write_text("no database, by whatever means it came there\n" * 100)
    why = silence.of(settings, contained=False)
    assert why is not None
    assert why.do.startswith("Whose the bot is cannot be read: ")


async def test_somebody_to_tell_is_no_silence(tmp_path: Path) -> None:
    assert silence.of(settled(tmp_path, PLANNER_ADMINS="5"), contained=False) is None
    store = Store(tmp_path / "planner.db", inline=True)
    await store.write(lambda tx: tx.settings.put(of_bot(OWNER, int(TOKEN.partition(":")[0])), str(ALICE)))
    store.close()
    claimed = settled(tmp_path, BOT_TOKEN=TOKEN)
    assert silence.of(claimed, contained=False) is silence.of(claimed, contained=True) is None


def test_the_port_that_is_proposed_is_free_and_no_other_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listeners, "taken", {13_001, 19_090}.__contains__)
    assert listeners.another(3_000, [13_000]) == 13_002
    assert listeners.another(9_090) == 19_091
    for port in (1, 9_090, 45_535, 45_536, 55_535, 55_536, 65_535):
        assert 0 < listeners.another(port) <= 65_535
        assert listeners.another(port) != port
