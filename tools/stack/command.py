"""The command line: ``python3 -m tools.stack COMMAND``, which ``make stack`` and its relatives call."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from collections.abc import Callable, Sequence

from planner.config import SettingError
from planner.slo.objectives import SloError
from tools.stack import demo, ending, owners, render, silence, told, up
from tools.stack.docker import DEMO, DEMO_PROFILE, Compose, Docker, client
from tools.stack.saying import Trouble, say, wrapped
from tools.stack.settings import Settings, read_settings, unused
from tools.stack.waiting import Clock

OK, NO, WRONG = 0, 1, 2
REAL = Clock(time.monotonic, time.sleep)
INTERRUPTED = 130
"""128 + SIGINT, as a shell has it."""


def main(arguments: Sequence[str] | None = None, clock: Clock = REAL) -> int:
    """0: well; 1: it could not be done, and why is said; 2: wrong use, setting or ``slo.toml``."""
    given = _options().parse_args(arguments)
    try:
        settings = read_settings(os.environ)
        for line in unused(os.environ):
            say(wrapped(line, "! "))
        return _run(given, settings, clock)
    except (SettingError, SloError) as error:
        print(error, file=sys.stderr)
        return WRONG
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return NO
    except OSError as error:
        print(f"{error.filename or 'a file'}: {error.strerror}; nothing else was done", file=sys.stderr)
        return NO
    except KeyboardInterrupt:
        print("\nStopped here. What was started goes on; `make stack-down` ends it.", file=sys.stderr)
        return INTERRUPTED


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 -m tools.stack", description=__doc__)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    start = commands.add_parser("up", help="start it and wait until all is well (make stack)")
    start.add_argument("--bot", action="store_true", help="with the bot in a container, too (BOT=1)")
    commands.add_parser("demo", help="start it with a day of life on a local chat (make stack-demo)")
    commands.add_parser("down", help="end it, and keep what it has kept (make stack-down)")
    reset = commands.add_parser("reset", help="end it, and delete what it has kept (make stack-reset)")
    reset.add_argument("--yes", action="store_true", help="without asking (YES=1)")
    commands.add_parser("native", help="Debian's Prometheus and Alertmanager instead (make stack-native)")
    commands.add_parser("render", help="write stack/run/ alone, and say who will be told of what")
    return parser


def _run(given: argparse.Namespace, settings: Settings, clock: Clock) -> int:
    docker = client(settings, "docker")
    run: dict[str, Callable[[], int]] = {
        "up": lambda: up.run(settings, docker, clock, bot=given.bot),
        "demo": lambda: demo.run(settings, Compose(docker, DEMO, [DEMO_PROFILE]), clock),
        "down": lambda: ending.down(settings, _there(docker)),
        "reset": lambda: ending.reset(settings, _there(docker), None if given.yes else input),
        "native": lambda: _native(settings),
        "render": lambda: _render(settings),
    }
    return run[given.command]()


def _there(docker: Docker) -> Docker:
    if shutil.which(docker.program) is None:
        raise Trouble("Docker is not installed: there is no docker on the PATH, and so no stack to end.")
    return docker


def _native(settings: Settings) -> int:
    from tools.stack import native  # noqa: PLC0415  # the containers do not need it

    return native.run(settings)


def _render(settings: Settings) -> int:
    """For whoever runs ``docker compose`` by hand."""
    rendering = render.run(settings, render.compose(settings), owners.contained(settings))
    for path in rendering.changed:
        say(f"{settings.run / path}")
    if not rendering.changed:
        say(f"{settings.run}: nothing changed")
    told.say_all(rendering.promises, rendering.addresses, silence.of(settings, contained=True))
    return OK
