"""Which secrets of a target are also ordinary words: of its API, its URL, its reports, or our own artifacts.

Rule: a word is never redacted where no credential can stand. What is judged stays what the server sent, and names of
ours stay whole, whatever password an operator chose.
"""

from __future__ import annotations

import platform
import re
import sys
from base64 import b64decode
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from pytest_reportconformance.register import apis, register
from pytest_reportconformance.secrets.redaction import SENSITIVE, Redactor
from pytest_reportconformance.secrets.secret import Secret
from pytest_reportconformance.target import schemes
from pytest_reportconformance.target.target import Target

LONGEST = 64
CREDENTIALS = {"identities.py"}
"""Files of the reference servers with passwords."""
TEXTS = {".py", ".html", ".css", ".toml", ".json", ".xsd", ".xml", ".jrxml"}
FRAME = "testsuites testsuite testcase classname hostname timestamp properties property skipped failure localhost"
"""Words of the artifacts of others."""
SEPARATORS = re.compile(r"[\s;,=:]+")
PART = 8


def ordinary(target: Target) -> Callable[[str], bool]:
    """Whether a text is also a word of the target's API, of its description, or of our own artifacts."""
    described = repr(target)  # secrets hide themselves

    def decide(text: str) -> bool:
        return len(text) <= LONGEST and (text in described or text in _words(target.api))

    return decide


@cache
def _words(api: str) -> str:
    """All that the suite itself knows, sends and writes for an API."""
    package, own = Path(__file__).parents[1], apis.folder(api)
    apart = {package / "specs", *(package / name for name in apis.names())}
    places = dict.fromkeys([*(path for path in package.iterdir() if path not in apart), own, register.folder(api)])
    files = [file for place in places for file in (place, *place.rglob("*"))]
    texts = [file.read_text(encoding="utf-8") for file in files if _has_words(file)]
    where = f"{Path.cwd()} {Path(__file__)} {platform.node()} {sys.version} {platform.platform()}"
    return "\n".join([*texts, *map(str, files), where, FRAME])


def _has_words(file: Path) -> bool:
    return file.suffix in TEXTS and file.name not in CREDENTIALS and file.is_file()


def meet(redactor: Redactor, target: Target) -> None:
    """Hide from now on all secrets of a target: of its identities, and in its header fields and arguments."""
    redactor.ordinary = ordinary(target)
    for secret in target.secrets:
        redactor.meet(secret)
    for identity in target.identities.values():
        for derived, kind in schemes.find(identity.auth).derived(identity).items():
            redactor.learn(derived, kind)
    for name, value in (*target.headers.items(), *target.query.items()):
        if isinstance(value, Secret):
            redactor.name(name)
            redactor.meet(value)
            for part in _parts(value.value):
                redactor.learn(part, "a credential")


def known(targets: Iterable[Target]) -> dict[str, str]:
    """The secrets of some targets, each with its kind."""
    redactor = Redactor()
    for target in targets:
        meet(redactor, target)
    return redactor.known


def _parts(value: str) -> list[str]:
    """The credentials within a value that has a scheme or is a list: `Bearer …`, `Basic …`, `SESSION=…; …`."""
    parts = [part for part in SEPARATORS.split(value) if len(part) >= PART]
    if value.lower().startswith("basic "):
        try:
            decoded = b64decode(value[6:].strip(), validate=True).decode()
        except ValueError:
            return parts
        return [*parts, decoded, decoded.partition(":")[2]]
    return parts if len(parts) > 1 or (parts and parts != [value]) else []


def secret(name: str, value: str, referenced: bool) -> str | Secret:
    """A value of a header field or argument: a secret if a reference resolved to it, or if its name is that of one."""
    return Secret(value) if referenced or SENSITIVE.search(name) or name.lower() == "cookie" else value
