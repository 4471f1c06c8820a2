from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.dataset as pa_ds
import pytest

from newshouse.bodies import with_body_hashes
from newshouse.records import CheckResult
from newshouse.report import Tally
from newshouse.schemas import ARTICLES
from newshouse.validate import suite
from newshouse.validate.row import SOUND_ROW, TEXT_DUMP
from newshouse.validate.stage import validate_articles

AT = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


def judge(table: pa.Table) -> dict[str, CheckResult]:
    frame = suite.frame(with_body_hashes(table))
    found = suite.judge_batch(frame, suite.funnel({}, None), run_id="r", batch="00", now=AT)
    return {check.check_name: check for check in found}


def test_a_sound_batch_passes_every_expectation(make_table: Any) -> None:
    checks = judge(make_table(*[{"body": f"Body {number}."} for number in range(25)]))
    assert len(checks) >= 15
    assert {c.status for c in checks.values()} == {"pass"}
    assert {c.severity for c in checks.values()} == {"critical", "warning", "info"}
    assert all(c.row_count == 25 and c.failed_count == 0 and c.value == 0.0 for c in checks.values())
    assert {(c.suite, c.source_id, c.run_id, c.batch) for c in checks.values()} == {
        ("great_expectations", None, "r", "00")
    }


@pytest.mark.parametrize(
    ("check", "changes"),
    [
        ("article_id_present", {"article_id": None}),
        ("content_hash_present", {"content_hash": None}),
        ("warc_file_present", {"warc_file": None}),
        ("url_is_http", {"url": "ftp://harbour-post.example/a"}),
        ("published_by_capture", {"published_at": SOUND_ROW.fetched_at + timedelta(hours=37)}),
        ("confidence_range", {"confidence": 1.5}),
        ("access_known", {"access": "sometimes"}),
        ("precision_known", {"published_at_precision": "moment"}),
        ("language_is_iso", {"language": "english"}),
        ("language_confidence_range", {"language_confidence": -435.4}),
        ("word_count_range", {"word_count": 100_000}),
        ("title_length", {"title": "x" * 301}),
    ],
)
def test_a_planted_bad_row_fails_its_expectation_and_no_other(make_table: Any, check: str, changes: Any) -> None:
    checks = judge(make_table(*[{}] * 9, changes))
    assert [name for name, c in checks.items() if c.status != "pass"] == [check]
    bad = checks[check]
    assert (bad.failed_count, bad.row_count, bad.value) == (1, 10, 10.0)
    assert bad.failing_ids == (() if check == "article_id_present" else (f"{9:032x}",))


def test_a_body_that_stands_in_many_rows_is_found(make_table: Any) -> None:
    others = [{"body": f"Body {number}."} for number in range(18)]
    same = judge(make_table(*others, {"body": "Copy."}, {"body": "Copy."}))["same_body"]
    assert (same.status, same.failed_count) == ("pass", 2)
    assert judge(make_table(*others, *[{"body": "Copy."}] * 3))["same_body"].status == "fail"


def test_a_source_in_quarantine_and_a_funnel_that_leaks_are_found_by_name() -> None:
    tallies = {
        "sound": Tally(in_count=10, out_count=8, rejected_count=2),
        "small": Tally(in_count=9, out_count=0, rejected_count=9),
        "broken": Tally(in_count=10, out_count=7, rejected_count=3),
        "leaky": Tally(in_count=5, out_count=4),
    }
    parsed = {"sound": 10, "small": 9, "broken": 10, "leaky": 6}
    funnel = suite.funnel(tallies, parsed)
    checks = suite.judge_batch(suite.frame(ARTICLES.arrow([], "validate")), funnel, run_id="r", batch="00", now=AT)
    assert {c.check_name: c.failing_ids for c in checks} == {
        "funnel_from_parse": ("leaky",),
        "funnel_balance": ("leaky",),
        "quarantine_within_limit": ("broken",),
    }


def test_an_article_that_comes_twice_fails_uniqueness(make_table: Any) -> None:
    checks = judge(make_table({}, {"article_id": "twin"}, {"article_id": "twin"}))
    assert checks["article_id_unique"].status == "fail"
    assert checks["article_id_unique"].severity == "critical"
    assert checks["article_id_unique"].failing_ids == ("twin",)


