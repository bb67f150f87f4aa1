"""The outcomes of a run, for the user's own tests.

Rule: they are known when all selected checks are judged; the user's own tests run after that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pytest_reportconformance.judging.outcomes import Judgement, settled, worst
from pytest_reportconformance.register.register import Register
from pytest_reportconformance.register.strict_toml import choices


class Conformance(Mapping[str, str]):
    """The outcome of each requirement of the register by its ID: `conformance["<api>.<operation>.<slug>"]`.

    One whose checks were not selected is *not selected*, one that has none *unchecked*. The user's own requirements are
    not among them, because they are judged with the user's own tests. The verdict is known at the end of the run only.
    """

    def __init__(self, register: Register, judgements: Iterable[Judgement]) -> None:
        groups: dict[str, list[str]] = {}
        for found in settled(judgements):
            groups.setdefault(found.requirement, []).append(found.outcome)
        self._outcomes = {
            id: worst(groups[id]) if id in groups else "unchecked" if entry.unchecked else "not selected"
            for id, entry in register.requirements.items()
        }

    def __getitem__(self, id: str) -> str:
        if id not in self._outcomes:
            raise LookupError(f"conformance: found {id!r}; allowed: {choices(id, self._outcomes)}")
        return self._outcomes[id]

    def __contains__(self, id: object) -> bool:
        return id in self._outcomes

    def __iter__(self) -> Iterator[str]:
        return iter(self._outcomes)

    def __len__(self) -> int:
        return len(self._outcomes)

    def having(self, *outcomes: str) -> list[str]:
        """The IDs of the requirements with one of these outcomes, in the order of the register."""
        return [id for id, outcome in self._outcomes.items() if outcome in outcomes]
