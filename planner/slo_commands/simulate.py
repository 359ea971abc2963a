"""``slo simulate``: what the alerts would do, in scenarios and over a year, beside what others' rules would."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from planner.command import NO, OK, WRONG, Commands, command, json_flag

if TYPE_CHECKING:
    from planner.slo.objectives import Promises
    from planner.slo.simulate.scenarios import Scenario
    from planner.slo.simulate.traffic import Traffic

SCENARIOS = {
    "dead": "the process is gone",
    "unreachable": "Telegram cannot be reached",
    "failing": "a share of everything sent fails",
    "leak": "more and more fails, over three days",
    "single": "one reminder of a quiet week fails",
    "crash-loop": "it dies every ten minutes, for three",
    "blind": "it is well, and its telemetry is lost",
    "year": "a healthy year, in which things fail by chance, and outages begun all over a day",
}
YEARS_MAX, OUTAGES = 1_000, 48
FIRST_DAY = 20_000 * 86_400_000
"""Any day, and always the same: what is played depends on nothing but the seed."""


def add(commands: Commands) -> None:
    about = "play failures against the alert rules: which fire, when, and how much budget is gone by then"
    parser = command(commands, "simulate", _run, about)
    parser.epilog = (
        "Without --scenario all of them, and a year. Exit 0: played; 1: promtool has it otherwise (--confirm);"
        " 2: wrong use."
    )
    parser.add_argument(
        "--scenario",
        choices=tuple(SCENARIOS),
        metavar="NAME",
        help="only this one: " + "; ".join(f"{name}: {what}" for name, what in SCENARIOS.items()),
    )
    parser.add_argument("--reminders", type=float, default=10, metavar="N", help="reminders a day (default: 10)")
    parser.add_argument("--messages", type=float, default=10, metavar="N", help="messages a day (default: 10)")
    parser.add_argument("--calendars", type=int, default=1, metavar="N", help="linked calendars (default: 1)")
    parser.add_argument("--hours", type=float, default=2, metavar="H", help="how long it goes wrong (default: 2)")
    parser.add_argument("--share", type=float, default=0.3, metavar="P", help="what share fails (default: 0.3)")
    parser.add_argument("--at", type=float, default=10, metavar="HOUR", help="at which hour it begins (default: 10)")
    parser.add_argument("--rate", type=float, default=0.005, metavar="P", help="true failure rate of a healthy year"
                        " (default: 0.005)")  # fmt: skip
    parser.add_argument("--years", type=int, default=3, metavar="N", help="simulated years (default: 3)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="the same seed plays the same (default: 1)")
    parser.add_argument(
        "--confirm",
        action="store_true",
        help="let promtool say the same of the generated rules, of scenarios that one good day precedes",
    )
    json_flag(parser)


def _run(arguments: argparse.Namespace) -> int:
    from planner import promises
    from planner.slo.simulate.traffic import Traffic

    if fault := _fault(arguments):
        print(f"planner: {fault}", file=sys.stderr)
        return WRONG
    found, traffic = promises.load(), Traffic(arguments.reminders, 1, arguments.messages, arguments.calendars)
    agreed = True
    for scenario in _chosen(arguments):
        agreed = _play(scenario, found, traffic, arguments) and agreed
    if arguments.scenario in {None, "year"}:
        _year(found, traffic, arguments)
    if not arguments.json:
        _explained(arguments.scenario)
    return OK if agreed else NO


def _fault(arguments: argparse.Namespace) -> str | None:
    """What cannot be meant so."""
    bounds = {
        "reminders": (0.1, 100_000), "messages": (0, 100_000), "calendars": (0, 1_000), "hours": (0.1, 168),
        "share": (0, 1), "at": (0, 24), "rate": (0, 1), "years": (1, YEARS_MAX),
    }  # fmt: skip
    for name, (low, high) in bounds.items():
        if not low <= getattr(arguments, name) <= high:
            return f"--{name}: not between {low:g} and {high:g}"
    return None


def _chosen(arguments: argparse.Namespace) -> list[Scenario]:
    from planner.model import HOUR
    from planner.slo.simulate.scenarios import standard

    begin = FIRST_DAY + round(arguments.at * HOUR)
    everything = standard(begin, round(arguments.hours * HOUR), arguments.share)
    return [one for one in everything if arguments.scenario in {None, one.name}]


def _play(scenario: Scenario, found: Promises, traffic: Traffic, arguments: argparse.Namespace) -> bool:
    """Whether promtool, where it was asked, had it the same."""
    from random import Random

    from planner.slo.simulate import said
    from planner.slo.simulate.confirm import BEFORE_MS as CONFIRMED_MS
    from planner.slo.simulate.timeline import ledgers, timeline

    before = CONFIRMED_MS if arguments.confirm else None
    kept = ledgers(scenario, found.slos, traffic, Random(arguments.seed), before)
    lines = timeline(scenario, found.slos, kept)
    if not arguments.json:
        print(said.heading(scenario))
        print("\n".join([said.heads(), *(said.line(one, scenario) for one in lines)]) if lines else "  no alert fires")
    for one in lines if arguments.json else ():
        print(json.dumps(said.line_as_json(one, scenario), ensure_ascii=False))
    if not arguments.confirm:
        return True
    from planner.slo.simulate.confirm import test_file

    touched = [slo for slo in found.slos if kept[slo.id].bads]
    names = [f"slo-{slo.id}.rules.yml" for slo in touched]
    return _confirm(test_file(scenario, touched, kept, lines, names), found)


def _confirm(test: str, found: Promises) -> bool:
    """Run promtool on the very rules that ``slo generate`` writes."""
    import shutil
    import subprocess
    from tempfile import TemporaryDirectory

    from planner.slo.generate import files
    from planner.slo.simulate.confirm import at_leisure

    promtool = shutil.which("promtool")
    if promtool is None:
        print("planner: promtool is not there to confirm it: install prometheus", file=sys.stderr)
        return False
    with TemporaryDirectory() as folder:
        for path, text in files(found).items():
            if path.endswith(".rules.yml"):
                (Path(folder) / path).write_text(at_leisure(text), encoding="utf-8")
        (Path(folder) / "scenario.test.yml").write_text(test, encoding="utf-8")
        ran = subprocess.run(  # noqa: S603  # a program found on the path, and a file of our own
            [promtool, "test", "rules", "scenario.test.yml"], cwd=folder, capture_output=True, text=True, check=False
        )
    print("  promtool: the same" if ran.returncode == 0 else f"  promtool differs:\n{ran.stdout}{ran.stderr}")
    return ran.returncode == 0


def _explained(scenario: str | None) -> None:
    from planner.slo.simulate import said

    print()
    for line in (
        *(said.LEGEND if scenario != "year" else ()),
        *(said.YEAR_LEGEND if scenario in {None, "year"} else ()),
    ):
        print(line)


def _year(found: Promises, traffic: Traffic, arguments: argparse.Namespace) -> None:
    from random import Random

    from planner.model import HOUR
    from planner.slo.figures import percent
    from planner.slo.simulate import peers, said, year
    from planner.slo.simulate.scenarios import dead, unreachable

    alarms = year.alarms(found.slos, traffic, arguments.rate, range(arguments.seed, arguments.seed + arguments.years))
    if arguments.json:
        print("\n".join(json.dumps(one, ensure_ascii=False) for one in said.alarms_as_json(alarms)))
    else:
        print(f"year: {arguments.years} of them in which {percent(arguments.rate)} of everything fails by chance")
        print("\n".join(said.alarms(alarms)))
    for make, about in ((dead, "the process is dead"), (unreachable, "Telegram cannot be reached")):
        ways = [make(at, round(arguments.hours * HOUR)) for at in year.starts(FIRST_DAY, OUTAGES)]
        ours = year.outages(ways, found.slos, traffic, Random(arguments.seed))
        rows = {f"ours, by {by}": paged for by, paged in ours.items()}
        for name in peers.PEERS:
            rows[name] = year.peers_outages(name, ways, found.slos[0], traffic, Random(arguments.seed))
        if not arguments.json:
            print(f"  {'paged at the latest after':32} {'by day':>14} {'by night':>16}   {about}, {OUTAGES} times")
        for name, paged in rows.items():
            if arguments.json:
                print("\n".join(json.dumps(one) for one in said.paged_as_json(name, about, paged)))
            else:
                print(said.paged(name, paged))
