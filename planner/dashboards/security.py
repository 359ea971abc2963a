"""*Security and cost*: who tried what they may not, and what it all costs."""

from __future__ import annotations

from planner.catalogue import chat, cost, outside, people
from planner.catalogue.security import REFUSALS
from planner.dashboards.board import Board
from planner.dashboards.panels import BLUE, GREY, ORANGE, Panel, Query, Row, Steps, over_time, stat
from planner.dashboards.queries import grown, now, rate, whole
from planner.dashboards.written import (
    ADDRESSES_BLOCKED,
    CHATS_LIMITED,
    FORGED_BUTTONS,
    INPUT_OVERSIZED,
    STRANGERS,
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
        count("Strangers", 'kind="stranger"',
              "How often somebody wrote who may not use this bot. They get one refusal.", STRANGERS),
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
        over_time(
            "Refused, by kind",
            "What was refused within $window before each moment. A single one is somebody's slip; a hill is somebody's"
            f" try: {FORGED_BUTTONS.page(links)} says how to find out whose.",
            [Query(grown(REFUSALS, "kind"), "{{kind}}")],
            "none", bars=True, min=0, decimals=0,
        ),
        over_time(
            "Updates that were refused or ignored",
            "Updates within $window that the planner did not serve, by the part that refused them. Rising without a"
            f" stranger above: {STRANGERS.page(links)}.",
            [Query(grown(chat.UPDATES, "handler", "outcome", matchers=('outcome=~"refused|ignored"',)),
                   "{{handler}}, {{outcome}}")],
            "none", bars=True, min=0, decimals=0,
        ),
    )  # fmt: skip


def _costs() -> list[Panel]:
    about = "From PLANNER_PRICE_PER_HOUR, in whatever currency that is; 0 until it is set. Nothing needs doing."
    rows = (
        ("An hour", now(cost.HOUR), "The price of an hour, as it was set."),
        ("A thousand messages", f"1000 * {now(cost.MESSAGE)}",
         "The price of the last 24 hours, shared among the messages sent in them, and that a thousand times."),
        ("A user a month", now(cost.USER), "The price of 30 days, shared among the users served."),
    )  # fmt: skip
    found = [
        stat(
            title,
            f"{told} {about}",
            Query(expression),
            "none",
            Steps(BLUE),
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
             Query(paid), "none", Steps(GREY, ((1, ORANGE),)), width=6, digits=0),
    ]  # fmt: skip


def _shared(links: Links) -> tuple[Panel, ...]:
    return (
        over_time(
            "Messages sent, by kind",
            "What Telegram accepted within $window before each moment. The price of a message falls as these grow;"
            " nothing needs doing.",
            [Query(grown(cost.MESSAGES, "kind"), "{{kind}}")],
            "none", width=8, bars=True, min=0, decimals=0,
        ),
        over_time(
            "Users who came",
            f"New users within a day. Far more than before is an alert:"
            f" {links.page('stack/runbooks/PlannerUsersGrowing.md')}.",
            [Query(whole(grown(people.USERS_NEW, window="1d")), "new"),
             Query(now(people.USERS, "state", how="sum"), "{{state}}")],
            "none", width=8, min=0, decimals=0,
        ),
        over_time(
            "Traffic with Telegram",
            "Bytes a second of requests and answers, for those who pay by traffic. Nothing needs doing.",
            [Query(rate(outside.TRAFFIC, "direction"), "{{direction}}")],
            "Bps", width=8, min=0,
        ),
    )  # fmt: skip
