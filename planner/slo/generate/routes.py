"""Alertmanager's configuration: who is told what, what waits, and what is not worth saying beside something graver.

https://prometheus.io/docs/alerting/latest/configuration/. A secret stands in a file of its own; Alertmanager 0.25,
which Debian has, reads two of them from the configuration only, so there is an edition for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from planner.slo.alerts import rules
from planner.slo.generate import yaml
from planner.slo.generate.yaml import Value
from planner.slo.objectives import Promises, Severity

Block = dict[str, Value]

TELEGRAM = "telegram"
QUIET_HOURS = ("22:00", "08:00")
"""When nobody is told of a warning; it is told afterwards if it still stands."""
MIDNIGHT = "00:00"
DAY_ENDS = "24:00"
WATCHDOG = "Watchdog"
"""The alert that always fires: whoever hears it no more knows that the watchers are dead."""
DOWN = "PlannerDown"
"""What says that the process is dead, or cannot note that it lives. What else the planner's figures say follows."""
CAUSES = "Planner(Database|Disk).+"
"""Those of the planner's alerts that may be why."""
TEMPLATES = "../alertmanager/*.tmpl"
"""From ``stack/generated/`` and ``stack/run/`` alike."""
TELEGRAM_API = "https://api.telegram.org"
PAGERDUTY_API = "https://events.pagerduty.com/v2/enqueue"
SENDER = "Planner"


class Edition(StrEnum):
    """Which Alertmanager reads it."""

    TODAY = "today"
    DEBIAN = "debian"
    """0.25: a bot's token and a webhook's address cannot be in a file of their own."""


@dataclass(frozen=True, slots=True)
class Secret:
    """Where it is kept, and, for who cannot read it there, what it is."""

    file: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Email:
    """Whom to write to, and by which server (``host:port``).

    ``starttls``: it must change to TLS, or nothing is said to it. At port 465 there is TLS from the start, and no such
    change: there, and where a server on this machine needs none, it is false.
    """

    to: str
    sender: str
    server: str
    user: str = ""
    password: Secret | None = None
    starttls: bool = True


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a host's receivers are. ``chats``: those of Telegram's admins, who are told what nobody else can be.

    Without any of them, or without the bot's ``token``, nobody is told in Telegram: see ``unheard``.
    ``heartbeat``: the address that hears ``WATCHDOG``. ``quiet``: from when to when, in ``zone``, only what is critical
    is told; ``None``: at no time.
    """

    chats: tuple[int, ...]
    token: Secret | None
    pagerduty: Secret | None = None
    slack: Secret | None = None
    email: Email | None = None
    webhook: Secret | None = None
    heartbeat: Secret | None = None
    quiet: tuple[str, str] | None = QUIET_HOURS
    zone: str = "UTC"
    telegram_api: str = TELEGRAM_API
    pagerduty_api: str = PAGERDUTY_API


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a group of alerts waits for more, how soon a change in it is told, and how often it is told again."""

    wait: str
    change: str
    repeat: str


PACE: Mapping[Severity, Pace] = {
    Severity.CRITICAL: Pace("5s", "30s", "1h"),
    Severity.WARNING: Pace("30s", "5m", "12h"),
    Severity.INFO: Pace("5m", "1h", "1d"),
}
COLORS: Mapping[Severity, str] = {
    Severity.CRITICAL: "danger",
    Severity.WARNING: "warning",
    Severity.INFO: "#439FE0",
}
"""Slack's, and the blue of its own examples, https://docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments."""
HEARTBEAT_PACE = Pace("0s", "1m", "50s")
"""Once a minute: it is told again at each look at the group."""

EXAMPLE = Addresses(chats=(1,), token=Secret("/run/secrets/planner-bot-token", "1:the-bot-token"))
"""Telegram alone, which is what a host has that has set nothing else."""
ABOUT = """\
Made of slo.toml by `planner.py slo generate`; change it there.
Who is told what, with Telegram alone: a receiver without an address falls back to it. chat_id is an example."""
ABOUT_DEBIAN = "For Alertmanager 0.25, which reads a bot's token from here only; bot_token is an example."


