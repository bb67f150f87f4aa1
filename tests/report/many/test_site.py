"""The files of a board: safe, whole, the same for the same reports, and useful in a browser."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from pytest_reportconformance.cli import main
from tests.report.many.records import HOSTILE, record, requirement, stored
from tests.report.markup import Page

XML, JSON, ALWAYS = "jasperserver.cancel.must-xml", "jasperserver.run.should-json", "jasperserver.poll.must-end"
KNOWN = ("deviation", "json-by-default")


BROWSER = shutil.which("chromium")
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
LOGGING = ("--enable-logging=stderr", "--v=0", "--disable-quic", "--disable-component-update", "--disable-sync")


def browse(path: Path, folder: Path, *flags: str) -> subprocess.CompletedProcess[str]:
    """Open a file in a browser of its own."""
    assert BROWSER is not None
    command = [BROWSER, *FLAGS, *LOGGING, f"--user-data-dir={folder / 'browser'}", *flags, path.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A board over two versions of one target, one of them with two runs, and a target of another API."""
    reports = stored(
        tmp_path / "reports",
        record({XML: "passed", JSON: "passed", ALWAYS: "passed"}, day=1),
        record({XML: "passed", JSON: "warned", ALWAYS: "passed"}, day=2),
        record({XML: KNOWN, JSON: "passed", ALWAYS: "passed"}, day=3, version="8.1.1"),
        record({"akamai_reporting.poll.must-wait": "passed"}, api="akamai_reporting", product=None, version=None),
    )
    assert main(["board", str(reports), "--out", str(tmp_path / "site")]) == 0
    return tmp_path / "site"


def pages(site: Path) -> list[Path]:
    """Every page of a site."""
    return sorted(site.rglob("*.html"))


def test_every_target_has_a_page_and_a_badge(site: Path) -> None:
    names = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    keys = ("akamai_reporting-ce-acme", "jasperreports-server-6.4.2-ce-acme", "jasperreports-server-8.1.1-ce-acme")
    files = {f"{folder}/{key}.{end}" for key in keys for folder, end in (("targets", "html"), ("badges", "svg"))}
    assert names == {"index.html", "board.json", "board.md", *files}
    for path in site.glob("badges/*.svg"):
        assert ElementTree.parse(path).getroot().get("role") == "img"


def test_every_link_leads_somewhere(site: Path) -> None:
    ids = {path: Page(path.read_text("utf-8")).values("id") for path in pages(site)}
    links = 0
    for path, own in ids.items():
        assert len(own) == len(set(own))
        page = Page(path.read_text("utf-8"))
        assert set(" ".join([*page.values("aria-labelledby"), *page.values("aria-describedby")]).split()) <= set(own)
        for link in page.values("href"):
            if link.startswith(("https://", "data:")):
                continue
            name, _, anchor = link.partition("#")
            target = (path.parent / name).resolve() if name else path
            assert target.is_file(), link
            assert not anchor or anchor in ids[target], link
            links += 1
    assert links > 20


def test_nothing_is_loaded_and_only_the_own_script_runs(site: Path) -> None:
    for path in pages(site):
        text = path.read_text("utf-8")
        page = Page(text)
        assert not [tag for tag, _ in page.tags if tag in ("iframe", "object", "embed", "img", "base")]
        assert not [name for _, own in page.tags for name in own if name.startswith("on") or name in ("style", "src")]
        (policy,) = [own["content"] or "" for tag, own in page.tags if tag == "meta" and "http-equiv" in own]
        assert policy.startswith("default-src 'none'; ")
        assert "unsafe" not in policy
        for tag in ("style", "script"):
            for inner in re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL):
                digest = base64.b64encode(hashlib.sha256(inner.encode()).digest()).decode()
                assert f"{tag}-src 'sha256-{digest}'" in policy


def test_tables_have_captions_and_scopes_and_notes_can_be_focused(site: Path) -> None:
    text = (site / "index.html").read_text("utf-8")
    page = Page(text)
    tags = [tag for tag, _ in page.tags]
    assert tags.count("table") == tags.count("caption") > 3
    assert all(own.get("scope") in ("col", "row") for tag, own in page.tags if tag == "th")
    notes = re.findall(r'<td class="([^"]*)"[^>]*><a href="[^"]+" aria-describedby="(\w+)">', text)
    assert [kind for kind, _ in notes] == ["no doubt", "no doubt"]
    for _, id in notes:
        assert re.search(rf'<span class="why" role="tooltip" id="{id}">[^<]', text)
    assert [tag for tag in tags if tag in ("h1", "h2", "h3")][:2] == ["h1", "h2"]


