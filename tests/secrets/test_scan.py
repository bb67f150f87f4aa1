"""No secret leaves a run: the search finds every form of it, and in a real run finds none."""

from __future__ import annotations

import base64
import json
import secrets
import shlex
import time
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from pytest_reportconformance import akamai_reporting, jasperserver
from pytest_reportconformance.http.server import Answer, Call, Server
from pytest_reportconformance.secrets.redaction import MARKDOWN
from pytest_reportconformance.secrets.scan import Leak, Secrets, scan
from tests.hooks.test_command_line import results, run
from tests.hostile.wire import Mortal

PASSWORD = "pä\"ss&<w>'\\ö %1/+?="
FORMS = {
    "raw": PASSWORD,
    "percent-encoded": quote(PASSWORD, safe=""),
    "JSON": json.dumps(PASSWORD),
    "JSON in JSON": json.dumps(json.dumps({"password": PASSWORD})),
    "JSON without ASCII": json.dumps(PASSWORD, ensure_ascii=False),
    "JSON in JSON without ASCII": json.dumps(json.dumps(PASSWORD, ensure_ascii=False), ensure_ascii=False),
    "HTML": escape(PASSWORD),
    "Markdown": PASSWORD.translate(MARKDOWN),
    "shell": shlex.quote(PASSWORD),
    "Python": repr([PASSWORD]),
    "base64": base64.b64encode(PASSWORD.encode()).decode(),
    "base64 for URLs": base64.urlsafe_b64encode(PASSWORD.encode()).decode(),
    "Basic": base64.b64encode(f"joeuser:{PASSWORD}".encode()).decode(),
    "base64 one further": base64.b64encode(f"joeusers:{PASSWORD}!".encode()).decode(),
    "base64 two further": base64.b64encode(f"joeusers2:{PASSWORD}!!".encode()).decode(),
}
SIGNATURE = "EG1-HMAC-SHA256 client_token=x;signature=" + base64.b64encode(bytes(range(32))).decode()


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("place", [0, 1, 4093, 5_000_000])
def test_every_form_is_found_anywhere_and_redacted(text: str, place: int) -> None:
    known = Secrets({PASSWORD: "a credential"})
    assert known.kinds(b"x" * place + text.encode() + b"y") == {"a credential"}
    assert known.kinds(known.scrub(text).encode()) == set()


def test_short_and_long_secrets_are_found_by_themselves() -> None:
    for length in range(6, 40):
        secret = secrets.token_hex(length)[:length]
        assert Secrets({secret: "s"}).kinds(b"..." + secret.encode() + b"...") == {"s"}
        assert Secrets({secret: "s"}).kinds(b"..." + secret[:-1].encode() + b"~...") == set()


@pytest.mark.parametrize("text", [SIGNATURE, quote(SIGNATURE, safe=""), json.dumps(SIGNATURE)])
def test_a_signature_is_known_by_its_shape(text: str) -> None:
    known = Secrets({})
    assert known.kinds(text.encode()) == {"a signature"}
    assert known.kinds(known.scrub(text).encode()) == set()


