"""Stretches of time in which a promise was broken: when they began and ended, what it cost, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from planner.model import BUCKET_MS, HOUR, MINUTE
from planner.slo.report.causes import By, summed
from planner.slo.report.evidence import Bucket

APART_MS = HOUR
"""What is no farther apart is one stretch."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Instants in UTC ms, to a bucket; ``bad`` of the buckets in it that were broken, ``causes`` of these."""

    begin: int
    end: int
    bad: int
    causes: Mapping[str, int]


def broken(bad: Iterable[Bucket], objective: float) -> list[Bucket]:
    """The buckets in which the share that was good was below the objective."""
    return [one for one in bad if one.good / (one.good + one.bad) < objective]


def minutes(buckets: Iterable[Bucket]) -> int:
    """How long it was broken: five minutes a broken bucket, however little came due in it."""
    return len({one.at for one in buckets}) * BUCKET_MS // MINUTE


def stretches(buckets: Iterable[Bucket], causes: Mapping[int, By], apart_ms: int = APART_MS) -> list[Stretch]:
    """Broken buckets put together where they are no farther apart, in their order."""
    found: list[list[Bucket]] = []
    until = 0
    for bucket in sorted(buckets):
        if found and bucket.at <= until:
            found[-1].append(bucket)
        else:
            found.append([bucket])
        until = bucket.at + BUCKET_MS + apart_ms
    return [_stretch(group, causes) for group in found]


def _stretch(group: list[Bucket], causes: Mapping[int, By]) -> Stretch:
    why = summed(causes[one.at] for one in group)
    return Stretch(group[0].at, group[-1].at + BUCKET_MS, sum(one.bad for one in group), why)
