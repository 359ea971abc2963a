"""``make stack-native``: the distribution's Prometheus and Alertmanager, with the stack's rules and routes.

They run as children for as long as this process does, write below ``run/native/`` only, and scrape the bot at its
``PLANNER_HTTP``. SIGHUP renders again and has them read it.
"""

from __future__ import annotations

import fcntl
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue

from planner import promises
from planner.slo.objectives import SloError
from tools.stack import native_needs, native_parts, owners, render, silence, told
from tools.stack.children import Child, Ended
from tools.stack.native_parts import PARTS, Part
from tools.stack.render import Place, Rendering
from tools.stack.saying import Trouble, quoted, say, wrapped
from tools.stack.settings import Settings

READY_S = 90.0
"""Prometheus reads what it has kept first; a month of it takes seconds."""
LOOK_S = 0.2
LOCK = "lock"
ENDS = (signal.SIGINT, signal.SIGTERM)
RUNS_WITH = (
    "The bot must run with PLANNER_ALERTS=stack, or its admins are told twice, and with PLANNER_METRICS=1, or what"
    " costs a little to measure is missing: both go into its .env, and it is started anew."
)

Event = Ended | signal.Signals


def run(settings: Settings) -> int:
    """Until SIGTERM or Ctrl-C: 0; 1, and why on stderr, if something stands in the way or one of them ends by itself.

    Raises ``SloError``, ``OSError``.
    """
    place = render.native(settings)
    try:
        with ExitStack() as stack:
            stack.enter_context(_alone(place.folder))
            programs = native_needs.programs(settings)
            return _run(settings, place, programs, stack)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1


def _run(settings: Settings, place: Place, programs: Mapping[Part, str], stack: ExitStack) -> int:
    events: SimpleQueue[Event] = SimpleQueue()
    stack.enter_context(_signals(events))
    rendered = native_parts.rendered(settings, place)
    children = []
    for part, program in programs.items():
        command = native_parts.command(part, program, settings, place.folder)
        children.append(Child(part.name, command, native_parts.url(part, settings), events.put))
        stack.callback(children[-1].end)
    if not _ready(children, events):
        return 0
    _say_all(settings, place, rendered)
    while _heard(events.get()) is signal.SIGHUP:
        _reload(settings, place, children)
    for child in reversed(children):
        child.end()
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
        rendered = native_parts.rendered(settings, place)
    except (SloError, OSError) as error:
        say(f"Nothing is read again: {error}")
        return
    for child in children:
        child.reload()
    say("Read again: " + (", ".join(rendered.changed) or "nothing has changed"))
    say()
    _say_told(settings, rendered)


def _say_all(settings: Settings, place: Place, rendered: Rendering) -> None:
    say("Both are ready.")
    say()
    for part in reversed(PARTS):
        say(f"  {part.name:<14}{native_parts.url(part, settings)}")
    say(f"  {'The bot':<14}is asked at http://{owners.reached(settings.bot.http)}/metrics")
    say(f"  {'Figures':<14}are kept for {settings.keep_days} days, in {place.folder / 'data'}")
    say(f"  {'Promises':<14}are those of {promises.file(settings.slo) or 'the planner itself'}")
    say()
    _say_told(settings, rendered)
    say()
    say(wrapped(RUNS_WITH))
    say("Ctrl-C ends both.")


def _say_told(settings: Settings, rendered: Rendering) -> None:
    told.say_all(rendered.promises, rendered.addresses, silence.of(settings, contained=False), contained=False)
