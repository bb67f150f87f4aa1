"""Waits until a server answers as one of the APIs, as in a CI job that has just started it.

Rule: a server is ready if it is recognized as a run recognizes its target. What will not change by waiting ends the
wait at once: a faulty target, or an account that was refused as often as a run tries it.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from pytest_reportconformance.run.recognition import (
    Asker,
    Recognized,
    TargetUnreachable,
    Unrecognized,
    identified,
    recognize,
)
from pytest_reportconformance.run.target_argument import described_or_named
from pytest_reportconformance.target.target import TargetError

INTERVAL_SECONDS = 2.0
PROGRESS_SECONDS = 30.0


class Wait:
    """One wait of `seconds` for a target; `say` is given a line of progress every half minute."""

    def __init__(self, text: str, api: str | None, seconds: float, say: Callable[[str], None], *, live: bool) -> None:
        self._text = text
        self._target = described_or_named(text, api, live=live)
        self._seconds = seconds
        self._say = say
        self._begun = time.monotonic()
        self._told = self._begun
        self._last = "nothing was asked yet"
        self._asker = Asker(self._begun + seconds, self._progress)

    @property
    def passed(self) -> float:
        """Seconds since the begin."""
        return time.monotonic() - self._begun

    def until_ready(self) -> Recognized:
        """The server, once it is recognized.

        Raises TargetUnreachable if nothing answered at last, Unrecognized if something else did, TargetError.
        """
        while True:
            try:
                return (
                    recognize(self._text, self._asker)
                    if self._target is None
                    else identified(self._target, self._asker)
                )
            except (TargetUnreachable, Unrecognized) as error:
                self._last = error.seen
                fault = self._ended(error)
            if fault is not None:
                raise fault from None
            time.sleep(max(0.0, min(INTERVAL_SECONDS, self._seconds - self.passed)))

    def _ended(self, error: TargetUnreachable | Unrecognized) -> TargetError | None:
        """Why the wait ends without a server; None if it continues."""
        if (account := self._asker.passwords.given_up) is not None:
            text = f"{self._text}: {account} is refused, and waiting will not change that; last answer: {error.seen}"
            return Unrecognized(f"{text}: check the credentials", error.seen, "")
        if self.passed < self._seconds:
            return None
        text = f"{self._text} is not ready after {self._seconds:g} s; last answer: {error.seen}"
        if isinstance(error, TargetUnreachable):
            return TargetUnreachable(f"{text}: check the URL, and whether the server has started", error.seen)
        return Unrecognized(f"{text}; {error.advice}", error.seen, error.advice)

    def _progress(self) -> None:
        if time.monotonic() - self._told < PROGRESS_SECONDS:
            return
        self._told = time.monotonic()
        self._say(f"waiting for {self._text}: {self.passed:.0f} of {self._seconds:g} s; last answer: {self._last}")
