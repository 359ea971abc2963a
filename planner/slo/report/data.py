"""A report as programs read it: shares of 1, instants in ISO 8601 with the zone's offset, lengths in minutes."""

from __future__ import annotations

from datetime import datetime

from planner.due import zone_info
from planner.model import MINUTE, SECOND
from planner.slo.figures import tidy
from planner.slo.report.advice import advice
from planner.slo.report.evidence import Raised, Tally
from planner.slo.report.figures import Kept, Report
from planner.slo.report.notes import notes
from planner.slo.report.stretches import Stretch

Data = dict[str, object]


def as_data(report: Report) -> Data:
    """The whole report as one object; null where nothing came due or nothing is known."""
    zone = report.period.zone
    return {
        "period": {
            "name": report.period.name,
            "from": _iso(report.period.begin, zone),
            "to": _iso(report.period.end, zone),
            "before": _iso(report.period.before, zone),
            "zone": zone,
            "running": report.running,
        },
        "made_at": _iso(report.now, zone),
        "counted_since": None if report.since is None else _iso(report.since, zone),
        "broken_min": report.broken_min,
        "price_per_broken_min": report.price or None,
        "cost": report.cost if report.price else None,
        "slos": [_kept(one, zone) for one in report.kept],
        "alerts": [_alert(one, zone) for one in report.alerts],
        "advice": [{"kind": str(one.kind), "about": one.about, "text": one.text} for one in advice(report)],
        "notes": list(notes(report)),
    }


def _kept(kept: Kept, zone: str) -> Data:
    return {
        "slo": kept.slo.id,
        "name": kept.slo.name,
        "objective": kept.slo.objective,
        "verdict": str(kept.verdict),
        "of_few": kept.few,
        **_tally(kept.tally, kept.rate),
        "budget_left": tidy(kept.budget_left),
        "before": _tally(kept.before, kept.rate_before),
        "broken_min": kept.broken_min,
        "cost": kept.cost,
        "slices": [
            {"from": _iso(part.slice.begin, zone), "day": str(part.slice.day), **_tally(part.tally, part.rate),
             "budget_spent": tidy(kept.share(part.tally.bad))}
            for part in kept.parts
        ],
        "causes": [
            {"cause": what, "bad": bad, "budget_spent": tidy(kept.share(bad))} for what, bad in kept.causes.items()
        ],
        "broken": [_stretch(one, kept, zone) for one in kept.stretches],
    }  # fmt: skip


def _stretch(one: Stretch, kept: Kept, zone: str) -> Data:
    return {
        "from": _iso(one.begin, zone),
        "to": _iso(one.end, zone),
        "bad": one.bad,
        "budget_spent": tidy(kept.share(one.bad)),
        "causes": dict(one.causes),
    }


def _alert(one: Raised, zone: str) -> Data:
    return {
        "slo": one.slo,
        "tier": one.tier,
        "severity": one.severity,
        "fired_at": _iso(one.fired_at, zone),
        "told": one.owed,
        "delivered": one.delivered,
        "delivered_min": _after(one.delivered_at, one),
        "acknowledged_min": _after(one.acknowledged_at, one),
        "resolved_min": _after(one.resolved_at, one),
    }


def _after(at: int | None, one: Raised) -> float | None:
    return None if at is None else round((at - one.fired_at) / MINUTE, 2)


def _tally(tally: Tally, rate: float | None) -> Data:
    return {"good": tally.good, "bad": tally.bad, "sli": tidy(rate)}


def _iso(at: int, zone: str) -> str:
    return datetime.fromtimestamp(at // SECOND, zone_info(zone)).isoformat()
