"""The repository of the reference server: resources by absolute path, and their permissions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pytest_reportconformance.jasperserver.reference.identities import Identity
from pytest_reportconformance.jasperserver.reference.options import Values
from pytest_reportconformance.jasperserver.reference.reports import DESIGNS

ADMINISTER, READ, WRITE, CREATE, DELETE, EXECUTE = 1, 2, 4, 8, 16, 32
UNITS = {name: name for name in DESIGNS} | {"forbidden": "fast", "executeonly": "fast"}
"""The report units of the kit with the design of each."""
CONTROLS = {
    "params": ("city", "tags", "count", "since", "flag"),
    "slow": ("seconds",),
    "slowpages": ("millis",),
}


@dataclass
class Resource:
    """Something in the repository; a report unit runs `design`, has defaults `waits` and input controls `controls`."""

    uri: str
    type: str
    label: str
    members: dict[str, Any] = field(default_factory=dict)
    version: int = 0
    made: datetime = field(default_factory=lambda: datetime.now(UTC))
    design: str = ""
    waits: Values = field(default_factory=dict)
    controls: tuple[str, ...] = ()


def parent_of(uri: str) -> str:
    """The folder of a path, "" at the top."""
    return uri.rpartition("/")[0]


class Repository:
    """Resources by absolute path, and masks by path and recipient (`role:/NAME` or `user:/name`)."""

    def __init__(self) -> None:
        self.resources: dict[str, Resource] = {"": Resource("", "folder", "root")}
        self.masks: dict[str, dict[str, int]] = {"": {"role:/ROLE_USER": READ, "role:/ROLE_ADMINISTRATOR": ADMINISTER}}

    def put(self, resource: Resource) -> None:
        """Store a resource; create the folders above it."""
        folder = parent_of(resource.uri)
        if folder not in self.resources:
            self.put(Resource(folder, "folder", folder.rpartition("/")[2]))
        self.resources[resource.uri] = resource

    def remove(self, uri: str) -> None:
        """Remove a resource, all below it, and their masks."""
        for held in [path for path in self.resources if path == uri or path.startswith(uri + "/")]:
            del self.resources[held]
            self.masks.pop(held, None)

    def below(self, uri: str, *, deep: bool) -> list[Resource]:
        """The resources in a folder, sorted by path; if `deep`, in all folders below it too."""
        found = [path for path in self.resources if path.startswith(uri + "/") and path != uri]
        return [self.resources[path] for path in sorted(found) if deep or parent_of(path) == uri]

    def mask(self, identity: Identity, uri: str) -> int:
        """The permissions of a user: the nearest masks of all recipients; administrators have all in their part."""
        if identity.is_admin and (uri + "/").startswith(identity.organization.root + "/"):
            return ADMINISTER
        mask = 0
        for recipient in [f"user:/{identity.username}", *(f"role:/{role}" for role in identity.roles)]:
            mask |= self._nearest(recipient, uri)
        return mask

    def _nearest(self, recipient: str, uri: str) -> int:
        while True:
            if recipient in self.masks.get(uri, {}):
                return self.masks[uri][recipient]
            if uri == "":
                return 0
            uri = parent_of(uri)


def furnish(repository: Repository, root: str, folder: str = "/reports") -> None:
    """Add the kit to a part of the repository: report units, their input controls, and a folder for output."""
    repository.put(Resource(f"{root}{folder}/out", "folder", "out"))
    for names in CONTROLS.values():
        for name in names:
            repository.put(Resource(f"{root}{folder}/{name}", "inputControl", name))
    for name, design in UNITS.items():
        repository.put(
            Resource(f"{root}{folder}/{name}", "reportUnit", name, design=design, controls=CONTROLS.get(name, ()))
        )
    repository.masks[f"{root}{folder}/forbidden"] = {"role:/ROLE_USER": 0}
    repository.masks[f"{root}{folder}/executeonly"] = {"role:/ROLE_USER": EXECUTE}
