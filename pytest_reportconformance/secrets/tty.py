"""Prompts at the terminal of the user, whatever standard input is; secrets are not echoed."""

from __future__ import annotations

import getpass
from pathlib import Path

TERMINAL = Path("/dev/tty")


def line(prompt: str) -> str:
    """A line typed at the terminal. Raises LookupError if there is no terminal."""
    try:
        with TERMINAL.open("w", encoding="utf-8") as shown, TERMINAL.open(encoding="utf-8") as typed:
            shown.write(prompt)
            shown.flush()
            return typed.readline().strip()
    except OSError as error:
        raise LookupError(f"no terminal to prompt at ({error})") from None


def hidden(prompt: str) -> str:
    """A line typed at the terminal without echo. Raises LookupError if there is no terminal."""
    try:
        with TERMINAL.open(encoding="utf-8"):
            return getpass.getpass(prompt)
    except (OSError, EOFError) as error:
        raise LookupError(f"no terminal to prompt at ({error})") from None
