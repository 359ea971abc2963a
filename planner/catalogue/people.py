"""Users and their events: how many, and of which kinds. Nobody's name, id or zone in full."""

from planner.catalogue.metric import Label, counter, gauge

USERS = gauge(
    "planner.users",
    "{user}",
    "Users, by whether anything is sent to them.",
    "Who is served.",
    Label("state", ("served", "frozen")),
    kept=True,
)
USERS_NEW = counter("planner.users.new", "{user}", "Users who came.", "Growth.", kept=True)
USERS_ACTIVE = gauge(
    "planner.users.active",
    "{user}",
    "Users who wrote or pressed something lately.",
    "Who still cares.",
    Label("within", ("day", "week")),
    kept=True,
)
LANGUAGES = gauge(
    "planner.users.languages",
    "{user}",
    "Users by their language.",
    "Which languages matter.",
    Label("language"),
    kept=True,
)
REGIONS = gauge(
    "planner.users.regions",
    "{user}",
    "Users by the region of their zone, such as Europe.",
    "When the bursts come.",
    Label("region"),
    kept=True,
)
EVENTS = gauge(
    "planner.events",
    "{event}",
    "Events, by where they came from.",
    "What is planned, and how.",
    Label("source", ("chat", "file", "feed")),
    kept=True,
)
