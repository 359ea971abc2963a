"""Who tried what they may not, and what others were protected from."""

from planner.catalogue.metric import Label, counter

REFUSALS = counter(
    "planner.security.refusals",
    "{refusal}",
    "Updates of strangers; buttons that nobody made, or of another's message; requests that Telegram refused because a"
    " chat, or all of them, were written to too fast (429); addresses that calendars may not lead to; texts, files and"
    " calendars that are too large.",
    "Somebody tries something.",
    Label("kind", ("stranger", "forged_button", "foreign_button", "limited_chat", "blocked_address", "oversized")),
)
