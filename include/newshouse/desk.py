"""The desk of one batch: its sources at hand, its files in reach, its reports in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter

from newshouse.archive.ledger import Ledger
from newshouse.archive.shelf import keep
from newshouse.errors import ConfigError
from newshouse.layout import BatchFolder, DataLayout
from newshouse.plan import Manifest
from newshouse.records import Candidate, Capture, Rejection
from newshouse.report import StageReport, Tally
from newshouse.rows import candidates, candidates_table, captures, captures_table, rejections_table
from newshouse.schemas import CANDIDATES, FETCHES
from newshouse.settings import Settings
from newshouse.sources.imported import IMPORTED
from newshouse.sources.load import load_sources
from newshouse.sources.model import Source
from newshouse.storage.files import read_parquet, write_parquet


@dataclass(frozen=True, slots=True)
class Desk:
    """What every stage of a batch needs at hand."""

    settings: Settings
    layout: DataLayout
    manifest: Manifest
    batch: str
    folder: BatchFolder
    sources: Mapping[str, Source]
    started: float

    @property
    def run_id(self) -> str:
        """The run."""
        return self.manifest.run_id

    def done(self, stage: str) -> StageReport | None:
        """The report of a stage that is finished: it and all files of the stage are there."""
        files = [self.folder.report(stage), self.folder.fetches(stage), self.folder.rejections(stage)]
        if stage == "discover":
            files.append(self.folder.candidates)
        return StageReport.read(files[0]) if all(path.exists() for path in files) else None

    def forget(self, stage: str) -> None:
        """Drop the journal, so that the stage begins anew and asks the network again."""
        self.folder.journal(stage).unlink(missing_ok=True)

    def ledger(self, stage: str) -> Ledger:
        """Open the archive file and journal of a stage. The name is that of the plan, whenever the stage runs."""
        warc = self.layout.warc(self.manifest.planned_at, self.manifest.run_id, self.batch, stage)
        return Ledger.open(archive=self.layout.archive, warc=warc, journal=self.folder.journal(stage))

    def finish_discover(
        self,
        wanted: Sequence[Candidate],
        exchanges: Sequence[Capture],
        rejections: Sequence[Rejection],
        tallies: Mapping[str, Tally],
    ) -> StageReport:
        """Write what discover gives, the report last."""
        keep(self.layout.archive, (exchange.warc_file for exchange in exchanges))
        write_parquet(self.folder.candidates, candidates_table(wanted))
        write_parquet(self.folder.fetches("discover"), captures_table(exchanges))
        write_parquet(self.folder.rejections("discover"), rejections_table(rejections))
        return self.report("discover", tallies)

    def finish_fetch(
        self, exchanges: Sequence[Capture], rejections: Sequence[Rejection], tallies: Mapping[str, Tally]
    ) -> StageReport:
        """Write what fetch gives, the report last."""
        keep(self.layout.archive, (exchange.warc_file for exchange in exchanges))
        write_parquet(self.folder.fetches("fetch"), captures_table(exchanges))
        write_parquet(self.folder.rejections("fetch"), rejections_table(rejections))
        return self.report("fetch", tallies)

    def candidates(self) -> list[Candidate]:
        """What discover found."""
        return candidates(read_parquet(self.folder.candidates, CANDIDATES.schema()))

    def captures(self, stage: str) -> list[Capture]:
        """The exchanges of a finished stage."""
        return captures(read_parquet(self.folder.fetches(stage), FETCHES.schema("parse")))

    def report(self, stage: str, tallies: Mapping[str, Tally]) -> StageReport:
        """Write the report: from now on the stage is finished."""
        seconds = perf_counter() - self.started
        now, task_log = self.settings.now(), self.settings.task_log
        report = StageReport(self.manifest.run_id, stage, self.batch, tallies, seconds, now, task_log)
        return report.write(self.folder.report(stage))


def desk_for(settings: Settings, run_id: str, batch: str) -> Desk:
    """Set up the desk.

    Raises:
        ConfigError: no such run or batch, or a source of the plan has no file any more.
    """
    layout = DataLayout(settings.data)
    run_folder = layout.run(run_id)
    manifest = Manifest.read(run_folder.manifest)
    ids = manifest.sources_of(batch)
    sources = load_sources(settings.sources) | {IMPORTED.id: IMPORTED}
    missing = [source_id for source_id in ids if source_id not in sources]
    if missing:
        raise ConfigError(
            f"run {run_id}: source {', '.join(missing)} is not in {settings.sources} any more. "
            "Put the file back, or plan a new run."
        )
    chosen = {source_id: sources[source_id] for source_id in ids}
    return Desk(settings, layout, manifest, batch, run_folder.batch(batch), chosen, perf_counter())
