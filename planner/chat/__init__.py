"""The conversation: what a user says or presses, and what is answered. A module a subject; ``router`` joins them.

Everything here runs inside the transaction of the update it handles, so nothing waits and nothing is half done.
"""
