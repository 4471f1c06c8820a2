"""What a row rule is: a name, how bad it is, what happens to the row, and examples that prove it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from newshouse.validate.row import ParsedRow

Severity = Literal["critical", "warning", "info"]
Action = Literal["quarantine", "repair", "warn", "tag"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that can be wrong with a parsed row.

    Attributes:
        name: machine-readable; stands in `rejections.reasons` or `articles.quality_flags`.
        description: the defect in one line.
        action: ``quarantine`` keeps the row out of the warehouse. The others let it in with a flag: ``repair`` mends
            it first and keeps the original in `articles.repairs`, ``warn`` also fails the check of its source, ``tag``
            is only counted.
        finding: says in words what is wrong with a row; None when the rule does not mind it. Pure, never raises.
        fails, passes: fields that make `newshouse.validate.row.SOUND_ROW` fail this rule, or look alike and pass.
        dump_action: what happens instead when the row comes from a text dump; None for the same.
        repair: for ``repair``: the row mended. Paragraphs keep their places; one that goes is left empty.
        otherwise: for ``repair``: what happens to a row that the rule still minds afterwards.
    """

    name: str
    description: str
    severity: Severity
    action: Action
    finding: Callable[[ParsedRow], str | None]
    fails: Mapping[str, Any]
    passes: Mapping[str, Any]
    dump_action: Action | None = None
    repair: Callable[[ParsedRow], ParsedRow] | None = None
    otherwise: Action = "warn"

    def action_for(self, row: ParsedRow) -> Action:
        """What this rule does to a row that it minds."""
        if self.dump_action and row.is_dump:
            return self.dump_action
        return self.otherwise if self.action == "repair" else self.action
