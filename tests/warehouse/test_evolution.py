"""A table that something else wrote is not loaded into, not published, and told by verify."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import write_deltalake

from newshouse.errors import ConfigError
from newshouse.layout import DataLayout
from newshouse.records import CheckResult
from newshouse.schemas import CHECKS
from newshouse.warehouse.load import load_checks
from newshouse.warehouse.maintenance import verify
from newshouse.warehouse.publish import publish
from newshouse.warehouse.tables import snapshot

RESULT = CheckResult("a", "run", "all", None, "rows", "rules", "info", "pass", datetime(2026, 11, 24, tzinfo=UTC))


def without_key(rows: pa.Table) -> pa.Table:
    return rows.drop_columns(["check_id"])


def retyped(rows: pa.Table) -> pa.Table:
    place = rows.column_names.index("run_id")
    return rows.set_column(place, "run_id", pa.array([1] * rows.num_rows))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (without_key, "column 'check_id' is not in the table, and tells its rows apart"),
        (retyped, "column 'run_id' is int64 in the table, but string"),
    ],
)
def test_a_table_that_does_not_fit(tmp_path: Path, wrong: Callable[[pa.Table], pa.Table], told: str) -> None:
    layout = DataLayout(tmp_path)
    load_checks(layout, [RESULT])
    publish(layout, {})
    before = layout.database.read_bytes()
    rows = snapshot(layout, CHECKS).read(CHECKS.schema().names)
    where = str(layout.table(CHECKS.name))
    partition = [CHECKS.partition] if CHECKS.partition else None
    write_deltalake(where, wrong(rows), mode="overwrite", schema_mode="overwrite", partition_by=partition)

    for act in (lambda: load_checks(layout, [RESULT]), lambda: publish(layout, {})):
        with pytest.raises(ConfigError, match=told):
            act()
    assert layout.database.read_bytes() == before
    (problem,) = verify(layout)
    assert problem.table == "checks" and told in problem.message
