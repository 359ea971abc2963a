"""The promises: what it costs to look at them."""

from __future__ import annotations

from bench.rows.product import of
from bench.table import OURS, Row, at_most

ROWS: tuple[Row, ...] = (
    Row(
        "slo status over 1,000,000 settled reminders and 1,000,000 syncs, beyond the interpreter's start",
        "ms",
        {OURS: of("slo", "status_ms")},
        (at_most(50, "< 50"),),
        "a year of each, one in ten bad; once, since filling the database takes most of a minute",
        longest_s=300,
        once=True,
    ),
    Row(
        "the same database: a look at every alert in the process",
        "ms",
        {OURS: of("slo", "evaluation_ms")},
        (at_most(5, "< 5"),),
        "31 rules, an alert open in each of the promises; every ten seconds",
        longest_s=300,
        once=True,
    ),
    Row(
        "the same database: slo report of a month as a web page, beyond the interpreter's start",
        "ms",
        {OURS: of("slo_report", "month_ms")},
        (at_most(500, "< 500"),),
        "every bucket of every promise has something bad in it; the PDF apart",
        longest_s=300,
        once=True,
    ),
    Row(
        "slo generate, from the interpreter's start to the last file",
        "ms",
        {OURS: of("slo_generate", "generate_ms")},
        (at_most(300, "< 300"),),
        "rules, their tests, routes, a dashboard; the least of seven",
    ),
    Row(
        "a year of a quiet service simulated, our rules and three sets of peers'",
        "s",
        {OURS: of("slo_simulate", "year_s")},
        (at_most(10, "< 10"),),
        "ten reminders a day, a probe every two minutes, each failing one time in 200",
    ),
)
