"""The options of runs and exports, as values."""

from __future__ import annotations

from dataclasses import dataclass, field

DEFAULT_PREFIX = "{contextPath}/rest_v2/reportExecutions/{reportExecutionId}/exports/{exportExecutionId}/attachments/"

Values = dict[str, list[str]]
"""Parameters of a report: the texts sent for each name."""


@dataclass(frozen=True)
class PageRange:
    """The pages asked for: `first` to `last`, counted from 1, both included; `text` is how it was written."""

    text: str
    first: int
    last: int


@dataclass(frozen=True)
class ExportOptions:
    """The options of an export; `format` is lower case, None if a run names none."""

    format: str | None = None
    pages: PageRange | None = None
    attachments_prefix: str = DEFAULT_PREFIX
    base_url: str | None = None
    markup: str = "full"
    anchor: str | None = None
    ignore_pagination: bool | None = None
    interactive: bool = True


@dataclass(frozen=True)
class RunOptions:
    """The options of a run; `uri` is as it was sent. `saves` is whether a data snapshot is saved."""

    uri: str
    is_async: bool = False
    values: Values = field(default_factory=dict)
    export: ExportOptions = ExportOptions()
    fresh: bool = False
    saves: bool = False
