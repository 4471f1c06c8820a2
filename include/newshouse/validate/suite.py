"""Great Expectations judges the accepted rows of a batch: a second pair of eyes that knows nothing of the row rules.

The suite is code, the context lives in memory, and the body stays out of the frame. Great Expectations takes seconds to
import, so that it is imported only when there are rows to judge, and without what this suite never calls.
"""

from __future__ import annotations

import os
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from importlib.util import LazyLoader, find_spec, module_from_spec
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from newshouse.records import CheckResult
from newshouse.report import Tally
from newshouse.sources.codes import languages
from newshouse.validate.date_rules import FUTURE_LIMIT
from newshouse.validate.findings import FEWEST_ROWS, MOST_IDS, MOST_QUARANTINED_PERCENT, check_id
from newshouse.validate.row import TEXT_DUMP

SUITE = "great_expectations"
_ROWS_A_FRAME = 20_000  # 100,000 rows in one frame took 1.4 GB
_FEWEST_PAGES = 20  # a null rate of fewer rows says nothing
_MOST_COPIES_PERCENT = 10  # of a batch; a wire story that several publishers print is normal
_FRAME_COLUMNS = (
    "article_id", "content_hash", "extractor", "url", "title", "published_at", "published_at_precision", "language",
    "language_confidence", "word_count", "access", "confidence", "warc_file", "body_hash",
)  # fmt: skip
_ADDED = ("latest_published_at", "first_author")
_ACCESS = ["free", "metered", "paid", "unknown"]
_PRECISIONS = ["second", "minute", "hour", "day", "month", "year"]


def frame(table: pa.Table) -> pa.Table:
    """What the suite looks at: the columns that it judges, no bodies, and two that make a comparison possible.

    Args:
        table: accepted rows, as `ARTICLES.schema("validate")`.
    """
    latest = pc.add(table["fetched_at"], pa.scalar(FUTURE_LIMIT, pa.duration("us")))
    first_author = [(authors or [{}])[0].get("name") for authors in _known(table["authors"])]
    columns = (latest, pa.array(first_author, pa.string()))
    judged = table.select(_FRAME_COLUMNS)
    for name, column in zip(_ADDED, columns, strict=True):
        judged = judged.append_column(name, column)
    return judged


def _known(authors: pa.ChunkedArray) -> Iterator[list[dict[str, Any]]]:
    return ([author for author in row or () if author] for row in authors.to_pylist())


def funnel(tallies: Mapping[str, Tally], parsed_counts: Mapping[str, int] | None) -> pa.Table:
    """One row a source that had rows: what parse gave, what was judged, and how the judged rows ended.

    Args:
        tallies: of this stage.
        parsed_counts: by source; None when nobody counted: then what was judged stands in.
    """
    rows = []
    for source_id in sorted({*tallies, *(parsed_counts or ())}):
        tally = tallies.get(source_id, Tally())
        parsed = tally.in_count if parsed_counts is None else parsed_counts.get(source_id, 0)
        if parsed or tally.in_count:
            ended = tally.out_count + tally.rejected_count
            share = 100 * tally.rejected_count / tally.in_count if tally.in_count >= FEWEST_ROWS else None
            rows.append((source_id, parsed, tally.in_count, ended, share))
    columns = zip(*rows, strict=True) if rows else ((),) * len(_FUNNEL)
    return pa.table([pa.array(c, f.type) for c, f in zip(columns, _FUNNEL, strict=True)], schema=_FUNNEL)


_FUNNEL = pa.schema(
    [
        ("source_id", pa.string()),
        ("parsed", pa.int64()),
        ("judged", pa.int64()),
        ("ended", pa.int64()),
        ("quarantined_percent", pa.float64()),
    ]
)


def judge_batch(frame: pa.Table, funnel: pa.Table, *, run_id: str, batch: str, now: datetime) -> list[CheckResult]:
    """Check results of the suite ``great_expectations``, one an expectation; none for a batch without rows.

    A result says what it found and drops no row. Of a batch above 20,000 rows each part is judged on its own, the
    worst part gives the status, and counts are of the whole. Failing ids are article ids, of the funnel source ids.

    Args:
        frame: see `frame`.
        funnel: see `funnel`.
        now: UTC; stands in the results.
    """
    parts: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for start in range(0, frame.num_rows, _ROWS_A_FRAME):
        part = frame.slice(start, _ROWS_A_FRAME)
        for outcome in _outcomes(part, _expectations(_pages(part)), "article_id"):
            parts[outcome["check"]].append(outcome)
    if funnel.num_rows:
        for outcome in _outcomes(funnel, _funnel_expectations(), "source_id"):
            parts[outcome["check"]].append(outcome)
    return [_check(check, found, run_id, batch, now) for check, found in parts.items()]


