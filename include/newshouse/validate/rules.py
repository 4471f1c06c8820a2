"""The registry of row rules, most important first: that is the order of `rejections.reasons`.

A rule of its own goes into the module of its theme; its examples are run by a test without further work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from newshouse.validate import author_rules, body_rules, caption_rules, date_rules, identity_rules, repeats, text_rules
from newshouse.validate.row import ParsedRow, joined
from newshouse.validate.rule import Action, Rule

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
        mended: the row after its repairs, each with the name of its rule and in order; empty when there were none.
    """

    quarantined: tuple[str, ...]
    tags: tuple[str, ...]
    detail: str | None
    mended: tuple[tuple[str, ParsedRow], ...] = ()


def judge(row: ParsedRow) -> Verdict:
    """Mend what can be mended, then ask every rule about the row."""
    mended = _mended(row)
    repaired = {name for name, _ in mended}
    final = mended[-1][1] if mended else row
    kept_out: list[tuple[str, str]] = []
    tags: list[str] = []
    for rule in RULES:
        words = rule.finding(final)
        action: Action | None = "repair" if rule.name in repaired else None
        if words is not None:
            action = rule.action_for(final)
        if action == "quarantine":
            kept_out.append((rule.name, words or ""))
        elif action:
            tags.append(rule.name)
    return Verdict(
        quarantined=tuple(name for name, _ in kept_out),
        tags=tuple(tags),
        detail="; ".join(f"{name}: {words}" for name, words in kept_out) or None,
        mended=tuple(mended),
    )


def _mended(row: ParsedRow) -> list[tuple[str, ParsedRow]]:
    """The row after each repair that left nothing to mind; a repair that does not help is not made."""
    steps: list[tuple[str, ParsedRow]] = []
    for rule, repair in _REPAIRS:
        if rule.finding(row) is None:
            continue
        changed = repair(row)
        if row.body == joined(row.paragraphs):
            changed = replace(changed, body=joined(changed.paragraphs))
        if rule.finding(changed) is None:
            steps.append((rule.name, changed))
            row = changed
    return steps
