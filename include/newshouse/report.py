"""What a stage reports: counts that balance. Nothing vanishes: in == out + duplicates + rejected, per source."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from newshouse.errors import ContractError
from newshouse.storage.files import write_text

# What each batch walks through, in this order.
STAGES = ("discover", "fetch", "parse", "validate")


@dataclass(slots=True)
class Tally:
    """Counts of one source in one stage."""

    in_count: int = 0
    out_count: int = 0
    duplicate_count: int = 0
    rejected_count: int = 0
    bytes: int = 0
    reasons: dict[str, int] = field(default_factory=dict)

    def reject(self, reason: str) -> None:
        """Count one drop under its first reason."""
        self.rejected_count += 1
        self.reasons[reason] = self.reasons.get(reason, 0) + 1


@dataclass(frozen=True, slots=True)
class StageReport:
    """What one stage did to one batch.

    Attributes:
        tallies: source id -> its counts.
        seconds: wall time of the whole stage.
        finished_at: UTC.
        task_log: where the log of the task lies that ran the stage, as a path below the orchestrator's UI.
    """

    run_id: str
    stage: str
    batch: str
    tallies: Mapping[str, Tally]
    seconds: float
    finished_at: datetime
    task_log: str | None = None

    def assert_balanced(self) -> StageReport:
        """Return self.

        Raises:
            ContractError: something vanished or appeared from nowhere.
        """
        for source_id, t in self.tallies.items():
            if t.in_count != t.out_count + t.duplicate_count + t.rejected_count:
                raise ContractError(
                    f"{self.stage} {self.run_id}/{self.batch} {source_id}: {t.in_count} in, but {t.out_count} out + "
                    f"{t.duplicate_count} duplicates + {t.rejected_count} rejected. A row vanished or appeared."
                )
        return self

    def total(self, name: str) -> int:
        """Sum of one count over all sources."""
        return sum(getattr(tally, name) for tally in self.tallies.values())

    def summary(self) -> dict[str, Any]:
        """Counts only, small enough for XCom."""
        names = ("in_count", "out_count", "duplicate_count", "rejected_count")
        return {"stage": self.stage, "batch": self.batch, **{name: self.total(name) for name in names}}

    def rows(self) -> list[dict[str, Any]]:
        """One row a source, as the `runs` table wants them."""
        head = {"run_id": self.run_id, "stage": self.stage, "batch": self.batch}
        tail = {"seconds": self.seconds, "finished_at": self.finished_at, "task_log": self.task_log}
        return [
            head | {"source_id": source_id} | asdict(tally) | {"reasons": sorted(tally.reasons.items())} | tail
            for source_id, tally in sorted(self.tallies.items())
        ]

    def write(self, path: Path) -> StageReport:
        """Write as JSON, atomically, after checking the balance. Returns self."""
        self.assert_balanced()
        data = asdict(self) | {"finished_at": self.finished_at.isoformat()}
        write_text(path, json.dumps(data, indent=1, sort_keys=True))
        return self

    @classmethod
    def read(cls, path: Path) -> StageReport:
        """Read what `write` wrote.

        Raises:
            ContractError: the file is not a stage report.
        """
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            tallies = {source_id: Tally(**tally) for source_id, tally in data.pop("tallies").items()}
            finished_at = datetime.fromisoformat(data.pop("finished_at")).astimezone(UTC)
            return cls(tallies=tallies, finished_at=finished_at, **data)
        except (ValueError, KeyError, TypeError) as error:
            raise ContractError(f"{path}: not a stage report ({error}). Delete it and run the stage again.") from error


def tallies(source_ids: Iterable[str]) -> dict[str, Tally]:
    """A fresh tally for each source, so that a source with nothing to do still shows a row of zeros."""
    return {source_id: Tally() for source_id in source_ids}
