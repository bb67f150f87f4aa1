"""Secrets in every place of target.toml, passwords that are words, and what the state folder holds."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from pytest_reportconformance.http.server import Answer, Call, Reference, Server
from tests.circumstances.circumstance import GOOD, Circumstance, Serve, as_it_is, changing

KEY = "Qm77-<very>&secret-0022"
BOTH = ("jasperserver", "akamai_reporting")
FEW = {"jasperserver": ("-k", "jasperserver.delete"), "akamai_reporting": ("-k", "akamai_reporting.poll")}


def head(lines: str) -> Callable[[str, Path], str]:
    """Add keys to the table of the target."""

    def edit(text: str, folder: Path) -> str:
        (folder / "key").write_text(KEY + "\n", encoding="utf-8")
        return text.replace("[target]\n", f"[target]\n{lines}\n", 1)

    return edit


def variable(_url: str, _folder: Path) -> Mapping[str, str]:
    """The secret is in the environment."""
    return {"RC_GATEWAY_KEY": KEY}


def with_password(password: str) -> Serve:
    """Serve an owner with this password; the server describes itself so."""

    @contextmanager
    def serve(reference: Reference, _folder: Path) -> Iterator[str]:
        given: Any = reference
        if isinstance(given.identities, dict):
            given.identities["owner"].password = password
        else:
            owner, *others = given.identities
            named = type("Named", (type(owner),), {"password": password})
            given.identities = (named(owner.name, owner.account), *others)
        with Server(reference) as server:
            yield server.url

    return serve


def with_content(word: str) -> Serve:
    """Serve a repository in which each description of a report has this word, which is also the owner's password."""

    def described(call: Call, answer: Answer) -> Answer:
        if "/resources/" in call.path and answer.body.startswith(b"{"):
            answer.body = json.dumps({**json.loads(answer.body), "description": f"The {word} report"}).encode()
            answer.replace("Content-Length", str(len(answer.body)))
        return answer

    @contextmanager
    def serve(reference: Reference, folder: Path) -> Iterator[str]:
        given: Any = reference
        given.identities["owner"].password = word
        with changing(described)(reference, folder) as url:
            yield url

    return serve


def in_state(place: Callable[[Path], None]) -> Serve:
    """Serve, with something in the state folder."""

    @contextmanager
    def serve(reference: Reference, folder: Path) -> Iterator[str]:
        state = folder / "state" / "reportconformance"
        state.mkdir(parents=True)
        place(state)
        with Server(reference) as server:
            yield server.url

    return serve


def garbage(state: Path) -> None:
    """Files that are no ledgers."""
    (state / "garbage.jsonl").write_bytes(b"\xff\xfe\x00" * 100)
    (state / "array.jsonl").write_text('[1, 2]\n"run"\n', encoding="utf-8")
    (state / "depth.jsonl").write_text("[" * 100_000, encoding="utf-8")
    (state / "head.jsonl").write_text('{"event": "run", "api": 3}\n', encoding="utf-8")
    (state / "cut.jsonl").write_text('{"event": "ru', encoding="utf-8")


def no_files(state: Path) -> None:
    """A folder, a link to itself, a link to nothing."""
    (state / "folder.jsonl").mkdir()
    (state / "loop.jsonl").symlink_to(state / "loop.jsonl")
    (state / "nothing.jsonl").symlink_to(state / "absent")


def edgerc(section: str = "owner", file: str = "edgerc") -> Callable[[str, Path], str]:
    """EdgeGrid credentials of the owner in a file beside target.toml, which names this section and file."""

    def edit(text: str, folder: Path) -> str:
        (folder / "edgerc").write_text(
            "[owner]\nclient_token = akab-client-owner\nclient_secret = owner-client-secret=\n"
            "access_token = akab-access-owner\nhost = localhost\n",
            encoding="utf-8",
        )
        keys = f'auth = "edgegrid"\nedgerc = "{file}"\nsection = "{section}"\n\n'
        return re.sub(r"(?ms)^\[identities\.owner\]\n.*?(?=^\[|\Z)", f"[identities.owner]\n{keys}", text)

    return edit


def row(name: str, api: str, **more: Any) -> Circumstance:
    """A row of a few checks that all hold."""
    return replace(Circumstance(name, api, 0, "passed", GOOD, options=FEW[api]), **more)


HEADERS = {
    "a literal key in a header field": (f"headers = {{ Ocp-Apim-Subscription-Key = '{KEY}' }}", False),
    "a header field from the environment": ("headers = { X-Tenant = 'env:RC_GATEWAY_KEY' }", True),
    "a header field from a file": ("headers = { X-Tenant = 'file:key' }", False),
    "a literal key in the query": (f"query = {{ api_key = '{KEY}' }}", False),
    "an argument from the environment": ("query = { tenant = 'env:RC_GATEWAY_KEY' }", True),
}
LOG = ("-o", "log_cli=true", "--log-cli-level=DEBUG", "--log-file", "report/log.txt", "--log-file-level=DEBUG")
WORDS = {
    "jasperserver": ("execution", "reports", "jasperserver", "passed", "123456"),
    "akamai_reporting": ("metadata", "reporting", "akamai_reporting"),
}
LOGGED = "a secret argument in all logs"
SIGNED: dict[str, Any] = {"reference": {"auth": "edgegrid"}}
UNSET = "headers = { X-Tenant = 'env:RC_NOT_SET' }"
ROWS = [
    *(
        row(name, api, target=head(lines), environment=variable if needed else as_it_is)
        for name, (lines, needed) in HEADERS.items()
        for api in BOTH
    ),
    *(
        row(LOGGED, api, target=head(HEADERS["a literal key in the query"][0]), options=(*FEW[api], *LOG))
        for api in BOTH
    ),
    row("EdgeGrid in all logs", BOTH[1], **SIGNED, options=(*FEW[BOTH[1]], *LOG)),
    *(row(f"the password {word}", api, serve=with_password(word)) for api in BOTH for word in WORDS[api]),
    row(
        "a password that is a word of the content",
        BOTH[0],
        serve=with_content("Freightliner"),
        code=4,
        sentence="identities: a password or token .* is a word of the server's answers",
        outcomes=frozenset(),
    ),
    row("edgerc beside target.toml", BOTH[1], target=edgerc(), **SIGNED),
    row("no such edgerc", BOTH[1], target=edgerc(file="absent"), **SIGNED, code=4, sentence="no file .*absent"),
    row(
        "no such section",
        BOTH[1],
        target=edgerc("absent"),
        **SIGNED,
        code=4,
        sentence=r"no section \[absent\]; .*owner",
    ),
    row("a variable that is not set", BOTH[0], target=head(UNSET), code=4, sentence="X-Tenant.*RC_NOT_SET is not set"),
    row(
        "garbage in the state folder",
        BOTH[0],
        serve=in_state(garbage),
        sentence=r"(?s)cut\.jsonl is skipped.*garbage\.jsonl is",
    ),
    row(
        "no files in the state folder",
        BOTH[1],
        serve=in_state(no_files),
        sentence=r"(?s)folder\.jsonl is skipped.*loop\.jsonl is",
    ),
]
