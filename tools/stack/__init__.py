"""Running what watches the planner: ``python3 -m tools.stack``, and ``make stack`` with its relatives.

It needs no more than Python itself: it is what somebody runs first, and what says what is missing.
"""
