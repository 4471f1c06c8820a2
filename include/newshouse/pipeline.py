"""The corridor: one function a stage. The DAGs and the command line call these and nothing else.

Each stage reads the files of the stage before, writes its own whole or not at all, and its report last. Discover and
fetch touch the world: once their report exists they are done, and a stage killed half-way replays what its journal
holds. Parse and validate are functions of the archive and are simply computed again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from newshouse.asking import asking, demand_an_answer
from newshouse.desk import Desk, desk_for
from newshouse.discover.stage import discover_sources
from newshouse.errors import ContractError, StorageError
from newshouse.fetch.stage import fetch_candidates
from newshouse.forget.tombstones import buried
from newshouse.ids import stable_id
from newshouse.layout import DataLayout
from newshouse.lineage.trace import closes_run, fails_run, opens_run, traced
from newshouse.plan import Manifest, label, make_manifest
from newshouse.progress import Progress
from newshouse.quality.incidents import Incident
from newshouse.records import CheckResult
from newshouse.report import StageReport
from newshouse.rows import checks_table, rejections_table
from newshouse.schemas import ARTICLES
from newshouse.settings import Settings
from newshouse.sources.load import load_sources
from newshouse.storage.files import open_parquet, parquet_writer, write_parquet, write_text
from newshouse.summary import RunSummary, summarise
from newshouse.warehouse.known import known_urls, originals, poll_histories


@dataclass(frozen=True, slots=True)
class Assessment:
    """What `assess` found: the history checks, the incidents that were opened or changed, and the page that says it."""

    results: list[CheckResult]
    incidents: list[Incident]
    report: Path


def run_id_for(logical_date: datetime | None, airflow_run_id: str) -> str:
    """The run id of a DAG run: `daily-<day>` for a whole day, so that a re-run or backfill of it is the same run.

    A run with no logical date (manual or triggered) gets one from Airflow's own id.
    """
    if logical_date is None:
        readable = re.sub(r"[^A-Za-z0-9]+", "-", airflow_run_id).strip("-")[:60]
        return f"{readable or 'run'}-{stable_id(airflow_run_id)[:8]}"
    moment = logical_date.astimezone(UTC)
    if (moment.hour, moment.minute, moment.second, moment.microsecond) == (0, 0, 0, 0):
        return f"daily-{moment:%Y-%m-%d}"
    return f"daily-{moment:%Y-%m-%dT%H%M%S}"


@opens_run
def plan(settings: Settings, run_id: str) -> list[dict[str, str]]:
    """Split the run into batches; a run that is planned already keeps its plan.

    Returns:
        one dict a batch: `run_id`, `batch` (its name), `label` (its sources, for people).
    """
    path = DataLayout(settings.data).run(run_id).manifest
    if path.exists():
        manifest = Manifest.read(path)
    else:
        enabled = [source for source in load_sources(settings.sources).values() if source.enabled]
        manifest = make_manifest(run_id, enabled, settings.batches, settings.now()).write(path)
    return [{"run_id": run_id, "batch": batch, "label": label(batch, ids)} for batch, ids in manifest.batches.items()]


@traced
def discover(settings: Settings, run_id: str, batch: str, progress: Progress | None = None) -> StageReport:
    """Feeds and sitemaps of the batch -> candidates.parquet."""
    desk = desk_for(settings, run_id, batch)
    if report := desk.done("discover"):
        return report
    with asking(desk, "discover") as fetcher:
        known = known_urls(desk.layout, set(desk.sources), run_id=run_id)
        now = settings.now()
        polls = poll_histories(desk.layout, set(desk.sources), now=now, run_id=run_id)
        result = discover_sources(
            desk.sources,
            fetcher,
            known,
            now=now,
            settings=settings,
            progress=progress,
            polls=polls,
            forgotten=buried(desk.layout),
        )
        exchanges = fetcher.ledger.captures()
    demand_an_answer(desk, exchanges)
    return desk.finish_discover(result.candidates, exchanges, result.rejections, result.tallies)


@traced
def fetch(settings: Settings, run_id: str, batch: str, progress: Progress | None = None) -> StageReport:
    """Candidates -> archived exchanges and fetch-fetches.parquet."""
    desk = desk_for(settings, run_id, batch)
    if report := desk.done("fetch"):
        return report
    candidates, earlier = desk.candidates(), desk.captures("discover")
    with asking(desk, "fetch", earlier) as fetcher:
        held = originals(desk.layout, set(desk.sources), {one.url_key for one in candidates}, run_id=run_id)
        result = fetch_candidates(candidates, desk.sources, fetcher, originals=held, progress=progress)
        exchanges = fetcher.ledger.captures()
    return desk.finish_fetch(exchanges, result.rejections, result.tallies)


@traced
def parse(settings: Settings, run_id: str, batch: str, progress: Progress | None = None) -> StageReport:
    """Archived responses -> articles.parquet. Never the network."""
    from newshouse.parse.stage import parse_captures  # noqa: PLC0415 -- trafilatura takes a second to import

    desk = desk_for(settings, run_id, batch)
    exchanges = [c for c in desk.captures("fetch") if c.outcome == "fetched" and c.purpose in ("article", "import")]
    result = parse_captures(
        exchanges,
        {candidate.url_key: candidate for candidate in desk.candidates()},
        desk.sources,
        desk.layout.archive,
        run_id=run_id,
        batch=batch,
        now=settings.now(),
        progress=progress,
    )
    write_parquet(desk.folder.articles, result.table)
    write_parquet(desk.folder.rejections("parse"), rejections_table(result.rejections))
    return desk.report("parse", result.tallies)


@traced
def validate(settings: Settings, run_id: str, batch: str, progress: Progress | None = None) -> StageReport:
    """Parsed rows -> accepted.parquet, quarantined rows and checks."""
    from newshouse.validate.stage import validate_articles  # noqa: PLC0415 -- heavy, and only this stage needs it

    desk = desk_for(settings, run_id, batch)
    parsed = open_parquet(desk.folder.articles)
    with parquet_writer(desk.folder.accepted, ARTICLES.schema("validate")) as accepted:
        result = validate_articles(
            parsed,
            desk.sources,
            accepted.write_table,
            run_id=run_id,
            batch=batch,
            now=settings.now(),
            parsed_counts=_given_by_parse(desk),
        )
    write_parquet(desk.folder.rejections("validate"), rejections_table(result.rejections))
    write_parquet(desk.folder.checks, checks_table(result.checks))
    report = desk.report("validate", result.tallies)
    if progress:
        progress(report.total("in_count"), report.total("in_count"))
    return report


def _given_by_parse(desk: Desk) -> dict[str, int]:
    path = desk.folder.report("parse")
    if not path.exists():
        raise StorageError(f"{path}: missing. Run parse first: the batch is not parsed whole.")
    return {source_id: tally.out_count for source_id, tally in StageReport.read(path).tallies.items()}


@traced
def load(settings: Settings, run_id: str) -> StageReport:
    """All finished batches of the run -> the Delta tables. A load that finds nothing to do keeps its first report."""
    from newshouse.warehouse.load import load_run  # noqa: PLC0415 -- Delta is only needed here

    started = perf_counter()
    layout = DataLayout(settings.data)
    folder = layout.run(run_id)
    manifest = Manifest.read(folder.manifest)
    finished = [batch for batch in manifest.batches if folder.batch(batch).report("validate").exists()]
    tallies = load_run(layout, run_id, finished, now=settings.now(), task_log=settings.task_log)
    if folder.load_report.exists() and (before := StageReport.read(folder.load_report)).tallies == tallies:
        return before
    now, task_log = settings.now(), settings.task_log
    report = StageReport(run_id, "load", "all", tallies, perf_counter() - started, now, task_log)
    return report.write(folder.load_report)


@traced
def publish(settings: Settings) -> Path:
    """The committed tables -> data/newshouse.duckdb, swapped in whole; then the search index, in one commit."""
    from newshouse.search.update import update  # noqa: PLC0415 -- only needed here
    from newshouse.warehouse.publish import publish as publish_views  # noqa: PLC0415 -- DuckDB is only needed here

    layout = DataLayout(settings.data)
    database = publish_views(layout, load_sources(settings.sources))
    update(layout)
    return database


@closes_run
def settle(settings: Settings, run_id: str) -> RunSummary:
    """The summary of a run whose every batch reached the warehouse.

    Raises:
        ContractError: a batch did not finish; the message names it and its stage.
    """
    summary = summarise(DataLayout(settings.data), run_id)
    if summary.unfinished:
        raise ContractError(
            f"run {run_id}: not finished: {', '.join(summary.unfinished)}. The other batches are loaded; "
            f"run it again to finish: newshouse run --run {run_id}"
        )
    return summary


@fails_run
def run(settings: Settings, run_id: str, watch: Callable[[str], Progress | None] = lambda _: None) -> RunSummary:
    """The whole corridor in this process, batch by batch. A broken batch does not hold up the others.

    Args:
        watch: called with the name of each step; gives what shall hear its progress.

    Raises:
        Exception: what stopped the first broken batch, a bug as well, after the others were loaded and published.
    """
    failures = [failure for batch in plan(settings, run_id) if (failure := _walk(settings, batch, watch))]
    load(settings, run_id)
    publish(settings)
    if failures:
        raise failures[0]
    return settle(settings, run_id)


def _walk(settings: Settings, batch: Mapping[str, str], watch: Callable[[str], Progress | None]) -> Exception | None:
    """One batch through its stages. What stops it is given back, so that the other batches go on."""
    try:
        for stage in (discover, fetch, parse, validate):
            stage(settings, batch["run_id"], batch["batch"], watch(f"{stage.__name__} {batch['batch']}"))
    except Exception as error:  # noqa: BLE001 -- raised by `run`, once the other batches are loaded
        return error
    return None


@traced
def assess(settings: Settings, run_id: str) -> Assessment:
    """Judge the committed data by its own history; results become `checks` and `scorecards`, anomalies `incidents`.

    Assessing a run again adds nothing.
    """
    from newshouse.quality.advance import advance  # noqa: PLC0415
    from newshouse.quality.assess import assess as judge  # noqa: PLC0415 -- only needed here
    from newshouse.quality.page import page  # noqa: PLC0415
    from newshouse.warehouse.incidents import change_incidents, checks_of, read_incidents  # noqa: PLC0415
    from newshouse.warehouse.load import load_checks  # noqa: PLC0415
    from newshouse.warehouse.scorecards import load_scorecards, read_scorecards  # noqa: PLC0415

    layout, sources, now = DataLayout(settings.data), load_sources(settings.sources), settings.now()
    results, cards = judge(layout, sources, run_id=run_id, now=now)
    load_checks(layout, results)
    load_scorecards(layout, cards)
    of_run = checks_of(layout, run_id)
    watched = {source_id for source_id, source in sources.items() if source.enabled}
    changed = change_incidents(layout, lambda known: advance(known, of_run, run_id=run_id, now=now, sources=watched))
    publish(settings)
    report = layout.quality_report(run_id)
    write_text(report, page(run_id, now, read_scorecards(layout), read_incidents(layout), of_run))
    return Assessment(results, changed, report)
