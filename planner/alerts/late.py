"""What could not be told in time: it waits until it can be, and then is told as things stand by then, in few messages.

Were it left among the answers, an outage of Telegram's would end in a pile of messages that contradict each other: that
something is broken, that something graver is, and that both are over.
"""

from __future__ import annotations

from planner.alert_texts import DOWN, UNREACHED
from planner.model import MINUTE
from planner.store import Tx
from planner.store.alert_messages import AlertMessage, What
from planner.store.alerts import Raised

HINDERED = (UNREACHED, DOWN)
TOGETHER = "told with its beginning"
LATE_MS = 5 * MINUTE
"""What is told within so long needs no word on why it comes so late."""


def held_up(tx: Tx) -> bool:
    """Whether anything that an admin has to hear is among the answers still."""
    return bool(tx.alert_messages.owed_ones())


def take_back(tx: Tx, cause: str) -> None:
    """What is owed and not sent waits again, for ``cause`` to pass."""
    owed = tx.alert_messages.owed_ones()
    begun = {(one.alert_id, one.user_id) for one in owed if one.what is What.FIRING}
    for one in owed:
        if one.answer_id is not None:
            tx.inbox.withdraw(one.answer_id)
        if one.what is What.RESOLVED and (one.alert_id, one.user_id) in begun:
            tx.alert_messages.drop(one, TOGETHER)
        else:
            tx.alert_messages.take_back(one, cause)


def is_late(message: AlertMessage, raised: Raised, now: int) -> bool:
    """Whether it has to be said why it is told only now."""
    if message.cause not in HINDERED:
        return False
    fired_at, over_at = raised.alert.fired_at or now, raised.alert.resolved_at
    happened_at = fired_at if message.what is What.FIRING else over_at or now
    return now - happened_at > LATE_MS or (message.what is What.FIRING and over_at is not None)
