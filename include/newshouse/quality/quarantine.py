"""What people decide on a page that was kept out: let its row in, read it again, or agree that it stays out.

A row goes in through the one door: as a small run of its own, with stage files like any other, that the load takes.
"""

from __future__ import annotations

from collections.abc import Callable

from newshouse import pipeline
from newshouse.desk import desk_for
from newshouse.errors import ConfigError
from newshouse.files import read_parquet, write_parquet
from newshouse.layout import DataLayout
from newshouse.plan import Manifest
from newshouse.records import Candidate
from newshouse.report import Tally
from newshouse.rows import candidates, candidates_table, captures_table, checks_table, rejections_table
from newshouse.schemas import ARTICLES, CANDIDATES
from newshouse.settings import Settings
from newshouse.validate.row_json import load_row
from newshouse.warehouse.quarantine import Row, decide, exchange_of, pick

BATCH = "00"
RELEASED = "released"
"""Flag of a row that was let in by a person."""


def release(settings: Settings, row: Row, *, who: str, why: str | None) -> Row:
    """Load the parsed row as it was, flagged with ``released`` and the rules that had minded it.

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

    If it is kept out again, the new row with today's reasons stands for it, and this one is settled.

    Returns:
        The row as it is decided, and the reasons for which the page is kept out again; none if it was loaded.

    Raises:
        ConfigError: the page is not in the archive, or it was decided on already.
    """
    _undecided(row)
    layout, capture = DataLayout(settings.data), exchange_of(DataLayout(settings.data), row)
    run_id = f"reparse-{row['rejection_id'][:16]}-{len(row['events'] or ())}"
    _plan(settings, run_id, row["source_id"])
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
    """Agree that it stays out.

    Raises:
        ConfigError: it was decided on already.
    """
    decided = _decided(settings, row, "discarded", who, why)
    pipeline.publish(settings)
    return decided


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
    decided = then()
    pipeline.publish(settings)
    return decided
