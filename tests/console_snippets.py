"""Run the shell snippets of README.md and docs/ against an embedded server: `python -m tests.console_snippets`.

The snippets of a page are one script of bash, in a folder of its own with what a reader of the page has: target.toml,
the credentials of an administrator, stored reports. A real server is replaced by a reference server, and a
certification by the check of one requirement. What cannot be run is listed with its reason.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pytest_reportconformance.http.server import Server
from pytest_reportconformance.jasperserver.reference import Reference
from tests import snippets

SECONDS = 300
"""How long the commands of one page may take, on a busy machine."""
ONE = "jasperserver.status.unknown-id"
REPLACED = (
    (r"https?://(?:127\.0\.0\.1:8080|reports\.example)/jasperserver", "{url}"),
    (r"conformance/127\.0\.0\.1-8080", "conformance/*"),
    (
        r"^pytest (?=--target)(.*--target t\.toml.*)$",
        r"pytest -p no:cacheprovider -k jasperserver.delete \1 || [ $? = 1 ]",
    ),
    (r"^pytest (?=--target)", f"pytest -p no:cacheprovider -k {ONE} "),
    (r"--explore 500", "--explore 8"),
    (r"(?m)^read -rs RC_ADMIN_PASSWORD && export RC_ADMIN_PASSWORD$", "export RC_ADMIN_PASSWORD={password}"),
    (r"RC_ADMIN_USERNAME=jasperadmin", "RC_ADMIN_USERNAME={username}"),
    (r"RC_ADMIN_PASSWORD=…", "RC_ADMIN_PASSWORD={password}"),
    (r"--port 9101 ", "--port 0 "),
    (r"--parent /reports", "--parent /"),
    (r"^(.*) &$", r"rm -f t.toml; \1 &" "\nuntil [ -s t.toml ]; do sleep 0.1; done"),
    (r"^(reportconformance doctor .*)$", r"\1 || [ $? = 6 ]"),
)
"""What is replaced in a command, by regular expressions; `{url}` and so on are those of the reference server."""
NOT_RUN = {
    r"\./scripts/(demo|test)\b": "continuous integration runs it as it stands",
    r"pip install ": "scripts/setup installs this checkout",
    r"docker ": "it needs Docker",
    r".* --live\b": "it needs the service of the vendor",
    r"export HTTPS_PROXY=": "there is no such proxy",
    r"pytest --target embedded:jasperserver tests/": "tests/test_snippets.py runs it with all snippets of Python",
    r"source \.venv/bin/activate": "the programs of this checkout are found without it",
}
"""Commands that are not run, by regular expressions, each with the reason."""
PAGES_NOT_RUN = {
    "docs/another-api.md": "the tests of `reportconformance new api` write, install and run such a package",
}


def commands(text: str) -> Iterator[str]:
    """The commands of a snippet, each with its continued lines and without comments."""
    for command in re.sub(r"\\\n\s*", "", text).splitlines():
        command = re.sub(r"(^|\s)#.*$", "", command).strip()
        if command:
            yield command


def reason(command: str) -> str | None:
    """Why a command is not run; None if it is."""
    return next((why for pattern, why in NOT_RUN.items() if re.match(pattern, command)), None)


def script(page: str) -> tuple[list[str], list[str]]:
    """The commands of a page that are run, as they stand, and those that are not, with their reasons."""
    every = [one for snippet in snippets.of("console") if snippet.page == page for one in commands(snippet.text)]
    if page in PAGES_NOT_RUN:
        return [], [f"{one}: {PAGES_NOT_RUN[page]}" for one in every]
    left_out = [f"{one}: {why}" for one in every if (why := reason(one)) is not None]
    return [one for one in every if reason(one) is None], left_out


def replaced(command: str, server: dict[str, str]) -> str:
    """A command for the reference server."""
    for pattern, by in REPLACED:
        command = re.sub(pattern, by, command)
    return re.sub(r"\{(\w+)\}", lambda found: server.get(found[1], found[0]), command)


def play(page: str, folder: Path) -> str | None:
    """Run the commands of a page in a folder; what they printed if one failed, else None."""
    reference = Reference(slow_seconds=2)
    with Server(reference) as listening:
        admin = reference.target_toml(listening.url).partition("[identities.superuser]")[2]
        username, password = re.findall(r'(?m)^(?:username|password) = "([^"]+)"', admin)[:2]
        server = {"url": listening.url, "username": username, "password": password}
        (folder / "target.toml").write_text(reference.target_toml(listening.url), encoding="utf-8")
        shutil.copytree(snippets.ROOT / "reports", folder / "reports")
        shutil.copytree(next((folder / "reports").glob("*/results.json")).parent, folder / "nightly" / "1")
        (folder / "tests").symlink_to(snippets.ROOT / "tests")
        lines = [replaced(one, server) for one in script(page)[0]]
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        with (folder / "printed").open("w+", encoding="utf-8") as printed:
            done = subprocess.Popen(
                ["bash", "-euxc", "\n".join(lines)],
                cwd=folder,
                env=os.environ | {"PATH": path, "URL": listening.url, "XDG_STATE_HOME": str(folder / "state")},
                stdout=printed,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                code = done.wait(SECONDS)
            except subprocess.TimeoutExpired:
                code = None
            finally:
                _end(done)
            printed.seek(0)
            text = printed.read()
    return None if code == 0 else text if code is not None else f"{text}\nnot done after {SECONDS} s"


def _end(done: subprocess.Popen[bytes]) -> None:
    """End what a script started in the background: it is a group of processes of its own."""
    try:
        os.killpg(done.pid, signal.SIGTERM)
    except ProcessLookupError:
        return


def main() -> int:
    """Run all pages, or those whose names are given; the exit code is 1 if a command failed."""
    failed, chosen = 0, sys.argv[1:]
    pages = dict.fromkeys(snippet.page for snippet in snippets.of("console"))
    for page in [one for one in pages if one in chosen or not chosen]:
        run, left_out = script(page)
        print(f"{page}: {len(run)} commands run", *(f"  not run: {one}" for one in left_out), sep="\n", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "checkout").mkdir()
            printed = play(page, Path(folder) / "checkout") if run else None
        if printed is not None:
            failed += 1
            print(f"{page}: a command failed:\n{printed}")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
