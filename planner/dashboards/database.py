"""*Database*: is it the bottleneck, what in it is slow, does it grow, is there room, is there a copy."""

from __future__ import annotations

from planner.catalogue import database, process
from planner.dashboards.board import Board
from planner.dashboards.courses import BEFORE, each, painted
from planner.dashboards.grid import Panel, Row
from planner.dashboards.panels import (
    BLUE,
    GREEN,
    GREY,
    NEUTRAL,
    ORANGE,
    RED,
    Steps,
    bars,
    heatmap,
    over_time,
    override,
    stat,
    words,
)
from planner.dashboards.queries import (
    WINDOW,
    beyond,
    buckets,
    greatest,
    grown,
    mean,
    now,
    of,
    quantile,
    rate,
    there,
    whole,
)
from planner.dashboards.targets import Query
from planner.dashboards.written import (
    BACKUP_OLD,
    DATABASE_GROWING,
    DATABASE_LOCKED,
    DATABASE_REFUSING,
    DATABASE_SLOW,
    DISK_FILLING,
    DISK_FULL,
    DISK_NEARLY_FULL,
    QUERIES_SLOW,
    WAL_BIG,
    above,
    below,
    longer,
    runbooks,
)
from planner.slo.objectives import Links, Promises

LEAST_S = 3600
"""From a shorter past no end of the disk is foretold."""
ROOMY = 0.33
"""With a greater share of the disk free, no wobble of it is news."""
MOST = 8
"""So many tables are drawn, those that matter most."""
FREE, ALL = 'space="free"', 'space="all"'
MAIN, WAL = 'file="main"', 'file="wal"'
OPERATIONS = {"select": GREEN, "insert": BLUE, "update": "yellow", "delete": "purple", "other": GREY}


def board(promises: Promises) -> Board:
    """What is wrong above, then who uses it, how fast it answers, who waits, and how large it is."""
    links = promises.links
    return Board(
        "database",
        "Database",
        "Whether the database is the bottleneck, what in it is slow, how it grows, and whether there is a copy.",
        (
            Row("Is it well?", (*_well(links), *_room(links))),
            Row("How busy, and how fast", _speed(links)),
            Row("Who waits", _waiting(links)),
            Row("How large, and how much room", _size(links)),
            Row("Table by table", (_tables(links),), folded=True),
            Row("How long, all of them", _spread(links), folded=True),
        ),
        alerts='alertname=~"Planner(Database|Queries|Disk|Wal|Backup).+"',
    )


def _well(links: Links) -> tuple[Panel, ...]:
    slow = grown(database.SLOW, "operation", "table", window=QUERIES_SLOW.window)
    return (
        stat(
            "The database",
            f"Whether it can be read and written, as /readyz has it. {runbooks(links, DATABASE_REFUSING)}",
            Query(now(process.HEALTHY, matchers=('check="database"',), how="min")),
            "none", Steps(GREY), mappings=words((1, "well", GREEN), (0, "refuses", RED)),
        ),
        stat(
            "Slow transactions",
            f"How many within {DATABASE_SLOW.span} took more than {DATABASE_SLOW.length:g} s, the disk's answer"
            " included."
            f" {runbooks(links, DATABASE_SLOW)}",
            Query(whole(beyond(DATABASE_SLOW.length, database.TRANSACTION, window=DATABASE_SLOW.window))),
            "none", above(DATABASE_SLOW), digits=0,
        ),
        stat(
            "Locked by another program",
            f"How many transactions within {DATABASE_LOCKED.span} had to wait because another program had locked the"
            f" database. {runbooks(links, DATABASE_LOCKED)}",
            Query(whole(grown(database.BUSY, window=DATABASE_LOCKED.window))), "none", above(DATABASE_LOCKED),
            digits=0,
        ),
        stat(
            "Slow statements of a kind",
            f"How many statements of one operation on one table took more than 100 ms within {QUERIES_SLOW.span}, where"
            f" they were most. Which they are, “Slow statements” says below. {runbooks(links, QUERIES_SLOW)}",
            Query(f"{whole(f'max({slow})')} or vector(0)"), "none", above(QUERIES_SLOW), digits=0,
        ),
        stat(
            "Wait for a turn",
            f"What 95 in 100 pieces of work within {WINDOW} waited no longer for, before they could write. Above"
            f" {DATABASE_SLOW.length:g} s the queue is what people feel: {DATABASE_SLOW.page(links)}.",
            Query(there(quantile(0.95, database.QUEUED, matchers=('mode="write"',)))),
            "s", longer(DATABASE_SLOW), empty="idle",
        ),
        stat(
            "Statements a second",
            f"All of them, within {WINDOW}. Nothing needs doing: thousands are no burden to it, slow ones are.",
            Query(rate(database.QUERY_DURATION)), "none", NEUTRAL, digits=1,
        ),
    )  # fmt: skip


