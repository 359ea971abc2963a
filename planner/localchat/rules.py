"""The JSON of ``PUT /chat/faults``, read and checked. Pure. What it means stands in ``faults``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from planner.localchat.errors import Unusable
from planner.localchat.limits import Rates

EFFECTS = ("status", "lose_answer", "truncate", "empty", "hang", "refuse")
DELAY_MAX_MS = 3_600_000

Given = Mapping[str, object]
Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Rule:
    """Which calls it strikes (no ``methods``, no ``chats``: all), how often, and what it does to them."""

    given: Given
    methods: frozenset[str]
    chats: frozenset[int]
    skip: int
    times: int | None
    for_ms: int | None
    probability: float
    delay_ms: Range
    answer_delay_ms: Range
    effect: str | None
    status: int
    retry_after: int
    description: str
    html: bool
    accepted: bool
    silent: bool
    """After ``lose_answer``: the connection stays open and nothing comes."""


@dataclass(frozen=True, slots=True)
class Order:
    """Everything that one ``PUT`` sets."""

    rules: tuple[Rule, ...] = ()
    rates: Rates | None = None
    blocked: frozenset[int] = frozenset()
    migrate: tuple[tuple[int, int], ...] = ()
    seed: int = 0
    given: Given = field(default_factory=dict)


_ORDER = frozenset({"rules", "limits", "blocked", "migrate", "seed"})
_RULE = frozenset(
    {
        "methods",
        "method",
        "chats",
        "chat_id",
        "skip",
        "times",
        "for_ms",
        "probability",
        "delay_ms",
        "answer_delay_ms",
        *EFFECTS,
        "retry_after",
        "description",
        "html",
        "accepted",
    }
)


def order_from(given: object) -> Order:
    """An object with the settings, with the fields of one rule beside them or with ``rules``; or a list of rules."""
    if isinstance(given, list):
        given = {"rules": given}
    if not isinstance(given, dict):
        raise Unusable("faults are an object or a list of rules")
    inline = {name: value for name, value in given.items() if name not in _ORDER}
    rules = given.get("rules", [])
    if not isinstance(rules, list):
        raise Unusable("rules is no list")
    rates = _rates(given.get("limits", False))
    return Order(
        tuple(_rule(one) for one in [*rules, *([inline] if inline else [])]),
        rates,
        _ids(given, "blocked"),
        _migrations(given.get("migrate")),
        _whole(given, "seed", 0, -(2**53)),
        {
            **({"limits": _shown(rates)} if rates else {}),
            **{name: given[name] for name in ("migrate", "seed") if name in given},
        },
    )


def _rule(given: object) -> Rule:
    if not isinstance(given, dict):
        raise Unusable("a rule is an object")
    if unknown := given.keys() - _RULE:
        raise Unusable(f"unknown in a rule: {', '.join(sorted(unknown))}")
    effects = [name for name in EFFECTS if given.get(name)]
    delays = [_range(given, name) for name in ("delay_ms", "answer_delay_ms")]
    if len(effects) > 1 or not (effects or any(high for _, high in delays)):
        raise Unusable(f"a rule has one of {', '.join(EFFECTS)}, or a delay alone")
    status = _whole(given, "status", 200, 200, 599)
    probability = given.get("probability", 1)
    if isinstance(probability, bool) or not isinstance(probability, int | float) or not 0 <= probability <= 1:
        raise Unusable("probability is no number between 0 and 1")
    return Rule(
        given=given,
        methods=_names(given),
        chats=_ids(given, "chats") | _ids(given, "chat_id"),
        skip=_whole(given, "skip", 0),
        times=_whole(given, "times", 1, 1) if "times" in given else None,
        for_ms=_whole(given, "for_ms", 0) if "for_ms" in given else None,
        probability=float(probability),
        delay_ms=delays[0],
        answer_delay_ms=delays[1],
        effect=effects[0] if effects else None,
        status=status,
        retry_after=_whole(given, "retry_after", 1 if status == 429 else 0),
        html=bool(given.get("html")),
        description=str(given.get("description", "")),
        accepted=bool(given.get("accepted")),
        silent=given.get("lose_answer") == "hang",
    )


def _names(given: Given) -> frozenset[str]:
    names = given.get("methods", given.get("method", []))
    names = [names] if isinstance(names, str) else names
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise Unusable("methods is no list of names")
    return frozenset(name.lower() for name in names if name != "*")


def _ids(given: Given, name: str) -> frozenset[int]:
    value = given.get(name, [])
    ids = value if isinstance(value, list) else [value]
    if not all(isinstance(one, int) and not isinstance(one, bool) for one in ids):
        raise Unusable(f"{name} is no chat id and no list of them")
    return frozenset(ids)


def _whole(given: Given, name: str, default: int, low: int = 0, high: int = 2**53) -> int:
    value = given.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise Unusable(f"{name} is no whole number from {low} to {high}")
    return value


def _range(given: Given, name: str) -> Range:
    value = given.get(name, 0)
    ends = value if isinstance(value, list) else [value, value]
    match ends:
        case [int(least), int(most)] if 0 <= least <= most <= DELAY_MAX_MS:
            return least, most
    raise Unusable(f"{name} is no number of milliseconds and no [least, most]")


def _rates(given: object) -> Rates | None:
    if not given:
        return None
    if given is True:
        return Rates()
    if not isinstance(given, dict) or given.keys() - {"per_second", "chat_burst", "group_per_minute"}:
        raise Unusable("limits is true, or an object with per_second, chat_burst, group_per_minute")
    usual = Rates()
    return Rates(
        _whole(given, "per_second", usual.per_second, 1),
        _whole(given, "chat_burst", usual.chat_burst, 1),
        _whole(given, "group_per_minute", usual.group_per_minute, 1),
    )


def _shown(rates: Rates) -> Given:
    return {"per_second": rates.per_second, "chat_burst": rates.chat_burst, "group_per_minute": rates.group_per_minute}


def _migrations(given: object) -> tuple[tuple[int, int], ...]:
    found = []
    for pair in given if isinstance(given, list) else [given] if given else []:
        if not isinstance(pair, dict):
            raise Unusable('migrate is {"from": chat id, "to": chat id}, or a list of them')
        found.append((_whole(pair, "from", 0, -(2**53), -1), _whole(pair, "to", 0, -(2**53), -1)))
    return tuple(found)
