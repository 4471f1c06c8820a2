"""A table or a stage file as OpenLineage names and describes it.

Names follow OpenLineage's naming: namespace `file` and the absolute path, or `s3://bucket` and the key. Stage files lie
in a folder of their own for each run and batch; their name has `*` there, so that they are one dataset.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from openlineage.client.event_v2 import InputDataset, OutputDataset
from openlineage.client.facet_v2 import (
    DatasetFacet,
    InputDatasetFacet,
    OutputDatasetFacet,
    data_quality_assertions_dataset,
    data_quality_metrics_input_dataset,
    dataset_version_dataset,
    documentation_dataset,
    output_statistics_output_dataset,
    schema_dataset,
)

from newshouse.layout import DataLayout
from newshouse.records import CheckResult
from newshouse.schemas import Table
from newshouse.storage.bucket import SCHEME, Bucket
from newshouse.warehouse.dictionary import type_name
from newshouse.warehouse.tables import snapshot

_MOST_ASSERTIONS = 2000  # of one event, the failing ones first: about 500 kB of JSON
_LEVELS = {"critical": "error"}  # OpenLineage's words: error blocks, warn does not


def stage_file(layout: DataLayout, name: str) -> tuple[str, str]:
    """Namespace and name of a stage file of any run and batch."""
    return "file", f"{layout.runs.absolute()}/*/*/{name}"


def table_place(layout: DataLayout, table: Table) -> tuple[str, str]:
    """Namespace and name of a table."""
    return lasting_place(layout, f"warehouse/{table.name}")


def lasting_place(layout: DataLayout, name: str) -> tuple[str, str]:
    """Namespace and name of a folder of what lasts, below the data root."""
    if isinstance(layout.data, Bucket):
        bucket, _, key = layout.data.path(name).partition("/")
        return f"{SCHEME}{bucket}", key
    return "file", str((layout.root / name).absolute())


def described(table: Table, columns: Iterable[str] | None = None) -> dict[str, DatasetFacet]:
    """Schema and words of a table; with `columns`, of a stage file that has these."""
    wanted = None if columns is None else set(columns)
    fields = [
        schema_dataset.SchemaDatasetFacetFields(name=c.name, type=type_name(c.type), description=c.doc)
        for c in table.columns
        if wanted is None or c.name in wanted
    ]
    return {
        "schema": schema_dataset.SchemaDatasetFacet(fields=fields),
        "documentation": documentation_dataset.DocumentationDatasetFacet(description=table.doc),
    }


def read(
    place: tuple[str, str],
    facets: dict[str, DatasetFacet] | None = None,
    quality: dict[str, InputDatasetFacet] | None = None,
) -> InputDataset:
    """Something that a stage reads."""
    return InputDataset(*place, facets=facets or {}, inputFacets=quality or {})


def written(
    place: tuple[str, str],
    facets: dict[str, DatasetFacet] | None = None,
    rows: int | None = None,
    size: int | None = None,
) -> OutputDataset:
    """Something that a stage writes, with what it added: rows and bytes."""
    counts = output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet(rowCount=rows, size=size)
    statistics: dict[str, OutputDatasetFacet] = {} if rows is None and size is None else {"outputStatistics": counts}
    return OutputDataset(*place, facets=facets or {}, outputFacets=statistics)


def table_read(layout: DataLayout, table: Table, quality: dict[str, InputDatasetFacet] | None = None) -> InputDataset:
    """A committed table that a stage reads, with its version."""
    return read(table_place(layout, table), described(table) | _version(layout, table), quality)


def table_written(layout: DataLayout, table: Table, rows: int | None = None) -> OutputDataset:
    """A table after a commit, with its version."""
    return written(table_place(layout, table), described(table) | _version(layout, table), rows)


def _version(layout: DataLayout, table: Table) -> dict[str, DatasetFacet]:
    version = snapshot(layout, table).version
    return {} if version < 0 else {"version": dataset_version_dataset.DatasetVersionDatasetFacet(str(version))}


def assertions(checks: Sequence[CheckResult]) -> dict[str, InputDatasetFacet]:
    """Checks as assertions; none where there are no checks."""
    if not checks:
        return {}
    ordered = sorted(checks, key=lambda check: (check.status == "pass", check.severity != "critical"))
    made = [
        data_quality_assertions_dataset.Assertion(
            assertion=check.check_name,
            success=check.status == "pass",
            severity=_LEVELS.get(check.severity, "warn"),
            name=".".join(filter(None, (check.suite, check.source_id, check.check_name))),
            description=check.detail,
            expected=check.threshold,
            actual=None if check.value is None else f"{check.value:g}",
        )
        for check in ordered[:_MOST_ASSERTIONS]
    ]
    return {"dataQualityAssertions": data_quality_assertions_dataset.DataQualityAssertionsDatasetFacet(made)}


def file_metrics(path: Path) -> dict[str, InputDatasetFacet]:
    """Rows, bytes and nulls of a Parquet file, from its footer alone. Of nested columns the footer does not tell."""
    footer = pq.read_metadata(path)
    flat = [place for place, column in enumerate(footer.schema) if "." not in column.path]
    nulls = {footer.schema.column(place).path: _nulls(footer, place) for place in flat}
    made = {name: _metrics(count, footer.num_rows) for name, count in nulls.items() if count is not None}
    return _quality(made, footer.num_rows, path.stat().st_size, 1)


def table_metrics(layout: DataLayout, table: Table) -> dict[str, InputDatasetFacet]:
    """Rows, bytes and files of a table, from its log alone."""
    delta = snapshot(layout, table).delta
    if delta is None:
        return {}
    files = pa.table(delta.get_add_actions(flatten=True))
    rows, size = (sum(n or 0 for n in files[name].to_pylist()) for name in ("num_records", "size_bytes"))
    return _quality({}, rows, size, files.num_rows)


def _nulls(footer: pq.FileMetaData, place: int) -> int | None:
    """None where a row group does not say."""
    counts: list[int | None] = []
    for group in range(footer.num_row_groups):
        statistics = footer.row_group(group).column(place).statistics
        counts.append(statistics.null_count if statistics is not None and statistics.has_null_count else None)
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


_Metrics = data_quality_metrics_input_dataset.ColumnMetrics


def _metrics(nulls: int, rows: int) -> _Metrics:
    return _Metrics(nullCount=nulls, count=float(rows - nulls))


def _quality(columns: dict[str, _Metrics], rows: int, size: int, files: int) -> dict[str, InputDatasetFacet]:
    facet = data_quality_metrics_input_dataset.DataQualityMetricsInputDatasetFacet(
        columnMetrics=columns, rowCount=rows, bytes=size, fileCount=files
    )
    return {"dataQualityMetrics": facet}
