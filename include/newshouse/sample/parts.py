"""A publisher's mark-up: one HTML file of named parts, each a `string.Template`.

A part begins with a line ``<!-- part: name -->``. Parts that a publisher does not have come from ``shared.html``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template

_TEMPLATES = Path(__file__).parent / "templates"
_PART = re.compile(r"<!-- part: (\w+) -->\n")


@dataclass(frozen=True, slots=True)
class Parts:
    """The named parts of one publisher."""

    templates: Mapping[str, Template]

    def fill(self, name: str, /, **values: str) -> str:
        """The part with its ``$names`` replaced. Values must be HTML already."""
        return self.templates[name].substitute(values)

    def __contains__(self, name: str) -> bool:
        return name in self.templates


@cache
def parts_of(publisher_id: str) -> Parts:
    """The parts of a publisher, the shared ones beneath."""
    return Parts(_read("shared") | _read(publisher_id))


def _read(name: str) -> dict[str, Template]:
    pieces = _PART.split((_TEMPLATES / f"{name}.html").read_text(encoding="utf-8"))
    return {key: Template(text.strip("\n")) for key, text in zip(pieces[1::2], pieces[2::2], strict=True)}
