"""What a run did, source by source, for people: read from the stage reports, totals that balance."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from newshouse.layout import DataLayout
from newshouse.plan import Manifest
from newshouse.report import StageReport, Tally

STAGES = ("discover", "fetch", "parse", "validate")

TRY_THESE = (
    "SELECT source_id, count(*) AS articles, max(published_at) AS latest FROM articles GROUP BY ALL ORDER BY ALL",
    "SELECT published_at, source_id, title FROM articles ORDER BY published_at DESC NULLS LAST LIMIT 10",
    "SELECT stage, reason, count(*) AS n FROM rejections, unnest(reasons) AS r(reason) GROUP BY ALL ORDER BY n DESC",
)


@dataclass(slots=True)
class SourceLine:
    """One source's way through the corridor. Each stage takes what the one before let through.

    Attributes:
        listed: entries of feeds and sitemaps, and known articles due for another look.
        known: listed entries that need no fetch.
        unchanged: the server said 304, or the page is the same article as another.
        loaded: new or revised in the warehouse; `already_loaded`: there already, with the same content.
        rejected: stage and reason -> count.
    """

    source_id: str
    listed: int = 0
    known: int = 0
    discovered: int = 0
    fetched: int = 0
    unchanged: int = 0
    parsed: int = 0
    accepted: int = 0
    loaded: int = 0
    already_loaded: int = 0
    rejected: dict[str, int] = field(default_factory=dict)

    @property
    def dropped(self) -> int:
        """Everything that ended as a rejection, at any stage."""
        return sum(self.rejected.values())

    def add(self, stage: str, tally: Tally) -> None:
        """Take in what one stage counted."""
        names = {
            "discover": ("discovered", "known"),
            "fetch": ("fetched", "unchanged"),
            "parse": ("parsed", "unchanged"),
        }
        out, duplicate = (names | {"validate": ("accepted", ""), "load": ("loaded", "already_loaded")})[stage]
        setattr(self, out, getattr(self, out) + tally.out_count)
        if duplicate:
            setattr(self, duplicate, getattr(self, duplicate) + tally.duplicate_count)
        if stage == "discover":
            self.listed += tally.in_count
        for reason, count in tally.reasons.items():
            name = f"{stage}: {reason}"
            self.rejected[name] = self.rejected.get(name, 0) + count


@dataclass(frozen=True, slots=True)
class RunSummary:
    """One run.

    Attributes:
        lines: one a source, sorted by id.
        unfinished: batches that did not reach the warehouse, each with the stage it lacks.
        database: absolute path of the published DuckDB file.
        loaded_at: UTC, when the load that brought these counts ended; None before the load.
        seconds: sum of the wall times of all stages.
    """

    run_id: str
    lines: tuple[SourceLine, ...]
    unfinished: tuple[str, ...]
    database: str
    seconds: float
    loaded_at: datetime | None

    def total(self, name: str) -> int:
        """Sum of one count over all sources."""
        return sum(getattr(line, name) for line in self.lines)

    @property
    def balanced(self) -> bool:
        """Whether every listed entry is known, unchanged, dropped with a reason, or in the warehouse."""
        ends = ("known", "unchanged", "dropped", "loaded", "already_loaded")
        return self.total("listed") == sum(self.total(name) for name in ends)


def summarise(layout: DataLayout, run_id: str) -> RunSummary:
    """Read the reports of a run.

    Raises:
        ConfigError: there is no such run.
        ContractError: a report is damaged.
    """
    folder = layout.run(run_id)
    manifest = Manifest.read(folder.manifest)
    paths = [folder.batch(batch).report(stage) for batch in manifest.batches for stage in STAGES] + [folder.load_report]
    reports = [StageReport.read(path) for path in paths if path.exists()]
    lines = {source_id: SourceLine(source_id) for ids in manifest.batches.values() for source_id in ids}
    for report in reports:
        for source_id, tally in report.tallies.items():
            lines.setdefault(source_id, SourceLine(source_id)).add(report.stage, tally)
    return RunSummary(
        run_id=run_id,
        lines=tuple(lines[source_id] for source_id in sorted(lines)),
        unfinished=tuple(_unfinished(layout, manifest)),
        database=str(layout.database.absolute()),
        seconds=sum(report.seconds for report in reports),
        loaded_at=next((report.finished_at for report in reports if report.stage == "load"), None),
    )


def _unfinished(layout: DataLayout, manifest: Manifest) -> Iterable[str]:
    folder = layout.run(manifest.run_id)
    for batch in manifest.batches:
        lacking = [stage for stage in STAGES if not folder.batch(batch).report(stage).exists()]
        if lacking:
            yield f"batch {batch} lacks {lacking[0]}"
    if not folder.load_report.exists():
        yield "the load"


def render(summary: RunSummary, since: datetime | None = None) -> RenderableType:
    """The summary as a person wants to see it: a table, the reasons, and where to look.

    Args:
        since: when the command began (UTC); a run that was loaded before is said to have changed nothing.
    """
    return Group(_table(summary), _reasons(summary), _where_to_look(summary, since))


def _table(summary: RunSummary) -> Table:
    names = ("listed", "known", "discovered", "fetched", "unchanged", "parsed", "dropped", "loaded", "already_loaded")
    table = Table(title=f"Run {summary.run_id}", title_justify="left", show_footer=True)
    table.add_column("source", footer="total", no_wrap=True)
    for name in names:
        table.add_column(name.replace("_", " "), footer=str(summary.total(name)), justify="right")
    for line in summary.lines:
        table.add_row(line.source_id, *(str(getattr(line, name)) for name in names))
    return table


def _reasons(summary: RunSummary) -> RenderableType:
    table = Table(title="Dropped, each kept in `rejections` with its reason", title_justify="left")
    for name in ("source", "stage: reason", "rows"):
        table.add_column(name, justify="right" if name == "rows" else "left")
    for line in summary.lines:
        for reason, count in sorted(line.rejected.items()):
            table.add_row(line.source_id, reason, str(count))
    return table if table.row_count else Text("Nothing was dropped.")


def _where_to_look(summary: RunSummary, since: datetime | None) -> Text:
    verdict = "balances" if summary.balanced else "DOES NOT BALANCE: please report this"
    ends = ("known", "unchanged", "dropped", "loaded", "already_loaded")
    sums = " + ".join(f"{summary.total(name)} {name.replace('_', ' ')}" for name in ends)
    text = Text(f"{summary.total('listed')} listed = {sums}: {verdict}.\n")
    text.append(f'\nThe warehouse: {summary.database}\nTry, in any duckdb client or with newshouse sql "…":\n')
    for query in TRY_THESE:
        text.append(f"  {query};\n", style="cyan")
    return text
