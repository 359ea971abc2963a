"""Which subject an update belongs to. Everybody passes the same door first."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from planner import service
from planner.chat import (
    access,
    add,
    asks,
    calendar_link,
    calendars,
    card,
    documents,
    edited,
    elsewhere,
    forwarded,
    groups,
    help_,
    remind,
    small_talk,
    start,
    wishes,
    zones,
)
from planner.chat.overseen import Overseen
from planner.chat.routes import (
    ADDRESS,
    BLOCKED,
    BUTTONS,
    COMMANDS,
    DOCUMENT,
    EDITED,
    FORGOTTEN,
    FORWARDED,
    GROUP,
    MEMBERSHIP,
    MOVED,
    NO_TEXT,
    QUESTION,
    QUESTIONS,
    REMINDER,
    REPLY,
    SMALL_TALK,
    SPOKEN_COMMAND,
    STRANGER,
    TEXT_EVENT,
    UNKNOWN,
    UNKNOWN_BUTTON,
    UNKNOWN_COMMAND,
    WELCOME,
    WISH,
    asked,
    button,
)
from planner.chat.talk import ForeignError, StaleError, Talk
from planner.i18n import pick, words
from planner.journeys import Handled
from planner.model import DAY, User
from planner.store import Tx
from planner.telegram.incoming import Incoming, Update

NAME_MAX = 64
FORMER = re.compile(r"/(privacy|export|forget)(@\w+)?\s*$|(privacy|export|forget|forgotten|nothing)(:\d+)?$")
"""What those may still say and press who may no longer use the bot."""


@dataclass(frozen=True, slots=True)
class Router:
    """Handles one update inside a transaction. ``default_zone`` is assumed for whoever has not told theirs.

    ``overseen``: what owners may ask about the planner itself.
    """

    access: access.Access
    default_zone: str
    overseen: Overseen = field(default_factory=Overseen)

    @property
    def _door(self) -> groups.Door:
        return groups.Door(self.access, self.default_zone, COMMANDS.keys())

    def __call__(self, tx: Tx, update: Incoming, now: int, handled: Handled) -> None:
        """``handled`` is told what handles it: one of ``routes.HANDLERS``."""
        handled.handler = MOVED
        if self._door.moved(tx, update):
            return
        if update.kind is Update.BLOCKED and update.chat_id is not None:
            handled.handler = BLOCKED
            tx.users.freeze(update.chat_id)
            return
        if update.chat_type in groups.TYPES:
            handled.handler = GROUP
            talk = self._door.enter(tx, update, now, handled)
            if talk is not None:
                _converse(talk)
            elif handled.outcome == "ok" and not tx.news.answers:
                handled.outcome = "ignored"
            return
        if update.kind is Update.OTHER or update.chat_type != "private" or update.user_id is None:
            handled.handler, handled.outcome = UNKNOWN, "ignored"
            return
        handled.handler = STRANGER
        if self.access.allows(tx, update, now):
            self._serve(tx, update, now, handled)
        elif not self._serve_former(tx, update, now, handled):
            groups.stranger(handled)
            access.refuse(tx, update, now)

    def _serve(self, tx: Tx, update: Incoming, now: int, handled: Handled) -> None:
        handled.handler = WELCOME
        if update.kind is not Update.MESSAGE and tx.users.get(update.user_id or 0) is None:
            handled.handler = FORGOTTEN
            _leave(tx, update, now)
            return
        user, new = self._user(tx, update, now)
        talk = Talk(tx, now, update, user, self.access, handled, self.overseen)
        if new and update.kind is Update.MESSAGE and update.document is None and not talk.text.startswith("/start"):
            start.hello(talk)
            if not (add.says_when(talk) or small_talk.commands(talk.text)):
                talk.say(zones.question(talk))
                return
        _converse(talk)

    def _serve_former(self, tx: Tx, update: Incoming, now: int, handled: Handled) -> bool:
        """Whether it was something that those whom the bot no longer serves may ask: what is theirs stays theirs."""
        user = tx.users.get(update.user_id or 0)
        asked = FORMER.match((update.data if update.kind is Update.CALLBACK else update.text) or "")
        if user is None or asked is None or update.chat_id != user.chat_id:
            return False
        _converse(Talk(tx, now, update, user, self.access, handled))
        return True

    def _user(self, tx: Tx, update: Incoming, now: int) -> tuple[User, bool]:
        """The sender as a user, thawed; made one where they are new. A button does not say which chat is theirs."""
        assert update.user_id is not None
        assert update.chat_id is not None
        name = (update.first_name or "")[:NAME_MAX]
        pressed = update.kind is Update.CALLBACK
        user = tx.users.get(update.user_id)
        if user is None:
            chat_id = update.user_id if pressed else update.chat_id
            lang, zone = pick(update.language_code), self.default_zone
            return service.welcome(tx, update.user_id, chat_id, name, lang, zone, now), True
        current = replace(user, chat_id=user.chat_id if pressed else update.chat_id, name=name, frozen=False)
        if current != user:
            tx.users.save(current)
        return current, False


def _leave(tx: Tx, update: Incoming, now: int) -> None:
    """Nobody becomes a user by pressing a button or editing a message: who was forgotten stays so until they write."""
    if update.kind is Update.CALLBACK and update.chat_id is not None:
        text = words(pick(update.language_code)).t("This button no longer works. Write to me again instead.")
        shown: dict[str, object] = {"callback_query_id": update.callback_id, "text": text, "show_alert": True}
        tx.inbox.owe(update.update_id, update.chat_id, "answerCallbackQuery", shown, now)


def _converse(talk: Talk) -> None:
    match talk.update.kind:
        case Update.CALLBACK:
            _button(talk)
        case Update.EDITED:
            _written(talk, _edited)
        case Update.MESSAGE:
            _written(talk, _message)
        case _:
            talk.handled.handler = MEMBERSHIP


def _written(talk: Talk, handler: Callable[[Talk], None]) -> None:
    try:
        handler(talk)
    except (card.GoneError, card.UnknownError):
        talk.tx.users.ask(talk.user.id, None)
        talk.say(talk.words.t("That event was deleted meanwhile."))
    except calendars.RemovedError:
        talk.tx.users.ask(talk.user.id, None)
        talk.say(calendars.removed(talk))
    except service.ElsewhereError as error:
        elsewhere.where(talk, error.event)


def _button(talk: Talk) -> None:
    verb, *arguments = (talk.update.data or "").split(":")
    handler = BUTTONS.get(verb)
    talk.handled.handler = UNKNOWN_BUTTON if handler is None else button(verb)
    try:
        if handler is None:
            raise ValueError("no such button")
        if talk.update.chat_id != talk.user.chat_id:
            raise ForeignError("not this user's")
        handler(talk, *arguments)
    except card.MovedError:
        talk.toast(talk.words.t("That one was moved, left out or deleted meanwhile."), alert=True)
    except card.GoneError:
        talk.toast(talk.words.t("That event was deleted meanwhile."), alert=True)
    except calendars.RemovedError as error:
        _count(talk, error)
        talk.toast(calendars.removed(talk), alert=True)
    except service.ElsewhereError as error:
        elsewhere.where(talk, error.event)
    except (ValueError, TypeError, OverflowError) as error:
        _count(talk, error)
        talk.toast(talk.words.t("This button no longer works. Write to me again instead."), alert=True)
    talk.toast()


def _count(talk: Talk, error: Exception) -> None:
    """What nobody was shown is tried by somebody: a button that was never made, or that is another's."""
    if isinstance(error, ForeignError):
        talk.handled.refusals.append("foreign_button")
    elif not isinstance(error, StaleError | card.UnknownError | calendars.RemovedError):
        talk.handled.refusals.append("forged_button")


