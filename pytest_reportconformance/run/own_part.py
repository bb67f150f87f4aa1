"""What a run has of the user's own: scenarios that it plays, requirements and judgements that it records.

Rule: nothing of it counts for the verdict.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pytest_reportconformance.judging.outcomes import Judgement, settled
from pytest_reportconformance.register.register import Requirement
from pytest_reportconformance.report import record_members
from pytest_reportconformance.scenarios import Need, Scenario
from pytest_reportconformance.transcript.parsing import visible


@dataclass
class OwnPart:
    """The user's own part of one run. If `sends`, tests send requests after all scenarios are played."""

    scenarios: dict[str, Scenario] = field(default_factory=dict)
    needs: list[Need] = field(default_factory=list)
    requirements: dict[str, Requirement] = field(default_factory=dict)
    judgements: list[Judgement] = field(default_factory=list)
    sends: bool = False

    def record(self) -> list[dict[str, Any]]:
        """The requirements as members of the record, each with the judgements of its checks."""
        found = settled(self.judgements)
        return [
            record_members.requirement(
                entry,
                [one for one in found if one.requirement == id],
                record_members.blocks(id, found),
                counts=False,
            )
            for id, entry in self.requirements.items()
        ]


def loaded(name: str, module: str, file: str, path: Iterable[str]) -> Scenario:
    """A scenario that a worker has found, imported in the process that plays.

    If it cannot be imported, it is a scenario that raises why, so that its checks are errors with that text.
    """
    sys.path += [entry for entry in path if entry not in sys.path]
    try:
        found = getattr(_imported(module, file), name)
    except Exception as error:  # whatever a module of the user's raises
        return _broken(name, visible(f"{file} cannot be imported to play it: {type(error).__name__}: {error}"))
    if not isinstance(found, Scenario):
        return _broken(name, f"{file} has no scenario of this name at its top level")
    return found


def _imported(module: str, file: str) -> Any:
    """A module by its name; by its file if the name leads to another file, as that of a second conftest.py does."""
    try:
        found = importlib.import_module(module)
        if Path(getattr(found, "__file__", "") or "") == Path(file):
            return found
    except ImportError:
        pass
    spec = importlib.util.spec_from_file_location(f"reportconformance_own_{module}", file)
    if spec is None or spec.loader is None:
        raise ImportError(f"no Python module: {file}")
    other = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = other
    spec.loader.exec_module(other)
    return other


def _broken(name: str, text: str) -> Scenario:
    def play(*_: object) -> None:
        raise ImportError(text)

    return Scenario(name, play, __name__, text)
