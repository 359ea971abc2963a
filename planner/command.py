"""What the commands of the command line share: exit codes, how one is declared, the settings it runs with."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from planner.config import Settings, read_settings

OK, NO, WRONG = 0, 1, 2
EXITS = "Exit 0: well; 1: a negative answer; 2: wrong use or setting. Each COMMAND has --help."
ENV_FILE = Path(".env")

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001  # argparse has no public name for it, and none at run time


def command(
    commands: Commands, name: str, run: Callable[[argparse.Namespace], int], about: str
) -> argparse.ArgumentParser:
    """One more command; ``run`` returns its exit code."""
    parser = commands.add_parser(name, help=about, description=about[:1].upper() + about[1:] + ".")
    parser.set_defaults(command=run)
    return parser


def group(commands: Commands, name: str, about: str) -> Commands:
    """A word before the name of more commands."""
    parser = commands.add_parser(name, help=about, description=about[:1].upper() + about[1:] + ".", epilog=EXITS)
    return parser.add_subparsers(title="commands", metavar="COMMAND", required=True)


def json_flag(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def zone_flag(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--tz", metavar="ZONE", type=_zone, help="IANA zone that times are in (default: this machine's)"
    )


def _zone(text: str) -> str:
    from zoneinfo import available_timezones  # noqa: PLC0415  # slow, and only where one is named

    if text not in available_timezones():
        raise argparse.ArgumentTypeError(f"no zone is called {text!r}; an example: --tz Europe/Berlin")
    return text


def settings() -> Settings:
    """As the environment and ``.env`` have them. Raises ``SettingError``."""
    return read_settings(os.environ, ENV_FILE)
