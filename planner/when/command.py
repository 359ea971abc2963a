"""A phrase as ``planner.py parse`` shows it."""

from __future__ import annotations

from planner.when.phrase import Phrase


def as_json(phrase: Phrase) -> dict[str, object]:
    """The object of the contract: instants in ISO 8601 with offset, the days of all-day events as dates.

    ``end`` of an all-day event is the day after its last, as in RFC 5545.
    """
    return {
        "title": phrase.title,
        "start": _moment(phrase, end=False),
        "end": _moment(phrase, end=True),
        "all_day": phrase.all_day,
        "rrule": phrase.rrule,
        "exdates": [day.isoformat() for day in phrase.excluded],
        "leads_s": list(phrase.leads_s),
        "silent": phrase.silent,
        "status": phrase.status,
        "choices": [as_json(choice) for choice in phrase.choices],
        "why": phrase.why,
        "zone": phrase.zone,
        "important": phrase.important,
        "instant": phrase.instant,
        "precision": phrase.precision,
        "assumed": list(phrase.assumed),
        "taken": [list(span) for span in phrase.taken],
        "sure": phrase.sure,
        "unclear": phrase.unclear,
    }


def as_text(phrase: Phrase) -> str:
    """One line for people, and one more for each choice."""
    lines = [_line(phrase)]
    lines += ["    " + _line(choice) for choice in phrase.choices]
    return "\n".join(lines)


def _line(phrase: Phrase) -> str:
    leads = " ".join(f"{seconds} s before" for seconds in phrase.leads_s)
    said = [
        phrase.status if not phrase.why else f"{phrase.status} ({phrase.why})",
        _moment(phrase, end=False) or "",
        f"to {_moment(phrase, end=True)}" if phrase.end else "",
        phrase.rrule or "",
        f"except {', '.join(day.isoformat() for day in phrase.excluded)}" if phrase.excluded else "",
        "no reminder" if phrase.silent else leads,
        f"assumed: {', '.join(phrase.assumed)}" if phrase.assumed else "",
        f"not understood: {phrase.unclear}" if phrase.unclear else "",
    ]
    return "  ".join([*filter(None, said), phrase.title])


def _moment(phrase: Phrase, *, end: bool) -> str | None:
    moment = phrase.end if end else phrase.start
    if moment is None:
        return None
    return f"{moment:%Y-%m-%d}" if phrase.all_day else moment.isoformat(timespec="seconds")