def files(promises: Promises) -> dict[str, str]:
    """``stack/generated/alertmanager.yml``, and the one for Debian's."""
    return {
        "alertmanager.yml": yaml.text(config(promises, EXAMPLE), ABOUT),
        "alertmanager-0.25.yml": yaml.text(config(promises, EXAMPLE, Edition.DEBIAN), f"{ABOUT}\n{ABOUT_DEBIAN}"),
    }


def config(
    promises: Promises, addresses: Addresses, edition: Edition = Edition.TODAY, templates: str = TEMPLATES
) -> Block:
    """The whole file, for these receivers. ``templates``: where the messages' are, seen from the file's own folder."""
    return {
        "templates": [templates],
        "route": _route(quiet=addresses.quiet is not None),
        "inhibit_rules": list(_inhibitions(promises)),
        **_quiet_hours(addresses),
        "receivers": [
            *(_receiver(severity, promises, addresses, edition) for severity in Severity),
            _heartbeat(addresses, edition),
        ],
    }


def told(promises: Promises, addresses: Addresses) -> dict[Severity, tuple[str, ...]]:
    """By which channels each severity is told, fallbacks included; by none, where nobody can be."""
    found = {severity: _channels(severity, promises, addresses, Edition.TODAY) for severity in Severity}
    return {severity: tuple(blocks) for severity, blocks in found.items()}


def unheard(promises: Promises, addresses: Addresses) -> list[Severity]:
    """What nobody is told of."""
    return [severity for severity, channels in told(promises, addresses).items() if not channels]


def _quiet_hours(addresses: Addresses) -> Block:
    """A night is two stretches of a day, for none may reach beyond midnight."""
    if addresses.quiet is None:
        return {}
    begin, end = addresses.quiet
    stretches = [(begin, end)] if begin < end else [(begin, DAY_ENDS), (MIDNIGHT, end)]
    times: list[Value] = [{"start_time": one, "end_time": other} for one, other in stretches if one != other]
    return {
        "time_intervals": [{"name": "quiet-hours", "time_intervals": [{"times": times, "location": addresses.zone}]}]
    }


def _route(*, quiet: bool) -> Block:
    """What has no severity is somebody's slip: it is told as a warning, and at once."""
    return {
        "receiver": Severity.WARNING.value,
        "group_by": ["alertname", "slo"],
        **_paced(PACE[Severity.WARNING]),
        "routes": [
            {"matchers": [f'alertname="{WATCHDOG}"'], "receiver": "heartbeat", **_paced(HEARTBEAT_PACE)},
            *(_route_of(severity, quiet=quiet) for severity in Severity),
        ],
    }


def _route_of(severity: Severity, *, quiet: bool) -> Block:
    muted: Block = {"mute_time_intervals": ["quiet-hours"]} if quiet and severity is not Severity.CRITICAL else {}
    return {"matchers": [f'severity="{severity}"'], "receiver": severity.value, **_paced(PACE[severity]), **muted}


def _paced(pace: Pace) -> Block:
    return {"group_wait": pace.wait, "group_interval": pace.change, "repeat_interval": pace.repeat}


def _inhibitions(promises: Promises) -> Iterator[Block]:
    """A dead process hides its consequences; within a promise the gravest alert hides the lesser."""
    yield {
        "source_matchers": [f'alertname="{DOWN}"'],
        "target_matchers": ['alertname=~"Planner.+"', f'alertname!~"{DOWN}|{CAUSES}"'],
    }
    for tiers, slos in _alike(promises).items():
        of_these = f'slo=~"{"|".join(slos)}"'
        for place, tier in enumerate(tiers[:-1], start=1):
            yield {
                "source_matchers": [of_these, f'tier="{tier}"'],
                "target_matchers": [of_these, f'tier=~"{"|".join(tiers[place:])}"'],
                "equal": ["slo"],
            }


def _alike(promises: Promises) -> dict[tuple[str, ...], list[str]]:
    """The promises by their alerts' tiers, a page before a warning, and what tells sooner before what tells later.

    Of two alerts, each must not hide the other: then neither would be told. So the order is each promise's own.
    """
    found: dict[tuple[str, ...], list[str]] = {}
    for slo in promises.slos:
        graver = sorted(rules(slo), key=lambda rule: list(Severity).index(rule.severity))
        found.setdefault(tuple(rule.tier for rule in graver), []).append(slo.id)
    return found


