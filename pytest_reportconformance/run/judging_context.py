"""What judging needs of a run, in the controller and in every xdist worker."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pytest_reportconformance.judging.outcomes import Context
from pytest_reportconformance.register import register
from pytest_reportconformance.scenarios import Need
from pytest_reportconformance.transcript import har
from pytest_reportconformance.transcript.transcript import Transcript, untested


@dataclass
class JudgingContext:
    """Where the transcripts of a run are, and the facts that judgements depend on. JSON both ways."""

    api: str
    url: str
    folder: Path
    facts: Context

    def dump(self) -> dict[str, Any]:
        """As JSON values."""
        return {"api": self.api, "url": self.url, "folder": str(self.folder), "facts": asdict(self.facts)}

    @classmethod
    def read(cls, values: dict[str, Any]) -> JudgingContext:
        """From JSON values."""
        return cls(values["api"], values["url"], Path(values["folder"]), Context.read(values["facts"]))

    @property
    def register(self) -> register.Register:
        """The requirements of the API."""
        return register.load(self.api)

    def transcript(self, need: Need) -> Transcript:
        """A transcript of this run; an error if the scenario was not played."""
        path = need.path(self.folder)
        if not path.is_file():
            return untested(self.api, need.key, "error", f"{need.key} was not played: ask for it as an argument")
        return har.read(path)
