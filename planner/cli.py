"""The command line. Results go to stdout, everything else to stderr; exit 0, 1 (a negative answer) or 2 (wrong use).

Nothing heavy is imported before it is known to be needed: ``--help`` loads neither aiogram nor aiohttp.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from collections.abc import Callable, Coroutine, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from planner import __version__, slo_commands
from planner.clock import SystemClock, host_zone
from planner.command import ENV_FILE, EXITS, NO, OK, WRONG, command, group, json_flag
from planner.command import settings as given
from planner.config import TABLE, SettingError, Settings, telemetry_settings, unused
from planner.slo.objectives import SloError
from planner.store.opening import StoreError

if TYPE_CHECKING:
    from planner.telemetry.setup import Running


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    arguments = _parser().parse_args(argv)
    run: Callable[[argparse.Namespace], int] = arguments.command
    try:
        return run(arguments)
    except SettingError as error:
        for line in error.lines:
            print(f"planner: {line}", file=sys.stderr)
        return WRONG
    except (StoreError, SloError) as error:
        print(f"planner: {error}", file=sys.stderr)
        return NO
    except BrokenPipeError:
        return NO
    except KeyboardInterrupt:
        return NO


def _parser() -> argparse.ArgumentParser:
    settings = "\n".join(f"  {one.name:27}{one.about} (default: {one.default or 'none'})" for one in TABLE.values())
    parser = argparse.ArgumentParser(
        prog="planner.py",
        description="A self-hosted Telegram planner that proves it reminded you on time.",
        epilog=f"{EXITS}\n\nSettings, from the environment or a file .env:\n{settings}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=__version__)
    parser.set_defaults(command=_run)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    command(commands, "run", _run, "run the bot (what happens without a command)")
    parse = command(
        commands, "parse", _parse, "say how phrases are understood; without TEXT, a phrase a line from stdin"
    )
    parse.add_argument("text", nargs="*", metavar="TEXT", help="words of one phrase")
    parse.add_argument("--now", metavar="ISO", help="the instant it is said at, such as 2026-11-21T10:00:00+01:00")
    parse.add_argument("--tz", metavar="ZONE", default=None, help="IANA zone (default: this machine's)")
    parse.add_argument("--lang", default="en", help="language it is most likely in (default: en)")
    json_flag(parse)
    expand = command(commands, "expand", _expand, "show a calendar's occurrences, as the planner reads them")
    expand.add_argument("calendar", metavar="FILE-OR-URL", help="an .ics file, an address, or - for stdin")
    expand.add_argument("--from", metavar="ISO", dest="begin", help="date or time from which on (default: now)")
    expand.add_argument("--to", metavar="ISO", dest="end", help="date or time before which (default: 30 days later)")
    expand.add_argument("--tz", metavar="ZONE", default=None, help="IANA zone (default: this machine's)")
    expand.epilog = "Exit 0: all was read; 1: the calendar, or some of its events, was not; 2: wrong use or setting."
    json_flag(expand)
    slo = group(commands, "slo", "the promises: what is kept and what is not")
    for one in slo_commands.ALL:
        one.add(slo)
    command(commands, "localchat", _localchat, "run the local chat's server alone")
    json_flag(command(commands, "doctor", _doctor, "check settings, database, disk, clock, token and network"))
    backup = command(commands, "backup", _backup, "copy the database, also while the bot runs")
    backup.add_argument("file", type=Path, metavar="FILE", help="where to; must not exist")
    json_flag(backup)
    restore = command(commands, "restore", _restore, "put a backup in the database's place; the bot must not run")
    restore.add_argument("file", type=Path, metavar="FILE", help="the backup")
    json_flag(restore)
    return parser


def _run(_: argparse.Namespace) -> int:
    def server(settings: Settings, running: Running) -> Coroutine[object, object, None]:
        from planner import app, promises

        return app.run(settings, promises.load().slos, _say, running)

    return _serve(server, exports=True)


def _localchat(_: argparse.Namespace) -> int:
    from planner import app

    return _serve(lambda settings, _: app.serve_local_chat(settings, _say), exports=False)


def _serve(server: Callable[[Settings, Running], Coroutine[object, object, None]], *, exports: bool) -> int:
    """Run a server until it is told to stop, with its log, and with what it exports of telemetry."""
    import asyncio

    from planner.telemetry import logs, setup
    from planner.telemetry.redact import secrets_of_exporters
    from planner.web import CannotStartError

    settings = given()
    exporting = telemetry_settings(os.environ, ENV_FILE) if exports else {}
    secrets = (*settings.secrets, *secrets_of_exporters(exporting))
    log = logs.set_up(settings.log_level, secrets=secrets)
    if line := unused(os.environ, ENV_FILE):
        logging.getLogger(__name__).warning("settings.unused", extra={"cause": line})
    running = None
    try:
        running = setup.start(
            exporting,
            wall=SystemClock(),
            random=Random(),
            secrets=secrets,
            version=__version__,
            instance=setup.instance(settings.token, settings.db),
            environment=setup.environment(settings.token),
        )
        running.telemetry.metrics.watch(log.readings)
        asyncio.run(server(settings, running))
    except CannotStartError as error:
        print(f"planner: {error}", file=sys.stderr)
        return NO
    finally:
        if running is not None:
            running.stop()
        log.close()
    return OK


def _say(text: str) -> None:
    print(text, flush=True)


def _parse(arguments: argparse.Namespace) -> int:
    from planner.when import understand
    from planner.when.command import as_json, as_text

    zone = arguments.tz or host_zone()
    try:
        now = _instant(arguments.now, zone)
    except (ValueError, KeyError, OSError) as error:
        print(
            f"planner: --now or --tz: {error}; an example: --now 2026-11-21T10:00 --tz Europe/Berlin", file=sys.stderr
        )
        return WRONG
    sure = True
    for text in _phrases(arguments.text):
        phrase = understand(text, now=now, zone=zone, lang=arguments.lang)
        print(json.dumps(as_json(phrase), ensure_ascii=False) if arguments.json else as_text(phrase), flush=True)
        sure = sure and phrase.status == "ok"
    return OK if sure else NO


def _phrases(words: list[str]) -> Iterable[str]:
    return [" ".join(words)] if words else (line.rstrip("\n") for line in sys.stdin)


def _instant(text: str | None, zone: str) -> int:
    local = ZoneInfo(zone)
    if text is None:
        return SystemClock().now()
    moment = datetime.fromisoformat(text)
    return round((moment if moment.tzinfo else moment.replace(tzinfo=local)).timestamp() * 1_000)


def _expand(arguments: argparse.Namespace) -> int:
    from planner import expand

    settings = given()
    try:
        asked = expand.window(arguments.begin, arguments.end, arguments.tz or host_zone(), SystemClock().now())
    except ValueError as error:
        example = "an example: --from 2026-11-21 --to 2026-12-01T10:00 --tz Europe/Berlin"
        print(f"planner: --from, --to or --tz: {error}; {example}", file=sys.stderr)
        return WRONG
    try:
        instances, faulty = expand.occurrences(expand.content(arguments.calendar, settings), asked, settings)
    except expand.CannotReadError as error:
        print(f"planner: {error}", file=sys.stderr)
        return NO
    for one in instances[: expand.OCCURRENCES_MAX]:
        print(expand.as_json(one, asked.zone) if arguments.json else expand.as_text(one, asked.zone), flush=True)
    for line in expand.faults(instances, faulty):
        print(f"planner: {line}", file=sys.stderr)
    return NO if faulty or len(instances) > expand.OCCURRENCES_MAX else OK


def _doctor(arguments: argparse.Namespace) -> int:
    from planner import doctor

    found = doctor.examine(os.environ, ENV_FILE)
    for one in found:
        print(json.dumps(one.as_json(), ensure_ascii=False) if arguments.json else one.as_text())
    return OK if all(one.ok for one in found) else NO


def _backup(arguments: argparse.Namespace) -> int:
    from planner.clock import SystemClock
    from planner.store import backup

    database = given().db
    size = backup.backup(database, arguments.file)
    backup.note(database, SystemClock().now())
    _result(arguments, f"{arguments.file}: {size} bytes", file=str(arguments.file), bytes=size)
    return OK


def _restore(arguments: argparse.Namespace) -> int:
    from planner.store import backup

    database = given().db
    aside = backup.restore(arguments.file, database)
    said = f"{database} is restored" + (f"; what was there is in {aside}" if aside else "")
    _result(arguments, said, database=str(database), aside=str(aside) if aside else None)
    return OK


def _result(arguments: argparse.Namespace, text: str, **fields: object) -> None:
    print(json.dumps(fields, ensure_ascii=False) if arguments.json else text)
