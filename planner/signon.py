"""Signing on at Telegram: is the token any good, what is the bot called, which commands does it show."""

from __future__ import annotations

from planner.chat.access import Access
from planner.chat.commands import homes, register
from planner.clock import Clock
from planner.config import SettingError
from planner.model import MINUTE, SECOND
from planner.silence import Silence
from planner.store import Store
from planner.telegram.client import Telegram
from planner.telegram.outcomes import Accepted, Halted, Paused

STARTING = "start"
REGISTER_AGAIN_MS = 10 * MINUTE
START_WAITS_MS = (1 * SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 30 * SECOND)


async def name(telegram: Telegram, clock: Clock) -> str:
    """The bot's name at Telegram, waited for as long as that cannot be reached.

    Raises ``SettingError`` for a token that Telegram refuses.
    """
    failures, silence = 0, Silence(clock)
    while True:
        outcome = await telegram.call("getMe")
        if isinstance(outcome, Accepted):
            silence.broken(STARTING)
            found = outcome.result if isinstance(outcome.result, dict) else {}
            await telegram.call("deleteWebhook", {"drop_pending_updates": False})  # with one set, polling is refused
            return str(found.get("username", ""))
        if isinstance(outcome, Halted):
            raise SettingError(
                f"Telegram refuses the token ({outcome.cause}): copy it anew from @BotFather to BOT_TOKEN"
            )
        if not isinstance(outcome, Paused):
            silence.noticed(STARTING, getattr(outcome, "cause", ""))
        wait = START_WAITS_MS[min(failures, len(START_WAITS_MS) - 1)]
        await clock.sleep(max(wait, outcome.retry_after_s * SECOND) if isinstance(outcome, Paused) else wait)
        failures += 1


async def commands(telegram: Telegram, clock: Clock, store: Store, access: Access) -> None:
    """Set the menus, and try until Telegram has taken them."""
    while not await register(telegram, await store.read(lambda tx: homes(tx, access))):
        await clock.sleep(REGISTER_AGAIN_MS)
