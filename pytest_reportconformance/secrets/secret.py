"""A secret whose repr hides its value."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from pytest_reportconformance.secrets import tty

REFERENCES = ("env:", "file:", "ask:")
"""What a value starts with that `resolve` replaces."""


@dataclass(frozen=True, repr=False)
class Secret:
    """A password, token or key. `public` marks one that equals a public value, such as its own user name."""

    value: str
    public: bool = False

    def __repr__(self) -> str:
        return "Secret('***')"

    __str__ = __repr__


def resolve(text: str, folder: Path) -> str:
    """The value that `env:NAME`, `file:PATH` (relative to `folder`) or `ask:WHAT` (a prompt at the terminal) refers to;
    otherwise the text itself. Raises LookupError.
    """
    kind, _, rest = text.partition(":")
    if kind == "env":
        if rest not in os.environ:
            raise LookupError(f"the environment variable {rest} is not set")
        return os.environ[rest]
    if kind == "file":
        try:
            return (folder / rest).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise LookupError(f"the file {rest} cannot be read: {error}") from None
    return tty.hidden(f"{rest or 'password'}: ") if kind == "ask" else text
