"""Telegram, and the servers of calendars: what others do to us."""

from planner.catalogue.metric import REQUEST_S, Label, counter, gauge, histogram

ANSWERS = ("accepted", "paused", "unclear", "not_sent", "blocked", "moved", "refused", "halted")
"""What may become of a request, as ``planner.telegram.outcomes`` names it."""
ERROR_KINDS = ("timeout", "network", "server", "flood", "refused", "halted")
_DIRECTION = Label("direction", ("sent", "received"))

REQUESTS = counter(
    "planner.telegram.requests",
    "{request}",
    "Requests to the Bot API, by method (file: a download) and what the answer means.",
    "Telegram's errors.",
    Label("method"),
    Label("outcome", ANSWERS),
)
DURATION = histogram(
    "planner.telegram.duration",
    "s",
    "How long those took, long polls apart.",
    "Telegram is slow.",
    Label("method"),
    bounds=REQUEST_S,
)
ERRORS = counter(
    "planner.telegram.errors",
    "{error}",
    "Requests that had no usable answer, by kind.",
    "Network, timeouts or Telegram.",
    Label("kind", ERROR_KINDS),
)
RETRY_AFTER = histogram(
    "planner.telegram.retry_after",
    "s",
    "How long Telegram asked to wait.",
    "Sending faster than Telegram likes.",
    bounds=(1.0, 3.0, 10.0, 30.0, 60.0, 300.0, 3600.0),
)
TRAFFIC = counter("planner.telegram.traffic", "By", "Bytes of requests and answers.", "What it costs.", _DIRECTION)
CIRCUIT = gauge(
    "planner.circuit.open",
    "{circuit}",
    "1 while sending waits for a service that does not answer.",
    "An outage, now.",
    Label("service", ("telegram",)),
)
OUTAGES = counter(
    "planner.circuit.outages", "{outage}", "How often that began.", "Outages.", Label("service", ("telegram",))
)
HALTED = gauge(
    "planner.telegram.halted",
    "{bot}",
    "1 while Telegram does not let this bot in.",
    "A revoked token, a second poller.",
)

FEED_REQUESTS = counter(
    "planner.feed.requests",
    "{request}",
    "Requests for calendars, addresses that are only tried included.",
    "Other people's servers.",
    Label("outcome", ("ok", "not_modified", "failed")),
)
FEED_DURATION = histogram(
    "planner.feed.duration",
    "s",
    "How long fetching a calendar took.",
    "Slow servers.",
    bounds=(*REQUEST_S, 60.0),
)
FEED_ERRORS = counter(
    "planner.feed.errors",
    "{error}",
    "Calendars that could not be fetched, by kind.",
    "What is wrong with them.",
    Label("kind", ("http_error", "timeout", "network", "too_large", "invalid", "blocked")),
)
FEED_TRAFFIC = counter("planner.feed.traffic", "By", "Bytes of calendars, as they came.", "What it costs.")
