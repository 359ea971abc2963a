"""The chat: how many updates come, how many fail, how long their senders wait."""

from planner.catalogue.metric import REQUEST_S, Label, counter, gauge, histogram

_HANDLER = Label("handler")
_OUTCOME = Label("outcome", ("ok", "failed", "refused", "ignored"))

UPDATES = counter(
    "planner.updates",
    "{update}",
    "Updates from Telegram that were handled, by the part that handled them.",
    "The chat's rate and errors: failed ÷ all. A handler has no series before its first update, for there are over a"
    " hundred; to notice the very first failure, watch `planner_worker_tasks_total` of the worker `intake`.",
    _HANDLER,
    _OUTCOME,
)
UPDATE_DURATION = histogram(
    "planner.update.duration",
    "s",
    "From an update's arrival to Telegram's acceptance of its last answer; without one, until it was handled.",
    "How long people wait.",
    _HANDLER,
    _OUTCOME,
    bounds=REQUEST_S,
)
UPDATES_ACTIVE = gauge(
    "planner.updates.active",
    "{update}",
    "Updates that have come and are not answered yet.",
    "A queue that grows.",
)
ANSWERS = counter(
    "planner.answers",
    "{answer}",
    "Answers and notices, by the Bot API method and what became of them.",
    "Answers that were refused or given up.",
    Label("method"),
    Label("outcome", ("accepted", "moved", "blocked", "refused", "given_up")),
)
ANSWER_SIZE = histogram(
    "planner.answer.size",
    "By",
    "How long the texts of answers are, in UTF-8.",
    "Answers that grow towards 4,096.",
    bounds=(64.0, 128.0, 256.0, 512.0, 1024.0, 2048.0, 4096.0, 8192.0),
)