def test_files_are_named_and_values_are_not(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.har").write_text(PASSWORD, encoding="utf-8")
    (tmp_path / "clean.txt").write_text("nothing", encoding="utf-8")
    found = scan([tmp_path, tmp_path / "absent"], Secrets({PASSWORD: "a credential"}), tmp_path)
    assert found == [Leak("deep/a.har", "a credential")]


def test_a_secret_across_two_pieces_of_a_file_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pytest_reportconformance.secrets.scan.CHUNK", 8192)
    path = tmp_path / "long"
    path.write_bytes(b"x" * (8192 - 5) + PASSWORD.encode() + b"y" * 9000)
    assert scan([path], Secrets({PASSWORD: "s"}), tmp_path) == [Leak("long", "s")]


@pytest.mark.parametrize(
    "form", ["{}.{}", "eyJhbGciOiJIUzI1NiJ9{}{}", "{}{}eyJhbGciOiJIUzI1NiJ9", "eyJhbGci{}{}J9eyJhbGci"]
)
def test_secrets_that_begin_or_end_alike_cost_no_more(form: str) -> None:
    known = Secrets({form.format(secrets.token_hex(12), secrets.token_hex(12)): "a session" for _ in range(300)})
    assert max(len(found) for found in known._matcher._blocks.values()) < 20


def test_five_megabytes_and_hundreds_of_secrets_are_quick() -> None:
    known = Secrets({secrets.token_hex(16): "a session cookie" for _ in range(300)})
    line = b'{"name":"Content-Type","value":"application/json","_sha256":"%s"}\n'
    data = b"".join(line % secrets.token_hex(32).encode() for _ in range(40_000))
    assert len(data) > 5_000_000
    seconds = min(_seconds(known, data) for _ in range(3))
    assert seconds < 1.0, f"{seconds:.2f} s"


def _seconds(known: Secrets, data: bytes) -> float:
    started = time.process_time()
    assert known.kinds(data) == set()
    return time.process_time() - started


class Repeating:
    """A working server that repeats in every answer all that it knows: credentials, cookies, the request."""

    def answer(self, call: Call) -> Answer:
        """Answer one request."""
        found: Answer = super().answer(call)  # type: ignore[misc]  # of the reference server that this is mixed into
        known = [*self.everything(), call.header("Authorization"), call.header("Cookie"), decoded(call)]
        found.status = 203 if found.status == 200 else found.status
        found.headers.append(("X-Secrets", quote(" ".join(known))))
        found.headers.append(("X-Link", f"/elsewhere?password={quote(known[0], safe='')}"))
        found.replace("Content-Length", None)
        if "JSESSIONID" not in call.header("Cookie"):
            found.headers.append(("Set-Cookie", f"SECRETS={secrets.token_hex(16)}; Path=/"))
        found.body = with_secrets(found.body, "\n".join(known))
        return found

    def everything(self) -> list[str]:
        """The secrets that the server knows, in several forms."""
        raise NotImplementedError


def decoded(call: Call) -> str:
    """The credentials of a Basic request in the clear."""
    scheme, _, rest = call.header("Authorization").partition(" ")
    return base64.b64decode(rest).decode() if scheme == "Basic" else rest


def with_secrets(body: bytes, known: str) -> bytes:
    """A body with all secrets added; still valid, if that is possible."""
    try:
        members = json.loads(body)
        return json.dumps({"secrets": known, **members}, ensure_ascii=False).encode()
    except (ValueError, TypeError):
        return body + (f"<!-- {escape(known).replace('--', '- -')} -->".encode() if body.startswith(b"<") else b"")


class RepeatingJasperserver(Repeating, jasperserver.API.reference().__class__):  # type: ignore[misc]  # a class by value
    """The reference server of jasperserver, with passwords that are hard to hide."""

    def staff(self, *, bare: bool) -> Any:
        """Accounts with such passwords."""
        identities = super().staff(bare=bare)
        for number, identity in enumerate(identities.values()):
            identity.password = f"{PASSWORD}{number}"
        return identities

    def everything(self) -> list[str]:
        """All passwords, in all forms."""
        return [form.replace(PASSWORD, f"{PASSWORD}1") for form in FORMS.values()]


class RepeatingAkamai(Repeating, akamai_reporting.API.reference().__class__):  # type: ignore[misc]  # a class by value
    """The reference server of the Reporting API, with EdgeGrid."""

    def everything(self) -> list[str]:
        """All secrets of its identities."""
        names = ("client_token", "client_secret", "access_token")
        return [getattr(identity, name) for identity in self.identities for name in names]


OWN_TEST = """
import pytest, tomllib, pathlib

class Client:
    def __init__(self, text):
        self.text = text
    def __repr__(self):
        return f"Client({self.text!r})"

@pytest.fixture
def client(record_property):
    identities = tomllib.loads(pathlib.Path("t.toml").read_text())["identities"]
    text = " ".join(str(value) for identity in identities.values() for value in identity.values())
    record_property("client", text)
    return Client(text)

def test_own(client):
    text = client.text
    print("printed", client)
    assert client is None, text

@pytest.fixture
def broken(client):
    raise RuntimeError(client.text)

def test_own_setup(broken):
    pass
"""
WITHOUT_REDACTION = """
from pytest_reportconformance.secrets import redaction, scan

redaction.Redactor.text = redaction.Redactor.body = lambda self, value: value
redaction.Redactor.header = lambda self, name, value: value
scan.Secrets.scrub = lambda self, value: value
"""
ARTIFACTS = ("results.json", "summary.md", "report.html", "junit.xml", "A/", "transcripts/", "target.har")


@pytest.fixture(params=["jasperserver", "akamai_reporting"])
def api(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A server that repeats secrets, described by t.toml, with a test of the user; the name of its API."""
    reference = (
        RepeatingJasperserver(slow_seconds=0.5) if request.param == "jasperserver" else RepeatingAkamai(auth="edgegrid")
    )
    with Server(reference) as server:
        (tmp_path / "t.toml").write_text(reference.target_toml(server.url), encoding="utf-8")
        (tmp_path / "test_own.py").write_text(OWN_TEST, encoding="utf-8")
        (tmp_path / "pytest.ini").write_text("[pytest]\ntestpaths = test_own.py\naddopts = --showlocals\n")
        yield str(request.param)


def judged(folder: Path, *more: str) -> tuple[int, dict[str, Any]]:
    """Run with every artifact; exit code and record."""
    done = run(
        folder,
        "--target",
        "t.toml",
        "--junitxml",
        "R/junit.xml",
        "--alluredir",
        "R/A",
        "--conformance-report",
        "R",
        "--log-file",
        "R/log.txt",
        "-rA",
        *more,
    )
    record = results(folder)
    assert record["requests_sent"] > 10, done.stdout[-3000:]
    return done.returncode, record


@pytest.mark.parametrize(
    ("api", "processes"),
    [("jasperserver", ["-n", "2"]), ("akamai_reporting", [])],
    indirect=["api"],
    ids=["jasperserver-xdist", "akamai_reporting-alone"],
)
def test_a_server_that_repeats_secrets_leaves_none_behind(api: str, tmp_path: Path, processes: list[str]) -> None:
    code, record = judged(tmp_path, *processes)
    assert record["leaks"] == []
    assert code == 1
    violated = [one["id"] for one in record["requirements"] if one["outcome"] in ("failed", "warned")]
    assert len(violated) > 5


@pytest.mark.sampled(0.5)
def test_without_redaction_the_search_finds_all(api: str, tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(WITHOUT_REDACTION, encoding="utf-8")
    code, record = judged(tmp_path)
    assert code == 7
    assert record["verdict"] == "error"
    files = {leak["file"] for leak in record["leaks"]}
    assert not [name for name in ARTIFACTS if not any(file.startswith(name) for file in files)], files
    kinds = {leak["kind"] for leak in record["leaks"]}
    assert {"a credential", "a session cookie"} <= kinds
    assert ("Basic credentials" if api == "jasperserver" else "a signature") in kinds
    assert PASSWORD not in json.dumps(record["says"])


class Revealing:
    """Answers every request with the password."""

    prefix = ""

    def answer(self, call: Call) -> Answer:
        """Answer one request."""
        return Answer(200, PASSWORD.encode(), [("X-Secrets", quote(PASSWORD)), ("Content-Type", "text/plain")])

    def summary(self) -> str:
        """What was asked."""
        return ""

    def target_toml(self, url: str) -> str:
        """Its description."""
        literal = PASSWORD.replace("\\", "\\\\").replace('"', '\\"')
        owner = f'[identities.owner]\nusername = "joeuser"\npassword = "{literal}"\n'
        return f'[target]\napi = "akamai_reporting"\nurl = "{url}"\n{owner}'


@pytest.mark.parametrize("redaction", [True, False], ids=["redacted", "bare"])
def test_the_artifacts_of_a_run_that_ends_early_are_searched(tmp_path: Path, redaction: bool) -> None:
    if not redaction:
        (tmp_path / "conftest.py").write_text(WITHOUT_REDACTION, encoding="utf-8")
    revealing = Revealing()
    with Mortal(revealing, 2) as server:
        (tmp_path / "t.toml").write_text(revealing.target_toml(server.url), encoding="utf-8")
        done = run(tmp_path, "--target", "t.toml", "--conformance-report", "R")
    assert done.returncode == 7, done.stdout + done.stderr
    record = results(tmp_path)
    assert {leak["file"] for leak in record["leaks"]} == (set() if redaction else {"target.har"})
    assert ("secrets in the artifacts" in done.stdout + done.stderr) is not redaction
