"""What a world's metrics stand at, in stories."""

from __future__ import annotations

from planner.catalogue import chat
from planner.catalogue.metric import Distribution, Metric, Point
from planner.telemetry.tracing import Trace
from tests.world import World

Labels = tuple[str, ...]


def counted(world: World, metric: Metric) -> dict[Labels, float]:
    """What a counter's or gauge's series stand at, those at 0 left out; of a histogram how many values there are."""
    readings = world.telemetry.metrics.read([metric])
    points = [point for reading in readings if reading.metric is metric for point in reading.points]
    return {point.labels: n for point in points if (n := _number(point))}


def handled(world: World) -> dict[Labels, float]:
    """How many updates were handled, by handler and outcome."""
    return counted(world, chat.UPDATES)


def active(world: World) -> float:
    """How many updates are not answered yet."""
    return counted(world, chat.UPDATES_ACTIVE).get((), 0)


def journeys(world: World) -> list[Trace]:
    """The traces of updates, in the order they ended."""
    return [trace for trace in world.traces if trace.spans[-1].name == "update"]


def _number(point: Point | Distribution) -> float:
    return sum(point.counts) if isinstance(point, Distribution) else point.value