def test_the_answer_is_in_the_row(site: Path) -> None:
    text = re.sub(r"\s+", " ", (site / "index.html").read_text("utf-8"))
    row = text.partition(f"<code>{XML}</code>")[2].partition("</tr>")[0]
    assert '<td class="rely">no since 8.1.1</td>' in row
    assert ">passed</td>" in row
    assert "json-by-default: Without Accept the answer is JSON." in row
    assert text.index(XML) < text.index(ALWAYS)
    assert "Known deviations across versions (1)" in text
    assert '<td class="rely">since 8.1.1</td>' in text.partition('id="d-jasperserver-json-by-default"')[2]


def test_a_target_with_several_runs_has_its_history(site: Path) -> None:
    several = (site / "targets" / "jasperreports-server-6.4.2-ce-acme.html").read_text("utf-8")
    assert "History of acme: 2 runs" in several
    assert f"{JSON}: warned since run 2 (2026-11-02)" in several
    assert "History of" not in (site / "targets" / "jasperreports-server-8.1.1-ce-acme.html").read_text("utf-8")


def test_a_page_has_each_deviation_once_with_its_requirements(tmp_path: Path) -> None:
    one = record({XML: KNOWN, ALWAYS: KNOWN, JSON: "warned"})
    one["requirements"][1]["checks"][0]["reason"] = one["requirements"][1]["reason"] = (
        f"blocked by {XML}: {KNOWN[1]}: x"
    )
    assert main(["board", str(stored(tmp_path / "in", one)), "--out", str(tmp_path / "site")]) == 0
    (page,) = (tmp_path / "site").glob("targets/*.html")
    text = page.read_text("utf-8").partition("<h2>Outcomes</h2>")[2]
    assert text.count("Without Accept the answer is JSON.") == 1
    section = text.partition(">Deviation (2)<")[2]
    assert section.index("<h3>Without Accept") < section.index(f"<code>{XML}") < section.index(f"<code>{ALWAYS}")
    assert f"<p>blocked by {XML}</p>" in section


def test_json_has_everything(site: Path) -> None:
    found = json.loads((site / "board.json").read_text("utf-8"))
    api = next(one for one in found["apis"] if one["api"] == "jasperserver")
    assert [target["version"] for target in api["targets"]] == ["6.4.2", "8.1.1"]
    assert [target["runs"] for target in api["targets"]] == [2, 1]
    rely = {one["id"]: one["rely"] for one in api["requirements"]}
    assert rely == {XML: "no since 8.1.1", JSON: "no up to 6.4.2", ALWAYS: "yes"}
    (known,) = api["deviations"]
    assert known["targets"]["jasperreports-server-8.1.1-ce-acme"] == {"state": "shown", "requirements": [XML]}


def test_markdown_has_targets_differences_and_deviations(site: Path) -> None:
    text = (site / "board.md").read_text("utf-8")
    assert "| JasperReports Server 8.1.1 CE | conformant | 1 | 0 | 0 | 2026-11-03 |" in text
    assert "### Differs between targets (2)" in text
    assert f"The sentence of {XML}. `{XML}` | no since 8.1.1 | passed | deviation |" in text
    assert "| Without Accept the answer is JSON. `json-by-default` | since 8.1.1 | not shown | shown |" in text
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in rows} == {5, 7}


def test_texts_of_a_record_are_no_markup(tmp_path: Path) -> None:
    hostile: dict[str, Any] = dict.fromkeys(("operation", "says", "reason"), HOSTILE)
    source = {"title": HOSTILE, "section": HOSTILE, "url": "javascript:alert(1)"}
    one = record({}, name=HOSTILE, product=HOSTILE, version=HOSTILE, edition=HOSTILE, api=HOSTILE, says=HOSTILE)
    one["requirements"] = [
        requirement(f"a.b.{HOSTILE}{number}", outcome, HOSTILE, source=source, **hostile)
        for number, outcome in enumerate(("failed", "deviation", "passed", "blocked"))
    ]
    other = {**one, "target": {**one["target"], "version": "2"}}
    assert main(["board", str(stored(tmp_path / "in", one, other)), "--out", str(tmp_path / "site")]) == 0
    for path in pages(tmp_path / "site"):
        text = path.read_text("utf-8")
        page = Page(text)
        assert len([tag for tag, _ in page.tags if tag == "script"]) == (path.name == "index.html")
        assert not [tag for tag, _ in page.tags if tag == "img"]
        assert "&lt;script&gt;alert(1)" in text
        assert not [link for link in page.values("href") if link.startswith("javascript")]
        assert "\x1b" not in text
        assert "\u202e" not in text
    for path in (tmp_path / "site").glob("badges/*.svg"):
        tags = {one.tag.rpartition("}")[2] for one in ElementTree.parse(path).getroot().iter()}
        assert tags == {"svg", "title", "rect", "path", "g", "text"}
    assert not re.search(r"(?<!\\)<", re.sub("`[^`]*`", "", (tmp_path / "site" / "board.md").read_text("utf-8")))
    for path in (tmp_path / "site").rglob("*"):
        assert re.fullmatch(r"[a-z0-9._-]+", path.name)
    assert (tmp_path / "site" / "board.json").read_text("utf-8").isprintable() is False
    assert "\x1b" not in (tmp_path / "site" / "board.json").read_text("utf-8")


