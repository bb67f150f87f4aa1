"""The shell of ci/gitlab.yml and ci/Jenkinsfile: as it is written, with the values that the CI system would insert."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from tests.ci.local_action import ROOT

GITLAB = ROOT / "ci" / "gitlab.yml"
JENKINS = ROOT / "ci" / "Jenkinsfile"


@dataclass(frozen=True)
class Pipeline:
    """The scripts of a pipeline, each run by a shell of its own, and the variables that they see."""

    install: str
    scripts: tuple[str, ...]
    afterwards: str
    variables: Mapping[str, str]


def gitlab_documents(inputs: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The header of the component, and its job with the inputs inserted as GitLab inserts them."""
    text = GITLAB.read_text(encoding="utf-8")
    head, _, body = text.partition("\n---\n")
    header: dict[str, Any] = yaml.safe_load(head)
    defaults = {name: _text(one["default"]) for name, one in header["spec"]["inputs"].items() if "default" in one}
    values = {**defaults, **inputs}
    filled = re.sub(r"\$\[\[ inputs\.([\w-]+) \]\]", lambda found: values[found[1]], body)
    assert "$[[" not in filled
    return header, yaml.safe_load(filled)


def gitlab(inputs: Mapping[str, str]) -> Pipeline:
    """The job of the component."""
    (job,) = gitlab_documents(inputs)[1].values()
    install, script, afterwards = ("\n".join(job[key]) for key in ("before_script", "script", "after_script"))
    return Pipeline(install, (script,), afterwards, job["variables"])


def jenkins(parameters: Mapping[str, str]) -> Pipeline:
    """The stages with shell, and the values of the parameters."""
    text = JENKINS.read_text(encoding="utf-8")
    install, *scripts, afterwards = (textwrap.dedent(one) for one in re.findall(r"sh '''\n(.*?)'''", text, re.DOTALL))
    declared = re.findall(r"(?:string|booleanParam)\(name: '(\w+)', defaultValue: ([^,]+),", text)
    defaults = {name: value.strip("'\"") for name, value in declared}
    baseline = re.findall(r"BASELINE = '([^']+)'", text)[0]
    return Pipeline(install, tuple(scripts), afterwards, {**defaults, **parameters, "BASELINE": baseline})


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
