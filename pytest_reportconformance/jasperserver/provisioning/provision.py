"""Creates the kit on a server: users, a folder, input controls, report units, permissions, in this order.

Rule: every name is random and free. Any answer but the expected one ends provisioning with a message that names the
request; what exists by then is in the ledger and is removed.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from typing import Any

from pytest_reportconformance.jasperserver import descriptors, operations
from pytest_reportconformance.jasperserver.provisioning import kit, repository, users
from pytest_reportconformance.jasperserver.provisioning.ids import MAKER, uris
from pytest_reportconformance.jasperserver.provisioning.speed import Waits, waits
from pytest_reportconformance.jasperserver.purposes import PURPOSES
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.secrets.secret import Secret
from pytest_reportconformance.target.target import Identity, Target
from pytest_reportconformance.transcript.exchange import Exchange, Request
from pytest_reportconformance.transcript.failures import Missing, NotReached

PREFIX = "conf_"
EXPENDABLE = 6
"""How many users are created for wrong passwords: two for each, so that every operation is tried with one."""
ROLES = {"owner": (users.USER,), "other_user": (users.USER,), "admin": (users.USER, users.ADMINISTRATOR)}
BY_HAND = (
    "declare an administrator of this server in [identities.admin], or your own reports: [reports.fast] "
    'uri = "/path", and likewise for the other purposes in docs/target-toml.md (reportconformance docs target-toml)'
)
FILTERED = "the site may filter the classes that reports use (net.sf.jasperreports.report.class.filter.enabled)"


def provide(target: Target, step: Steps) -> Target:
    """The target with users and reports that were created for it. Raises NotReached if the server refuses."""
    if MAKER not in target.identities:
        raise NotReached("error", f"nothing can be provisioned without an administrator: {BY_HAND}")
    try:
        return _Maker(target, step).make()
    except Missing as error:
        line = error.exchange.line if error.exchange else "an answer"
        raise NotReached("error", f"provisioning: {line}: {error}; {BY_HAND}") from None


@dataclass
class _Maker:
    target: Target
    step: Steps
    label: str = field(default_factory=lambda: PREFIX + secrets.token_hex(6))
    unfilled: dict[str, str] = field(default_factory=dict)
    expendable: list[str] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)

    @property
    def root(self) -> str:
        """The folder of the kit."""
        return f"{self.target.provision.parent.rstrip('/')}/{self.label}"

    def make(self) -> Target:
        """Create everything, try it out, and describe it."""
        self._look_around()
        identities = self._make_identities()
        self._make_folders()
        self._make_resources()
        self._permit()
        self._verify_list()
        expendable = (*self.target.expendable, *self.expendable)
        self.target = replace(self.target, identities=identities, expendable=expendable)
        self.step.adopt(self.target)
        found = waits(self.answers, self._try_out(), self.target.limits.requests_in_flight)
        return self._described(found)

    def _look_around(self) -> None:
        """List the users: only an administrator may, and the new names must be free."""
        self.step.say(f"lists the users of {self.target.url}, to check that the new names are free")
        listed = self._ask("users-before", users.list_all(), 200, 204)
        if self.label in listed.text:
            raise self._refused(listed, f"already has names that begin with {self.label}")

    def _make_identities(self) -> dict[str, Identity]:
        made = {}
        for role, roles in ROLES.items():
            if not self.target.provision.admin if role == MAKER else role in self.target.identities:
                continue
            made[role] = self._make_user(role, roles)
        if "owner" in made:
            names = [f"expendable_{number}" for number in range(EXPENDABLE)]
            self.expendable = [self._make_user(name, (users.USER,)).value("username") for name in names]
        return {**self.target.identities, **made}

    def _make_user(self, role: str, roles: tuple[str, ...]) -> Identity:
        name, secret = f"{self.label}_{role}", users.password()
        self.step.say(f"creates the user {name} ({', '.join(roles)}) with a random password")
        answer = self._ask(f"user-{role}", users.create(name, secret, roles), 201)
        tenant = answer.json().get("tenantId") if isinstance(answer.json(), dict) else None
        username = f"{name}|{tenant}" if isinstance(tenant, str) and tenant else name
        return Identity(role, "basic", {"username": username, "password": Secret(secret)})

    def _make_folders(self) -> None:
        parent = self.target.provision.parent
        self.step.say(f"creates the folder {self.root}")
        request = repository.folder(parent, self.label)
        made = self._ask("folder", replace(request, creates="folder", named=self.root), 201)
        if made.field("uri") != self.root:
            raise self._refused(made, f"created {made.field('uri')} instead of {self.root}")
        self.step.say(f"creates the folder {self.root}/{kit.OUTPUT}")
        self._ask("output-folder", repository.folder(self.root, kit.OUTPUT), 201)

    def _make_resources(self) -> None:
        for name, kind, members in kit.resources(self.root):
            self.step.say(f"creates the {kind} {self.root}/{name}")
            self._ask(f"make-{name}", repository.put(f"{self.root}/{name}", kind, members), 201)

    def _permit(self) -> None:
        for path, mask in kit.PERMISSIONS:
            self.step.say(f"grants {users.USER} the permission {mask} on {self.root}{path}")
            self._ask("permit", repository.permit(self.root + path, users.USER, mask), 201)

    def _verify_list(self) -> None:
        listed = self._ask("made", repository.below(self.root), 200)
        missing = [name for name in kit.UNITS if f"{self.root}/{name}" not in uris(listed)]
        if missing:
            raise self._refused(listed, f"does not list {', '.join(missing)}, although it answered 201 for each")

    def _try_out(self) -> float:
        """Run what has to be compiled or what a site may block; return how many seconds a run of one page takes."""
        self.step.say("runs some of the reports once, so that the server compiles them")
        seconds = [self._run("fast").seconds for _ in range(2)][-1]
        self._run("parts")
        for purpose, name in (("slow", "seconds"), ("slowpages", "millis")):
            ran = self._run(purpose, parameters={name: ["0"]})
            if not _ready(ran):
                self.unfilled[purpose] = f"{purpose!r} was created, but does not run: {FILTERED}"
        self._try_forbidden()
        return seconds

    def _run(self, purpose: str, **members: Any) -> Exchange:
        members |= {"outputFormat": "csv", "async": False}
        request = operations.run(f"{self.root}/{purpose}", **members)
        ran = self.step(f"try-{purpose}", request)
        id = descriptors.request_id(ran) if ran.succeeded else None
        if id is not None:
            self.step("delete", operations.delete(id))
        return ran

    def _try_forbidden(self) -> None:
        """If the owner may read and run the forbidden report, its permission had no effect."""
        read = self.step("look-forbidden", repository.look(f"{self.root}/forbidden"))
        if read.succeeded and self._run("forbidden").succeeded:
            self.unfilled["forbidden"] = "the permission on the report created for 'forbidden' has no effect"

    def _described(self, found: Waits) -> Target:
        reports = {purpose: self._facts(purpose) for purpose in kit.UNITS if purpose not in self.unfilled}
        reports["bookmarks"]["page_of"] = kit.PAGE_OF
        reports["slow"] = {
            **reports.get("slow", {}),
            "seconds": float(found.seconds),
            "parameters": {"seconds": [str(found.seconds)]},
            "output_folder": f"{self.root}/{kit.OUTPUT}",
        }
        reports["slowpages"] = {
            **reports.get("slowpages", {}),
            "seconds_per_page": found.millis / 1000,
            "parameters": {"millis": [str(found.millis)]},
        }
        kept = {purpose: facts for purpose, facts in reports.items() if "uri" in facts}
        pace = f"slow takes {found.seconds} s, a page of slowpages {found.millis} ms"
        return replace(
            self.target,
            reports={**kept, **self.target.reports},
            unfilled={**self.target.unfilled, **self.unfilled},
            notes=(*self.target.notes, f"provisioned in {self.root}; {pace}, as measured", *self.unfilled.values()),
        )

    def _facts(self, purpose: str) -> dict[str, Any]:
        defaults = {name: key.default for name, key in PURPOSES[purpose].keys.items() if key.default is not None}
        return {"uri": f"{self.root}/{purpose}", **defaults}

    def _ask(self, name: str, request: Request, *expected: int) -> Exchange:
        """Send as the administrator; any status but the expected ones is a refusal."""
        answer = self.step(name, request, identity=MAKER)
        if answer.response is None or answer.response.status_code not in expected:
            raise self._refused(answer, f"{_said(answer)} instead of {' or '.join(map(str, expected))}")
        self.answers.append(answer.seconds)
        return answer

    def _refused(self, answer: Exchange, what: str) -> NotReached:
        return NotReached("error", f"provisioning was refused: {answer.line} {what}; {BY_HAND}")


def _ready(ran: Exchange) -> bool:
    try:
        return ran.succeeded and descriptors.status(ran) == "ready"
    except Missing:
        return False


def _said(answer: Exchange) -> str:
    if answer.response is None:
        return answer.error.text if answer.error else "was not answered"
    try:
        members = answer.json()
    except Missing:
        members = {}
    code = members.get("errorCode") if isinstance(members, dict) else None
    return f"was answered {answer.response.status_code}" + (f" ({code})" if isinstance(code, str) else "")
