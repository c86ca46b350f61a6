"""Calibration: from points to a probability, by a fixed curve; and where the verdicts begin."""

import math
from typing import Final

from suragh.model.report import Verdict

MIDDLE: Final = 11_000
"""Points at which a group is as likely hostile as not."""

SLOPE: Final = 1800
"""Points for one nat of log-odds. Both were set by eye on development worlds (docs/quality.md,
"Judging"): a first curve, until it is calibrated on labelled campaigns."""

HOSTILE_POINTS: Final = 11_000
"""Points from which a group is called hostile."""

WATCH_POINTS: Final = 6500
"""Points from which a group is worth a look."""

SCORE_DIGITS: Final = 4


def score(points: int) -> float:
    """How likely a group with so many points is hostile, by the curve: 0 to 1."""
    return round(1 / (1 + math.exp((MIDDLE - points) / SLOPE)), SCORE_DIGITS)


def verdict(points: int) -> Verdict | None:
    """What to say of a group with so many points; None for nothing."""
    if points >= HOSTILE_POINTS:
        return Verdict.HOSTILE
    if points >= WATCH_POINTS:
        return Verdict.WATCH
    return None
