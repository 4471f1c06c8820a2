"""The tables: one source of names, types, units and descriptions.

Arrow schemas, DuckDB column comments, the data dictionary and the schema checks all derive from `TABLES`.
Times are UTC, microseconds. Change a column here and nowhere else; a removed or re-typed column needs a decision
under docs/decisions/.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pyarrow as pa

TIMESTAMP = pa.timestamp("us", tz="UTC")
STRINGS = pa.list_(pa.string())
REDIRECTS = pa.list_(pa.struct([("url", pa.string()), ("status", pa.int32()), ("location", pa.string())]))
AUTHORS = pa.list_(pa.struct([("name", pa.string()), ("role", pa.string()), ("organisation", pa.string())]))
DATELINE = pa.struct([("place", pa.string()), ("agency", pa.string()), ("date_text", pa.string())])
MEDIA = pa.list_(
    pa.struct([(name, pa.string()) for name in ("type", "url", "alt", "caption", "credit")]),
)
WIRE = pa.struct([("agency", pa.string()), ("evidence", pa.string())])
PARAGRAPHS = pa.list_(pa.struct([("kind", pa.string()), ("text", pa.string())]))
RIGHTS = pa.struct(
    [("robots", pa.string()), ("noarchive", pa.bool_()), ("tdm_reservation", pa.int8()), ("licence", pa.string())]
)
REPAIRS = pa.list_(
    pa.struct([("rule", pa.string()), ("column", pa.string()), ("position", pa.int32()), ("original", pa.string())])
)
EVENTS = pa.list_(pa.struct([("at", TIMESTAMP), ("who", pa.string()), ("action", pa.string()), ("why", pa.string())]))

FilledBy = Literal["parse", "load"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, Arrow type, what it means (with unit), and which stage fills it."""

    name: str
    type: pa.DataType
    doc: str
    required: bool = False
    filled_by: FilledBy = "parse"


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns in order, the key that makes a row unique, and the partition column, if any."""

    name: str
    doc: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    partition: str | None = None

    def schema(self, filled_by: FilledBy | None = None) -> pa.Schema:
        """The Arrow schema; with `filled_by="parse"`, only the columns that exist before the load."""
        chosen = [c for c in self.columns if filled_by is None or c.filled_by == filled_by]
        return pa.schema([pa.field(c.name, c.type, nullable=not c.required) for c in chosen])

    def arrow(self, rows: Iterable[Mapping[str, Any]], filled_by: FilledBy | None = None) -> pa.Table:
        """Rows as an Arrow table of this schema. Unknown keys are dropped, absent ones become NULL."""
        return pa.Table.from_pylist([dict(row) for row in rows], schema=self.schema(filled_by))


def _provenance(filled_by: FilledBy = "parse") -> tuple[Column, ...]:
    return (
        Column("warc_file", pa.string(), "WARC file, relative to the archive folder.", False, filled_by),
        Column("warc_offset", pa.int64(), "Where the response record begins in that file, bytes.", False, filled_by),
        Column("warc_length", pa.int64(), "Length of the response record's gzip member, bytes.", False, filled_by),
    )


def _moment(name: str, what: str) -> tuple[Column, ...]:
    return (
        Column(f"{name}_at", TIMESTAMP, f"{what}, UTC. Parts finer than the precision are zero."),
        Column(f"{name}_at_raw", pa.string(), f"{what}, as the page or feed wrote it."),
        Column(f"{name}_at_precision", pa.string(), "second, minute, hour, day, month or year."),
        Column(
            f"{name}_at_utc_offset_min",
            pa.int32(),
            "UTC offset that the text states or a local clock on the page shows, minutes east; NULL if none.",
        ),
        Column(
            f"{name}_at_origin", pa.string(), "jsonld, meta, microdata, feed, url, text, script, modified, override."
        ),
    )


ARTICLES = Table(
    "articles",
    "One row an article, its latest revision.",
    key=("article_id",),
    partition="month",
    columns=(
        Column("article_id", pa.string(), "Hash of the URL key; the same article keeps it for ever.", True),
        Column("source_id", pa.string(), "The publisher: the id of its file in sources/.", True),
        Column("url", pa.string(), "As the feed listed it. NULL for text dumps that give none."),
        Column("final_url", pa.string(), "After redirects."),
        Column("canonical_url", pa.string(), "What the page calls its own address."),
        Column("domain", pa.string(), "Registrable domain of the final URL."),
        Column("title", pa.string(), "Headline without the publisher's suffix."),
        Column("subtitle", pa.string(), "Standfirst or deck."),
        Column("section", pa.string(), "Section as the publisher names it."),
        Column("tags", STRINGS, "Keywords given by the publisher."),
        Column("genre", pa.string(), "news, opinion, live, review, …, when the page says so."),
        *_moment("published", "First publication"),
        *_moment("modified", "Last change stated by the publisher"),
        Column("byline", pa.string(), "The line of authors as printed."),
        Column("authors", AUTHORS, "People: name, role, organisation."),
        Column(
            "credit",
            STRINGS,
            "Whom the page says it is by, in order: the names of the authors, and desks, houses and agencies, which "
            "are no people. Empty where it names nobody; NULL in rows of a parser before version 5.",
        ),
        Column("dateline", DATELINE, "Place, agency and date before the first sentence."),
        Column("media", MEDIA, "Pictures and videos: type, url, alt, caption, credit."),
        Column("wire", WIRE, "News agency the text comes from, and the words that say so."),
        Column("body", pa.string(), "The paragraphs joined by a blank line."),
        Column("paragraphs", PARAGRAPHS, "kind (lead, text, subhead, list, quote, …) and text, in order."),
        Column("language", pa.string(), "ISO 639-1 code."),
        Column("language_confidence", pa.float64(), "0 to 1; NULL when the page declared the language."),
        Column("word_count", pa.int32(), "Words of the body; for CJK scripts, characters divided by two."),
        Column("access", pa.string(), "free, metered, paid or unknown."),
        Column("access_evidence", pa.string(), "What on the page says so."),
        Column("rights", RIGHTS, "Robots directives, noarchive, TDM reservation, licence."),
        Column("extractor", pa.string(), "What gave the body.", True),
        Column(
            "confidence",
            pa.float64(),
            "0 to 1: F1 that bodies of such pages reach on average; NULL when not estimated.",
        ),
        Column(
            "template",
            pa.string(),
            "The make of the page: its containers from the top down to the text, by tag and words of layout.",
        ),
        Column(
            "link_density",
            pa.float64(),
            "0 to 1: the share of the body's characters that lie in links; NULL when it was not read from mark-up.",
        ),
        Column("parser_version", pa.string(), "Version of the parser that made this row.", True),
        Column("field_origin", pa.map_(pa.string(), pa.string()), "Column name to where its value came from."),
        Column(
            "content_hash", pa.string(), "Hash of title, subtitle, byline, time and body as the page states them.", True
        ),
        Column("quality_flags", STRINGS, "Row rules that tagged this row without rejecting it."),
        Column(
            "repairs",
            REPAIRS,
            "What a row rule mended: rule, column, position in a list (from 0, as parsed) and the original text.",
        ),
        Column("fetched_at", TIMESTAMP, "Capture time of this revision, UTC.", True),
        *_provenance(),
        Column("run_id", pa.string(), "The run that wrote this revision.", True),
        Column("body_hash", pa.string(), "Hash of the body alone; NULL for an empty one.", filled_by="load"),
        Column("duplicate_of", pa.string(), "article_id of the first article with the same body.", filled_by="load"),
        Column("story_id", pa.string(), "Articles that tell one story share it.", filled_by="load"),
        Column("revision", pa.int32(), "Its number in revisions; 1 for the first that was loaded.", True, "load"),
        Column("first_seen_at", TIMESTAMP, "Capture time of its oldest version, late ones too, UTC.", True, "load"),
        Column("vanished_at", TIMESTAMP, "When it was first seen to be taken down, UTC.", False, "load"),
        Column(
            "month",
            pa.string(),
            "Partition: month of first_seen_at at the first load, YYYY-MM. Never changes, not even when an older "
            "capture is loaded later.",
            True,
            "load",
        ),
    ),
)

REVISIONS = Table(
    "revisions",
    "Every version of every article, append-only. The Delta table of this name leaves out the first version of an "
    "article that did not change since: it stands in articles.",
    key=("article_id", "revision"),
    partition="month",
    columns=(
        Column("article_id", pa.string(), "The article.", True),
        Column(
            "revision",
            pa.int32(),
            "1, 2, 3 and so on for what articles showed, the highest of them now. 0, -1 and so on for late versions: "
            "loaded after a newer one, never shown. fetched_at orders all of them in time.",
            True,
        ),
        Column("source_id", pa.string(), "The publisher.", True),
        Column("change_kind", pa.string(), "new, title, body, time, other, vanished, restored or late.", True),
        Column("previous_hash", pa.string(), "content_hash of the version before, as known when this was loaded."),
        Column("content_hash", pa.string(), "content_hash of this revision.", True),
        Column("title", pa.string(), "Headline of this revision."),
        Column("subtitle", pa.string(), "Standfirst of this revision."),
        Column("byline", pa.string(), "Byline of this revision."),
        Column("body", pa.string(), "Body of this revision."),
        Column("published_at", TIMESTAMP, "First publication, UTC."),
        Column("modified_at", TIMESTAMP, "Last change stated by the publisher, UTC."),
        Column("parser_version", pa.string(), "Version of the parser that made this row.", True),
        Column("fetched_at", TIMESTAMP, "Capture time of this revision, UTC.", True),
        *_provenance(),
        Column("run_id", pa.string(), "The run that wrote it.", True),
        Column("month", pa.string(), "Partition: month of fetched_at, YYYY-MM.", True),
    ),
)

FETCHES = Table(
    "fetches",
    "Every HTTP exchange, feeds, sitemaps and robots files included. It is also the crawl state.",
    key=("fetch_id", "requested_at"),
    partition="month",
    columns=(
        Column("fetch_id", pa.string(), "Hash of run, batch, purpose and URL.", True),
        Column("run_id", pa.string(), "The run.", True),
        Column("batch", pa.string(), "The batch within the run.", True),
        Column("source_id", pa.string(), "The publisher.", True),
        Column("purpose", pa.string(), "article, feed, sitemap, robots, page, rights or import.", True),
        Column("url", pa.string(), "As asked for.", True),
        Column("url_key", pa.string(), "Its normal form; decides sameness.", True),
        Column("final_url", pa.string(), "After redirects."),
        Column("host", pa.string(), "Host and port that politeness counts against."),
        Column("status", pa.int32(), "Last HTTP status; NULL when no response came."),
        Column("outcome", pa.string(), "fetched, unchanged, gone, or the reason of the failure.", True),
        Column("detail", pa.string(), "What went wrong, in words."),
        Column("attempts", pa.int32(), "Tries, the last included; 0 when none was allowed.", True),
        Column("requested_at", TIMESTAMP, "When the last attempt began, UTC.", True),
        Column("duration_seconds", pa.float64(), "Of the last attempt, to the last byte."),
        Column("body_bytes", pa.int64(), "Size of the decoded body, bytes."),
        Column("content_type", pa.string(), "Content-Type header."),
        Column("etag", pa.string(), "ETag header, for the next conditional GET."),
        Column("last_modified", pa.string(), "Last-Modified header, as sent."),
        Column("retry_after_seconds", pa.float64(), "Retry-After, as seconds from requested_at."),
        Column("redirects", REDIRECTS, "Each hop: url, status, location."),
        Column("payload_digest", pa.string(), "sha256: of the decoded body, hex."),
        *_provenance(),
        Column("month", pa.string(), "Partition: month of requested_at, YYYY-MM.", True, "load"),
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
        *_provenance(),
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

CHECKS = Table(
    "checks",
    "One row a check, source and run.",
    key=("check_id",),
    columns=(
        Column("check_id", pa.string(), "Hash of run, batch, source and check.", True),
        Column("run_id", pa.string(), "The run.", True),
        Column("batch", pa.string(), "The batch within the run.", True),
        Column("source_id", pa.string(), "The publisher; NULL for a check on the whole batch."),
        Column("check_name", pa.string(), "Name of the check.", True),
        Column("suite", pa.string(), "rules, great_expectations, pipeline or history.", True),
        Column("severity", pa.string(), "critical, warning or info.", True),
        Column("status", pa.string(), "pass, fail or error.", True),
        Column("value", pa.float64(), "The measured number; NULL when there was too little to judge."),
        Column("threshold", pa.string(), "What was expected, in words."),
        Column("failed_count", pa.int64(), "Rows that failed."),
        Column("row_count", pa.int64(), "Rows looked at."),
        Column("failing_ids", STRINGS, "Article ids that failed, 100 at most."),
        Column("detail", pa.string(), "More, in words."),
        Column("checked_at", TIMESTAMP, "UTC.", True),
    ),
)

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

TOMBSTONES = Table(
    "tombstones",
    "What was forgotten on request or by retention, as hashes alone: it is never fetched, loaded or imported again.",
    key=("article_id",),
    columns=(
        Column(
            "article_id", pa.string(), "Hash of the URL key, as `articles.article_id` was; one a known address.", True
        ),
        Column("reason", pa.string(), "request or retention.", True),
        Column("forgotten_at", TIMESTAMP, "UTC.", True),
    ),
)

INCIDENTS = Table(
    "incidents",
    "What is wrong with a source, from the first failing check to recovery: one row a cause, however long it lasts.",
    key=("incident_id",),
    columns=(
        Column("incident_id", pa.string(), "Hash of source, cause and the time of its opening.", True),
        Column("source_id", pa.string(), "The publisher; NULL for what concerns a whole run."),
        Column("cause", pa.string(), "delivery, flood, parser, layout, dates, sections, quarantine or batch.", True),
        Column("status", pa.string(), "open, acknowledged, muted or resolved.", True),
        Column("severity", pa.string(), "The worst so far: critical, warning or info.", True),
        Column("summary", pa.string(), "What the worst check found when it opened, in words.", True),
        Column("check_names", STRINGS, "The checks that failed so far, in the order of their first failure.", True),
        Column("days", pa.int32(), "Assessments in which one of its checks failed.", True),
        Column("opened_at", TIMESTAMP, "UTC.", True),
        Column("opened_run_id", pa.string(), "The run that was assessed when it opened.", True),
        Column("last_failed_at", TIMESTAMP, "When one of its checks failed last, UTC.", True),
        Column("last_run_id", pa.string(), "The run that was assessed last.", True),
        Column("muted_until", TIMESTAMP, "End of the last mute, UTC: from then on, a failing check opens it again."),
        Column("resolved_at", TIMESTAMP, "UTC; NULL while it lasts."),
        Column(
            "events",
            EVENTS,
            "Everything that was done to it: when, who (a person or newshouse), what (open, worse, reopen, unmuted, "
            "resolve; of people, ack, mute, resolve) and why.",
            True,
        ),
    ),
)


def _part(name: str, what: str) -> Column:
    return Column(name, pa.float64(), f"{what} 0 to 100; NULL when there was nothing to measure.")


SCORECARDS = Table(
    "scorecards",
    "How good the last 24 hours of a source were when a run was assessed: one score, and its parts.",
    key=("run_id", "source_id"),
    columns=(
        Column("run_id", pa.string(), "The run that was assessed.", True),
        Column("source_id", pa.string(), "The publisher.", True),
        Column("day", pa.string(), "UTC day of the assessment, YYYY-MM-DD.", True),
        Column("scored_at", TIMESTAMP, "UTC, the end of the 24 hours.", True),
        _part("score", "Weighted mean of the parts."),
        _part("completeness", "Title, authors and date that are there, percent."),
        _part("validity", "Pages that became articles, percent of those not behind a paywall."),
        _part("freshness", "100 while the newest article is as young as the target asks."),
        _part("uniqueness", "New articles whose body was not there before, percent."),
        _part("volume", "New articles against what was expected; less when there are more than double, too."),
        _part("timeliness", "100 while articles are loaded as soon after publication as the target asks."),
        Column("articles", pa.int64(), "Seen for the first time.", True),
        Column("expected_articles", pa.float64(), "As its past has it; NULL without a past."),
        Column("age_hours", pa.float64(), "Age of the newest article."),
        Column(
            "loaded_hours",
            pa.float64(),
            "Median from publication to load, of articles that came out since the source was first asked.",
        ),
        Column("slo_missed", STRINGS, "Targets of the source file that were missed, with the value.", True),
    ),
)

ALERTS = Table(
    "alerts",
    "What was told to whom: one row a message, channel and incident.",
    key=("alert_id",),
    columns=(
        Column("alert_id", pa.string(), "Hash of channel and of what is told, so that nothing is told twice.", True),
        Column("channel", pa.string(), "Name of the channel in alerts.yaml.", True),
        Column("kind", pa.string(), "opened, worse, reopened, unmuted, resolved, failed (a task) or digest.", True),
        Column("incident_id", pa.string(), "The incident; NULL for a failed task and a digest."),
        Column("source_id", pa.string(), "The publisher; NULL for what concerns no single one."),
        Column("severity", pa.string(), "critical, warning or info.", True),
        Column("title", pa.string(), "The first line of the message.", True),
        Column("told_at", TIMESTAMP, "When the channel had taken it, UTC.", True),
    ),
)

CANDIDATES = Table(
    "candidates",
    "Stage file of discover: URLs worth fetching. Kept in data/runs/, not in the warehouse.",
    key=("source_id", "url_key"),
    columns=(
        Column("source_id", pa.string(), "The publisher.", True),
        Column("url", pa.string(), "As listed, made absolute.", True),
        Column("url_key", pa.string(), "Its normal form; decides sameness.", True),
        Column("discovered_at", TIMESTAMP, "UTC.", True),
        Column("reason", pa.string(), "new, updated or revisit.", True),
        Column("via", pa.string(), "Feed or sitemap that listed it."),
        Column("via_kind", pa.string(), "rss, atom, jsonfeed, news_sitemap, sitemap or revisit."),
        Column("feed_title", pa.string(), "Title in the feed."),
        Column("feed_published_raw", pa.string(), "Date in the feed, as written."),
        Column("feed_published_at", TIMESTAMP, "Date in the feed, UTC."),
        Column("feed_authors", STRINGS, "Authors in the feed."),
        Column("feed_language", pa.string(), "Language in the feed."),
        Column("article_id", pa.string(), "Set for a revisit."),
        Column("etag", pa.string(), "Validator of the last capture."),
        Column("last_modified", pa.string(), "Validator of the last capture."),
    ),
)

SOURCES = Table(
    "sources",
    "The publishers, as their source files say; only the id of one that has articles but no file any more. "
    "Written anew by each publish.",
    key=("id",),
    columns=(
        Column("id", pa.string(), "The stem of its file in sources/; `source_id` everywhere else.", True),
        Column("name", pa.string(), "As readers know it."),
        Column("country", pa.string(), "ISO 3166-1 alpha-2 code."),
        Column("language", pa.string(), "ISO 639-1 code of most articles."),
        Column("timezone", pa.string(), "IANA name; for dates that state no zone."),
        Column("homepage", pa.string(), "URL of the front page."),
        Column("tags", STRINGS, "Free words to select sources by."),
        Column("owner", pa.string(), "Who answers for its quality."),
        Column("verified", pa.bool_(), "Somebody has run its addresses on line."),
    ),
)

TABLES: Mapping[str, Table] = {
    t.name: t
    for t in (ARTICLES, REVISIONS, FETCHES, REJECTIONS, CHECKS, RUNS, TOMBSTONES, INCIDENTS, SCORECARDS, ALERTS)
}
