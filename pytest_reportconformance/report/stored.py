"""A conformance report on disk: the record, and the transcripts of its scenarios."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pytest_reportconformance import har
from pytest_reportconformance.exchange import Exchange, Transcript

FORMAT = 1


class NotAReport(Exception):
    """A folder or file is no conformance report: what was found, what is allowed."""


@dataclass
class Stored:
    """A folder with results.json and transcripts; transcripts are read when they are asked for."""

    folder: Path
    record: dict[str, Any]
    _known: dict[str, Transcript | None] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Stored:
        """The report in a folder, or beside a results.json. Raises NotAReport."""
        file = path / "results.json" if path.is_dir() else path
        try:
            record = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise NotAReport(f"{path}: found {error}; allowed: a folder of a run, with results.json") from None
        if not isinstance(record, dict) or record.get("format") != FORMAT:
            raise NotAReport(f"{file}: found another file; allowed: a results.json of format {FORMAT}")
        return cls(file.parent, record)

    def transcript(self, key: str) -> Transcript | None:
        """The transcript of a scenario; None where it was not played or is not there. Raises NotAReport."""
        if key not in self._known:
            self._known[key] = self._read(key)
        return self._known[key]

    def transcripts(self) -> Iterator[tuple[dict[str, Any], Transcript]]:
        """Every scenario of the record that has a transcript, in order of start."""
        for scenario in self.record["scenarios"]:
            transcript = self.transcript(scenario["name"])
            if transcript is not None:
                yield scenario, transcript

    def shown_by(self, check: Mapping[str, Any]) -> Exchange | None:
        """The exchange that shows what a check found."""
        started = check["evidence"]["started"]
        found = (
            exchange
            for key in check["evidence"]["transcripts"]
            for exchange in self.transcript(key) or ()
            if exchange.name == check["evidence"]["step"] and exchange.started == started
        )
        return next(found, None)

    def _read(self, key: str) -> Transcript | None:
        names = {scenario["name"]: scenario["transcript"] for scenario in self.record["scenarios"]}
        path = self.folder / names.get(key, "")
        if key not in names or not path.is_file():
            return None
        try:
            return har.read(path)
        except (ValueError, KeyError, TypeError) as error:
            raise NotAReport(f"{path}: found {error}; allowed: a transcript of this suite") from None
