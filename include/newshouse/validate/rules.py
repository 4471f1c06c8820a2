"""The registry of row rules, most important first: that is the order of `rejections.reasons`.

A rule of its own goes into the module of its theme; its examples are run by a test without further work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from newshouse.validate import author_rules, body_rules, date_rules, identity_rules, text_rules
from newshouse.validate.row import ParsedRow
from newshouse.validate.rule import Rule

RULES: tuple[Rule, ...] = (
    *identity_rules.RULES,
    *body_rules.RULES,
    *text_rules.RULES,
    *date_rules.RULES,
    *author_rules.RULES,
)
BY_NAME: Mapping[str, Rule] = {rule.name: rule for rule in RULES}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say of one row.

    Attributes:
        quarantined: names of the rules that keep the row out, most important first; empty when it may go on.
        tags: names of the rules that only mark it.
        detail: each finding of `quarantined` in words; None when there is none.
    """

    quarantined: tuple[str, ...]
    tags: tuple[str, ...]
    detail: str | None


def judge(row: ParsedRow) -> Verdict:
    """Ask every rule about one row."""
    findings = [(rule, words) for rule in RULES if (words := rule.finding(row)) is not None]
    kept_out = [(rule, words) for rule, words in findings if rule.action_for(row) == "quarantine"]
    return Verdict(
        quarantined=tuple(rule.name for rule, _ in kept_out),
        tags=tuple(rule.name for rule, _ in findings if rule.action_for(row) == "tag"),
        detail="; ".join(f"{rule.name}: {words}" for rule, words in kept_out) or None,
    )
