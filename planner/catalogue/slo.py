"""The promises, as they stand."""

from planner.catalogue.metric import Label, counter, gauge

_SLO = Label("slo")

EVENTS = counter(
    "planner.sli.events",
    "{event}",
    "Verdicts on what came due, for each promise; overdue is bad before it is judged.",
    "Every SLI: good ÷ all.",
    _SLO,
    Label("result", ("good", "bad")),
    kept=True,
)
SLI = gauge(
    "planner.slo.sli.ratio",
    "1",
    "Good ÷ all, over the promise's window; missing where nothing came due.",
    "How it stands.",
    _SLO,
    kept=True,
)
OBJECTIVE = gauge("planner.slo.objective.ratio", "1", "What is promised.", "The line in the picture.", _SLO, kept=True)
BUDGET = gauge(
    "planner.slo.budget.ratio",
    "1",
    "How much of the error budget is left; below 0 where it is overdrawn.",
    "May we take risks.",
    _SLO,
    kept=True,
)
BURN = gauge(
    "planner.slo.burn_rate",
    "{rate}",
    "How fast the budget is spent: 1 spends it exactly within the promise's window.",
    "How soon it is gone.",
    _SLO,
    Label("window", ("1h", "6h", "1d", "7d")),
    kept=True,
)
HEARTBEAT = gauge(
    "planner.heartbeat.timestamp",
    "s",
    "When the planner last noted in its database that it is there.",
    "A process that is dead, or cannot write.",
    kept=True,
)
PINGS = counter(
    "planner.heartbeat.pings",
    "{ping}",
    "Calls of PLANNER_HEARTBEAT_URL.",
    "Whoever watches from outside hears of it.",
    Label("outcome", ("ok", "failed")),
)
ALERTS = gauge(
    "planner.alerts",
    "{alert}",
    "1 where the alert is in this state, else 0.",
    "What is broken now, by the planner's own account.",
    _SLO,
    Label("tier"),
    Label("severity", ("critical", "warning", "info")),
    Label("state", ("firing", "pending")),
    kept=True,
)
ALERT_MESSAGES = counter(
    "planner.alert.messages",
    "{message}",
    "Messages to admins of alerts: accepted by Telegram, or not sent (muted, over in time, refused).",
    "Nobody heard of it.",
    Label("outcome", ("delivered", "dropped")),
    kept=True,
)
