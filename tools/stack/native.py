"""``make stack-native``: the distribution's Prometheus and Alertmanager, with the stack's rules and routes.

They run as children for as long as this process does, write below ``run/native/`` only, and scrape the bot at its
``PLANNER_HTTP``. SIGHUP renders again and has them read it.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue

from planner.config import PORT_MAX
from planner.slo.objectives import SloError
from tools.stack import owners, render, told
from tools.stack.children import Child, Ended
from tools.stack.listeners import LOOPBACK, holder, taken
from tools.stack.render import Place, Rendering
from tools.stack.saying import Need, Trouble, listed, quoted, say, wrapped
from tools.stack.settings import PORTS, STACK, Settings
from tools.stack.told import LOUD

APART = 10_000
READY_S = 90.0
"""Prometheus reads what it has kept first; a month of it takes seconds."""
LOOK_S = 0.2
CONFIG = "prometheus/prometheus.yml"
LOCK = "lock"
ENDS = (signal.SIGINT, signal.SIGTERM)
RUNS_WITH = (
    "The bot must run with PLANNER_ALERTS=stack, or its admins are told twice, and with PLANNER_METRICS=1, or what"
    " costs a little to measure is missing: both go into its .env, and it is started anew."
)


@dataclass(frozen=True, slots=True)
class Part:
    """One that runs. ``port`` is its setting's name in ``Ports``; ``package``: Debian's, and its service's, too."""

    name: str
    programs: tuple[str, ...]
    package: str
    port: str


PROMETHEUS = Part("Prometheus", ("prometheus",), "prometheus", "prometheus")
ALERTMANAGER = Part(
    "Alertmanager", ("prometheus-alertmanager", "alertmanager"), "prometheus-alertmanager", "alertmanager"
)
PARTS = (ALERTMANAGER, PROMETHEUS)
"""In the order in which they begin; they end the other way round."""

Event = Ended | signal.Signals


def run(settings: Settings) -> int:
    """Until SIGTERM or Ctrl-C: 0; 1, and why on stderr, if something stands in the way or one of them ends by itself.

    Raises ``SloError``, ``OSError``.
    """
    place = render.native(settings)
    try:
        with ExitStack() as stack:
            stack.enter_context(_alone(place.folder))
            programs = _programs(settings)
            return _run(settings, place, programs, stack)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1


def _run(settings: Settings, place: Place, programs: Mapping[Part, str], stack: ExitStack) -> int:
    events: SimpleQueue[Event] = SimpleQueue()
    stack.enter_context(_signals(events))
    rendered = _render(settings, place)
    children = []
    for part, program in programs.items():
        command = _command(part, program, settings, place.folder)
        children.append(Child(part.name, command, _url(part, settings), events.put))
        stack.callback(children[-1].end)
    if not _ready(children, events):
        return 0
    _say_all(settings, place, rendered)
    while _heard(events.get()) is signal.SIGHUP:
        _reload(settings, place, children)
    say("Both are ended.")
    return 0


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """As the only one on this folder. Raises ``Trouble``."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(render.PRIVATE)
    with (folder / LOCK).open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            raise Trouble(
                f"It runs already, as process {lock.read().strip()}, on {folder}. Stop that one first (Ctrl-C, or"
                " systemctl stop planner-stack), or name another folder in STACK_RUN and other ports."
            ) from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


def _programs(settings: Settings) -> dict[Part, str]:
    """Where each is. Raises ``Trouble`` with all that is missing or taken."""
    found = {part: next(filter(None, map(shutil.which, part.programs)), None) for part in PARTS}
    needs = list(_missing([part for part, program in found.items() if program is None]))
    needs += [_taken(part, settings) for part in PARTS if taken(_port(part, settings))]
    if settings.bot.http.port == 0:
        needs.append(Need("PLANNER_HTTP has port 0, any that is free, and Prometheus would not find the bot.",
                          "Name one: PLANNER_HTTP=127.0.0.1:8085, for the bot, too."))  # fmt: skip
    if needs:
        raise Trouble(listed(needs))
    return {part: program for part, program in found.items() if program is not None}


def _missing(parts: list[Part]) -> Iterator[Need]:
    if not parts:
        return
    names, packages = " and ".join(part.name for part in parts), " ".join(part.package for part in parts)
    yield Need(
        f"{names} {'is' if len(parts) == 1 else 'are'} not installed (looked for"
        f" {', '.join(name for part in parts for name in part.programs)} in PATH).",
        f"On Debian and Ubuntu, as root: apt-get install {packages} && systemctl disable --now {packages}"
        " (Debian starts services of its own at once, on the same ports). With Docker, make stack needs neither.",
    )


def _taken(part: Part, settings: Settings) -> Need:
    port = _port(part, settings)
    elsewhere = f"give this one another: {PORTS[part.port].name}={_another(port)}"
    if _is_service(part):
        return Need(f"Port {port} is taken by the service {part.package}, which Debian starts when it is installed.",
                    f"As root: systemctl disable --now {part.package}; or {elsewhere}")  # fmt: skip
    by = holder(port)
    return Need(
        f"Port {port}, {part.name}'s, is taken{f' by {by}' if by else ''}.",
        f"Stop what listens there (as root: ss -ltnp 'sport = :{port}' names it), or {elsewhere}",
    )


def _another(port: int) -> int:
    """One that is far from those that are usual."""
    return port + APART if port + APART <= PORT_MAX else port - APART


def _is_service(part: Part) -> bool:
    """Whether Debian's own runs."""
    systemctl = shutil.which("systemctl")
    if systemctl is None:
        return False
    asked = subprocess.run([systemctl, "is-active", "--quiet", part.package], capture_output=True, check=False)
    return asked.returncode == 0


