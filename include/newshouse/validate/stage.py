"""The stage: parsed rows in; accepted rows, quarantined rows and findings out.

Rows are read, judged and handed on a thousand at a time, so that a batch of any size fits into memory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as pa_ds

from newshouse.bodies import with_body_hashes
from newshouse.errors import ContractError
from newshouse.ids import stable_id
from newshouse.records import CheckResult, Rejection
from newshouse.report import Tally, tallies
from newshouse.schemas import ARTICLES
from newshouse.sources.model import Source
from newshouse.storage.files import pieces
from newshouse.urls import url_key
from newshouse.validate import repeats, suite
from newshouse.validate.findings import Judged, rule_checks
from newshouse.validate.repairs import CHANGED, mend
from newshouse.validate.row import COLUMNS, ParsedRow
from newshouse.validate.row_json import dump_row
from newshouse.validate.rules import Verdict, judge

_RECORD_COLUMNS = (*COLUMNS, "article_id", "quality_flags", "word_count", "repairs")
_SCHEMA = ARTICLES.schema("parse")

BatchJudge = Callable[..., list[CheckResult]]


@dataclass(frozen=True, slots=True)
class ValidateResult:
    """What validate gives beside the accepted rows.

    Attributes:
        rejections: one for each quarantined row.
        checks: suites ``rules`` and ``great_expectations``.
        tallies: by source; in = out + rejected.
    """

    rejections: list[Rejection]
    checks: list[CheckResult]
    tallies: dict[str, Tally]


@dataclass(slots=True)
class _Desk:
    """What gathers while the rows go by."""

    tallies: dict[str, Tally]
    judged: list[Judged] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    frames: list[pa.Table] = field(default_factory=list)


def validate_articles(
    parsed: pa_ds.Dataset,
    sources: Mapping[str, Source],
    accept: Callable[[pa.Table], object],
    *,
    run_id: str,
    batch: str,
    now: datetime,
    parsed_counts: Mapping[str, int] | None = None,
    judge_batch: BatchJudge = suite.judge_batch,
) -> ValidateResult:
    """Let every row rule look at every row, then let Great Expectations look at what is left.

    Two articles with the same body both pass: which one came first is only known to the load.

    Args:
        parsed: as `ARTICLES.schema("parse")`; read three times, a part of its columns each.
        sources: the publishers of the batch by id; each gets a tally, even with no row.
        accept: takes the accepted rows, piece by piece and in order, as `ARTICLES.schema("validate")`: mended, tags
            added to `quality_flags`, and with the hash of the body as it is now.
        now: UTC; stands in the rejections and checks.
        parsed_counts: by source, what parse says it gave; None to go without that check.
        judge_batch: judges the accepted rows as a batch; another one in tests that need no batch checks.

    Raises:
        ContractError: another schema, a missing `article_id` or `content_hash`, or one `article_id` twice.
        StorageError: the file that is read is damaged.
    """
    _require_contract(parsed, run_id, batch)
    often = repeats.repeated_paragraphs(pieces(parsed, repeats.COLUMNS))
    desk = _Desk(tallies(sources))
    for read in pieces(parsed, _SCHEMA.names):
        verdicts, piece = _judged(read, sources, often)
        accepted = with_body_hashes(piece.filter(pa.array([not one.quarantined for one in verdicts], pa.bool_())))
        accept(accepted)
        desk.frames.append(suite.frame(accepted))
        _count(desk, verdicts, piece)
        # What is kept out is kept as it was parsed, tags apart: a repair may have left nothing to release.
        place = _SCHEMA.get_field_index("quality_flags")
        parsed_piece = read.set_column(place, _SCHEMA.field(place), piece["quality_flags"])
        desk.rejections += [
            _rejection(verdict, parsed_piece.slice(position, 1), run_id=run_id, batch=batch, now=now)
            for position, verdict in enumerate(verdicts)
            if verdict.quarantined
        ]
    checks = rule_checks(desk.judged, run_id=run_id, batch=batch, now=now)
    frame = pa.concat_tables(desk.frames) if desk.frames else suite.frame(ARTICLES.schema("validate").empty_table())
    funnel = suite.funnel(desk.tallies, parsed_counts)
    checks += judge_batch(frame, funnel, run_id=run_id, batch=batch, now=now)
    return ValidateResult(desk.rejections, checks, desk.tallies)


def _require_contract(parsed: pa_ds.Dataset, run_id: str, batch: str) -> None:
    where = f"validate {run_id}/{batch}"
    if not parsed.schema.equals(_SCHEMA):
        odd = sorted({field.name for field in set(parsed.schema) ^ set(_SCHEMA)}) or ["the order of the columns"]
        raise ContractError(f"{where}: not the schema of parse: {', '.join(odd)}. Run parse again for this batch.")
    names = ["article_id", "content_hash"]
    table = pa.concat_tables([_SCHEMA.empty_table().select(names), *pieces(parsed, names)])
    for name in table.column_names:
        if table[name].null_count:
            raise ContractError(f"{where}: {table[name].null_count} rows have no {name}. This is a bug in parse.")
    counts = pc.value_counts(table["article_id"])
    twice = [pair["values"] for pair in counts.filter(pc.greater(counts.field("counts"), 1)).to_pylist()]
    if twice:
        raise ContractError(f"{where}: {len(twice)} article_ids stand in several rows, such as {twice[0]}.")


def _judged(
    piece: pa.Table, sources: Mapping[str, Source], often: Mapping[str, frozenset[int]]
) -> tuple[list[Verdict], pa.Table]:
    """Verdicts, and the piece with its rows mended and tagged."""
    verdicts, records, changed = [], piece.select(_RECORD_COLUMNS).to_pylist(), {"quality_flags"}
    for record in records:
        source_id = record["source_id"]
        row = ParsedRow.read(record, sources.get(source_id), often.get(source_id, frozenset()))
        verdict = judge(row)
        verdicts.append(verdict)
        known = [flag for flag in record["quality_flags"] or () if flag]
        record["quality_flags"] = list(dict.fromkeys([*known, *verdict.tags]))
        if verdict.mended:
            mend(record, row, verdict.mended)
            changed.update(CHANGED)
    for name in sorted(changed):
        place = _SCHEMA.get_field_index(name)
        values = pa.array((record[name] for record in records), _SCHEMA.field(name).type)
        piece = piece.set_column(place, _SCHEMA.field(name), values)
    return verdicts, piece


def _count(desk: _Desk, verdicts: Sequence[Verdict], piece: pa.Table) -> None:
    ids, source_ids = piece["article_id"].to_pylist(), piece["source_id"].to_pylist()
    sizes = pc.fill_null(pc.binary_length(piece["body"]), 0).to_pylist()
    for verdict, article_id, source_id, size_bytes in zip(verdicts, ids, source_ids, sizes, strict=True):
        desk.judged.append(Judged(article_id, source_id, verdict.quarantined, verdict.tags, verdict.warned))
        tally = desk.tallies.setdefault(source_id, Tally())
        tally.in_count += 1
        tally.bytes += size_bytes
        if verdict.quarantined:
            tally.reject(verdict.quarantined[0])
        else:
            tally.out_count += 1


def _rejection(verdict: Verdict, row: pa.Table, *, run_id: str, batch: str, now: datetime) -> Rejection:
    names = ("source_id", "article_id", "url", "final_url", "warc_file", "warc_offset", "warc_length")
    (known,) = row.select(names).to_pylist()
    address, key = known.pop("final_url") or known["url"], None
    with suppress(ValueError):  # a URL without a normal form may be the very reason
        key = url_key(address) if address else None
    return Rejection(
        rejection_id=stable_id(run_id, "validate", known["article_id"]),
        run_id=run_id,
        batch=batch,
        stage="validate",
        reasons=verdict.quarantined,
        rejected_at=now,
        detail=verdict.detail,
        url_key=key,
        row_json=dump_row(row),
        **known,
    )
