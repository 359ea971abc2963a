"""/alerts and the buttons below alerts, for owners: what fires, what fired of late, and what they do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from planner import alert_texts
from planner.alerts.facts import figures
from planner.chat import alert_help, alert_steps, people
from planner.chat.talk import Talk
from planner.model import HOUR
from planner.render import Button, Message, Text, bold, join, moment, plain, say, short_span, shorten, when
from planner.slo.alerts import Rule, State, rules
from planner.store.alerts import Raised

RECENT = 20
NAME_SHOWN = 40
IN_A_ROW = 4
_MARKED = ("🔴", "🟠", "🟡")
MARKS = {State.RESOLVED: "✅"}


def alerts(talk: Talk, _: str = "") -> None:
    """/alerts, or the button that leads there: what fires, promise by promise, and what fired of late."""
    if not people.owns(talk):
        return
    words, firing = talk.words, _by_promise(talk)
    over = [one for one in talk.tx.alerts.recent(RECENT) if not _fires(one)]
    parts = [bold(say(words, "Firing now")), *(_listed(talk, one, n) for n, one in enumerate(firing, 1))]
    if firing:
        parts.append(alert_texts.marks(words))
    else:
        parts = [bold(say(words, "No alert is firing."))]
    if over:
        parts += [bold(say(words, "Over")), *(_listed(talk, [one]) for one in over)]
    elif not firing:
        parts.append(say(words, "Nothing has fired yet."))
    opening = [Button(f"{_mark(talk, one[0])} {n}", f"alert:show:{one[0].id}") for n, one in enumerate(firing, 1)]
    rows = [tuple(opening[first : first + IN_A_ROW]) for first in range(0, len(opening), IN_A_ROW)]
    others = (Button(words.t("Promises"), "slo"), Button(words.t("Health"), "health"))
    talk.show(Message(join(parts, "\n\n"), (*rows, others)))


def _by_promise(talk: Talk) -> list[list[Raised]]:
    """What fires, each promise's alerts together: the gravest first, of promises and within each."""
    order = {rule.id: (_MARKED.index(alert_texts.mark(rule)), n) for n, rule in enumerate(_rules(talk))}
    firing = sorted(talk.tx.alerts.firing(), key=lambda one: order.get(one.rule_id, (len(_MARKED), one.id)))
    found: dict[str, list[Raised]] = {}
    for one in firing:
        found.setdefault(one.slo, []).append(one)
    return list(found.values())


def alert(talk: Talk, verb: str, number: str) -> None:
    """A button of one alert's. Raises ``ValueError`` for what no alert has."""
    act = _VERBS.get(verb)
    if act is None:
        raise ValueError("no such button of an alert")
    if not people.owns(talk):
        return
    raised = talk.tx.alerts.get(int(number))
    if raised is None or raised.alert.fired_at is None:
        raise ValueError("no such alert")
    act(talk, raised)


def _show(talk: Talk, raised: Raised) -> None:
    talk.show(_card(talk, raised))


def _acknowledge(talk: Talk, raised: Raised) -> None:
    """The first who says so is on it, and on all that fires of this promise: that has one cause, as a rule."""
    if _fires(raised):
        for one in talk.tx.alerts.firing():
            if one.slo == raised.slo:
                talk.tx.alerts.acknowledge(one.id, _presser(talk), talk.now)
    _again(talk, raised)


def _mute(talk: Talk, raised: Raised, length_ms: int) -> None:
    if _fires(raised):
        talk.tx.alerts.mute(raised.id, _presser(talk), talk.now + length_ms)
    _again(talk, raised)


def _unmute(talk: Talk, raised: Raised) -> None:
    if _fires(raised):
        talk.tx.alerts.unmute(raised.id)
    _again(talk, raised)


def _fires(raised: Raised) -> bool:
    """Whether there is anything to be done: a button of one that is over must not touch a later one of its rule."""
    return raised.alert.state is State.FIRING


def _again(talk: Talk, raised: Raised) -> None:
    """The same message as things stand now; one that is over says so."""
    if not _fires(raised):
        talk.toast(talk.words.t("This alert is over already."), alert=True)
    talk.show(_card(talk, talk.tx.alerts.get(raised.id) or raised))


def _bad(talk: Talk, raised: Raised) -> None:
    talk.say(alert_help.bad_events(talk, raised, _rule(talk, raised)))


def _steps(talk: Talk, raised: Raised) -> None:
    talk.say(alert_steps.steps(talk, _rule(talk, raised)))


def _restart(talk: Talk, _: Raised) -> None:
    talk.say(alert_help.restarting(talk))


_VERBS: Mapping[str, Callable[[Talk, Raised], None]] = {
    "show": _show,
    "ack": _acknowledge,
    "mute1": lambda talk, raised: _mute(talk, raised, HOUR),
    "mute8": lambda talk, raised: _mute(talk, raised, 8 * HOUR),
    "unmute": _unmute,
    "bad": _bad,
    "steps": _steps,
    "restart": _restart,
}


