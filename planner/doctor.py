"""``doctor``: is everything as it has to be, and if not, what to do about it."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from planner import endpoints, providers
from planner.clock import SystemClock, host_zone
from planner.config import TABLE, SettingError, Settings, read_settings, telemetry_settings
from planner.faults import explained
from planner.finding import Finding
from planner.recur import local_time
from planner.store import Tx
from planner.store.backup import checked_version
from planner.store.figures import Failing
from planner.store.opening import StoreError, connect_readonly, schema_version
from planner.store.opening import explained as readable
from planner.store.schema import MIGRATIONS

FREE_MIN_MB = 100
FAILING_SHOWN = 10
"""Calendars that are named one by one."""
SCHEMA_WITH_FEEDS = 3


def examine(environ: Mapping[str, str], env_file: Path) -> list[Finding]:
    """Look at everything; one failure keeps nothing else from being looked at."""
    try:
        settings = read_settings(environ, env_file)
    except SettingError as error:
        do = "correct that variable in the environment or in .env"
        return [Finding("settings", False, line, do) for line in error.lines]
    checks: list[Callable[[Settings], Finding]] = [_database, _disk, _clock, _token]
    found = [Finding("settings", True, "every setting can be used"), *(check(settings) for check in checks)]
    told = [*endpoints.telemetry(telemetry_settings(environ, env_file)), endpoints.heartbeat(settings)]
    return [*found, *_admins(settings), *_calendars(settings), *_publishing(settings), *told]


def _database(settings: Settings) -> Finding:
    path = settings.db
    if not path.exists():
        writable = os.access(path.parent, os.W_OK)
        return Finding(
            "database",
            writable,
            f"{path} will be made at the first start",
            "" if writable else f"let this user write in {path.parent.absolute()}",
        )
    try:
        version = checked_version(path)
    except StoreError as error:
        return Finding("database", False, str(error), "a backup comes back by: planner.py restore FILE")
    if version > len(MIGRATIONS):
        return Finding("database", False, f"{path} is of a newer planner (schema {version})", "update the planner")
    if not os.access(path, os.W_OK):
        return Finding(
            "database", False, f"{path} cannot be written", "give the file to the user that runs the planner"
        )
    return Finding("database", True, f"{path}, schema {version}, {path.stat().st_size} bytes")


def _disk(settings: Settings) -> Finding:
    free = shutil.disk_usage(settings.db.absolute().parent).free // 2**20
    return Finding(
        "disk",
        free >= FREE_MIN_MB,
        f"{free} MB free beside the database",
        "" if free >= FREE_MIN_MB else "free some space; without any, nothing new can be saved",
    )


def _clock(_: Settings) -> Finding:
    year_2025 = 1_735_689_600_000
    right = SystemClock().now() > year_2025
    return Finding(
        "clock",
        right,
        f"this machine's time zone is {host_zone()}",
        "" if right else "the clock is years behind: set it, and let NTP keep it",
    )


def _token(settings: Settings) -> Finding:
    if settings.token is None:
        return Finding("telegram", True, "no BOT_TOKEN: the bot runs on its local chat")
    return asyncio.run(_ask_telegram(settings, settings.token))


async def _ask_telegram(settings: Settings, token: str) -> Finding:
    from planner.telegram.client import Telegram  # noqa: PLC0415  # slow to import, and only needed here
    from planner.telegram.outcomes import Accepted, Halted  # noqa: PLC0415

    telegram = Telegram(token, base_url=settings.bot_api, clock=SystemClock())
    try:
        outcome = await telegram.call("getMe")
    finally:
        await telegram.close()
    if isinstance(outcome, Accepted):
        name = outcome.result.get("username") if isinstance(outcome.result, dict) else ""
        return Finding("telegram", True, f"the token is that of @{name}")
    if isinstance(outcome, Halted):
        return Finding("telegram", False, "Telegram refuses the token", "copy it anew from @BotFather to BOT_TOKEN")
    return Finding(
        "telegram", False, f"no answer: {outcome.cause}", "check this machine's network; the bot itself waits"
    )


def _calendars(settings: Settings) -> Iterator[Finding]:
    """How the linked calendars are; of an address no more than its host is shown."""
    if not settings.db.exists():
        yield Finding("calendars", True, "none is linked")
        return
    try:
        with closing(connect_readonly(settings.db)) as connection, readable(settings.db):
            if schema_version(connection) < SCHEMA_WITH_FEEDS:
                yield Finding("calendars", True, "none is linked")
                return
            connection.execute("BEGIN")
            figures = Tx(connection).figures
            states, last = figures.feed_states(), figures.last_success()
            failing = figures.failing(FAILING_SHOWN)
    except StoreError as error:
        yield Finding("calendars", False, str(error), "a backup comes back by: planner.py restore FILE")
        return
    linked = states.active + states.failing
    seen = f"{linked} linked: {states.active} active, {states.failing} failing"
    yield Finding(
        "calendars", True, seen + (f"; last success {_time(last)}" if last else "") if linked else "none is linked"
    )
    yield from (_failing(one) for one in failing)
    if states.failing > len(failing):
        yield Finding("calendar", False, f"{states.failing - len(failing)} more are failing", "begin with those above")


def _admins(settings: Settings) -> Iterator[Finding]:
    """Whether those whom alerts are told to have a chat with the bot: Telegram lets no bot write first."""
    named = settings.admins or settings.users or frozenset()
    if settings.alerts != "process" or not named or not settings.db.exists():
        return
    try:
        with closing(connect_readonly(settings.db)) as connection, readable(settings.db):
            if schema_version(connection) != len(MIGRATIONS):
                return
            users = Tx(connection).users
            strangers = [one for one in sorted(named) if users.get(one) is None]
    except StoreError:
        return  # the line on the database says so
    seen = f"{len(named) - len(strangers)} of {len(named)} can be told of alerts"
    if not strangers:
        yield Finding("admins", True, seen)
        return
    who = ", ".join(map(str, strangers[:FAILING_SHOWN]))
    do = f"these have to press Start in the bot's chat, for it cannot write to them first: {who}"
    yield Finding("admins", len(strangers) < len(named), seen, do)


def _failing(one: Failing) -> Finding:
    why = explained(one.outcome, one.fault)
    return Finding("calendar", False, f"{providers.host(one.url)} since {_time(one.since)}: {why.what}", why.do)


def _time(at: int) -> str:
    zone = host_zone()
    return f"{local_time(at, zone):%Y-%m-%d %H:%M} ({zone})"


def _publishing(settings: Settings) -> Iterator[Finding]:
    """Whether PLANNER_PUBLIC_URL and PLANNER_FEED_HTTP make sense together."""
    own = settings.feed_http
    if settings.public_url is None:
        default = TABLE["feed_http"].default
        idle = f"{own.host}:{own.port}" == default
        yield Finding(
            "publishing",
            idle,
            "nobody gets an address of their events" if idle else "PLANNER_FEED_HTTP is set for nobody",
            "" if idle else "set PLANNER_PUBLIC_URL, the address under which others reach it",
        )
        return
    faults = list(_public_faults(urlsplit(settings.public_url)))
    if own == settings.http:
        faults.append(("PLANNER_FEED_HTTP is the address of the health pages", "give it a port of its own"))
    for seen, do in faults:
        yield Finding("publishing", False, seen, do)
    if not faults:
        yield Finding(
            "publishing", True, f"others reach {own.host}:{own.port} under {urlsplit(settings.public_url).netloc}"
        )


def _public_faults(url: SplitResult) -> Iterator[tuple[str, str]]:
    host = url.hostname or ""
    near = _is_near(host)
    if url.username is not None or url.query or url.fragment:
        yield "PLANNER_PUBLIC_URL has more than host and path", "leave out user, password and what follows ? or #"
    if url.scheme == "http" and not near:
        yield f"PLANNER_PUBLIC_URL sends people's events to {host} in the clear", "put https before it, and name that"
    if host == "localhost" or (near and ip_address(host).is_loopback):
        yield "PLANNER_PUBLIC_URL leads other machines to themselves", "name this machine as others reach it"


def _is_near(host: str) -> bool:
    """Whether a host is this machine or one in its own network, by its address."""
    try:
        return not ip_address(host).is_global
    except ValueError:
        return False
