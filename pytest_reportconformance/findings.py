"""What an examination of a target finds: a word about each thing that was looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Word = Literal["good", "note", "untested", "wrong", "unreachable"]
"""`wrong`: the target is not as its description says; `untested`: something will not be judged."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: what is to be said of it, and what to do about it."""

    about: str
    word: Word
    says: str
    advice: str = ""
