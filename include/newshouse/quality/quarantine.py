"""What people decide on a page that was kept out: let its row in, read it again, or agree that it stays out.

A row goes in through the one door: as a small run of its own, with stage files like any other, that the load takes.
It may do so beside the daily load: of two writers of one table, the slower decides again. Two people who decide on the
same row take turns (a lock file), and the second is told what the first did.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from newshouse import pipeline
from newshouse.desk import desk_for
from newshouse.errors import ConfigError, NewshouseError
from newshouse.layout import DataLayout
from newshouse.lineage.trace import whole_run
from newshouse.plan import Manifest
from newshouse.records import Candidate
from newshouse.report import Tally
from newshouse.rows import candidates, candidates_table, captures_table, checks_table, rejections_table
from newshouse.schemas import ARTICLES, CANDIDATES
from newshouse.settings import Settings
from newshouse.storage.files import alone, read_parquet, write_parquet
from newshouse.validate.row_json import load_row
from newshouse.warehouse.quarantine import Row, decide, exchange_of, pick

BATCH = "00"
RELEASED = "released"
"""Flag of a row that was let in by a person."""
Action = Literal["release", "reparse", "discard"]
ACTIONS: tuple[Action, ...] = get_args(Action)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row.

    Attributes:
        wanted: its id, or the beginning of it, as it was asked for.
        row: as it was decided; None where nothing was done.
        reasons: for which a page that was read again is kept out again.
        error: why nothing was done.
    """

    wanted: str
    row: Row | None = None
    reasons: tuple[str, ...] = ()
    error: NewshouseError | None = None

    def plain(self) -> dict[str, Any]:
        """As plain data, the error in words."""
        return {
            "wanted": self.wanted,
            "rejection_id": self.row and self.row["rejection_id"],
            "resolution": self.row and self.row["resolution"],
            "reasons": self.reasons,
            "error": str(self.error) if self.error else None,
        }


def carry_out(
    settings: Settings, wanted: Sequence[str], action: Action, *, who: str, why: str | None
) -> Iterator[Outcome]:
    """Decide on one row after the other, and publish at the end. What stops one does not hold up the others.

    Raises:
        ConfigError: no reason is given for what only a person can judge.
        StorageError: the database cannot be written; the decisions stand, and the next publish shows them.
    """
    if action != "reparse" and not (why or "").strip():
        raise ConfigError(f"why {action}? Give a reason, for others and for later (--why).")
    done = False
    for one in dict.fromkeys(wanted):
        with alone(DataLayout(settings.data).quarantine_lock):
            outcome = _outcome(settings, one, action, who, (why or "").strip() or None)
        done = done or outcome.row is not None
        yield outcome
    if done:
        pipeline.publish(settings)


def _outcome(settings: Settings, wanted: str, action: Action, who: str, why: str | None) -> Outcome:
    try:
        row = pick(DataLayout(settings.data), wanted)
        if action == "reparse":
            row, reasons = reparse(settings, row, who=who, why=why)
            return Outcome(wanted, row, reasons)
        return Outcome(wanted, (release if action == "release" else discard)(settings, row, who=who, why=why))
    except NewshouseError as error:
        return Outcome(wanted, error=error)


