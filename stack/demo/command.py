"""The command: ``python stack/demo --chat http://127.0.0.1:8085``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from demo import day
from demo.calendars import serving
from demo.chat import Chat, until
from demo.narrator import Narrator
from demo.script import LIFE

START_S = 120.0
"""Within which the chat, and then the bot on it, has to be there."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Play the day; 0 if all happened as it should, 1 if something did not, 2 where the options are wrong."""
    given = _options().parse_args(arguments)
    host, _, port = given.calendars.rpartition(":")
    chat = Chat(given.chat)
    until(lambda: _is_there(chat), f"the chat at {given.chat}", START_S)
    with serving(host, int(port)) as calendars:
        today = day.of(chat, calendars, Narrator(given.minutes))
        try:
            day.play(today, LIFE, day.arrive, day.bad_hour)
        except day.StoppedError as stopped:
            today.told.tell(str(stopped))
            return 1
        finally:
            today.faults.clear()
        return day.summary(today)


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="demo", description="Play a scripted day against a planner.")
    options.add_argument("--chat", required=True, help="the local chat's address, such as http://127.0.0.1:8085")
    options.add_argument("--minutes", type=float, default=12, help="how long the day takes; 2 at least (default: 12)")
    options.add_argument(
        "--calendars",
        default="127.0.0.1:8088",
        metavar="HOST:PORT",
        help="where the demo serves calendars, as the planner reaches it (default: %(default)s)",
    )
    return options


def _is_there(chat: Chat) -> bool:
    try:
        chat.ask("/chat/faults", {}, "PUT")
    except OSError:
        return False
    return True
