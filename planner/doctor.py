"""``doctor``: is everything as it has to be, and if not, what to do about it."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from planner.clock import SystemClock, host_zone
from planner.config import SettingError, Settings, read_settings
from planner.store.backup import checked_version
from planner.store.db import StoreError
from planner.store.schema import MIGRATIONS

FREE_MIN_MB = 100


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, whether it is well, what was seen, and what to do if not."""

    name: str
    ok: bool
    seen: str
    do: str = ""

    def as_json(self) -> dict[str, object]:
        return asdict(self)

    def as_text(self) -> str:
        mark = "ok  " if self.ok else "FAIL"
        return f"{mark}  {self.name:10} {self.seen}" + (f"\n      → {self.do}" if self.do else "")


def examine(environ: Mapping[str, str], env_file: Path) -> list[Finding]:
    """Look at everything; one failure keeps nothing else from being looked at."""
    try:
        settings = read_settings(environ, env_file)
    except SettingError as error:
        do = "correct that variable in the environment or in .env"
        return [Finding("settings", False, line, do) for line in error.lines]
    checks: list[Callable[[Settings], Finding]] = [_database, _disk, _clock, _token]
    return [Finding("settings", True, "every setting can be used"), *(check(settings) for check in checks)]


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
