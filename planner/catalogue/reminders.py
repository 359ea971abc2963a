"""Reminders: what is owed, what was sent, how late."""

from planner.catalogue.metric import Label, counter, gauge, histogram

KINDS = ("event", "plan", "snooze")
_KIND = Label("kind", KINDS)
EARLY_S = (-60.0, -30.0, -15.0, -5.0, -1.0, 0.0)
LATENESS_S = (*EARLY_S, 1.0, 5.0, 15.0, 30.0, 60.0, 90.0, 120.0, 180.0, 300.0, 3600.0)
"""Kept by place in the database's totals: whoever puts one between others moves what is kept (``store.schema``)."""

SET = counter(
    "planner.reminders.set",
    "{reminder}",
    "Reminders that were owed, each once.",
    "How much is planned.",
    _KIND,
    kept=True,
)
DUE = counter(
    "planner.reminders.due",
    "{reminder}",
    "Reminders that came due: judged on time or not (when sent or over, at the latest a minute after they were due),"
    " and those whose user had blocked the bot by then. Not what was cancelled before.",
    "How much there is to deliver.",
    _KIND,
    kept=True,
)
SETTLED = counter(
    "planner.reminders",
    "{reminder}",
    "Reminders that are over: sent on time (within 60 s), sent late, or not sent.",
    "The first promise, by kind; daily plans are kind=plan.",
    _KIND,
    Label("outcome", ("on_time", "late", "failed")),
    kept=True,
)
LATENESS = histogram(
    "planner.reminder.lateness",
    "s",
    "Telegram's acceptance minus the time it was due; below 0 where a burst began early. The sum leaves those out.",
    "How late, and how early.",
    _KIND,
    bounds=LATENESS_S,
    kept=True,
)
ATTEMPTS = histogram(
    "planner.reminder.attempts",
    "{attempt}",
    "Requests that the delivery of a reminder took.",
    "Deliveries that are hard.",
    _KIND,
    bounds=(1.0, 2.0, 3.0, 5.0, 10.0, 20.0),
)
REPEATS_AVOIDED = counter(
    "planner.repeats.avoided",
    "{repeat}",
    "What would have happened twice: a reminder sent, an update handled.",
    "Proof that nothing is done twice.",
    Label("of", ("reminder", "update")),
)
RECLAIMED = counter(
    "planner.reminders.reclaimed",
    "{reminder}",
    "Reminders found in flight at a start, and sent again.",
    "Possible repeats after a crash.",
)
PENDING = gauge(
    "planner.reminders.pending",
    "{reminder}",
    "Reminders that are owed, whenever they are due.",
    "The size of it all.",
    _KIND,
    kept=True,
)
WAITING = gauge(
    "planner.reminders.waiting",
    "{reminder}",
    "Reminders that are due and not sent.",
    "More than a burst: look at once.",
    kept=True,
)
OLDEST = gauge(
    "planner.reminder.oldest",
    "s",
    "How long the oldest of those has waited; 0 where none does.",
    "A reminder that is stuck.",
    kept=True,
)
ACTIVE = gauge(
    "planner.reminders.active",
    "{reminder}",
    "Reminders in flight: claimed, and not settled.",
    "Sending that hangs.",
    kept=True,
)
GIVEN_UP = counter(
    "planner.reminders.given_up",
    "{reminder}",
    "Reminders that ended without being sent, by why.",
    "What nobody got.",
    Label("why", ("cancelled", "missed", "failed", "undeliverable")),
    kept=True,
)
