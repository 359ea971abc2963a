"""``doctor`` about those who are told how the planner is: where telemetry goes, and the heartbeat.

An address may hold a password or a key, so no more of one than its host is shown.
"""

from __future__ import annotations

import socket
import ssl
from base64 import b64encode
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urlsplit, urlunsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, OpenerDirector, Request, build_opener

from planner.config import SettingError, Settings
from planner.finding import Finding
from planner.telemetry.setup import exporters

TIMEOUT_S = 5.0
DEFAULT = "http://localhost:4318"
"""Where OTLP over HTTP goes if nothing else is said (OpenTelemetry's "OTLP Exporter Configuration")."""
GRPC_PORT = 4317
PORTS = {"http": 80, "https": 443}


def telemetry(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Whether an endpoint is there and takes what is exported; ``environ`` holds ``OTEL_*``.

    Each signal's endpoint is sent an empty request, which changes nothing there.
    """
    chosen = exporters(environ)
    if not chosen:
        yield Finding("telemetry", True, "nothing is exported: OTEL_EXPORTER_OTLP_ENDPOINT is not set")
        return
    from planner.telemetry.otlp import settings  # noqa: PLC0415  # with the SDK, which only those have who export

    try:
        settings.check(environ)
    except SettingError as error:
        for line in error.lines:
            yield Finding("telemetry", False, line, "correct that variable in the environment or in .env")
        return
    for signal, names in chosen.items():
        if others := [name for name in names if name != "otlp"]:
            yield Finding("telemetry", True, f"{signal}: {', '.join(others)}")
        if "otlp" in names:
            grpc = settings.protocol(environ, signal) == settings.GRPC
            yield _connected(signal, environ) if grpc else _answered(signal, environ)


def heartbeat(settings: Settings) -> Finding:
    """No more than that somebody listens: a ping from here would tell a lie."""
    if settings.heartbeat_url is None:
        on_trial = settings.token is None
        do = "" if on_trial else "set PLANNER_HEARTBEAT_URL, so that somebody notices: a dead planner cannot say so"
        return Finding("heartbeat", True, "nobody outside is told that the bot is well", do)
    parts = urlsplit(settings.heartbeat_url)
    host = parts.hostname or ""
    try:
        socket.create_connection((host, parts.port or PORTS[parts.scheme]), TIMEOUT_S).close()
    except socket.gaierror:
        return Finding("heartbeat", False, f"{host} is not found", "correct PLANNER_HEARTBEAT_URL, or check the DNS")
    except OSError as error:
        do = "correct PLANNER_HEARTBEAT_URL, or look at this machine's network and at who is to listen there"
        return Finding("heartbeat", False, f"{host} {_why(error)}", do)
    return Finding("heartbeat", True, f"{host} is told once a minute how the bot is")


def _setting(environ: Mapping[str, str], signal: str, what: str) -> str:
    """A setting of one signal, else of all."""
    own = environ.get(f"OTEL_EXPORTER_OTLP_{signal.upper()}_{what}", "").strip()
    return own or environ.get(f"OTEL_EXPORTER_OTLP_{what}", "").strip()


def _endpoint(environ: Mapping[str, str], signal: str) -> str:
    """A signal's own is taken as it is, the one of all gets a path."""
    own = environ.get(f"OTEL_EXPORTER_OTLP_{signal.upper()}_ENDPOINT", "").strip()
    base = environ.get("OTEL_EXPORTER_OTLP_ENDPOINT", "").strip() or DEFAULT
    return own or f"{base.rstrip('/')}/v1/{signal}"


def _connected(signal: str, environ: Mapping[str, str]) -> Finding:
    """gRPC: no more than that somebody listens."""
    text = _setting(environ, signal, "ENDPOINT") or f"http://localhost:{GRPC_PORT}"
    parts = urlsplit(text if "//" in text else f"//{text}")
    host = parts.hostname or "localhost"
    try:
        socket.create_connection((host, parts.port or GRPC_PORT), TIMEOUT_S).close()
    except OSError as error:
        return _unreached(signal, host, error)
    return Finding("telemetry", True, f"{signal}: {host} listens")


def _answered(signal: str, environ: Mapping[str, str]) -> Finding:
    url = urlsplit(_endpoint(environ, signal))
    host = url.hostname or ""
    address = f"[{host}]" if ":" in host else host
    plain = urlunsplit(url._replace(netloc=f"{address}:{url.port}" if url.port else address))
    headers = {"Content-Type": "application/x-protobuf", **_headers(_setting(environ, signal, "HEADERS"))}
    if url.username is not None:
        key = f"{unquote(url.username)}:{unquote(url.password or '')}"
        headers.setdefault("Authorization", f"Basic {b64encode(key.encode()).decode()}")
    try:
        opener = _opener(environ, signal)
        with opener.open(Request(plain, b"", headers, method="POST"), timeout=TIMEOUT_S):  # noqa: S310  # checked
            return Finding("telemetry", True, f"{signal}: {host} takes them")
    except HTTPError as error:
        error.close()
        return _refused(signal, host, error.code)
    except (OSError, ValueError) as error:
        reason = error.reason if isinstance(error, URLError) else error
        return _unreached(signal, host, reason if isinstance(reason, Exception) else error)


def _opener(environ: Mapping[str, str], signal: str) -> OpenerDirector:
    """As the exporter does: proxies of the environment, certificates of its own, and no redirects with a key."""
    context = ssl.create_default_context(cafile=_setting(environ, signal, "CERTIFICATE") or None)
    if certificate := _setting(environ, signal, "CLIENT_CERTIFICATE"):
        context.load_cert_chain(certificate, _setting(environ, signal, "CLIENT_KEY") or None)
    return build_opener(HTTPSHandler(context=context), _NoRedirects)


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def _headers(text: str) -> dict[str, str]:
    """``key=value`` with commas between them, percent-encoded."""
    pairs = (part.partition("=") for part in text.split(",") if "=" in part)
    return {unquote(key.strip()): unquote(value.strip()) for key, _, value in pairs}


def _refused(signal: str, host: str, status: int) -> Finding:
    seen = f"{signal}: {host} answers with HTTP {status}"
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return Finding("telemetry", False, seen, "check the key in OTEL_EXPORTER_OTLP_HEADERS")
    if status in {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED} or status < HTTPStatus.BAD_REQUEST:
        do = f"check the path: OTEL_EXPORTER_OTLP_ENDPOINT stands without the /v1/{signal} that is put behind it"
        return Finding("telemetry", False, seen, do)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Finding("telemetry", False, seen, "look at the log of the collector there")
    return Finding("telemetry", True, f"{seen} to an empty request: it is there")


def _unreached(signal: str, host: str, error: Exception) -> Finding:
    if isinstance(error, socket.gaierror):
        return Finding("telemetry", False, f"{signal}: {host} is not found", "correct OTEL_EXPORTER_OTLP_ENDPOINT")
    if isinstance(error, ssl.SSLError):
        do = "name the authority of its certificate in OTEL_EXPORTER_OTLP_CERTIFICATE; http has no certificate"
        return Finding("telemetry", False, f"{signal}: {host} shows no certificate that can be trusted", do)
    do = "start the collector there, or correct its address"
    return Finding("telemetry", False, f"{signal}: {host} {_why(error)}", do)


def _why(error: Exception) -> str:
    return "does not answer" if isinstance(error, TimeoutError) else f"cannot be reached ({type(error).__name__})"
