"""What each stage reads and writes, and what is known of it once the stage has ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from openlineage.client.event_v2 import InputDataset, OutputDataset

from newshouse.layout import BatchFolder, DataLayout
from newshouse.lineage import datasets
from newshouse.report import StageReport
from newshouse.rows import checks as checks_from
from newshouse.schemas import (
    ARTICLES,
    CANDIDATES,
    CHECKS,
    FETCHES,
    INCIDENTS,
    REJECTIONS,
    REVISIONS,
    RUNS,
    SCORECARDS,
    TABLES,
)
from newshouse.storage.files import read_parquet, size_of
from newshouse.warehouse.incidents import checks_of

_PARSED, _ACCEPTED = ARTICLES.schema("parse").names, ARTICLES.schema("validate").names
_ASKED = FETCHES.schema("parse").names
_LOADED = (REVISIONS, FETCHES, REJECTIONS, CHECKS, RUNS)


@dataclass(frozen=True, slots=True)
class Stage:
    """One execution of a stage.

    Attributes:
        batch: None for what is done for all batches at once.
        report: what it counted; None where it counts nothing.
    """

    layout: DataLayout
    run_id: str | None
    batch: str | None
    report: StageReport | None

    @property
    def folder(self) -> BatchFolder:
        """The stage files of the batch."""
        return self.layout.run(self.run_id or "").batch(self.batch or "")

    def total(self, name: str) -> int | None:
        """A count over all sources."""
        return self.report.total(name) if self.report else None


@dataclass(frozen=True, slots=True)
class Flow:
    """What flowed."""

    inputs: list[InputDataset] = field(default_factory=list)
    outputs: list[OutputDataset] = field(default_factory=list)


def flow(name: str, stage: Stage) -> Flow:
    """What a stage that has ended has read and written.

    Raises:
        StorageError: a file or a table cannot be read.
    """
    return _FLOWS[name](stage) if name in _FLOWS else Flow()


def _candidates(stage: Stage) -> tuple[str, str]:
    return datasets.stage_file(stage.layout, "candidates.parquet")


def _discover(stage: Stage) -> Flow:
    found = datasets.written(
        _candidates(stage), datasets.described(CANDIDATES), stage.total("out_count"), size_of(stage.folder.candidates)
    )
    inputs = [datasets.table_read(stage.layout, FETCHES)]
    return Flow(inputs, [found, _exchanges(stage, "discover"), _dropped(stage, "discover")])


def _fetch(stage: Stage) -> Flow:
    archive = datasets.written(datasets.lasting_place(stage.layout, "archive"), None, None, stage.total("bytes"))
    inputs = [datasets.read(_candidates(stage), datasets.described(CANDIDATES))]
    return Flow(inputs, [archive, _exchanges(stage, "fetch"), _dropped(stage, "fetch")])


def _parse(stage: Stage) -> Flow:
    inputs = [
        datasets.read(datasets.lasting_place(stage.layout, "archive")),
        datasets.read(datasets.stage_file(stage.layout, "fetch-fetches.parquet"), datasets.described(FETCHES, _ASKED)),
    ]
    parsed = datasets.written(
        datasets.stage_file(stage.layout, "articles.parquet"),
        datasets.described(ARTICLES, _PARSED),
        stage.total("out_count"),
        size_of(stage.folder.articles),
    )
    return Flow(inputs, [parsed, _dropped(stage, "parse")])


def _validate(stage: Stage) -> Flow:
    found = checks_from(read_parquet(stage.folder.checks, CHECKS.schema()))
    quality = datasets.file_metrics(stage.folder.articles) | datasets.assertions(found)
    place = datasets.stage_file(stage.layout, "articles.parquet")
    accepted = datasets.written(
        datasets.stage_file(stage.layout, "accepted.parquet"),
        datasets.described(ARTICLES, _ACCEPTED),
        stage.total("out_count"),
        size_of(stage.folder.accepted),
    )
    results = datasets.written(
        datasets.stage_file(stage.layout, "checks.parquet"), datasets.described(CHECKS), len(found)
    )
    inputs = [datasets.read(place, datasets.described(ARTICLES, _PARSED), quality)]
    return Flow(inputs, [accepted, _dropped(stage, "validate"), results])


def _load(stage: Stage) -> Flow:
    names = ("accepted.parquet", "checks.parquet", "discover-fetches.parquet", "fetch-fetches.parquet")
    dropped = (f"{step}-rejections.parquet" for step in ("discover", "fetch", "parse", "validate"))
    inputs = [datasets.read(datasets.stage_file(stage.layout, name)) for name in (*names, *dropped)]
    outputs = [datasets.table_written(stage.layout, table) for table in _LOADED]
    return Flow(inputs, [datasets.table_written(stage.layout, ARTICLES, stage.total("out_count")), *outputs])


def _publish(stage: Stage) -> Flow:
    inputs = [datasets.table_read(stage.layout, table) for table in TABLES.values()]
    database = stage.layout.database
    return Flow(inputs, [datasets.written(("file", str(database.absolute())), None, None, size_of(database))])


def _assess(stage: Stage) -> Flow:
    layout = stage.layout
    quality = datasets.table_metrics(layout, ARTICLES) | datasets.assertions(checks_of(layout, stage.run_id or ""))
    inputs = [
        datasets.table_read(layout, ARTICLES, quality),
        *(datasets.table_read(layout, table) for table in (FETCHES, REJECTIONS, RUNS)),
    ]
    return Flow(inputs, [datasets.table_written(layout, table) for table in (CHECKS, SCORECARDS, INCIDENTS)])


def _exchanges(stage: Stage, name: str) -> OutputDataset:
    path = stage.folder.fetches(name)
    return datasets.written(
        datasets.stage_file(stage.layout, path.name), datasets.described(FETCHES, _ASKED), None, size_of(path)
    )


def _dropped(stage: Stage, name: str) -> OutputDataset:
    return datasets.written(
        datasets.stage_file(stage.layout, f"{name}-rejections.parquet"),
        datasets.described(REJECTIONS),
        stage.total("rejected_count"),
        size_of(stage.folder.rejections(name)),
    )


_FLOWS: dict[str, Callable[[Stage], Flow]] = {
    "discover": _discover,
    "fetch": _fetch,
    "parse": _parse,
    "validate": _validate,
    "load": _load,
    "publish": _publish,
    "assess": _assess,
}
