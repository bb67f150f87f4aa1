"""The reports and identities of the independent server, and the target.toml that describes them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

FOLDER = "/Umsätze & Co/2026 [neu]"
CONTROLS = {"stadt": ["Ulm"], "marken": [], "zahl": ["1"]}


@dataclass(frozen=True)
class Identity:
    """A user: `kind` is user, admin or root, `unit` the organization, below others as in `nord/ost`."""

    password: str
    unit: str
    kind: str


IDENTITIES = {
    "erika|nord": Identity("a:b c", "nord", "user"),
    "jon|nord": Identity("%41", "nord", "user"),
    "chef|nord": Identity("c==", "nord", "admin"),
    "chef|sued": Identity("d\\", "sued", "admin"),
    "root": Identity('"', "", "root"),
    "lotte|ost": Identity("{f}", "nord/ost", "user"),
}
ROLES = dict(zip(("owner", "other_user", "admin", "other_admin", "superuser", "child_user"), IDENTITIES, strict=True))


@dataclass(frozen=True)
class Report:
    """A report unit: its pages, and the `seconds` that it takes in all."""

    purpose: str
    leaf: str
    pages: int = 1
    seconds: float = 0
    fails: bool = False
    closed: bool = False
    pictures: bool = False
    info: dict[str, Any] = field(default_factory=dict)
    keys: dict[str, Any] = field(default_factory=dict)

    @property
    def uri(self) -> str:
        return f"{FOLDER}/{self.leaf}"

    def printed(self, given: dict[str, list[str]], number: int) -> tuple[list[str], list[str]]:
        """The texts of its pages, and an error for each invalid parameter."""
        if self.purpose == "params":
            values = {**CONTROLS, **{name: texts for name, texts in given.items() if name in CONTROLS}}
            bad = [f"zahl: {text} is no number" for text in values["zahl"] if not text.isdigit()]
            return ["\n".join(f"{name} = {'|'.join(texts)}" for name, texts in values.items())], bad
        if self.purpose == "runcounter":
            return [f"Lauf #{number}/{number * 7919 % 10007}"], []
        if self.purpose == "fast":
            return ["Guten Tag, Welt <1>"], []
        return [f"Blatt {page} & {self.pages}" for page in range(1, self.pages + 1)], []


def _bookmark(label: str, page: int, *inside: dict[str, Any]) -> dict[str, Any]:
    return {
        "elementAddress": f"{page}_7",
        "label": label,
        "pageIndex": page,
        **({"bookmarks": list(inside)} if inside else {}),
    }


BOOKMARKS = {
    "bookmarks": {
        "type": "bookmarks",
        "id": "b",
        "bookmarks": [
            _bookmark("Früchte", 0, _bookmark("Äpfel", 1), _bookmark("Birnen", 2)),
            _bookmark("Gemüse", 2, _bookmark("Lauch", 2)),
        ],
    }
}
PAGE_OF = {"Früchte": 1, "Äpfel": 2, "Birnen": 3, "Gemüse": 3, "Lauch": 3}
PARTS = {
    "parts": {"type": "reportparts", "id": "p", "parts": [{"name": "Umschlag", "idx": 0}, {"name": "Inhalt", "idx": 1}]}
}
TEXT = {"page_text": "Blatt {page} & {pages}"}


def catalogue(seconds: float) -> list[Report]:
    """One report for each purpose; the slow one takes `seconds`."""
    return [
        Report("fast", "hallo", keys={"text": "Guten Tag, Welt <1>"}),
        Report("multi", "viel", pages=12, keys={"pages": 12, **TEXT}),
        Report("slow", "langsam", seconds=seconds, keys={"seconds": seconds, "output_folder": "/aus"}),
        Report("slowpages", "tropft", 5, seconds * 1.5, keys={"pages": 5, "seconds_per_page": seconds * 0.3, **TEXT}),
        Report("images", "bilder", pictures=True),
        Report("bookmarks", "lesezeichen", pages=3, info=BOOKMARKS, keys={"page_of": PAGE_OF}),
        Report("parts", "teile", pages=2, info=PARTS),
        Report(
            "params",
            "werte",
            keys={
                "valid": {"stadt": ["Köln"], "marken": ["x", "z"], "zahl": ["23"]},
                "shows": ["stadt = Köln", "marken = x|z", "zahl = 23"],
                "invalid": {"zahl": ["viele"]},
            },
        ),
        Report("failing", "kaputt", fails=True),
        Report("failinglate", "bricht ab", pages=3, seconds=seconds / 3, fails=True),
        Report("empty", "leer", pages=0),
        Report("runcounter", "lauf", keys={"varies": "Lauf #[0-9]+/[0-9]+"}),
        Report("forbidden", "geheim", closed=True),
        Report("executeonly", "nur los"),
    ]


def toml(url: str, reports: list[Report]) -> str:
    """The target.toml of a server at this URL."""
    lines = ["[target]", 'api = "jasperserver"', f"url = {_value(url)}"]
    for role, name in ROLES.items():
        lines += [
            f"[identities.{role}]",
            f"username = {_value(name)}",
            f"password = {_value(IDENTITIES[name].password)}",
        ]
    for report in reports:
        lines += [f"[reports.{report.purpose}]", f"uri = {_value(report.uri)}"]
        lines += [f"{name} = {_value(value)}" for name, value in report.keys.items()]
    return "\n".join(lines) + "\n"


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(name)} = {_value(one)}" for name, one in value.items()) + "}"
    return json.dumps(value)
