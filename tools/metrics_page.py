"""Write ``docs/metrics.md`` from the catalogue: ``make metrics-page``. A test fails where the two differ."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from types import ModuleType

from planner.catalogue import GROUPS, metrics_of
from planner.catalogue.metric import Kind, Label, Metric

PAGE = Path(__file__).resolve().parents[1] / "docs" / "metrics.md"

_HEAD = """\
# Every metric there is

Made from the catalogue in `planner/catalogue/` by `make metrics-page`; to change a line, change it there. How to look
at them, and where to send them, is said in [observability.md](observability.md).

- **Names.** The first is what Prometheus calls it, on `/metrics` and over OTLP alike; the second is OpenTelemetry's.
  Units are UCUM: `s` are seconds, `By` bytes, and what stands in braces is counted. Timestamps are seconds since 1970
  (UTC).
- **Labels.** Where all values of a label are known, every series stands at 0 from the start, so `rate()` and
  `increase()` miss no first event. No label holds a user, an event, an address or a text.
- **Kept** says whether it survives a restart. What is *kept* is read from the database in one snapshot: after a crash
  it goes on from the truth, and never counts anything twice. What is not begins anew with the process, as Prometheus
  expects of a counter.
"""

_COLUMNS = ("metric", "type, unit", "labels", "what it is", "what it is for", "kept")


def page() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *(_group(title, group) for title, group in GROUPS)])


def _group(title: str, group: ModuleType) -> str:
    metrics = metrics_of(group)
    about = (group.__doc__ or "").strip()
    rows = [_row(_COLUMNS), _row(["---"] * len(_COLUMNS)), *(_row(_cells(metric)) for metric in metrics)]
    return "\n".join([f"## {title}", "", about, "", *rows, "", *_buckets(metrics)])


def _cells(metric: Metric) -> list[str]:
    return [
        f"`{metric.prometheus}`<br>`{metric.name}`",
        f"{metric.kind}, `{metric.unit}`",
        "<br>".join(_label(label) for label in metric.labels) or "–",
        metric.about,
        metric.use,
        "yes" if metric.kept else "no",
    ]


def _label(label: Label) -> str:
    return f"`{label.name}`" + (f": {', '.join(label.values)}" if label.values else "")


def _row(cells: list[str] | tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _buckets(metrics: list[Metric]) -> Iterator[str]:
    """The bounds of a group's histograms; those that share theirs share a line."""
    ordered = sorted((metric for metric in metrics if metric.kind is Kind.HISTOGRAM), key=lambda one: one.bounds)
    for bounds, alike in groupby(ordered, lambda one: one.bounds):
        found = list(alike)
        names = ", ".join(f"`{metric.prometheus}`" for metric in found)
        yield f"Buckets of {names} end at {', '.join(f'{bound:g}' for bound in bounds)} (`{found[0].unit}`).\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