def _pages(frame: pa.Table) -> int:
    """Rows that come from a page and not from a text dump."""
    return pc.sum(pc.not_equal(frame["extractor"], TEXT_DUMP)).as_py() or 0


def _outcomes(table: pa.Table, expectations: list[Any], key: str) -> Iterator[dict[str, Any]]:
    """What each expectation found in one frame: check, severity, threshold, success, counts, ids, error."""
    gx: Any = _great_expectations()
    context: Any = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    suite = gx.ExpectationSuite(name="accepted_rows", expectations=expectations)
    asset = context.data_sources.add_pandas("batch").add_dataframe_asset("rows")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": table.to_pandas()})
    form = {"result_format": "COMPLETE", "unexpected_index_column_names": [key]}
    for result in batch.validate(suite, result_format=form).results:
        numbers, config = result.result, result.expectation_config
        yield {
            "check": config.meta["check"],
            "threshold": config.meta["threshold"],
            "severity": str(config.severity.value),
            "success": result.success,
            "error": _error(result.exception_info),
            "rows": numbers.get("element_count", table.num_rows),
            "failed": numbers.get("unexpected_count", 0),
            # The values themselves stay behind: only ids leave.
            "ids": [hit[key] for hit in numbers.get("unexpected_index_list") or ()],
        }


def _great_expectations() -> Any:
    # Read once, when Great Expectations is imported; it would send usage data to its makers otherwise.
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    _import_when_used("scipy", "stats")
    import great_expectations as gx  # noqa: PLC0415 - heavy

    return gx


def _import_when_used(package: str, name: str) -> None:
    """Put a module in its place that is read only when somebody takes something from it (`importlib.util.LazyLoader`).

    Statistics are a third of what Great Expectations takes to import, for expectations that this suite has not.
    """
    full = f"{package}.{name}"
    spec = None if full in sys.modules else find_spec(full)
    if spec is None or spec.loader is None:
        return
    spec.loader = LazyLoader(spec.loader)
    sys.modules[full] = module = module_from_spec(spec)
    spec.loader.exec_module(module)
    setattr(sys.modules[package], name, module)  # as an import does


def _about(check: str, threshold: str, severity: str = "critical") -> dict[str, Any]:
    return {"severity": severity, "meta": {"check": check, "threshold": threshold}}


def _funnel_expectations() -> list[Any]:
    """Nothing vanishes between parse and load, and no source loses a fifth of its rows."""
    expect: Any = _great_expectations().expectations
    return [
        expect.ExpectColumnPairValuesToBeEqual(
            column_A="parsed", column_B="judged", **_about("funnel_from_parse", "as many rows as parse gave")
        ),
        expect.ExpectColumnPairValuesToBeEqual(
            column_A="judged", column_B="ended", **_about("funnel_balance", "accepted + quarantined = judged")
        ),
        expect.ExpectColumnValuesToBeBetween(
            column="quarantined_percent",
            max_value=MOST_QUARANTINED_PERCENT,
            **_about(
                "quarantine_within_limit",
                f"at most {MOST_QUARANTINED_PERCENT} % of a source, judged from {FEWEST_ROWS} rows on",
                "info",  # `quarantine_rate` says so of each source, and opens the incident
            ),
        ),
    ]


