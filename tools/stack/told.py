"""Who will be told of what, in plain words: before the first alert, and not after the one that nobody heard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from planner.slo.generate import routes
from planner.slo.generate.routes import Addresses
from planner.slo.objectives import Promises, Severity
from tools.stack.saying import say, wrapped
from tools.stack.silence import Silence

NAMES = {
    "telegram": "Telegram",
    "pagerduty": "PagerDuty",
    "slack": "Slack",
    "email": "e-mail",
    "webhook": "the webhook",
}
WANTS = {
    "pagerduty": "STACK_PAGERDUTY_KEY",
    "slack": "STACK_SLACK_URL",
    "email": "STACK_MAIL_TO",
    "webhook": "STACK_WEBHOOK_URL",
}
WIDE = 10
LOUD = "! "


def say_all(promises: Promises, at: Addresses, silence: Silence | None, *, contained: bool = True) -> None:
    """On the terminal: who is told, and below it what a host would not want to overlook; see ``warnings``."""
    for line in lines(promises, at, silence):
        say(line)
    for line in warnings(promises, at, silence, contained=contained):
        say()
        say(wrapped(line, LOUD))


def lines(promises: Promises, at: Addresses, silence: Silence | None) -> Iterator[str]:
    """What is told to whom; what falls back to Telegram, and why. ``silence``: why nobody is told there."""
    wants = WANTS if silence is None else {**WANTS, "telegram": silence.lacks}
    yield "Who is told of an alert:"
    for severity, channels in routes.told(promises, at).items():
        yield wrapped(_line(severity, channels, promises, wants), f"  {severity:<{WIDE}}")
    if at.quiet is not None:
        night = f"from {at.quiet[0]} to {at.quiet[1]} ({at.zone}) only what is critical is told; the rest waits"
        yield wrapped(night, f"  {'quiet':<{WIDE}}")
    beat = "STACK_HEARTBEAT_URL misses its calls" if at.heartbeat else "nobody notices: STACK_HEARTBEAT_URL is not set"
    yield wrapped(f"should the watchers themselves die, {beat}", f"  {'watchdog':<{WIDE}}")
    if at.chats:
        yield wrapped(f"{', '.join(map(str, at.chats))}, by {at.telegram_api}", f"  {'Telegram':<{WIDE}}")


def _line(severity: Severity, channels: tuple[str, ...], promises: Promises, wants: Mapping[str, str]) -> str:
    without = [one for one in _meant(severity, promises) if one not in channels]
    why = "; ".join(f"{NAMES[one]} has no address ({wants[one]})" for one in without)
    whom = " and ".join(NAMES[one] for one in channels) or "NOBODY"
    return f"{whom}: {why}" if why else whom


def _meant(severity: Severity, promises: Promises) -> tuple[str, ...]:
    """Whom ``slo.toml`` means to be told."""
    return promises.routes.get(severity, ("telegram",))


def warnings(promises: Promises, at: Addresses, silence: Silence | None, *, contained: bool) -> Iterator[str]:
    """What a host would want to know, loudest first. ``contained``: Alertmanager runs in a container."""
    do = "" if silence is None else f" {silence.do}"
    unheard = routes.unheard(promises, at)
    if unheard:
        yield (
            f"NOBODY IS TOLD of alerts that are {' or '.join(unheard)}: they stand on the dashboards alone.{do} Or give"
            " another receiver's address: docs/stack.md lists them."
        )
    elif silence is not None and any("telegram" in _meant(one, promises) for one in routes.told(promises, at)):
        yield f"NOBODY IS TOLD IN TELEGRAM.{do}"
    if contained and at.chats and _is_here(at.telegram_api):
        yield (
            "ALERTS WILL NOT REACH TELEGRAM: PLANNER_BOT_API is this machine's own loopback, which a container cannot"
            " reach. Give it an address of this machine in its network."
        )


def _is_here(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