def _port(part: Part, settings: Settings) -> int:
    return int(getattr(settings.ports, part.port))


def _url(part: Part, settings: Settings) -> str:
    return f"http://{LOOPBACK}:{_port(part, settings)}"


def _render(settings: Settings, place: Place) -> Rendering:
    """As the stack's, with Prometheus' own configuration and the written rules."""
    agreed = render.promised(settings)
    at = render.addresses(settings, place, owners.beside(settings))
    given = render.rendered(agreed, at, place) | dict(_prometheus(settings))
    return Rendering(agreed, at, "", tuple(render.write(place.folder, given)))


def _prometheus(settings: Settings) -> Iterator[tuple[str, str]]:
    """Each file by its path below the place's folder."""
    for path in (STACK / "prometheus").glob("*.rules.yml"):
        yield f"prometheus/{path.name}", path.read_text()
    places = {
        "../generated/": "../rules/",
        "127.0.0.1:8085": owners.reached(settings.bot.http),
        "127.0.0.1:9090": f"{LOOPBACK}:{settings.ports.prometheus}",
        "127.0.0.1:9093": f"{LOOPBACK}:{settings.ports.alertmanager}",
    }
    usual = re.compile("|".join(map(re.escape, places)))
    yield CONFIG, usual.sub(lambda found: places[found[0]], (STACK / "prometheus" / "native.yml").read_text())


def _command(part: Part, program: str, settings: Settings, folder: Path) -> list[str]:
    data = folder / "data" / part.port
    data.mkdir(parents=True, exist_ok=True)
    common = [f"--web.listen-address={LOOPBACK}:{_port(part, settings)}",
              f"--web.external-url={_url(part, settings)}/", "--log.level=warn"]  # fmt: skip
    if part is ALERTMANAGER:
        return [program, f"--config.file={folder / render.CONFIG}", f"--storage.path={data}",
                "--cluster.listen-address=", *common]  # fmt: skip
    return [program, f"--config.file={folder / CONFIG}", f"--storage.tsdb.path={data}",
            f"--storage.tsdb.retention.time={settings.keep_days}d", *common]  # fmt: skip


@contextmanager
def _signals(events: SimpleQueue[Event]) -> Iterator[None]:
    """Signals are events among the others."""
    before = {
        number: signal.signal(number, lambda caught, _: events.put(signal.Signals(caught)))
        for number in (*ENDS, signal.SIGHUP)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ready(children: list[Child], events: SimpleQueue[Event]) -> bool:
    """Wait until all are; false: it shall end before. Raises ``Trouble``."""
    ends = time.monotonic() + READY_S
    while waiting := [child for child in children if not child.is_ready()]:
        if time.monotonic() > ends:
            names = " and ".join(child.name for child in waiting)
            raise Trouble(f"{names}: not ready within {READY_S:.0f} s; what it says stands above.")
        try:
            if _heard(events.get(timeout=LOOK_S)) in ENDS:
                return False
        except Empty:
            continue
    return True


def _heard(event: Event) -> signal.Signals:
    """A signal. Raises ``Trouble`` for one of the children that has ended by itself."""
    if isinstance(event, Ended):
        how = f"exit code {event.code}" if event.code >= 0 else signal.Signals(-event.code).name
        raise Trouble(
            f"{event.name} has ended by itself ({how}), so the other one is ended, too: alone it tells nobody anything."
            f" Its last lines:\n{quoted(chr(10).join(event.said))}"
        )
    return event


def _reload(settings: Settings, place: Place, children: list[Child]) -> None:
    """Promises and who is told may have changed; if they cannot be read, all stays as it was."""
    try:
        rendered = _render(settings, place)
    except (SloError, OSError) as error:
        say(f"Nothing is read again: {error}")
        return
    for child in children:
        child.reload()
    say("Read again: " + (", ".join(rendered.changed) or "nothing has changed"))
    _say_who(settings, rendered)


def _say_all(settings: Settings, place: Place, rendered: Rendering) -> None:
    say("Both are ready.")
    say()
    for part in reversed(PARTS):
        say(f"  {part.name:<14}{_url(part, settings)}")
    say(f"  {'The bot':<14}is asked at http://{owners.reached(settings.bot.http)}/metrics")
    say(f"  {'Figures':<14}are kept for {settings.keep_days} days, in {place.folder / 'data'}")
    _say_who(settings, rendered)
    say()
    say(wrapped(RUNS_WITH))
    say("Ctrl-C ends both.")


def _say_who(settings: Settings, rendered: Rendering) -> None:
    at = rendered.addresses
    say()
    for line in told.lines(rendered.promises, at):
        say(line)
    if at.chats:
        say(f"  {'Telegram':<10}{', '.join(map(str, at.chats))}, by {at.telegram_api}")
    for line in told.warnings(rendered.promises, at, contained=False):
        say()
        say(wrapped(line, LOUD))
    if not at.chats and settings.bot.users is not None:
        say()
        say(wrapped("Whoever has claimed the bot by its one-time link would be told in Telegram, but nobody has, or its"
                    f" database ({settings.bot.db}, PLANNER_DB) cannot be read: see to that, and start this again.",
                    LOUD))  # fmt: skip
