"""Generate docs/quality-rules.md from the registries.

`python -m newshouse.validate.handbook docs/quality-rules.md` writes it. A test compares the committed file with what
this gives.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from newshouse.storage.files import write_text
from newshouse.validate.reasons import REASONS, Reason
from newshouse.validate.rule import Rule
from newshouse.validate.rules import RULES

_HEAD = """# What is checked in every row, and why something was dropped

Generated from `include/newshouse/validate/` by `python -m newshouse.validate.handbook`; do not edit it here.

## Row rules

Every parsed row meets every rule, most important first. The action says what happens to a row that a rule minds:

- **quarantine**: it stays out of the warehouse, as a row of `rejections` with all its reasons.
- **repair**: it is mended and let in with a flag. `articles.repairs` keeps the originals, and `content_hash` stays that
  of the page. If the repair does not help, the second action of the table is taken.
- **warn**: it is let in with a flag, and the check of its source fails.
- **tag**: it is let in with a flag and counted.

Flags are `articles.quality_flags`. Counts are rows of `checks` with the suite `rules`, one a source and rule.
"""
_LONGEST = 90  # characters of an example; of a longer one, its end and its length are shown
_STAGES = ("discover", "fetch", "parse")


def handbook() -> str:
    """The whole document."""
    return "\n".join([_HEAD, *_rules(), *(line for stage in _STAGES for line in _reasons(stage))]) + "\n"


def _rules() -> Iterator[str]:
    yield "| rule | minds | severity | action | for text dumps |\n| --- | --- | --- | --- | --- |"
    for rule in RULES:
        yield f"| `{rule.name}` | {rule.description} | {rule.severity} | {_action(rule)} | {rule.dump_action or ''} |"
    yield "\n### Examples\n\nWhat of a sound row, changed like this, a rule minds; and what looks alike and passes."
    yield "\n| rule | minded | passes |\n| --- | --- | --- |"
    for rule in RULES:
        yield f"| `{rule.name}` | {_example(rule.fails)} | {_example(rule.passes)} |"


def _action(rule: Rule) -> str:
    return f"repair, else {rule.otherwise}" if rule.action == "repair" else rule.action


def _example(fields: object) -> str:
    items = dict(fields) if isinstance(fields, dict) else {}
    shown = (f"{name}: {_shown(value)}" for name, value in items.items() if name != "repeated")
    return "<br>".join(shown) or "the sound row"


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        runs = ((text, len(list(same))) for text, same in groupby(value))
        return ", ".join(f"{_shown(text)}{f' ×{count}' if count > 1 else ''}" for text, count in runs) or "none"
    text = " ".join(str(value).split())
    if not text:
        return "empty"
    shown = (text if len(text) <= _LONGEST else f"… {text[2 - _LONGEST :]}").replace("|", "\\|")
    return f"`{shown}`" if len(text) <= _LONGEST else f"`{shown}` ({len(text)} characters)"


def _reasons(stage: str) -> Iterator[str]:
    yield f"\n## Dropped by {stage}\n"
    yield "| reason | means | severity | sign |\n| --- | --- | --- | --- |"
    for reason in REASONS:
        if reason.stage == stage:
            yield f"| `{reason.name}` | {reason.description} | {reason.severity} | {_sign(reason)} |"


def _sign(reason: Reason) -> str:
    return f"`{reason.example}`" if reason.example else ""


if __name__ == "__main__":
    write_text(Path(sys.argv[1]).absolute(), handbook())
