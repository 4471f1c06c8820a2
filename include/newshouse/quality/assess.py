"""Judge the committed data by its own history: what broke without any row being wrong."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from newshouse.ids import stable_id
from newshouse.layout import DataLayout
from newshouse.quality.cards import Card, expected_articles, score_day
from newshouse.quality.finding import Finding
from newshouse.quality.history import read_history
from newshouse.quality.judgements import judge_days
from newshouse.records import CheckResult
from newshouse.sources.model import Source

SUITE = "history"
_BATCH = "all"


def assess(
    layout: DataLayout, sources: Mapping[str, Source], *, run_id: str, now: datetime
) -> tuple[list[CheckResult], list[Card]]:
    """Check results of the suite ``history``, and a scorecard, for each enabled source asked in the last 24 hours.

    Reads only committed tables, and commits nothing itself.

    Args:
        run_id: the run after which this is asked; stands in the results.
        now: UTC; the end of the day that is judged.

    Raises:
        StorageError: a data file is missing or damaged.
    """
    enabled = sorted(source_id for source_id, source in sources.items() if source.enabled)
    results, cards = [], []
    for source_id, days in read_history(layout, enabled, now).items():
        source = sources[source_id]
        findings = judge_days(days, source, now)
        results += [_result(source_id, finding, run_id, now) for finding in findings]
        if findings:
            expected = expected_articles(findings)
            cards.append(score_day(source_id, days[0], expected, source.slo, run_id=run_id, now=now))
    return results, cards


def _result(source_id: str, finding: Finding, run_id: str, now: datetime) -> CheckResult:
    return CheckResult(
        check_id=stable_id(run_id, _BATCH, source_id, SUITE, finding.check),
        run_id=run_id,
        batch=_BATCH,
        source_id=source_id,
        check_name=finding.check,
        suite=SUITE,
        severity=finding.severity,
        status="pass" if finding.passed else "fail",
        checked_at=now,
        value=finding.value,
        threshold=finding.threshold,
        failed_count=finding.failed,
        row_count=finding.rows,
        detail=finding.detail,
    )
