"""Whether telemetry leaves the process, by OpenTelemetry's own settings, and what the parts are given then.

Nothing of OpenTelemetry is imported here: who exports nothing pays nothing. See ``otlp/`` for what is done if it does.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import sys
import threading
from collections.abc import Awaitable, Callable, Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Protocol

from planner.catalogue.metric import Reading
from planner.clock import NS, ticks
from planner.telemetry import Telemetry
from planner.telemetry.registry import Registry
from planner.telemetry.tracing import Trace, Tracer, Wall

log = logging.getLogger(__name__)

SIGNALS = ("traces", "metrics", "logs")

STOP_S = 2.0
"""The longest that ``stop`` waits for the endpoint."""
STOP_ALL_S = 2.8
"""The longest that it waits since the process was told to stop, with all that the bot has had to end before it."""
STOP_LEAST_S = 0.5
"""So long it waits in any case: what is exported at an end says how it ended."""

Read = Callable[[], Awaitable[list[Reading]]]
"""Everything that is known at the moment, by database and process; called on the event loop."""


class Pipeline(Protocol):
    """What ``otlp.pipeline`` has."""

    @property
    def traces(self) -> Callable[[Trace], None] | None: ...
    @property
    def sampled(self) -> Callable[[int], bool]: ...
    def observe(self, read: Read, loop: asyncio.AbstractEventLoop) -> None: ...
    async def unobserve(self) -> None: ...
    def fault(self) -> str | None: ...
    def fault_since(self) -> int | None: ...
    def leave(self) -> list[Callable[[], object]]:
        """Take nothing more; what is to be called, side by side, to send what waits."""
        ...


class Running:
    """The telemetry of a process at work. ``telemetry`` is what every part is given."""

    def __init__(
        self, telemetry: Telemetry, pipeline: Pipeline | None = None, *, foreign: Foreign | None = None
    ) -> None:
        self.telemetry = telemetry
        self.exporting = pipeline is not None
        self._pipeline = pipeline
        self._foreign = foreign
        self._told: int | None = None

    def observe(self, read: Read) -> None:
        """Ask ``read`` for what to export from now on, on the loop this is called on. Before, the process is asked."""
        if self._pipeline is not None:
            self._pipeline.observe(read, asyncio.get_running_loop())

    async def unobserve(self) -> None:
        """Ask for the last time, before the database is closed: what is read goes out at ``stop``. At most a second."""
        if self._pipeline is not None:
            await self._pipeline.unobserve()

    def fault(self) -> str | None:
        """What the endpoint does not take, and why; ``None`` while it takes everything, or nothing is exported."""
        return self._pipeline.fault() if self._pipeline is not None else None

    def fault_since(self) -> int | None:
        """Since when (UTC ms) ``fault`` is so."""
        return self._pipeline.fault_since() if self._pipeline is not None else None

    def stopping(self) -> None:
        """The process has been told to stop: from now on its time runs. Once is enough."""
        if self._told is None:
            self._told = ticks()

    def stop(self) -> None:
        """Export what waits and end, whatever the endpoint does. Blocks: call it when no loop runs.

        It ends within 3 s since ``stopping``, if what came between has left as much of them.
        """
        parts = [part for part in (self._pipeline, self._foreign) if part is not None]
        spent = 0.0 if self._told is None else (ticks() - self._told) / NS
        seconds = max(STOP_LEAST_S, min(STOP_S, STOP_ALL_S - spent))
        _run_out([end for part in parts for end in part.leave()], seconds)


class Foreign(Protocol):
    """Instrumentations that somebody else has put around the process, tamed by ``otlp.foreign``."""

    def leave(self) -> list[Callable[[], object]]: ...
    def spoken(self, environ: Mapping[str, str]) -> Mapping[str, str]: ...


def start(
    environ: Mapping[str, str],
    *,
    wall: Wall,
    random: Random,
    secrets: Iterable[str] = (),
    version: str = "",
    instance: str = "",
    environment: str = "",
) -> Running:
    """Begin to export what ``OTEL_*`` in ``environ`` asks for, if anything. Raises ``SettingError``.

    ``secrets`` leave by no door. ``instance`` tells this bot apart from others of the same service, and is the same
    after a restart: a new one each time would be a new set of series each time. ``environment`` tells what is in
    earnest from what is tried out.
    """
    _misspelt(environ)
    foreign = _foreign(secrets)
    environ = environ if foreign is None else foreign.spoken(environ)
    chosen = exporters(environ)
    if not chosen:
        return Running(Telemetry(), foreign=foreign)
    from planner.telemetry.otlp import begin  # noqa: PLC0415  # a quarter of a second and 25 MB, for those who export

    registry = Registry()
    pipeline = begin(
        environ,
        chosen,
        registry=registry,
        wall=wall,
        secrets=secrets,
        version=version,
        instance=instance,
        environment=environment,
    )
    tracer = Tracer(wall, random, pipeline.traces, pipeline.sampled)
    return Running(Telemetry(registry, tracer), pipeline, foreign=foreign)


def instance(token: str | None, db: Path) -> str:
    """What is the same of a bot after each start: its public id at Telegram; without one its host and database."""
    if token:
        return f"bot-{token.partition(':')[0]}"
    return f"{socket.gethostname()}-{sha256(bytes(db.absolute())).hexdigest()[:8]}"


def environment(token: str | None) -> str:
    """By default: a bot at Telegram is in earnest, the local chat is on a machine of its own."""
    return "production" if token else "local"


def exporters(environ: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """By signal, the exporters that are asked for: named, or ``otlp`` where an endpoint is. Empty: nothing is exported.

    https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/, but for one thing: without any of
    these variables nothing is exported, in place of everything to this machine.
    """
    if environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return {}
    return {signal: names for signal in SIGNALS if (names := _names(environ, signal.upper()))}


def _names(environ: Mapping[str, str], signal: str) -> tuple[str, ...]:
    endpoints = ("OTEL_EXPORTER_OTLP_ENDPOINT", f"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT")
    asked = environ.get(f"OTEL_{signal}_EXPORTER", "").strip()
    if not asked and any(environ.get(name, "").strip() for name in endpoints):
        asked = "otlp"
    return tuple(name for one in asked.split(",") if (name := one.strip()) not in {"", "none"})


def _misspelt(environ: Mapping[str, str]) -> None:
    """Also where nothing is exported: that may be why."""
    if not environ:
        return
    from planner.telemetry.otlp.names import misspelt  # noqa: PLC0415  # for those who have such settings

    for name, meant in misspelt(environ).items():
        log.warning("settings.unused", extra={"cause": f"{name} is no setting of OpenTelemetry's: is it {meant}?"})


def _foreign(secrets: Iterable[str]) -> Foreign | None:
    """``opentelemetry-instrument`` is there before the planner is; whoever is not run by it has no such module yet."""
    if "opentelemetry.sdk" not in sys.modules and "opentelemetry.instrumentation" not in sys.modules:
        return None
    from planner.telemetry.otlp.foreign import tame  # noqa: PLC0415  # it is loaded already

    return tame(secrets)


def _run_out(ends: Iterable[Callable[[], object]], seconds: float) -> None:
    """Call all of ``ends`` side by side, and wait for them for no longer than ``seconds`` together."""
    threads = [threading.Thread(target=end, name="telemetry-stop", daemon=True) for end in ends]
    until = ticks() + seconds * NS
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, (until - ticks()) / NS))
