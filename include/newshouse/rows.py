"""Records to table rows and back. The names of a record's fields are the names of its table's columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import pyarrow as pa

from newshouse.records import Candidate, Capture, CheckResult, Redirect, Rejection
from newshouse.schemas import CANDIDATES, CHECKS, FETCHES, REJECTIONS


def candidates_table(candidates: Sequence[Candidate]) -> pa.Table:
    """As `schemas.CANDIDATES`."""
    return CANDIDATES.arrow(map(asdict, candidates))


def captures_table(captures: Sequence[Capture]) -> pa.Table:
    """As `schemas.FETCHES`, without what the load fills."""
    return FETCHES.arrow(map(asdict, captures), filled_by="parse")


def rejections_table(rejections: Sequence[Rejection]) -> pa.Table:
    """As `schemas.REJECTIONS`."""
    return REJECTIONS.arrow(map(asdict, rejections))


def checks_table(checks: Sequence[CheckResult]) -> pa.Table:
    """As `schemas.CHECKS`."""
    return CHECKS.arrow(map(asdict, checks))


def candidates(table: pa.Table) -> list[Candidate]:
    """Back from `candidates_table`."""
    return [Candidate(**row | {"feed_authors": tuple(row["feed_authors"] or ())}) for row in table.to_pylist()]


def checks(table: pa.Table) -> list[CheckResult]:
    """Back from `checks_table`."""
    return [CheckResult(**row | {"failing_ids": tuple(row["failing_ids"] or ())}) for row in table.to_pylist()]


def captures(table: pa.Table) -> list[Capture]:
    """Back from `captures_table`."""
    return [Capture(**row | {"redirects": _redirects(row["redirects"])}) for row in table.to_pylist()]


def _redirects(hops: list[dict[str, Any]] | None) -> tuple[Redirect, ...]:
    return tuple(Redirect(**hop) for hop in hops or ())