def _presser(talk: Talk) -> int:
    return talk.update.user_id or talk.user.id


def _card(talk: Talk, raised: Raised) -> Message:
    """An alert as it was told, and what has been done about it since."""
    rule, words = _rule(talk, raised), talk.words
    if rule is None or not _fires(raised):
        back = (Button(words.t("Alerts"), "alerts"),)
        return Message(_listed(talk, [raised]), (back,))
    told = alert_texts.firing(
        words, talk.user, rule, raised.id, raised.alert.pending_at, figures(raised.facts), talk.now
    )
    text = join((told.text, *_done(talk, raised)), "\n")
    return Message(text, _buttons(talk, raised, told.buttons))


def _buttons(talk: Talk, raised: Raised, told: tuple[tuple[Button, ...], ...]) -> tuple[tuple[Button, ...], ...]:
    """Those that it was told with, but for what is done; what is muted can be heard again."""
    muted = talk.tx.alerts.muted(raised.slo, raised.tier, talk.now) is not None
    gone = ({f"alert:ack:{raised.id}"} if raised.acknowledged_at is not None else set()) | (
        {f"alert:mute1:{raised.id}", f"alert:mute8:{raised.id}"} if muted else set()
    )
    kept = [tuple(one for one in row if one.data not in gone) for row in told]
    again = ((Button(talk.words.t("🔔 Tell me again"), f"alert:unmute:{raised.id}"),),) if muted else ()
    return (*(row for row in kept if row), *again)


def _listed(talk: Talk, alerts: Sequence[Raised], number: int | None = None) -> Text:
    """A promise's alerts in the list: what, from when to when, how grave, and who has seen to it."""
    words, raised = talk.words, alerts[0]
    place = "" if number is None else f"{number}. "
    kinds = join([_kind(talk, one) for one in alerts], ", ")
    title = join((_mark(talk, raised), " ", place, bold(_name(talk, raised)), ": ", kinds))
    first = min(alerts, key=lambda one: one.alert.pending_at)
    lines = [title, join((_time(talk, first), " · ", alert_texts.severity(words, raised.severity)))]
    if _fires(raised):
        lines += _done(talk, raised) or [say(words, "Nobody is on it yet.")]
    elif raised.acknowledged_at is not None:
        lines += _done(talk, raised)
    return join(lines, "\n")


def _time(talk: Talk, raised: Raised) -> Text:
    words, begin, end = talk.words, raised.alert.pending_at, raised.alert.resolved_at
    since = moment(_at(talk, begin), begin, talk.now)
    if end is None:
        return say(words, "since {when}, {length}", when=since, length=short_span(words, talk.now - begin))
    return say(words, "{when}, for {length}", when=since, length=short_span(words, end - begin))


def _done(talk: Talk, raised: Raised) -> list[Text]:
    """Who is on it, and whether anybody hears of it."""
    words, lines = talk.words, []
    if raised.acknowledged_at is not None and raised.acknowledged_by is not None:
        who = bold(shorten(people.name_of(talk, raised.acknowledged_by), NAME_SHOWN))
        at = moment(_at(talk, raised.acknowledged_at), raised.acknowledged_at, talk.now)
        on_it = "👀 " + (words.t("On it") if _fires(raised) else words.t("Was on it"))
        lines.append(join((on_it, ": ", who, ", ", at)))
    mute = talk.tx.alerts.muted(raised.slo, raised.tier, talk.now)
    if mute is not None and _fires(raised):
        lines.append(say(words, "🔕 Silent until {when}", when=moment(_at(talk, mute.until), mute.until, talk.now)))
    return lines


def _at(talk: Talk, at: int) -> str:
    return when(talk.words, at, talk.user.zone, talk.now)


def _rule(talk: Talk, raised: Raised) -> Rule | None:
    """The rule it is of; ``None`` where ``slo.toml`` has none such any more."""
    return next((rule for rule in _rules(talk) if rule.id == raised.rule_id), None)


def _rules(talk: Talk) -> Iterator[Rule]:
    """All that there are, a promise's gravest first."""
    return (rule for slo in talk.overseen.slos for rule in rules(slo))


def _name(talk: Talk, raised: Raised) -> str:
    rule = _rule(talk, raised)
    return raised.slo if rule is None else alert_texts.name(talk.words, rule.slo)


def _kind(talk: Talk, raised: Raised) -> Text:
    rule = _rule(talk, raised)
    return plain(raised.tier if rule is None else alert_texts.kind(talk.words, rule))


def _mark(talk: Talk, raised: Raised) -> str:
    rule = _rule(talk, raised)
    return MARKS.get(raised.alert.state) or ("🟠" if rule is None else alert_texts.mark(rule))
