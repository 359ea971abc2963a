"""What the figures of a report mean, and what it cannot know."""

from __future__ import annotations

from collections.abc import Iterator

from planner.model import DAY
from planner.slo.figures import PERCENT
from planner.slo.report import causes
from planner.slo.report.figures import Report
from planner.slo.report.wording import date, money


def notes(report: Report) -> Iterator[str]:
    """A paragraph each; only what matters for this report."""
    yield (
        "A rate is good ÷ (good + bad) of what came due in this time, from counts in buckets of five minutes; what is"
        " overdue without a verdict counts as bad. The whole time is judged against the objective, whatever window the"
        " promise itself has. “Of few”: so little came due that it may be chance (Wilson's interval,"
        f" 95{PERCENT})."
    )
    price = (
        f" and priced at {money(report.price)} each"
        if report.price
        else "; PLANNER_PRICE_PER_BROKEN_MINUTE gives them a price"
    )
    yield (
        "A broken minute is one of a bucket in which the share that was good was below the objective: five minutes a"
        f" bucket, however little came due in it. In the sum each is counted once{price}; promises that wake nobody"
        " (other people's servers) are left out of it."
    )
    yield (
        "Times at which something was broken are exact to five minutes; what lies less than an hour"
        " apart is one, of syncs less than eight: a calendar that fails is tried less often."
    )
    yield from _unknown(report)


def _unknown(report: Report) -> Iterator[str]:
    zone, begin = report.period.zone, report.period.begin
    if report.since is not None and report.since > begin:
        yield f"Counting began on {date(report.since, zone, year=True)}: of the time before that nothing is known."
    elif report.since is not None and report.since > report.period.before:
        yield "Of the time before, with which this one is compared, only a part was counted."
    if begin < report.now - report.limits.keep_days * DAY:
        yield (
            f"Rows are kept for {report.limits.keep_days} days (PLANNER_KEEP_DAYS): of what is older the counts are"
            " here, the causes are not."
        )
    if any(causes.UNKNOWN in one.causes for one in report.kept):
        yield (
            "A cause is not known where no row says it: late answers in the chat have none, and those of whoever asked"
            " to be forgotten are gone, while their counts stay."
        )
    if not report.limits.process_alerts:
        yield "Alerts are told by the stack (PLANNER_ALERTS=stack): see Alertmanager for when they were acknowledged."
