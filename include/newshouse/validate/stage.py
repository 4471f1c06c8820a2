"""The stage: parsed rows in; accepted rows, quarantined rows and findings out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from newshouse.errors import ContractError
from newshouse.ids import stable_id
from newshouse.records import CheckResult, Rejection
from newshouse.report import Tally, tallies
from newshouse.schemas import ARTICLES, STRINGS
from newshouse.sources.model import Source
from newshouse.urls import url_key
from newshouse.validate.findings import Judged, rule_checks
from newshouse.validate.row import COLUMNS, ParsedRow
from newshouse.validate.row_json import dump_row
from newshouse.validate.rules import Verdict, judge
from newshouse.validate.suite import judge_batch

_ROWS_AT_A_TIME = 1000  # as Python objects; bounds the memory for any size of batch
_RECORD_COLUMNS = (*COLUMNS, "article_id", "quality_flags")

BatchJudge = Callable[..., list[CheckResult]]


@dataclass(frozen=True, slots=True)
class ValidateResult:
    """What validate gives.

    Attributes:
        accepted: the rows that may be loaded, schema as parsed, tags added to `quality_flags`.
        rejections: one for each quarantined row.
        checks: suites ``rules`` and ``great_expectations``.
        tallies: by source; in = out + rejected.
    """

    accepted: pa.Table
    rejections: list[Rejection]
    checks: list[CheckResult]
    tallies: dict[str, Tally]


def validate_articles(
    table: pa.Table,
    sources: Mapping[str, Source],
    *,
    run_id: str,
    batch: str,
    now: datetime,
    judge_batch: BatchJudge = judge_batch,
) -> ValidateResult:
    """Let every row rule look at every row, then let Great Expectations look at what is left.

    Two articles with the same body both pass: which one came first is only known to the load.

    Args:
        table: as `ARTICLES.schema("parse")`.
        sources: the publishers of the batch by id; each gets a tally, even with no row.
        now: UTC; stands in the rejections and checks.
        judge_batch: judges the accepted rows as a batch; another one in tests that need no batch checks.

    Raises:
        ContractError: another schema, a missing `article_id` or `content_hash`, or one `article_id` twice.
    """
    _require_contract(table, run_id, batch)
    judged = list(_judge_rows(table, sources))
    flags = pa.array([row.flags for row in judged], STRINGS)
    tagged = table.set_column(table.schema.get_field_index("quality_flags"), table.schema.field("quality_flags"), flags)
    accepted = tagged.filter(pa.array([not row.verdict.quarantined for row in judged], pa.bool_()))
    rejections = [
        _rejection(row.verdict, tagged.slice(position, 1), run_id=run_id, batch=batch, now=now)
        for position, row in enumerate(judged)
        if row.verdict.quarantined
    ]
    checks = rule_checks(judged, run_id=run_id, batch=batch, now=now)
    checks += judge_batch(accepted, run_id=run_id, batch=batch, now=now)
    return ValidateResult(accepted, rejections, checks, _tallies(table, judged, sources))


def _require_contract(table: pa.Table, run_id: str, batch: str) -> None:
    where = f"validate {run_id}/{batch}"
    wanted = ARTICLES.schema("parse")
    if not table.schema.equals(wanted):
        odd = sorted({field.name for field in set(table.schema) ^ set(wanted)}) or ["the order of the columns"]
        raise ContractError(f"{where}: not the schema of parse: {', '.join(odd)}. Run parse again for this batch.")
    for name in ("article_id", "content_hash"):
        if table[name].null_count:
            raise ContractError(f"{where}: {table[name].null_count} rows have no {name}. This is a bug in parse.")
    counts = pc.value_counts(table["article_id"])
    twice = [pair["values"] for pair in counts.filter(pc.greater(counts.field("counts"), 1)).to_pylist()]
    if twice:
        raise ContractError(f"{where}: {len(twice)} article_ids stand in several rows, such as {twice[0]}.")


def _judge_rows(table: pa.Table, sources: Mapping[str, Source]) -> Iterator[Judged]:
    columns = table.select(_RECORD_COLUMNS)
    for start in range(0, table.num_rows, _ROWS_AT_A_TIME):
        for record in columns.slice(start, _ROWS_AT_A_TIME).to_pylist():
            source_id = record["source_id"]
            verdict = judge(ParsedRow.read(record, sources.get(source_id)))
            known = [flag for flag in record["quality_flags"] or () if flag]
            yield Judged(record["article_id"], source_id, tuple(dict.fromkeys([*known, *verdict.tags])), verdict)


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


def _tallies(table: pa.Table, judged: Sequence[Judged], sources: Mapping[str, Source]) -> dict[str, Tally]:
    counts: dict[str, Tally] = defaultdict(Tally, tallies(sources))
    sizes = pc.fill_null(pc.binary_length(table["body"]), 0).to_pylist()
    for row, size in zip(judged, sizes, strict=True):
        tally = counts[row.source_id]
        tally.in_count += 1
        tally.bytes += size
        if row.verdict.quarantined:
            tally.reject(row.verdict.quarantined[0])
        else:
            tally.out_count += 1
    return dict(counts)