def _room(links: Links) -> tuple[Panel, ...]:
    free, everything = now(database.DISK, matchers=(FREE,), how="min"), now(database.DISK, matchers=(ALL,))
    one = of(database.DISK, FREE)
    falling = f"-(deriv({one}[{DISK_FILLING.window}]) < 0)"
    known = f"time() - min(min_over_time(timestamp({one})[{DISK_FILLING.window}:1m]))"
    least = f"min(min_over_time({of(database.SIZE, MAIN)}[{DATABASE_GROWING.window}]))"
    return (
        stat(
            "Left on its disk",
            "What the planner can still write on the disk that the database is on."
            f" {runbooks(links, DISK_NEARLY_FULL, DISK_FULL)}",
            Query(free), "bytes", below(DISK_FULL, DISK_NEARLY_FULL), digits=1,
        ),
        stat(
            "Disk full in",
            f"If it goes on as in the last {DISK_FILLING.span}. Not said before an hour is known, while the"
            " disk grows no fuller, or while more than a third of it"
            f" is free. {runbooks(links, DISK_FILLING)}",
            Query(f"min({one} / {falling}) and {free} < {ROOMY} * {everything} and {known} >= {LEAST_S}"),
            "s", below(DISK_FILLING), empty="not in sight", digits=0,
        ),
        stat(
            "The file",
            "The database's file, without its write-ahead log. Nothing needs doing: how fast it grows is beside it.",
            Query(now(database.SIZE, matchers=(MAIN,))), "bytes", NEUTRAL, digits=1,
        ),
        stat(
            f"Grown within {DATABASE_GROWING.span}",
            "By how much its file has grown; a thousand users with ten reminders a day make some megabytes."
            f" {runbooks(links, DATABASE_GROWING)}",
            Query(f"{now(database.SIZE, matchers=(MAIN,))} - {least}"),
            "bytes", above(DATABASE_GROWING), digits=1,
        ),
        stat(
            "Write-ahead log",
            f"A few megabytes are usual; it shrinks when nobody reads. {runbooks(links, WAL_BIG)}",
            Query(now(database.SIZE, matchers=(WAL,))), "bytes", above(WAL_BIG), digits=1,
        ),
        stat(
            "Last backup",
            "How long ago “planner.py backup” last made a copy; a broken disk takes all that was planned since."
            f" {runbooks(links, BACKUP_OLD)}",
            Query(f"time() - {now(database.BACKUP_AT)}"),
            "s", above(BACKUP_OLD), empty="none was made", digits=0,
        ),
    )  # fmt: skip


