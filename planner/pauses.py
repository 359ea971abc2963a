"""What stops the event loop: Python's own pauses, made shorter or rarer."""

from __future__ import annotations

import gc
import sys

THREAD_TURN_S = 0.001
"""The store's threads give way to the event loop after so long, instead of 5 ms."""
COLLECTED_AFTER = 10_000
"""So many new objects make a garbage collection, instead of 700: hundreds of requests under way are no garbage."""


def shorten() -> None:
    """When all is made that stays: these pauses cost a burst its pace."""
    sys.setswitchinterval(THREAD_TURN_S)
    gc.collect()
    gc.freeze()  # what start-up made stays; a full collection of it would stop the loop for tens of milliseconds
    gc.set_threshold(COLLECTED_AFTER)
