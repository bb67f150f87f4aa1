"""The renderings of a conformance report, and how they are written."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from pytest_reportconformance.report.stored import Stored
from pytest_reportconformance.transcript import files


class NotAvailable(Exception):
    """A rendering needs an extra that is not installed; the message has the pip line."""


@dataclass(frozen=True)
class Rendering:
    """A rendering: its file in the conformance report, and the library that it needs, with its extra."""

    file: str
    library: str | None = None

    @property
    def available(self) -> bool:
        """Whether what it needs is installed."""
        return self.library is None or find_spec(self.library) is not None


FORMATS = {
    "html": Rendering("report.html", "jinja2"),
    "exchanges": Rendering("exchanges.html", "jinja2"),
    "markdown": Rendering("summary.md"),
    "junit": Rendering("junit.xml"),
    "ctrf": Rendering("ctrf.json"),
    "earl": Rendering("earl.jsonld"),
    "har": Rendering("run.har"),
    "csv": Rendering("results.csv"),
    "badge": Rendering("badge.svg"),
}
STANDARD = ("markdown", "html", "exchanges", "badge")
"""Those that every run writes."""


def render(name: str, stored: Stored) -> Iterable[str]:
    """The pieces of a rendering; its module has its name. Raises NotAvailable."""
    if not FORMATS[name].available:
        raise NotAvailable(f"{name} needs an extra: pip install 'pytest-reportconformance[{name}]'")
    module = importlib.import_module(f"{__package__}.{name}")
    pieces: Iterable[str] = module.render(stored)
    return pieces


def write(name: str, stored: Stored, path: Path) -> None:
    """Write one rendering. Raises NotAvailable, OSError."""
    pieces = render(name, stored)
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise OSError(f"{path} is a link or no regular file: nothing is written there")
    with files.named(path), path.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
        file.writelines(pieces)


def prepare() -> None:
    """Prepare what every run needs at its end, while it waits for answers."""
    if FORMATS["html"].available:
        importlib.import_module(f"{__package__}.html").prepare()


def write_standard(stored: Stored) -> None:
    """Write the standard renderings that are available."""
    for name in STANDARD:
        if FORMATS[name].available:
            write(name, stored, stored.folder / FORMATS[name].file)
