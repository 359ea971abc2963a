"""``slo status``: how each promise stands, from the database, with or without a bot."""

from __future__ import annotations

import argparse
import json

from planner.clock import SystemClock
from planner.command import NO, OK, Commands, command, json_flag, settings


def add(commands: Commands) -> None:
    parser = command(commands, "status", _run, "how each promise stands, from the database, with or without a bot")
    parser.epilog = "Exit 0: no promise is broken; 1: one is, or the database cannot be read; 2: wrong use or setting."
    json_flag(parser)


def _run(arguments: argparse.Namespace) -> int:
    from planner import promises
    from planner.slo.status import Standing, as_json
    from planner.slo.table import as_table

    found = promises.read_file(settings().db, promises.load().slos, SystemClock().now())
    if arguments.json:
        for status in found:
            print(json.dumps(as_json(status), ensure_ascii=False))
    else:
        print(as_table(found))
    return NO if any(status.standing is Standing.BROKEN for status in found) else OK
