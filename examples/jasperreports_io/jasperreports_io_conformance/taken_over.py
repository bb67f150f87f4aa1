"""What this package takes over from the one of JasperReports Server: its scenarios and its checks.

Rule: nothing is copied. A requirement `jasperreports_io.x.y` promises what `jasperserver.x.y` promises, with a source
of its own; a check that is taken over asserts the requirement of this API, and blames one of this API or none.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cache, wraps
from typing import Any

import pytest

from pytest_reportconformance.http.bodies import Observer
from pytest_reportconformance.jasperserver import operations
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.register import register
from pytest_reportconformance.scenarios import Scenario
from pytest_reportconformance.target.target import Target
from pytest_reportconformance.transcript.exchange import Exchange, Request, TransportError
from pytest_reportconformance.transcript.failures import NotReached
from pytest_reportconformance.transcript.transcript import Ending

THEIRS, OWN = "jasperserver", "jasperreports_io"
Check = Callable[..., None]


@cache
def own_id(theirs: str | None) -> str | None:
    """The requirement of this API that promises the same; None if there is none."""
    if theirs is None:
        return None
    id = f"{OWN}.{theirs.partition('.')[2]}"
    return id if id in register.load(OWN).requirements else None


@contextmanager
def own_blame() -> Iterator[None]:
    """What is not reached is blamed on a requirement of this API."""
    try:
        yield
    except NotReached as error:
        error.by = own_id(error.by)
        raise


def undocumented(request: Request, identity: str) -> str | None:
    """Why JasperReports IO does not document a request that JasperReports Server does; None if both do."""
    if identity != "owner":
        return "JasperReports IO has no users"
    if request.method == "GET" and request.url.partition("?")[0] == operations.BASE:
        return "JasperReports IO has no search"
    if any("xml" in (request.header(name) or "") for name in ("Accept", "Content-Type")):
        return "JasperReports IO documents JSON alone"
    return None


class DocumentedSteps(Steps):
    """The steps of a scenario, without requests that this product does not document: those are not sent."""

    def __init__(self, steps: Steps) -> None:
        self.__dict__ = steps.__dict__  # the same steps under another rule: both count and record together

    def __call__(
        self,
        name: str,
        request: Request,
        *,
        identity: str = "owner",
        establishes: str | None = None,
        observe: tuple[Observer, ...] = (),
        session: str = "",
        insist: bool = True,
        keep: bool = True,
    ) -> Exchange:
        """Send and record a request as any step does; leave it out if it is not documented."""
        reason = undocumented(request, identity)
        if reason is None:
            establishes = own_id(establishes)
            return super().__call__(
                name, request, establishes=establishes, observe=observe, session=session, insist=insist, keep=keep
            )
        self.absent[name] = Ending("not applicable", reason)
        error = TransportError("not applicable", reason)
        return Exchange(name, identity, request, None, self.clock.wall(), 0, error=error)


def documented(scenario: Scenario, module: str = "") -> Scenario:
    """A scenario that sends documented requests only; `module` is the one that takes it over, if it is another's."""

    def play(step: Steps, target: Target, *params: str) -> None:
        with own_blame():
            scenario.play(DocumentedSteps(step), target, *params)

    return replace(scenario, play=play, module=module or scenario.module)


def taken_over(module: str, id: str, check: Check, **values: Any) -> Check:
    """A check of JasperReports Server that asserts the requirement `id` of this API, in a module of this package.

    `values` names parameters: a tuple keeps only the cases with these values, and anything else is the value that the
    check is called with, without a case of its own. Raises ValueError if the check asserts something else.
    """
    kept = {name: value for name, value in values.items() if isinstance(value, tuple)}
    fixed = {name: value for name, value in values.items() if name not in kept}
    marks = list(getattr(check, "pytestmark", []))
    if id.replace(OWN, THEIRS, 1) not in _asserted(marks):
        raise ValueError(f"{check.__module__}.{check.__name__} does not assert what {id} promises")

    @wraps(check)
    def own(**given: Any) -> None:
        with own_blame():
            check(**given, **fixed)

    parameters = [one for one in inspect.signature(check).parameters.values() if one.name not in fixed]
    own.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # read by pytest
    own.__module__ = module
    cases = [case for mark in marks if mark.name == "parametrize" for case in _cases(mark, fixed, kept)]
    own.pytestmark = [register.requirement(id).mark, *cases]  # type: ignore[attr-defined]  # read by pytest
    return own


def _asserted(marks: list[pytest.Mark]) -> set[str]:
    """The requirements that a check asserts, in some of its cases at least."""
    found = {str(mark.args[0]) for mark in marks if mark.name == "requirement"}
    values = [value for mark in marks if mark.name == "parametrize" for value in mark.args[1]]
    inner = [mark for value in values for mark in getattr(value, "marks", ())]
    return found | {str(mark.args[0]) for mark in inner if mark.name == "requirement"}


def _cases(mark: pytest.Mark, fixed: Mapping[str, Any], kept: Mapping[str, tuple[Any, ...]]) -> list[pytest.Mark]:
    """The cases of a check that are left: a mark without the values that are fixed or not kept, or none."""
    named, values = mark.args[:2]
    names = [name.strip() for name in named.split(",")] if isinstance(named, str) else list(named)
    if all(name in fixed for name in names):
        return []
    plain = [value.values if hasattr(value, "values") else value for value in values]
    rows = [tuple(value) if isinstance(value, tuple) else (value,) for value in plain]
    left = [
        row for row in rows if all(value in kept.get(name, (value,)) for name, value in zip(names, row, strict=True))
    ]
    if any(name in fixed for name in names) or not left:
        raise ValueError(f"no case is left of {named}")
    return [pytest.mark.parametrize(names, left, indirect=mark.kwargs.get("indirect", False)).mark]
