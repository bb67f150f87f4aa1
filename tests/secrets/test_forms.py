"""Every renderer, Python's logging and target.toml: no form of a secret passes."""

from __future__ import annotations

import base64
import json
import logging
import urllib.parse
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape as xml_escape
from xml.sax.saxutils import quoteattr

import pytest
from markupsafe import Markup

from pytest_reportconformance.report import renderings
from pytest_reportconformance.report.stored import Stored
from pytest_reportconformance.secrets import logs
from pytest_reportconformance.secrets.forms import WEAK
from pytest_reportconformance.secrets.redaction import Redactor
from pytest_reportconformance.secrets.scan import Secrets
from pytest_reportconformance.secrets.secret import Secret
from pytest_reportconformance.target import vocabulary
from pytest_reportconformance.target.target import Identity, Target
from tests.circumstances import secret_rows
from tests.circumstances.test_circumstances import played

SECRETS = [
    "pä\"ss&<w>'\\ö %1/+?=",
    "Grüße-an_alle|`2`",
    "plain0Token9Value",
    "a&amp;b<c>d\"e'f",
    "C:\\new\\table\\x",
    "ключ-от-двери",
]
ESCAPINGS: dict[str, Any] = {
    "raw": lambda text: text,
    "HTML": escape,
    "Jinja": lambda text: str(Markup.escape(text)),
    "XML text": xml_escape,
    "XML attribute": quoteattr,
    "JSON": json.dumps,
    "JSON without ASCII": lambda text: json.dumps(text, ensure_ascii=False),
    "JSON three times": lambda text: json.dumps(json.dumps(json.dumps(text))),
    "HTML of JSON": lambda text: escape(json.dumps(text)),
    "HTML twice": lambda text: escape(escape(text)),
    "percent": lambda text: urllib.parse.quote(text, safe=""),
    "percent in lower case": lambda text: _lower(urllib.parse.quote(text, safe="")),
    "percent of a form": urllib.parse.quote_plus,
    "percent twice": lambda text: urllib.parse.quote(urllib.parse.quote(text)),
    "CSV": lambda text: text.replace('"', '""'),
    "UTF-8 as Latin-1": lambda text: text.encode().decode("latin-1"),
    "UTF-8 as Latin-1 in JSON": lambda text: json.dumps(text.encode().decode("latin-1")),
    "hex": lambda text: text.encode().hex(),
    "HEX": lambda text: text.encode().hex().upper(),
    **{
        f"base64 at {before}": lambda text, before=before: base64.b64encode(
            b"x" * before + text.encode() + b"yz"
        ).decode()
        for before in range(3)
    },
    "Python": repr,
    "percent of JSON": lambda text: urllib.parse.quote(json.dumps(text)),
}


def _lower(text: str) -> str:
    parts = text.split("%")
    return "%".join([parts[0], *(part[:2].lower() + part[2:] for part in parts[1:])])


@pytest.mark.parametrize("name", ESCAPINGS)
@pytest.mark.parametrize("secret", SECRETS)
def test_the_redaction_and_the_search_know_the_same_escapings(secret: str, name: str) -> None:
    text = f"before {ESCAPINGS[name](secret)} behind"
    redactor, known = Redactor(), Secrets({secret: "a credential"})
    redactor.meet(Secret(secret))
    assert known.kinds(text.encode("utf-8", "surrogateescape")) == {"a credential"}
    for clean in (redactor.text(text), redactor.body(text.encode()).decode(), known.scrub(text)):
        assert known.kinds(clean.encode()) == set()
        assert clean.startswith("before ")
        assert clean.endswith(" behind")


@pytest.mark.parametrize("secret", [one for one in SECRETS if one.encode("latin-1", "ignore").decode("latin-1") == one])
def test_bytes_of_latin_1_are_found_and_redacted(secret: str) -> None:
    redactor, known = Redactor(), Secrets({secret: "a credential"})
    redactor.meet(Secret(secret))
    for data in (secret.encode("latin-1"), secret.encode("latin-1").decode("utf-8", "replace").encode()):
        assert known.kinds(data) == {"a credential"}
        assert known.kinds(redactor.body(data)) == set()


@pytest.mark.parametrize(
    "data", [b"a" + b"\\" * 300_000, b"a&" + b"amp;" * 100_000, b"a%" + b"25" * 200_000, b"password" * 50_000]
)
def test_hostile_bytes_are_searched_in_time(data: bytes) -> None:
    hostile = {one * 60 + "x": "a session cookie" for one in ("\\", '"', "'", "&", " ", '\\"', "\"'")}
    assert Secrets(hostile).kinds(data + b"\"'" * 1000 + b'"' * 10_000 + b" +" * 1000) == set()
    known = Secrets({"a\\\"b'&<c>": "a credential", "execution": WEAK})
    assert known.kinds(data) == set()


