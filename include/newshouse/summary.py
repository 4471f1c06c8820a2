"""What a run did, source by source, for people: read from the stage reports, totals that balance."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from newshouse.layout import DataLayout
from newshouse.plan import Manifest
from newshouse.report import STAGES, StageReport, Tally

TRY_THESE = (
    "SELECT source_id, count(*) AS n FROM articles GROUP BY ALL ORDER BY n DESC",
    "SELECT published_at, title FROM articles ORDER BY published_at DESC LIMIT 10",
    "SELECT stage, reasons, url FROM rejections ORDER BY ALL",
)


# No lines and one blank between columns: eight of them fit a terminal of 80.
_STYLE: dict[str, Any] = {"box": None, "padding": (0, 1, 0, 0), "header_style": "bold", "footer_style": "bold"}

# Each listed entry ends in exactly one of these.
_ENDS = ("known", "dropped", "loaded")
_NOT_DUE = "discover: not_due"


@dataclass(slots=True)
class SourceLine:
    """One source's way through the corridor. Each stage takes what the one before let through.

    Attributes:
        listed: entries of feeds and sitemaps, and known articles due for another look.
        not_due: listed entries that need no fetch: known, or listed twice.
        unchanged: the server said 304, or the page is the same article as another.
        loaded: new or revised in the warehouse; `already_loaded`: there already, with the same content.
        rejected: stage and reason -> count.
    """

    source_id: str
    listed: int = 0
    not_due: int = 0
    discovered: int = 0
    fetched: int = 0
    unchanged: int = 0
    parsed: int = 0
    accepted: int = 0
    loaded: int = 0
    already_loaded: int = 0
    rejected: dict[str, int] = field(default_factory=dict)

    @property
    def known(self) -> int:
        """Nothing new: known before, unchanged since, or the same article as another."""
        return self.not_due + self.unchanged + self.already_loaded

    @property
    def dropped(self) -> int:
        """Everything that ended as a rejection, at any stage."""
        return sum(self.rejected.values())

    @property
    def waits(self) -> bool:
        """Whether nothing of it was read because a feed or sitemap is not due."""
        return _NOT_DUE in self.rejected and not self.fetched and not self.unchanged

    @property
    def unread(self) -> bool:
        """Whether a feed, sitemap or page failed and brought nothing, nor did known articles due for another look."""
        return self.listed == self.dropped and any(reason.startswith("discover: ") for reason in self.rejected)

    def add(self, stage: str, tally: Tally) -> None:
        """Take in what one stage counted."""
        names = {
            "discover": ("discovered", "not_due"),
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
        database: absolute path of the published DuckDB file; None before the first publish.
        loaded_at: UTC, when the load that brought these counts ended; None before the load.
        seconds: sum of the wall times of all stages.
        quality_report: absolute path of the page that says how far the data can be trusted; None when
            nobody said.
        is_assessed: that page is there.
    """

    run_id: str
    lines: tuple[SourceLine, ...]
    unfinished: tuple[str, ...]
    database: str | None
    seconds: float
    loaded_at: datetime | None
    quality_report: str | None = None
    is_assessed: bool = False

    def total(self, name: str) -> int:
        """Sum of one count over all sources."""
        return sum(getattr(line, name) for line in self.lines)

    @property
    def balanced(self) -> bool:
        """Whether every listed entry was known, was dropped with a reason, or is in the warehouse."""
        return self.total("listed") == sum(self.total(name) for name in _ENDS)

    @property
    def silent(self) -> bool:
        """Whether none of the sources that were asked could be read."""
        asked = [line for line in self.lines if not line.waits]
        return bool(asked) and all(line.unread for line in asked)


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
        database=str(layout.database.absolute()) if layout.database.exists() else None,
        seconds=sum(report.seconds for report in reports),
        loaded_at=next((report.finished_at for report in reports if report.stage == "load"), None),
        quality_report=str(layout.quality_report(run_id).absolute()),
        is_assessed=layout.quality_report(run_id).exists(),
    )