def test_the_same_reports_make_the_same_bytes(site: Path, tmp_path: Path) -> None:
    assert main(["board", str(tmp_path / "reports"), "--out", str(tmp_path / "again")]) == 0
    for path in site.rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / "again" / path.relative_to(site)).read_bytes()


def test_an_earlier_board_is_replaced_and_nothing_else(
    site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (site / "CNAME").write_text("board.example", encoding="utf-8")
    report = str(tmp_path / "reports" / "run-0")
    assert main(["board", report, "--out", str(site)]) == 0
    assert [path.name for path in site.glob("targets/*")] == ["jasperreports-server-6.4.2-ce-acme.html"]
    assert (site / "CNAME").is_file()
    assert main(["board", report, "--out", str(tmp_path / "reports")]) == 4
    assert "is not empty and holds no board.json of an earlier board" in capsys.readouterr().err
    (tmp_path / "link").symlink_to(site)
    assert main(["board", report, "--out", str(tmp_path / "link")]) == 4
    assert "is a link or no folder" in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_named(site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (site / "index.html").unlink()
    (site / "index.html").symlink_to("/dev/null")
    assert main(["board", str(tmp_path / "reports"), "--out", str(site)]) == 4
    assert f"{site}/index.html is a link or no regular file" in capsys.readouterr().err


def test_without_jinja2_the_extra_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("pytest_reportconformance.cli.board.find_spec", lambda name: None)
    assert main(["board", str(tmp_path), "--out", str(tmp_path / "site")]) == 4
    assert capsys.readouterr().err == "board: it needs an extra: pip install 'pytest-reportconformance[html]'\n"


ASK = """<script>
const form = document.querySelector("form.ask");
form.querySelector("input[type=search]").value = "cancel";
form.querySelector("input[type=checkbox]").checked = %s;
form.dispatchEvent(new Event("input"));
</script></body>"""


@pytest.mark.skipif(BROWSER is None, reason="needs the browser chromium: apt-get install chromium")
@pytest.mark.parametrize(
    ("first", "answer"),
    [
        ("true", "1 requirement on 6.4.2 and 8.1.1: 0 yes, 1 no, 0 unknown."),
        ("false", "1 requirement on 8.1.1: 0 yes, 1 no, 0 unknown."),
    ],
)
def test_a_question_is_answered_in_a_browser(first: str, answer: str, site: Path, tmp_path: Path) -> None:
    text = (site / "index.html").read_text("utf-8")
    asked = re.sub(r"<meta http-equiv[^>]*>", "", text).replace("</body>", ASK % first)
    (site / "asked.html").write_text(asked, encoding="utf-8")
    done = browse(site / "asked.html", tmp_path, "--dump-dom")
    assert answer in done.stdout
    row = re.search(r"<tr[^>]*>(?:(?!</tr>).)*must-xml.*?</tr>", done.stdout, re.DOTALL)
    assert row is not None
    assert '<td class="rely">no' in row[0]
    assert "hidden" not in row[0].partition(">")[0]
    assert re.search(r'<tr hidden="">(?:(?!</tr>).)*must-end', done.stdout, re.DOTALL)


@pytest.mark.skipif(BROWSER is None, reason="needs the browser chromium: apt-get install chromium")
def test_a_browser_opens_it_without_a_warning_and_runs_the_script(site: Path, tmp_path: Path) -> None:
    for path in pages(site):
        done = browse(path, tmp_path, "--dump-dom")
        assert "CONSOLE" not in done.stderr, done.stderr
        assert path.name != "index.html" or '<form class="ask">' in done.stdout