def test_null_rates_are_judged_from_twenty_pages_on(make_table: Any) -> None:
    dateless = {"published_at": None, "authors": []}
    assert "published_at_filled" not in judge(make_table(*[dateless] * 19))
    checks = judge(make_table(*[{}] * 15, *[dateless] * 5))
    assert (checks["published_at_filled"].status, checks["published_at_filled"].value) == ("fail", 25.0)
    assert checks["first_author_filled"].status == "pass"


def test_text_dumps_do_not_count_towards_the_null_rates_of_pages(make_table: Any) -> None:
    dump = {"extractor": TEXT_DUMP, "url": None, "title": None, "published_at": None}
    checks = judge(make_table(*[{}] * 20, *[dump] * 40))
    assert checks["title_filled"].status == checks["url_filled"].status == "pass"
    assert checks["title_filled"].row_count == 20


def test_a_column_of_nulls_alone_is_judged_without_an_error(make_table: Any) -> None:
    names = ("url", "title", "published_at", "published_at_precision", "language", "confidence", "access", "authors")
    checks = judge(make_table(*[dict.fromkeys(names)] * 3))
    assert {c.status for c in checks.values()} == {"pass"}


def test_no_value_of_a_row_leaves_the_suite_but_its_id(make_table: Any) -> None:
    checks = judge(make_table({"url": "ftp://secret.example/"}, {"title": "secret" * 99}))
    assert "secret" not in repr(checks)


def test_a_large_batch_is_judged_in_parts_and_counted_as_a_whole(
    make_table: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = make_table(*[{}] * 5, {"access": "sometimes"}, *[{}] * 5, {"access": "never"})
    whole = judge(table)
    monkeypatch.setattr(suite, "_ROWS_A_FRAME", 5)
    assert judge(table) == whole
    assert (whole["access_known"].failed_count, whole["access_known"].row_count) == (2, 12)


def test_the_result_is_the_same_each_time(make_table: Any) -> None:
    table = make_table({}, {"access": "never"})
    assert judge(table) == judge(table)


def test_great_expectations_stays_unimported_while_there_are_no_rows() -> None:
    code = (
        "import sys, datetime as d; from newshouse.schemas import ARTICLES; from newshouse.validate.suite import *; "
        "nothing = frame(ARTICLES.arrow([], 'validate')), funnel({}, None);"
        "assert judge_batch(*nothing, run_id='r', batch='0', now=d.datetime.now(d.UTC)) == [];"
        "assert 'great_expectations' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60, env=os.environ | {"PYTHONPATH": "include"})


def test_statistics_are_imported_only_when_somebody_uses_them() -> None:
    code = (
        "import sys, datetime as d;"
        "from newshouse.schemas import ARTICLES; from newshouse.validate import suite;"
        "frame = suite.frame(ARTICLES.schema('validate').empty_table());"
        "funnel = suite.funnel({}, {'x': 3});"
        "assert len(suite.judge_batch(frame, funnel, run_id='r', batch='0', now=d.datetime.now(d.UTC))) == 3;"
        "assert 'scipy.stats._stats_py' not in sys.modules;"
        "from scipy.stats import norm; assert norm.cdf(0) == 0.5"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60, env=os.environ | {"PYTHONPATH": "include"})


def test_the_whole_stage_runs_rules_and_suite_silently(make_table: Any, capfd: pytest.CaptureFixture[str]) -> None:
    parsed, accepted = pa_ds.dataset(make_table({}, {"title": None})), []
    result = validate_articles(parsed, {}, accepted.append, run_id="r", batch="00", now=AT, parsed_counts={"x": 3})
    assert {c.suite for c in result.checks} == {"rules", "great_expectations"}
    # The suite sees what is accepted: the row without a title is out of its way.
    assert {c.row_count for c in result.checks if c.suite == "great_expectations"} == {1, 2}
    lost = {c.check_name: c.failing_ids for c in result.checks if c.status == "fail" and c.suite != "rules"}
    assert lost == {"funnel_from_parse": ("harbour-post", "x")}
    assert capfd.readouterr() == ("", "")