def _speed(links: Links) -> tuple[Panel, ...]:
    spent = rate(database.QUERY_DURATION, "table", part="sum")
    per_table = there(quantile(0.95, database.QUERY_DURATION, "table"))
    return (
        over_time(
            "Statements a second, by operation",
            f"{BEFORE.capitalize()}; other: begin, commit and what is no statement of a table. Nothing"
            f" needs doing unless it is slow: {QUERIES_SLOW.page(links)}.",
            [Query(rate(database.QUERY_DURATION, "operation"), "{{operation}}")],
            "none", width=8, bars=True, min=0, overrides=painted(OPERATIONS),
        ),
        over_time(
            "Transactions a second",
            f"{BEFORE.capitalize()}. Writes share transactions when many come at once, so these grow less"
            f" than statements. Nothing needs doing unless they are slow: {DATABASE_SLOW.page(links)}.",
            [Query(rate(database.TRANSACTION, "mode"), "{{mode}}")], "none", width=8, min=0,
        ),
        over_time(
            "Where its time goes",
            f"The share of the time within {WINDOW} in which statements of a table ran: the {MOST} tables that took"
            " most of what is shown. 100 % is a thread that does nothing else. commit: the disk's answer, see"
            f" {DATABASE_SLOW.page(links)}; a table: {QUERIES_SLOW.page(links)}.",
            [Query(greatest(MOST, spent, "table"), "{{table}}")], "percentunit", width=8, bars=True, min=0, decimals=2,
        ),
        over_time(
            "Duration p95, by operation",
            f"What 95 in 100 statements within {WINDOW} took no longer than. Rising for weeks: a table grows, see"
            f" {QUERIES_SLOW.page(links)}; all at once: the disk, see {DATABASE_SLOW.page(links)}.",
            [Query(there(quantile(0.95, database.QUERY_DURATION, "operation")), "{{operation}}")],
            "s", width=8, min=0,
        ),
        over_time(
            "Duration p95, by table",
            f"The same of the {MOST} tables that took most time in all; the other ones stand in “Table by table”."
            f" {QUERIES_SLOW.page(links)} says what to do with one that stands out.",
            [Query(greatest(MOST, per_table, "table", by=spent), "{{table}}")], "s", width=8, min=0,
        ),
        over_time(
            "How long transactions take",
            f"From begin to commit: what 95 and 99 in 100 within {WINDOW} took no longer than. Dashed: slow, see"
            f" {DATABASE_SLOW.page(links)}.",
            [Query(there(quantile(share, database.TRANSACTION, "mode")), f"{{{{mode}}}} p{100 * share:.0f}")
             for share in (0.95, 0.99)],
            "s", longer(DATABASE_SLOW), width=8, min=0,
        ),
    )  # fmt: skip


def _waiting(links: Links) -> tuple[Panel, ...]:
    slow = grown(database.SLOW, "operation", "table")
    worst = greatest(MOST, slow, "operation, table")
    return (
        over_time(
            "How long work waits for its turn",
            f"In front of the database: what 95 and 99 in 100 within {WINDOW} waited no longer for. Longer than the"
            f" transactions themselves: more comes than it can take, see {DATABASE_SLOW.page(links)}.",
            [Query(there(quantile(share, database.QUEUED, "mode")), f"{{{{mode}}}} p{100 * share:.0f}")
             for share in (0.95, 0.99)],
            "s", width=8, min=0,
        ),
        over_time(
            "Slow statements",
            f"Those over 100 ms {BEFORE}: all of them, and the {MOST} kinds that are most."
            f" {QUERIES_SLOW.page(links)} says what to do.",
            [Query(f"{grown(database.SLOW)} or vector(0)", "all"), Query(worst, "{{operation}} {{table}}")],
            "none", width=8, min=0, decimals=0,
        ),
        over_time(
            "Waits for another program's lock",
            f"Transactions {BEFORE} that had to wait for it. A backup makes one or two; more:"
            f" {DATABASE_LOCKED.page(links)}.",
            [Query(grown(database.BUSY), "had to wait")], "none", width=8, bars=True, min=0, decimals=0,
            overrides=painted({"had to wait": ORANGE}),
        ),
    )  # fmt: skip


