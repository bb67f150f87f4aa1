"""The HTML report: safe, whole, and opened by a browser without a warning."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from pytest_reportconformance.report import renderings
from pytest_reportconformance.report.stored import Stored
from tests.report.stored_runs import HOSTILE

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-logging=stderr",
    "--v=0",
    "--window-size=1280,1600",
    "--hide-scrollbars",
)
BROWSER = shutil.which("chromium")


class Page(HTMLParser):
    """Tags with their attributes, ids, and links inside the page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag."""
        self.tags.append((tag, dict(attrs)))

    def values(self, name: str) -> list[str]:
        """All values of an attribute."""
        return [value for _, attributes in self.tags if (value := attributes.get(name))]


def page(stored: Stored) -> str:
    """The report as one text."""
    return "".join(renderings.render("html", stored))


def test_the_verdict_comes_first(bad: Stored) -> None:
    text = re.sub(r"<style>.*?</style>", "", page(bad), flags=re.DOTALL)
    words = re.sub(r"<[^>]*>", " ", text[text.index("<body") :]).split()
    assert "Not conformant" in " ".join(words[:12])


def test_nothing_is_loaded_and_no_script_runs(stored: Stored) -> None:
    found = Page(page(stored))
    assert not [tag for tag, _ in found.tags if tag in ("script", "iframe", "object", "embed", "img", "form", "base")]
    assert not [name for _, attributes in found.tags for name in attributes if name.startswith("on") or name == "style"]
    assert [value for _, attributes in found.tags if (value := attributes.get("src"))] == []
    links = found.values("href")
    assert not [link for link in links if not link.startswith(("#", "https://", "http://", "transcripts/", "data:,"))]


def test_the_policy_allows_the_one_style_sheet_and_nothing_else(good: Stored) -> None:
    text = page(good)
    style = text.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    (policy,) = [
        attributes["content"] for tag, attributes in Page(text).tags if tag == "meta" and "http-equiv" in attributes
    ]
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    assert f"style-src 'sha256-{digest}'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy


def test_text_of_the_server_is_escaped(bad: Stored) -> None:
    text = page(bad)
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "\x1b" not in text
    assert HOSTILE not in text


def test_every_requirement_is_there_once_and_every_link_leads_somewhere(stored: Stored) -> None:
    found = Page(page(stored))
    ids = found.values("id")
    assert len(ids) == len(set(ids))
    assert {one["id"] for one in stored.record["requirements"]} <= set(ids)
    assert not {link[1:] for link in found.values("href") if link.startswith("#")} - set(ids)


def test_a_failure_shows_expected_actual_exchange_curl_and_source(bad: Stored) -> None:
    failed = next(one for one in bad.record["requirements"] if one["outcome"] == "failed" and one["checks"][0]["curl"])
    card = page(bad).partition(f'id="{failed["id"]}"')[2].partition("</section>")[0]
    for word in ("expected", "actual", "curl -i", "Request", "Answer", failed["source"]["url"]):
        assert word in card


def test_filters_timeline_and_matrix_are_there(good: Stored) -> None:
    text = page(good)
    for word in ('id="show-passed"', 'id="level-MUST"', '<select id="operation"', 'class="timeline"', 'class="matrix"'):
        assert word in text


@pytest.mark.skipif(BROWSER is None, reason="needs the browser chromium: apt-get install chromium")
@pytest.mark.parametrize("scheme", ["0", "1"], ids=["dark", "light"])
def test_a_browser_opens_it_without_a_warning(stored: Stored, scheme: str, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    renderings.write("html", stored, path)
    done = browse(path, tmp_path, f"--blink-settings=preferredColorScheme={scheme}", "--dump-dom")
    assert 'id="verdict"' in done.stdout
    assert stored.record["verdict"].capitalize() in done.stdout
    assert "CONSOLE" not in done.stderr, done.stderr


@pytest.mark.skipif(BROWSER is None, reason="needs the browser chromium: apt-get install chromium")
def test_a_browser_draws_it(bad: Stored, tmp_path: Path) -> None:
    path, picture = tmp_path / "report.html", tmp_path / "report.png"
    renderings.write("html", bad, path)
    browse(path, tmp_path, f"--screenshot={picture}")
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size > 50_000


def browse(path: Path, folder: Path, *flags: str) -> subprocess.CompletedProcess[str]:
    """Open a file in a browser of its own."""
    assert BROWSER is not None
    command = [BROWSER, *FLAGS, f"--user-data-dir={folder / 'browser'}", *flags, path.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
