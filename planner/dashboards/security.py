"""*Security and cost*: who tried what they may not, and what it all costs."""

from __future__ import annotations

from planner.catalogue import chat, cost, people
from planner.catalogue.security import REFUSALS
from planner.dashboards.board import Board
from planner.dashboards.courses import BEFORE, counts, traffic
from planner.dashboards.grid import Panel, Row
from planner.dashboards.panels import NEUTRAL, over_time, stat
from planner.dashboards.queries import grown, now, whole
from planner.dashboards.targets import Query
from planner.dashboards.written import (
    ADDRESSES_BLOCKED,
    CHATS_LIMITED,
    FORGED_BUTTONS,
    INPUT_OVERSIZED,
    STRANGERS,
    USERS_GROWING,
    WrittenAlert,
    above,
    runbooks,
)
from planner.slo.objectives import Links, Promises


def board(promises: Promises) -> Board:
    links = promises.links
    return Board(
        "security",
        "Security and cost",
        "Who tried what they may not, what others were protected from, and what the planner costs.",
        (
            Row("Refused within an hour", tuple(_refused(links))),
            Row("When", _when(links)),
            Row("What it costs", tuple(_costs())),
            Row("What the price is shared among", _shared(links)),
        ),
        alerts='alertname=~"Planner(Strangers|ForgedButtons|ChatsLimited|AddressesBlocked|InputOversized|UsersGrowing)"',
    )


def _refused(links: Links) -> list[Panel]:
    def count(title: str, kinds: str, about: str, alert: WrittenAlert, width: int = 5) -> Panel:
        asked = grown(REFUSALS, matchers=(kinds,), window=alert.window)
        return stat(title, f"{about} {runbooks(links, alert)}", Query(whole(asked)), "none", above(alert),
                    width=width, digits=0)  # fmt: skip

    return [
        count("Strangers' messages", 'kind="stranger"',
              "How many messages came from people who may not use this bot. Each of them is told so once.", STRANGERS),
        count("Buttons that are not theirs", 'kind=~"forged_button|foreign_button"',
              "Presses of buttons that the planner never made, or that belong to another's message. Nothing was done.",
              FORGED_BUTTONS),
        count("Limits hit", 'kind="limited_chat"',
              "How often Telegram refused a request because a chat, or all of them, were written to too fast (429)."
              " What was refused waits, and is sent.", CHATS_LIMITED),
        count("Blocked addresses", 'kind="blocked_address"',
              "How often a calendar led to this machine, its network or another address that is not allowed. Nothing"
              " was fetched.", ADDRESSES_BLOCKED),
        count("Oversized input", 'kind="oversized"',
              "Texts, files and calendars that were larger than allowed. Who sent them was told.", INPUT_OVERSIZED, 4),
    ]  # fmt: skip


def _when(links: Links) -> tuple[Panel, ...]:
    return (
        counts(
            "Refused, by kind",
            f"What was refused {BEFORE}; of strangers each message counts. A single one is somebody's slip; a hill is"
            f" somebody's try: {FORGED_BUTTONS.page(links)} says how to find out whose.",
            REFUSALS, "kind", width=12,
        ),
        over_time(
            "Updates that were refused or ignored",
            f"Updates {BEFORE} that the planner did not serve, by the part that refused them. Rising without a stranger"
            f" above: {STRANGERS.page(links)}.",
            [Query(grown(chat.UPDATES, "handler", "outcome", matchers=('outcome=~"refused|ignored"',)),
                   "{{handler}}, {{outcome}}")],
            "none", bars=True, min=0, decimals=0, noValue="none",
        ),
    )  # fmt: skip


def _costs() -> list[Panel]:
    about = "From PLANNER_PRICE_PER_HOUR, in whatever currency that is; 0 until it is set. Nothing needs doing."
    rows = (
        ("An hour", now(cost.HOUR), "The price of an hour, as it was set."),
        ("A thousand messages", f"1000 * {now(cost.MESSAGE)}",
         "The price of the last day, of less where it began later, for each message sent in it, a thousand times."),
        ("A user a month", now(cost.USER), "The price of 30 days, shared among the users served."),
    )  # fmt: skip
    found = [
        stat(
            title,
            f"{told} {about}",
            Query(expression),
            "none",
            NEUTRAL,
            width=6,
            empty="none yet",
        )
        for title, expression, told in rows
    ]
    paid = whole(grown(cost.PAID, window="30d"))
    return [
        *found,
        stat("Paid broadcasts in 30 days", "Messages sent at 0.1 Telegram Stars each, which only PLANNER_PAID_BROADCAST"
             " allows. Nothing needs doing where it was meant; where it was not, take the setting out.",
             Query(paid), "none", NEUTRAL, width=6, digits=0),
    ]  # fmt: skip


def _shared(links: Links) -> tuple[Panel, ...]:
    return (
        counts(
            "Messages sent, by kind",
            f"What Telegram accepted {BEFORE}. The price of a message falls as these grow; nothing needs doing.",
            cost.MESSAGES, "kind",
        ),
        over_time(
            "Users who came",
            f"New users within {USERS_GROWING.span}. Far more than before is an alert:"
            f" {USERS_GROWING.page(links)}.",
            [Query(whole(grown(people.USERS_NEW, window=USERS_GROWING.window)), "new"),
             Query(now(people.USERS, "state", how="sum"), "{{state}}")],
            "none", width=8, min=0, decimals=0,
        ),
        traffic(),
    )  # fmt: skip
