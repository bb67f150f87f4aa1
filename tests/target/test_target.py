"""target.toml is strict: each fault names file, key, found and allowed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_reportconformance.run.target_argument import choose
from pytest_reportconformance.target.target import TargetError, is_loopback
from pytest_reportconformance.target.toml import from_url, read

Write = Callable[[str], Path]

HEAD = """
[target]
api = "jasperserver"
url = "http://127.0.0.1:8080/jasperserver"
"""


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def make(text: str) -> Path:
        path = tmp_path / "target.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return make


def fault(path: Path) -> str:
    with pytest.raises(TargetError) as caught:
        read(path)
    return str(caught.value)


def test_a_whole_file(write: Write, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OWNER_PASSWORD", "from-environment")
    (tmp_path / "token").write_text("from-file\n", encoding="utf-8")
    (tmp_path / "ca.pem").write_text("", encoding="utf-8")
    target = read(
        write(
            HEAD
            + """
name = "jrs 6.4.2"
disposable = true
ca_bundle = "ca.pem"
headers = { X-Tenant = "a" }
query = { tenant = "b" }
[identities.owner]
username = "joeuser"
password = "env:OWNER_PASSWORD"
[identities.other_user]
token = "file:token"
[reports.fast]
uri = "/reports/fast"
[reports.multi]
uri = "/reports/multi"
pages = 9
[limits]
requests_in_flight = 3
deadline_seconds = 20.5
[absent]
"jasperserver.info.*" = "older than 7.8"
"""
        )
    )
    assert target.name == "jrs-6.4.2"
    assert target.identity("owner").value("password") == "from-environment"
    assert (target.identity("other_user").auth, target.identity("other_user").value("token")) == ("bearer", "from-file")
    assert target.report("fast")["text"] == "FAST"
    assert target.report("multi")["pages"] == 9
    assert (target.limits.requests_in_flight, target.limits.deadline_seconds) == (3, 20.5)
    assert target.limits.requests_per_minute is None
    assert target.absent == {"jasperserver.info.*": "older than 7.8"}
    assert target.headers == {"X-Tenant": "a"}
    assert target.query == {"tenant": "b"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[target]\napi = "jasperserver"\n', ["target.toml", "url", "found nothing", "non-empty string"]),
        (HEAD.replace('rserver"\nurl', 'rsever"\nurl'), ["api", "jaspersever", "did you mean 'jasperserver'"]),
        (HEAD + "discardable = true\n", ["unknown key", "discardable", "disposable"]),
        (HEAD + "[identites]\n", ["unknown key", "identites", "did you mean 'identities'"]),
        (HEAD + "[identities.onwer]\n", ["onwer", "did you mean 'owner'"]),
        (HEAD + '[identities.owner]\nusername = "a"\n', ["identities.owner", "password"]),
        (HEAD + '[identities.owner]\nauth = "basc"\n', ["auth", "basc", "did you mean 'basic'"]),
        (HEAD + '[identities.owner]\nauth = "basic"\ntoken = "x"\n', ["token", "username"]),
        (
            HEAD + '[identities.owner]\nusername = "a"\npassword = "env:NOT_SET_AT_ALL"\n',
            ["password", "NOT_SET_AT_ALL"],
        ),
        (HEAD + '[identities.owner]\nusername = "a"\npassword = "file:nowhere"\n', ["password", "file:nowhere"]),
        (HEAD + '[reports.fats]\nuri = "/x"\n', ["fats", "did you mean 'fast'"]),
        (HEAD + "[reports.fast]\n", ["reports.fast", "uri"]),
        (HEAD + '[reports.fast]\nuri = "/x"\ntext = 3\n', ["text", "3", "string"]),
        (HEAD + "[limits]\nrequests_in_flight = 0\n", ["requests_in_flight", "0", "above 0"]),
        (HEAD + "[limits]\nrequests_in_flight = 2.5\n", ["requests_in_flight", "2.5", "integer"]),
        (HEAD + '[absent]\n"jasperserver.nfo.*" = "x"\n', ["jasperserver.nfo.*", "glob"]),
        (HEAD + 'ca_bundle = "nowhere.pem"\n', ["ca_bundle", "nowhere.pem"]),
        (HEAD + 'disposable = "yes"\n', ["disposable", "yes", "true or false"]),
        (HEAD.replace("http://", "ftp://"), ["url", "ftp://", "http(s)://"]),
        (HEAD + "not toml", ["target.toml", "TOML"]),
        (HEAD + '[provision]\nparent = "x"\n', ["parent", "starts with /"]),
    ],
)
def test_a_fault_names_file_key_found_and_allowed(write: Write, text: str, words: list[str]) -> None:
    message = fault(write(text))
    assert "target.toml" in message
    for word in words:
        assert word in message


def test_a_literal_secret_is_for_loopback_hosts_only(write: Write) -> None:
    text = (
        HEAD.replace("127.0.0.1:8080", "reports.example") + '[identities.owner]\nusername = "a"\npassword = "b-c-d"\n'
    )
    message = fault(write(text))
    assert "env:NAME, file:PATH or ask:WHAT" in message
    assert "b-c-d" not in message


def test_secrets_have_no_repr(write: Write) -> None:
    target = read(write(HEAD + '[identities.owner]\nusername = "a"\npassword = "hidden-word"\n'))
    assert "hidden-word" not in repr(target)


def test_a_bare_url_takes_its_identities_from_the_environment() -> None:
    environment = {"RC_OWNER_USERNAME": "joe", "RC_OWNER_PASSWORD": "x", "RC_ADMIN_TOKEN": "t"}
    target = from_url("http://127.0.0.1:1/base/", "jasperserver", environment)
    assert target.url == "http://127.0.0.1:1/base"
    assert (target.identity("owner").auth, target.identity("admin").auth) == ("basic", "bearer")


def test_the_rate_is_limited_where_the_host_is_not_this_machine() -> None:
    assert from_url("https://reports.example", "jasperserver", {}).limits.requests_per_minute == 600
    assert is_loopback("http://[::1]:80/")
    assert not is_loopback("http://reports.example")


def test_an_unknown_target_is_refused_with_the_allowed_ones() -> None:
    with pytest.raises(TargetError, match=r"nowhere\.toml.*embedded:jasperserver"):
        choose("nowhere.toml")
    with pytest.raises(TargetError, match="unknown API 'nope'"):
        choose("embedded:nope")
    with pytest.raises(TargetError, match="unknown API 'nope'"):
        choose("http://127.0.0.1:1", "nope")
