"""The register covers the whole chapter, cites every section of it, and names an identity in each permission id."""

import pytest

from pytest_reportconformance.register import register
from pytest_reportconformance.register.register import Register

IDENTITIES = ("superuser", "admin", "other-admin", "other-user", "anonymous")
SECTIONS = {
    "The reportExecutions Service",
    "Running a Report Asynchronously",
    "Polling Report Execution",
    "Requesting Page Status",
    "Requesting Report Execution Details",
    "Requesting Report Output",
    "Requesting Report Bookmarks",
    "Exporting a Report Asynchronously",
    "Modifying Report Parameters",
    "Polling Export Execution",
    "Finding Running Reports and Jobs",
    "Stopping Running Reports and Jobs",
    "Removing a Report Execution",
}


@pytest.fixture(scope="module")
def jasperserver() -> Register:
    return register.load("jasperserver")


def test_the_sections_of_the_chapter_are_cited_and_no_others(jasperserver: Register) -> None:
    cited = {entry.section for entry in jasperserver.requirements.values() if entry.document.key == "rest-api-8.2"}
    assert cited == SECTIONS


def test_one_document_is_normative(jasperserver: Register) -> None:
    assert [document.key for document in jasperserver.documents.values() if document.normative] == ["rest-api-8.2"]


def test_no_two_requirements_have_the_same_sentence(jasperserver: Register) -> None:
    sentences = [entry.says for entry in jasperserver.requirements.values()]
    assert len(sentences) == len(set(sentences)) >= 190


def test_permission_requirements_begin_with_an_identity(jasperserver: Register) -> None:
    ids = jasperserver.match("jasperserver.permission.*")
    slugs = [id.rpartition(".")[2] for id in ids]
    assert {identity for identity in IDENTITIES if any(slug.startswith(f"{identity}-") for slug in slugs)} == set(
        IDENTITIES
    )
    assert all(slug.startswith(tuple(f"{identity}-" for identity in IDENTITIES)) for slug in slugs)


@pytest.mark.parametrize(("edition", "applicable"), [("CE", False), ("PRO", True)])
def test_only_the_community_edition_lacks_a_superuser(jasperserver: Register, edition: str, applicable: bool) -> None:
    facts = jasperserver.products["JasperReports Server CE"]
    reason = facts.not_applicable("jasperserver.permission.superuser-cancel", "JasperReports Server", edition, "8.1.1")
    assert (reason is None) is applicable
