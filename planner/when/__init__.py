"""Phrases to instants: what a person says about time, in any language that has a file here. Pure; never raises."""

from __future__ import annotations

from planner.when.asks import Asked, asked, days_of, free_at, shift_of
from planner.when.changes import length_of, until_of, whole_day
from planner.when.phrase import Phrase
from planner.when.sayings import ends_of, said, without
from planner.when.understand import durations, time_of_day, understand

__all__ = [
    "Asked",
    "Phrase",
    "asked",
    "days_of",
    "durations",
    "ends_of",
    "free_at",
    "length_of",
    "said",
    "shift_of",
    "time_of_day",
    "understand",
    "until_of",
    "whole_day",
    "without",
]
