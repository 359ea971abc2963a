"""Why the bot's admins would not be told of an alert in Telegram, or on the local chat, and what to do about it."""

from __future__ import annotations

import os
from dataclasses import dataclass

from tools.stack import owners
from tools.stack.settings import Settings

ADMINS = "PLANNER_ADMINS in .env to the Telegram ids of those who look after it"


@dataclass(frozen=True, slots=True)
class Silence:
    """``lacks``: in a few words what is missing; ``do``: the same, and what to do, in sentences."""

    lacks: str
    do: str


def of(settings: Settings, *, contained: bool) -> Silence | None:
    """``None``: there is somebody to tell. ``contained``: Alertmanager runs in a container."""
    telling = owners.contained(settings) if contained else owners.beside(settings)
    if telling is not None and telling.chats:
        return None
    return _contained(settings) if contained else _beside(settings)


def _contained(settings: Settings) -> Silence:
    known = f"{ADMINS} (where PLANNER_DB is here, whoever has claimed the bot is known)"
    if settings.bot.token:
        return Silence("PLANNER_ADMINS", f"Set {known}, then `make stack`.")
    if owners.beside(settings).chats:
        return Silence("BOT_TOKEN", "Set BOT_TOKEN in .env, then `make stack`.")
    return Silence("BOT_TOKEN and PLANNER_ADMINS", f"Set BOT_TOKEN in .env, and {known}, then `make stack`.")


def _beside(settings: Settings) -> Silence:
    """Who has claimed a bot is read again at a SIGHUP; settings are not."""
    if not owners.claimable(settings):
        return Silence("PLANNER_ADMINS", f"Set {ADMINS}, and start this again.")
    again = f"`kill -HUP {os.getpid()}`"
    fault, local = owners.claim(settings).fault, not settings.bot.token
    become = (f"somebody has written anything in its chat at http://{owners.reached(settings.bot.http)}" if local else
              "somebody has opened the one-time link that it says when it starts")  # fmt: skip
    if fault:
        return Silence(
            "its database cannot be read",
            f"Whose the bot is cannot be read: {fault}. Once it can, and {become}: {again}. Or set {ADMINS}, and start"
            " this again.",
        )
    if local:
        return Silence(
            "nobody has written to it", f"The bot is nobody's yet. Once {become}: {again}, or start this again."
        )
    return Silence(
        "nobody has claimed the bot",
        f"The bot is nobody's yet. Once {become}: {again}. Or set {ADMINS}, and start this again.",
    )
