"""The terminal of the person who runs us: lines are typed there, secrets unseen, whatever standard input is."""

from __future__ import annotations

import getpass
from pathlib import Path

TERMINAL = Path("/dev/tty")


def line(prompt: str) -> str:
    """A line that is typed at the terminal. Raises LookupError where there is none."""
    try:
        with TERMINAL.open("w", encoding="utf-8") as shown, TERMINAL.open(encoding="utf-8") as typed:
            shown.write(prompt)
            shown.flush()
            return typed.readline().strip()
    except OSError as error:
        raise LookupError(f"there is no terminal to ask at ({error})") from None


def hidden(prompt: str) -> str:
    """A line that is typed at the terminal and not shown. Raises LookupError where there is none."""
    try:
        with TERMINAL.open(encoding="utf-8"):
            return getpass.getpass(prompt)
    except (OSError, EOFError) as error:
        raise LookupError(f"there is no terminal to ask at ({error})") from None
