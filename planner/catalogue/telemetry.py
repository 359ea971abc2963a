"""The telemetry itself: what nobody would see otherwise."""

from planner.catalogue.metric import REQUEST_S, Label, counter, gauge, histogram

_SIGNAL = Label("signal", ("spans", "logs", "points"))

EXPORTED = counter("planner.telemetry.exported", "{item}", "What the endpoint took.", "Is it complete.", _SIGNAL)
DROPPED = counter(
    "planner.telemetry.dropped",
    "{item}",
    "What was dropped: too much waited, or the endpoint did not take it.",
    "What is missing in the pictures.",
    _SIGNAL,
    Label("why", ("queue_full", "failed")),
)
EXPORT_DURATION = histogram(
    "planner.telemetry.export.duration",
    "s",
    "How long exports took.",
    "A slow endpoint.",
    _SIGNAL,
    bounds=REQUEST_S,
)
FAULTS = counter("planner.telemetry.export.faults", "{export}", "Exports that failed.", "A dead endpoint.", _SIGNAL)
QUEUE = gauge("planner.telemetry.queue", "{item}", "What waits to be exported.", "About to drop.", _SIGNAL)
LINES = counter(
    "planner.log.lines",
    "{line}",
    "Log lines, by level.",
    "ERROR: a promise was broken, and someone should look.",
    Label("level", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")),
)
LINES_LOST = counter("planner.log.lost", "{line}", "Log lines that could not be written.", "A disk that is full.")
