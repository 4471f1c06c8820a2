"""Judge the committed data by its own history: what broke without any row being wrong."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from newshouse.ids import stable_id
from newshouse.layout import DataLayout
from newshouse.quality.finding import Finding
from newshouse.quality.history import read_history
from newshouse.quality.judgements import judge_days
from newshouse.records import CheckResult
from newshouse.sources.model import Source

SUITE = "history"
_BATCH = "all"


def assess(layout: DataLayout, sources: Mapping[str, Source], *, run_id: str, now: datetime) -> list[CheckResult]:
    """Check results of the suite ``history`` for each enabled source that a run asked in the last 24 hours.

    Reads only committed tables, and commits nothing itself.

    Args:
        run_id: the run after which this is asked; stands in the results.
        now: UTC; the end of the day that is judged.

    Raises:
        StorageError: a data file is missing or damaged.
    """
    enabled = sorted(source_id for source_id, source in sources.items() if source.enabled)
    history = read_history(layout, enabled, now)
    return [
        _result(source_id, finding, run_id, now)
        for source_id, days in history.items()
        for finding in judge_days(days, sources[source_id], now)
    ]


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
