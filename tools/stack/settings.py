"""What the stack is told: ``STACK_…`` and those of the bot's settings that matter here, as the bot reads its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from zoneinfo import available_timezones

from planner import config
from planner.config import PORT_MAX, Setting, SettingError, mail_address, read_setting, whole
from planner.mail import server
from planner.slo.generate.routes import QUIET_HOURS
from tools.stack.listeners import another

ROOT = Path(__file__).resolve().parents[2]
STACK = ROOT / "stack"
ENV_FILE = Path(".env")
KEEP_DAYS_MIN = 30
"""So that a month can be looked back on."""
KEEP_DAYS_MAX = 3_650
OFF = "off"
BOT_TOKEN, BOT_HEARTBEAT = "bot/token", "bot/heartbeat"
"""The bot's secrets below the folder into which is rendered."""
IN_BOT = PurePosixPath("/run/planner")
"""Where its container finds them."""
SMTPS_PORT = 465
"""The one at which Alertmanager speaks TLS from the start."""
_PREFIX = "STACK_"


@dataclass(frozen=True, slots=True)
class Ports:
    """On which ports of this machine's loopback the parts answer."""

    grafana: int
    prometheus: int
    alertmanager: int
    loki: int
    tempo: int
    otlp_grpc: int
    otlp_http: int
    chat: int
    """The demo's local chat."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting; see ``TABLE`` for the names. ``bot``: the planner's own, of which the stack needs a few."""

    bot: config.Settings
    run: Path
    """The folder into which is rendered, absolute."""
    slo: Path | None
    """The ``slo.toml`` in use; ``None``: the one that ``planner.promises.load`` finds."""
    pagerduty: str | None
    slack: str | None
    mail_to: str
    webhook: str | None
    heartbeat: str | None
    zone: str
    quiet: tuple[str, str] | None
    """From when to when, HH:MM in ``zone``, only what is critical is told; ``None``: at no time."""
    keep_days: int
    ports: Ports

    @property
    def secrets(self) -> tuple[str, ...]:
        """What may leave by no door but the files that are rendered for it."""
        own = (self.pagerduty, self.slack, self.webhook, self.heartbeat)
        return (*(one for one in own if one), *self.bot.secrets)

    @property
    def mail_from(self) -> str:
        """Whom mail comes from: the setting, else the mail server's user, if that is an address; else nobody."""
        if self.bot.mail_from or self.bot.smtp_url is None:
            return self.bot.mail_from
        try:
            return mail_address(server(self.bot.smtp_url).user)
        except ValueError:
            return ""


def _key(text: str) -> str | None:
    if text and not re.fullmatch(r"[A-Za-z0-9_-]{16,64}", text):
        raise ValueError("is no integration key of PagerDuty's Events API v2")
    return text or None


def _zone(text: str) -> str:
    if text not in available_timezones():
        raise ValueError("is no zone that is known here")
    return text


def _quiet(text: str) -> tuple[str, str] | None:
    if text == OFF:
        return None
    hour = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
    found = re.fullmatch(f"({hour})-({hour})", text)
    if not found or found[1] == found[2]:
        raise ValueError(f"are no hours from-to, and not {OFF}")
    return found[1], found[2]


def _file(text: str) -> Path | None:
    if text and not Path(text).expanduser().is_file():
        raise ValueError("is no file")
    return Path(text).expanduser().resolve() if text else None


def _folder(text: str) -> Path:
    path = Path(text).expanduser().absolute()
    if path.exists() and not path.is_dir():
        raise ValueError("is a file, and no folder")
    return path


_OWN: Mapping[str, Setting] = {
    "run": Setting("STACK_RUN", str(STACK / "run"), _folder, "/var/lib/planner/stack", "the folder into which"
                   " configurations and secrets are written"),
    "slo": Setting("STACK_SLO", "", _file, "slo.toml", "the promises that are watched, if not those of the planner"),
    "pagerduty": Setting("STACK_PAGERDUTY_KEY", "", _key, "0123456789abcdef0123456789abcdef", "an integration key of"
                         " PagerDuty's Events API v2", secret=True),
    "slack": Setting("STACK_SLACK_URL", "", config.url, "https://hooks.slack.com/services/…", "the address of an"
                     " incoming webhook of Slack", secret=True),
    "mail_to": Setting("STACK_MAIL_TO", "", mail_address, "host@example.org", "who gets mail, by PLANNER_SMTP_URL"),
    "webhook": Setting("STACK_WEBHOOK_URL", "", config.url, "https://alerts.example.org/…", "an address that is sent"
                       " JSON, where slo.toml routes to webhook", secret=True),
    "heartbeat": Setting("STACK_HEARTBEAT_URL", "", config.url, "https://hc-ping.com/your-uuid", "an address that is"
                         " called once a minute while the watchers live", secret=True),
    "zone": Setting("STACK_ZONE", "UTC", _zone, "Europe/Berlin", "the zone of STACK_QUIET_HOURS"),
    "quiet": Setting("STACK_QUIET_HOURS", "-".join(QUIET_HOURS), _quiet, "22:00-08:00", "when only what is critical is"
                     f" told; {OFF}: never"),
    "keep_days": Setting("STACK_KEEP_DAYS", str(KEEP_DAYS_MIN), whole(KEEP_DAYS_MIN, KEEP_DAYS_MAX), "90", "for how"
                         " many days metrics, logs and traces are kept"),
}  # fmt: skip

