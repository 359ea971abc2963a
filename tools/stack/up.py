"""``make stack``: render, start, wait until all is well, and say where everything is."""

from __future__ import annotations

import base64
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from http import HTTPStatus

from tools.stack import changes, needs, owners, render, silence, told
from tools.stack.docker import BOT_PROFILE, Compose, Docker
from tools.stack.needs import Wanted
from tools.stack.render import Rendering, Telegram
from tools.stack.saying import Trouble, listed, say, wrapped
from tools.stack.settings import Settings
from tools.stack.waiting import PAGE_S, Clock, until_well

SCRIPT = "demo"
"""The service that plays the demo's day: it ends, and is not waited for."""
BOT = "bot"
ADMIN = "admin"


def run(settings: Settings, docker: Docker, clock: Clock, *, bot: bool) -> int:
    """With the real promises; with the bot, if it shall be there or is."""
    bot = bot or _has_bot(docker)
    compose = Compose(docker, profiles=[BOT_PROFILE] if bot else [])
    rendering = start(settings, compose, owners.contained(settings), clock)
    say()
    for line in where(settings, compose, rendering):
        say(line)
    say()
    told.say_all(rendering.promises, rendering.addresses, silence.of(settings, contained=True))
    say()
    for line in _next(settings, compose, bot):
        say(line)
    return 0


def _has_bot(docker: Docker) -> bool:
    """Whether an earlier run has brought it, which then goes on, and reads what is rendered now."""
    if shutil.which(docker.program) is None:
        return False
    return any(one.service == BOT for one in Compose(docker, profiles=[BOT_PROFILE]).containers())


def start(settings: Settings, compose: Compose, whom: Telegram | None, clock: Clock) -> Rendering:
    """Have it all up and well, reading what is rendered now. Raises ``Trouble``."""
    if missing := needs.missing(Wanted(settings, compose)):
        raise Trouble(listed(missing))
    if tight := needs.tight(Wanted(settings, compose)):
        say(wrapped(tight))
    rendering = render.run(settings, render.compose(settings), whom)
    say(f"{settings.run}: " + (f"{len(rendering.changed)} files written" if rendering.changed else "nothing changed"))
    _begin(settings, compose, clock)
    return rendering


def _begin(settings: Settings, compose: Compose, clock: Clock) -> None:
    config = compose.config()
    if config is None:
        raise Trouble(
            f"Docker Compose cannot read stack/compose.yaml: `{compose.spelled('config', '--quiet')}` says why."
        )
    services = {name: one for name, one in config["services"].items() if name != SCRIPT}
    now, before = changes.digests(config), changes.known(settings.run)
    built = ["--build"] if compose.profiles else []
    code = compose.show("up", "--detach", *built)
    if code == 0 and (stale := [one for one in changes.stale(before, now) if one in services]):
        say(f"What they read has changed: starting {', '.join(stale)} anew")
        code = compose.show("restart", *stale)
    if code and not compose.containers():
        raise Trouble(_not_begun(compose))
    until_well(compose, settings, services, clock)
    if code:
        raise Trouble(f"What was up before is well, and goes on. {_not_begun(compose)}")
    changes.note(settings.run, now)


def _not_begun(compose: Compose) -> str:
    said = "Docker could not start the stack; the last lines above are Docker's own, and say why."
    if compose.profiles:
        said += " The planner's image is built from the Dockerfile, which needs the network."
    return said + " Where an image cannot be pulled, look at this machine's network, or run it again: pulls go on."


def where(settings: Settings, compose: Compose, rendering: Rendering) -> Iterator[str]:
    """Where it all is, and how to sign in."""
    ports, here = settings.ports, "http://localhost"
    yield "All is well."
    yield ""
    yield f"  Grafana        {here}:{ports.grafana}"
    yield from (f"                 {line}" for line in _signing_in(settings, compose, rendering))
    yield f"  Prometheus     {here}:{ports.prometheus}"
    yield f"  Alertmanager   {here}:{ports.alertmanager}"


def _signing_in(settings: Settings, compose: Compose, rendering: Rendering) -> Iterator[str]:
    kept = settings.run / render.PASSWORD
    if rendering.password:
        yield f"user {ADMIN}, password {rendering.password} (made now; kept in {kept})"
    else:
        yield f"user {ADMIN}, password in {kept}"
    password = kept.read_text()
    if not accepted(f"http://127.0.0.1:{settings.ports.grafana}/api/org", password):
        yield "Grafana has another one now: yours, if you changed it there; or that of a folder that is gone."
        yield "To have the one in the file again:"
        reset = f'grafana cli admin reset-admin-password "$(cat {kept})"'
        yield f"`{compose.spelled('exec', 'grafana', reset)}`"


def accepted(url: str, password: str) -> bool:
    """Whether Grafana lets its admin in with this; where it does not say, it is taken to."""
    word = base64.b64encode(f"{ADMIN}:{password}".encode()).decode()
    request = urllib.request.Request(url, headers={"Authorization": f"Basic {word}"})
    try:
        with urllib.request.urlopen(request, timeout=PAGE_S):
            return True
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code != HTTPStatus.UNAUTHORIZED
    except OSError:
        return True


def _next(settings: Settings, compose: Compose, bot: bool) -> Iterator[str]:
    if bot:
        yield "The bot runs in the stack; no other may run with its token."
        yield f"Its log: `{compose.spelled('logs', '--follow', BOT)}`"
    else:
        yield "Next, have the bot send what it measures, by these lines in .env, and start it anew (`make run`):"
        yield f"  OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:{settings.ports.otlp_http}"
        yield "  PLANNER_ALERTS=stack"
        yield "Or have it run in the stack: `make stack BOT=1`"
    yield "A day of life to look at, without a token: `make stack-demo`. To end it: `make stack-down`."
