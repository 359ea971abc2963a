"""Who may use the bot: the ids that are set, or else whoever claims it first; a stranger is refused once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from planner.i18n import pick, words
from planner.store import Tx
from planner.telegram.incoming import Incoming, Update

CODE = "claim code"
OWNER = "owner"
"""Both are kept with the bot's id: who owns the local chat's bot does not own the one on Telegram."""


@dataclass(frozen=True, slots=True)
class Access:
    """``users``: who may use the bot, ``None`` is anyone, empty is its owner; ``admins`` always may.

    ``local``: the first to write owns it. ``bot_id``: which bot that is.
    """

    users: frozenset[int] | None
    admins: frozenset[int]
    local: bool
    bot_id: int

    def allows(self, tx: Tx, update: Incoming) -> bool:
        """Whether the sender may use the bot; one who claims it becomes its owner here."""
        if update.user_id is None:
            return False
        if self.admits(tx, update.user_id):
            return True
        return not self.users and tx.settings.get(self._key(OWNER)) is None and self._claim(tx, update)

    def admits(self, tx: Tx, user_id: int) -> bool:
        """Whether this user may use the bot as things stand."""
        if self.users is None or user_id in self.users | self.admins:
            return True
        return not self.users and tx.settings.get(self._key(OWNER)) == str(user_id)

    def code(self, tx: Tx) -> str | None:
        """The code that makes its bearer the owner; ``None`` where none is needed."""
        if self.users or self.users is None or self.local or tx.settings.get(self._key(OWNER)) is not None:
            return None
        code = tx.settings.get(self._key(CODE))
        if code is None:
            code = secrets.token_urlsafe(12)
            tx.settings.put(self._key(CODE), code)
        return code

    def _claim(self, tx: Tx, update: Incoming) -> bool:
        given = (update.text or "").removeprefix("/start").strip()
        code = tx.settings.get(self._key(CODE))
        if not self.local and (code is None or not secrets.compare_digest(given.encode(), code.encode())):
            return False
        tx.settings.put(self._key(OWNER), str(update.user_id))
        tx.settings.drop(self._key(CODE))
        return True

    def _key(self, what: str) -> str:
        return f"{what}:{self.bot_id}"


def refuse(tx: Tx, update: Incoming, now: int) -> None:
    """One polite sentence for a stranger, the first time; nothing after that."""
    said = words(pick(update.language_code)).t(
        "This is somebody's own planner, so I cannot help you here. You can run one for yourself: it is free software."
    )
    if update.user_id is None or update.chat_id is None or not tx.users.refuse(update.user_id, now):
        return
    if update.kind is Update.CALLBACK:
        tx.inbox.owe(
            update.update_id,
            update.chat_id,
            "answerCallbackQuery",
            {"callback_query_id": update.callback_id, "text": said, "show_alert": True},
            now,
        )
    else:
        tx.inbox.owe(update.update_id, update.chat_id, "sendMessage", {"text": said}, now)
