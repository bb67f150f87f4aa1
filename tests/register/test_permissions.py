"""The actions of permissions.toml: sentences, and every requirement about an identity's permissions once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from pytest_reportconformance.register import register
from pytest_reportconformance.register.register import RegisterError, api_names
from pytest_reportconformance.report import matrix


@pytest.mark.parametrize("api", api_names())
def test_every_permission_of_an_identity_is_in_one_action(api: str) -> None:
    known = register.load(api)
    about = {
        id
        for id, one in known.requirements.items()
        if one.operation == "permission" and any(id.split(".")[2].startswith(f"{role}-") for role in slugs())
    }
    counted = Counter(id for one in known.permissions for id in one.promised)
    problem = {"akamai_reporting.permission.unscoped-problem"}  # about the body of a refusal, not who is refused
    assert counted == Counter(about - problem)


@pytest.mark.parametrize("api", api_names())
def test_actions_are_sentences(api: str) -> None:
    for one in register.load(api).permissions:
        assert one.says[0].isupper()
        assert " " in one.says
        assert not one.says.endswith(".")
        assert not set(one.allowed) & set(one.refused)


@pytest.mark.parametrize("api", api_names())
def test_a_refusal_is_what_its_sentence_promises(api: str) -> None:
    known = register.load(api)
    words = ("refused", "403", "401", "continues", "does not remove", "neither rows")
    for one in known.permissions:
        for id, promised in one.promised.items():
            says = known.requirements[id].says
            assert (promised == "refused") == any(word in says for word in words), says


def test_an_unknown_id_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "coffee"
    (folder / "requirements").mkdir(parents=True)
    (folder / "source.toml").write_text("[documents]\n", encoding="utf-8")
    (folder / "permissions.toml").write_text(
        '[brew]\nsays = "Brew it"\nallowed = ["coffee.permission.admin-brew"]\n', encoding="utf-8"
    )
    with pytest.raises(RegisterError, match=r"permissions\.toml"):
        register.read(folder)


def slugs() -> list[str]:
    """How the slugs of identities begin."""
    return [role.replace("_", "-") for role in matrix.ROLES]
