"""Running it: messages, what they cost, and how often it was started."""

from __future__ import annotations

from planner.catalogue import cost, process
from planner.catalogue.metric import Reading
from planner.metrics.known import Known, one
from planner.model import DAY, HOUR


def readings(known: Known) -> list[Reading]:
    lately, served = known.tx.hourly.lately(known.now), known.people.served
    spent = known.price_per_hour * lately.within_ms / HOUR
    month = known.price_per_hour * 30 * DAY / HOUR
    return [
        known.sums(cost.MESSAGES, lambda kind: f"messages/{kind}"),
        one(cost.PAID, known.total("messages/paid")),
        one(cost.MESSAGE, spent / lately.messages if lately.messages > 0 else None),
        one(cost.USER, month / served if served else None),
        one(process.STARTS, known.total("starts")),
    ]
