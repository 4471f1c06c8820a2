"""Synthetic articles of realistic text, the same for the same seed: what the warehouse is measured with.

Words follow Zipf's law in made-up vocabularies of six languages (Latin, Cyrillic and Japanese script), texts have the
lengths of news (median 330 words), sources differ in size, one body in twenty is a copy of another, and feeds list
yesterday's articles again. Nothing of it was ever published by anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from newshouse.bodies import with_body_hashes
from newshouse.ids import article_id, stable_id
from newshouse.layout import DataLayout
from newshouse.report import StageReport, Tally
from newshouse.schemas import ARTICLES, CHECKS, FETCHES, REJECTIONS, TIMESTAMP
from newshouse.storage.files import write_parquet

FIRST_DAY = datetime(2025, 11, 23, tzinfo=UTC)
DAYS = 365
SOURCES = 60
WORDS = 20_000  # a language
COPIES = 0.05  # of the bodies of a day
_MEDIAN_WORDS, _SPREAD = 330, 0.6  # log-normal, as the lengths of news are
_SENTENCE, _PARAGRAPH = 17, 45  # words, on average
_HEADLINE = 9
_LATIN = ("b c d f g h l m n p r s t v w st tr pl ch sh", "a e i o u ea ie ou", "n r s t l nd ck m")
_SYLLABLES = {
    "en": _LATIN,
    "de": ("b d f g h k l m n r s t w z sch st pf", "a e i o u ei ie au ü ä", "n r t ch ng s rt cht"),
    "fr": ("b c d f j l m n p r s t v ch qu", "a e i o u é ou eau ai", "r s t nt lle que"),
    "es": ("b c d f g j l m n p r s t v ll", "a e i o u á ó ie", "s n r ción dad"),
    "ru": ("б в г д ж з к л м н п р с т х ч ш", "а е и о у ы я ё", "н т л сть ний р"),
    "ja": ("政 経 国 新 大 会 社 東 北 地 発 市 場 日 本", "の を に は が と で", "る した って ます 性 的"),
}
_SHARES = (0.45, 0.15, 0.12, 0.12, 0.08, 0.08)
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Newsroom:
    """All publishers together.

    Attributes:
        seed: the same seed gives the same articles.
        articles_a_day: over all sources.
    """

    seed: int = 1
    articles_a_day: int = 2740  # a million in a year

    def day(self, number: int) -> pa.Table:
        """The articles of one day, fetched within the hour of publication, as `ARTICLES.schema("parse")`."""
        return _articles(np.random.default_rng([self.seed, number]), number, self.articles_a_day, f"day-{number:04}")

    def days(self, numbers: range) -> pa.Table:
        """The articles of several days."""
        return pa.concat_tables([self.day(number) for number in numbers]).combine_chunks()

    def listed_again(self, today: int, count: int, *, changed: float, uniform: bool = False) -> pa.Table:
        """Articles of earlier days that a feed lists today.

        Args:
            changed: share whose words changed.
            uniform: of any day alike; else three of four are of yesterday, and so on, as in feeds.
        """
        rng = np.random.default_rng([self.seed, today, 7])
        ages = rng.integers(1, today + 1, count) if uniform else rng.geometric(0.75, count)
        days, counts = np.unique(np.maximum(today - ages, 0), return_counts=True)
        parts = []
        for day, wanted in zip(days.tolist(), counts.tolist(), strict=True):
            rows = self.day(day)
            parts.append(rows.take(np.sort(rng.choice(rows.num_rows, min(wanted, rows.num_rows), replace=False))))
        return _later(pa.concat_tables(parts).combine_chunks(), rng, today, changed)


def leave(layout: DataLayout, run_id: str, rows: pa.Table, now: datetime) -> None:
    """Write the stage files of a run of one batch that accepted these rows, one exchange each, as the stages do."""
    rows = _set(rows, "run_id", pa.repeat(pa.scalar(run_id), rows.num_rows))
    folder = layout.run(run_id).batch("00")
    write_parquet(folder.accepted, with_body_hashes(rows))
    write_parquet(folder.fetches("fetch"), exchanges(run_id, rows))
    write_parquet(folder.checks, CHECKS.schema().empty_table())
    counts = pc.value_counts(rows["source_id"].combine_chunks()).to_pylist()
    tallies = {item["values"]: Tally(in_count=item["counts"], out_count=item["counts"]) for item in counts}
    for stage in ("discover", "fetch", "parse", "validate"):
        write_parquet(folder.rejections(stage), REJECTIONS.schema().empty_table())
        StageReport(run_id, stage, "00", tallies, 1.0, now).write(folder.report(stage))


def exchanges(run_id: str, rows: pa.Table) -> pa.Table:
    """The rows of `fetches` that brought these articles."""
    urls = rows["url"].to_pylist()
    count = rows.num_rows
    constant = {"run_id": run_id, "batch": "00", "purpose": "article", "status": 200, "outcome": "fetched"}
    constant |= {"attempts": 1, "duration_seconds": 0.4, "body_bytes": 80_000, "content_type": "text/html"}
    columns = {name: pa.repeat(pa.scalar(value), count) for name, value in constant.items()}
    columns |= {name: rows[name] for name in ("source_id", "url", "final_url", "warc_file", "warc_offset")}
    columns |= {"warc_length": rows["warc_length"], "requested_at": rows["fetched_at"], "url_key": rows["url"]}
    columns["fetch_id"] = pa.array([stable_id(run_id, "00", "article", url) for url in urls])
    columns["host"] = rows["domain"]
    columns["etag"] = pa.array([f'"{url[-12:]}"' for url in urls])
    columns["payload_digest"] = pa.array([f"sha256:{stable_id(url)}{stable_id(url, run_id)}" for url in urls])
    schema = FETCHES.schema("parse")
    return pa.table([_as(columns.get(field.name), field, count) for field in schema], schema=schema)


def _articles(rng: np.random.Generator, day: int, count: int, run_id: str) -> pa.Table:
    sources = np.sort(np.minimum(rng.zipf(1.3, count) - 1 + rng.integers(0, 3, count), SOURCES - 1))
    seconds = np.sort(rng.integers(0, 86_400, count))
    published = (FIRST_DAY + timedelta(days=day)).timestamp() + rng.permutation(seconds)
    languages = np.searchsorted(np.cumsum(_SHARES), (sources * 0.618034) % 1 * 0.999999)
    lengths = np.clip(rng.lognormal(np.log(_MEDIAN_WORDS), _SPREAD, count), 30, 4000).astype(np.int64)
    names = [f"source-{number:02}" for number in sources]
    urls = [f"https://www.{name}.example/{day // 30:02}/{day:03}/{_slug(rng)}-{i}" for i, name in enumerate(names)]
    body, paragraphs = _texts(rng, languages, lengths)
    copied = np.arange(count)
    copies = rng.random(count) < COPIES
    copied[copies] = rng.integers(0, count, int(copies.sum()))
    order = pa.array(copied)
    titles, subtitles = (_lines(rng, languages, size) for size in (_HEADLINE, 2 * _HEADLINE))
    authors = _names(rng, languages, count)
    ids = [article_id(url) for url in urls]
    fetched = published + rng.integers(60, 3600, count)
    columns = {
        "article_id": pa.array(ids),
        "source_id": pa.array(names),
        **dict.fromkeys(("url", "final_url", "canonical_url"), pa.array(urls)),
        "domain": pa.array([f"{name}.example" for name in names]),
        "title": titles,
        "subtitle": pc.if_else(pa.array(rng.random(count) < 0.5), subtitles, None),
        "section": pa.array(np.array(["politics", "economy", "sport", "culture", "world"])[rng.integers(0, 5, count)]),
        "tags": _tags(rng, languages, count),
        "published_at": _times(published),
        "published_at_raw": pc.strftime(_times(published), format="%Y-%m-%dT%H:%M:%S+00:00"),
        "published_at_precision": pa.repeat(pa.scalar("second"), count),
        "published_at_utc_offset_min": pa.repeat(pa.scalar(0), count),
        "published_at_origin": pa.repeat(pa.scalar("jsonld"), count),
        "byline": authors,
        "authors": _people(authors),
        "media": _pictures(urls, titles),
        "body": body.take(order),
        "paragraphs": paragraphs.take(order),
        "language": pa.array(np.array(list(_SYLLABLES))[languages]),
        "word_count": pa.array(lengths[copied]),
        "access": pa.repeat(pa.scalar("free"), count),
        "extractor": pa.repeat(pa.scalar("newshouse"), count),
        "confidence": pa.array(np.round(rng.beta(9, 1, count), 2)),
        "parser_version": pa.repeat(pa.scalar("1"), count),
        "field_origin": _origins(count),
        "content_hash": pa.array([stable_id("first", key) for key in ids]),
        "fetched_at": _times(fetched),
        "warc_file": pa.repeat(pa.scalar(f"{FIRST_DAY + timedelta(days=day):%Y-%m-%d}/day-00-fetch.warc.gz"), count),
        "warc_offset": pa.array(np.arange(count) * 23_000),
        "warc_length": pa.array(rng.integers(15_000, 30_000, count)),
        "run_id": pa.repeat(pa.scalar(run_id), count),
    }
    schema = ARTICLES.schema("parse")
    return pa.table([_as(columns.get(field.name), field, count) for field in schema], schema=schema)


def _later(rows: pa.Table, rng: np.random.Generator, today: int, changed: float) -> pa.Table:
    """The same articles as captured today, after their first capture; some with a new headline and hash."""
    start = (FIRST_DAY + timedelta(days=today)).timestamp()
    captured = start + rng.integers(0, 86_400, rows.num_rows)
    # What was published before midnight may have been captured after it, by the run of yesterday.
    earlier = rows["fetched_at"].cast(pa.int64()).to_numpy() / 1_000_000
    rows = _set(rows, "fetched_at", _times(np.maximum(captured, earlier + 60)))
    new = pa.array(rng.random(rows.num_rows) < changed)
    titles = pc.binary_join_element_wise(rows["title"], pa.scalar(f"– {today}"), " ")
    hashes = pa.array([stable_id(str(today), key) for key in rows["article_id"].to_pylist()])
    rows = _set(rows, "title", pc.if_else(new, titles, rows["title"]))
    return _set(rows, "content_hash", pc.if_else(new, hashes, rows["content_hash"]))


@cache
def _vocabulary() -> pa.Array:
    """All words of all languages: plain, then beginning a sentence, then ending one."""
    rng = np.random.default_rng(0)
    plain: list[str] = []
    for starts, middles, ends in _SYLLABLES.values():
        parts = [np.array(part.split()) for part in (starts, middles, ends)]
        words: dict[str, None] = {}
        while len(words) < WORDS:
            syllables = 1 + int(rng.geometric(0.5))
            word = "".join(rng.choice(parts[0]) + rng.choice(parts[1]) for _ in range(min(syllables, 5)))
            words[word + (str(rng.choice(parts[2])) if rng.random() < 0.6 else "")] = None
        plain += sorted(words, key=len)  # the common words are short
    return pa.array([*plain, *(word.capitalize() for word in plain), *(f"{word}." for word in plain)])


def _draw(rng: np.random.Generator, languages: Ints, lengths: Ints) -> Ints:
    """Words of texts of these lengths, one after the other: rank r with a chance of 1/r."""
    ranks = np.exp(rng.random(int(lengths.sum())) * np.log(WORDS)).astype(np.int64) - 1
    return ranks + np.repeat(languages * WORDS, lengths)


def _texts(rng: np.random.Generator, languages: Ints, lengths: Ints) -> tuple[pa.Array, pa.Array]:
    words = _draw(rng, languages, lengths)
    total = len(_SYLLABLES) * WORDS
    bounds = np.concatenate([[0], np.cumsum(lengths)])
    ends = rng.random(len(words)) < 1 / _SENTENCE
    ends[bounds[1:] - 1] = True
    begins = np.concatenate([[True], ends[:-1]])
    # A paragraph ends with a sentence.
    breaks = ends & (rng.random(len(words)) < _SENTENCE / _PARAGRAPH)
    breaks[bounds[1:] - 1] = True
    words += np.where(ends, 2 * total, np.where(begins, total, 0))
    cuts = np.concatenate([[0], np.flatnonzero(breaks) + 1])
    texts = _joined(words, cuts, " ")
    offsets = pa.array(np.searchsorted(cuts, bounds), pa.int32())
    first = np.zeros(len(texts), bool)
    first[np.searchsorted(cuts, bounds[:-1])] = True
    kinds = pc.if_else(pa.array(first), "lead", "text")
    body = pc.binary_join(pa.ListArray.from_arrays(offsets, texts), "\n\n")
    return body, pa.ListArray.from_arrays(offsets, pa.StructArray.from_arrays([kinds, texts], ["kind", "text"]))


def _joined(words: Ints, cuts: Ints, separator: str) -> pa.Array:
    found = _vocabulary().take(pa.array(words))
    return pc.binary_join(pa.ListArray.from_arrays(pa.array(cuts, pa.int32()), found), separator)


def _lines(rng: np.random.Generator, languages: Ints, words: int) -> pa.Array:
    lengths = rng.poisson(words - 3, len(languages)) + 3
    ranks = _draw(rng, languages, lengths)
    cuts = np.concatenate([[0], np.cumsum(lengths)])
    ranks[cuts[:-1]] += len(_SYLLABLES) * WORDS
    return _joined(ranks, cuts, " ")


def _names(rng: np.random.Generator, languages: Ints, count: int) -> pa.Array:
    """Some hundred people a language."""
    total = len(_SYLLABLES) * WORDS
    picks = rng.integers(2000, 2030, (count, 2)) + languages[:, None] * WORDS + total
    return _joined(picks.ravel(), np.arange(0, 2 * count + 1, 2), " ")


def _tags(rng: np.random.Generator, languages: Ints, count: int) -> pa.Array:
    lengths = rng.integers(0, 6, count)
    picks = rng.integers(500, 1500, int(lengths.sum())) + np.repeat(languages * WORDS, lengths)
    offsets = pa.array(np.concatenate([[0], np.cumsum(lengths)]), pa.int32())
    return pa.ListArray.from_arrays(offsets, _vocabulary().take(pa.array(picks)))


def _people(names: pa.Array) -> pa.Array:
    count = len(names)
    nothing = pa.nulls(count, pa.string())
    people = pa.StructArray.from_arrays([names, nothing, nothing], ["name", "role", "organisation"])
    return pa.ListArray.from_arrays(pa.array(np.arange(count + 1), pa.int32()), people)


def _pictures(urls: list[str], titles: pa.Array) -> pa.Array:
    count = len(urls)
    addresses = pa.array([f"{url}/lead.jpg" for url in urls])
    nothing = pa.nulls(count, pa.string())
    fields = [pa.repeat(pa.scalar("image"), count), addresses, titles, nothing, nothing]
    pictures = pa.StructArray.from_arrays(fields, ["type", "url", "alt", "caption", "credit"])
    return pa.ListArray.from_arrays(pa.array(np.arange(count + 1), pa.int32()), pictures)


def _origins(count: int) -> pa.Array:
    origins = {"title": "jsonld", "published_at": "jsonld", "byline": "jsonld", "body": "html", "language": "html"}
    offsets = pa.array(np.arange(0, count * len(origins) + 1, len(origins)), pa.int32())
    return pa.MapArray.from_arrays(offsets, pa.array(list(origins) * count), pa.array(list(origins.values()) * count))


def _slug(rng: np.random.Generator) -> str:
    return f"{rng.integers(0, 2**48):012x}"


def _times(seconds: npt.NDArray[np.float64]) -> pa.Array:
    return pa.array((seconds * 1_000_000).astype(np.int64)).cast(TIMESTAMP)


def _set(rows: pa.Table, name: str, values: pa.Array | pa.ChunkedArray) -> pa.Table:
    index = rows.schema.get_field_index(name)
    return rows.set_column(index, rows.schema.field(index), values.cast(rows.schema.field(index).type))


def _as(values: pa.Array | None, field: pa.Field, count: int) -> pa.Array | pa.ChunkedArray:
    return pa.nulls(count, field.type) if values is None else values.cast(field.type)
