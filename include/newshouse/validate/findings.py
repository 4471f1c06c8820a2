"""What the row rules found, as rows of `checks`: one a source and rule, and each source's share in quarantine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from newshouse.ids import stable_id
from newshouse.records import CheckResult
from newshouse.validate.rules import BY_NAME, RULES

SUITE = "rules"
MOST_IDS = 100  # `failing_ids` of a check
# A fifth in quarantine is a broken parser or feed; of fewer than ten rows, a fifth is one odd page.
MOST_QUARANTINED_PERCENT = 20
FEWEST_ROWS = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """What the rules said of one row: the names of those that keep it out, that mark it, and that warn of it.

    `warned` is a part of `tags`.
    """

    article_id: str
    source_id: str
    quarantined: tuple[str, ...]
    tags: tuple[str, ...]
    warned: tuple[str, ...]


def check_id(run_id: str, batch: str, source_id: str | None, suite: str, check: str) -> str:
    """The same check of the same run has the same id, however often it is made."""
    return stable_id(run_id, batch, source_id or "", suite, check)


def rule_checks(judged: Iterable[Judged], *, run_id: str, batch: str, now: datetime) -> list[CheckResult]:
    """Check results of the suite ``rules``, by source id, then in the order of the registry.

    A rule that minds no row of a source gives no result; one that only tagged or mended rows passes and is counted.
    Values are percent of the source's rows; none where they are too few for a rate.
    """
    by_source: dict[str, list[Judged]] = defaultdict(list)
    for row in judged:
        by_source[row.source_id].append(row)
    results = []
    for source_id, rows in sorted(by_source.items()):
        hits = _hits(rows)
        failing = {name for row in rows for name in (*row.quarantined, *row.warned)}
        for name, severity, status, threshold in [
            *(
                (rule.name, rule.severity, "fail" if rule.name in failing else "pass", "0 % of rows")
                for rule in RULES
                if rule.name in hits
            ),
            _quarantine_rate(len(hits.get("quarantine_rate", ())), len(rows)),
        ]:
            ids = hits.get(name, [])
            results.append(
                CheckResult(
                    check_id=check_id(run_id, batch, source_id, SUITE, name),
                    run_id=run_id,
                    batch=batch,
                    source_id=source_id,
                    check_name=name,
                    suite=SUITE,
                    severity=severity,
                    status=status,
                    checked_at=now,
                    value=_value(name, len(ids), len(rows)),
                    threshold=threshold,
                    failed_count=len(ids),
                    row_count=len(rows),
                    failing_ids=tuple(ids[:MOST_IDS]),
                )
            )
    return results


def _hits(rows: Sequence[Judged]) -> dict[str, list[str]]:
    """Article ids by the name of the rule that minds them, in the order of the rows."""
    hits: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        for name in (*row.quarantined, *(tag for tag in row.tags if tag in BY_NAME)):
            hits[name].append(row.article_id)
        if row.quarantined:
            hits["quarantine_rate"].append(row.article_id)
    return hits


def _value(name: str, hits: int, rows: int) -> float | None:
    """Percent; None for a rate of too few rows, which is no sign of recovery."""
    return None if name == "quarantine_rate" and rows < FEWEST_ROWS else 100 * hits / rows


def _quarantine_rate(quarantined: int, rows: int) -> tuple[str, str, str, str]:
    fails = rows >= FEWEST_ROWS and 100 * quarantined > MOST_QUARANTINED_PERCENT * rows
    threshold = f"at most {MOST_QUARANTINED_PERCENT} %, judged from {FEWEST_ROWS} rows on"
    return "quarantine_rate", "warning", "fail" if fails else "pass", threshold
