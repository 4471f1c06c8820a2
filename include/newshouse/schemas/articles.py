"""What parse and load make: articles, their versions, and what is left of those that were forgotten."""

from __future__ import annotations

import pyarrow as pa

from newshouse.schemas.table import STRINGS, TIMESTAMP, Column, Table, provenance

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
        *provenance(),
        Column("run_id", pa.string(), "The run that wrote this revision.", True),
        Column("body_hash", pa.string(), "Hash of the body alone; NULL for an empty one.", filled_by="validate"),
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
        *provenance(),
        Column("run_id", pa.string(), "The run that wrote it.", True),
        Column("month", pa.string(), "Partition: month of fetched_at, YYYY-MM.", True),
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
