"""Who may use the bot: the ids that are set, or else whoever claims it first; and whom an owner invites.

A stranger is refused once.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from planner.i18n import pick, words
from planner.model import DAY
from planner.store import Tx
from planner.store.settings import OWNER, of_bot
from planner.telegram.incoming import Incoming, Update

CODE = "claim code"
INVITED_FOR_MS = 7 * DAY
"""An invitation holds this long, and once."""


@dataclass(frozen=True, slots=True)
class Access:
    """``users``: who may use the bot, ``None`` is anyone, empty is its owner; ``admins`` always may, as may guests.

    ``local``: the first to write owns it. ``bot_id``: which bot that is, ``name`` its name in links. ``keep_days``: how
    long those who may use it are told that settled reminders are kept. ``public_url``: under which others reach the
    calendars that it publishes, ``None`` where they do not.
    """

    users: frozenset[int] | None
    admins: frozenset[int]
    local: bool
    bot_id: int
    keep_days: int
    name: str = ""
    public_url: str | None = None

    def allows(self, tx: Tx, update: Incoming, now: int) -> bool:
        """Whether the sender may use the bot; one who claims it becomes its owner here, one who is invited a guest."""
        if update.user_id is None:
            return False
        if self._is_free(tx) and self._claim(tx, update):
            return True
        return self.admits(tx, update.user_id) or self._redeem(tx, update, now)

    def admits(self, tx: Tx, user_id: int) -> bool:
        """Whether this user may use the bot as things stand; whether it is on in this group, whose id is negative."""
        if user_id < 0:
            return tx.people.is_guest(self.bot_id, user_id)
        if self.users is None or user_id in self.users | self.admins:
            return True
        return self.owns(tx, user_id) or tx.people.is_guest(self.bot_id, user_id)

    def owns(self, tx: Tx, user_id: int) -> bool:
        """Whether this user says who else may use the bot: an admin, its owner, or whom the host has named instead."""
        return user_id in self.owners(tx)

    def owners(self, tx: Tx) -> frozenset[int]:
        """All who do."""
        named = self.users or frozenset() if not self.admins else frozenset()
        owner = self.owner(tx)
        return self.admins | named | (frozenset() if owner is None else {owner})

    def runs(self, tx: Tx, user_id: int | None) -> bool:
        """Whether somebody runs the bot: turns it on in groups, and manages it there. With ``*`` everybody does."""
        return user_id is not None and (self.users is None or user_id in self.users or self.owns(tx, user_id))

    def owner(self, tx: Tx) -> int | None:
        """Who has claimed the bot, where that makes an owner."""
        found = None if self.users is None or self.users else tx.settings.get(self._key(OWNER))
        return None if found is None else int(found)

    def code(self, tx: Tx) -> str | None:
        """The code that makes its bearer the owner; ``None`` where none is needed."""
        if self.local or not self._is_free(tx):
            return None
        code = tx.settings.get(self._key(CODE))
        if code is None:
            code = secrets.token_urlsafe(12)
            tx.settings.put(self._key(CODE), code)
        return code

    def release(self, tx: Tx, user_id: int) -> bool:
        """Whether the user owned the bot; it is free now, and what they invited to no longer holds."""
        if tx.settings.get(self._key(OWNER)) != str(user_id):
            return False
        tx.settings.drop(self._key(OWNER))
        tx.people.withdraw(self.bot_id)
        return True

    def invite(self, tx: Tx, now: int) -> str:
        """What lets one more person in, once: a link, or what they have to write."""
        code = secrets.token_urlsafe(12)
        tx.people.invite(self.bot_id, code, now + INVITED_FOR_MS)
        return f"/start {code}" if self.local or not self.name else f"https://t.me/{self.name}?start={code}"

    def _is_free(self, tx: Tx) -> bool:
        return self.users is not None and not self.users and tx.settings.get(self._key(OWNER)) is None

    def _claim(self, tx: Tx, update: Incoming) -> bool:
        if update.kind is not Update.MESSAGE:
            return False
        code = tx.settings.get(self._key(CODE))
        if not self.local and (code is None or not secrets.compare_digest(_given(update), code.encode())):
            return False
        tx.settings.put(self._key(OWNER), str(update.user_id))
        tx.settings.drop(self._key(CODE))
        return True

    def _redeem(self, tx: Tx, update: Incoming, now: int) -> bool:
        given = _given(update)
        if update.user_id is None or not given:
            return False
        for code in tx.people.invites(self.bot_id, now):
            if secrets.compare_digest(given, code.encode()):
                tx.people.spend(code)
                tx.people.admit(self.bot_id, update.user_id, now)
                return True
        return False

    def _key(self, what: str) -> str:
        return of_bot(what, self.bot_id)


def _given(update: Incoming) -> bytes:
    """The code that the sender brings."""
    return (update.text or "").removeprefix("/start").strip().encode()


def refuse(tx: Tx, update: Incoming, now: int) -> None:
    """One polite sentence for a stranger, the first time; nothing after that."""
    if update.user_id is None or update.chat_id is None or not tx.users.refuse(update.user_id, now):
        return
    said = _refusal(update, former=tx.users.get(update.user_id) is not None)
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


def _refusal(update: Incoming, *, former: bool) -> str:
    said = words(pick(update.language_code))
    if former:
        return said.t(
            "You can no longer use this planner: its owner has not let you in. /export still gives you all that is"
            " yours, and /forget deletes it."
        )
    return said.t(
        "This is somebody's own planner. Ask them for an invitation, or run one for yourself: it is free software."
    )
