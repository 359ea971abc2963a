"""How English asks for a reminder: words that are no part of the title."""

from __future__ import annotations

from planner.when import build as b
from planner.when.language import Rule
from planner.when.values import Filler

_PARTICLES = frozenset("out away up down back in on off together into onto aside over under through".split())
"""With these, "put" is what is to be done."""

_INTO = frozenset("to into onto".split())

REQUESTS = (
    Rule("fill", "hey|hi|hello|please|pls|plz|ok|okay|also|so", b.const(Filler())),
    Rule("fill", "can|could|would|will you|u", b.const(Filler())),
    Rule("fill", "i want|need|would like|'d? you to", b.const(Filler())),
    Rule("fill", "i'd like you to", b.const(Filler())),
    Rule("fill", "i'd like to be reminded to|about|of?", b.const(Filler())),
    Rule("fill", "<remindme> to|about|that|of|:|for?", b.const(Filler())),
    Rule("remindme", "remind me|us", b.const(True)),
    Rule("fill", "by the way", b.const(Filler())),
    Rule("fill", "set|start|create me? up? a|an|the|my? &<device>", b.const(Filler())),
    Rule("device", "<num>? minute|minutes|min|hour|hours? timer", b.const(True)),
    Rule("fill", "btw|oh|and", b.const(Filler())),
    Rule("fill", "remember to", b.const(Filler())),
    Rule("fill", "make|be sure i|to", b.const(Filler())),
    Rule(
        "fill",
        "set|create|add|make|schedule|put me? up? a|an|the? new? reminder|event|task|entry "
        "to|for|about|that|of|:|called|named?",
        b.const(Filler()),
    ),
    Rule("fill", "schedule a|an|the|my|our", b.const(Filler())),
    Rule("fill", "schedule|pencil in? for?", b.const(Filler())),
    Rule("fill", "set up a|an|the", b.const(Filler())),
    Rule("fill", "add a|an|the?", b.const(Filler(unless=_INTO))),
    Rule("fill", "put a|an|the?", b.const(Filler(unless=_PARTICLES))),
    Rule("fill", "notify|alert|ping|tell me|us to|about|that|of", b.const(Filler())),
    Rule("fill", "notify|alert|ping me|us", b.const(Filler())),
    Rule("fill", "i|we have|got a|an", b.const(Filler())),
    Rule("fill", "i've|we've got? a|an", b.const(Filler())),
    Rule("fill", "there is|will be? a|an", b.const(Filler())),
    Rule("fill", "there's a|an", b.const(Filler())),
    Rule("fill", "don't|dont|not forget to|about|that|the?", b.const(Filler())),
    Rule("fill", "never forget to", b.const(Filler())),
    Rule("fill", "move|reschedule|postpone|shift|push|change it|this|that|event|meeting? to", b.const(Filler())),
    Rule("fill", "reminder to|for|about|:", b.const(Filler())),
    Rule("fill", "new reminder|event|task :?", b.const(Filler())),
    Rule("fill", "i|we need|have|must|want|gotta to", b.const(Filler())),
    Rule("fill", "i|we must|should|gotta", b.const(Filler())),
    Rule("fill", "don't|dont let me|us forget to|about?", b.const(Filler())),
    Rule("fill", "do not let me|us forget to|about?", b.const(Filler())),
    Rule("fill", "do not forget to|about?", b.const(Filler())),
    Rule(
        "part",
        "to|in|into|on|onto my|our|the calendar|planner|schedule|agenda|diary|reminders",
        b.const(Filler(anywhere=True)),
    ),
    Rule("part", "to|in|on my|the to-do|todo list", b.const(Filler(anywhere=True))),
)
