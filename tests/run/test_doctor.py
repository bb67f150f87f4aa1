"""doctor and init: the findings about good and faulty targets."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pytest_reportconformance import cli
from pytest_reportconformance.akamai_reporting import reference as akamai
from pytest_reportconformance.api import Finding
from pytest_reportconformance.http.server import Answer, Call, Server
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.run.doctor import Diagnosis, diagnose
from pytest_reportconformance.run.rehearsal import Rehearsal
from pytest_reportconformance.run.target_argument import describe
from pytest_reportconformance.secrets import tty
from pytest_reportconformance.target.target import Limits, Target
from pytest_reportconformance.target.toml import read
from tests.http.private_ca import secured, write
from tests.jasperserver.provisioning import ADMIN, listing

QUICK = ("--no-rehearsal",)


@pytest.fixture(autouse=True)
def _no_terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tty, "TERMINAL", tmp_path / "none" / "tty")


@contextmanager
def described(reference: Any, folder: Path, *changes: tuple[str, str]) -> Iterator[str]:
    """The path of a target.toml of a server, with texts replaced."""
    with Server(reference) as server:
        text = reference.target_toml(server.url)
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = folder / "t.toml"
        path.write_text(text, encoding="utf-8")
        yield str(path)


def about(found: Diagnosis, name: str) -> Finding:
    """What is said about something."""
    return next(finding for finding in found.findings if finding.about == name)


def test_a_healthy_jasperserver(tmp_path: Path, capsys: Any) -> None:
    reference = Reference()
    before = listing(reference)
    with described(reference, tmp_path) as path:
        assert cli.main(["doctor", path]) == 0
    output = capsys.readouterr().out
    for line in (
        "ok           identities.owner: joeuser signs in, a regular user",
        "ok           identities.admin: jasperadmin signs in, an administrator",
        "ok           sessions: kept by the cookie JSESSIONID",
        "ok           run: a report of one page was run in",
        "executions, ",
        "ready: every requirement can be tested",
    ):
        assert line in output
    assert listing(reference) == before
    assert reference.executions_left == 0


def test_a_healthy_akamai_reporting(tmp_path: Path, capsys: Any) -> None:
    with described(akamai.Reference(), tmp_path) as path:
        assert cli.main(["doctor", path, *QUICK]) == 0
    output = capsys.readouterr().out
    assert "identities.owner: the credentials are accepted; 5 reports listed" in output
    assert "reports.paged: delivery/traffic/current (described)" in output


def test_reports_of_akamai_reporting_are_discovered(tmp_path: Path, capsys: Any) -> None:
    with described(akamai.Reference(), tmp_path) as path:
        text = Path(path).read_text(encoding="utf-8")
        Path(path).write_text(text[: text.index("[reports.")], encoding="utf-8")
        assert cli.main(["doctor", path, *QUICK]) == 0
    assert "reports.paged: delivery/traffic/current (found)" in capsys.readouterr().out


@pytest.mark.parametrize("reference", [Reference, akamai.Reference], ids=["jasperserver", "akamai_reporting"])
def test_a_wrong_password(tmp_path: Path, capsys: Any, reference: Any) -> None:
    secret = "joe-5d2f" if reference is Reference else "owner-secret"
    with described(reference(), tmp_path, (f'"{secret}"', '"something else"')) as path:
        assert cli.main(["doctor", path, *QUICK]) == 4
    output = capsys.readouterr().out
    assert "wrong        identities.owner: " in output
    assert "401" in output
    assert "[identities.owner]" in output
    assert "something else" not in output


def test_an_owner_that_is_an_administrator(tmp_path: Path, capsys: Any) -> None:
    swapped = ('username = "joeuser"\npassword = "joe-5d2f"', 'username = "jasperadmin"\npassword = "admin-e83b"')
    with described(Reference(), tmp_path, swapped) as path:
        assert cli.main(["doctor", path, *QUICK]) == 4
    output = capsys.readouterr().out
    assert "jasperadmin signs in, but is an administrator: what the owner may not do cannot be judged" in output


def test_an_other_user_that_is_the_owner_and_an_admin_without_rights(tmp_path: Path) -> None:
    other_user = ('username = "janeuser"\npassword = "jane-81c4"', 'username = "joeuser"\npassword = "joe-5d2f"')
    admin = ('username = "jasperadmin"\npassword = "admin-e83b"', 'username = "newcomer"\npassword = "new-c07e"')
    with described(Reference(), tmp_path, other_user, admin) as path:
        found = diagnose(read(Path(path)), rehearsed=False)
    wrong = [finding.says for finding in found.findings if finding.word == "wrong"]
    assert wrong == ["newcomer signs in, but is not an administrator", "is 'joeuser', the same user as the owner"]
    assert found.exit_code == 4


def test_an_unreachable_target(capsys: Any) -> None:
    assert cli.main(["doctor", "http://127.0.0.1:1/jasperserver", "--target-api", "jasperserver"]) == 7
    output = capsys.readouterr().out
    assert "unreachable  reachable: " in output
    assert "http://127.0.0.1:1/jasperserver is unreachable: the connection was refused" in output
    assert "not ready: the target is unreachable" in output


def test_tls_with_a_private_authority(tmp_path: Path, capsys: Any) -> None:
    authority, certificate = write(tmp_path)
    reference = Reference()
    with secured(reference, certificate) as url:
        path = tmp_path / "t.toml"
        path.write_text(reference.target_toml(url), encoding="utf-8")
        assert cli.main(["doctor", str(path), *QUICK]) == 7
        output = capsys.readouterr().out
        assert "unreachable  tls: " in output
        assert 'ca_bundle = "ca.pem" under [target]' in output
        trusting = path.read_text(encoding="utf-8").replace("[target]\n", f'[target]\nca_bundle = "{authority.name}"\n')
        path.write_text(trusting, encoding="utf-8")
        assert cli.main(["doctor", str(path), *QUICK]) == 0
    assert "ok           tls: the certificate is trusted" in capsys.readouterr().out


class Shop:
    """A web server that is not a report server."""

    prefix = "/shop"

    def answer(self, call: Call) -> Answer:
        return Answer(200, b"<html>Welcome</html>", [("Content-Type", "text/html")])

    def summary(self) -> str:
        return ""

    def target_toml(self, url: str) -> str:
        return f'[target]\napi = "jasperserver"\nurl = "{url}"\n'


def test_a_server_that_is_not_a_report_server(tmp_path: Path, capsys: Any) -> None:
    with described(Shop(), tmp_path) as path:
        assert cli.main(["doctor", path]) == 4
    output = capsys.readouterr().out
    assert "wrong        api: an HTML page" in output
    assert "(200 to GET" in output
    with Server(Shop()) as server:
        assert cli.main(["doctor", server.url]) == 4
        assert "an HTML page answers in place of the API" in capsys.readouterr().err
        assert cli.main(["init", server.url, str(tmp_path / "new.toml"), "--target-api", "jasperserver"]) == 4
    assert not (tmp_path / "new.toml").exists()


def test_untested_requirements_come_with_advice(tmp_path: Path, capsys: Any) -> None:
    with described(Reference(), tmp_path) as path:
        text = Path(path).read_text(encoding="utf-8")
        Path(path).write_text(re.sub(r"\[identities.superuser\]\n(.+\n)+", "", text), encoding="utf-8")
        assert cli.main(["doctor", path, "--format", "json"]) == 6
    record = json.loads(capsys.readouterr().out)
    assert "jasperserver.permission.superuser-cancel" in record["untested"]
    assert (record["exit_code"], record["requests"] > 100, record["executions"] > 10) == (6, True, True)
    advice = [one["advice"] for one in record["findings"] if one["word"] == "untested"]
    assert advice == ["write [identities.superuser]"]


def test_a_missing_report_is_found_and_a_failing_run(tmp_path: Path) -> None:
    with described(Reference(), tmp_path, ('"/reports/fast"', '"/reports/gone"')) as path:
        found = diagnose(read(Path(path)), rehearsed=False)
    assert about(found, "reports.fast").says == "/reports/gone does not exist, or the owner does not see it (404)"
    assert about(found, "run").word == "wrong"


class SendsDate(Reference):
    """Sends a Date far ahead; limits the rate, and begins a session with every request."""

    def answer(self, call: Call) -> Answer:
        answer = super().answer(call)
        answer.headers += [("Date", "Sat, 21 Nov 2099 12:00:00 GMT"), ("X-RateLimit-Limit", "20")]
        answer.headers.append(("Set-Cookie", "JSESSIONID=0123456789ABCDEF; Path=/"))
        return answer


def test_clock_rate_and_sessions(tmp_path: Path) -> None:
    with described(SendsDate(), tmp_path) as path:
        found = diagnose(read(Path(path)), rehearsed=False)
    assert "s ahead of this machine's" in about(found, "clock").says
    assert about(found, "rate").says == "X-RateLimit-Limit: 20"
    assert about(found, "sessions").says.startswith("every request begins a new session")


def test_a_target_without_identities(capsys: Any) -> None:
    with Server(Reference()) as server:
        assert cli.main(["doctor", server.url, *QUICK]) == 6
    assert "no credentials are given" in capsys.readouterr().out


def test_a_bare_server_will_be_provisioned(capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ADMIN.items():
        monkeypatch.setenv(name, value)
    reference = Reference(bare=True)
    before = listing(reference)
    with Server(reference) as server:
        assert cli.main(["doctor", server.url]) == 0
    assert "the suite creates its own users and reports, in a new folder in /" in capsys.readouterr().out
    assert listing(reference) == before
    assert reference.executions_started == 0


def test_the_minutes_follow_from_the_rate() -> None:
    target = Target("akamai_reporting", "http://127.0.0.1:1", "t", limits=Limits(requests_per_minute=20))
    found = Diagnosis(target, rehearsal=Rehearsal(160, 20, 3.0, {}))
    assert found.minutes == pytest.approx(7)
    assert replace(found, target=replace(target, limits=Limits())).minutes == pytest.approx(3 / 60)


def test_init_writes_what_can_be_read(tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ADMIN.items():
        monkeypatch.setenv(name, value)
    path = tmp_path / "new.toml"
    with Server(Reference(bare=True)) as server:
        assert cli.main(["init", server.url, str(path)]) == 0
        assert cli.main(["init", server.url, str(path)]) == 4
        text = path.read_text(encoding="utf-8")
        assert "admin-e83b" not in text
        found = read(path)
        assert (found.product, found.version, found.edition) == ("JasperReports Server", "8.2.0", "CE")
        assert found.identity("admin").value("password") == "admin-e83b"
        assert cli.main(["doctor", str(path), *QUICK]) == 0
    uncommented = "\n".join(line.removeprefix("# ") for line in text.splitlines() if _is_toml(line))
    assert "[reports.fast]" in uncommented
    assert "[limits]" in uncommented


def _is_toml(line: str) -> bool:
    return line.startswith(("# [", "["))


def test_init_writes_the_reports_that_were_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"USERNAME": "owner", "PASSWORD": "owner-secret"}.items():
        monkeypatch.setenv(f"RC_OWNER_{name}", value)
    with Server(akamai.Reference()) as server:
        assert cli.main(["init", server.url, str(tmp_path / "a.toml"), "--target-api", "akamai_reporting"]) == 0
        found, known = read(tmp_path / "a.toml"), describe(server)
    assert found.reports["paged"]["path"] == known.reports["paged"]["path"]
    assert "forbidden" in found.reports or "# [reports.forbidden]" in (tmp_path / "a.toml").read_text(encoding="utf-8")


def test_init_of_an_unreachable_target(tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "t.toml"
    assert cli.main(["init", "http://127.0.0.1:1", str(path), "--target-api", "akamai_reporting"]) == 7
    assert cli.main(["init", "nonsense", str(path)]) == 4
    assert not path.exists()
