"""``stack/run/``: what the containers, or Debian's Prometheus and Alertmanager, are given to read.

All of it is made before anything is written, is written beside its place, and then moved there: whoever reads meanwhile
sees the old or the new. Folders stay the same ones, for a container that mounts one would go on seeing the old.
"""

from __future__ import annotations

import secrets as dice
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from planner import dashboards, promises
from planner.mail import server
from planner.slo.generate import routes, rules, yaml
from planner.slo.generate.routes import Addresses, Edition, Email, Secret
from planner.slo.objectives import Links, Promises
from tools.stack.settings import BOT_HEARTBEAT, BOT_TOKEN, STACK, Settings

PRIVATE, OPEN, READABLE = 0o700, 0o755, 0o444
"""Of the folder that nobody else enters, of those in it, and of files: a container's user is somebody else."""
FOLDERS = ("rules", "dashboards", "alertmanager", "grafana", "bot", "prometheus")
"""Wholly ours, below ``stack/run/`` and ``stack/run/native/``: what is not rendered any more is removed from them."""
PASSWORD = "grafana/admin-password"
CONFIG = "alertmanager/alertmanager.yml"
SECRETS = "alertmanager/secrets"
IN_CONTAINER = PurePosixPath("/etc/alertmanager/run/secrets")
TEMPLATES = "*.tmpl"
BESIDE = ".new-"
ABOUT = "Made of slo.toml and the settings by make stack, which writes it anew each time."


@dataclass(frozen=True, slots=True)
class Place:
    """Into which folder is rendered, and for whom.

    ``secrets``: where Alertmanager finds the secrets' files. ``contained``: whether it, Grafana and the bot are in
    containers; natively there is no Grafana, and the bot has its own settings.
    """

    folder: Path
    secrets: PurePosixPath | Path
    edition: Edition = Edition.TODAY
    contained: bool = True


@dataclass(frozen=True, slots=True)
class Telegram:
    """Which bot speaks to whom, and by which Bot API server."""

    token: str
    chats: tuple[int, ...]
    api: str = routes.TELEGRAM_API


@dataclass(frozen=True, slots=True)
class Rendering:
    """What was rendered. ``password``: Grafana's, if it was made just now. ``changed``: paths below the place's."""

    promises: Promises
    addresses: Addresses
    password: str
    changed: tuple[str, ...]


def compose(settings: Settings) -> Place:
    """For the containers of ``compose.yaml``."""
    return Place(settings.run, IN_CONTAINER)


def native(settings: Settings) -> Place:
    """For Debian's Alertmanager 0.25 and Prometheus 2.42 on this machine, which read at its own paths."""
    folder = settings.run / "native"
    return Place(folder, folder / SECRETS, Edition.DEBIAN, contained=False)


def promised(settings: Settings) -> Promises:
    """The promises in use. Raises ``SloError``."""
    return promises.load(settings.slo)


def linked(agreed: Promises, settings: Settings, place: Place) -> Promises:
    """With links to where this Grafana is: at its port, or, natively, nowhere. An address that a host named stays."""
    if agreed.links.dashboards != Links().dashboards:
        return agreed
    own = f"http://localhost:{settings.ports.grafana}" if place.contained else ""
    links = replace(agreed.links, dashboards=own)
    return replace(agreed, links=links, slos=tuple(replace(slo, links=links) for slo in agreed.slos))


def addresses(settings: Settings, place: Place, told: Telegram | None) -> Addresses:
    """Where the host's receivers are, as an Alertmanager at that place reads it; ``told``: its Telegram."""

    def secret(name: str, text: str | None) -> Secret | None:
        return Secret(str(place.secrets / name), text) if text else None

    return Addresses(
        chats=told.chats if told else (),
        token=secret("telegram-token", told.token) if told else None,
        pagerduty=secret("pagerduty-key", settings.pagerduty),
        slack=secret("slack-url", settings.slack),
        email=_email(settings, place),
        webhook=secret("webhook-url", settings.webhook),
        heartbeat=secret("heartbeat-url", settings.heartbeat),
        quiet=settings.quiet,
        zone=settings.zone,
        telegram_api=told.api if told else routes.TELEGRAM_API,
    )


