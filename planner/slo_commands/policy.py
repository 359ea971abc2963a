"""``slo policy``: what each promise's error budget allows, and a ticket where it is gone."""

from __future__ import annotations

import argparse
import json
import sys

from planner.clock import SystemClock, host_zone
from planner.command import NO, OK, Commands, command, json_flag, settings, zone_flag
from planner.config import folder_or_url


def add(commands: Commands) -> None:
    parser = command(commands, "policy", _run, "what each error budget allows: ship, careful or freeze")
    parser.add_argument(
        "--tickets",
        type=_where,
        metavar="FOLDER-OR-URL",
        help="keep a ticket for each promise whose budget is gone: a Markdown file in a folder, or JSON that is posted"
        " to an address (default: PLANNER_TICKETS, where an address that is a secret is better kept)",
    )
    parser.epilog = "Exit 0: ship or careful; 1: freeze, or the database cannot be read; 2: wrong use or setting."
    zone_flag(parser)
    json_flag(parser)


def _where(text: str) -> str | None:
    try:
        return folder_or_url(text)
    except ValueError as fault:
        raise argparse.ArgumentTypeError(f"{fault}; an example: --tickets tickets/") from None


def _run(arguments: argparse.Namespace) -> int:
    from planner import promises, tickets
    from planner.slo.history import back_since, gone_since
    from planner.slo.policy import Course, Decision, as_data, as_text

    given, now = settings(), SystemClock().now()
    found = promises.read_histories(given.db, promises.load().slos, now)
    decisions = [Decision(status, gone_since(past), back_since(past)) for status, past in found]
    if arguments.json:
        for decision in decisions:
            print(json.dumps(as_data(decision), ensure_ascii=False))
    else:
        print(as_text(decisions, arguments.tz or host_zone()))
    if where := arguments.tickets or given.tickets:
        aside = sys.stderr if arguments.json else sys.stdout
        for fault in tickets.keep(where, decisions, now, lambda line: print(line, file=aside)):
            print(f"planner: {fault}", file=sys.stderr)
    return NO if any(decision.course is Course.FREEZE for decision in decisions) else OK
