"""A scripted day of life, compressed, against a planner on its local chat; it needs nothing but Python.

It knows the local chat's calls (docs/localchat.md) and nothing else of the planner.
"""
