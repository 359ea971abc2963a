"""Who answers which command, button and open question: the table of contents of the chat."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from planner.chat import (
    add,
    alerts,
    calendar_link,
    calendar_settings,
    calendars,
    card,
    edit,
    export,
    fields,
    find,
    forwarded,
    guided,
    health_,
    help_,
    imported,
    many,
    people,
    picker,
    privacy,
    published,
    readings,
    remind,
    restore,
    scope,
    settings,
    slos,
    start,
    undoing,
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
    "calendars": calendar_link.calendars_,
    "settings": settings.settings,
    "undo": undoing.undo_,
    "cancel": help_.cancel,
    "privacy": privacy.privacy,
    "export": export.export,
    "forget": privacy.forget,
    "invite": people.invite,
    "people": people.people,
    "slo": slos.slo,
    "alerts": alerts.alerts,
    "health": health_.health,
}
"""What follows the slash, and who answers it with the rest of the line."""

BUTTONS: Mapping[str, Callable[..., None]] = {
    "agenda": views.agenda_page,
    "find": find.page,
    "picture": views.picture,
    "card": card.show,
    "where": card.where,
    "change": edit.change,
    "field": fields.field,
    "give": fields.give,
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
    "all": many.pressed,
    "restore": undoing.all_,
    "done": remind.done,
    "snooze": remind.snooze,
    "later": remind.later,
    "undone": remind.undone,
    "zone": zones.choose,
    "zones": zones.ask,
    "set": settings.menu,
    "put": settings.put,
    "calendars": calendars.page,
    "calendar": calendars.open_,
    "sync": calendars.sync,
    "report": calendars.report,
    "unlink": calendars.unlink,
    "unlinked": calendars.unlinked,
    "link": calendar_link.ask,
    "instead": calendar_link.instead,
    "tune": calendar_settings.tune,
    "tuned": calendar_settings.tuned,
    "nothing": help_.cancel_button,
    "help": help_.chapter,
    "export": export.export,
    "published": published.published,
    "forget": privacy.forget,
    "forgotten": privacy.forgotten,
    "unload": restore.unload,
    "import": imported.wanted,
    "leave": imported.unwanted,
    "revert": imported.revert,
    "people": people.show,
    "dismiss": people.dismiss,
    "dismissed": people.dismissed,
    "slo": slos.slo,
    "trends": slos.trends,
    "alerts": alerts.alerts,
    "alert": alerts.alert,
    "health": health_.health,
}
"""The first word of a button's data, and who is called with the others."""

QUESTIONS: Mapping[str, Callable[[Talk, Mapping[str, object]], bool]] = {
    "later": remind.answer,
    "change": edit.answer,
    "field": fields.answer_field,
    "name": guided.answer_name,
    "title": add.answer_title,
    "time": guided.answer_time,
    "zone": zones.answer,
    "find": find.answer,
    "plan": settings.answer_plan,
    "leads": settings.answer_leads,
    "quiet": settings.answer_quiet,
    "link": calendar_link.answer,
    "tried": calendar_link.once_more,
    "instead": help_.unpressed,
    "unlink": help_.unpressed,
    "calendar_name": calendar_settings.answer_name,
    "calendar_leads": calendar_settings.answer_leads,
    "forget": help_.unpressed,
    "dismiss": help_.unpressed,
}
"""Open questions by name; each says whether the message answered it."""

BLOCKED, FORGOTTEN, GROUP, MEMBERSHIP, MOVED = "blocked", "forgotten", "group", "membership", "moved"
STRANGER, UNKNOWN, WELCOME = "stranger", "unknown", "welcome"
ADDRESS, DOCUMENT, EDITED, FORWARDED, NO_TEXT = "calendar_address", "document", "edited", "forwarded", "no_text"
QUESTION, REMINDER, REPLY, SMALL_TALK = "question", "reminder_answer", "reply", "small_talk"
SPOKEN_COMMAND, TEXT_EVENT, WISH = "spoken_command", "text_event", "wish"
UNKNOWN_BUTTON, UNKNOWN_COMMAND = "unknown_button", "unknown_command"


def button(verb: str) -> str:
    """What handles such a button, by name."""
    return f"button:{verb}"


def asked(question: str) -> str:
    """What handles the answer to such a question, by name."""
    return f"question:{question}"


HANDLERS = frozenset(
    {
        BLOCKED, FORGOTTEN, GROUP, MEMBERSHIP, MOVED, STRANGER, UNKNOWN, WELCOME, ADDRESS, DOCUMENT, EDITED, FORWARDED,
        NO_TEXT, QUESTION, REMINDER, REPLY, SMALL_TALK, SPOKEN_COMMAND, TEXT_EVENT, WISH, UNKNOWN_BUTTON,
        UNKNOWN_COMMAND, *COMMANDS, *map(button, BUTTONS), *map(asked, QUESTIONS),
    }
)  # fmt: skip
"""All names of what handles updates in the chat: a closed set, so that they can be labels."""
