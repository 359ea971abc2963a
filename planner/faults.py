"""Why a calendar could not be had, in words for whoever runs the planner, and what to do about it. Pure."""

from __future__ import annotations

from typing import NamedTuple

from planner.model import Outcome


class Explained(NamedTuple):
    what: str
    do: str


_SERVER = "look at that server, or wait until it is well again"
_LINK = "make a new address over there and link that one"
_CONTENT = "see in a browser what that address gives; it has to be a calendar (.ics)"
_OURS = Explained("the planner stumbled over it, which is its own fault", "its log says where: please report that")

_CODES = {
    "dns": Explained("no such server is known", "check the address and this machine's DNS"),
    "refused": Explained("the server does not answer", _SERVER),
    "lost": Explained("the connection broke", _SERVER),
    "tls": Explained("the server's certificate is not trusted", "renew it over there, or let this machine trust it"),
    "redirects": Explained("the server sends from one address to the next without end", _LINK),
    "scheme": Explained("only http, https and webcal addresses are fetched", _LINK),
    "address": Explained("no server has such an address", _LINK),
    "link_local": Explained("its server's name leads where no calendar can be", "check the address"),
    "elsewhere": Explained("the server sends on to another, which does not answer as it should", _SERVER),
    "elsewhere_private": Explained("the server sends on to this machine or its own network",
                                   "if it may be read there, start the planner with PLANNER_PRIVATE_FEEDS=1"),
    "private": Explained("it is on this machine or in its own network",
                         "if it may be read there, start the planner with PLANNER_PRIVATE_FEEDS=1"),
    "timeout": Explained("the server takes too long", _SERVER),
    "too_large": Explained("it is larger than is taken", "if that is meant to be, raise PLANNER_FEED_MAX_MB"),
    "too_many": Explained("it has more events than are taken", "if that is meant to be, raise PLANNER_FEED_MAX_EVENTS"),
    "heavy": Explained("it takes more time or memory to read than a calendar may", _CONTENT),
    "packed": Explained("it is compressed in a way that was not asked for", _SERVER),
    "empty": Explained("it has no content", _CONTENT),
    "html": Explained("it is a web page, not a calendar", _CONTENT),
    "other": Explained("it is not a calendar", _CONTENT),
    "cut": Explained("it breaks off before its end", _SERVER),
    "401": Explained("the server wants a user and a password", "link it as https://USER:PASSWORD@HOST/…"),
    "403": Explained("the server does not let the planner in", _LINK),
    "404": Explained("there is no calendar at that address any more", _LINK),
    "410": Explained("there is no calendar at that address any more", _LINK),
    "storage": Explained("there was nowhere to put it while it was fetched",
                         "let the planner write to its temporary folder (TMPDIR), and make room there"),
    "crash": _OURS,
    "ours": _OURS,
    "429": Explained("the server is asked too often", "let its calendars be synced less often"),
}  # fmt: skip


def explained(outcome: Outcome, code: str) -> Explained:
    """What an outcome with its code means (see :class:`planner.feeds.fetched.Fault`)."""
    if found := _CODES.get(code):
        return found
    if outcome is Outcome.HTTP_ERROR and code:
        return Explained(f"the server answers {code}", _SERVER)
    return Explained(str(outcome).replace("_", " "), _SERVER)