def _size(links: Links) -> tuple[Panel, ...]:
    gained = f"max by (table) (delta({of(database.ROWS)}[{WINDOW}]))"
    return (
        over_time(
            "The file",
            f"How it grows. A step is somebody's import; a slope that gets steeper: {DATABASE_GROWING.page(links)}.",
            [Query(now(database.SIZE, matchers=(MAIN,)), "file")], "bytes", width=8, min=0,
        ),
        over_time(
            "The write-ahead log",
            "It is as large as the busiest moment needed, and is used again. Dashed: it does not shrink, see"
            f" {WAL_BIG.page(links)}.",
            [Query(now(database.SIZE, matchers=(WAL,)), "write-ahead log")],
            "bytes", Steps(GREEN, ((WAL_BIG.at, WAL_BIG.color),)), width=8, min=0,
        ),
        over_time(
            "Left on its disk",
            "Whoever else writes there takes of it, too. Dashed: nearly full, and full; see"
            f" {DISK_NEARLY_FULL.page(links)} and {DISK_FULL.page(links)}.",
            [Query(now(database.DISK, matchers=(FREE,), how="min"), "left"),
             Query(now(database.DISK, matchers=(ALL,)), "in all")],
            "bytes", below(DISK_FULL, DISK_NEARLY_FULL), width=8, min=0,
        ),
        over_time(
            "Rows, by table",
            f"The {MOST} tables with most rows, counted now and then. Nothing needs doing while what is forgotten"
            f" keeps pace; one that runs away from all others: {DATABASE_GROWING.page(links)}.",
            [Query(greatest(MOST, now(database.ROWS, "table"), "table"), "{{table}}")], "short", min=0,
        ),
        bars(
            f"Rows gained within {WINDOW}",
            f"The {MOST} tables that gained most. Choose a day or a week above. Where the file grows fast, this is why:"
            f" {DATABASE_GROWING.page(links)}.",
            Query(f"topk({MOST}, {gained} > 0)", "{{table}}"), "short", NEUTRAL, width=12,
            empty="none did", decimals=0,
        ),
    )  # fmt: skip


def _tables(links: Links) -> Panel:
    rows = now(database.ROWS, "table")
    asked = (
        ("Statements", f"{grown(database.QUERY_DURATION, 'table')} > 0", override("Statements", decimals=0)),
        ("In all", grown(database.QUERY_DURATION, "table", part="sum"), override("In all", unit="s")),
        ("Mean", there(mean(database.QUERY_DURATION, "table")), override("Mean", unit="s")),
        ("p95", there(quantile(0.95, database.QUERY_DURATION, "table")), override("p95", unit="s")),
        ("Slow", f"{grown(database.SLOW, 'table')} or 0 * {rows}",
         override("Slow", decimals=0, noValue="0", custom__cellOptions={"type": "color-text"},
                  thresholds=Steps(GREEN, ((1, ORANGE),)).json)),
        ("Rows", rows, override("Rows", unit="short")),
    )  # fmt: skip
    return each(
        f"Statements within {WINDOW}, by table",
        "A line for each table that a statement names first, those that took most time in all above; begin, commit and"
        " the like stand for themselves. What takes much time with few statements lacks an index or does too much at"
        f" once: {QUERIES_SLOW.page(links)}.",
        ("table", "Table"), asked, height=14, width=160, most="In all",
    )  # fmt: skip


def _spread(links: Links) -> tuple[Panel, ...]:
    return tuple(
        heatmap(title, f"How many took how long. {about} {DATABASE_SLOW.page(links)}.", Query(asked), "s", width=8)
        for title, about, asked in (
            ("Statements", "A second band far above the first is one kind of statement, or the disk:",
             buckets(database.QUERY_DURATION)),
            ("Transactions that write", "They wait for the disk; milliseconds are usual:",
             buckets(database.TRANSACTION, 'mode="write"')),
            ("Waits for a turn to write", "Most wait for nothing; a hill of those that do is a burst:",
             buckets(database.QUEUED, 'mode="write"')),
        )
    )  # fmt: skip