@pytest.fixture
def run(tmp_path: Path) -> Callable[[str, str], tuple[Path, str]]:
    """Plays the row of this name; its folder and output."""

    def play(name: str, api: str) -> tuple[Path, str]:
        row = next(row for row in secret_rows.ROWS if (row.name, row.api) == (name, api))
        code, output, record = played(row, tmp_path)
        assert (code, record["leaks"]) == (0, []), output
        return tmp_path, output

    return play


@pytest.mark.sampled(0.4)
@pytest.mark.parametrize("name", [*secret_rows.HEADERS, secret_rows.LOGGED])
@pytest.mark.parametrize("api", secret_rows.BOTH)
def test_no_artifact_of_such_a_run_holds_the_secret(run: Any, name: str, api: str) -> None:
    folder, output = run(name, api)
    known = Secrets({secret_rows.KEY: "a credential"})
    stored = Stored.read(folder / "report")
    for format, one in renderings.FORMATS.items():
        renderings.write(format, stored, folder / "report" / one.file)
    files = [path for path in (folder / "report").rglob("*") if path.is_file()]
    assert len(files) > 8
    assert [path.name for path in files if known.kinds(path.read_bytes())] == []
    assert known.kinds(output.encode()) == set()
    if name == secret_rows.LOGGED:
        assert "api_key=***" in (folder / "report" / "log.txt").read_text(encoding="utf-8")


def test_every_renderer_is_searched_with_its_own_escapings(run: Any) -> None:
    folder, _ = run("a literal key in a header field", "jasperserver")
    report = folder / "report"
    text = (report / "results.json").read_text(encoding="utf-8")
    for secret in SECRETS:
        (report / "results.json").write_text(json.dumps(failed(json.loads(text), secret)), encoding="utf-8")
        known, stored = Secrets({secret: "a credential"}), Stored.read(report)
        shown = {name: "".join(renderings.render(name, stored)) for name in renderings.FORMATS}
        found = {name for name, text in shown.items() if known.kinds(text.encode())}
        assert found >= {"html", "markdown", "junit", "ctrf"}
        assert [name for name in found if known.kinds(known.text(shown[name]).encode())] == []


def failed(record: dict[str, Any], text: str) -> dict[str, Any]:
    """A record in which all checks failed with this text."""
    checked = [one for one in record["requirements"] if one["checks"]]
    for one in checked:
        one["outcome"] = "failed"
        for check in one["checks"]:
            check |= {"outcome": "failed", "reason": text, "expected": text, "actual": text}
    record["totals"]["requirements"]["failed"] = len(checked)
    return record


def test_logging_is_redacted_before_any_handler(caplog: pytest.LogCaptureFixture) -> None:
    known = Secrets({SECRETS[0]: "a credential"})
    end = logs.redact(known.text, ("library.that.signs.",))
    try:
        logger = logging.getLogger("urllib3.connectionpool")
        with caplog.at_level(logging.DEBUG):
            logger.debug("GET /x?key=%s", urllib.parse.quote(SECRETS[0]))
            logging.getLogger("library.that.signs.edgegrid").debug("signing key: %s", "abc")
            try:
                raise ValueError(SECRETS[0])
            except ValueError:
                logger.exception("it failed")
            logger.debug("as it was: %s", 3)
    finally:
        end()
    assert known.kinds(caplog.text.encode()) == set()
    assert [record.getMessage() for record in caplog.records][:2] == ["GET /x?key=***", "***"]
    assert caplog.records[-1].args == (3,)


WORDS = ["execution", "reports", "cancelled", "jasperserver", "passed", "queryString", "123456", "abc", "joeuser"]


@pytest.mark.parametrize("word", WORDS)
def test_a_word_is_redacted_only_where_a_credential_can_stand(word: str) -> None:
    owner = Identity("owner", "basic", {"username": "joeuser", "password": Secret(word)})
    redactor = Redactor()
    vocabulary.meet(redactor, Target("jasperserver", "http://127.0.0.1:1/jasperserver", "x", {"owner": owner}))
    for text in (f'{{"status": "{word}"}}', f"http://host/{word}/{word}?x={word}", f"<{word}>"):
        assert redactor.text(text) == text
    for text in (
        f'{{"password": "{word}"}}',
        f"j_password={word}&x=1",
        f"http://joe:{word}@host/",
        f"<password>{word}</password>",
    ):
        assert redactor.text(text) == text.replace(word, "***")
    assert redactor.headers([("Authorization", f"Basic {word}"), ("X-Api-Key", word)]) == (
        ("Authorization", "Basic ***"),
        ("X-Api-Key", "***"),
    )
    assert Secrets(redactor.known).kinds(f'"password":"{word}"'.encode()) == {WEAK}


@pytest.mark.parametrize("secret", ["joe-5d2f", "owner-secret", "supersecretvalue", "Wx55-verysecret-0033"])
@pytest.mark.parametrize("api", secret_rows.BOTH)
def test_what_is_no_word_is_redacted_everywhere(secret: str, api: str) -> None:
    assert not vocabulary.ordinary(Target(api, "http://127.0.0.1:1/x", "x"))(secret)
