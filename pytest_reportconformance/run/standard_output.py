"""Standard output whose reader may go away, as in `| head`, or whose disk may be full.

Rule: the process continues, whatever characters the terminal has. What cannot be printed is dropped, and nothing
remains in a buffer that fails at the end.
"""

from __future__ import annotations

import os
import sys
from typing import Any


class Output:
    """A text stream that drops what cannot be written; `error` is the first fault that is not a closed pipe."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.error: OSError | None = None

    def write(self, text: str) -> int:
        """Write a text, or drop it."""
        try:
            self.stream.write(text)
        except UnicodeEncodeError:
            encoding = self.stream.encoding or "ascii"
            self.write(text.encode(encoding, "backslashreplace").decode(encoding))
        except OSError as error:
            self._drop(error)
        return len(text)

    def writelines(self, texts: Any) -> None:
        """Write texts, or drop them."""
        for text in texts:
            self.write(text)

    def flush(self) -> None:
        """Write what is buffered, or drop it."""
        try:
            self.stream.flush()
        except OSError as error:
            self._drop(error)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)

    def _drop(self, error: OSError) -> None:
        if not isinstance(error, BrokenPipeError):
            self.error = self.error or error
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, self.stream.fileno())
        os.close(null)
        self.stream.flush()


class Closed(Exception):
    """Standard output was closed before the process started."""


def replaced() -> Output:
    """Put an Output in the place of standard output; the caller puts its `stream` back. Raises Closed."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  # closed with the process
        raise Closed("standard output is closed: give the command a file, a pipe or /dev/null")
    output = Output(sys.stdout)
    sys.stdout = output
    return output


def restored(output: Output) -> None:
    """Put the stream back, without anything in its buffer."""
    output.flush()
    if sys.stdout is output:
        sys.stdout = output.stream
