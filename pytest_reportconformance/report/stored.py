"""A conformance report on disk: the record, and the transcripts of its scenarios."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from pytest_reportconformance.report import record_schema
from pytest_reportconformance.transcript import har, strict_json
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript

FORMAT = 1
OUTLINE = 50
"""How many exchanges of a transcript an outline has whole."""


MALFORMED = (ValueError, KeyError, TypeError, AttributeError, IndexError, ArithmeticError, RecursionError, OSError)
"""What wrong types and values in a file of others raise where they are used."""


class NotAReport(Exception):
    """A folder or file is not a conformance report; the message gives the reason."""


def all_requirements(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """All requirements of a record: those of the register, then the user's own, which do not count."""
    return [*record["requirements"], *record.get("own_requirements", ())]


@dataclass
class Stored:
    """A folder with results.json and transcripts; transcripts are read on demand."""

    folder: Path
    record: dict[str, Any]
    _known: dict[str, Transcript | None] = field(default_factory=dict)
    _outlines: dict[str, Transcript | None] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Stored:
        """The report in a folder, or beside a results.json. Raises NotAReport."""
        file = path / "results.json" if path.is_dir() else path
        try:
            require_plain(file)
            record = strict_json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise NotAReport(f"{path}: not a conformance report (a folder with results.json): {error}") from None
        if not isinstance(record, dict) or record.get("format") != FORMAT:
            raise NotAReport(f"{file}: not a conformance report (a results.json of format {FORMAT})")
        if (fault := record_schema.fault(record)) is not None:
            raise NotAReport(f"{file}: not a record of this suite: {fault}")
        return cls(file.parent, record)

    def transcript(self, key: str) -> Transcript | None:
        """The transcript of a scenario; None if it was not played or is missing. Raises NotAReport."""
        if key not in self._known:
            self._known[key] = self._read(key)
        return self._known[key]

    @property
    def requirements(self) -> list[dict[str, Any]]:
        """All requirements of the record, the user's own last."""
        return all_requirements(self.record)

    @property
    def played(self) -> list[dict[str, Any]]:
        """The scenarios of the record whose transcripts exist, in order of start."""
        return [one for one in self.record["scenarios"] if (self.folder / one["transcript"]).is_file()]

    def outline(self, key: str) -> Transcript | None:
        """A transcript for readers: of long ones only the first bodies and those that a check points at."""
        if key not in self._outlines:
            self._outlines[key] = self._read(key, self._shortened)
        return self._outlines[key]

    def outlines(self) -> Iterator[tuple[dict[str, Any], Transcript]]:
        """Every scenario that has a transcript, with its outline."""
        for scenario in self.played:
            transcript = self.outline(scenario["name"])
            if transcript is not None:
                yield scenario, transcript

    def shown_by(self, check: Mapping[str, Any]) -> Exchange | None:
        """The exchange that shows what a check found."""
        place = self.place(check)
        outline = None if place is None else self.outline(place[0])
        return None if place is None or outline is None else outline.exchanges[place[1]]

    def place(self, check: Mapping[str, Any]) -> tuple[str, int] | None:
        """Where the exchange is that shows what a check found: its scenario, and its number there."""
        evidence = check["evidence"]
        found = (
            (key, number)
            for key in evidence["transcripts"]
            for number, exchange in enumerate(self.outline(key) or ())
            if (exchange.name, exchange.started) == (evidence["step"], evidence["started"])
        )
        return next(found, None)

    def is_shown(self, exchange: Exchange) -> bool:
        """Whether a check points at an exchange."""
        return (exchange.name, exchange.started) in self._shown

    @cached_property
    def _shown(self) -> set[tuple[str, float]]:
        checks = (check for requirement in self.requirements for check in requirement["checks"])
        return {(check["evidence"]["step"], check["evidence"]["started"]) for check in checks}

    def _shortened(self, number: int, exchange: Exchange) -> Exchange:
        if number < OUTLINE or exchange.response is None or self.is_shown(exchange):
            return exchange
        request = replace(exchange.request, body=None, headers=())
        response = replace(exchange.response, content=None, head=b"", tail=b"", headers=())
        return replace(exchange, request=request, response=response, observations={})

    def entries(self, scenario: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """The entries of a scenario's transcript as they are stored. Raises NotAReport."""
        path = self.folder / scenario["transcript"]
        try:
            require_plain(path)
            yield from har.entries(path)
        except MALFORMED as error:
            raise NotAReport(f"{path}: not a transcript of this suite: {error}") from None

    def _read(self, key: str, keep: Callable[[int, Exchange], Exchange] | None = None) -> Transcript | None:
        path = next((self.folder / one["transcript"] for one in self.played if one["name"] == key), None)
        if path is None:
            return None
        try:
            require_plain(path)
            return har.read(path, keep)
        except MALFORMED as error:
            raise NotAReport(f"{path}: not a transcript of this suite: {error}") from None


def require_plain(path: Path) -> None:
    """Refuse what is no file of its own: a link, a device, a pipe. Raises ValueError."""
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise ValueError(f"{path.name} is a link or no regular file")
    if path.parent.name == "transcripts" and path.parent.is_symlink():
        raise ValueError("the folder transcripts is a link")
