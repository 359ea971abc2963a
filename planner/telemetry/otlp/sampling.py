"""Which traces are exported if nothing happens in them. Those of errors and of late reminders always are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import entry_points

from opentelemetry.context import Context
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.sampling import Decision, Sampler

from planner.clock import NS, ticks
from planner.config import SettingError
from planner.telemetry.otlp.settings import RATIOS

TRACES_A_SECOND = 5
TRACES_AT_ONCE = 100
"""What is exported of what went well, if nothing is set: all of it in a quiet hour, whatever comes together then, and a
part that costs little in a busy one."""
_KNOWN = {"always_on", "always_off", "parentbased_always_on", "parentbased_always_off", *RATIOS}
_NOWHERE = Context()
"""No parent: a journey begins here, whatever an instrumentation around it thinks."""


def sampled(environ: Mapping[str, str], provider: TracerProvider) -> Callable[[int], bool]:
    """Decides by a trace's id; as ``provider`` does if OTEL_TRACES_SAMPLER is set."""
    name = environ.get("OTEL_TRACES_SAMPLER", "").strip()
    if not name:
        return UpTo(TRACES_A_SECOND, TRACES_AT_ONCE)
    sampler = provider.sampler
    return lambda trace_id: sampler.should_sample(_NOWHERE, trace_id, "").decision is Decision.RECORD_AND_SAMPLE


class UpTo:
    """So many a second, and ``at_once`` after a quiet time."""

    def __init__(self, a_second: int, at_once: int, now_ns: Callable[[], int] = ticks) -> None:
        self._a_second = a_second
        self._at_once = at_once
        self._now_ns = now_ns
        self._left = float(at_once)
        self._at = now_ns()

    def __call__(self, _: int) -> bool:
        now = self._now_ns()
        self._left = min(self._at_once, self._left + (now - self._at) * self._a_second / NS)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


def installed(environ: Mapping[str, str]) -> Sampler | None:
    """A sampler that a package brings, made as the SDK makes it; ``None`` for its own. Raises ``SettingError``."""
    name = environ.get("OTEL_TRACES_SAMPLER", "").strip()
    if not name or name.lower() in _KNOWN:
        return None
    example = "an example: OTEL_TRACES_SAMPLER=parentbased_traceidratio"
    found = next(iter(entry_points(group="opentelemetry_traces_sampler", name=name)), None)
    if found is None:
        raise SettingError(f"OTEL_TRACES_SAMPLER: there is no sampler {name[:80]!r}; {example}")
    try:
        sampler = found.load()(environ.get("OTEL_TRACES_SAMPLER_ARG"))
    except Exception as error:
        raise SettingError(f"OTEL_TRACES_SAMPLER: {name} does not start ({type(error).__name__}); {example}") from error
    if not isinstance(sampler, Sampler):
        raise SettingError(f"OTEL_TRACES_SAMPLER: {name} gives no sampler; {example}")
    return sampler