_PORT = whole(1, PORT_MAX)
PORTS: Mapping[str, Setting] = {
    name: Setting(f"STACK_{name.upper()}_PORT", str(port), _PORT, str(port), f"the port of {what}")
    for name, port, what in (
        ("grafana", 3000, "Grafana"),
        ("prometheus", 9090, "Prometheus"),
        ("alertmanager", 9093, "Alertmanager"),
        ("loki", 3100, "Loki"),
        ("tempo", 3200, "Tempo"),
        ("otlp_grpc", 4317, "the collector for OTLP over gRPC"),
        ("otlp_http", 4318, "the collector for OTLP over HTTP"),
        ("chat", 8085, "the demo's chat"),
    )
}
"""Each port's setting, by its name in ``Ports``."""
TABLE: Mapping[str, Setting] = {**_OWN, **PORTS}


def read_settings(environ: Mapping[str, str], env_file: Path | None = ENV_FILE) -> Settings:
    """The settings from ``environ``, with what it lacks from ``env_file``. Raises ``SettingError`` with every fault."""
    faults: list[str] = []
    given = config.all_given(environ, env_file)
    bot = _tried(partial(config.read_settings, given), faults)
    found = {name: _tried(partial(read_setting, one, given), faults) for name, one in TABLE.items()}
    faults += _twice({name: found[name] for name in PORTS})
    if faults:
        raise SettingError(*faults)
    ports = Ports(**{name: found.pop(name) for name in PORTS})  # type: ignore[arg-type]  # as the table's readers give them
    settings = Settings(bot=bot, ports=ports, **found)  # type: ignore[arg-type]  # likewise
    if fault := _mail_fault(settings):
        raise SettingError(fault)
    return settings


def _tried(read: Callable[[], object], faults: list[str]) -> object:
    try:
        return read()
    except SettingError as error:
        faults += error.lines
        return None


def _twice(ports: Mapping[str, object]) -> Iterator[str]:
    """Two parts cannot answer on one port."""
    first: dict[object, str] = {}
    for name, port in ports.items():
        if port is not None and first.setdefault(port, name) != name:
            both = sorted((PORTS[name], PORTS[first[port]]), key=lambda one: one.default == str(port))
            own, other = (one.name for one in both)
            free = another(int(both[0].default), ports.values())
            yield f"{own}: {port} is {other}, too; an example: {own}={free}"


def _mail_fault(settings: Settings) -> str | None:
    if not settings.mail_to:
        return None
    if settings.bot.smtp_url is None:
        return (
            "STACK_MAIL_TO: nothing can be sent without PLANNER_SMTP_URL;"
            " an example: PLANNER_SMTP_URL=smtp://user:password@mail.example.org:587"
        )
    if not settings.mail_from:
        return "STACK_MAIL_TO: nobody would be its sender; an example: PLANNER_MAIL_FROM=planner@example.org"
    by = server(settings.bot.smtp_url)
    if by.tls and by.port != SMTPS_PORT:
        return (
            f"PLANNER_SMTP_URL: Alertmanager speaks TLS from the start at port {SMTPS_PORT} alone, for STACK_MAIL_TO;"
            " an example: PLANNER_SMTP_URL=smtps://user:password@mail.example.org"
        )
    return None


def unused(environ: Mapping[str, str], env_file: Path | None = ENV_FILE) -> Iterator[str]:
    """A line for each ``STACK_…`` variable that nothing reads: a misspelt one for the most part."""
    known = {one.name for one in TABLE.values()}
    known |= {f"{one.name}_FILE" for one in TABLE.values() if one.secret}
    for name in sorted(config.all_given(environ, env_file)):
        if name.startswith(_PREFIX) and name not in known:
            yield f"{name} is no setting; there are {', '.join(sorted(one.name for one in TABLE.values()))}"


def as_environment(settings: Settings) -> dict[str, str]:
    """What ``compose.yaml`` asks for by name; no secret among it."""
    ports = {setting.name: str(getattr(settings.ports, name)) for name, setting in PORTS.items()}
    return {
        **ports,
        "STACK_RUN": str(settings.run),
        "STACK_SLO": str(settings.slo or ""),
        "STACK_KEEP_DAYS": str(settings.keep_days),
        "STACK_KEEP_HOURS": str(settings.keep_days * 24),
        "STACK_BOT_HEARTBEAT_FILE": str(IN_BOT / Path(BOT_HEARTBEAT).name) if settings.bot.heartbeat_url else "",
    }
