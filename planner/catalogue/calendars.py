"""Linked calendars: are they kept up to date."""

from planner.catalogue.metric import Label, counter, gauge, histogram

OUTCOMES = ("ok", "not_modified", "http_error", "timeout", "network", "too_large", "invalid", "blocked")
SYNC_S = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)

SYNCS = counter(
    "planner.syncs",
    "{sync}",
    "Attempts to bring a linked calendar up to date, by how they ended.",
    "The second promise.",
    Label("outcome", OUTCOMES),
    kept=True,
)
SYNC_DURATION = histogram(
    "planner.sync.duration",
    "s",
    "How long those took.",
    "Slow servers, large calendars.",
    bounds=SYNC_S,
    kept=True,
)
CHANGES = counter(
    "planner.sync.changes",
    "{event}",
    "Events that syncs added, changed and took away.",
    "A calendar gone wild.",
    Label("change", ("added", "changed", "gone")),
    kept=True,
)
SKIPPED = counter(
    "planner.sync.skipped",
    "{event}",
    "Events of calendars that could not be read.",
    "What users do not see.",
    kept=True,
)
UNCHANGED = counter(
    "planner.sync.unchanged",
    "{sync}",
    "Syncs that found nothing new: the server said so, or the bytes were the same.",
    "What caching saves.",
    Label("how", ("not_modified", "same_bytes")),
)
PARSE_DURATION = histogram(
    "planner.sync.parse.duration",
    "s",
    "How long reading a calendar took, in a process of its own.",
    "Large or odd calendars.",
    bounds=SYNC_S,
)
FEEDS = gauge(
    "planner.feeds",
    "{feed}",
    "Linked calendars that were well at their last sync or were not, and addresses that are being tried.",
    "Calendars that need their user.",
    Label("state", ("active", "failing", "trying")),
    kept=True,
)
