"""What a run hands to the load: the stage files of its finished batches, counted against their reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from newshouse.errors import ContractError
from newshouse.layout import DataLayout
from newshouse.report import STAGES, StageReport
from newshouse.schemas import ARTICLES, CHECKS, FETCHES, REJECTIONS
from newshouse.storage.files import read_parquet


@dataclass(frozen=True, slots=True)
class Inbox:
    """The rows of all finished batches of one run.

    Attributes:
        accepted: articles as `ARTICLES.schema("validate")`.
        fetches: with `month` filled in, as `FETCHES.schema()`.
        reports: of every finished stage.
    """

    accepted: pa.Table
    fetches: pa.Table
    rejections: pa.Table
    checks: pa.Table
    reports: tuple[StageReport, ...]


def read_inbox(layout: DataLayout, run_id: str, batches: Sequence[str]) -> Inbox:
    """Read the batches that went through validate; the others are left for a later load.

    Raises:
        ContractError: a file holds another number of rows than its stage reported, or the run is too large.
        StorageError: a stage file is damaged.
    """
    accepted, fetches, rejections, checks = [], [], [], []
    reports = []
    for batch in sorted(set(batches)):
        folder = layout.run(run_id).batch(batch)
        if not folder.report("validate").exists():
            continue
        for stage in (stage for stage in STAGES if folder.report(stage).exists()):
            report = StageReport.read(folder.report(stage))
            reports.append(report)
            rejections.append(_counted(folder.rejections(stage), REJECTIONS.schema(), report.total("rejected_count")))
            fetches.append(_read(folder.fetches(stage), FETCHES.schema("parse")))
        accepted.append(_counted(folder.accepted, ARTICLES.schema("validate"), reports[-1].total("out_count")))
        checks.append(_read(folder.checks, CHECKS.schema()))
    exchanges = joined(fetches, FETCHES.schema("parse"))
    return Inbox(
        accepted=joined(accepted, ARTICLES.schema("validate")),
        fetches=exchanges.append_column(FETCHES.schema().field("month"), month_of(exchanges["requested_at"])),
        rejections=joined(rejections, REJECTIONS.schema()),
        checks=joined(checks, CHECKS.schema()),
        reports=tuple(reports),
    )


def month_of(times: pa.ChunkedArray) -> pa.ChunkedArray:
    """The partition of each time: its UTC month, YYYY-MM."""
    months = pc.floor_temporal(times, unit="month")
    each = pc.unique(months)  # there are few, and `strftime` is slow
    return pc.take(pc.strftime(each, format="%Y-%m").cast(pa.string()), pc.index_in(months, each))


def _read(path: Path, schema: pa.Schema) -> pa.Table:
    # A stage without exchanges or drops may leave no file.
    return read_parquet(path, schema) if path.exists() else schema.empty_table()


def _counted(path: Path, schema: pa.Schema, expected: int) -> pa.Table:
    rows = _read(path, schema)
    if rows.num_rows != expected:
        raise ContractError(
            f"{path}: {rows.num_rows} rows, but the stage reported {expected}. Delete its report and run it again."
        )
    return rows


def joined(parts: Sequence[pa.Table], schema: pa.Schema) -> pa.Table:
    """The rows of all batches, each column in one piece: see `files.read_parquet`.

    Raises:
        ContractError: a column holds more than Arrow's offsets of 32 bits count.
    """
    if not parts:
        return schema.empty_table()
    rows = pa.concat_tables(parts)
    try:
        return rows.combine_chunks()
    except pa.ArrowInvalid as error:
        raise ContractError(
            f"the run is too large: a column of its {rows.num_rows:,} rows is over two gigabytes ({error}). "
            "Import half as much a run."
        ) from error