def _email(settings: Settings, place: Place) -> Email | None:
    if not settings.mail_to or settings.bot.smtp_url is None:
        return None
    by = server(settings.bot.smtp_url)
    password = Secret(str(place.secrets / "mail-password"), by.password) if by.password else None
    return Email(settings.mail_to, settings.mail_from, by.name, by.user, password, starttls=by.starttls)


def rendered(promised: Promises, at: Addresses, place: Place) -> dict[str, str]:
    """Every file's text by its path below the place's folder; the same for the same settings."""
    named = {f"rules/{name}": text for name, text in rules.files(promised).items()}
    drawn = dashboards.files(promised) if place.contained else {}
    return {**named, **drawn, **_alertmanager(promised, at, place)}


def _alertmanager(promised: Promises, at: Addresses, place: Place) -> dict[str, str]:
    config = routes.config(promised, at, place.edition, TEMPLATES)
    messages = {f"alertmanager/{path.name}": path.read_text() for path in (STACK / "alertmanager").glob(TEMPLATES)}
    kept = {f"{SECRETS}/{Path(one.file).name}": one.text for one in _secrets(at)}
    return {CONFIG: yaml.text(config, ABOUT), **messages, **kept}


def _secrets(at: Addresses) -> Iterator[Secret]:
    password = at.email.password if at.email else None
    given = (at.token, at.pagerduty, at.slack, password, at.webhook, at.heartbeat)
    yield from (one for one in given if one is not None)


def _bot(settings: Settings) -> dict[str, str]:
    """What the bot's container reads from files: those that ``.env`` may name are not in it."""
    secrets = {BOT_TOKEN: settings.bot.token, BOT_HEARTBEAT: settings.bot.heartbeat_url}
    return {path: text for path, text in secrets.items() if text}


def password(folder: Path) -> tuple[str, bool]:
    """Grafana's, and whether it is a new one: it is made once, and kept for as long as its file is there."""
    with suppress(FileNotFoundError):
        return (folder / PASSWORD).read_text(), False
    return dice.token_urlsafe(18), True


def run(settings: Settings, place: Place, told: Telegram | None) -> Rendering:
    """Render all. Raises ``SloError``, ``OSError``."""
    agreed = linked(promised(settings), settings, place)
    at = addresses(settings, place, told)
    given, fresh = rendered(agreed, at, place), False
    if place.contained:
        given[PASSWORD], fresh = password(place.folder)
        given |= _bot(settings)
    return Rendering(agreed, at, given.get(PASSWORD, "") if fresh else "", tuple(write(place.folder, given)))


def write(folder: Path, given: Mapping[str, str]) -> list[str]:
    """Have these files below a folder, and no others of ours. Gives the paths of what is new, changed or gone.

    Raises ``OSError``; then nothing is changed but, where a disk fails between two moves, the first of them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(PRIVATE)
    for killed in folder.glob(f"{BESIDE}*"):
        shutil.rmtree(killed)
    beside = Path(tempfile.mkdtemp(prefix=BESIDE, dir=folder))
    try:
        changed = [path for path, text in given.items() if not _same(folder / path, text)]
        for path in changed:
            _put(beside / path, given[path])
        for path in changed:
            _open((folder / path).parent, folder)
            (beside / path).replace(folder / path)
    finally:
        shutil.rmtree(beside)
    return sorted({*changed, *_swept(folder, given)})


def _same(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode() and path.stat().st_mode & 0o777 == READABLE


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    path.chmod(READABLE)


def _open(path: Path, below: Path) -> None:
    """Make a folder that others may enter, whatever the umask says."""
    for one in reversed([path, *path.parents]):
        if below in one.parents:
            one.mkdir(exist_ok=True)
            one.chmod(OPEN)


def _swept(folder: Path, given: Mapping[str, str]) -> Iterator[str]:
    """Remove what is stale: a secret that is not set any more, a promise's rules that is none."""
    for own in FOLDERS:
        for path in (folder / own).rglob("*"):
            name = path.relative_to(folder).as_posix()
            if path.is_file() and name not in given:
                path.unlink()
                yield name
