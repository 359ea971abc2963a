"""Who answers which command, button and open question: the table of contents of the chat."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from planner.chat import (
    add,
    card,
    edit,
    export,
    find,
    forwarded,
    guided,
    help_,
    people,
    picker,
    privacy,
    readings,
    remind,
    restore,
    scope,
    settings,
    start,
    views,
    wishes,
    zones,
)
from planner.chat.talk import Talk

COMMANDS: Mapping[str, Callable[[Talk, str], None]] = {
    "start": start.start,
    "help": help_.help_,
    "add": guided.add_,
    "today": views.today,
    "tomorrow": views.tomorrow,
    "week": views.week,
    "agenda": views.agenda,
    "find": find.find,
    "plan": views.plan,
    "settings": settings.settings,
    "cancel": help_.cancel,
    "privacy": privacy.privacy,
    "export": export.export,
    "forget": privacy.forget,
    "invite": people.invite,
    "people": people.people,
}
"""What follows the slash, and who answers it with the rest of the line."""

BUTTONS: Mapping[str, Callable[..., None]] = {
    "agenda": views.agenda_page,
    "find": find.page,
    "picture": views.picture,
    "card": card.show,
    "change": edit.change,
    "field": edit.field,
    "give": edit.give,
    "scope": scope.chosen,
    "skip": card.skip,
    "delete": card.delete,
    "remove": card.remove_button,
    "keep": card.keep,
    "undo": card.undo,
    "choose": readings.choose,
    "days": picker.open_,
    "pick": picker.press,
    "words": forwarded.words,
    "which": wishes.which,
    "done": remind.done,
    "snooze": remind.snooze,
    "later": remind.later,
    "undone": remind.undone,
    "zone": zones.choose,
    "zones": zones.ask,
    "set": settings.menu,
    "put": settings.put,
    "nothing": help_.cancel_button,
    "help": help_.chapter,
    "export": export.export,
    "forget": privacy.forget,
    "forgotten": privacy.forgotten,
    "unload": restore.unload,
    "people": people.show,
    "dismiss": people.dismiss,
    "dismissed": people.dismissed,
}
"""The first word of a button's data, and who is called with the others."""

QUESTIONS: Mapping[str, Callable[[Talk, Mapping[str, object]], bool]] = {
    "later": remind.answer,
    "change": edit.answer,
    "field": edit.answer_field,
    "name": guided.answer_name,
    "title": add.answer_title,
    "time": guided.answer_time,
    "zone": zones.answer,
    "find": find.answer,
    "plan": settings.answer_plan,
    "leads": settings.answer_leads,
    "quiet": settings.answer_quiet,
    "forget": help_.unpressed,
    "dismiss": help_.unpressed,
}
"""Open questions by name; each says whether the message answered it."""
