"""The database: is it the bottleneck, does it grow, is there a copy."""

from planner.catalogue.metric import INSIDE_S, Label, counter, gauge, histogram

OPERATIONS = ("select", "insert", "update", "delete", "other")
_OPERATION = Label("operation", OPERATIONS)
_TABLE = Label("table")
_MODE = Label("mode", ("write", "read"))

QUERY_DURATION = histogram(
    "planner.db.query.duration",
    "s",
    "How long statements took, by the first table they name.",
    "A query that grows.",
    _OPERATION,
    _TABLE,
    bounds=INSIDE_S,
)
SLOW = counter(
    "planner.db.query.slow",
    "{query}",
    "Statements that took over 100 ms.",
    "What to look at first.",
    _OPERATION,
    _TABLE,
)
TRANSACTION = histogram(
    "planner.db.transaction.duration",
    "s",
    "From begin to commit, the disk's answer included.",
    "A slow disk.",
    _MODE,
    bounds=INSIDE_S,
)
QUEUED = histogram(
    "planner.db.wait.duration",
    "s",
    "How long work waited for its turn at the database.",
    "A queue in front of the disk.",
    _MODE,
    bounds=INSIDE_S,
)
BUSY = counter(
    "planner.db.busy",
    "{wait}",
    "Transactions that had to wait for another program's lock.",
    "Somebody else writes.",
)
ROWS = gauge("planner.db.rows", "{row}", "Rows of a table, counted now and then.", "Growth.", _TABLE, kept=True)
SIZE = gauge(
    "planner.db.size",
    "By",
    "The file, and its write-ahead log.",
    "The disk that fills.",
    Label("file", ("main", "wal")),
    kept=True,
)
DISK = gauge(
    "planner.db.disk",
    "By",
    "The disk that the file is on: what is left for the planner, and what there is in all.",
    "How long until nothing can be kept.",
    Label("space", ("free", "all")),
    kept=True,
)
BACKUP_AT = gauge(
    "planner.db.backup.timestamp",
    "s",
    "When `backup` last made a copy; missing where it never did.",
    "A copy too old.",
    kept=True,
)
