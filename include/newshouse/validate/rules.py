"""The registry of row rules, most important first: that is the order of `rejections.reasons`.

A rule of its own goes into the module of its theme; its examples are run by a test without further work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from newshouse.validate import author_rules, body_rules, caption_rules, date_rules, identity_rules, repeats, text_rules
from newshouse.validate.row import ParsedRow, joined
from newshouse.validate.rule import Rule

RULES: tuple[Rule, ...] = (
    *identity_rules.RULES,
    *body_rules.RULES,
    *text_rules.RULES,
    *repeats.RULES,
    *caption_rules.RULES,
    *date_rules.RULES,
    *author_rules.RULES,
)
BY_NAME: Mapping[str, Rule] = {rule.name: rule for rule in RULES}
_REPAIRS = tuple((rule, rule.repair) for rule in RULES if rule.repair)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say of one row.

    Attributes:
        quarantined: names of the rules that keep the row out, most important first; empty when it may go on.
        tags: names of the rules that only mark it, or that mended it.
        detail: each finding of `quarantined` in words; None when there is none.
        warned: those of `tags` that fail the check of the source.
        mended: the row after its repairs, each with the name of its rule and in order; empty when there were none.
    """

    quarantined: tuple[str, ...]
    tags: tuple[str, ...]
    detail: str | None
    warned: tuple[str, ...] = ()
    mended: tuple[tuple[str, ParsedRow], ...] = ()


def judge(row: ParsedRow) -> Verdict:
    """Ask every rule about the row; where one can mend it, mend it and ask again."""
    findings = _findings(row)
    mended = _mended(row, findings) if any(findings[rule.name] for rule, _ in _REPAIRS) else []
    if mended:
        row = mended[-1][1]
        findings = _findings(row)
    minded = [(rule, words) for rule in RULES if (words := findings[rule.name]) is not None]
    kept_out = [(rule, words) for rule, words in minded if rule.action_for(row) == "quarantine"]
    marked = {rule.name for rule, _ in minded if rule.action_for(row) != "quarantine"} | {name for name, _ in mended}
    return Verdict(
        quarantined=tuple(rule.name for rule, _ in kept_out),
        tags=tuple(rule.name for rule in RULES if rule.name in marked) if marked else (),
        detail="; ".join(f"{rule.name}: {words}" for rule, words in kept_out) or None,
        warned=tuple(rule.name for rule, _ in minded if rule.action_for(row) == "warn"),
        mended=tuple(mended),
    )


def _findings(row: ParsedRow) -> dict[str, str | None]:
    return {rule.name: rule.finding(row) for rule in RULES}


def _mended(row: ParsedRow, findings: Mapping[str, str | None]) -> list[tuple[str, ParsedRow]]:
    """The row after each repair that left nothing to mind; a repair that does not help is not made."""
    steps: list[tuple[str, ParsedRow]] = []
    for rule, repair in _REPAIRS:
        if findings[rule.name] is None:
            continue
        changed = repair(row)
        if row.body == joined(row.paragraphs):
            changed = replace(changed, body=joined(changed.paragraphs))
        if rule.finding(changed) is None:
            steps.append((rule.name, changed))
            row = changed
    return steps