def _expectations(pages: int) -> list[Any]:
    """The suite.

    Args:
        pages: rows that come from a page and not from a text dump.
    """
    expect: Any = _great_expectations().expectations  # its names are typed, but not exported
    from great_expectations.expectations.row_conditions import Column  # noqa: PLC0415 - heavy

    def filled(column: str, percent: int, severity: str = "warning") -> Any:
        return expect.ExpectColumnValuesToNotBeNull(
            column=column,
            mostly=percent / 100,
            row_condition=Column("extractor") != TEXT_DUMP,
            **_about(f"{column}_filled", f"at least {percent} % of pages", severity),
        )

    hours = FUTURE_LIMIT // timedelta(hours=1)
    suite = [
        expect.ExpectTableColumnsToMatchSet(
            column_set=[*_FRAME_COLUMNS, *_ADDED], **_about("columns_complete", "the columns of the schema")
        ),
        expect.ExpectColumnValuesToNotBeNull(column="article_id", **_about("article_id_present", "every row")),
        expect.ExpectColumnValuesToBeUnique(column="article_id", **_about("article_id_unique", "every row")),
        expect.ExpectColumnValuesToNotBeNull(column="content_hash", **_about("content_hash_present", "every row")),
        expect.ExpectColumnValuesToNotBeNull(column="warc_file", **_about("warc_file_present", "every row")),
        expect.ExpectColumnValuesToMatchRegex(
            column="url", regex=r"^https?://[^\s/]+", **_about("url_is_http", "every URL")
        ),
        expect.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="latest_published_at",
            column_B="published_at",
            or_equal=True,
            ignore_row_if="either_value_is_missing",
            **_about("published_by_capture", f"published at most {hours} hours after the capture"),
        ),
        expect.ExpectColumnValuesToBeBetween(
            column="confidence", min_value=0, max_value=1, **_about("confidence_range", "0 to 1")
        ),
        expect.ExpectColumnValuesToBeInSet(column="access", value_set=_ACCESS, **_about("access_known", "known word")),
        expect.ExpectColumnValuesToBeInSet(
            column="published_at_precision",
            value_set=_PRECISIONS,
            **_about("precision_known", "second to year"),
        ),
        expect.ExpectColumnValuesToBeInSet(
            column="language", value_set=sorted(languages()), **_about("language_is_iso", "ISO 639-1", "warning")
        ),
        expect.ExpectColumnValuesToBeBetween(
            column="language_confidence",
            min_value=0,
            max_value=1,
            **_about("language_confidence_range", "0 to 1", "warning"),
        ),
        expect.ExpectColumnValuesToBeBetween(
            column="word_count", min_value=5, max_value=30_000, **_about("word_count_range", "5 to 30,000", "warning")
        ),
        expect.ExpectColumnValueLengthsToBeBetween(
            column="title", min_value=3, max_value=300, **_about("title_length", "3 to 300 characters", "warning")
        ),
    ]
    if pages >= _FEWEST_PAGES:
        suite.append(
            expect.ExpectColumnValuesToBeUnique(
                column="body_hash",
                mostly=1 - _MOST_COPIES_PERCENT / 100,
                **_about("same_body", f"at most {_MOST_COPIES_PERCENT} % of bodies stand in several rows", "warning"),
            )
        )
        suite += [filled("title", 99), filled("url", 99), filled("language", 95), filled("published_at", 80)]
        suite.append(filled("first_author", 20, "info"))
    return suite


def _error(exception_info: dict[str, Any]) -> str | None:
    """What an expectation raised, in words. The information is flat, or nested under the name of a metric."""
    for info in (exception_info, *(value for value in exception_info.values() if isinstance(value, dict))):
        if info.get("raised_exception"):
            return str(info.get("exception_message"))
    return None


def _check(check: str, parts: Sequence[dict[str, Any]], run_id: str, batch: str, now: datetime) -> CheckResult:
    rows, failed = (sum(part[name] for part in parts) for name in ("rows", "failed"))
    ids = sorted({article_id for part in parts for article_id in part["ids"] if isinstance(article_id, str)})
    error = next((part["error"] for part in parts if part["error"]), None)
    return CheckResult(
        check_id=check_id(run_id, batch, None, SUITE, check),
        run_id=run_id,
        batch=batch,
        source_id=None,
        check_name=check,
        suite=SUITE,
        severity=parts[0]["severity"],
        status="error" if error else "pass" if all(part["success"] for part in parts) else "fail",
        checked_at=now,
        value=100 * failed / rows if rows else 0.0,
        threshold=f"{parts[0]['threshold']} (measured: % of rows that fail)",
        failed_count=failed,
        row_count=rows,
        failing_ids=tuple(ids[:MOST_IDS]),
        detail=error,
    )
