"""The settings: one table of what can be set, read from the environment and ``.env``; a wrong one takes one line."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

ANYONE = "*"
PORT_MAX = 65_535
PRICE_MAX = 100_000
TELLERS = ("process", "stack")
LOCAL_TOKEN = "1:local-chat"  # noqa: S105  # opens nothing but the local chat
"""The bot's where none is set."""


class SettingError(Exception):
    """Settings that cannot be used: a line for each names the variable, the fault and an example, and no secret."""

    def __init__(self, *lines: str) -> None:
        super().__init__(*lines)
        self.lines = lines

    def __str__(self) -> str:
        return "\n".join(self.lines)


@dataclass(frozen=True, slots=True)
class Address:
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting with its meaning; see ``TABLE`` for names and defaults."""

    token: str | None
    db: Path
    users: frozenset[int] | None
    """Who may use the bot; ``None`` is anyone; empty: whoever claims it first."""
    admins: frozenset[int]
    bot_api: str | None
    http: Address
    send_rate: float
    chat_burst: int
    keep_days: int
    localchat_any: bool
    private_feeds: bool
    """Whether calendars may be on this machine or in its network."""
    feed_max_mb: int
    feed_max_events: int
    public_url: str | None
    feed_http: Address
    metrics: bool
    """Whether ``/metrics`` also shows what costs a little to measure; with an OTLP endpoint it always does."""
    heartbeat_url: str | None
    """A secret: whoever has it can say that the bot is well."""
    price_per_hour: float
    """What the machine costs, in any currency."""
    tickets: str | None
    """Where the tickets of budgets that are gone are kept: a folder, or an address, which is a secret."""
    paid_broadcast: bool
    """Whether messages may be paid for with Telegram Stars, to go out faster than 30 a second."""
    alerts: str
    """Who tells the admins of broken promises, one of ``TELLERS``: the planner itself, or Alertmanager."""
    smtp_url: str | None
    """A secret, for the password in it: the mail server that reports are sent through."""
    mail_from: str
    price_per_broken_minute: float
    """What a minute costs in which a promise was broken, in any currency."""
    log_level: str

    @property
    def secrets(self) -> tuple[str, ...]:
        """What may leave by no door: the token, and of the heartbeat's address what stands behind the host, too."""
        hook = self.tickets if self.tickets and "://" in self.tickets else None
        found = (self.token or "", *_secrets_in(self.heartbeat_url), *_secrets_in(hook), *_secrets_in(self.smtp_url))
        return tuple(one for one in found if one)


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table; ``read`` raises ``ValueError`` with the fault in words."""

    name: str
    default: str
    read: Callable[[str], object]
    example: str
    about: str
    secret: bool = False


def _token(text: str) -> str | None:
    if text and not re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]{3,}", text):
        raise ValueError("is no bot token")
    return text or None


def _ids(text: str) -> frozenset[int]:
    try:
        return frozenset(int(part) for part in re.split(r"[,\s]+", text) if part)
    except ValueError:
        raise ValueError("is no list of Telegram ids") from None


def _users(text: str) -> frozenset[int] | None:
    return None if text.strip() == ANYONE else _ids(text)


def _address(text: str) -> Address:
    host, _, port = text.rpartition(":")
    if not host or not re.fullmatch(r"[0-9]{1,9}", port):
        raise ValueError("is no host:port")
    if int(port) > PORT_MAX:
        raise ValueError(f"has a port above {PORT_MAX}")
    return Address(host.strip("[]"), int(port))


def url(text: str) -> str | None:
    if text and not _is_http(text):
        raise ValueError("is no http or https address")
    return text.rstrip("/") or None


def _secrets_in(url: str | None) -> tuple[str, ...]:
    parts = urlsplit(url or "")
    password = parts.password or ""
    return url or "", parts.path.rstrip("/"), parts.query, password, unquote(password)


def folder_or_url(text: str) -> str | None:
    """Where tickets go. Raises ``ValueError`` with the fault in words, and nothing of what was given."""
    if "://" in text and not _is_http(text):
        raise ValueError("is no http or https address")
    if text and "://" not in text and Path(text).is_file():
        raise ValueError("is a file, and no folder")
    return text or None


def _is_http(text: str) -> bool:
    return _leads_to(text, {"http", "https"})


def _smtp(text: str) -> str | None:
    if text and not _leads_to(text, {"smtp", "smtps"}):
        raise ValueError("is no smtp or smtps address")
    return text or None


def _leads_to(text: str, schemes: set[str]) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def mail_address(text: str) -> str:
    """The address, if it is one or empty. Raises ``ValueError``."""
    if text and not re.fullmatch(r"[^\s<>,;@\"]+@[^\s<>,;@\"]+", text):
        raise ValueError("is no mail address")
    return text


def _between(low: float, high: float) -> Callable[[str], float]:
    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            raise ValueError("is no number") from None
        if not low <= value <= high:
            raise ValueError(f"is not between {low:g} and {high:g}")
        return value

    return read


def whole(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text) or not low <= int(text) <= high:
            raise ValueError(f"is no whole number between {low} and {high}")
        return int(text)

    return read


def _flag(text: str) -> bool:
    if text not in {"", "0", "1"}:
        raise ValueError("is neither 0 nor 1")
    return text == "1"


def _level(text: str) -> str:
    if text.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ValueError("is no log level")
    return text.upper()


def _teller(text: str) -> str:
    if text not in TELLERS:
        raise ValueError("is neither process nor stack")
    return text


def _path(text: str) -> Path:
    try:
        path = Path(text).expanduser()
    except RuntimeError:
        raise ValueError("names nobody's home folder") from None
    if path.is_dir():
        raise ValueError("is a folder")
    return path


TABLE: Mapping[str, Setting] = {
    "token": Setting("BOT_TOKEN", "", _token, "123456789:AAE…", "the token from @BotFather; without one the bot runs on"
                     " its local chat; BOT_TOKEN_FILE names a file that holds it", secret=True),
    "db": Setting("PLANNER_DB", "planner.db", _path, "/var/lib/planner/planner.db", "the database file"),
    "users": Setting("PLANNER_USERS", "", _users, "1234567,7654321", "Telegram ids that may use the bot; * is anyone;"
                     " empty: whoever opens the one-time link it prints"),
    "admins": Setting("PLANNER_ADMINS", "", _ids, "1234567", "Telegram ids of those who look after this bot;"
                      " they may use it, too"),
    "bot_api": Setting("PLANNER_BOT_API", "", url, "http://127.0.0.1:8081", "address of a Bot API server other than"
                       " Telegram's own"),
    "http": Setting("PLANNER_HTTP", "127.0.0.1:8085", _address, "127.0.0.1:8085", "where the local chat and the health"
                    " pages listen"),
    "send_rate": Setting("PLANNER_SEND_RATE", "30", _between(0.1, 1_000), "30", "messages a second that Telegram lets"
                         " this bot send"),
    "chat_burst": Setting("PLANNER_CHAT_BURST", "20", whole(1, 1_000), "20", "answers that may follow each other to"
                          " one chat faster than one a second"),
    "keep_days": Setting("PLANNER_KEEP_DAYS", "400", whole(8, 36_500), "400", "days that settled reminders are kept;"
                         " the counts behind the SLOs stay"),
    "localchat_any": Setting("PLANNER_LOCALCHAT_ANY", "0", _flag, "1", "1: the local chat answers others than loopback"
                             " too, for a container"),
    "private_feeds": Setting("PLANNER_PRIVATE_FEEDS", "0", _flag, "1", "1: calendars may be linked that are on this"
                             " machine or in its own network, a server at home for one"),
    "feed_max_mb": Setting("PLANNER_FEED_MAX_MB", "20", whole(1, 200), "20", "megabytes, unpacked, that a linked"
                           " calendar may have"),
    "feed_max_events": Setting("PLANNER_FEED_MAX_EVENTS", "50000", whole(1, 500_000), "50000", "events that a linked"
                               " calendar may have"),
    "public_url": Setting("PLANNER_PUBLIC_URL", "", url, "https://planner.example.org", "address under which others"
                          " reach PLANNER_FEED_HTTP; with it people get an address of their events for other"
                          " calendars"),
    "feed_http": Setting("PLANNER_FEED_HTTP", "127.0.0.1:8086", _address, "127.0.0.1:8086", "where people's events are"
                         " served to other calendars, if PLANNER_PUBLIC_URL is set"),
    "metrics": Setting("PLANNER_METRICS", "0", _flag, "1", "1: /metrics also shows how long the event loop and garbage"
                       " collections take; with OTEL_EXPORTER_OTLP_ENDPOINT it always does"),
    "heartbeat_url": Setting("PLANNER_HEARTBEAT_URL", "", url, "https://hc-ping.com/your-uuid", "address that is"
                             " called once a minute while all is well, as healthchecks.io has it;"
                             " PLANNER_HEARTBEAT_URL_FILE names a file that holds it", secret=True),
    "price_per_hour": Setting("PLANNER_PRICE_PER_HOUR", "0", _between(0, PRICE_MAX), "0.007", "what an hour of this"
                              " machine costs, in any currency, for the metrics of cost"),
    "tickets": Setting("PLANNER_TICKETS", "", folder_or_url, "https://hooks.example.org/…", "where slo policy"
                       " keeps a ticket for each promise whose error budget is gone: a folder, or an address that is"
                       " sent JSON; PLANNER_TICKETS_FILE names a file that holds it", secret=True),
    "paid_broadcast": Setting("PLANNER_PAID_BROADCAST", "0", _flag, "1", "1: messages may go out as paid broadcasts, at"
                              " 0.1 Telegram Stars each, so that PLANNER_SEND_RATE may be up to 1000"),
    "alerts": Setting("PLANNER_ALERTS", "process", _teller, "stack", "who tells the admins of broken promises: process,"
                      " the planner itself in the chat, or stack, Alertmanager (make stack)"),
    "smtp_url": Setting("PLANNER_SMTP_URL", "", _smtp, "smtp://user:password@mail.example.org:587", "the mail server"
                        " that reports are sent through: smtp:// with STARTTLS, smtps:// with TLS from the start; an @"
                        " in a name or password is written %40; PLANNER_SMTP_URL_FILE names a file that holds it",
                        secret=True),
    "mail_from": Setting("PLANNER_MAIL_FROM", "", mail_address, "planner@example.org", "whom reports come from; without"
                         " it the user in PLANNER_SMTP_URL, if that is a mail address"),
    "price_per_broken_minute": Setting("PLANNER_PRICE_PER_BROKEN_MINUTE", "0", _between(0, PRICE_MAX), "0.5", "what a"
                                       " minute costs in which a promise was broken, in any currency, for reports"),
    "log_level": Setting("PLANNER_LOG_LEVEL", "INFO", _level, "INFO", "DEBUG, INFO, WARNING or ERROR"),
}  # fmt: skip


def all_given(environ: Mapping[str, str], env_file: Path | None = None) -> dict[str, str]:
    """``environ``, with what it lacks from ``env_file``. Raises ``SettingError``."""
    return {**(_env_file(env_file) if env_file and env_file.is_file() else {}), **environ}


def read_settings(environ: Mapping[str, str], env_file: Path | None = None) -> Settings:
    """The settings from ``environ``, with what it lacks from ``env_file``. Raises ``SettingError`` with every fault."""
    given = all_given(environ, env_file)
    values: dict[str, object] = {}
    faults: list[str] = []
    for field, setting in TABLE.items():
        try:
            values[field] = read_setting(setting, given)
        except SettingError as error:
            faults += error.lines
    if faults:
        raise SettingError(*faults)
    return Settings(**values)  # type: ignore[arg-type]  # the table's readers return the fields' types; a test holds it


def telemetry_settings(environ: Mapping[str, str], env_file: Path | None = None) -> dict[str, str]:
    """OpenTelemetry's own settings, from ``environ`` and, what it lacks, from ``env_file``. Raises ``SettingError``."""
    given = all_given(environ, env_file)
    return {name: value for name, value in given.items() if name.startswith("OTEL_")}


