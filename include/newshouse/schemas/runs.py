"""What every stage accounts for: its counts, and what it dropped."""

from __future__ import annotations

import pyarrow as pa

from newshouse.schemas.table import EVENTS, STRINGS, TIMESTAMP, Column, Table, provenance

RUNS = Table(
    "runs",
    "One row a stage, batch, source and run. in = out + duplicates + rejected, always.",
    key=("run_id", "stage", "batch", "source_id"),
    columns=(
        Column("run_id", pa.string(), "The run.", True),
        Column("stage", pa.string(), "discover, fetch, parse, validate or load.", True),
        Column("batch", pa.string(), "The batch within the run.", True),
        Column("source_id", pa.string(), "The publisher.", True),
        Column("in_count", pa.int64(), "What came in.", True),
        Column("out_count", pa.int64(), "What went on.", True),
        Column("duplicate_count", pa.int64(), "Known already, unchanged or repeated.", True),
        Column("rejected_count", pa.int64(), "Dropped, each with a row in rejections.", True),
        Column("reasons", pa.map_(pa.string(), pa.int64()), "Rejection reason to count.", True),
        Column("bytes", pa.int64(), "Body bytes moved by the stage.", True),
        Column("seconds", pa.float64(), "Wall time of the stage for the whole batch.", True),
        Column("finished_at", TIMESTAMP, "UTC.", True),
        Column(
            "task_log",
            pa.string(),
            "Path of the task's log in the UI of the orchestrator; NULL where none ran the stage.",
        ),
    ),
)

REJECTIONS = Table(
    "rejections",
    "The quarantine: every drop with its reason.",
    key=("rejection_id",),
    columns=(
        Column("rejection_id", pa.string(), "Hash of run, stage and URL or article.", True),
        Column("run_id", pa.string(), "The run.", True),
        Column("batch", pa.string(), "The batch within the run.", True),
        Column("source_id", pa.string(), "The publisher.", True),
        Column("stage", pa.string(), "discover, fetch, parse or validate.", True),
        Column("reasons", STRINGS, "Machine-readable names, most important first.", True),
        Column("detail", pa.string(), "In words."),
        Column("url", pa.string(), "The URL, if there is one."),
        Column("url_key", pa.string(), "Its normal form."),
        Column("article_id", pa.string(), "The article, if it got that far."),
        Column("row_json", pa.string(), "The parsed row as JSON, so that it can be released."),
        *provenance(),
        Column("rejected_at", TIMESTAMP, "UTC.", True),
        Column("released_at", TIMESTAMP, "When a person released it, UTC; NULL until then."),
        Column(
            "resolution",
            pa.string(),
            "released, reparsed, superseded (read again: a newer row keeps it out) or discarded; NULL while undecided.",
        ),
        Column("events", EVENTS, "What people did to it: when, who, what and why."),
    ),
)
