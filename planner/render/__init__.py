"""From data to what a reader sees: rich text without markup, messages, and time in words. Pure."""

from planner.render.message import Button, Message, as_params
from planner.render.repeat import recurrence, repeats
from planner.render.text import (
    MAX_ENTITIES,
    MAX_UNITS,
    Entity,
    Text,
    bold,
    code,
    cut,
    fill,
    italic,
    join,
    link,
    moment,
    pages,
    plain,
    say,
    shorten,
    units,
)
from planner.render.times import clock_time, day, duration, how_late, short_span, span, when, zone_name
from planner.render.words import Words

__all__ = [
    "MAX_ENTITIES",
    "MAX_UNITS",
    "Button",
    "Entity",
    "Message",
    "Text",
    "Words",
    "as_params",
    "bold",
    "clock_time",
    "code",
    "cut",
    "day",
    "duration",
    "fill",
    "how_late",
    "italic",
    "join",
    "link",
    "moment",
    "pages",
    "plain",
    "recurrence",
    "repeats",
    "say",
    "short_span",
    "shorten",
    "span",
    "units",
    "when",
    "zone_name",
]