def release(settings: Settings, row: Row, *, who: str, why: str | None) -> Row:
    """Load the parsed row as it was, flagged with ``released`` and the rules that had minded it. Publishes nothing.

    Raises:
        ConfigError: there is no parsed row to release, or it was decided on already.
    """
    _undecided(row)
    if row["row_json"] is None:
        raise ConfigError(
            f"{row['rejection_id']}: {', '.join(row['reasons'])}: parse found no article, so there is none to release. "
            f"Try: newshouse quarantine reparse {row['rejection_id'][:12]}"
        )
    run_id = f"release-{row['rejection_id'][:16]}"
    _plan(settings, run_id, row["source_id"])
    with whole_run(settings, run_id):
        desk = desk_for(settings, run_id, BATCH)
        (record,) = load_row(row["row_json"]).to_pylist()
        flags = dict.fromkeys([*(record["quality_flags"] or ()), *row["reasons"], RELEASED])
        record |= {"run_id": run_id, "quality_flags": list(flags)}
        write_parquet(desk.folder.accepted, ARTICLES.arrow([record], "parse"))
        write_parquet(desk.folder.rejections("validate"), rejections_table([]))
        write_parquet(desk.folder.checks, checks_table([]))
        size = len((record["body"] or "").encode())
        desk.report("validate", {row["source_id"]: Tally(in_count=1, out_count=1, bytes=size)})
        return _loaded(settings, run_id, row, lambda: _decided(settings, row, "released", who, why))


def reparse(settings: Settings, row: Row, *, who: str, why: str | None) -> tuple[Row, tuple[str, ...]]:
    """Read the archived response again, with today's parser and rules.

    If it is kept out again, the new row with today's reasons stands for it, and this one is settled. Publishes nothing.

    Returns:
        The row as it is decided, and the reasons for which the page is kept out again; none if it was loaded.

    Raises:
        ConfigError: the page is not in the archive, or it was decided on already.
    """
    _undecided(row)
    layout, capture = DataLayout(settings.data), exchange_of(DataLayout(settings.data), row)
    run_id = f"reparse-{row['rejection_id'][:16]}-{len(row['events'] or ())}"
    _plan(settings, run_id, row["source_id"])
    with whole_run(settings, run_id):
        desk = desk_for(settings, run_id, BATCH)
        # What parse reads, but no report of discover or fetch: nobody was asked, and nothing is newer than before.
        write_parquet(desk.folder.candidates, candidates_table(_candidates(layout, row)))
        write_parquet(desk.folder.fetches("fetch"), captures_table([capture]))
        reports = [stage(settings, run_id, BATCH) for stage in (pipeline.parse, pipeline.validate)]
        reasons = tuple(name for report in reports for tally in report.tallies.values() for name in tally.reasons)
        action = "superseded" if reasons else "reparsed"
        said = "; ".join(filter(None, (why, f"kept out again: {', '.join(reasons)}" if reasons else None)))
        return _loaded(settings, run_id, row, lambda: _decided(settings, row, action, who, said or None)), reasons


def discard(settings: Settings, row: Row, *, who: str, why: str | None) -> Row:
    """Agree that it stays out. Publishes nothing.

    Raises:
        ConfigError: it was decided on already.
    """
    return _decided(settings, row, "discarded", who, why)


def _undecided(row: Row) -> None:
    if row["resolution"] is not None:
        raise ConfigError(f"{row['rejection_id']}: {row['resolution']} already by {row['events'][-1]['who']}.")


def _plan(settings: Settings, run_id: str, source_id: str) -> None:
    path = DataLayout(settings.data).run(run_id).manifest
    if not path.exists():
        Manifest(run_id, settings.now(), {BATCH: (source_id,)}).write(path)


def _candidates(layout: DataLayout, row: Row) -> list[Candidate]:
    """What the feed said, while the stage file of that run is there."""
    path = layout.run(row["run_id"]).batch(row["batch"]).candidates
    if not path.exists():
        return []
    return [one for one in candidates(read_parquet(path, CANDIDATES.schema())) if one.url_key == row["url_key"]]


def _decided(settings: Settings, row: Row, action: str, who: str, why: str | None) -> Row:
    layout = DataLayout(settings.data)
    return decide(layout, row["rejection_id"], action, who=who, why=why, now=settings.now())


def _loaded(settings: Settings, run_id: str, row: Row, then: Callable[[], Row]) -> Row:
    """Load first and write down the decision after it: killed in between, doing it again finishes it."""
    _undecided(pick(DataLayout(settings.data), row["rejection_id"]))  # what somebody discarded meanwhile stays out
    pipeline.load(settings, run_id)
    return then()
