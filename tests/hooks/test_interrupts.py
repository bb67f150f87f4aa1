"""An interrupt ends a run in order, wherever it comes."""

from __future__ import annotations

from types import SimpleNamespace, TracebackType

import pytest

from pytest_reportconformance.hooks.controller import Controller


def interrupted(ended: list[bool]) -> None:
    try:
        raise KeyboardInterrupt
    finally:
        ended.append(True)


def test_an_interrupt_between_two_lines_is_shown_as_well() -> None:
    nowhere = next(n for n, place in enumerate(interrupted.__code__.co_positions()) if place[0] is None)
    with pytest.raises(KeyboardInterrupt) as caught:
        interrupted([])
    last = caught.tb.tb_next
    assert last is not None
    last.tb_next = TracebackType(None, last.tb_frame, 2 * nowhere, -1)
    assert last.tb_next.tb_lineno is None
    run = SimpleNamespace(interrupted=False, runs=[])
    Controller.pytest_keyboard_interrupt(run, caught)
    assert run.interrupted
    assert "KeyboardInterrupt" in str(caught.getrepr())
