"""What the chat says once an errand is done."""

from __future__ import annotations

from planner.chat.access import Access
from planner.chat.talk import Talk
from planner.store import Tx
from planner.store.errands import Errand
from planner.telegram.incoming import Incoming, Update


def talk_of(tx: Tx, errand: Errand, access: Access, now: int) -> Talk | None:
    """The talk in which the errand was asked for, to be gone on with; ``None`` when its user is gone."""
    user = tx.users.get(errand.user_id)
    if user is None:
        return None
    update = Incoming(
        errand.update_id,
        kind=Update.MESSAGE,
        chat_id=user.chat_id,
        chat_type="private",
        user_id=user.id,
        date_ms=errand.said_at,
    )
    return Talk(tx, now, update, user, access)