def _unfinished(layout: DataLayout, manifest: Manifest) -> Iterable[str]:
    folder = layout.run(manifest.run_id)
    for batch in manifest.batches:
        lacking = [stage for stage in STAGES if not folder.batch(batch).report(stage).exists()]
        if lacking:
            yield f"batch {batch} lacks {lacking[0]}"
    if not folder.load_report.exists():
        yield "the load"


def tell(summary: RunSummary, console: Console, since: datetime | None = None, *, as_json: bool = False) -> int:
    """Print the summary for people (see `show`) or for scripts.

    Returns the exit code: 0 for a finished run, 1 for one that is not, or that could not read any source.
    """
    if as_json:
        verdict = {"balanced": summary.balanced, "silent": summary.silent}
        console.print_json(json.dumps(asdict(summary) | verdict, default=str))
    else:
        show(summary, console, since)
    return 0 if summary.balanced and not summary.unfinished and not summary.silent else 1


def show(summary: RunSummary, console: Console, since: datetime | None = None) -> None:
    """Print the summary as a person wants to see it: a table, the reasons, and where to look.

    Args:
        since: when the command began (UTC); a run that was loaded before is said to have changed nothing.
    """
    console.print("", _table(summary), "", _reasons(summary), "", sep="\n")
    console.print(_where_to_look(summary, since), soft_wrap=True)  # queries and paths stay whole, to be copied


def _table(summary: RunSummary) -> Table:
    names = ("listed", "known", "discovered", "fetched", "parsed", "dropped", "loaded")
    table = Table(title=f"Run {summary.run_id}", title_justify="left", show_footer=True, **_STYLE)
    table.add_column("source", footer="total", overflow="fold")
    for name in names:  # where it is narrow, a head or a source is broken, and no number is cut
        total = str(summary.total(name))
        table.add_column(name, footer=total, justify="right", overflow="fold", min_width=len(total))
    for line in summary.lines:
        table.add_row(line.source_id, *(str(getattr(line, name)) for name in names))
    return table


def _reasons(summary: RunSummary) -> RenderableType:
    table = Table(title="Dropped, each a row of rejections", title_justify="left", **_STYLE)
    for name in ("source", "stage: reason", "rows"):
        table.add_column(name, justify="right" if name == "rows" else "left")
    for line in summary.lines:
        for reason, count in sorted(line.rejected.items()):
            table.add_row(line.source_id, reason, str(count))
    return table if table.row_count else Text("Nothing was dropped.")


def _where_to_look(summary: RunSummary, since: datetime | None) -> Text:
    text = Text(f"{_verdict(summary)}\n")
    if summary.silent:
        text.append("No source could be read. Is the network up, or is NEWSHOUSE_PROXY needed? ", style="bold red")
        text.append(
            f"Then ask again by another name, with the same settings: newshouse run --run {summary.run_id}-again\n"
        )
    if since and summary.loaded_at and summary.loaded_at < since:
        text.append(f"This run was loaded at {summary.loaded_at:%Y-%m-%d %H:%M} UTC; nothing has changed since.\n")
    if summary.database:
        text.append(f'\nThe warehouse: {summary.database}\nTry, in any duckdb client or with newshouse sql "…":\n')
        for query in TRY_THESE:
            text.append(f"  {query};\n", style="cyan")
    if summary.is_assessed:
        text.append(f"\nHow far the data can be trusted: {summary.quality_report}\n")
    elif summary.quality_report and not summary.unfinished:
        text.append("\nNot assessed yet: the DAG warehouse_quality does it, or newshouse assess --run ")
        text.append(f"{summary.run_id}. It writes {summary.quality_report}\n")
    return text


def _verdict(summary: RunSummary) -> str:
    if summary.unfinished:  # what is still under way has no end yet, so there is nothing to balance
        return f"unfinished: {', '.join(summary.unfinished)}. To finish it, run it again."
    verdict = "balances" if summary.balanced else "DOES NOT BALANCE: please report this"
    sums = " + ".join(f"{summary.total(name)} {name}" for name in _ENDS)
    return f"{summary.total('listed')} listed = {sums}: {verdict}."
