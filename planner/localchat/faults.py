"""Misbehaviour on demand: what ``PUT /chat/faults`` sets, until the next one or the end of the process.

``{}`` clears everything. One rule stands in the object itself, several in ``rules`` or as a bare list. The first rule
that matches a call, and whose ``probability`` says so, strikes; a rule that only delays lets the next ones strike too.

Which calls: ``methods`` (absent: all, getUpdates too), ``chat_id`` or ``chats``; ``skip`` lets that many matching calls
through first, ``times`` ends the rule after so many strikes, ``for_ms`` after that time; ``probability`` 0 to 1.

What happens, one of:

- ``status`` N: this HTTP status with Telegram's body for it; with ``retry_after`` (429), ``description``, ``html`` true
  (a proxy's error page instead of JSON), ``accepted`` true (carried out first: the answer lies);
- ``lose_answer`` true: carried out and on disk, then the connection closes without an answer; ``"hang"``: stays silent;
- ``truncate`` true: carried out, half of the answer arrives, then the connection closes;
- ``empty`` true: carried out, 200 with an empty body;
- ``hang`` true: not carried out, never answered;
- ``refuse`` true: not carried out, the connection closes at once.

``delay_ms`` waits before the call is carried out, ``answer_delay_ms`` after it, each a number or ``[least, most]``;
both go with any effect or stand alone.

Beside the rules: ``limits`` true (or an object, see ``limits``) enforces Telegram's rates; ``blocked`` names chats that
have blocked the bot, until their user writes again; ``migrate`` ``{"from": -5, "to": -1000000000005}`` turns a group
into a supergroup, for good; ``seed`` starts the randomness, 0 where absent.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from random import Random

from planner.clock import Clock
from planner.localchat.errors import BLOCKED_TEXT, CONFLICT_TEXT, FORBIDDEN, ConnectionLost, Refusal, too_many
from planner.localchat.limits import Limits
from planner.localchat.rules import Order, Rule, order_from
from planner.localchat.show import Json

HANG_MS = 3_600_000

Answer = tuple[int, "Json | bytes"]
CarryOut = Callable[[], Awaitable[Answer]]

_DESCRIPTIONS: Mapping[int, str] = {403: BLOCKED_TEXT, 409: CONFLICT_TEXT, 413: "Request Entity Too Large"}
_TO_A_USER = ("send", "edit", "copy", "forward")
_NO_MESSAGE = "sendchataction"


class _Active:
    """A rule at work."""

    def __init__(self, rule: Rule, since: int) -> None:
        self.rule = rule
        self._since = since
        self._matched = 0
        self.hits = 0

    def strikes(self, method: str, chat_id: int | None, now: int, chance: Random) -> bool:
        rule = self.rule
        if (rule.methods and method not in rule.methods) or (rule.chats and chat_id not in rule.chats):
            return False
        if (rule.times is not None and self.hits >= rule.times) or (
            rule.for_ms is not None and now >= self._since + rule.for_ms
        ):
            return False
        self._matched += 1
        if self._matched <= rule.skip or (rule.probability < 1 and chance.random() >= rule.probability):
            return False
        self.hits += 1
        return True


class Faults:
    """Stands before every call of the Bot API."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._apply(Order())

    def set(self, given: object) -> Order:
        """Replace what was set; raises ``Unusable``, then nothing has changed."""
        order = order_from(given)
        self._apply(order)
        return order

    def _apply(self, order: Order) -> None:
        self._order = order
        self._rules = [_Active(rule, self._clock.mono()) for rule in order.rules]  # no rules, no look at the clock
        self._limits = Limits(order.rates) if order.rates else None
        self._blocked = set(order.blocked)
        self._chance = Random(order.seed)

    def shown(self) -> Json:
        """What is set, how often each rule has struck, and how many messages the rates refused."""
        shown: Json = dict(self._order.given)
        if self._rules:
            shown["rules"] = [{**active.rule.given, "hits": active.hits} for active in self._rules]
        if self._blocked:
            shown["blocked"] = sorted(self._blocked)
        if self._limits:
            shown["limited"] = self._limits.refused
        return shown

    def unblock(self, chat_id: int) -> None:
        """A user who writes has unblocked the bot."""
        self._blocked.discard(chat_id)

    async def around(self, method: str, chat_id: int | None, carry_out: CarryOut) -> Answer:
        """Carry out a call, or do with it what the rules say."""
        name = method.lower()
        if not self._rules and not self._blocked and self._limits is None:
            return await carry_out()
        struck, delays = self._struck(name, chat_id)
        for rule in delays:
            await self._pause(rule.delay_ms)
        answer = await self._answer(name, chat_id, carry_out, struck)
        for rule in delays:
            await self._pause(rule.answer_delay_ms)
        return await self._spoilt(answer, struck) if struck else answer

    def _struck(self, name: str, chat_id: int | None) -> tuple[Rule | None, list[Rule]]:
        delays = []
        for active in self._rules:
            if active.strikes(name, chat_id, self._clock.mono(), self._chance):
                delays.append(active.rule)
                if active.rule.effect:
                    return active.rule, delays
        return None, delays

    async def _pause(self, between: tuple[int, int]) -> None:
        if between[1]:
            await self._clock.sleep(self._chance.randint(*between))

    async def _answer(self, name: str, chat_id: int | None, carry_out: CarryOut, rule: Rule | None) -> Answer:
        """The answer as it would arrive, of a call that reaches the bot's server."""
        if rule and rule.effect == "refuse":
            raise ConnectionLost(accepted=False)
        if rule and rule.effect == "hang":
            await self._clock.sleep(HANG_MS)
            raise ConnectionLost(accepted=False)
        if rule and rule.effect == "status" and not rule.accepted:
            return _status(rule)
        try:
            self._gate(name, chat_id)
        except Refusal as refusal:
            return refusal.code, refusal.body()
        return await carry_out()

    def _gate(self, name: str, chat_id: int | None) -> None:
        if chat_id is None or not name.startswith(_TO_A_USER):
            return
        if chat_id in self._blocked:
            raise Refusal(FORBIDDEN, BLOCKED_TEXT if chat_id > 0 else "Forbidden: bot was kicked from the group chat")
        if self._limits and name.startswith("send") and name != _NO_MESSAGE:
            wait_s = self._limits.admit(chat_id, self._clock.mono())
            if wait_s:
                raise too_many(wait_s)

    async def _spoilt(self, answer: Answer, rule: Rule) -> Answer:
        """What arrives of an answer."""
        accepted = answer[0] < HTTPStatus.BAD_REQUEST
        if rule.effect == "status" and rule.accepted:
            return _status(rule)
        if rule.effect == "empty":
            return HTTPStatus.OK, b""
        if rule.effect == "lose_answer":
            if rule.silent:
                await self._clock.sleep(HANG_MS)
            raise ConnectionLost(accepted=accepted)
        if rule.effect == "truncate":
            whole = answer[1] if isinstance(answer[1], bytes) else json.dumps(answer[1]).encode()
            raise ConnectionLost(accepted=accepted, status=answer[0], head=whole[: len(whole) // 2])
        return answer


def _status(rule: Rule) -> Answer:
    phrase = HTTPStatus(rule.status).phrase if rule.status in HTTPStatus.__members__.values() else "Unknown"
    if rule.html:
        page = (
            f"<html>\r\n<head><title>{rule.status} {phrase}</title></head>\r\n<body>\r\n<center><h1>{rule.status} "
            f"{phrase}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
        )
        return rule.status, page.encode()
    if rule.retry_after:
        refusal = too_many(rule.retry_after)
        return rule.status, Refusal(rule.status, rule.description or str(refusal), refusal.parameters).body()
    return rule.status, Refusal(rule.status, rule.description or _DESCRIPTIONS.get(rule.status, phrase)).body()
