"""Mutation testing of transcripts: which changes of recorded answers change no judgement.

A change is killed if a check violates its requirement; excused if checks are only blocked or inconclusive; it survives
if no outcome changes. A survivor is lawful because the document leaves a choice, or it shows a check that is missing.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context

from pytest_reportconformance.register import apis
from pytest_reportconformance.scenarios import Need
from pytest_reportconformance.transcript.exchange import Exchange
from tests.mutation import answer_changes, lawful
from tests.mutation.answer_changes import Answer, Answers, Change
from tests.mutation.inspected import Judge
from tests.mutation.recorded_run import recorded

VIOLATED = ("failed", "warned", "noted")
PIECES = 24
"""Into how many pieces the work on one run is cut."""


@dataclass(frozen=True)
class Result:
    """What became of one change: `killed`, `excused`, `survived`, or `error` if a check ended with an exception.

    `by` is the check that decided it; `state` is the status that the unchanged document shows, such as `ready`;
    `after` names the operations other than GET that succeeded earlier in the transcript.
    """

    server: str
    operation: str
    step: str
    status: int
    media: str
    operator: str
    member: str
    fate: str
    by: str = ""
    state: str = ""
    after: str = ""


class Laboratory:
    """One recorded run, its answers, and the judge of changes."""

    def __init__(self, api: str, server: str) -> None:
        self.server = server
        self.run = recorded(api, server)
        self.judge = Judge(api, self.run)
        self.answers = Answers(self.run, lawful.load(api).operation, lawful.load(api).contents)
        self._latest: dict[tuple[str, ...], int] = {}

    def work(self, operation: str = "") -> list[tuple[Need, int]]:
        """All answers to be changed, or those of one operation."""
        return [
            (need, number)
            for name, found in self.answers.same.items()
            for need, number, _ in found
            if operation in ("", name)
        ]

    def tried(self, need: Need, number: int) -> Iterator[Result]:
        """The results of all changes of one answer."""
        answer = self.answers.at(need, number)
        for change in answer_changes.changes(answer):
            result = self.result(answer, change)
            if result is not None:
                yield result

    def result(self, answer: Answer, change: Change) -> Result | None:
        """What becomes of one change; None if it changes nothing."""
        changed = change.make()
        if changed is None:
            return None
        operation = self.answers.operation(answer.exchange)
        fate, by = self._fate(answer.need, changed, (operation, change.operator, change.member))
        return Result(
            self.server,
            operation,
            f"{answer.need.scenario}.{answer.exchange.name}",
            answer.response.status_code,
            answer.media,
            change.operator,
            change.member,
            fate,
            by,
            answer.state,
            self._after(answer.need, answer.number),
        )

    def _after(self, need: Need, number: int) -> str:
        """The operations other than GET that succeeded before an exchange, in the order of their names."""
        earlier = self.run.transcripts[need].exchanges[:number]
        sent = (one for one in earlier if one.response is not None and one.request.method != "GET")
        return " ".join(sorted({self.answers.operation(one) for one in sent if one.succeeded}))

    def _fate(self, need: Need, changed: Mapping[int, Exchange], kind: tuple[str, ...]) -> tuple[str, str]:
        reading = self.judge.reading(need, changed)
        latest = self._latest.get(kind)
        if latest in reading:
            reading.sort(key=lambda number: number != latest)
        excused, transcript = "", self.judge.changed(need, changed)
        for number in reading:
            found = self.judge.judged(need, transcript, number)
            if found.outcome in (self.judge.outcomes[number], "passed", "not applicable"):
                continue
            if found.outcome in VIOLATED:
                self._latest[kind] = number
                return "killed", found.check
            if found.outcome == "error":
                return "error", f"{found.check}: {found.reason}"
            excused = excused or f"{found.check}: {found.outcome}"
        return ("excused", excused) if excused else ("survived", "")


@cache
def laboratory(api: str, server: str) -> Laboratory:
    """The laboratory of a run; made once in a process, and inherited by its children."""
    return Laboratory(api, server)


def all_results(api: str, server: str, operation: str = "", processes: int = 2) -> list[Result]:
    """The results of all changes of all answers of one run."""
    apis.load(api)
    work = laboratory(api, server).work(operation)
    pieces = [(api, server, work[start::PIECES]) for start in range(PIECES)]
    with ProcessPoolExecutor(processes, mp_context=get_context("fork")) as pool:
        return [result for found in pool.map(_piece, pieces) for result in found]


def _piece(piece: tuple[str, str, list[tuple[Need, int]]]) -> list[Result]:
    api, server, work = piece
    found = laboratory(api, server)
    return [result for need, number in work for result in found.tried(need, number)]


def sampled(api: str, server: str, seed: int, size: int) -> list[Result]:
    """The results of a sample of changes, chosen by a seed: first an answer, then a change of it."""
    found, chance = laboratory(api, server), random.Random(seed)
    work = found.work()
    results = []
    for _ in range(size):
        answer = found.answers.at(*chance.choice(work))
        result = found.result(answer, chance.choice(list(answer_changes.changes(answer))))
        if result is not None:
            results.append(result)
    return results
