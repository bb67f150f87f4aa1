"""What a check looks at while it judges: one that passed without having looked at anything has shown nothing.

Rule: bookkeeping alone. Exchanges and transcripts tell what is looked at, whoever calls a check asks for the sum.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class View:
    """What one check has looked at: whether any answer or fact, which steps it found, and which it did not."""

    def __init__(self) -> None:
        self.anything = False
        self.found: set[str] = set()
        self.missed: list[tuple[str, Exception, bool]] = []

    def settle(self) -> None:
        """Raises why steps are not there, where the check looked at nothing, or for those of a scenario cut short."""
        for name, why, cut_short in self.missed:
            if (cut_short and name not in self.found) or not self.anything:
                raise why


_view: ContextVar[View | None] = ContextVar("view", default=None)


@contextmanager
def require_evidence() -> Iterator[None]:
    """Call a check within; where it passes over nothing, raises why."""
    view = View()
    token = _view.set(view)
    try:
        yield
    finally:
        _view.reset(token)
    view.settle()


def at_something() -> None:
    """An answer or a fact was looked at."""
    if (view := _view.get()) is not None:
        view.anything = True


def for_steps(name: str, why: Exception | None, *, cut_short: bool) -> None:
    """Steps of a name were asked for: `why` they are not there, None where they are; `cut_short` with the scenario."""
    if (view := _view.get()) is None:
        return
    if why is None:
        view.found.add(name)
    else:
        view.missed.append((name, why, cut_short))
