"""The local chat: a Bot API server on loopback, and a page that is its Telegram client.

What newcomers try, and what end-to-end, load and fault tests run against. See ``docs/localchat.md``.
"""

from planner.localchat.chat import LocalChat, Pressed, Said, open_local_chat
from planner.localchat.errors import ConnectionLost, Unusable
from planner.localchat.params import Upload
from planner.localchat.state import User
from planner.localchat.web import attach, is_loopback, serve

__all__ = [
    "ConnectionLost",
    "LocalChat",
    "Pressed",
    "Said",
    "Unusable",
    "Upload",
    "User",
    "attach",
    "is_loopback",
    "open_local_chat",
    "serve",
]
