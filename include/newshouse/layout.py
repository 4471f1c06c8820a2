"""Where things lie under the data folder. The only module that knows file names.

data/
├── runs/<run>/run.json, load.json              one folder a run
│   └── <batch>/candidates.parquet, …, discover.json (stage reports), *.journal.jsonl
├── archive/<day>/<run>-<batch>-<stage>-<time>.warc.gz
├── locks/<domain>.lock                         one run at a time asks a publisher
│   ├── hosts/<host>                            from when on a host may be asked again, by any process
│   ├── alerts                                  one process at a time tells people
│   ├── restore.lock                            loads and restores wait for each other
│   ├── quarantine.lock                         one person at a time decides on what was kept out
│   └── bandwidth                               until when what came is paid for, of all processes
├── warehouse/<table>/                          Delta tables
├── keys/<table>/                               which article lies in which data file; derived from the tables
├── reports/<run>.html                          how far the data can be trusted
├── search/<generation>/, current               full-text index; derived from the tables
├── forget/<job>.json                           what is being forgotten; gone when it is done
├── decisions/<name>.jsonl                      how far what people decided in the dashboard is; swept after a week
├── restore.json                                the restore that is under way; gone when it is done
├── queries.json                                what readers of the dashboard saved for each other
├── dashboard.token                             opens `newshouse dashboard`; mode 0600
└── newshouse.duckdb

With `NEWSHOUSE_DATA=s3://bucket/prefix`, `warehouse/` and `archive/` lie there, and all else in a folder on this
machine (`NEWSHOUSE_LOCAL`). It then also has `archive/` with the files of the last days, `mirror/<table>/` with the
data files that the database shows, and `bucket`, which says whose folder it is.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from newshouse.archive.shelf import Archive, Shelf
from newshouse.errors import ConfigError
from newshouse.storage.bucket import Bucket
from newshouse.storage.folders import BucketFolder, DiskFolder, Folder

_PLAIN_HOST = re.compile(r"[a-z0-9-][a-z0-9.-]{0,199}(?::\d{1,5})?")
_SAFE_RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True, slots=True)
class BatchFolder:
    """The files of one batch of one run."""

    path: Path

    @property
    def candidates(self) -> Path:
        """Stage file of discover."""
        return self.path / "candidates.parquet"

    def fetches(self, stage: str) -> Path:
        """HTTP exchanges of a stage (`discover` or `fetch`)."""
        return self.path / f"{stage}-fetches.parquet"

    @property
    def articles(self) -> Path:
        """Stage file of parse."""
        return self.path / "articles.parquet"

    @property
    def accepted(self) -> Path:
        """Stage file of validate: what load takes."""
        return self.path / "accepted.parquet"

    @property
    def checks(self) -> Path:
        """Check results of validate."""
        return self.path / "checks.parquet"

    def rejections(self, stage: str) -> Path:
        """Rejections of a stage."""
        return self.path / f"{stage}-rejections.parquet"

    def report(self, stage: str) -> Path:
        """StageReport of a stage. It is written last: a stage is done when its report exists."""
        return self.path / f"{stage}.json"

    def journal(self, stage: str) -> Path:
        """Append-only journal of the exchanges of a stage that is under way."""
        return self.path / f"{stage}.journal.jsonl"


@dataclass(frozen=True, slots=True)
class RunFolder:
    """The files of one run."""

    path: Path

    @property
    def manifest(self) -> Path:
        """What was planned: batches and their sources."""
        return self.path / "run.json"

    @property
    def load_report(self) -> Path:
        """StageReport of the load."""
        return self.path / "load.json"

    def batch(self, batch: str) -> BatchFolder:
        """The folder of one batch."""
        return BatchFolder(self.path / batch)


@dataclass(frozen=True, slots=True)
class DataLayout:
    """Paths under one data folder.

    Attributes:
        data: the folder; or a bucket, beside which all that need not last lies in a folder on this machine.
    """

    data: Path | Bucket

    @property
    def root(self) -> Path:
        """The folder on this machine."""
        return self.data.local if isinstance(self.data, Bucket) else self.data

    @property
    def runs(self) -> Path:
        """One folder a run."""
        return self.root / "runs"

    @property
    def archive(self) -> Archive:
        """WARC files; `warc_file` values are relative to it."""
        here = self.root / "archive"
        return (
            Shelf(here, BucketFolder(self.data, "archive", here, self.keys("archive")))
            if isinstance(self.data, Bucket)
            else here
        )

    @property
    def warehouse(self) -> Path:
        """The data files that the database shows: those of the Delta tables, or a mirror of them."""
        return self.root / ("mirror" if isinstance(self.data, Bucket) else "warehouse")

    @property
    def database(self) -> Path:
        """The published DuckDB file."""
        return self.root / "newshouse.duckdb"

    @property
    def search(self) -> Path:
        """The full-text index: a folder a generation, and the file `current` that names the one in use."""
        return self.root / "search"

    @property
    def forget(self) -> Path:
        """Jobs of forgetting that are not finished."""
        return self.root / "forget"

    def decision(self, name: str) -> Path:
        """How far a decision on the quarantine is that was made in the dashboard."""
        return self.root / "decisions" / f"{name}.jsonl"

    @property
    def restore_job(self) -> Path:
        """The restore that is not finished."""
        return self.root / "restore.json"

    @property
    def queries(self) -> Path:
        """The queries that readers of the dashboard have saved for each other."""
        return self.root / "queries.json"

    @property
    def dashboard_token(self) -> Path:
        """What opens the dashboard where it runs alone."""
        return self.root / "dashboard.token"

    def table(self, name: str) -> Path:
        """The folder on this machine where the data files of a table are read by whoever knows no Delta."""
        return self.warehouse / name

    def table_folder(self, name: str) -> Folder:
        """The folder of one Delta table."""
        if isinstance(self.data, Bucket):
            return BucketFolder(self.data, f"warehouse/{name}", self.table(name), self.keys(name))
        return DiskFolder(self.table(name), self.keys(name))

    def keys(self, name: str) -> Path:
        """Notes of which article lies in which data file of a table."""
        return self.root / "keys" / name

    def quality_report(self, run_id: str) -> Path:
        """The page that says how far the data can be trusted after a run."""
        return self.root / "reports" / f"{self.run(run_id).path.name}.html"

    def run(self, run_id: str) -> RunFolder:
        """The folder of one run.

        Raises:
            ConfigError: the run id would not be a safe file name.
        """
        if not _SAFE_RUN_ID.fullmatch(run_id):
            raise ConfigError(f"run id {run_id!r}: use letters, digits, '.', '_' and '-' only, 100 at most.")
        return RunFolder(self.runs / run_id)

    def warc(self, planned_at: datetime, run_id: str, batch: str, stage: str) -> Path:
        """The first WARC file that a stage of a batch writes. The time of the plan (UTC) makes its name unique."""
        return self.archive / f"{planned_at:%Y-%m-%d}" / f"{run_id}-{batch}-{stage}-{planned_at:%H%M%S%f}.warc.gz"

    def host_lock(self, domain: str) -> Path:
        """The lock file of a registrable domain: held by whoever asks its hosts."""
        return self.root / "locks" / f"{_file_name(domain)}.lock"

    def host_gate(self, host: str) -> Path:
        """The gate of a host: one process at a time goes through."""
        return self.host_gates / _file_name(host)

    @property
    def host_gates(self) -> Path:
        """The gates of all hosts; those that nobody went through for a week are deleted."""
        return self.root / "locks" / "hosts"

    @property
    def quarantine_lock(self) -> Path:
        """Held by whoever decides on a row of the quarantine."""
        return self.root / "locks" / "quarantine.lock"

    @property
    def restore_lock(self) -> Path:
        """Held by whoever restores alone, and by whoever loads beside others."""
        return self.root / "locks" / "restore.lock"

    @property
    def bandwidth(self) -> Path:
        """Until when the bytes that all processes received are paid for."""
        return self.root / "locks" / "bandwidth"

    @property
    def lineage_rest(self) -> Path:
        """Touched when a lineage event could not be sent."""
        return self.root / "locks" / "lineage-rests"

    @property
    def telling(self) -> Path:
        """Held by whoever sends alerts, so that two at once do not tell the same."""
        return self.root / "locks" / "alerts"


def _file_name(host: str) -> str:
    """A redirect may name any host, also one of three hundred letters or of mere dots."""
    if _PLAIN_HOST.fullmatch(host):
        return host
    return f"{re.sub(r'[^A-Za-z0-9-]', '_', host)[:60]}-{hashlib.sha256(host.encode()).hexdigest()[:16]}"
