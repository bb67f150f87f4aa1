"""All assumptions about time: how long reports take, how late they may be, how long the suite waits.

Rule: the only place for them. Nothing here reads a clock: scenarios use that of their steps, checks the times in a
transcript.
"""

from __future__ import annotations

SURELY_RUNNING = 0.75
"""The share of a report's time in which it cannot become ready."""
KNOWN_SHARE, KNOWN_SECONDS = 0.4, 2.0
"""A run is waited for to be known to the engine for this share of its time, or this many seconds, whichever is less."""
KNOWN_SEARCHES = 3
"""It is searched for so often at least, however slow the answers are."""
LATENESS = 1.25
MARGIN_SECONDS = 0.3
"""On a busy server a report is over after LATENESS times its seconds plus MARGIN_SECONDS."""
SPREAD, SPREAD_SECONDS = 0.04, 0.05
"""Concurrent runs of one report differ in duration by at most this share, or this many seconds."""
SETTLING_SECONDS = 10.0
"""How long an export of a small report may take, on a target that is not slow."""
GRACE_SECONDS = 3.0
"""How long the effect of a cancel or a removal may take, on a target that is not slow."""
START_SECONDS = 60.0
"""How long a scheduler may take to start a job that is due at once, on a target that is not slow."""
QUICK_ANSWER_SECONDS = 0.1
"""A target whose answers take longer on average is slow, and everything may take as many times longer."""
MANY_TIMES, OVERDUE_SECONDS = 10, 60.0
"""A report is overdue after so many times what others took, and after so many seconds at least."""
MANY_TIMES_DECLARED = 24
"""As long as no other report is done, it is overdue after so many times the seconds that target.toml declares."""
