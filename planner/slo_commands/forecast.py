"""``slo forecast``: when each error budget will be gone, if things go on as they lately did."""

from __future__ import annotations

import argparse
import json

from planner.clock import SystemClock, host_zone
from planner.command import NO, OK, Commands, command, json_flag, settings, zone_flag


def add(commands: Commands) -> None:
    parser = command(commands, "forecast", _run, "when each error budget will be gone, as things lately went")
    parser.epilog = (
        "Exit 0: none is or is about to be; 1: one is, or the database cannot be read; 2: wrong use or setting."
    )
    zone_flag(parser)
    json_flag(parser)


def _run(arguments: argparse.Namespace) -> int:
    from planner import promises
    from planner.slo.forecast import Outlook, as_data, as_text, forecast

    past = promises.read_histories(settings().db, promises.load().slos, SystemClock().now())
    found = [forecast(history) for _, history in past]
    if arguments.json:
        for one in found:
            print(json.dumps(as_data(one), ensure_ascii=False))
    else:
        print(as_text(found, arguments.tz or host_zone()))
    return NO if any(one.outlook in {Outlook.GONE, Outlook.IN_SIGHT} for one in found) else OK
