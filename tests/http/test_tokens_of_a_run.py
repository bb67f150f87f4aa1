"""A whole run whose identities ask for access tokens: judged as with tokens of target.toml, and no token is stored."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.akamai_reporting.reference.identities import OWNER
from pytest_reportconformance.http.server import Server
from tests.http.token_server import CLIENT, SECRET, TokenServer

CHECKS = "akamai_reporting.permission.wrong-secret or akamai_reporting.discovery"


class OwnersTokens(TokenServer):
    """Gives the token that the reference server knows as the owner's."""

    def __init__(self) -> None:
        super().__init__(access_token=OWNER.token)


@pytest.fixture
def tokens() -> OwnersTokens:
    return OwnersTokens()


@pytest.fixture
def folder(tokens: OwnersTokens, tmp_path: Path) -> Iterator[Path]:
    """A folder with a target.toml whose owner asks for tokens; the servers run."""
    reference = Reference(slow_seconds=0.3, auth="bearer")
    with Server(tokens) as token_server, Server(reference) as server:
        text = server.reference.target_toml(server.url)
        keys = f'token_url = "{token_server.url}/token"\nclient_id = "{CLIENT}"\nclient_secret = "{SECRET}"\n'
        replaced = re.sub(rf'auth = "bearer"\ntoken = "{OWNER.token}"\n', keys, text)
        assert replaced != text
        (tmp_path / "target.toml").write_text(replaced, encoding="utf-8")
        yield tmp_path


def run(folder: Path) -> tuple[int, str]:
    """The exit code and output of a run of some checks."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--target", "target.toml", "-k", CHECKS]
    done = subprocess.run(
        [*command, "--conformance-report", "report"], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_no_artifact_has_the_token_or_the_secret(folder: Path, tokens: OwnersTokens) -> None:
    code, output = run(folder)
    assert code in (0, 5, 6), output
    assert len(tokens.forms) == 1
    record = json.loads((folder / "report" / "results.json").read_text(encoding="utf-8"))
    assert record["configuration"]["identities"]["owner"] == "oauth2"
    outcomes = {one["id"]: one["outcome"] for one in record["requirements"]}
    assert outcomes["akamai_reporting.permission.wrong-secret"] == "passed"
    assert "failed" not in outcomes.values()
    assert record["leaks"] == []
    stored = [path for path in (folder / "report").rglob("*") if path.is_file()]
    assert len(stored) > 5
    assert [
        path for path in stored if OWNER.token.encode() in path.read_bytes() or SECRET.encode() in path.read_bytes()
    ] == []
    assert OWNER.token not in output


def test_a_refused_request_for_a_token_is_a_configuration_error(folder: Path, tokens: OwnersTokens) -> None:
    tokens.refuses = True
    code, output = run(folder)
    assert code == 4, output
    assert "identities.owner: the request for a token at http://127.0.0.1:" in output
    assert "401 (invalid_client: no client has the secret ***): check client_id" in output
    assert SECRET not in output
    assert "Traceback" not in output
