"""Great Expectations judges the accepted rows of a batch: a second pair of eyes that knows nothing of the row rules.

The suite is code, the context lives in memory, and the body stays out of the frame. Great Expectations takes about
ten seconds to import, so that it is imported only when there are rows to judge.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from newshouse.records import CheckResult
from newshouse.sources.codes import languages
from newshouse.validate.date_rules import FUTURE_LIMIT
from newshouse.validate.findings import MOST_IDS, check_id
from newshouse.validate.row import TEXT_DUMP

SUITE = "great_expectations"
_ROWS_A_FRAME = 50_000  # 100,000 rows in one frame took 1.4 GB
_FEWEST_PAGES = 20  # a null rate of fewer rows says nothing
_FRAME_COLUMNS = (
    "article_id", "content_hash", "extractor", "url", "title", "published_at", "published_at_precision", "language",
    "language_confidence", "word_count", "access", "confidence", "warc_file",
)  # fmt: skip
_ACCESS = ["free", "metered", "paid", "unknown"]
_PRECISIONS = ["second", "minute", "hour", "day", "month", "year"]


def judge_batch(table: pa.Table, *, run_id: str, batch: str, now: datetime) -> list[CheckResult]:
    """Check results of the suite ``great_expectations``, one an expectation; none for a batch without rows.

    A result says what it found and drops no row. Of a batch above 50,000 rows each part is judged on its own, the
    worst part gives the status, and counts are of the whole.

    Args:
        table: accepted rows, as `ARTICLES.schema("parse")`.
        now: UTC; stands in the results.
    """
    parts: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for start in range(0, table.num_rows, _ROWS_A_FRAME):
        for outcome in _outcomes(table.slice(start, _ROWS_A_FRAME)):
            parts[outcome["check"]].append(outcome)
    return [_check(check, found, run_id, batch, now) for check, found in parts.items()]


def _outcomes(table: pa.Table) -> Iterator[dict[str, Any]]:
    """What each expectation found in one frame: check, severity, threshold, success, counts, ids, error."""
    # Read once, when Great Expectations is imported; it would send usage data to its makers otherwise.
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx  # noqa: PLC0415 - heavy

    context: Any = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    pages = pc.sum(pc.not_equal(table["extractor"], TEXT_DUMP)).as_py()
    suite = gx.ExpectationSuite(name="accepted_rows", expectations=_expectations(pages))
    asset = context.data_sources.add_pandas("batch").add_dataframe_asset("articles")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": _frame(table)})
    form = {"result_format": "COMPLETE", "unexpected_index_column_names": ["article_id"]}
    for result in batch.validate(suite, result_format=form).results:
        numbers, config = result.result, result.expectation_config
        yield {
            "check": config.meta["check"],
            "threshold": config.meta["threshold"],
            "severity": str(config.severity.value),
            "success": result.success,
            "error": _error(result.exception_info),
            "rows": numbers.get("element_count", 0),
            "failed": numbers.get("unexpected_count", 0),
            # The values themselves stay behind: only ids leave.
            "ids": [hit["article_id"] for hit in numbers.get("unexpected_index_list") or ()],
        }


def _frame(table: pa.Table) -> Any:
    """The judged columns as a pandas frame, with two that make a comparison possible."""
    latest = pc.add(table["fetched_at"], pa.scalar(FUTURE_LIMIT, pa.duration("us")))
    first_author = [(authors or [{}])[0].get("name") for authors in table["authors"].to_pylist()]
    frame = table.select(_FRAME_COLUMNS).append_column("latest_published_at", latest)
    return frame.append_column("first_author", pa.array(first_author, pa.string())).to_pandas()


def _expectations(pages: int) -> list[Any]:
    """The suite.

    Args:
        pages: rows that come from a page and not from a text dump.
    """
    import great_expectations.expectations as gxe  # noqa: PLC0415 - heavy
    from great_expectations.expectations.row_conditions import Column  # noqa: PLC0415 - heavy

    expect: Any = gxe  # its names are typed, but not exported

    def about(check: str, threshold: str, severity: str = "critical") -> dict[str, Any]:
        return {"severity": severity, "meta": {"check": check, "threshold": threshold}}

    def filled(column: str, percent: int, severity: str = "warning") -> Any:
        return expect.ExpectColumnValuesToNotBeNull(
            column=column,
            mostly=percent / 100,
            row_condition=Column("extractor") != TEXT_DUMP,
            **about(f"{column}_filled", f"at least {percent} % of pages", severity),
        )

    hours = FUTURE_LIMIT // timedelta(hours=1)
    suite = [
        expect.ExpectColumnValuesToNotBeNull(column="article_id", **about("article_id_present", "every row")),
        expect.ExpectColumnValuesToBeUnique(column="article_id", **about("article_id_unique", "every row")),
        expect.ExpectColumnValuesToNotBeNull(column="content_hash", **about("content_hash_present", "every row")),
        expect.ExpectColumnValuesToNotBeNull(column="warc_file", **about("warc_file_present", "every row")),
        expect.ExpectColumnValuesToMatchRegex(
            column="url", regex=r"^https?://[^\s/]+", **about("url_is_http", "every URL")
        ),
        expect.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="latest_published_at",
            column_B="published_at",
            or_equal=True,
            ignore_row_if="either_value_is_missing",
            **about("published_by_capture", f"published at most {hours} hours after the capture"),
        ),
        expect.ExpectColumnValuesToBeBetween(
            column="confidence", min_value=0, max_value=1, **about("confidence_range", "0 to 1")
        ),
        expect.ExpectColumnValuesToBeInSet(column="access", value_set=_ACCESS, **about("access_known", "known word")),
        expect.ExpectColumnValuesToBeInSet(
            column="published_at_precision",
            value_set=_PRECISIONS,
            **about("precision_known", "second to year"),
        ),
        expect.ExpectColumnValuesToBeInSet(
            column="language", value_set=sorted(languages()), **about("language_is_iso", "ISO 639-1", "warning")
        ),
        expect.ExpectColumnValuesToBeBetween(
            column="language_confidence",
            min_value=0,
            max_value=1,
            **about("language_confidence_range", "0 to 1", "warning"),
        ),
        expect.ExpectColumnValuesToBeBetween(
            column="word_count", min_value=5, max_value=30_000, **about("word_count_range", "5 to 30,000", "warning")
        ),
        expect.ExpectColumnValueLengthsToBeBetween(
            column="title", min_value=3, max_value=300, **about("title_length", "3 to 300 characters", "warning")
        ),
    ]
    if pages >= _FEWEST_PAGES:
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
        threshold=parts[0]["threshold"],
        failed_count=failed,
        row_count=rows,
        failing_ids=tuple(ids[:MOST_IDS]),
        detail=error,
    )
