"""Records which evidence a check inspects: a check that inspected none has shown nothing, and does not pass.

Rule: bookkeeping alone. Exchanges and transcripts report what is inspected; the caller of a check asks for the result.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from pytest_reportconformance.transcript.failures import NotReached


class View:
    """What one check inspected: whether any answer or fact, which steps it found, and which it did not."""

    def __init__(self) -> None:
        self.anything = False
        self.found: set[str] = set()
        self.missed: list[tuple[str, Exception, bool]] = []

    def settle(self) -> None:
        """Raises why steps are absent, if the check inspected nothing, or if the scenario was cut short before them."""
        for name, why, cut_short in self.missed:
            if (cut_short and name not in self.found) or not self.anything:
                raise why
        if not self.anything:
            raise NotReached("not applicable", "no answer of this run shows it")


Known = Callable[[str, str], Collection[str] | None]
"""The steps that a scenario can have, by API and key; None if that is not known."""
_view: ContextVar[View | None] = ContextVar("view", default=None)
_known: ContextVar[Known | None] = ContextVar("known", default=None)


@contextmanager
def require_evidence() -> Iterator[None]:
    """Call a check within this context; if it inspects no evidence, the context raises the reason."""
    view = View()
    token = _view.set(view)
    try:
        yield
    finally:
        _view.reset(token)
    view.settle()


@contextmanager
def require_known_steps(known: Known) -> Iterator[None]:
    """Within this context, to ask a transcript for a step that its scenario cannot have raises UnknownStep."""
    token = _known.set(known)
    try:
        yield
    finally:
        _known.reset(token)


def known_steps(api: str, scenario: str) -> Collection[str] | None:
    """The steps that a scenario can have, if that is of interest and known; numbers are written N."""
    known = _known.get()
    return None if known is None else known(api, scenario)


def at_something() -> None:
    """An answer or a fact was inspected, or something of it was compared."""
    if (view := _view.get()) is not None:
        view.anything = True


def for_steps(name: str, why: Exception | None, *, cut_short: bool) -> None:
    """Steps of a name were asked for: `why` they are absent, None if they exist; `cut_short` with the scenario."""
    if (view := _view.get()) is None:
        return
    if why is None:
        view.found.add(name)
    else:
        view.missed.append((name, why, cut_short))
