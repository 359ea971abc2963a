"""What it costs, at the price that the host has set (PLANNER_PRICE_PER_HOUR)."""

from planner.catalogue.metric import Label, counter, gauge

MESSAGES = counter(
    "planner.messages",
    "{message}",
    "Messages that Telegram accepted.",
    "The load.",
    Label("kind", ("event", "plan", "snooze", "answer")),
    kept=True,
)
PAID = counter(
    "planner.messages.paid",
    "{message}",
    "Messages sent as paid broadcasts (0.1 Stars each).",
    "The bill.",
    kept=True,
)
HOUR = gauge("planner.cost.hour", "{price}", "The price of an hour, as set.", "The base of the two below.")
MESSAGE = gauge(
    "planner.cost.message",
    "{price}",
    "The price of the last 24 hours, shared among their messages; missing without any.",
    "Is it worth it.",
    kept=True,
)
USER = gauge(
    "planner.cost.user",
    "{price}",
    "The price of 30 days, shared among the users served; missing without any.",
    "What a user costs a month.",
    kept=True,
)
