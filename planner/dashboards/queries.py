"""PromQL of the catalogue's metrics: of the instances that are chosen, over the window that is chosen.

What is asked for is named by the catalogue itself, so that no query can name a metric that there is not.
"""

from __future__ import annotations

import re

from planner.catalogue.metric import Kind, Metric
from planner.catalogue.process import STARTED_AT, STARTS

INSTANCE = 'instance=~"$instance"'
WINDOW = "$window"
FAILED = 'outcome="failed"'
SENT = 'outcome=~"on_time|late"'
ERRONEOUS = 'level=~"ERROR|CRITICAL"'
"""Lines of the log that say that a promise was broken, or soon will be."""


def of(metric: Metric, *matchers: str, part: str = "") -> str:
    """A selector; ``part`` is a histogram's: bucket, count or sum. ``matchers`` as in PromQL: ``kind="event"``."""
    suffix = f"_{part}" if part else ""
    return f"{metric.prometheus}{suffix}{{{', '.join((INSTANCE, *matchers))}}}"


def now(metric: Metric, *by: str, matchers: tuple[str, ...] = (), how: str = "max") -> str:
    """A gauge's value."""
    return f"{how}{_by(by)} ({of(metric, *matchers)})"


def rate(metric: Metric, *by: str, matchers: tuple[str, ...] = (), part: str = "", window: str = WINDOW) -> str:
    """A counter's growth a second."""
    return f"sum{_by(by)} (rate({of(metric, *matchers, part=_counted(metric, part))}[{window}]))"


def grown(metric: Metric, *by: str, matchers: tuple[str, ...] = (), part: str = "", window: str = WINDOW) -> str:
    """How many a counter has counted within the window."""
    return f"sum{_by(by)} (increase({of(metric, *matchers, part=_counted(metric, part))}[{window}]))"


def counted(metric: Metric, *by: str, matchers: tuple[str, ...] = (), window: str = WINDOW) -> str:
    """As ``grown``, but a counter that began within the window counts whole, as what came before the first scrape does.

    A counter of the process began with it; one that is kept began with the database, at its first start. What an alert
    judges is shown as the alert counts it, by ``grown``.
    """
    series = of(metric, *matchers, part=_counted(metric, ""))
    began = f"{of(STARTED_AT)} > scalar(min_over_time(vector(time())[{window}:1m]))"
    first = f" and on (instance) {of(STARTS)} == 1" if metric.kept else ""
    entire, seen = f"({series} and on (instance) ({began}{first}))", f"increase({series}[{window}])"
    return f"sum{_by(by)} ({seen} > {entire} or {entire} or {seen})"


def quantile(share: float, metric: Metric, *by: str, matchers: tuple[str, ...] = (), window: str = WINDOW) -> str:
    """Below which that share of a histogram's values lay."""
    inside = rate(metric, "le", *by, matchers=matchers, part="bucket", window=window)
    return f"histogram_quantile({share}, {inside})"


def mean(metric: Metric, *by: str, matchers: tuple[str, ...] = (), window: str = WINDOW) -> str:
    """The mean of a histogram's values."""
    total, count = (rate(metric, *by, matchers=matchers, part=part, window=window) for part in ("sum", "count"))
    return f"{total} / {count}"


def buckets(metric: Metric, *matchers: str) -> str:
    """A histogram over time, for a heat map: how many lay in each bucket between two points of the picture."""
    return f"sum by (le) (increase({of(metric, *matchers, part='bucket')}[$__rate_interval]))"


def share(part: str, whole: str) -> str:
    """One of the other, and no value where there is none of it."""
    return f"{part} / ({whole} > 0)"


def within(bound: float, metric: Metric, *by: str, matchers: tuple[str, ...] = (), window: str = WINDOW) -> str:
    """How many of a histogram's values were no greater than ``bound``, which is one of its buckets'."""
    if bound not in metric.bounds:
        raise ValueError(f"{metric.name} has no bucket that ends at {bound}")
    return grown(metric, *by, matchers=(*matchers, _le(bound)), part="bucket", window=window)


def beyond(bound: float, metric: Metric, *by: str, matchers: tuple[str, ...] = (), window: str = WINDOW) -> str:
    """How many of a histogram's values were greater than ``bound``, which is one of its buckets'."""
    everything = grown(metric, *by, matchers=matchers, window=window)
    return f"{everything} - {within(bound, metric, *by, matchers=matchers, window=window)}"


def whole(counted: str) -> str:
    """Without the fraction that ``increase`` makes of few: 4.6 alerts are 5, for the rules are of N - 0.5."""
    return f"round({counted})"


def there(expression: str, least: str = "0") -> str:
    """No value where it is not a number, as a quantile of nothing is, or is below the ``least`` that it may be."""
    return f"({expression}) >= {least}"


def greatest(number: int, expression: str, label: str, by: str = "") -> str:
    """Of the series by ``label`` those that are greatest in all the time that is shown, the same all along.

    ``by`` says of what they have most, where that is something else, or is asked for more cheaply.
    """
    return f"{expression} and on ({label}) topk({number}, {_in_all(by or expression)})"


def _in_all(expression: str) -> str:
    """Over all the time that is shown: also where whoever told it is gone at its end. Of a gauge the highest."""
    return re.sub(r"(\w+\{[^}]*\})(\[[^\]]+\])?", _throughout, expression)


def _throughout(selector: re.Match[str]) -> str:
    ranged = f"{selector[1]}[$__range] @ end()"
    return ranged if selector[2] else f"max_over_time({ranged})"


def _le(bound: float) -> str:
    """A whole number is written as 10 or as 10.0, by the way that it came."""
    return f'le=~"{bound:.0f}|{bound:.0f}[.]0"' if bound == int(bound) else f'le="{bound}"'


def _counted(metric: Metric, part: str) -> str:
    return part or ("count" if metric.kind is Kind.HISTOGRAM else "")


def _by(labels: tuple[str, ...]) -> str:
    return f" by ({', '.join(labels)})" if labels else ""
