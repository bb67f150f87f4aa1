"""Which parts of which answers a check inspects, so that only the checks that read a changed part are judged again.

A check is a function of what it inspects: if it never reads a part of an answer, a change of that part changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from pytest_reportconformance.judging import evaluate
from pytest_reportconformance.judging.evaluate import Check
from pytest_reportconformance.judging.outcomes import Judgement
from pytest_reportconformance.register import register
from pytest_reportconformance.scenarios import Need
from pytest_reportconformance.transcript.exchange import Exchange, Response
from pytest_reportconformance.transcript.transcript import Transcript
from tests.mutation import lawful
from tests.mutation.recorded_run import RecordedRun

PARTS = {"status_code": "status", "reason": "status", "headers": "headers"} | dict.fromkeys(
    ("content", "size", "sha256", "head", "tail"), "body"
)
"""The parts of an answer by the fields of a response."""
READERS = {"json": "body", "xml": "body", "observations": "observations"}
"""The parts of an answer by the names of an exchange, whose bodies are parsed once."""

TRANSCRIPT = tuple(one.name for one in fields(Transcript))

_seen: set[tuple[Need, int, str]] = set()


class _Response(Response):
    """A response that notes what is read of it."""

    def __getattribute__(self, name: str) -> Any:
        if name in PARTS:
            _seen.add((*vars(self)["place"], PARTS[name]))
        return super().__getattribute__(name)


class _Exchange(Exchange):
    """An exchange that notes what is read of its answer."""

    def __getattribute__(self, name: str) -> Any:
        if name in READERS:
            _seen.add((*vars(self)["place"], READERS[name]))
        return super().__getattribute__(name)


def _noting(kind: type, value: Any, place: tuple[Need, int]) -> Any:
    noting: Any = object.__new__(kind)
    vars(noting).update({one.name: getattr(value, one.name) for one in fields(value)}, place=place)
    return noting


def _watched(run: RecordedRun) -> dict[Need, Transcript]:
    return {need: _transcript(need, transcript) for need, transcript in run.transcripts.items()}


def _transcript(need: Need, transcript: Transcript) -> Transcript:
    watched = []
    for number, exchange in enumerate(transcript.exchanges):
        one = _noting(_Exchange, exchange, (need, number))
        if exchange.response is not None:
            vars(one)["response"] = _noting(_Response, exchange.response, (need, number))
        watched.append(one)
    found = object.__new__(Transcript)
    vars(found).update({name: vars(transcript)[name] for name in TRANSCRIPT} | {"exchanges": tuple(watched)})
    return found


class Judge:
    """Judges the checks of an API over the transcripts of one run, some of whose answers are changed."""

    def __init__(self, api: str, run: RecordedRun) -> None:
        self.run = run
        self.together = lawful.load(api).together
        self.register = register.load(api)
        self.checks = evaluate.checks(api)
        self.outcomes: list[str] = []
        self.readers: dict[tuple[Need, int, str], list[int]] = defaultdict(list)
        watched = _watched(run)
        for number, check in enumerate(self.checks):
            if check.reads_all or self.together:
                watched = _watched(run)  # what an earlier check found in a transcript is kept there
            _seen.clear()
            self.outcomes.append(self._judge(check, watched).outcome)
            for place in _seen:
                self.readers[place].append(number)

    def _judge(self, check: Check, transcripts: Mapping[Need, Transcript]) -> Judgement:
        return evaluate.judge_one(check, transcripts, self.run.facts, self.register)

    def reading(self, need: Need, changed: Mapping[int, Exchange]) -> list[int]:
        """The numbers of the checks that read something that is changed."""
        found: dict[int, None] = {}
        for number, exchange in changed.items():
            for part in _parts(self.run.transcripts[need].exchanges[number], exchange):
                found.update(dict.fromkeys(self.readers.get((need, number, part), ())))
        return list(found)

    def changed(self, need: Need, changed: Mapping[int, Exchange]) -> Transcript:
        """A transcript of the run with these exchanges changed."""
        transcript = self.run.transcripts[need]
        exchanges = tuple(changed.get(number, exchange) for number, exchange in enumerate(transcript.exchanges))
        found = object.__new__(Transcript)
        vars(found).update({name: vars(transcript)[name] for name in TRANSCRIPT} | {"exchanges": exchanges})
        return found

    def judged(self, need: Need, transcript: Transcript, number: int) -> Judgement:
        """The judgement of one check with another transcript of a scenario.

        A check that reads the transcripts of all scenarios reads the changed one alone, unless they compare them.
        """
        check = self.checks[number]
        alone = check.reads_all and not self.together
        return self._judge(check, {need: transcript} if alone else {**self.run.transcripts, need: transcript})


def _parts(before: Exchange, after: Exchange) -> set[str]:
    """The parts of an answer that differ."""
    old, new = before.response, after.response
    assert old is not None
    assert new is not None
    found = {part for name, part in PARTS.items() if getattr(old, name) != getattr(new, name)}
    return found | ({"observations"} if before.observations != after.observations else set())
