"""The ledger is written before a thing is created, and can be read in whatever way the process ended."""

from __future__ import annotations

import json
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pytest_reportconformance.cleanup import ledger
from pytest_reportconformance.cleanup.ledger import Busy, Ledger


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    book = Ledger.begin("jasperserver", "http://127.0.0.1:1", tmp_path / "report")
    yield book
    book.end()


COOKIES = [("JSESSIONID", "abc", "127.0.0.1", "/")]


def test_an_entry_is_on_disk_before_the_request(book: Ledger) -> None:
    book.making("execution", "owner", "POST /x")
    kept = ledger.read(book.path)
    head, [entry] = kept.head, kept.entries
    assert head["url"] == "http://127.0.0.1:1"
    assert (entry.kind, entry.identity, entry.what, entry.id) == ("execution", "owner", "POST /x", None)


def test_what_was_created_is_kept_with_its_session(book: Ledger) -> None:
    book.made(book.making("execution", "owner", "POST /x"), "id-1", COOKIES)
    [entry] = ledger.read(book.path).entries
    assert (entry.id, entry.cookies) == ("id-1", COOKIES)
    assert book.created["execution"] == 1


def test_what_was_refused_or_is_gone_is_closed(book: Ledger) -> None:
    book.made(book.making("execution", "owner", "refused"), None, [])
    gone = book.making("execution", "owner", "gone")
    book.made(gone, "id-2", [])
    book.gone(gone)
    assert ledger.read(book.path).entries == []
    assert book.open_entries() == []


def test_what_was_never_answered_stays_open(book: Ledger) -> None:
    book.made(book.making("execution", "owner", "POST /x"), None, [], certain=False)
    assert [entry.what for entry in ledger.read(book.path).entries] == ["POST /x"]


def test_only_its_owner_can_read_it(book: Ledger) -> None:
    assert stat.S_IMODE(book.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(book.path.parent.stat().st_mode) == 0o700


def test_the_file_exists_only_while_something_is_left(book: Ledger) -> None:
    entry = book.making("execution", "owner", "POST /x")
    book.gone(entry)
    book.end()
    assert not book.path.exists()


def test_the_file_stays_if_something_is_left_at_the_end(book: Ledger) -> None:
    book.making("execution", "owner", "POST /x")
    book.end()
    assert [path for path, _ in ledger.kept()] == [book.path]


def test_a_line_that_was_cut_off_is_ignored_and_a_resumed_ledger_writes_after_it(book: Ledger) -> None:
    book.made(book.making("execution", "owner", "POST /x"), "id-1", COOKIES)
    book.end()
    with book.path.open("a", encoding="utf-8") as file:
        file.write('{"event": "gone", "ent')
    again = Ledger.resume(book.path)
    assert [entry.id for entry in again.open_entries()] == ["id-1"]
    again.gone(again.open_entries()[0])
    assert ledger.read(book.path).entries == []
    again.end()
    assert not book.path.exists()


def test_a_ledger_in_use_is_busy(book: Ledger) -> None:
    with pytest.raises(Busy, match="still going on"):
        Ledger.resume(book.path)


def test_entries_of_many_threads_keep_apart(book: Ledger) -> None:
    def work(number: int) -> None:
        for turn in range(20):
            entry = book.making("execution", "owner", f"{number}.{turn}")
            book.made(entry, f"id-{number}.{turn}", COOKIES)
            if turn % 2:
                book.gone(entry)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(book.open_entries()) == 80
    assert {entry.id for entry in ledger.read(book.path).entries} == {entry.id for entry in book.open_entries()}
    assert all(json.loads(line) for line in book.path.read_text().splitlines())


def test_a_thread_that_continues_after_the_end_writes_nothing(book: Ledger) -> None:
    entry = book.making("execution", "owner", "POST /x")
    book.end()
    book.made(entry, "id-1", COOKIES)
    assert ledger.read(book.path).entries[0].id is None


def test_a_deletion_closes_the_entry_of_the_same_identity(book: Ledger) -> None:
    entry = book.making("execution", "owner", "POST /x")
    book.made(entry, "id-1", COOKIES)
    assert book.find("id-1", "other_user") is None
    assert book.find("id-1", "owner") is entry