def _edited(talk: Talk) -> None:
    """Its event follows an edited message; one that has made none is read as if it were new, for a day."""
    if _tries(talk, EDITED, edited.answered):
        return
    if talk.now - talk.said_at < DAY:
        _message(talk)
    else:
        talk.handled.outcome = "ignored"


def _tries(talk: Talk, name: str, answers: Callable[[Talk], bool]) -> bool:
    """Whether it answers; so long it is what handles the update."""
    talk.handled.handler = name
    return answers(talk)


def _message(talk: Talk) -> None:
    if _tries(talk, FORWARDED, forwarded.forward):
        return
    command = re.match(r"/([^\W\d]\w*)(?:@\w+)?(?:\s+(.*))?$", talk.text, re.DOTALL)
    if command:
        _command(talk, command[1].lower(), (command[2] or "").strip())
        return
    document = talk.update.document if talk.update.content == "document" else None
    if document is not None and (documents.is_ours(document) or not talk.text.strip()):
        talk.handled.handler = DOCUMENT
        documents.received(talk, document)
        return
    if not talk.text.strip():
        talk.handled.handler = NO_TEXT
        help_.only_text(talk)
        return
    if _tries(talk, REMINDER, remind.answered) or _tries(talk, REPLY, forwarded.reply) or _asked(talk):
        return
    if not any(_tries(talk, name, answers) for name, answers in IN_WORDS):
        talk.handled.handler = TEXT_EVENT
        add.phrase(talk)


def _command(talk: Talk, name: str, rest: str) -> None:
    talk.tx.users.ask(talk.user.id, None)
    talk.handled.handler = name if name in COMMANDS else UNKNOWN_COMMAND
    COMMANDS.get(name, help_.unknown)(talk, rest)


def _asked(talk: Talk) -> bool:
    """Whether it answers the open question, or breaks it off."""
    question = talk.tx.users.asked(talk.user.id)
    what = str(question.get("what"))
    if question and what != "again" and _tries(talk, SMALL_TALK, small_talk.gave_up):
        return True
    if what != "field" and _tries(talk, ADDRESS, calendar_link.pasted):
        return True
    handler = QUESTIONS.get(what)
    if handler is None or small_talk.interrupts(talk, question):
        return False
    return _tries(talk, asked(what), lambda talk: handler(talk, question))


IN_WORDS: tuple[tuple[str, Callable[[Talk], bool]], ...] = (
    (SMALL_TALK, small_talk.answered),
    (SPOKEN_COMMAND, small_talk.commanded),
    (QUESTION, asks.answered),
    (WISH, wishes.answered),
)
"""What a message may be before it is an event."""