def _receiver(severity: Severity, promises: Promises, addresses: Addresses, edition: Edition) -> Block:
    found = _channels(severity, promises, addresses, edition)
    return {"name": severity.value, **{f"{name}_configs": blocks for name, blocks in found.items()}}


def _channels(severity: Severity, promises: Promises, addresses: Addresses, edition: Edition) -> dict[str, list[Block]]:
    """All that is told of a severity, each channel once; one without an address falls back to Telegram's admins."""
    wanted = promises.routes.get(severity, (TELEGRAM,))
    found = {name: CHANNELS[name](addresses, edition, severity) for name in wanted}
    if not all(found.values()):
        found[TELEGRAM] = _telegram(addresses, edition, severity)
    return {name: blocks for name, blocks in found.items() if blocks}


def _telegram(addresses: Addresses, edition: Edition, _: Severity) -> list[Block]:
    if addresses.token is None:
        return []
    return [
        {
            **_secret("bot_token", addresses.token, edition),
            "chat_id": chat,
            "api_url": addresses.telegram_api,
            "parse_mode": "HTML",
            "message": _said("telegram"),
            "send_resolved": True,
        }
        for chat in addresses.chats
    ]


def _pagerduty(addresses: Addresses, _: Edition, severity: Severity) -> list[Block]:
    if addresses.pagerduty is None:
        return []
    return [
        {
            "routing_key_file": addresses.pagerduty.file,
            "url": addresses.pagerduty_api,
            "severity": severity.value,
            "client": SENDER,
            "description": _said("subject"),
            "details": {"told": _said("text")},
            "send_resolved": True,
        }
    ]


def _slack(addresses: Addresses, _: Edition, severity: Severity) -> list[Block]:
    """An incoming webhook, which knows its channel."""
    if addresses.slack is None:
        return []
    return [
        {
            "api_url_file": addresses.slack.file,
            "username": SENDER,
            "color": f'{{{{ if eq .Status "resolved" }}}}good{{{{ else }}}}{COLORS[severity]}{{{{ end }}}}',
            "title": _said("slack.subject"),
            "title_link": "",
            "fallback": _said("slack.subject"),
            "text": _said("slack"),
            "send_resolved": True,
        }
    ]


def _email(addresses: Addresses, _: Edition, __: Severity) -> list[Block]:
    email = addresses.email
    if email is None:
        return []
    login: Block = {"auth_username": email.user, "auth_password_file": email.password.file} if email.password else {}
    return [
        {
            "to": email.to,
            "from": email.sender,
            "smarthost": email.server,
            "require_tls": email.starttls,
            **login,
            "headers": {"Subject": _said("subject")},
            "html": _said("html"),
            "text": _said("text"),
            "send_resolved": True,
        }
    ]


def _webhook(addresses: Addresses, edition: Edition, _: Severity) -> list[Block]:
    if addresses.webhook is None:
        return []
    return [{**_secret("url", addresses.webhook, edition), "send_resolved": True}]


def _said(template: str) -> str:
    """What a template of ``stack/alertmanager/`` makes of it."""
    return f'{{{{ template "planner.{template}" . }}}}'


def _heartbeat(addresses: Addresses, edition: Edition) -> Block:
    """Whoever expects ``WATCHDOG``; where there is nobody, it is told to nobody."""
    told: Block = {"name": "heartbeat"}
    if addresses.heartbeat is not None:
        told["webhook_configs"] = [{**_secret("url", addresses.heartbeat, edition), "send_resolved": False}]
    return told


def _secret(key: str, secret: Secret, edition: Edition) -> Block:
    return {key: secret.text} if edition is Edition.DEBIAN else {f"{key}_file": secret.file}


CHANNELS: Mapping[str, Callable[[Addresses, Edition, Severity], list[Block]]] = {
    TELEGRAM: _telegram,
    "pagerduty": _pagerduty,
    "slack": _slack,
    "email": _email,
    "webhook": _webhook,
}
"""Whatever ``slo.toml`` may name, see ``objectives.RECEIVERS``; what each says is in ``stack/alertmanager/``."""