def unused(environ: Mapping[str, str], env_file: Path | None = None) -> str | None:
    """A line that names the variables of ours that nothing reads, misspelt ones for the most part."""
    given = all_given(environ, env_file)
    said = [why for name in sorted(given) if (why := _unused(name, given))]
    return "; ".join(said) + ": planner.py --help lists what there is" if said else None


def _unused(name: str, given: Mapping[str, str]) -> str | None:
    """Why nothing reads a variable; ``None`` where something does, or it is none of ours."""
    known = {setting.name for setting in TABLE.values()}
    holder = next((one.name for one in TABLE.values() if one.secret and name == f"{one.name}_FILE"), None)
    if holder is not None:
        return f"{name} is not used, because {holder} is set" if given[name] and given.get(holder, "").strip() else None
    if not name.startswith("PLANNER_") or name in known:
        return None
    return f"{name} is no setting"


def read_setting(setting: Setting, given: Mapping[str, str]) -> object:
    """Its value, a secret's from the file that ``…_FILE`` names if need be. Raises ``SettingError``."""
    text = given.get(setting.name, setting.default).strip()
    name, shown = setting.name, "its value" if setting.secret else repr(text[:80])
    if setting.secret and not text and (file := given.get(f"{setting.name}_FILE")):
        name, shown = f"{setting.name}_FILE", f"what {file} holds"
        text = _secret_file(name, Path(file))
    try:
        return setting.read(text)
    except ValueError as fault:
        raise SettingError(f"{name}: {shown} {fault}; an example: {setting.name}={setting.example}") from None


_SECRET_FILES = {
    "BOT_TOKEN_FILE": "token",
    "PLANNER_HEARTBEAT_URL_FILE": "heartbeat",
    "PLANNER_TICKETS_FILE": "tickets",
    "PLANNER_SMTP_URL_FILE": "smtp",
}


def _secret_file(name: str, path: Path) -> str:
    file = _SECRET_FILES.get(name, name.removesuffix("_FILE").lower())
    example = f"an example: {name}=/run/secrets/{file}"
    try:
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(f"{name}: cannot read {path} ({type(error).__name__}); {example}") from None
    if not text:
        raise SettingError(f"{name}: {path} is empty; {example}")
    return text


def _env_file(path: Path) -> dict[str, str]:
    """``KEY=value`` lines; quotes around a value, blank lines and ``#`` lines mean nothing."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(f"{path}: cannot be read ({type(error).__name__})") from None
    found: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        text = line.strip().removeprefix("export ")
        if not text or text.startswith("#"):
            continue
        key, equals, value = text.partition("=")
        if not equals:
            raise SettingError(f"{path}, line {number}: no KEY=value; an example: PLANNER_SEND_RATE=30")
        value = value.strip()
        quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
        found[key.strip()] = value[1:-1] if quoted else value
    return found
