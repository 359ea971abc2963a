"""How sure one can be of a share of few. Ten of ten is not the same as a thousand of a thousand."""

from __future__ import annotations

from enum import StrEnum
from math import sqrt

Z95 = 1.959963984540054
"""The normal distribution's quantile for an interval that holds 95 of 100 times."""


class Certainty(StrEnum):
    SURE = "sure"
    TOO_FEW = "too few to tell"


def wilson(hits: int, total: int, z: float = Z95) -> tuple[float, float]:
    """Between which shares the true one lies, having seen ``hits`` of ``total``; of nothing, anywhere from 0 to 1.

    Wilson's score interval (E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22, 1927; NIST/SEMATECH e-Handbook 7.2.4.1), with p = hits / total:
    (p + z²/2n ± z √(p (1 - p) / n + z²/4n²)) / (1 + z²/n). Unlike p ± z √(p (1 - p) / n) it is right at 0 and at 1.
    """
    if total <= 0:
        return 0.0, 1.0
    share, wide = hits / total, z * z / total
    middle = share + wide / 2
    around = z * sqrt(share * (1 - share) / total + wide / (4 * total))
    low = 0.0 if hits == 0 else max(0.0, (middle - around) / (1 + wide))
    high = 1.0 if hits == total else min(1.0, (middle + around) / (1 + wide))
    return low, high


def certainty(good: int, bad: int, objective: float) -> Certainty | None:
    """Whether so many tell if the objective is kept; ``None`` where nothing came due.

    They do not while the interval of the share that was good holds both sides of it: then it may be chance.
    """
    if good + bad == 0:
        return None
    low, high = wilson(good, good + bad)
    return Certainty.TOO_FEW if low < objective < high else Certainty.SURE
