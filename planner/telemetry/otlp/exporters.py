"""The exporters that are asked for by name: the official ones, or whatever is installed as an entry point."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import entry_points

from planner.config import SettingError
from planner.telemetry.otlp import settings

_OTLP = {settings.HTTP: "otlp_proto_http", settings.GRPC: "otlp_proto_grpc"}
GRPC_PACKAGE = "opentelemetry-exporter-otlp-proto-grpc"


def exporter(signal: str, asked: str, environ: Mapping[str, str]) -> object:
    """An exporter of ``signal``, set up by the environment. Raises ``SettingError``."""
    name = _OTLP[settings.protocol(environ, signal)] if asked == "otlp" else asked
    variable = f"OTEL_{signal.upper()}_EXPORTER"
    found = next(iter(entry_points(group=f"opentelemetry_{signal}_exporter", name=name)), None)
    if found is None and name == _OTLP[settings.GRPC]:
        raise _no_grpc(signal, environ)
    if found is None:
        raise SettingError(f"{variable}: no exporter {name[:80]!r} is installed; an example: {variable}=otlp")
    try:
        made = found.load()
        return made(timeout=settings.timeout_s(environ, signal)) if name in _OTLP.values() else made()
    except ImportError as error:
        if name == _OTLP[settings.GRPC]:
            raise _no_grpc(signal, environ) from error
        raise SettingError(f"{variable}: {name} is not wholly installed ({error.name})") from error
    except Exception as error:
        raise SettingError(f"{variable}: {name} cannot be set up ({type(error).__name__})") from error


def _no_grpc(signal: str, environ: Mapping[str, str]) -> SettingError:
    own = f"OTEL_EXPORTER_OTLP_{signal.upper()}_PROTOCOL"
    name = own if environ.get(own, "").strip() else settings.PROTOCOL
    return SettingError(
        f"{name}: grpc needs one more package (pip install {GRPC_PACKAGE}); without it, {name}={settings.HTTP}"
    )
