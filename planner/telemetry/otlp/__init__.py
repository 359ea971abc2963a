"""Telemetry by OTLP, on OpenTelemetry's SDK: imported only where something is exported."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from planner.telemetry.registry import Registry
from planner.telemetry.tracing import Wall

if TYPE_CHECKING:
    from planner.telemetry.otlp.pipeline import Pipeline

log = logging.getLogger(__name__)

PREFIX = "OTEL_"
GLOBAL = {f"OTEL_PYTHON_{kind}" for kind in ("TRACER_PROVIDER", "METER_PROVIDER", "LOGGER_PROVIDER", "CONTEXT")}
"""They name what a whole process shall use. We use our own, and a wrong one is none of ours."""


def begin(
    environ: Mapping[str, str],
    chosen: Mapping[str, tuple[str, ...]],
    *,
    registry: Registry,
    wall: Wall,
    secrets: Iterable[str],
    version: str,
    instance: str,
    environment: str,
) -> Pipeline:
    """Begin to export what is ``chosen``, by signal. Raises ``SettingError``, and nothing else, for a wrong setting."""
    from planner.telemetry.otlp import settings  # noqa: PLC0415  # it needs none of the SDK

    settings.check(environ)
    for name in settings.without_effect(environ):
        log.warning("settings.unused", extra={"cause": f"{name} has no effect here"})
    with _environment(environ):
        from planner.telemetry.otlp.pipeline import Pipeline  # noqa: PLC0415  # the SDK reads some settings on import
        from planner.telemetry.otlp.resource import resource  # noqa: PLC0415

        return Pipeline(
            environ,
            chosen,
            registry=registry,
            wall=wall,
            secrets=secrets,
            own=resource(version, instance, environment),
            version=version,
        )


@contextmanager
def _environment(environ: Mapping[str, str]) -> Iterator[None]:
    """The SDK reads its settings from the process's environment: for as long as it is set up, they stand there.

    An empty value counts as none, as the specification has it and the SDK does not.
    """
    before = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith(PREFIX)}
    given = {
        name: value
        for name, value in environ.items()
        if name.startswith(PREFIX) and name not in GLOBAL and value.strip()
    }
    os.environ.update(given)
    try:
        yield
    finally:
        for name in given:
            os.environ.pop(name, None)
        os.environ.update(before)
