"""``make stack-demo``: the stack in a project of its own, a bot on its local chat, and a day of life to look at."""

from __future__ import annotations

from dataclasses import replace

from tools.stack import up
from tools.stack.docker import Compose, Container
from tools.stack.render import Telegram
from tools.stack.saying import Trouble, say, wrapped
from tools.stack.settings import STACK, Settings
from tools.stack.waiting import Clock

SLO = STACK / "demo" / "slo.toml"
"""Promises over minutes, so that a bad hour of a compressed day is told, and is over, while somebody looks."""
TELEGRAM = Telegram("1:demo", (1,), "http://chat:8085")
"""The demo's bot, its owner and its chat, as ``compose.yaml`` has them; no secret, for the chat takes any token."""


def run(settings: Settings, compose: Compose, clock: Clock) -> int:
    """Start it all, and show the day until it is over; 1 if something did not happen that should have."""
    alone = _told_by_the_chat_alone(replace(settings, slo=SLO))
    rendering = up.start(alone, compose, TELEGRAM, clock)
    say()
    for line in up.where(alone, compose, rendering):
        say(line)
    say(f"  The chat       http://localhost:{settings.ports.chat}/ (alice, who owns the bot, is told of alerts there)")
    say()
    say("The day begins. Ctrl-C ends this log, and not the day.")
    say()
    # Not that of Compose, which waits for the end of what has ended already.
    compose.docker.show("logs", "--follow", _script(compose).name)
    code = 1 if _script(compose).code else 0
    say()
    say(wrapped("The day is over." if code == 0 else "Not all of the day happened as it should: see above."))
    say(wrapped(
        "The demo's stack goes on with the demo's promises, which are about minutes. To end it: `make stack-down`. The"
        " real promises again: `make stack-down`, then `make stack`; the demo's figures are not among the real ones."
    ))  # fmt: skip
    return code


def _script(compose: Compose) -> Container:
    script = next((one for one in compose.containers() if one.service == up.SCRIPT), None)
    if script is None:
        raise Trouble(f"The demo's script is not there any more: {compose.spelled('ps', '--all')} shows what is.")
    return script


def _told_by_the_chat_alone(settings: Settings) -> Settings:
    """Nobody real is woken for what is played."""
    return replace(settings, pagerduty=None, slack=None, mail_to="", webhook=None, heartbeat=None, quiet=None)
