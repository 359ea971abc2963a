"""The catalogue and what is looked at, held against each other: nothing is counted in vain, nothing asked for in vain.

A metric of the catalogue that no panel, rule or runbook uses fails; so does a name in a query that is neither in the
catalogue, nor recorded by a rule, nor known to be of somebody else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from planner.catalogue import all_metrics
from planner.catalogue.metric import Kind, Metric
from tools.stackcheck import asked, others, provisioning
from tools.stackcheck.asked import Asked
from tools.stackcheck.found import Found

KEYWORDS = frozenset({"and", "or", "unless", "bool", "offset", "atan2", "start", "end", "inf", "nan", "group_left"})
KEYWORDS_BEFORE_LABELS = "by|without|on|ignoring|group_left|group_right"
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'')
_BY_NAME = re.compile(r'__name__\s*(=~?)\s*"([^"]+)"')
_COMMENT = re.compile(r"#[^\n]*")
_LABELS = re.compile(rf"\b(?:{KEYWORDS_BEFORE_LABELS})\s*\([^)]*\)", re.IGNORECASE)
_WITHIN = re.compile(r"\{[^}]*\}|\[[^\]]*\]")
_NAME = re.compile(r"(?<![\w:.$])([a-zA-Z_:][\w:]*)(?!\s*\()(?![\w:])")


def names_in(query: str, known: Iterable[str] = ()) -> set[str]:
    """The metrics that PromQL asks for. One that is asked for by a regular expression is each of the known it matches.

    >>> sorted(names_in('sum by (kind) (rate(a_total{kind="b"}[5m])) / on (c) group_left () d:e'))
    ['a_total', 'd:e']
    """
    found = set()
    for how, text in _BY_NAME.findall(query):
        matching = {name for name in known if re.fullmatch(text, name)} if how == "=~" else {text}
        found |= matching or {text}
    bare = _WITHIN.sub(" ", _QUOTED.sub('""', _COMMENT.sub("", _BY_NAME.sub("", query))))
    words = _NAME.findall(_LABELS.sub(" ", bare))
    return found | {word for word in words if word.lower() not in KEYWORDS}


def series_of(metric: Metric) -> set[str]:
    """Every name it has in a query."""
    ends = ("_bucket", "_sum", "_count") if metric.kind is Kind.HISTOGRAM else ("",)
    return {metric.prometheus + end for end in ends}


def check(
    queries: Sequence[Asked] | None = None, metrics: Sequence[Metric] | None = None, recorded: set[str] | None = None
) -> Found:
    queries = [*asked.everything(), *asked.in_rules(), *provisioning.asked()] if queries is None else queries
    metrics = all_metrics() if metrics is None else metrics
    recorded = asked.recorded() if recorded is None else recorded
    ours = set().union(*(series_of(metric) for metric in metrics))
    known = ours | recorded | others.names()
    used: set[str] = set()
    found: dict[str, None] = {}
    for query in queries:
        if query.language != "promql":
            continue
        names = names_in(query.text, known)
        found |= dict.fromkeys(f"{query.place}: {_unknown(name)}" for name in sorted(names - known))
        used |= names if query.counts else set()
    unused = [metric for metric in metrics if not series_of(metric) & used]
    found |= dict.fromkeys(f"{one.prometheus} ({one.name}) is used by no panel, rule or runbook" for one in unused)
    looked = (
        f"{len(metrics)} metrics of the catalogue, {len(recorded)} recorded, {len(used & others.names())} of others:"
        f" all that is there is used, all that is asked for is there"
    )
    return Found(looked, list(found))


def _unknown(name: str) -> str:
    """Whose it should be, by its name."""
    if name.startswith("planner_"):
        return f"{name} is not in the catalogue"
    if ":" in name:
        return f"{name} is recorded by no rule"
    return f"{name} is nobody's that is known: tools/stackcheck/others.py"
