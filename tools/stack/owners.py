"""Whom the alerts of a bot on this machine are told to: those who own it, as the bot itself has it."""

from __future__ import annotations

from dataclasses import dataclass

from planner.config import LOCAL_TOKEN, Address
from planner.slo.generate import routes
from planner.store.opening import StoreError, snapshot
from planner.store.settings import OWNER, of_bot
from planner.store.settings import Settings as Kept
from tools.stack.render import Telegram
from tools.stack.settings import Settings

WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "::1"}
"""What is asked of one that listens everywhere."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Who has claimed the bot, if anybody; ``fault``: why that cannot be read."""

    owner: int | None
    fault: str = ""


def beside(settings: Settings) -> Telegram:
    """Whom the bot's own alerts would reach: those who own it, on its local chat where it has no token.

    They are its admins, whom else ``PLANNER_USERS`` names, or else who has claimed it, which stands in its database.
    Nobody, where there are none or the database cannot be read.
    """
    bot = settings.bot
    token = bot.token or LOCAL_TOKEN
    api = (bot.bot_api or routes.TELEGRAM_API) if bot.token else f"http://{reached(bot.http)}"
    told = set(bot.admins or bot.users or ())
    if claimable(settings) and (owner := claim(settings).owner) is not None:
        told.add(owner)
    return Telegram(token, tuple(sorted(told)), api)


def contained(settings: Settings) -> Telegram | None:
    """The same for an Alertmanager in a container, which reaches no local chat of this machine."""
    return beside(settings) if settings.bot.token else None


def claimable(settings: Settings) -> bool:
    """Whether the bot belongs to whoever claims it: the host has named nobody who may use it, nor let in everybody."""
    return settings.bot.users is not None and not settings.bot.users


def claim(settings: Settings) -> Claim:
    """Who has claimed the bot, as its database has it."""
    bot_id = int((settings.bot.token or LOCAL_TOKEN).partition(":")[0])
    try:
        with snapshot(settings.bot.db) as connection:
            found = Kept(connection).get(of_bot(OWNER, bot_id))
    except StoreError as error:
        return Claim(None, str(error))
    return Claim(None if found is None else int(found))


def reached(address: Address) -> str:
    """``host:port`` at which it is asked on this machine."""
    host = WILDCARDS.get(address.host, address.host)
    return f"[{host}]:{address.port}" if ":" in host else f"{host}:{address.port}"
